"""What the bot does with what a person does: one method for each act, the same in every state.

An answer is recorded and the next question asked; a correction replaces; "I'd rather not say" and "I don't
know" move on; a question back is passed to a person; a wish for a person and "stop" are obeyed at once.
"""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from dialogs import lines, receipt
from dialogs.interview import Interview, State
from dialogs.playbook import SKIP, Question
from dialogs.reading import read
from dialogs.reading.found import UNSURE, Act, Found, Reading
from dialogs.reading.yes_no import yes_or_no
from dialogs.records import Chat
from dialogs.reply import Choices, Say, answer_fact, quick_replies
from qualification import consent, leads
from qualification.answers import PROSPECT, Stated
from qualification.bant import CRITERIA, Contact, Topic, Value, as_kept, from_json
from qualification.behaviour import CHAT_TALK
from qualification.consent import Purpose
from qualification.contact import Grade
from qualification.events import InterviewClosed, InterviewResumed, MessageLeft, QuestionAsked
from qualification.followup import latest_follow_up_of
from qualification.records import Lead
from qualification.replies import Written, hear_reply
from qualification.stages import Stage
from qualification.store import Transaction

COMMON = "common"
CONFIRM = "confirm"
FIX = "fix"
YES, NO = "yes", "no"
WAITING = "waiting"
CALL_BACK, GO_ON = "call_back", "go_on"
LATIN_WORDS_TO_SWITCH = 3
PARTS = tuple((topic, topic.value) for topic in Topic)  # of what was read, a fact each
STILL_JUDGED = timedelta(hours=1)  # for so long a word without a fact changes no judgement
LONGEST_BARE_WORD = {"ja": 10, "en": 16}  # characters: 「いいえ、遠慮します」, "no, thank you"


class Talk:
    """One turn of one talk: the interview, the lead behind it (made at the first word), and what the bot says."""

    def __init__(self, tx: Transaction, chat: Chat, interview: Interview, lead: Lead | None) -> None:
        self.tx = tx
        self.chat = chat
        self.interview = interview
        self.says: list[Say] = []
        self.is_first_word = False
        self._lead = lead
        self._was_silent = tx.now - chat.spoke_at

    @property
    def lead(self) -> Lead:
        if self._lead is None:
            self.is_first_word = True
            self._lead = leads.capture(
                self.tx, language=self.chat.language, via="chat", source=self.chat.page_url or None
            )
            self.chat.lead_id = self._lead.id
            consent.decide(self.tx, self._lead, Purpose.ENQUIRY, language=self.chat.language)
        return self._lead

    @property
    def topic_asked(self) -> Topic | None:
        """What the bot waits for; a person who was promised a call may still be asked how to reach them."""
        if self.interview.state in (State.ASKING, State.ABANDONED, State.HANDED_OVER):
            return self.interview.topic
        return None

    # -- the bot begins, the prospect falls silent ------------------------------------------

    def greet(self) -> None:
        self.say("greeting")
        self._ask()

    def go_quiet(self) -> None:
        self.interview.fire("go_quiet")
        self._close_talk(counts=self.interview.known.reachable)
        if self.interview.state is State.COMPLETED:
            return
        if Stage(self.lead.stage) is Stage.LEAD and self.lead.wants_person_at is None:
            leads.put_aside(self.tx, self.lead, Stage.NURTURE, rule="silence", by="clock")

    # -- a person steps in ------------------------------------------------------------------

    def make_room_for(self, name: str) -> None:
        """A rep takes over: the bot says who it is, and asks nothing more."""
        if self.interview.state is not State.HANDED_OVER or self.chat.left_in is None:
            self.chat.left_in = self.interview.state
        self.interview.fire("take_over")
        self.interview.question = None
        self.say("person_is_here", name=name)

    def come_back(self) -> None:
        """The rep gives the talk back: on with what is still open, or at hand when all was said."""
        self.interview.fire("hand_back")
        self.interview.question = None
        self.say("bot_is_back", done=self.interview.state is State.COMPLETED)
        self._ask_or_confirm()

    def listen(self, text: str | None) -> None:
        """A person answers, so the bot is silent; what is surely understood is kept all the same, lest we ask twice."""
        reading = read(text or "", question=None, now=self.tx.now.astimezone(self._zone))
        for topic, found in _facts_of(reading):
            if found.certainty >= UNSURE:
                self._record(topic, found.value, words=found.words, certainty=found.certainty)
        if self.chat.rep_id is not None and self.chat.rep_seq is not None:
            leads.record_activity(self.tx, self.lead, CHAT_TALK, key=f"{CHAT_TALK}:{self.chat.id}")
            leads.reassess(self.tx, self.lead)
            lines.count_contact(self.tx, self.chat, Grade.TWO_WAY, by=self.chat.rep_id)

    # -- the prospect speaks ----------------------------------------------------------------

    def hear(self, *, text: str | None, choice: str | None) -> None:
        if choice is not None:
            self._hear_choice(choice)
        else:
            self._hear_text(text or "")

    def _hear_choice(self, value: str) -> None:
        pending = self._take_pending()
        if pending is not None and value in (YES, NO):
            self._settle_pending(pending, agreed=value == YES)
        elif value == SKIP:
            self._decline()
        elif value in (CALL_BACK, GO_ON) and self.interview.state is State.HANDED_OVER:
            self._wait_for_a_person(value)
        elif value == CONFIRM and self.interview.state is State.CONFIRMING:
            self._complete()
        elif value == FIX or value.startswith("fix."):
            self._reopen(value.removeprefix(FIX).removeprefix("."))
        elif (question := self._current()) and (chosen := question.choice(value)):
            meaning = chosen.meaning(today=self._today, language=self.chat.language)
            self._record(question.about, meaning, words="", certainty=1.0)
            self._after_answer([question.about])
        elif not receipt.hear(self, value):
            self._not_understood()

    def _hear_text(self, text: str) -> None:
        pending = self._take_pending()
        asked = self.topic_asked
        reading = read(text, question=asked, now=self.tx.now.astimezone(self._zone))
        self._follow_language(reading)
        if self.interview.state in (State.COMPLETED, State.HANDED_OVER) and reading.act is not Act.STOP:
            self._take_as_reply()
        if reading.act is Act.STOP and not (asked and _refuses(reading, asked)):
            self._stop(text, deletion=reading.wants_deletion)
        elif reading.act is Act.HUMAN and not self._only_says_how_to_reach(reading):
            self._acknowledge(self._record_all(_facts_of(reading)))
            self._hand_over(text)
        elif self.interview.state not in (State.ASKING, State.CONFIRMING):
            self._hear_afterwards(reading)
        elif not self._hear_yes_or_no(text, reading, pending):
            self._hear_in_interview(reading, asked)

    def _only_says_how_to_reach(self, reading: Reading) -> bool:
        """「03-1234-5678 にお電話ください」, after we asked for a number, is the number."""
        return self.topic_asked is Topic.CONTACT and reading.contact is not None

    def _hear_yes_or_no(self, text: str, reading: Reading, pending: dict[str, Any] | None) -> bool:
        """A yes or no to what the bot wanted confirmed; whether the text was that. Facts in it count for more."""
        waits = pending is not None or self.interview.state is State.CONFIRMING
        agreed = yes_or_no(text) if waits and not _facts_of(reading) else None
        if agreed is None:
            self._take_as_agreed(pending, reading)
            return False
        if pending is not None:
            self._settle_pending(pending, agreed=agreed)
        elif agreed or not self._answered():
            self._complete()
        else:
            self._reopen("")
        return True

    def _hear_in_interview(self, reading: Reading, asked: Topic | None) -> None:
        if reading.act is Act.CORRECT:
            self._correct(reading)
        elif reading.act in (Act.ANSWER, Act.HUMAN):
            self._answer(reading, asked)
        elif reading.act is Act.DECLINE or _refuses(reading, asked):
            self._decline()
        elif reading.act is Act.DONT_KNOW:
            self._do_not_know()
        elif reading.act is Act.QUESTION:
            self._ask_back(reading.text)
        else:
            self._not_understood()

    # -- one method for each act ------------------------------------------------------------

    def _answer(self, reading: Reading, asked: Topic | None) -> None:
        found = _facts_of(reading)
        if len(found) == 1 and self._is_unsure(*found[0]):
            self._check(*found[0])
            return
        topics = self._record_all(found)
        if self.interview.state is State.CONFIRMING:
            self.say("corrected", answers=self._facts(topics))
            self._step("correct")
        elif asked is not None and asked not in topics and self.interview.next_question() is self._current():
            self._answer_beside_the_question(topics)
        else:
            self._after_answer(topics)

    def _acknowledge(self, topics: list[Topic]) -> None:
        if topics:
            self.say("understood", answers=self._facts(topics))

    def _answer_beside_the_question(self, topics: list[Topic]) -> None:
        self._acknowledge(topics)
        question = self._current()
        assert question is not None
        if self.interview.ask_again(question):
            self._ask(again=not topics)
        else:
            self._move_on()

    def _after_answer(self, topics: list[Topic]) -> None:
        self.interview.reopened = None
        self._count_half_an_answer()
        if shown := [topic for topic in topics if topic in CRITERIA]:
            self.say("understood", answers=self._facts(shown))
        self._step("answer" if self.interview.state is State.ASKING else "correct")

    def _count_half_an_answer(self) -> None:
        """A name without a number is asked for the rest, but not for ever."""
        question = self._current()
        if question is not None and question is self.interview.next_question():
            self.interview.ask_again(question)

    def _correct(self, reading: Reading) -> None:
        topics = self._record_all(_facts_of(reading))
        if topics:
            self.interview.reopened = None
            self.say("corrected", answers=self._facts(topics))
            self._step("correct")
        else:
            self._reopen(self._last_answered())

    def _reopen(self, key: str) -> None:
        """Back to one question; without a name, ask which one."""
        questions = {question.key: question for question in self.interview.playbook.questions}
        if key not in questions:
            self.say("which_to_correct", Choices(of=FIX, values=tuple(f"fix.{key}" for key in self._answered())))
            return
        self.interview.reopened = key
        self.interview.passed.discard(key)
        self.interview.asked.pop(key, None)
        if self.interview.state in (State.ASKING, State.CONFIRMING):
            self.interview.fire("correct")
            self._ask()
        else:
            self.say("talk_is_over")

    def _decline(self) -> None:
        if self._pass_current():
            self.say("no_problem_skipped")
            self._step("answer")
        else:
            self._not_understood()

    def _do_not_know(self) -> None:
        if self._pass_current():
            self.say("fine_not_to_know")
            self._step("answer")
        else:
            self._not_understood()

    def _pass_current(self) -> bool:
        question = self._current()
        if question is None or self.interview.state is not State.ASKING:
            return False
        self.interview.reopened = None
        self.interview.passed.add(question.key)
        return True

    def _ask_back(self, words: str) -> None:
        self.tx.record(QuestionAsked(lead_id=self.lead.id, by=PROSPECT, words=words))
        self.say("a_person_will_answer", about=self.interview.topic, due_at=None)
        self._ask_or_confirm()

    def _hand_over(self, words: str) -> None:
        if self.interview.state is State.HANDED_OVER:
            self._promise_a_person()
            return
        if self.interview.state is State.DECLINED:
            self.say("talk_is_over")
            return
        leads.want_person(self.tx, self.lead, words=words)
        if self.interview.state is State.ABANDONED:
            self.interview.fire("come_back")
        self.chat.left_in = self.interview.state
        self.interview.fire("hand_over")
        self._close_talk(counts=True)
        self._promise_a_person()
        self._ask_how_to_reach()

    def _promise_a_person(self) -> None:
        """Only who told us how to reach them is told by when; outside working hours we say when somebody is back."""
        hours, reachable = self.tx.policy.working_hours, self.interview.known.reachable
        if hours.is_open(self.tx.now):
            self.say("person_is_coming", reachable=reachable, **receipt.promise(self))
            return
        values = (CALL_BACK, GO_ON) if self.interview.has_more_to_ask else (CALL_BACK,)
        opens_at = hours.next_opening(self.tx.now).isoformat()
        self.say("nobody_is_free", Choices(of=WAITING, values=values), opens_at=opens_at)

    def _wait_for_a_person(self, choice: str) -> None:
        """Until somebody is free: a call back, or on with the questions."""
        if choice == GO_ON:
            self.interview.fire("hand_back")
            self.tx.record(InterviewResumed(lead_id=self.lead.id, by=PROSPECT))
            self._ask_or_confirm()
        elif self.interview.known.contact and self.interview.known.contact.phone:
            self._thank_and_promise()
        else:
            self._ask_for_the_number("number_for_the_call")

    def _thank_and_promise(self) -> None:
        self.say("thank_you_will_reach", receipt.offers(self), **receipt.promise(self))

    def _ask_for_the_number(self, prompt: str) -> None:
        if question := self.interview.playbook.about(Topic.CONTACT):
            self.interview.question = question.key
            self.say(prompt)

    def _ask_how_to_reach(self) -> None:
        self.interview.question = None
        if not self.interview.known.reachable:
            self._ask_for_the_number("how_to_reach_person")

    def _stop(self, words: str, *, deletion: bool) -> None:
        if self.interview.state is not State.DECLINED:
            self.interview.fire("stop")
            self._close_talk(counts=False)
        leads.opt_out(self.tx, self.lead, words=words, by=PROSPECT, deletion=deletion)
        self.interview.question = None
        self.say("deletion_noted" if deletion else "stopped")

    def _not_understood(self) -> None:
        if self.interview.state is State.CONFIRMING:
            self._read_back("please_confirm")
            return
        question = self._current()
        if question is None or self.interview.state is not State.ASKING:
            self.say("talk_is_over")
        elif self.interview.ask_again(question):
            self._ask(again=True)
        else:
            self._move_on()

    def _move_on(self) -> None:
        self.interview.reopened = None
        self.say("moving_on")
        self._step("answer")

    def _complete(self) -> None:
        self.interview.fire("confirm")
        self.interview.question = None
        self._close_talk(counts=True)
        need = self.interview.known.need
        if Stage(self.lead.stage) is Stage.LEAD and need is not None and not need.present:
            leads.put_aside(self.tx, self.lead, Stage.NURTURE, rule="no_need", by="policy")
        reachable = self.interview.known.reachable
        self.say("completed", receipt.offers(self), reachable=reachable, **receipt.promise(self))

    def _hear_afterwards(self, reading: Reading) -> None:
        """After the end the door stays open: facts still count, words reach the rep."""
        if self.interview.state is State.DECLINED:
            self.say("talk_is_over")
            return
        topics = self._record_all(_facts_of(reading))
        if topics or self._was_silent >= STILL_JUDGED:
            leads.reassess(self.tx, self.lead)
        if not topics:
            self._leave_a_message(reading)
        elif self.interview.state is State.HANDED_OVER and self.interview.known.reachable:
            self.interview.question = None
            self._thank_and_promise()
        else:
            self.say("corrected", receipt.offers(self), answers=self._facts(topics))

    def _take_as_reply(self) -> None:
        """Their first word after a person of ours has written to them."""
        line = lines.unanswered_line(self.tx, self.chat, self.chat.seq)
        to = Written(by=line.rep_id, via=lines.CHAT) if line is not None else None
        hear_reply(self.tx, self.lead, to=to, detail=f"message {self.chat.seq}")
        self.chat.rep_seq = None

    def _leave_a_message(self, reading: Reading) -> None:
        if reading.act is Act.QUESTION:
            asked = QuestionAsked(lead_id=self.lead.id, by=PROSPECT, words=reading.text, mirrored=self.chat.follows)
            self.tx.record(asked)
            promised = self._due_at() if self.interview.known.reachable else None
            self.say("a_person_will_answer", about=None, due_at=promised)
        elif _only_agrees(reading):
            self._stay_at_hand()
        else:
            left = MessageLeft(lead_id=self.lead.id, by=PROSPECT, words=reading.text, mirrored=self.chat.follows)
            self.tx.record(left)
            self.say("left_a_message")

    def _stay_at_hand(self) -> None:
        """A mere "yes" or "ok" is no message; but a person who wants a call has yet to say where."""
        if self.interview.state is State.HANDED_OVER and not self.interview.known.reachable:
            self._ask_how_to_reach()
        else:
            self.say("at_your_service")

    # -- when we are not sure ---------------------------------------------------------------

    def _is_unsure(self, topic: Topic, found: Found[Any]) -> bool:
        return topic in CRITERIA and found.certainty < UNSURE

    def _check(self, topic: Topic, found: Found[Any]) -> None:
        value = as_kept(topic, found.value)
        self.chat.pending = {"topic": topic, "value": value, "words": found.words}
        self.say(
            "did_i_get_it",
            Choices(of=COMMON, values=(YES, NO)),
            answers=[answer_fact(topic, found.value)],
        )

    def _take_pending(self) -> dict[str, Any] | None:
        pending, self.chat.pending = self.chat.pending, None
        return pending

    def _take_as_agreed(self, pending: dict[str, Any] | None, reading: Reading) -> None:
        """Who goes on to the next thing lets our reading stand; the read-back shows it once more."""
        if pending is None or reading.act is not Act.ANSWER:
            return
        told, topic = [told for told, _ in _facts_of(reading)], Topic(pending["topic"])
        if told and topic not in told:
            self._record(topic, from_json(topic, pending["value"]), words=pending["words"], certainty=UNSURE)

    def _settle_pending(self, pending: dict[str, Any], *, agreed: bool) -> None:
        topic = Topic(pending["topic"])
        if not agreed:
            self._not_understood()
            return
        self._record(topic, from_json(topic, pending["value"]), words=pending["words"], certainty=1.0)
        self.interview.reopened = None
        self._step("answer" if self.interview.state is State.ASKING else "correct")

    # -- recording --------------------------------------------------------------------------

    def _record_all(self, facts: list[tuple[Topic, Found[Any]]]) -> list[Topic]:
        for topic, found in facts:
            self._record(topic, found.value, words=found.words, certainty=found.certainty)
        return [topic for topic, _ in facts]

    def _record(self, topic: Topic, value: Value, *, words: str, certainty: float) -> None:
        answer = Stated(
            topic=topic,
            value=value,
            words=words,
            certainty=certainty,
            said_by=PROSPECT,
            via="chat",
            at=self.tx.now,
        )
        leads.record_answer(self.tx, self.lead, answer, by=PROSPECT)
        self.interview.known = self.interview.known.with_answer(answer)

    def _close_talk(self, *, counts: bool) -> None:
        """The talk is over: say so in the history, and judge the lead by what was said."""
        self.tx.record(InterviewClosed(lead_id=self.lead.id, by=PROSPECT, state=self.interview.state))
        if counts:
            leads.record_activity(self.tx, self.lead, CHAT_TALK, key=f"{CHAT_TALK}:{self.chat.id}")
            leads.reassess(self.tx, self.lead)

    # -- asking -----------------------------------------------------------------------------

    def _step(self, trigger: str) -> None:
        self.interview.fire(trigger)
        self._ask_or_confirm()

    def _ask_or_confirm(self) -> None:
        if self.interview.state is State.ASKING:
            self._ask()
        elif self.interview.state is State.CONFIRMING:
            self._read_back("please_confirm")

    def _ask(self, *, again: bool = False) -> None:
        question = self.interview.next_question()
        assert question is not None
        self.interview.question = question.key
        prompt = f"{question.key}_again" if again else question.key
        facts = {"known": self._contact_known()} if question.about is Topic.CONTACT else {}
        self.say(prompt, quick_replies(question), **facts)

    def _contact_known(self) -> dict[str, bool]:
        contact = self.interview.known.contact or Contact()
        return {"name": contact.name is not None, "reachable": contact.reachable}

    def read_back_again(self) -> None:
        """After the end: what we understood, to be corrected."""
        self.interview.fire("reopen")
        self.chat.left_in = State.COMPLETED
        self._read_back("please_confirm")

    def all_facts(self) -> list[dict[str, Any]]:
        """Everything we understood, as the prompts read it."""
        return self._facts([topic for topic in Topic if self.interview.known.about(topic)])

    def _read_back(self, prompt: str) -> None:
        self.interview.question = None
        answers = self.all_facts()
        fixes = (FIX,) if answers else ()
        self.say(prompt, Choices(of=COMMON, values=(CONFIRM, *fixes)), answers=answers)

    def _facts(self, topics: list[Topic]) -> list[dict[str, Any]]:
        answers = [self.interview.known.about(topic) for topic in dict.fromkeys(topics)]
        return [answer_fact(answer.topic, answer.value) for answer in answers if answer]

    def _answered(self) -> list[str]:
        known = self.interview.known
        return [question.key for question in self.interview.playbook.questions if known.about(question.about)]

    def _last_answered(self) -> str:
        answered = {answer.topic: answer.at for answer in self.interview.known.stated}
        latest = next(reversed(answered), None)
        question = self.interview.playbook.about(latest) if latest else None
        return question.key if question and self.interview.state is State.ASKING else ""

    def _current(self) -> Question | None:
        return self.interview.playbook.question(self.interview.question) if self.interview.question else None

    def say(self, prompt: str, choices: Choices | None = None, **facts: Any) -> None:
        self.says.append(Say(prompt=prompt, facts=facts, choices=choices))

    def _due_at(self) -> str | None:
        follow_up = latest_follow_up_of(self.tx, self.lead)
        return follow_up.due_at.isoformat() if follow_up and follow_up.status == "open" else None

    def _follow_language(self, reading: Reading) -> None:
        """Answer in the language the person writes; an address or a name alone is no language (D27)."""
        if reading.language == "ja":
            self.chat.language = "ja"
        elif self.chat.language == "ja" and self.topic_asked not in (Topic.COMPANY, Topic.CONTACT):
            words = [word for word in reading.text.split() if word.isascii() and word.strip(".,!?'").isalpha()]
            if len(words) >= LATIN_WORDS_TO_SWITCH:
                self.chat.language = "en"
        if self._lead is not None:
            self._lead.language = self.chat.language

    @property
    def _zone(self) -> ZoneInfo:
        return self.tx.policy.working_hours.zone

    @property
    def _today(self) -> Any:
        return self.tx.now.astimezone(self._zone).date()


def _refuses(reading: Reading, asked: Topic | None) -> bool:
    """A bare "no" to a question about who they are. To the others it may be an answer."""
    return asked in (Topic.COMPANY, Topic.CONTACT) and _is_bare(reading) and yes_or_no(reading.text) is False


def _only_agrees(reading: Reading) -> bool:
    return _is_bare(reading) and yes_or_no(reading.text) is True


def _is_bare(reading: Reading) -> bool:
    return len(reading.text.strip()) <= LONGEST_BARE_WORD[reading.language] and not _facts_of(reading)


def _facts_of(reading: Reading) -> list[tuple[Topic, Found[Any]]]:
    found = [(topic, getattr(reading, name)) for topic, name in PARTS]
    return [(topic, _with_words(fact, reading.text)) for topic, fact in found if fact is not None]


def _with_words(fact: Found[Any], text: str) -> Found[Any]:
    return fact if fact.words else replace(fact, words=text)
