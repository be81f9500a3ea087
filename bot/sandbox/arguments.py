"""The arguments of one Web API call, merged from query, form and JSON, read by name with Slack's own refusals."""

from __future__ import annotations

import json
from typing import Any

from bot.sandbox.errors import SlackError, invalid_arguments
from bot.sandbox.records import Json


class Arguments:
    """What the caller sent. Numbers, flags and JSON may arrive as text, as they do in a query or a form."""

    def __init__(self, given: Json) -> None:
        self.given = {name: value for name, value in given.items() if value is not None}

    def has(self, name: str) -> bool:
        return name in self.given

    def text(self, name: str, default: str = "") -> str:
        value = self.given.get(name, default)
        if isinstance(value, (dict, list)):
            raise invalid_arguments(f"must be a string [json-pointer:/{name}]")
        return str(value)

    def required(self, name: str) -> str:
        value = self.text(name)
        if not value:
            raise invalid_arguments(f"missing required field: {name}")
        return value

    def flag(self, name: str) -> bool:
        return str(self.given.get(name, "")).lower() in ("true", "1")

    def number(self, name: str, default: int) -> int:
        try:
            return int(self.text(name, str(default)))
        except ValueError as error:
            raise invalid_arguments(f"must be a number [json-pointer:/{name}]") from error

    def structure(self, name: str, *, error: str = "invalid_arguments") -> Any:
        """A list or object, given as JSON or as text holding JSON; None when it is absent or empty text."""
        value = self.given.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return json.loads(value)
        except ValueError as cause:
            raise SlackError(error) from cause
