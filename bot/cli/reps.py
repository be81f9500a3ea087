"""`bantline reps ...`: who is here, and who is away."""

from datetime import date
from typing import Annotated

import typer

from bot.cli.asked import AsJson, for_example, read_day
from bot.commands.advice import with_advice

reps_app = typer.Typer(help="Who is here, who is away.", no_args_is_help=True)

Rep = Annotated[str, typer.Argument(help="Their name or Slack id, or a part of the name.")]


@reps_app.command("list", epilog=for_example("reps list"))
def list_reps(as_json: AsJson = False) -> None:
    """Everybody who has used Bantline in Slack."""
    from bot.commands.reps import print_reps

    with_advice(lambda: print_reps(as_json=as_json))


@reps_app.command("away", epilog=for_example("reps away Yuki --until 2026-12-01"))
def rep_away(
    name: Rep,
    until: Annotated[date, typer.Option(parser=read_day, metavar="DAY", help="The first day back, as 2026-12-01.")],
    as_json: AsJson = False,
) -> None:
    """Away until a day: whoever stands in hears of their leads from now on."""
    from bot.commands.reps import send_away

    with_advice(lambda: send_away(name, until, as_json=as_json))


@reps_app.command("back", epilog=for_example("reps back Yuki"))
def rep_back(name: Rep, as_json: AsJson = False) -> None:
    """Here again."""
    from bot.commands.reps import take_back

    with_advice(lambda: take_back(name, as_json=as_json))
