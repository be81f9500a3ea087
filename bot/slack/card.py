"""The lead's one living message: who it is, where it stands and why, what was said by whom, and by when to call.

header      company and person
standing    stage, temperature, score, and their language where it is not the team's; why it is there
facts       budget, authority, need, timeframe, contact: value, who said it, in which words; how many they are;
            what disagrees, and which of it is right
clock       due, overdue, or met by what
live        who talks with the prospect now
buttons     at most four, and a menu
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from bot.in_words.amounts import amount
from bot.in_words.clock import arithmetic, took_in_words
from bot.slack import blocks, ids
from bot.slack.blocks import Json, escaped, one_line
from bot.slack.queue import SHORT_ID
from bot.slack.script import spoken_line
from bot.slack.voice import Voice
from dialogs.live import ChatView
from dialogs.playbook import shipped_playbook
from qualification.answers import PROSPECT, Known, Stated
from qualification.bant import CRITERIA, NO_BUSINESS, Company, Contact, Topic, to_json
from qualification.calls import Heard
from qualification.clock_rules import FIRST_CONTACT
from qualification.contradictions import Contradiction, contradiction_about, mark_of
from qualification.dossier import Dossier, FollowUpView
from qualification.duplicates import MERGED, Alike
from qualification.events import StageMoved, kind_of
from qualification.followup import DECISION
from qualification.stages import Stage

SHOWN_TOPICS = (*CRITERIA, Topic.CONTACT)
OPEN_CLOCK = ("open", "overdue")
MOST_ENTRIES = 5  # Slack takes no more in one menu
MET_BY = {"chat": "met_by_chat", "reply": "met_by_reply"}
QUOTE, VALUE = 160, 200
SHOWN_POINTS = 4
CLOSED = frozenset({Stage.DISQUALIFIED})


def card(dossier: Dossier, voice: Voice, chat: ChatView | None = None, alike: Alike | None = None) -> Json:
    """The whole message, `text` and `blocks`.

    `chat` is the one a rep could take over, `alike` a record that may be of the same person.
    """
    lead = dossier.lead
    if dossier.is_erased:
        return blocks.message(voice.card("erased"), [blocks.section(voice.card("erased"))])
    drawn = [
        blocks.header(voice.title(lead.company, lead.person)),
        blocks.section("\n".join(_standing(dossier, voice))),
        *(blocks.section(facts) for facts in ["\n".join(_facts(dossier, voice))] if facts),
        *_to_settle(dossier, voice),
        *_clock(dossier, voice),
        *_live(chat, voice),
        *_twice(dossier, alike, voice),
        blocks.context(*_small_print(dossier, voice)),
    ]
    if buttons := buttons_for(dossier, voice, chat):
        drawn.append(blocks.actions(f"lead:{lead.id}", buttons))
    return blocks.message("\n".join(_in_words(dossier, alike, voice)), drawn)


def _in_words(dossier: Dossier, alike: Alike | None, voice: Voice) -> Iterator[str]:
    """The whole card for those who hear it; its first line is what a notification shows."""
    yield summary(dossier, voice)
    yield from _standing(dossier, voice)
    yield from _facts(dossier, voice)
    yield from (_conflict(topic, two, dossier, voice) for topic, two in _contradictions(dossier))
    yield from _clock_lines(dossier, voice)
    if alike is not None:
        yield alike_in_words(alike, voice)
    yield from list(_small_print(dossier, voice))[1:]


def summary(dossier: Dossier, voice: Voice) -> str:
    """One line for notification and screen reader: who, where it stands, by when, whose."""
    lead = dossier.lead
    parts = [
        voice.title(lead.company, lead.person),
        _stage(lead.stage, voice),
        clock_in_words(dossier.follow_up, dossier.names, voice),
        owner_in_words(dossier, voice),
    ]
    return voice.says("separator").join(part for part in parts if part)


# -- where it stands -----------------------------------------------------------------------------


def _standing(dossier: Dossier, voice: Voice) -> Iterator[str]:
    lead = dossier.lead
    temperature = voice.label("temperature", lead.temperature)
    standing = voice.says("standing", stage=_stage(lead.stage, voice), temperature=temperature, score=lead.score)
    theirs = () if lead.language == voice.language else (voice.label("language", lead.language),)
    yield voice.says("separator").join((standing, *theirs))
    if why := why_here(dossier, voice):
        yield voice.says("why", reason=why)
    if dossier.results:
        last = dossier.results[-1].facts
        yield voice.says("deal", result=deal_in_words(last["result"], last["amount"], last["currency"], voice))
    if lead.wants_person_at is not None:
        yield voice.card("wants_person")
    if lead.do_not_contact:
        yield voice.card("do_not_contact")


def deal_in_words(result: str, worth: int | None, currency: str | None, voice: Voice) -> str:
    """受注（300万円）, Deal won ($30,000)."""
    named = voice.label("result", result)
    return named + (voice.says("in_brackets", words=amount(worth, currency, voice.language)) if worth else "")


def _stage(stage: str, voice: Voice) -> str:
    return voice.label("stage", stage)


def why_here(dossier: Dossier, voice: Voice) -> str | None:
    """The reason of the move that brought it here: its rule, the facts it saw, and the words of who made it.

    A later move that was taken back led elsewhere.
    """
    moves = (event for event in reversed(dossier.history) if event.kind == kind_of(StageMoved))
    move = next((one for one in moves if one.facts["after"] == dossier.lead.stage), None)
    if move is None:
        return None
    rule = voice.label("rule", str(move.facts["rule"]))
    seen = voice.words.evidence(_texts(move.facts.get("evidence")), voice.language)
    said = one_line(str(move.facts.get("words") or ""))
    if move.facts["rule"] == MERGED:  # its words are the other record
        return rule + voice.says("in_brackets", words=said[:SHORT_ID])
    return (
        rule
        + (voice.says("in_brackets", words=seen) if seen else "")
        + (voice.says("quote", words=said) if said else "")
    )


def _texts(found: Any) -> list[str]:
    return [str(one) for one in found] if isinstance(found, list) else []


# -- what was said -------------------------------------------------------------------------------


def _facts(dossier: Dossier, voice: Voice) -> Iterator[str]:
    """Nothing of a record that gave all it knew to another."""
    if dossier.lead.merged_into is not None:
        return
    for topic in SHOWN_TOPICS:
        yield fact_line(topic, dossier.known, dossier.names, voice)
    if dossier.known.company is not None and dossier.known.company.headcount is not None:
        yield fact_line(Topic.COMPANY, dossier.known, dossier.names, voice)
    if who := who_they_are(dossier.known, voice):
        yield voice.says("who_they_are", who=who)


def who_they_are(known: Known, voice: Voice) -> str:
    """Their line of business, their place at work, and for whom they ask, where it is no firm; "" for nothing."""
    company, contact = known.company or Company(), known.contact or Contact()
    parts = [voice.label("industry", company.industry)] if company.industry else []
    parts += [blocks.cut(one_line(part), VALUE) for part in (contact.department, contact.title) if part]
    if contact.standing in NO_BUSINESS:
        parts.append(voice.label("standing", contact.standing))
    return voice.says("separator").join(parts)


def fact_line(topic: Topic, known: Known, names: dict[str, str], voice: Voice) -> str:
    """One criterion: its value, who said it where, and their own words."""
    name = voice.label("topic", topic)
    answer = known.about(topic)
    if answer is None:
        return voice.says("fact_unknown", topic=name)
    return voice.says("fact", topic=name, value=value_of(answer, voice), source=source_of(answer, names, voice))


def value_of(answer: Stated | Heard, voice: Voice) -> str:
    value = to_json(answer.topic, answer.value)
    return blocks.cut(one_line(voice.words.answer(answer.topic, value, voice.language, voice.now)), VALUE)


def source_of(answer: Stated, names: dict[str, str], voice: Voice) -> str:
    """Who said it, where, and in which words."""
    who = voice.label("actor", PROSPECT) if answer.said_by == PROSPECT else voice.colleague(answer.said_by, names)
    via = voice.label("via", answer.via)
    quoted = spoken_words(answer, voice)
    source = voice.says("source", who=who, via=via)
    return source + (voice.says("quote", words=blocks.cut(quoted, QUOTE)) if quoted else "")


def spoken_words(answer: Stated, voice: Voice) -> str:
    """What they wrote; for a quick reply the words that stood on it; nothing for contact data, which is the value."""
    if answer.topic in (Topic.CONTACT, Topic.COMPANY):
        return ""
    question = shipped_playbook().about(answer.topic)
    if question is not None and question.choice(answer.words) is not None:
        return voice.words.choice(question.key, answer.words, voice.language)
    return one_line(answer.words)


def _contradictions(dossier: Dossier) -> list[tuple[Topic, Contradiction]]:
    """Nothing of a record that gave all it knew to another."""
    if dossier.lead.merged_into is not None:
        return []
    found = ((topic, contradiction_about(dossier.known, topic)) for topic in dossier.known.conflicts)
    return [(topic, two) for topic, two in found if two is not None]


def _conflict(topic: Topic, two: Contradiction, dossier: Dossier, voice: Voice) -> str:
    name, one, other = voice.label("topic", topic), value_of(two.one, voice), value_of(two.other, voice)
    if two.is_by_address:
        return voice.says("conflict_by_address", topic=name, counts=one, differs=other)
    who = voice.colleague(two.other.said_by, dossier.names)
    return voice.says("conflict", topic=name, theirs=one, ours=other, who=who)


def _to_settle(dossier: Dossier, voice: Voice) -> Iterator[Json]:
    """What disagrees, each with a button for either answer while the lead is worked on."""
    lead = dossier.lead
    for topic, two in _contradictions(dossier):
        yield blocks.section(_conflict(topic, two, dossier, voice))
        if not lead.do_not_contact and Stage(lead.stage) not in CLOSED:
            yield blocks.actions(f"settle:{topic}:{lead.id}", [_is_right(answer, lead.id, voice) for answer in two])


def _is_right(answer: Stated, lead_id: str, voice: Voice) -> Json:
    around = len(voice.says("is_right", value=""))
    shown = voice.says("is_right", value=blocks.cut(value_of(answer, voice), blocks.BUTTON - around))
    return blocks.button(shown, ids.SETTLE + mark_of(answer), ids.menu_value(answer.topic, lead_id))


# -- the clock -----------------------------------------------------------------------------------


def _clock(dossier: Dossier, voice: Voice) -> list[Json]:
    drawn: list[Json] = []
    if (clock := dossier.follow_up) is not None:
        drawn.append(blocks.marked_section(f"*{_clock_as_drawn(clock, dossier.names, voice)}*"))
    if lines := list(_clock_lines(dossier, voice)):
        drawn.append(blocks.context(*lines))
    return drawn


def _clock_lines(dossier: Dossier, voice: Voice) -> Iterator[str]:
    if (clock := dossier.follow_up) is not None:
        yield from _under_the_clock(clock, voice)
    yield from _held_back(dossier, voice)
    yield from _other_duties(dossier, voice)


def _under_the_clock(clock: FollowUpView, voice: Voice) -> Iterator[str]:
    """How the due instant came about; afterwards, what took how long."""
    if clock.status not in OPEN_CLOCK:
        if took := took_in_words(clock, voice.words, voice.language):
            yield took
        return
    if clock.sooner_at is not None:
        yield voice.says("sooner_wanted", at=voice.date_and_time(clock.sooner_at))
    if counted := arithmetic(clock, voice.words, voice.language):
        yield voice.says("counted", arithmetic=counted)


def _held_back(dossier: Dossier, voice: Voice) -> Iterator[str]:
    """Until when, why and by whom the reminders of whatever still runs wait; each said once."""
    running = [clock for clock in dossier.clocks if clock.status in OPEN_CLOCK]
    if snoozed := next((clock for clock in running if _still_to_come(clock.snoozed_until, voice.now)), None):
        yield _snoozed(snoozed, voice)
    if seen := next(
        (clock for clock in running if clock.seen_by and _still_to_come(clock.quiet_until, voice.now)), None
    ):
        yield _seen(seen, dossier.names, voice)


def _other_duties(dossier: Dossier, voice: Voice) -> Iterator[str]:
    """What else runs on this lead: the call after a document, another try, the decision on the hand-over."""
    for clock in dossier.clocks:
        if clock.status in OPEN_CLOCK and clock.rule != FIRST_CONTACT:
            duty = voice.label("rule", clock.rule)
            yield voice.says(
                "also", duty=duty[:1].upper() + duty[1:], clock=clock_in_words(clock, dossier.names, voice)
            )


def _clock_as_drawn(follow_up: FollowUpView, names: dict[str, str], voice: Voice) -> str:
    """The same words as markup; a due time that still matters stands in each reader's own zone, with the time left."""
    if follow_up.status not in OPEN_CLOCK:
        return escaped(clock_in_words(follow_up, names, voice))
    due = blocks.date_token(follow_up.due_at, voice.date_and_time(follow_up.due_at))
    return voice.says(f"clock_{follow_up.status}", due=due)


def _still_to_come(at: datetime | None, now: datetime) -> bool:
    return at is not None and at > now


def _snoozed(follow_up: FollowUpView, voice: Voice) -> str:
    assert follow_up.snoozed_until is not None
    until = voice.date_and_time(follow_up.snoozed_until)
    return voice.says("snoozed", until=until, reason=one_line(follow_up.snooze_reason or ""))


def _seen(follow_up: FollowUpView, names: dict[str, str], voice: Voice) -> str:
    assert follow_up.seen_by is not None
    assert follow_up.quiet_until is not None
    who = voice.colleague(follow_up.seen_by, names)
    return voice.says("seen_by", who=who, until=voice.date_and_time(follow_up.quiet_until))


def clock_in_words(follow_up: FollowUpView | None, names: dict[str, str], voice: Voice) -> str:
    """The duty to call, in words: by when, late since when, or met by what."""
    if follow_up is None:
        return ""
    due = voice.date_and_time(follow_up.due_at)
    if follow_up.status in OPEN_CLOCK or follow_up.ended_at is None:
        return voice.says(f"clock_{follow_up.status}", due=due)
    return voice.says(
        f"clock_{follow_up.status}",
        due=due,
        at=voice.date_and_time(follow_up.ended_at),
        evidence=_evidence(follow_up, names, voice),
    )


def _evidence(follow_up: FollowUpView, names: dict[str, str], voice: Voice) -> str:
    evidence = follow_up.evidence or {}
    who = voice.colleague(evidence.get("by", ""), names)
    if evidence.get("kind") == "call":
        outcome = voice.label("outcome", evidence.get("detail", ""))
        lasted = evidence.get("minutes")
        shown = voice.says("separator").join((outcome, voice.words.span(lasted, voice.language))) if lasted else outcome
        return voice.says("met_by_call", who=who, outcome=shown)
    if evidence.get("kind") == DECISION:
        return voice.says("met_by_decision", who=who, decision=voice.label("decision", evidence.get("detail", "")))
    return voice.says(MET_BY.get(evidence.get("kind", ""), "met_by_mail"), who=who)


def _live(chat: ChatView | None, voice: Voice) -> list[Json]:
    if chat is None or chat.rep_id is None:
        return []
    return [blocks.section(voice.says("live_with", name=one_line(chat.rep_name or "")))]


# -- the same person again -------------------------------------------------------------------------


def alike_in_words(alike: Alike, voice: Voice) -> str:
    """Who else may be this person, and why we think so."""
    ways = voice.words.listed([voice.says(f"alike_by_{way}") for way in alike.ways], voice.language)
    other = alike.lead
    return voice.says(
        "looks_like",
        lead=voice.title(other.company, other.person),
        stage=_stage(other.stage, voice),
        ways=ways,
    )


def _twice(dossier: Dossier, alike: Alike | None, voice: Voice) -> list[Json]:
    if alike is None:
        return []
    value = ids.menu_value(alike.lead.id, dossier.lead.id)
    look = blocks.button(voice.says("compare"), ids.COMPARE, value)
    return [blocks.section(alike_in_words(alike, voice), accessory=look)]


# -- the rest ------------------------------------------------------------------------------------


def _small_print(dossier: Dossier, voice: Voice) -> Iterator[str]:
    yield owner_in_words(dossier, voice)
    judged = dossier.judged
    if points := _points(dossier, voice):
        yield voice.card("score_from", points=points)
    if judged.below_its_line:
        yield voice.label("why", "below_its_line")
    if judged.missing and judged.next_stage is not None:
        missing = voice.words.missing(judged.missing, voice.language)
        yield voice.card("missing_next", stage=_stage(judged.next_stage, voice), missing=missing)
    if (topic := dossier.ask_next) is not None:
        line = one_line(spoken_line(topic, dossier, voice))
        yield voice.says("ask_next", topic=voice.label("topic", topic), line=blocks.cut(line, QUOTE))


def _points(dossier: Dossier, voice: Voice) -> str:
    """Where the score comes from, the strongest first; `bantline leads why` tells the rest."""
    strongest = sorted((point for point in dossier.judged.points if point.points), key=lambda point: -abs(point.points))
    shown = [f"{voice.label('point', point.rule)} {point.points:+d}" for point in strongest[:SHOWN_POINTS]]
    return voice.words.listed([*shown, *(["…"] if len(strongest) > SHOWN_POINTS else [])], voice.language)


def owner_in_words(dossier: Dossier, voice: Voice) -> str:
    owner = dossier.lead.owner_id
    return voice.says("owner", name=voice.colleague(owner, dossier.names)) if owner else voice.card("nobody_owns")


def buttons_for(dossier: Dossier, voice: Voice, chat: ChatView | None = None) -> list[Json]:
    """What can be done now: at most four buttons and a menu. Who is in a chat can always leave it."""
    lead = dossier.lead
    stage = Stage(lead.stage)
    live = chat is not None and chat.rep_id is not None
    if lead.do_not_contact or stage in CLOSED:
        back = blocks.button(voice.card("back_to_bot"), ids.BACK_TO_BOT, lead.id)
        return [back] if live else []
    wanted = [
        (ids.BACK_TO_BOT, live),
        (ids.CLAIM, lead.owner_id is None),
        (ids.TAKE_OVER, chat is not None and chat.wanted),
        (ids.LOG_CALL, True),
        (ids.SEND_MAIL, lead.email is not None),
        (ids.ACCEPT, dossier.is_offered),
        (ids.HAND_BACK, lead.owner_id is not None and stage in (Stage.TQL, Stage.SAL)),
    ]
    shown = [name for name, offered in wanted if offered][:4]
    buttons = [
        blocks.button(voice.card(name.removeprefix("lead_")), name, lead.id, primary=index == 0)
        for index, name in enumerate(shown)
    ]
    return [*buttons, blocks.menu(ids.MORE, _menu(dossier, stage, shown, voice, chat))]


def take_over_at_once(dossier: Dossier, voice: Voice) -> Json:
    """The button beneath the line that rings: somebody waits in the chat."""
    press = blocks.button(voice.card(ids.TAKE_OVER_ENTRY), ids.TAKE_OVER, dossier.lead.id, primary=True)
    return blocks.actions(f"live:{dossier.lead.id}", [press])


def claim_at_once(dossier: Dossier, voice: Voice) -> list[Json]:
    """The button beneath what is said aloud of a lead that nobody has; none where somebody has it, or nobody may."""
    lead = dossier.lead
    if lead.owner_id is not None or lead.do_not_contact or Stage(lead.stage) in CLOSED:
        return []
    press = blocks.button(voice.card("claim"), ids.CLAIM, lead.id, primary=True)
    return [blocks.actions(f"claim:{lead.id}", [press])]


def _menu(dossier: Dossier, stage: Stage, shown: list[str], voice: Voice, chat: ChatView | None) -> list[Json]:
    runs = any(clock.status in OPEN_CLOCK for clock in dossier.clocks)
    entries = [
        (ids.INTERVIEW, True),
        (ids.SNOOZE, runs),
        (ids.TAKE_OVER_ENTRY, chat is not None and ids.TAKE_OVER not in shown),
        (ids.TURN_DOWN, stage in (Stage.TQL, Stage.SAL) and ids.HAND_BACK not in shown),
        (ids.SEEN, runs),
        (ids.DEAL_ENTRY, stage in (Stage.SAL, Stage.SQL)),  # /lead won, lost and left do the same
        (ids.REASSIGN_ENTRY, dossier.lead.owner_id is not None),  # the last: Home and /lead have it too
    ]
    offered = [entry for entry, is_offered in entries if is_offered][:MOST_ENTRIES]
    return [blocks.option(_entry_in_words(entry, voice), ids.menu_value(entry, dossier.lead.id)) for entry in offered]


def _entry_in_words(entry: str, voice: Voice) -> str:
    return voice.says("interview") if entry == ids.INTERVIEW else voice.card(entry)
