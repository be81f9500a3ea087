"""What a prospect does by saying something, while the interview runs: one function for each act."""

from typing import Any

from dialogs import afterwards, doubt, receipt
from dialogs.asides import Aside, aside_in, asks_about_privacy, opens_with_a_pardon
from dialogs.interview import OPEN, State
from dialogs.reading.found import Reading
from dialogs.reply import Choices
from dialogs.talk import FIX, Talk
from dialogs.told import facts_of, takes_leave, tells_another_problem, topic_named
from qualification import leads
from qualification.answers import PROSPECT
from qualification.bant import CRITERIA, Topic
from qualification.events import QuestionAsked
from qualification.stages import Stage


def answer(talk: Talk, reading: Reading, asked: Topic | None) -> None:
    """Facts were told: record them and go on; one we are not sure of is put for a yes first."""
    found = facts_of(reading, asked)
    if len(found) == 1 and doubt.is_unsure(found[0]):
        doubt.check(talk, found[0])
        return
    before = talk.interview.known
    topics = talk.record_all(found, in_place=tells_another_problem(reading))
    if talk.interview.state is State.CONFIRMING:
        talk.say("corrected", answers=talk.facts(topics), **talk.quoted(topics))
        talk.step("correct")
    elif asked is not None and asked not in topics and talk.interview.next_question() is talk.current():
        _answer_beside_the_question(talk, topics)
    else:
        after_answer(talk, [topic for topic in topics if topic is asked or talk.is_news(topic, since=before)])


def acknowledge(talk: Talk, topics: list[Topic]) -> None:
    """Say what was understood, if anything was."""
    if topics:
        talk.say("understood", answers=talk.facts(topics), **talk.quoted(topics))


def _answer_beside_the_question(talk: Talk, topics: list[Topic]) -> None:
    acknowledge(talk, topics)
    question = talk.current()
    assert question is not None
    if talk.interview.ask_again(question):
        talk.ask(again=not topics)
    elif topics:
        talk.step("answer")
    else:
        _move_on(talk)


def after_answer(talk: Talk, topics: list[Topic]) -> None:
    """Something was answered: show it, and step to the next question or the read-back; no list stands there twice."""
    talk.interview.reopened = None
    _count_half_an_answer(talk)
    shown = [topic for topic in topics if topic in CRITERIA]
    if len(shown) == 1 or talk.interview.has_more_to_ask:
        acknowledge(talk, shown)
    talk.step("answer" if talk.interview.state is State.ASKING else "correct")


def _count_half_an_answer(talk: Talk) -> None:
    """A name without a number is asked for the rest, but not for ever."""
    question = talk.current()
    if question is not None and question is talk.interview.next_question():
        talk.interview.ask_again(question)


def correct(talk: Talk, reading: Reading) -> None:
    """New values take the place of earlier ones; without any, the answer they name, or the last one, is asked anew."""
    found = facts_of(reading, talk.topic_asked)
    if found and not any(talk.interview.known.about(fact.topic) for fact in found):
        answer(talk, reading, talk.topic_asked)  # "actually, we lose leads": there is nothing to correct yet
    elif len(found) == 1 and found[0].by_title and doubt.is_unsure(found[0]):
        doubt.check(talk, found[0])
    elif topics := talk.record_all(found, in_place=True):
        talk.interview.reopened = None
        talk.say("corrected", answers=talk.facts(topics), **talk.quoted(topics))
        talk.step("correct")
    else:
        topic = topic_named(reading.text) or (talk.last_answered if talk.interview.state is State.ASKING else None)
        question = talk.interview.playbook.about(topic) if topic else None
        reopen(talk, question.key if question else "")


def correct_which(talk: Talk) -> None:
    """They wish to change an answer and do not say which: it is asked, where there is more than one."""
    answered = talk.answered()
    reopen(talk, answered[0] if len(answered) == 1 and talk.interview.state is State.ASKING else "")


def reopen(talk: Talk, key: str) -> None:
    """Back to one question; without a name, ask which one. Once the talk has ended it is opened again for that."""
    is_named = key in {question.key for question in talk.interview.playbook.questions}
    if talk.interview.state is State.COMPLETED and (is_named or talk.answered()):
        talk.reopen()
    if talk.interview.state is State.COMPLETED:  # ended without an answer: there is nothing to open it for
        afterwards.hear_button_of_before(talk)
        return
    if talk.interview.state not in OPEN:
        talk.say("talk_is_over" if talk.interview.state is State.DECLINED else "how_to_correct")
        return
    if not is_named:
        _ask_which(talk)
        return
    talk.interview.reopened = key
    talk.interview.passed.discard(key)
    talk.interview.asked.pop(key, None)
    talk.interview.fire("correct")
    talk.ask()


def _ask_which(talk: Talk) -> None:
    """Which answer is to be corrected; there may be none yet."""
    if answered := talk.answered():
        talk.say("which_to_correct", Choices(of=FIX, values=tuple(f"fix.{key}" for key in answered)))
    else:
        go_on(talk)


def reopen_about(talk: Talk, topic: Topic) -> None:
    question = talk.interview.playbook.about(topic)
    reopen(talk, question.key if question else "")


def decline(talk: Talk) -> None:
    """They would rather not say: the question is passed and not asked again."""
    if _pass_current(talk):
        talk.say("no_problem_skipped", before=len(talk.interview.passed) > 1)
        talk.step("answer")
    elif talk.interview.state is State.CONFIRMING and not talk.answered():
        complete(talk)
    else:
        not_understood(talk)


def do_not_know(talk: Talk) -> None:
    """They do not know: the question is passed as well, in other words."""
    if _pass_current(talk):
        talk.say("fine_not_to_know")
        talk.step("answer")
    else:
        not_understood(talk)


def hear_of_no_firm(talk: Talk) -> None:
    """Asked who decides, "no company": there is none in which somebody else might."""
    _pass_current(talk)
    talk.say("understood", answers=[])
    talk.step("answer")


def ask_the_other_way(talk: Talk, reading: Reading, ways: list[str]) -> None:
    """They would rather not be called, or not be written to: the other is asked for, once."""
    talk.record_all([fact for fact in facts_of(reading) if fact.topic is Topic.CONTACT])
    if aside_in(reading.text) is Aside.WHO:
        talk.say(Aside.WHO)
    question = talk.current()
    if question is None or len(ways) > 1 or talk.interview.way_left is not None:
        decline(talk)
    else:
        talk.interview.take_other_way(ways[0])
        talk.put_the_other_way(question, ways[0])


def _pass_current(talk: Talk) -> bool:
    question = talk.current()
    if question is None or talk.interview.state is not State.ASKING:
        return False
    talk.interview.reopened = None
    talk.interview.passed.add(question.key)
    return True


def ask_back(talk: Talk, words: str) -> None:
    """A question we leave to a person: it is recorded for the rep, and the bot goes on where it was."""
    talk.tx.record(QuestionAsked(lead_id=talk.lead.id, by=PROSPECT, words=words))
    talk.interview.asked_back += 1
    about = talk.interview.topic if asks_about_privacy(words) else None
    times = talk.interview.asked_back
    talk.say("a_person_will_answer", about=about, due_at=None, before=times > 1, hint=times == 2)
    go_on(talk)


def answer_aside(talk: Talk, aside: Aside, text: str) -> None:
    """What was said to the bot itself, it answers itself; who takes their leave is asked nothing more.

    Leaving at the read-back agrees to it; 「失礼します」 is a greeting as long as nothing else was said.
    """
    if aside is Aside.THANKS and not talk.has_lead and opens_with_a_pardon(text):
        aside = Aside.HELLO
    leaves = aside is Aside.THANKS and takes_leave(text)
    if leaves and talk.interview.state is State.CONFIRMING:
        complete(talk)
        return
    facts: dict[Aside, dict[str, Any]] = {
        Aside.MEANING: {"about": talk.interview.topic},
        Aside.LEFT: {"left": talk.interview.left_to_ask},
        Aside.HELLO: {"again": talk.has_lead},
        Aside.THANKS: {"over": leaves},
    }
    talk.say(aside, **facts.get(aside, {}))
    if not leaves:
        go_on(talk)


def hear_who_they_are(talk: Talk) -> None:
    """ "I'm a student", "we're a manufacturer", and nothing we asked for: heard, and the question stands."""
    question = talk.current()
    if question is None or talk.interview.state is State.CONFIRMING or talk.interview.next_question() is not question:
        go_on(talk)
    elif talk.interview.ask_again(question):
        talk.say("understood", answers=[])
        talk.ask()
    else:
        _move_on(talk)


def take_as_heard(talk: Talk) -> None:
    """ "I see": on to what is asked next; at the read-back it agrees, as "got it" does."""
    if talk.interview.state is State.CONFIRMING and talk.unsettled is None:
        complete(talk)
    else:
        go_on(talk)


def go_on(talk: Talk) -> None:
    """Where we were: to what the bot wanted confirmed, when they have said neither yes nor no; else to the question."""
    if talk.unsettled is not None:
        doubt.put_for_a_yes(talk, talk.unsettled)
    elif talk.interview.state is State.CONFIRMING:
        talk.wait_for_a_yes()
    else:
        talk.ask_or_confirm()


def stop(talk: Talk, words: str, *, deletion: bool) -> None:
    """They want no more of it: the talk ends and nobody contacts them; `deletion` when they ask to be forgotten."""
    if talk.interview.state is not State.DECLINED:
        talk.interview.fire("stop")
        talk.close(counts=False)
    leads.opt_out(talk.tx, talk.lead, words=words, by=PROSPECT, deletion=deletion)
    talk.interview.question = None
    talk.say("deletion_noted" if deletion else "stopped")


def not_understood(talk: Talk) -> None:
    """Ask once more in other words; when that was done before, move on."""
    question = talk.current()
    if question is None or talk.interview.state is State.CONFIRMING:
        talk.wait_for_a_yes()
    elif talk.interview.ask_again(question):
        talk.ask(again=True)
    else:
        _move_on(talk)


def _move_on(talk: Talk) -> None:
    talk.interview.reopened = None
    talk.say("moving_on")
    talk.step("answer")


def complete(talk: Talk) -> None:
    """They agreed to the read-back: the interview is over, and they hear what comes next."""
    talk.interview.fire("confirm")
    talk.interview.question = None
    talk.close(counts=True)
    need = talk.interview.known.need
    if Stage(talk.lead.stage) is Stage.LEAD and need is not None and not need.present:
        leads.put_aside(talk.tx, talk.lead, Stage.NURTURE, rule="no_need", by="policy")
    reachable = talk.interview.known.reachable
    talk.say("completed", receipt.offers(talk), reachable=reachable, **receipt.promise(talk))
