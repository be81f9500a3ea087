"""What was said about a lead and still stands: an undone event stays in the history, and counts no more (D23)."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, Protocol, TypeVar

from qualification.events import Undone, kind_of

UNDONE = kind_of(Undone)


class Happened(Protocol):
    """A row of the history, or its line."""

    @property
    def kind(self) -> str: ...
    @property
    def at(self) -> datetime: ...


H = TypeVar("H", bound=Happened)


def still_said(
    happened: Iterable[H], kind: str, *, deed: str | None = None, facts: Callable[[H], Mapping[str, Any]]
) -> list[H]:
    """The events of a kind on one lead, in their order, without those whose deed was undone after them.

    `deed`: the only one it comes of; None where several bring it, as they do a move.
    """
    standing: list[H] = []
    for event in happened:
        if event.kind == kind:
            standing.append(event)
        elif event.kind == UNDONE and deed in (None, facts(event)["deed"]):
            since = datetime.fromisoformat(facts(event)["since"])
            standing = [one for one in standing if one.at != since]
    return standing
