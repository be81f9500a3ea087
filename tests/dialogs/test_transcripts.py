"""Golden talks: each file of tests/transcripts is one conversation, and must go exactly like that."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from qualification.bant import Clarity, Company, Contact
from qualification.store import Store
from qualification.timeframes import months_later
from tests.clock import Clock
from tests.dialogs.chatting import Prospect

TALKS = sorted(
    path for path in Path(__file__).parent.parent.joinpath("transcripts").glob("*.md") if path.stem != "README"
)
REP_WRITES = "the rep writes: "
LATER = re.compile(r"(\d+) (minutes|hours|days) later")


@dataclass(frozen=True)
class Line:
    number: int
    text: str


def lines_of(talk: Path) -> Iterator[Line]:
    for number, text in enumerate(talk.read_text("utf-8").splitlines(), start=1):
        if text.strip() and not text.startswith("# "):
            yield Line(number, text)


@pytest.mark.parametrize("talk", TALKS, ids=lambda path: path.stem)
def test_the_talk_goes_like_this(talk: Path, store: Store, clock: Clock) -> None:
    prospect = Prospect(store, language="en" if ".en" in talk.name else "ja")
    prospect.opens_chat()
    waiting = list(prospect.bot_said)
    for line in lines_of(talk):
        where = f"{talk.name}:{line.number}"
        if line.text.startswith("> "):
            assert waiting == [], f"{where}: before this the bot also said {waiting}"
            _speak(prospect, line.text.removeprefix("> "))
            waiting = list(prospect.bot_said)
        elif line.text.startswith("-- "):
            waiting += _happens(line.text.removeprefix("-- "), prospect, clock)
        elif line.text.startswith("= "):
            name, _, expected = line.text.removeprefix("= ").partition(": ")
            assert WHAT[name](prospect) == expected, f"{where}: {name}"
        else:
            said = waiting.pop(0) if waiting else "nothing more"
            assert said == line.text.strip(), f"{where}: the bot said {[said, *waiting]}"
    assert waiting == [], f"at the end the bot also said {waiting}"


def _speak(prospect: Prospect, words: str) -> None:
    if words.startswith("[") and words.endswith("]"):
        prospect.chooses(words[1:-1])
    else:
        prospect.says(words)


def _happens(words: str, prospect: Prospect, clock: Clock) -> list[str]:
    """Time passes, the page is reloaded, or a rep steps in; what the bot said at that."""
    if later := LATER.fullmatch(words):
        clock.advance(**{later[2]: int(later[1])})
        prospect.time_passes()
    elif words.startswith(REP_WRITES):
        prospect.rep_writes(words.removeprefix(REP_WRITES))
        clock.advance(seconds=prospect.store.policy.live.hold_seconds)
        prospect.window_passes()
    elif words in STEPS:
        return STEPS[words](prospect)
    else:
        assert words == "the page is reloaded"
        assert prospect.chat.seq > 0
    return []


def _need(prospect: Prospect) -> str:
    need = prospect.known.need
    return "unknown" if need is None else "present" if need.present else "absent"


def _timeframe(prospect: Prospect) -> str:
    timeframe = prospect.known.timeframe
    if timeframe is None:
        return "unknown"
    if timeframe.clarity is not Clarity.KNOWN or timeframe.latest is None:
        return timeframe.clarity.value
    said = prospect.store.clock().astimezone(prospect.store.policy.working_hours.zone).date()
    months = next(count for count in range(1, 60) if timeframe.latest <= months_later(said, count) + timedelta(days=1))
    return f"within {months} months"


def _authority(prospect: Prospect) -> str:
    authority = prospect.known.authority
    if authority is None:
        return "unknown"
    return " ".join(part for part in (authority.role.value, authority.approver) if part)


def _budget(prospect: Prospect) -> str:
    budget = prospect.known.budget
    if budget is None:
        return "unknown"
    if budget.clarity is not Clarity.KNOWN:
        return budget.clarity.value
    return f"{budget.minimum or ''}..{budget.maximum or ''} {budget.currency}"


def _contact(prospect: Prospect) -> str:
    contact = prospect.known.contact
    parts = (contact.name, contact.email, contact.phone) if contact else ()
    return " ".join(part for part in parts if part) or "unknown"


def _company(prospect: Prospect) -> str:
    company = prospect.known.company
    return (company.name if company else None) or "unknown"


def _who(prospect: Prospect) -> str:
    """What is known of them beside name and firm, and the points for it."""
    company, contact = prospect.known.company or Company(), prospect.known.contact or Contact()
    told = (company.industry, contact.standing, contact.department, contact.title)
    return " ".join(part for part in told if part) or "unknown"


STEPS: dict[str, Callable[[Prospect], list[str]]] = {
    "a rep takes over": Prospect.rep_takes_over,
    "the rep hands back": Prospect.rep_hands_back,
}
WHAT: dict[str, Callable[[Prospect], str]] = {
    "state": lambda prospect: prospect.chat.state,
    "question": lambda prospect: prospect.question or "none",
    "who": _who,
    "score": lambda prospect: str(prospect.lead.score),
    "segment": lambda prospect: prospect.store.policy.segment_of(prospect.known, prospect.lead.origin),
    "stage": lambda prospect: prospect.lead.stage,
    "temperature": lambda prospect: prospect.lead.temperature,
    "language": lambda prospect: prospect.chat.language,
    "lead": lambda prospect: f"speaks {prospect.lead.language}" if prospect.chat.lead_id else "none",
    "follow-up": lambda prospect: prospect.follow_up,
    "need": _need,
    "timeframe": _timeframe,
    "authority": _authority,
    "budget": _budget,
    "contact": _contact,
    "offers": lambda prospect: " ".join(prospect.offered) or "nothing",
    "company": _company,
}
