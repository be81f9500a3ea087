"""What a prospect says or presses: what it is, and what the bot does about it, the same in every state.

An answer is recorded and the next question asked; a correction replaces; "I'd rather not say" and "I don't
know" move on; a question about the talk is answered, any other passed to a person; a wish for a person and "stop"
are obeyed at once.
"""

from typing import Any

from dialogs import acts, afterwards, doubt, person_wanted, receipt, stopping
from dialogs.asides import Aside, language_named
from dialogs.doubt import NO, YES
from dialogs.interview import OPEN, State
from dialogs.meant import reading_of, with_the_name_alone
from dialogs.person_wanted import CALL_BACK, GO_ON
from dialogs.playbook import SKIP
from dialogs.reading.found import Act, Reading
from dialogs.reading.yes_no import yes_or_no
from dialogs.talk import CONFIRM, FIX, Talk
from dialogs.told import (
    Fact,
    aside_of,
    calls_the_need_wrong,
    facts_beside,
    facts_of,
    goes_on,
    has_no_firm,
    has_said_all,
    heard_it,
    is_short,
    leaves_it,
    names_no_firm,
    only_refuses,
    refuses,
    topic_named,
    wants_a_change,
    ways_left,
)
from qualification import leads
from qualification.bant import Topic

LATIN_WORDS_TO_SWITCH = 3
BESIDE_ANSWERS = (Act.NOISE, Act.CORRECT)


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
    pending, asked = talk.take_pending(), talk.topic_asked
    reading = reading_of(talk, text)
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
    elif talk.interview.state in receipt.OVER and afterwards.hear_button_in_words(talk, text, reading):
        return
    elif _wishes_for_a_person(talk, reading):
        doubt.take_as_agreed(talk, pending, reading)
        acts.acknowledge(talk, talk.record_all(facts_of(reading)))
        person_wanted.hand_over(talk, text)
    elif talk.interview.state is State.HANDED_OVER and talk.interview.can_go_on and goes_on(text):
        person_wanted.wait_for_a_person(talk, GO_ON)
    elif talk.interview.state not in OPEN:
        afterwards.hear(talk, with_the_name_alone(talk, reading))
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


def _wishes_for_a_person(talk: Talk, reading: Reading) -> bool:
    """Whether they ask for a person, and do not just answer how to reach them, or ask when somebody calls."""
    is_answered = _only_says_how_to_reach(talk, reading) or afterwards.can_say_when(talk, reading)
    return reading.act is Act.HUMAN and not is_answered


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
    if _hear_of_no_firm(talk, reading, asked) or _hear_beside_the_question(talk, reading):
        return
    if reading.act is Act.CORRECT:
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


def _hear_of_no_firm(talk: Talk, reading: Reading, asked: Topic | None) -> bool:
    """Asked for their firm, for who decides in it or how to reach them there, they say that there is none."""
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
    else:
        return False
    return True


def _hear_beside_the_question(talk: Talk, reading: Reading) -> bool:
    """What answers no question of ours: a wish to change something or to be reached otherwise, a word to the bot."""
    if _only_wants_a_change(reading):
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
    else:
        return False
    return True


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
