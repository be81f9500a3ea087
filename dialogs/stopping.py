"""The button that ends a talk for good asks once: a slip of the finger is no wish. What is typed is obeyed at once.

stop_here        the button in the chat's menu
stop_for_good    "yes, stop", below our question
keep_on          "no, go on"
"""

from dialogs import acts
from dialogs.interview import OPEN
from dialogs.reading.found import Reading
from dialogs.reading.yes_no import yes_or_no
from dialogs.reply import Choices
from dialogs.talk import Talk
from dialogs.told import facts_of, goes_on, is_short
from qualification.bant import Topic

STOP_HERE, STOP_FOR_GOOD, KEEP_ON = "stop_here", "stop_for_good", "keep_on"
STOPPING = "stopping"


def hear_button(talk: Talk, value: str) -> bool:
    """Ask, stop, or go on where we were; False when this button is none of ours, or there is nothing left to stop."""
    if value not in (STOP_HERE, STOP_FOR_GOOD, KEEP_ON) or talk.interview.state not in OPEN:
        return False
    if value == STOP_HERE:
        talk.chat.pending = talk.unsettled  # what waits for a yes waits on
        talk.say("stop_for_sure", Choices(of=STOPPING, values=(STOP_FOR_GOOD, KEEP_ON)))
    elif value == STOP_FOR_GOOD:
        acts.stop(talk, "", deletion=False)
    else:
        acts.go_on(talk)
    return True


def hear_yes_or_no(talk: Talk, reading: Reading) -> bool:
    """A typed yes or no to our question; False when nothing of this kind was asked, or it is neither, or says more.

    Asked for a problem, a bare "yes" is read as one.
    """
    says_more = any(fact.topic is not Topic.NEED or not is_short(reading) for fact in facts_of(reading))
    if talk.offered == STOPPING and goes_on(reading.text):
        return hear_button(talk, KEEP_ON)
    agreed = yes_or_no(reading.text) if talk.offered == STOPPING and not says_more else None
    return agreed is not None and hear_button(talk, STOP_FOR_GOOD if agreed else KEEP_ON)
