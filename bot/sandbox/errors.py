"""How the stand-in says no: Slack's own error codes, with the facts that came with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


class SlackError(Exception):
    """A refusal as the Web API words it: `{"ok": false, "error": code, ...}`."""

    def __init__(self, code: str, *, status: int = 200, headers: Mapping[str, str] | None = None, **facts: Any) -> None:
        super().__init__(code)
        self.code = code
        self.status = status
        self.headers = dict(headers or {})
        self.facts = facts

    def body(self) -> dict[str, Any]:
        return {"ok": False, "error": self.code, **self.facts}


def invalid_arguments(*messages: str) -> SlackError:
    return SlackError("invalid_arguments", response_metadata={"messages": [f"[ERROR] {text}" for text in messages]})


class AppDidNotAnswer(Exception):
    """The app gave no answer that Slack accepts within its three seconds, so the person saw an error."""


class NobodyListens(AppDidNotAnswer):
    """No Socket Mode connection is open and no request URL is set."""


class DriverError(AssertionError):
    """A person tried something the screen does not offer; the message says what is there instead."""


def known(names: Sequence[str]) -> str:
    """The list for "there is ..." in a driver error."""
    return ", ".join(repr(name) for name in names) or "nothing"
