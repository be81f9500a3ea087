"""`bantline clock ...`: who waits until when, and what working time makes of an instant."""

import sys
from typing import Annotated

import typer

from bot.cli.asked import AsJson, InLanguage, for_example
from bot.commands.advice import with_advice

clock_app = typer.Typer(help="Who waits until when, and what working time makes of an instant.", no_args_is_help=True)


@clock_app.command("list", epilog=for_example("clock list --zone Europe/London", "clock list --language ja"))
def list_clocks(
    as_json: AsJson = False,
    zone: Annotated[str | None, typer.Option(help="Your zone (Europe/London); the firm's if left out.")] = None,
    limit: Annotated[int, typer.Option(help="How many, the most urgent first.", min=1, max=10_000)] = 50,
    language: InLanguage = "en",
) -> None:
    """Who waits, since when, due when, and how long is left."""
    from bot.commands.clocks import print_clocks

    with_advice(lambda: print_clocks(zone=zone, limit=limit, as_json=as_json, language=language))


@clock_app.command("recompute", epilog=for_example("clock recompute --dry-run", "clock recompute --rules"))
def recompute_clocks(
    rules: Annotated[
        bool, typer.Option("--rules", help="Also take over the rules of now: minutes, steps, evidence.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would change.")] = False,
    as_json: AsJson = False,
) -> None:
    """After the policy was edited: lay out anew what is still to come of the clocks that run."""
    from bot.commands.clocks import recompute_clocks as recompute

    with_advice(lambda: recompute(with_rules=rules, dry_run=dry_run, as_json=as_json))


@clock_app.command("due", epilog=for_example("clock due < questions.jsonl"))
def clock_due() -> None:
    """When work that starts now is due: JSON lines in, due instants out."""
    from bot.commands.clock import due_lines

    with_advice(lambda: due_lines(sys.stdin, sys.stdout))
