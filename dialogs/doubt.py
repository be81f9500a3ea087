"""Where we are not sure that we understood: we ask, and the next word settles it."""

from typing import Any

from dialogs.interview import State
from dialogs.reading.found import UNSURE, Act, Reading
from dialogs.reading.yes_no import yes_or_no
from dialogs.reply import Choices, answer_fact
from dialogs.talk import COMMON, Talk, as_put
from dialogs.told import Fact, facts_of
from qualification.bant import CRITERIA, Topic, as_kept, from_json

YES, NO = "yes", "no"


def is_unsure(fact: Fact) -> bool:
    """Whether a criterion was read with less certainty than we take without asking (UNSURE)."""
    return fact.topic in CRITERIA and fact.certainty < UNSURE


def check(talk: Talk, fact: Fact) -> None:
    """Put what was read for a yes. Who told it is a lead already, for a rep to see, though it counts only then."""
    talk.begin_record()
    put_for_a_yes(talk, {"topic": fact.topic, "value": as_kept(fact.topic, fact.value), "words": fact.words})


def put_for_a_yes(talk: Talk, pending: dict[str, Any]) -> None:
    """Ask whether we got it; also once more, when they asked something back in between."""
    talk.chat.pending = pending
    topic = Topic(pending["topic"])
    value = from_json(topic, pending["value"])
    talk.say(
        "did_i_get_it",
        Choices(of=COMMON, values=(YES, NO)),
        answers=[answer_fact(topic, value)],
        **as_put(value, pending["words"]),
    )


def adds_nothing(fact: Fact, pending: dict[str, Any] | None, reading: Reading) -> bool:
    """Whether a title is no more than the yes before it, or what we put already: 「はい、社長です」."""
    if pending is None or not (fact.by_title and is_unsure(fact)):
        return False
    return yes_or_no(reading.text) is True or _is_put(fact, pending)


def is_said_again(pending: dict[str, Any], reading: Reading) -> bool:
    """Whether a title is said once more, where we asked if we got it."""
    facts = facts_of(reading, Topic(pending["topic"]))
    return len(facts) == 1 and facts[0].by_title and is_unsure(facts[0]) and _is_put(facts[0], pending)


def _is_put(fact: Fact, pending: dict[str, Any]) -> bool:
    kept = str(as_kept(fact.topic, fact.value)).casefold()
    return fact.topic == Topic(pending["topic"]) and kept == str(pending["value"]).casefold()


def take_as_agreed(talk: Talk, pending: dict[str, Any] | None, reading: Reading) -> None:
    """Who goes on to the next thing lets our reading stand, and so does who asks for a person: they have said it."""
    if pending is None:
        return
    told = [fact.topic for fact in facts_of(reading)]
    goes_on = reading.act is Act.HUMAN or (reading.act is Act.ANSWER and told)
    if goes_on and Topic(pending["topic"]) not in told:
        let_stand(talk, pending)


def let_stand(talk: Talk, pending: dict[str, Any]) -> None:
    """What waits for a yes counts as it was read; the read-back shows it once more."""
    talk.record(_put(pending, certainty=UNSURE))


def settle(talk: Talk, pending: dict[str, Any]) -> None:
    """They agreed to how we read it."""
    talk.record(_put(pending, certainty=1.0))
    talk.interview.reopened = None
    talk.step("answer" if talk.interview.state is State.ASKING else "correct")


def _put(pending: dict[str, Any], *, certainty: float) -> Fact:
    """What we put for a yes, as a fact."""
    topic = Topic(pending["topic"])
    return Fact(topic, from_json(topic, pending["value"]), pending["words"], certainty)
