"""What the commands share: their common options, how a day is read, and what stands beneath their help."""

from datetime import date
from typing import Annotated, Literal

import typer

from bot.typed import YEARS

InLanguage = Annotated[Literal["ja", "en"], typer.Option("--language", help="ja or en.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def for_example(*lines: str) -> str:
    """What stands beneath a command's help: what somebody would write."""
    return "\n".join(("For example:", *(f"  bantline {line}" for line in lines)))


def read_day(text: str) -> date:
    """Raises typer.BadParameter."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"write the day as 2026-05-18, not {text!r}") from None
    if day.year not in YEARS:
        raise typer.BadParameter(f"a day from {YEARS[0]} to {YEARS[-1]}, not {text!r}")
    return day
