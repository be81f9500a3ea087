"""What counts as contact: claim < attempt < reached < two-way, each with its evidence (D11)."""

from dataclasses import dataclass
from enum import StrEnum


class Grade(StrEnum):
    CLAIM = "claim"
    ATTEMPT = "attempt"
    REACHED = "reached"
    TWO_WAY = "two_way"

    def is_enough_for(self, asked: "Grade") -> bool:
        return _RANKS.index(self) >= _RANKS.index(asked)


_RANKS = tuple(Grade)


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """The proof of a contact: what kind, the detail that names it (call outcome, Message-ID), minutes of talk."""

    kind: str
    detail: str
    minutes: int | None = None
