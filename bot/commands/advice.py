"""A mistake somebody can mend, said with what to do, and the end of the command."""

from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def fail(message: str) -> SystemExit:
    """Say what is wrong and how to go on, and end with status 2."""
    from rich.console import Console

    from bot.typed import readable

    said = readable(message)  # it may quote a file
    Console(stderr=True, highlight=False).print(said, style="red", markup=False, soft_wrap=True)
    return SystemExit(2)


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
