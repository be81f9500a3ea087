"""Trouble on demand: what a test tells the stand-in to do wrong, and how often.

workspace.faults.fail("chat.postMessage", "internal_error")      # answers an error once
workspace.faults.status("chat.update", 503, times=2)             # a bare HTTP status
workspace.faults.accept_then_drop("chat.postMessage")            # the post is kept, the answer is lost
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal

FaultKind = Literal["error", "status", "slow", "drop", "accept_then_drop"]
EVERY_METHOD = "*"


@dataclass(kw_only=True)
class Fault:
    """One thing that goes wrong for `method`, `left` more times (None: until it is lifted)."""

    kind: FaultKind
    method: str
    left: int | None = 1
    error: str = ""
    http_status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 0.0


class Faults:
    """The troubles that are switched on at the moment."""

    def __init__(self) -> None:
        self.lift()

    def lift(self) -> None:
        """Everything works."""
        self.active: list[Fault] = []
        self.history_lag = timedelta(0)
        self.copies_of_next: list[int] = []
        self.shuffle_next = 0

    def fail(self, method: str, error: str, *, times: int | None = 1) -> None:
        """Answer `{"ok": false, "error": error}` without doing anything."""
        self.active.append(Fault(kind="error", method=method, error=error, left=times))

    def status(self, method: str, status: int, *, times: int | None = 1, retry_after: int | None = None) -> None:
        """Answer a bare HTTP status, such as 429 with `retry_after` seconds or 503."""
        headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
        self.active.append(
            Fault(kind="status", method=method, http_status=status, headers=headers, left=times, error="ratelimited")
        )

    def slow(self, method: str, seconds: float, *, times: int | None = 1) -> None:
        """Answer late, by real seconds."""
        self.active.append(Fault(kind="slow", method=method, seconds=seconds, left=times))

    def drop(self, method: str, *, times: int | None = 1) -> None:
        """Cut the connection before anything was done."""
        self.active.append(Fault(kind="drop", method=method, left=times))

    def accept_then_drop(self, method: str, *, times: int | None = 1) -> None:
        """Do what was asked, then cut the connection: the caller cannot know."""
        self.active.append(Fault(kind="accept_then_drop", method=method, left=times))

    def lag_history(self, by: timedelta) -> None:
        """conversations.history and .replies show a message only that long after it was accepted."""
        self.history_lag = by

    def repeat_next(self, *copies: int) -> None:
        """The next payloads are delivered that many times each: `repeat_next(3, 1, 2)`."""
        self.copies_of_next.extend(copies)

    def shuffle(self, count: int) -> None:
        """Hold the next `count` events back and deliver them in reverse order."""
        self.shuffle_next = count

    def take(self, method: str, *kinds: FaultKind) -> Fault | None:
        """The first active fault of these kinds for this method, used up by one."""
        for fault in self.active:
            if fault.kind in kinds and fault.method in (method, EVERY_METHOD):
                if fault.left is not None:
                    fault.left -= 1
                    if fault.left <= 0:
                        self.active.remove(fault)
                return fault
        return None

    def copies(self) -> int:
        """How often the next payload is to be delivered."""
        return self.copies_of_next.pop(0) if self.copies_of_next else 1
