"""How we speak to one reader: their language, the words, and the moment at which it is said."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.words import Words

DESK = "desk"


@dataclass(frozen=True, kw_only=True)
class Voice:
    """Short words of the desk (buttons, fields, answers) come from [desk] in templates/labels.*.toml."""

    words: Words
    language: str
    now: datetime
    zone: ZoneInfo | None = None  # the reader's own; without one, the firm's

    def says(self, key: str, **facts: object) -> str:
        return self.words.label(DESK, key, self.language).format(**facts)

    def card(self, key: str, **facts: object) -> str:
        return self.label("card", key).format(**facts)

    def form(self, key: str, **facts: object) -> str:
        return self.label("form", key).format(**facts)

    def label(self, kind: str, key: str) -> str:
        return self.words.label(kind, key, self.language)

    def colleague(self, who: str, names: Mapping[str, str]) -> str:
        return self.words.colleague(who, names, self.language)

    def title(self, company: str | None, person: str | None) -> str:
        return self.words.lead_title(company, person, self.language)

    def when(self, at: datetime) -> str:
        """For what is read now: 本日13:00."""
        return self.words.when(at, self.language, self.now, zone=self.zone)

    def date_and_time(self, at: datetime) -> str:
        """For what stays on the screen until tomorrow: 11月16日(月) 13:00, never "today"."""
        return self.words.day_and_time(at, self.language, zone=self.zone)
