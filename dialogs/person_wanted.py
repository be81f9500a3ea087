"""Who wishes for a person: by when one comes, what to do until then, and how to reach them."""

from dialogs import receipt
from dialogs.interview import State
from dialogs.messages import messages_of
from dialogs.records import Turn
from dialogs.reply import Choices
from dialogs.talk import Talk
from dialogs.told import still_waits
from qualification import leads
from qualification.answers import PROSPECT
from qualification.bant import Topic
from qualification.events import InterviewResumed, MessageLeft

WAITING = "waiting"
CALL_BACK, GO_ON = "call_back", "go_on"


def hand_over(talk: Talk, words: str) -> None:
    """They ask for a person: the interview waits, the rep is rung, and they hear by when somebody comes."""
    if talk.interview.state is State.HANDED_OVER:
        _ask_again(talk, words)
        return
    if talk.interview.state is State.DECLINED:
        talk.say("talk_is_over")
        return
    leads.want_person(talk.tx, talk.lead, words=words)
    talk.chat.left_in = talk.interview.state
    talk.interview.was_completed = talk.interview.state is State.COMPLETED
    talk.interview.fire("hand_over")
    talk.close(counts=True)
    promise_a_person(talk)
    ask_how_to_reach(talk)


def _ask_again(talk: Talk, words: str) -> None:
    """While the call is due the rep reads it beside the talk; once they were called it is a wish like the first."""
    if leads.was_attended_to(talk.tx, talk.lead):
        leads.want_person(talk.tx, talk.lead, words=words)
        promise_a_person(talk)
        ask_how_to_reach(talk)
        return
    leave_words(talk, words)
    if still_waits(words) and _somebody_is_here(talk):
        ask_for_patience(talk)
    else:
        _hear_it_again(talk)


def _hear_it_again(talk: Talk) -> None:
    """Who has read that nobody is free, and says so again, wants the call back."""
    if _somebody_is_here(talk) or not _has_read_that_nobody_is_free(talk):
        promise_a_person(talk)
    else:
        wait_for_a_person(talk, CALL_BACK)


def leave_words(talk: Talk, words: str) -> None:
    """What they wrote reaches the rep."""
    talk.tx.record(MessageLeft(lead_id=talk.lead.id, by=PROSPECT, words=words, mirrored=talk.chat.follows))


def _somebody_is_here(talk: Talk) -> bool:
    return talk.tx.policy.working_hours.is_open(talk.tx.now)


def _has_read_that_nobody_is_free(talk: Talk) -> bool:
    """Since we closed: not on another evening, nor where they first asked before."""
    said = messages_of(talk.tx.find(Turn, "chat_id", talk.chat.id), None)
    told = [message.facts or {} for message in said if message.prompt == "nobody_is_free"]
    return _opens_at(talk) in [facts.get("opens_at") for facts in told]


def _opens_at(talk: Talk) -> str:
    return talk.tx.policy.working_hours.next_opening(talk.tx.now).isoformat()


def promise_a_person(talk: Talk) -> None:
    """Only who told us how to reach them is told by when; outside working hours we say when somebody is back."""
    if _somebody_is_here(talk):
        talk.say("person_is_coming", reachable=talk.interview.known.reachable, **receipt.promise(talk))
        return
    goes_on = talk.interview.can_go_on
    values = (CALL_BACK, GO_ON) if goes_on else (CALL_BACK,)
    talk.say("nobody_is_free", Choices(of=WAITING, values=values), opens_at=_opens_at(talk), goes_on=goes_on)


def promise_once_more(talk: Talk) -> None:
    """To an old button, which says nothing of how to reach them."""
    promise_a_person(talk)
    ask_again_how_to_reach(talk)


def wait_for_a_person(talk: Talk, choice: str) -> None:
    """Until somebody is free: a call back, or on with the questions."""
    if choice == GO_ON and talk.interview.was_completed:  # a button of another evening: nothing is left to ask
        promise_once_more(talk)
    elif choice == GO_ON:
        talk.interview.fire("hand_back")
        talk.tx.record(InterviewResumed(lead_id=talk.lead.id, by=PROSPECT))
        talk.ask_or_confirm()
    elif talk.interview.known.contact and talk.interview.known.contact.phone:
        thank_and_promise(talk)
    else:
        ask_for_the_number(talk, "number_for_the_call")


def thank_and_promise(talk: Talk) -> None:
    """We have their number: thank them, and say by when they hear from us."""
    talk.say("thank_you_will_reach", receipt.offers(talk), **receipt.promise(talk))


def ask_for_the_number(talk: Talk, prompt: str) -> None:
    """Put the question about contact, in the words of this prompt."""
    if question := talk.interview.playbook.about(Topic.CONTACT):
        talk.interview.question = question.key
        talk.say(prompt)


def may_be_asked_how_to_reach(talk: Talk) -> bool:
    """Whether we know neither a number nor an address, and they have not refused to tell."""
    question = talk.interview.playbook.about(Topic.CONTACT)
    refused = question is not None and question.key in talk.interview.passed
    return not (talk.interview.known.reachable or refused)


def ask_how_to_reach(talk: Talk) -> None:
    """Ask for a number or an address, unless we know one."""
    talk.interview.question = None
    if not talk.interview.known.reachable:
        ask_for_the_number(talk, "how_to_reach_person")


def ask_again_how_to_reach(talk: Talk) -> None:
    """They wrote about something else, and nobody can call yet: ask once more, but not for ever."""
    question = talk.current()
    waits = talk.topic_asked is Topic.CONTACT and not talk.interview.known.reachable
    if question is not None and waits and talk.interview.ask_again(question):
        talk.say("how_to_reach_person")


def leave_without_a_number(talk: Talk) -> None:
    """They would rather not say how to reach them, or not by phone: a person can still answer here, or write."""
    if question := talk.current():
        talk.interview.passed.add(question.key)
    talk.interview.question = None
    opens_at = None if _somebody_is_here(talk) else _opens_at(talk)
    talk.say("no_number_needed", reachable=talk.interview.known.reachable, opens_at=opens_at)


def ask_for_patience(talk: Talk) -> None:
    """They wait here, and ask whether anybody is there."""
    if talk.interview.known.reachable:
        promise_a_person(talk)
    elif _somebody_is_here(talk):
        talk.say("still_waiting")
        ask_again_how_to_reach(talk)
    else:
        promise_once_more(talk)
