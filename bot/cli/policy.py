"""`bantline policy ...`: check the rules, say them in words, compare them, live the past again under them."""

from typing import Annotated

import typer

from bot.cli.asked import AsJson, InLanguage, for_example
from bot.commands.advice import with_advice

policy_app = typer.Typer(help="Check, read, compare and replay policies.", no_args_is_help=True)

PolicyFile = Annotated[str | None, typer.Argument(help="A policy file, or `shipped`; left out: the one in force.")]


@policy_app.command("check", epilog=for_example("policy check own.toml"))
def check_policy(path: PolicyFile = None, as_json: AsJson = False) -> None:
    """Name every mistake with its line. Ends with 0 when all is fine, 1 with hints, 2 with mistakes."""
    from bot.commands.policy import check_policy as check

    raise typer.Exit(with_advice(lambda: check(path, as_json=as_json)))


@policy_app.command("explain", epilog=for_example("policy explain own.toml --language ja"))
def explain_policy(path: PolicyFile = None, language: InLanguage = "en", as_json: AsJson = False) -> None:
    """Say in words how leads are judged."""
    from bot.commands.policy import explain_policy as explain

    with_advice(lambda: explain(path, language=language, as_json=as_json))


@policy_app.command("replay", epilog=for_example("policy replay --policy own.toml --language ja"))
def replay_policy(
    policy: Annotated[str | None, typer.Option("--policy", help="The changed policy file.")] = None,
    trial: Annotated[
        str | None, typer.Option(help="A model of the table trials in the policy, in place of a file.")
    ] = None,
    before: Annotated[str | None, typer.Option("--before", help="Compare with this one, not the one in force.")] = None,
    language: InLanguage = "en",
    as_json: AsJson = False,
) -> None:
    """Live the recorded past again under a changed policy: who would stand elsewhere, alerts, late contacts."""
    from bot.commands.replay import replay

    with_advice(lambda: replay(policy, before=before, trial=trial, as_json=as_json, language=language))


@policy_app.command("diff", epilog=for_example("policy diff own.toml", "policy diff own.toml --before shipped"))
def diff_policies(
    after: Annotated[str, typer.Argument(help="The changed policy file.")],
    before: Annotated[str | None, typer.Option("--before", help="Compare with this one, not the one in force.")] = None,
    as_json: AsJson = False,
) -> None:
    """Every value that differs. Ends with 0 when none does, with 1 otherwise."""
    from bot.commands.policy import diff_policies as diff

    raise typer.Exit(with_advice(lambda: diff(before, after, as_json=as_json)))
