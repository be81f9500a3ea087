"""What a prospect says or presses: what it is, and what the bot does about it, the same in every state.

An answer is recorded and the next question asked; a correction replaces; "I'd rather not say" and "I don't
know" move on; a question about the talk is answered, any other passed to a person; a wish for a person and "stop"
are obeyed at once.
"""

from dataclasses import replace
from typing import Any

from dialogs import acts, afterwards, doubt, lines, person_wanted, receipt, stopping
from dialogs.asides import Aside, language_named
from dialogs.doubt import NO, YES
from dialogs.interview import OPEN, State
from dialogs.person_wanted import CALL_BACK, GO_ON
from dialogs.playbook import SKIP
from dialogs.reading import read
from dialogs.reading.decider_rules import NAMES_SOMEBODY
from dialogs.reading.found import UNSURE, Act, Found, Reading
from dialogs.reading.yes_no import yes_or_no
from dialogs.talk import CONFIRM, FIX, Talk
from dialogs.told import (
    Fact,
    aside_of,
    calls_the_need_wrong,
    changes_what_was_said,
    counts_a_team,
    facts_beside,
    facts_of,
    goes_on,
    has_no_firm,
    has_said_all,
    heard_it,
    is_short,
    leaves_it,
    may_change_what_was_said,
    names_no_firm,
    number_alone,
    only_refuses,
    refuses,
    says_nobody_called,
    takes_leave,
    tells_own_name,
    topic_named,
    wants_a_change,
    wants_a_copy,
    wants_it_sooner,
    ways_left,
)
from qualification import leads
from qualification.bant import CRITERIA, Budget, Clarity, Company, Contact, Need, Timeframe, Topic
from qualification.behaviour import CHAT_TALK
from qualification.contact import Grade
from qualification.promptness import is_noted, note_answer

LATIN_WORDS_TO_SWITCH = 3
BESIDE_ANSWERS = (Act.NOISE, Act.CORRECT)
OPENS_WITH_NO = frozenset({"authority.no", "authority.opening_no"})


def hear(talk: Talk, *, text: str | None, choice: str | None) -> None:
    """Take one message: what was typed, or the choice that was pressed."""
    if choice is not None:
        _hear_choice(talk, choice)
    else:
        _hear_text(talk, text or "")


def _hear_choice(talk: Talk, value: str) -> None:
    pending = talk.take_pending()
    if pending is not None and value in (YES, NO):
        _settle(talk, pending, agreed=value == YES)
    elif stopping.hear_button(talk, value):
        return
    elif value == SKIP and talk.interview.state in OPEN:
        acts.decline(talk)
    elif value in (CALL_BACK, GO_ON) and talk.interview.state is State.HANDED_OVER:
        person_wanted.wait_for_a_person(talk, value)
    elif value == CONFIRM and talk.interview.state is State.CONFIRMING:
        acts.complete(talk)
    elif value == FIX or value.startswith("fix."):
        acts.reopen(talk, value.removeprefix(FIX).removeprefix("."))
    elif (question := talk.current()) and (chosen := question.choice(value)):
        meaning = chosen.meaning(today=talk.tx.here.date(), language=talk.chat.language)
        talk.record(Fact(question.about, meaning, words="", certainty=1.0))
        if talk.interview.state in OPEN:
            acts.after_answer(talk, [question.about])
        else:
            afterwards.take(talk, [question.about])
    elif talk.interview.state in OPEN:
        acts.not_understood(talk)
    elif not receipt.hear(talk, value):
        afterwards.hear_button_of_before(talk)


def _hear_text(talk: Talk, text: str) -> None:
    pending = talk.take_pending()
    asked = talk.topic_asked
    reading = read(text, question=asked, now=talk.tx.here)
    reading = _of_the_answer_before(talk, reading) or _with_the_firm_late(talk, reading) or reading
    reading = _without_a_courtesy(talk, reading)
    _follow_language(talk, reading)
    if stopping.hear_yes_or_no(talk, reading):
        return
    if talk.interview.was_completed and talk.interview.state in OPEN and leaves_it(text):
        afterwards.leave_as_it_was(talk)
        return
    stops = reading.act is Act.STOP and not _ends_nothing(talk, reading, pending)
    if talk.interview.state in receipt.OVER and not stops:
        afterwards.take_as_reply(talk)
    if _wishes_to_correct(talk, reading):
        talk.reopen()
    if reading.attributes is not None and not stops:
        _note_who_they_are(talk, reading, asked)
    if stops:
        acts.stop(talk, text, deletion=reading.wants_deletion)
    elif talk.interview.state in receipt.OVER and wants_a_copy(text):
        talk.record_all([fact for fact in facts_of(reading) if fact.topic is Topic.CONTACT])
        receipt.offer_a_copy(talk)
    elif talk.interview.state in receipt.OVER and _misses_the_call(talk, reading):
        person_wanted.leave_words(talk, text)
        receipt.hear(talk, receipt.NOBODY_CALLED)
    elif talk.interview.state in receipt.OVER and wants_it_sooner(text) and receipt.may_be_sooner(talk):
        receipt.hear(talk, receipt.SOONER)
    elif reading.act is Act.HUMAN and not (
        _only_says_how_to_reach(talk, reading) or afterwards.can_say_when(talk, reading)
    ):
        doubt.take_as_agreed(talk, pending, reading)
        acts.acknowledge(talk, talk.record_all(facts_of(reading)))
        person_wanted.hand_over(talk, text)
    elif talk.interview.state is State.HANDED_OVER and talk.interview.can_go_on and goes_on(text):
        person_wanted.wait_for_a_person(talk, GO_ON)
    elif talk.interview.state not in OPEN:
        afterwards.hear(talk, _with_the_name_alone(talk, reading))
    elif talk.offered == FIX and leaves_it(text):
        acts.go_on(talk)
    elif topic := _topic_to_correct(talk, reading):
        acts.reopen_about(talk, topic)
    elif not _hear_yes_or_no(talk, text, reading, pending):
        _hear_in_interview(talk, reading, asked)


def _note_who_they_are(talk: Talk, reading: Reading, asked: Topic | None) -> None:
    """Their line of business, their title, for whom they ask: kept before the answers, so that those were said last."""
    if talk.interview.state is State.DECLINED:
        return
    if talk.note(facts_beside(reading, asked)) and talk.interview.state not in OPEN:
        leads.reassess(talk.tx, talk.lead)


def _ends_nothing(talk: Talk, reading: Reading, pending: dict[str, Any] | None) -> bool:
    """A "no thanks" to a question, 「結構です」 to our "did I get it?", "I'm done" where nothing more is asked."""
    fits = yes_or_no(reading.text) is True if pending is not None else talk.interview.state is not State.ASKING
    is_asked = talk.interview.state is State.ASKING or refuses(reading, talk.topic_asked)
    return (fits and has_said_all(reading.text)) or (is_asked and only_refuses(reading.text))


def _of_the_answer_before(talk: Talk, reading: Reading) -> Reading | None:
    """ "No, 30k", where we have gone on to the next question, changes the budget, and tells nothing else.

    Said as it was known, it says nothing.
    """
    before, asked = talk.last_answered, talk.topic_asked
    if before not in CRITERIA or before is asked or talk.interview.state is not State.ASKING:
        return None
    if not may_change_what_was_said(reading.text):
        return None
    if asked is Topic.COMPANY and (number := number_alone(reading.text)):
        return read(number, question=asked, now=talk.tx.here)
    meant = read(reading.text, question=before, now=talk.tx.here)
    told = next((fact for fact in facts_of(meant, before) if fact.topic is before and not fact.is_bare), None)
    if told is None or not (_names_one(told, asked) and changes_what_was_said(reading.text, told.words)):
        return None
    known = talk.interview.known.about(before)
    is_new = known is None or known.value != told.value
    return (
        replace(meant, act=Act.CORRECT)
        if is_new
        else Reading(text=reading.text, language=reading.language, act=Act.NOISE)
    )


def _names_one(told: Fact, asked: Topic | None) -> bool:
    """Whether it is no mere "nothing", nor the "undecided" that answers a question of this kind which we have asked."""
    if isinstance(told.value, Need):
        return told.value.present
    if isinstance(told.value, Budget | Timeframe):
        is_open = told.value.clarity is Clarity.UNDECIDED and asked not in CRITERIA
        return told.value.clarity is Clarity.KNOWN or is_open
    return True


def _with_the_firm_late(talk: Talk, reading: Reading) -> Reading | None:
    """ "Elm Works, 80 people", where we ask for their own name, is the firm that was passed over; so is "we're 30"."""
    contact, known = reading.contact, talk.interview.known.company
    is_whole = known is not None and known.name is not None and known.headcount is not None
    if talk.topic_asked is not Topic.CONTACT or is_whole or (contact is not None and contact.value.reachable):
        return None
    if not any(sign.isdigit() for sign in reading.text):
        return None
    if counts_a_team(reading.text):
        return replace(reading, company=None)
    again = read(reading.text, question=Topic.COMPANY, now=talk.tx.here)
    told = again.company
    if told is None or told.value.headcount is None:
        return None
    if known is not None and known.name is not None:
        counted = replace(told, value=Company(headcount=told.value.headcount))
        return replace(reading, act=Act.ANSWER, company=counted, contact=_person_beside(talk, reading, known.name))
    return again if told.value.name is not None else None


def _person_beside(talk: Talk, reading: Reading, firm: str) -> Found[Contact] | None:
    """Their own name beside the firm's: "Mia" of "Elm Works, 80 people, Mia"."""
    free = read(reading.text, question=None, now=talk.tx.here)
    firms = {firm, free.company.value.name if free.company is not None else None}
    is_a_firm = reading.contact is not None and reading.contact.value.name in firms
    return free.contact if is_a_firm else reading.contact


def _without_a_courtesy(talk: Talk, reading: Reading) -> Reading:
    """「大丈夫です」 and "no, bye", where we ask who decides, name nobody; "no, undecided" says that it is open."""
    told = reading.authority
    if talk.topic_asked is not Topic.AUTHORITY or told is None:
        return reading
    if told.rule in NAMES_SOMEBODY and only_refuses(reading.text):
        return replace(reading, authority=None, act=Act.NOISE)
    if told.rule not in OPENS_WITH_NO:
        return reading
    if names_no_firm(reading.text):
        return replace(reading, authority=None, act=Act.NOISE)
    behind = read(reading.text[told.span[1] :].lstrip(" 、。,.!"), question=Topic.AUTHORITY, now=talk.tx.here)
    tells_more = behind.act is Act.DONT_KNOW or takes_leave(behind.text)
    return behind if tells_more and not facts_of(behind) else reading


def _misses_the_call(talk: Talk, reading: Reading) -> bool:
    """Whether they say that nobody has called them, where a call was promised."""
    only_that = all(fact.topic is Topic.NEED for fact in facts_of(reading))
    return says_nobody_called(reading.text) and talk.own_lead.receipt is not None and only_that


def _wishes_to_correct(talk: Talk, reading: Reading) -> bool:
    """「予算を訂正したいです」 after the end does what its button does, if there is an answer, or they name one."""
    if talk.interview.state is not State.COMPLETED:
        return False
    if _only_wants_a_change(reading):
        return bool(talk.answered())
    if facts_of(reading):
        return False
    return reading.act is Act.CORRECT and bool(talk.answered() or topic_named(reading.text))


def _only_wants_a_change(reading: Reading) -> bool:
    """ "I want to change an earlier answer", and no more; the reader may take the wish itself for a need."""
    return wants_a_change(reading.text) and all(fact.words == reading.text for fact in facts_of(reading))


def _topic_to_correct(talk: Talk, reading: Reading) -> Topic | None:
    """「時期が違います」, at the read-back or where we asked which, says what is wrong, and not yet what is right."""
    if talk.interview.state is not State.CONFIRMING and talk.offered != FIX:
        return None
    if calls_the_need_wrong(reading.text):
        return Topic.NEED
    says_which = reading.act in (Act.CORRECT, Act.NOISE) and not facts_of(reading) and aside_of(reading) is None
    return topic_named(reading.text) if says_which and yes_or_no(reading.text) is not True else None


def _with_the_name_alone(talk: Talk, reading: Reading) -> Reading:
    """Who left a number without a name, and then writes no more than a name, has told it."""
    contact = talk.interview.known.contact
    is_missing = contact is not None and contact.reachable and not contact.name
    if not is_missing or facts_of(reading) or not tells_own_name(reading.text):
        return reading
    as_name = read(reading.text, question=Topic.CONTACT, now=talk.tx.here)
    return as_name if as_name.contact is not None and as_name.contact.value.name else reading


def _only_says_how_to_reach(talk: Talk, reading: Reading) -> bool:
    """「03-1234-5678 にお電話ください」, after we asked for a number, is the number."""
    return talk.topic_asked is Topic.CONTACT and reading.contact is not None


def _hear_yes_or_no(talk: Talk, text: str, reading: Reading, pending: dict[str, Any] | None) -> bool:
    """A yes or no to what the bot wanted confirmed; whether the text was that. Facts in it count for more."""
    waits = pending is not None or talk.interview.state is State.CONFIRMING
    agreed = yes_or_no(text) if waits and not _says_more(reading, pending) else None
    if pending is None and waits and has_said_all(text):
        agreed = True
    if pending is not None and agreed is None and doubt.is_said_again(pending, reading):
        agreed = True
    if agreed is None:
        doubt.take_as_agreed(talk, pending, reading)
        return False
    if pending is not None:
        _settle(talk, pending, agreed=agreed)
    elif agreed or not talk.answered():
        acts.complete(talk)
    else:
        acts.reopen(talk, "")
    return True


def _says_more(reading: Reading, pending: dict[str, Any] | None) -> bool:
    """Asked for a problem, a bare "yes" is read as one; where we wanted ours confirmed it says that we got it."""
    facts = facts_of(reading, Topic(pending["topic"]) if pending is not None else None)
    topics = {fact.topic for fact in facts if not (fact.is_bare or doubt.adds_nothing(fact, pending, reading))}
    return bool(topics - {Topic.NEED} if pending is not None and is_short(reading) else topics)


def _hear_in_interview(talk: Talk, reading: Reading, asked: Topic | None) -> None:
    if asked is Topic.COMPANY and has_no_firm(reading.text):
        talk.record_all([fact for fact in facts_of(reading) if fact.topic is Topic.AUTHORITY])
        acts.decline(talk)
    elif asked is Topic.AUTHORITY and names_no_firm(reading.text):
        acts.hear_of_no_firm(talk)
    elif asked is Topic.COMPANY and _asks_for_no_firm(talk, reading):
        talk.record_all(facts_of(reading))
        acts.decline(talk)
    elif asked is Topic.CONTACT and has_no_firm(reading.text):
        acts.go_on(talk)
    elif _only_wants_a_change(reading):
        if talk.answered():
            acts.correct_which(talk)
        else:
            acts.ask_back(talk, reading.text)
    elif ways := _ways_left(talk, reading):
        acts.ask_the_other_way(talk, reading, ways)
    elif aside := aside_of(reading):
        acts.answer_aside(talk, aside, reading.text)
    elif reading.attributes is not None and reading.act in BESIDE_ANSWERS and not facts_of(reading):
        acts.hear_who_they_are(talk)
    elif reading.act is Act.CORRECT:
        acts.correct(talk, reading)
    elif reading.act in (Act.ANSWER, Act.HUMAN):
        acts.answer(talk, reading, asked)
    elif goes_on(reading.text) and (talk.was_away or reading.act is not Act.DECLINE):
        acts.go_on(talk)
    elif reading.act is Act.DECLINE or refuses(reading, asked):
        acts.decline(talk)
    elif reading.act is Act.DONT_KNOW:
        acts.do_not_know(talk)
    elif reading.act is Act.QUESTION:
        acts.ask_back(talk, reading.text)
    elif asked and only_refuses(reading.text):
        acts.decline(talk)
    elif heard_it(reading.text):
        acts.take_as_heard(talk)
    else:
        acts.not_understood(talk)


def _asks_for_no_firm(talk: Talk, reading: Reading) -> bool:
    """Asked for the firm, "I'm a student, so there is none" names none."""
    return reading.attributes is not None and reading.company is None and talk.interview.asks_for_no_firm


def _ways_left(talk: Talk, reading: Reading) -> list[str]:
    """Of a number and an address, which one we may still ask for; both where they refused both."""
    told = reading.contact is not None and reading.contact.value.reachable
    waits = talk.topic_asked is Topic.CONTACT and not (told or talk.interview.known.reachable)
    return ways_left(reading.text) if waits else []


def _settle(talk: Talk, pending: dict[str, Any], *, agreed: bool) -> None:
    if agreed:
        doubt.settle(talk, pending)
    else:
        acts.not_understood(talk)


def _follow_language(talk: Talk, reading: Reading) -> None:
    """Answer in the language the person writes; an address or a name alone is no language (D27)."""
    if aside_of(reading) is Aside.LANGUAGE:
        talk.chat.language = language_named(reading.text)
    elif reading.language == "ja":
        talk.chat.language = "ja"
    elif talk.chat.language == "ja" and talk.topic_asked not in (Topic.COMPANY, Topic.CONTACT):
        words = [word for word in reading.text.split() if word.isascii() and word.strip(".,!?'").isalpha()]
        if len(words) >= LATIN_WORDS_TO_SWITCH:
            talk.chat.language = "en"
    if talk.has_lead:
        talk.lead.language = talk.chat.language


def listen(talk: Talk, text: str | None) -> None:
    """A person answers, so the bot is silent; what is surely understood is kept all the same, lest we ask twice."""
    reading = read(text or "", question=None, now=talk.tx.here)
    noted = talk.note(facts_beside(reading, None))
    heard = talk.record_all([fact for fact in facts_of(reading) if fact.certainty >= UNSURE])
    asked_by = talk.chat.rep_id if talk.chat.rep_seq is not None else None
    if asked_by is not None:
        _talk_with_a_person(talk)
    if heard or noted or asked_by is not None:
        leads.reassess(talk.tx, talk.lead)
    if asked_by is not None:
        lines.count_contact(talk.tx, talk.chat, Grade.TWO_WAY, by=asked_by)


def _talk_with_a_person(talk: Talk) -> None:
    """Both have spoken: a conversation, and their first word since the rep came is an answer to us (M34)."""
    tx, chat, lead = talk.tx, talk.chat, talk.lead
    since_they_came = f"{chat.id}:{chat.rep_mark}"
    if not is_noted(tx, since_they_came):
        leads.record_activity(tx, lead, CHAT_TALK, key=f"{CHAT_TALK}:{chat.id}")
        line = lines.first_line(tx, chat)
        note_answer(tx, lead, once=since_they_came, tried_at=line.due_at if line else None)
