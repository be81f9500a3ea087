"""What the commands share: their common options, and how a mistake is said and ends."""

from collections.abc import Callable
from datetime import date
from typing import Annotated, Literal, TypeVar

import typer

T = TypeVar("T")

InLanguage = Annotated[Literal["ja", "en"], typer.Option("--language", help="ja or en.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def for_example(*lines: str) -> str:
    """What stands beneath a command's help: what somebody would write."""
    return "\n".join(("For example:", *(f"  bantline {line}" for line in lines)))


def read_day(text: str) -> date:
    """Raises typer.BadParameter."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"write the day as 2026-05-18, not {text!r}") from None


def fail(message: str) -> typer.Exit:
    """Say what is wrong and how to go on, and end with status 2."""
    from rich.console import Console

    Console(stderr=True, highlight=False).print(message, style="red", markup=False, soft_wrap=True)
    return typer.Exit(2)


def with_advice(command: Callable[[], T]) -> T:
    try:
        return command()
    except BrokenPipeError:  # `... | head` has read enough: the program ends quietly
        raise
    except _mendable() as problem:
        from bot.commands.problems import advice_on

        raise fail(advice_on(problem)) from problem


def _mendable() -> tuple[type[Exception], ...]:
    """Looked at only when something went wrong: a command loads no more than it needs. The rest keeps its traceback."""
    from bot.commands.problems import MENDABLE

    return MENDABLE
