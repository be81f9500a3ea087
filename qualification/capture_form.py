"""A form in front of a document: two questions at first, and later, a few at a time, what is still unknown."""

from collections.abc import Collection
from typing import Literal

from pydantic import Field, model_validator

from qualification.policies.table import PolicyTable

Asked = Literal[
    "email", "company", "person", "phone", "department", "title", "headcount", "industry", "timeframe", "need", "budget"
]
WAYS_TO_REACH: tuple[Asked, ...] = ("email", "phone")


class CaptureForm(PolicyTable):
    """What stands behind the form, and what it asks: `first` of a stranger, `later` of who comes again (M111-M114).

    `later` asks `at_once` things at most: many fields drive people away (M115). An empty `document` means that a
    colleague sends it.
    """

    title: dict[Literal["ja", "en"], str]
    activity: str = "document_requested"
    document: str = Field(default="", pattern=r"^(https?://[^\s<>\"]+)?$")
    first: tuple[Asked, ...] = ("email", "company")
    later: tuple[Asked, ...] = ()
    at_once: int = Field(default=3, ge=1, le=6)

    @model_validator(mode="after")
    def _asks_whom_to_reach(self) -> "CaptureForm":
        if not set(self.first) & set(WAYS_TO_REACH):
            raise ValueError("first has to ask for email or phone, or nobody can be reached")
        fields = (*self.first, *self.later)
        if len(set(fields)) < len(fields):
            raise ValueError("asks for the same thing twice")
        if set(self.title) != {"ja", "en"}:
            raise ValueError("needs a title in ja and en")
        return self

    def asks(self, told: Collection[str] | None) -> tuple[Asked, ...]:
        """The fields for somebody who has told us these before; None for a stranger."""
        if told is None:
            return self.first
        return tuple(field for field in (*self.first, *self.later) if field not in told)[: self.at_once]
