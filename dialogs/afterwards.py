"""What is said after the end of an interview: facts still count, and words reach the rep."""

from datetime import timedelta

from dialogs import lines, person_wanted, receipt
from dialogs.asides import Aside
from dialogs.interview import State
from dialogs.reading import read
from dialogs.reading.found import Act, Reading
from dialogs.short_words import places_of, plain_of
from dialogs.talk import Talk
from dialogs.told import (
    EMAIL,
    aside_of,
    asks_when,
    facts_of,
    has_said_all,
    is_no_message,
    only_agrees,
    only_denies,
    refuses,
    says_nobody_called,
    still_waits,
    tells_another_problem,
    thanks,
    wants_a_copy,
    wants_it_sooner,
    ways_left,
)
from qualification import leads
from qualification.answers import PROSPECT
from qualification.bant import Topic
from qualification.events import QuestionAsked
from qualification.followup import Status, latest_follow_up_of
from qualification.replies import Written, hear_reply

COURTESIES = (Aside.THANKS, Aside.HELLO)
STILL_JUDGED = timedelta(hours=1)  # for so long a word without a fact changes no judgement


def hear(talk: Talk, reading: Reading) -> None:
    """After the end the door stays open: facts still count, words reach the rep."""
    if talk.interview.state is State.DECLINED:
        talk.say("talk_is_over")
        return
    if topics := talk.record_all(facts_of(reading), in_place=tells_another_problem(reading)):
        take(talk, topics)
        return
    if talk.was_silent >= STILL_JUDGED:
        leads.reassess(talk.tx, talk.lead)
    _leave_a_message(talk, reading)


def hear_button_in_words(talk: Talk, text: str, reading: Reading) -> bool:
    """They ask in words for what a button at the end does: a copy, a call at last, or sooner. Whether it was that."""
    if wants_a_copy(text):
        talk.record_all([fact for fact in facts_of(reading) if fact.topic is Topic.CONTACT])
        receipt.offer_a_copy(talk)
    elif _misses_the_call(talk, reading):
        person_wanted.leave_words(talk, text)
        receipt.hear(talk, receipt.NOBODY_CALLED)
    elif wants_it_sooner(text) and receipt.may_be_sooner(talk):
        receipt.hear(talk, receipt.SOONER)
    else:
        return False
    return True


def _misses_the_call(talk: Talk, reading: Reading) -> bool:
    """Whether they say that nobody has called them, where a call was promised."""
    only_that = all(fact.topic is Topic.NEED for fact in facts_of(reading))
    return says_nobody_called(reading.text) and talk.own_lead.receipt is not None and only_that


def hear_button_of_before(talk: Talk) -> None:
    """A button of a question that is over, from another tab or an old page: what still holds is said, and offered."""
    if talk.interview.state is State.DECLINED:
        talk.say("talk_is_over")
    elif talk.interview.state is State.HANDED_OVER:
        person_wanted.promise_once_more(talk)
    else:
        talk.say("at_your_service", receipt.offers(talk))


def take(talk: Talk, topics: list[Topic]) -> None:
    """What was stated after the end counts, and is shown; a choice whose question went quiet among it."""
    leads.reassess(talk.tx, talk.lead)
    if talk.interview.state is State.HANDED_OVER and talk.topic_asked and talk.interview.known.reachable:
        talk.interview.question = None
        person_wanted.thank_and_promise(talk)
    else:
        talk.say("corrected", receipt.offers(talk), answers=talk.facts(topics), **talk.quoted(topics))


def leave_as_it_was(talk: Talk) -> None:
    """They wanted to correct something after the end, and do not any more: it is at its end again."""
    talk.interview.fire("go_quiet")
    talk.interview.question = talk.interview.reopened = None
    talk.close(counts=True)
    talk.say("at_your_service")


def take_as_reply(talk: Talk) -> None:
    """Their first word after a person of ours has written to them."""
    unanswered = lines.unanswered_lines(talk.tx, talk.chat, talk.chat.seq)
    to = Written(by=unanswered[-1].rep_id, via=lines.CHAT, at=unanswered[0].due_at) if unanswered else None
    hear_reply(talk.tx, talk.lead, to=to, detail=f"message {talk.chat.seq}")
    talk.chat.rep_seq = None


def can_say_when(talk: Talk, reading: Reading) -> bool:
    """Whether they ask when we call, and no more than that, and a call was promised."""
    promised = talk.interview.known.reachable and _due_at(talk)
    return bool(promised and asks_when(reading.text) and not _wishes_for_more_than_the_hour(talk, reading.text))


def _wishes_for_more_than_the_hour(talk: Talk, text: str) -> bool:
    """ "Can somebody call me right now? When can I expect it?": a wish for a person stands beside the question."""
    beside = plain_of(text)
    for asked in reversed(places_of("when_called", beside)):
        beside = f"{beside[: asked.start]} {beside[asked.end :]}"
    return read(beside, question=None, now=talk.tx.here).act is Act.HUMAN


def _leave_a_message(talk: Talk, reading: Reading) -> None:
    aside = aside_of(reading)
    if aside is Aside.WHO:
        talk.say(aside)
    elif can_say_when(talk, reading):
        person_wanted.leave_words(talk, reading.text)
        person_wanted.thank_and_promise(talk)
    elif talk.interview.state is State.HANDED_OVER and still_waits(reading.text):
        person_wanted.leave_words(talk, reading.text)
        person_wanted.ask_for_patience(talk)
    elif talk.interview.state is State.HANDED_OVER and _refuses_a_number(talk, reading):
        person_wanted.leave_words(talk, reading.text)
        person_wanted.leave_without_a_number(talk)
    elif reading.act is Act.QUESTION:
        asked = QuestionAsked(lead_id=talk.lead.id, by=PROSPECT, words=reading.text, mirrored=talk.chat.follows)
        talk.tx.record(asked)
        promised = _due_at(talk) if talk.interview.known.reachable else None
        talk.say("a_person_will_answer", about=None, due_at=promised, before=False, hint=False)
        person_wanted.ask_again_how_to_reach(talk)
    elif talk.topic_asked is Topic.CONTACT and _would_rather_not(reading):
        person_wanted.leave_without_a_number(talk)
    elif aside in COURTESIES or only_agrees(reading) or only_denies(reading) or is_no_message(reading.text):
        _stay_at_hand(talk, thanked=thanks(reading.text))
    else:
        person_wanted.leave_words(talk, reading.text)
        talk.say("how_to_correct" if reading.act is Act.CORRECT else "left_a_message")
        person_wanted.ask_again_how_to_reach(talk)


def _would_rather_not(reading: Reading) -> bool:
    """Leave a number; 「結構です」 says so politely."""
    says_so = refuses(reading, Topic.CONTACT) or has_said_all(reading.text)
    return reading.act is Act.DECLINE or (says_so and reading.act is not Act.QUESTION)


def _refuses_a_number(talk: Talk, reading: Reading) -> bool:
    """Where we know how to write to them, there is nothing to ask."""
    contact = talk.interview.known.contact
    return contact is not None and contact.phone is None and contact.reachable and ways_left(reading.text) == [EMAIL]


def _stay_at_hand(talk: Talk, *, thanked: bool) -> None:
    """A mere "yes", "no" or "thanks" is no message; but who wants a call has yet to say where, or would not."""
    if talk.interview.state is State.HANDED_OVER and person_wanted.may_be_asked_how_to_reach(talk):
        person_wanted.ask_how_to_reach(talk)
    elif thanked:
        talk.say(Aside.THANKS, over=True)
    else:
        talk.say("at_your_service")


def _due_at(talk: Talk) -> str | None:
    follow_up = latest_follow_up_of(talk.tx, talk.lead)
    return follow_up.due_at.isoformat() if follow_up and follow_up.status == Status.OPEN else None
