"""What a prospect did, and the running sum of it that every rule of the score is judged by.

    Did, Did, Did ...  --add-->  Behaviour: for each signal how often, when first, and the latest few times

A sum is enough, however many activities there are: adding one costs the same for the tenth and the
ten-thousandth. The order in which facts arrive does not matter, so a late one counts at its own time.
How many latest times are kept follows from the rules (`Memory`); other rules, and the sum is made anew.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

from qualification.hours.sheet import instant, microseconds

CHAT_TALK = "chat_talk"
CALL_TALK = "call_talk"
ANSWERED_US = "answered_us"

# what can happen on a page, and so may be told by a prospect's own browser
ON_A_PAGE = frozenset(
    {
        # the site (M54, M63-M67, M69, M73)
        "page_viewed",
        "product_page_viewed",
        "comparison_page_viewed",
        "price_page_viewed",
        "case_page_viewed",
        "landing_page_viewed",
        "site_visited",
        "cta_clicked",
        # documents (M9, M47, M48, M111, M139)
        "document_requested",
        "price_list_viewed",
        "technical_document_requested",
        "part_specification_requested",
        # wishes (M44, M58, M138, M141-M143)
        "newsletter_subscribed",
        "talk_requested",
        "demo_requested",
        "quote_requested",
        "trial_started",
        "technical_talk_requested",
        "technical_question_asked",
        "oem_talk_requested",
    }
)
KINDS = ON_A_PAGE | frozenset(
    {
        # mail and social media (M49, M69-M71)
        "newsletter_opened",
        "mail_clicked",
        "event_mail_clicked",
        "social_engaged",
        # meetings (M109)
        "seminar_attended",
        "card_exchanged",
        "survey_answered",
        "store_visited",
        "asked_for_person",
        "asked_sooner",
        # conversations (M13, D2)
        CHAT_TALK,
        CALL_TALK,
        ANSWERED_US,
    }
)


@dataclass(frozen=True, kw_only=True)
class Did:
    """Something the prospect did, and when; `seconds` is how long they stayed, where that is known (M64).

    `minutes` of working time is how long our contact had waited for this answer, where that is known (M34).
    """

    kind: str
    at: datetime
    seconds: int = 0
    minutes: int | None = None

    @classmethod
    def of(cls, kind: str, at: datetime, data: Mapping[str, Any]) -> "Did":
        return cls(kind=kind, at=at, seconds=int(data.get("seconds") or 0), minutes=data.get("minutes"))

    def came_within(self, minutes: int) -> bool:
        """Whether it answered us so quickly; never where nobody knows how long it took."""
        return self.minutes is not None and self.minutes <= minutes


@dataclass(frozen=True, order=True)
class Signal:
    """What is counted by itself: a kind, from so many seconds on, once for a calendar day or every time.

    `minutes`: an answer that came within so many; 0 for any.
    """

    kind: str
    seconds: int = 0
    by_day: bool = False
    minutes: int = 0

    @property
    def key(self) -> str:
        stayed, answered = f">={self.seconds}s" if self.seconds else "", f"<={self.minutes}m" if self.minutes else ""
        return self.kind + stayed + answered + ("/day" if self.by_day else "")


@dataclass(frozen=True, kw_only=True)
class Memory:
    """How many latest times of each signal the rules ask for, and the zone whose calendar days count."""

    zone: ZoneInfo
    keep: Mapping[Signal, int]
    of_kind: Mapping[str, tuple[tuple[Signal, str, int], ...]] = field(repr=False)
    stamp: str

    @classmethod
    def of(cls, wanted: Iterable[tuple[Signal, int]], zone: ZoneInfo) -> "Memory":
        """What has to be remembered for these signals and how many times of each; `stamp` names it, for kept sums."""
        keep: dict[Signal, int] = {}
        for signal, times in wanted:
            for one in (signal, Signal(signal.kind)):
                keep[one] = max(keep.get(one, 1), times if one == signal else 1)
        of_kind: dict[str, list[tuple[Signal, str, int]]] = {}
        for signal in sorted(keep):
            of_kind.setdefault(signal.kind, []).append((signal, signal.key, keep[signal]))
        named = f"{zone.key} {[(signal.key, keep[signal]) for signal in sorted(keep)]}"
        return cls(
            zone=zone,
            keep=keep,
            of_kind={kind: tuple(signals) for kind, signals in of_kind.items()},
            stamp=sha256(named.encode()).hexdigest()[:12],
        )


# One signal summed: how often, when first, and the latest times, newest first. Microseconds since 1970 UTC.
Seen = tuple[int, int, tuple[int, ...]]


@dataclass(frozen=True)
class Behaviour:
    """Everything one lead did, summed; the same whatever order it was added in."""

    seen: Mapping[str, Seen] = field(default_factory=dict)

    @classmethod
    def of(cls, did: Iterable[Did], memory: Memory) -> "Behaviour":
        """The sum made anew from the facts."""
        seen: dict[str, Seen] = {}
        for one in did:
            _add(seen, one, memory)
        return cls(seen)

    def with_did(self, did: Did, memory: Memory) -> "Behaviour":
        seen = dict(self.seen)
        _add(seen, did, memory)
        return Behaviour(seen)

    def times(self, kind: str) -> int:
        """How often in all."""
        return self.seen[kind][0] if kind in self.seen else 0

    def first(self, signals: Iterable[str]) -> int | None:
        """When it happened first, over the given signals."""
        return min((self.seen[key][1] for key in signals if key in self.seen), default=None)

    def times_of(self, signal: str) -> tuple[int, ...]:
        """The first and the latest times of one signal, as far as they are kept."""
        seen = self.seen.get(signal)
        return (seen[1], *seen[2]) if seen else ()

    def latest(self, signals: tuple[str, ...]) -> tuple[int, ...]:
        """The latest times over the given signals, newest first."""
        if len(signals) == 1:
            seen = self.seen.get(signals[0])
            return seen[2] if seen else ()
        return tuple(sorted((at for key in signals if key in self.seen for at in self.seen[key][2]), reverse=True))

    def since(self, at: datetime) -> frozenset[str]:
        """The kinds that happened after this instant."""
        line = microseconds(at)
        return frozenset(key for key, (_, _, latest) in self.seen.items() if latest[0] > line)

    def to_json(self) -> dict[str, Any]:
        return {key: [times, first, list(latest)] for key, (times, first, latest) in self.seen.items()}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Behaviour":
        return cls({key: (times, first, tuple(latest)) for key, (times, first, latest) in stored.items()})


def _add(seen: dict[str, Seen], did: Did, memory: Memory) -> None:
    at = microseconds(did.at)
    for signal, key, keep in memory.of_kind.get(did.kind, ((Signal(did.kind), did.kind, 1),)):
        if did.seconds < signal.seconds or (signal.minutes and not did.came_within(signal.minutes)):
            continue
        times, first, latest = seen.get(key, (0, at, ()))
        days = memory.zone if signal.by_day else None
        seen[key] = (times + 1, min(first, at), _with_time(latest, at, keep, days))


def _with_time(latest: tuple[int, ...], at: int, keep: int, days: ZoneInfo | None) -> tuple[int, ...]:
    if days is not None:
        day = instant(at).astimezone(days).date()
        same = next((one for one in latest if instant(one).astimezone(days).date() == day), None)
        if same is not None:
            return tuple(sorted((*(one for one in latest if one != same), max(same, at)), reverse=True))
    if len(latest) >= keep and at <= latest[-1]:
        return latest
    return tuple(sorted((*latest, at), reverse=True))[:keep]
