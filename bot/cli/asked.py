"""What the commands share: their common options, and how a mistake is said and ends."""

from collections.abc import Callable
from typing import Annotated, Literal, TypeVar

import typer

T = TypeVar("T")

InLanguage = Annotated[Literal["ja", "en"], typer.Option("--language", help="ja or en.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def fail(message: str) -> typer.Exit:
    """Say what is wrong and how to go on, and end with status 2."""
    from rich.console import Console

    Console(stderr=True, highlight=False).print(message, style="red", markup=False, soft_wrap=True)
    return typer.Exit(2)


def with_advice(command: Callable[[], T]) -> T:
    try:
        return command()
    except _mendable() as problem:
        from bot.commands.problems import advice_on

        raise fail(advice_on(problem)) from problem


def _mendable() -> tuple[type[Exception], ...]:
    """Looked at only when something went wrong: a command loads no more than it needs. The rest keeps its traceback."""
    from bot.commands.problems import MENDABLE

    return MENDABLE
