"""The trail a piece of work leaves: one number on all its log lines and, where somebody asked for traces, its spans.

    a request, a press, a clock item, an errand -> Trails.begin -> here(): the log, the writer, Slack, mail

Whoever works on its behalf finds it by `here()`. Without BANTLINE_TRACES nothing of it is kept, and its number is drawn
when a log line asks for it; with it, `bot/traces.py` makes spans.
"""

import secrets
from collections.abc import Mapping
from contextvars import ContextVar, Token

from qualification.writing.jobs import Passage
from qualification.writing.waiting_line import Lane

Fact = str | int

_here: ContextVar["Trail | None"] = ContextVar("trail", default=None)


class Trail:
    """One piece of work on its way. What is told of it are kinds, counts and outcomes, never a word of a person."""

    def __init__(self, above: "Trail | None" = None, *, number: str = "") -> None:
        self._above = above
        self._number = number
        self._before: Token[Trail | None] | None = None

    @property
    def number(self) -> str:
        """What its log lines have in common; the same for all its parts."""
        if not self._number:
            self._number = self._above.number if self._above is not None else secrets.token_hex(16)
        return self._number

    def tell(self, **facts: Fact) -> None:
        """Something about it that was not known at its beginning."""

    def part(self, name: str, **facts: Fact) -> "Trail":
        """A part of it that takes its time, from now to its own end."""
        return Trail(self)

    def passage(self, lane: Lane) -> Passage | None:
        """Its way through the writer, which begins now; None when nobody wants to know."""
        return None

    def end(self, problem: BaseException | None = None) -> None:
        """It is over; `problem` is why it came to nothing."""

    def __enter__(self) -> "Trail":
        self._before = _here.set(self)
        return self

    def __exit__(self, _kind: object, problem: BaseException | None, _traceback: object) -> None:
        if self._before is not None:
            _here.reset(self._before)
        self.end(problem)


class Trails:
    """Where trails begin; these lead nowhere."""

    def begin(self, name: str, whose: Mapping[str, str] | None = None, **facts: Fact) -> Trail:
        """A new trail, or a part of the one we are on. `whose` work goes on here: headers of W3C Trace Context."""
        return Trail(_here.get())

    def committed(self, jobs: int, seconds: float) -> None:
        """The writer is done with so many pieces of work, in one commit that took so long."""

    def close(self) -> None:
        """Nothing begins any more; what was kept is handed over, or lost."""


def whose(trace: str | None) -> dict[str, str]:
    """The work that was kept with an errand, as `Trails.begin` takes it."""
    return {"traceparent": trace} if trace else {}


def here() -> Trail:
    """The trail we are on. Without one, a trail that nobody follows."""
    return _here.get() or Trail()


def number_here() -> str | None:
    """For the log: the number of the trail we are on."""
    trail = _here.get()
    return trail.number if trail is not None else None


def passage_here(lane: Lane) -> Passage | None:
    """For the store: the way of a piece of work through the writer, as a part of the trail we are on."""
    trail = _here.get()
    return trail.passage(lane) if trail is not None else None
