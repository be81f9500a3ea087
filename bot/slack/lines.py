"""One line about what happened, for a lead's thread or the managers' channel, with mentions in their place.

The line comes from templates/alerts with every fact as it was said; it is shown as literal text, so nothing in it
can become a mention or a link. Where the template says who is called, a mark stands, and the mark becomes a mention.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from bot.slack import blocks
from bot.slack.blocks import Json, one_line
from bot.slack.card import OPEN_CLOCK, clock_in_words, fact_line
from bot.slack.voice import Voice
from qualification.bant import Topic
from qualification.clock_rules import Tells
from qualification.dossier import Dossier

MINUTE = timedelta(minutes=1)
MARK, STAR = "\ue000", "\ue001"
BOLD = re.compile(r"\*([^*]+)\*")
NOBODY_OF_OURS = frozenset({"prospect", "bot", "clock", "policy", "operator"})


def line_message(payload: Mapping[str, Any], dossier: Dossier, voice: Voice, mentions: Sequence[str]) -> Json:
    """The message of a lead's thread for a queued event: {"event", "by", "facts"}."""
    line = line_of(payload, dossier, voice, called=bool(mentions))
    return called_out(line, mentions)


def line_of(
    payload: Mapping[str, Any], dossier: Dossier, voice: Voice, *, called: bool, to_managers: bool = False
) -> str:
    """The line as its template says it to the team, or `to_managers`; `*...*` in it is the template's own emphasis."""
    facts = {name: _guarded(fact) for name, fact in payload.get("facts", {}).items()}
    lead = dossier.lead
    own = {
        "lead": _guarded(voice.title(lead.company, lead.person)),
        "who": _guarded(who_did(str(payload.get("by", "")), dossier, voice)),
        "owner": _guarded(_owner(facts, dossier, voice)),
        "mention": MARK if called else "",
        "their_own": facts.get("before") == payload.get("by"),
        "managers_told": is_escalation(payload),
        "was_reached": dossier.lead.reached,
        **_time(payload, dossier, voice),
        **_people(facts, dossier, voice),
    }
    return voice.words.line(_template(payload, to_managers=to_managers), voice.language, {**facts, **own}, voice.now)


def settled(payload: Mapping[str, Any], told_at: datetime, dossier: Dossier, voice: Voice) -> str | None:
    """An alarm whose duty is over: who made the contact, and when; None while it is owed.

    `told_at`: when the alarm was queued; a clock that began later is another alarm's.
    """
    clock = dossier.clock_of(str(payload.get("facts", {}).get("rule")))
    if clock is None or (told_at >= clock.started_at and clock.status in OPEN_CLOCK):
        return None
    lead = dossier.lead
    said = voice.says(
        "alarm_settled",
        lead=voice.title(lead.company, lead.person),
        duty=voice.label("rule", clock.rule),
        clock=clock_in_words(clock, dossier.names, voice) if told_at >= clock.started_at else "",
    )
    return str(_guarded(said))


def why_it_matters(dossier: Dossier, voice: Voice) -> str:
    """What is at stake, for somebody who does not know the lead: stage, temperature, and the need as it was said."""
    lead = dossier.lead
    parts = (
        voice.label("stage", lead.stage),
        voice.label("temperature", lead.temperature),
        fact_line(Topic.NEED, dossier.known, dossier.names, voice),
    )
    return str(_guarded(voice.says("separator").join(parts)))


def _template(payload: Mapping[str, Any], *, to_managers: bool) -> str:
    """An escalation asks the managers to see to it; in the thread it asks for what is missing, as a reminder does."""
    if not payload.get("facts", {}).get("tells"):
        return str(payload["event"])
    return f"{payload['event']}_{'manager' if to_managers and is_escalation(payload) else 'owner'}"


def is_escalation(payload: Mapping[str, Any]) -> bool:
    """Whether the managers are told of it, too."""
    tells = payload.get("facts", {}).get("tells")
    return bool(tells) and Tells(tells).is_above


def _guarded(fact: Any) -> Any:
    """A fact that can bring neither a mark nor emphasis of its own."""
    return one_line(fact).replace(MARK, "").replace("*", STAR) if isinstance(fact, str) else fact


def who_did(by: str, dossier: Dossier, voice: Voice) -> str:
    return voice.label("actor", by) if by in NOBODY_OF_OURS else voice.colleague(by, dossier.names)


def _owner(facts: Mapping[str, Any], dossier: Dossier, voice: Voice) -> str:
    """The owner at the time when the change of owner is told, otherwise the owner of now; "" for nobody."""
    after = facts.get("after") if "after" in facts and "rule" not in facts else None
    owner = after or dossier.lead.owner_id
    return voice.colleague(str(owner), dossier.names) if owner else ""


def _people(facts: Mapping[str, Any], dossier: Dossier, voice: Voice) -> dict[str, Any]:
    """People among the facts, by name: whom others stand in for, who had stopped the clock, who was answered, who is in
    the chat."""
    people = {name: facts[name] for name in ("stands_in_for", "stopped_by", "answered", "in_chat") if facts.get(name)}
    return {name: _guarded(voice.colleague(person, dossier.names)) for name, person in people.items()}


def _time(payload: Mapping[str, Any], dossier: Dossier, voice: Voice) -> dict[str, Any]:
    """The due instant of the clock the event speaks of, otherwise of the first contact; whether that still runs."""
    facts = payload.get("facts", {})
    clock = dossier.clock_of(str(facts.get("rule"))) or dossier.follow_up
    if "due_at" in facts:
        due_at = datetime.fromisoformat(str(facts["due_at"]))
    elif clock is not None:
        due_at = clock.due_at
    else:
        return {}
    return {
        "due": voice.when(due_at),
        "is_late": voice.now - due_at >= MINUTE,
        "still_due": clock is None or clock.status in OPEN_CLOCK,
    }


def called_out(line: str, mentions: Sequence[str], *more: Json) -> Json:
    """A line as a message; the people called stand where its mark is, or in front."""
    before, mark, after = line.partition(MARK)
    if mentions and not mark:
        before, after = "", f" {line}"
    parts = [*_emphasised(before), *_mentions(mentions), *_emphasised(after), *more]
    called = " ".join(_markup(person) for person in mentions)
    text = blocks.cut(blocks.escaped(_flat(before)) + called + blocks.escaped(_flat(after)), blocks.FALLBACK)
    return {"text": text, "blocks": [blocks.rich(*parts)]}


def _emphasised(line: str) -> Iterator[Json]:
    """Literal text, the template's emphasis in bold."""
    for number, part in enumerate(BOLD.split(line)):
        if part:
            yield blocks.literal(part.replace(STAR, "*"), bold=number % 2 == 1)


def _flat(line: str) -> str:
    return BOLD.sub(r"\1", line).replace(STAR, "*")


def plain(line: str) -> str:
    """A line without marks and emphasis, for a mail."""
    return _flat(line.replace(MARK, ""))


def _mentions(people: Sequence[str]) -> list[Json]:
    parts: list[Json] = []
    for person in people:
        parts += [blocks.literal(" ")] if parts else []
        parts.append(blocks.mention(person))
    return parts


def _markup(person_id: str) -> str:
    return f"<!subteam^{person_id}>" if person_id.startswith("S") else f"<@{person_id}>"
