"""Where we are not sure that we understood: we ask, and the next word settles it."""

from typing import Any

from dialogs.interview import State
from dialogs.reading.found import UNSURE, Act, Found, Reading
from dialogs.reply import Choices, answer_fact
from dialogs.talk import COMMON, Talk, as_put
from dialogs.told import facts_of
from qualification.bant import CRITERIA, Topic, as_kept, from_json

YES, NO = "yes", "no"


def is_unsure(topic: Topic, found: Found[Any]) -> bool:
    """Whether a criterion was read with less certainty than we take without asking (UNSURE)."""
    return topic in CRITERIA and found.certainty < UNSURE


def check(talk: Talk, topic: Topic, found: Found[Any]) -> None:
    """Put what was read for a yes."""
    put_for_a_yes(talk, {"topic": topic, "value": as_kept(topic, found.value), "words": found.words})


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


def take_as_agreed(talk: Talk, pending: dict[str, Any] | None, reading: Reading) -> None:
    """Who goes on to the next thing lets our reading stand; the read-back shows it once more."""
    if pending is None or reading.act is not Act.ANSWER:
        return
    told, topic = [told for told, _ in facts_of(reading)], Topic(pending["topic"])
    if told and topic not in told:
        talk.record(topic, from_json(topic, pending["value"]), words=pending["words"], certainty=UNSURE)


def settle(talk: Talk, pending: dict[str, Any]) -> None:
    """They agreed to how we read it."""
    topic = Topic(pending["topic"])
    talk.record(topic, from_json(topic, pending["value"]), words=pending["words"], certainty=1.0)
    talk.interview.reopened = None
    talk.step("answer" if talk.interview.state is State.ASKING else "correct")
