"""One turn of one talk: what is known, what is recorded, and what the bot says.

hearing.py          what the prospect says, and which of these it is:
acts.py             while the interview runs: an answer, a correction, a question back, "stop", the end
doubt.py            a reading we are not sure of
person_wanted.py    a wish for a person
afterwards.py       a word after the end
receipt.py          what can be asked for at the end
"""

from typing import Any

from dialogs.interview import Interview, State
from dialogs.playbook import Question
from dialogs.reading.found import Found
from dialogs.records import Chat
from dialogs.reply import Choices, Say, answer_fact, quick_replies
from qualification import consent, leads
from qualification.answers import PROSPECT, Stated
from qualification.bant import Contact, Topic, Value
from qualification.behaviour import CHAT_TALK
from qualification.consent import Purpose
from qualification.events import InterviewClosed
from qualification.records import Lead
from qualification.stages import Stage
from qualification.store import Transaction

COMMON = "common"
CONFIRM = "confirm"
FIX = "fix"


class Talk:
    """One turn of one talk: the interview, the lead behind it (made at the first word), and what the bot says."""

    def __init__(self, tx: Transaction, chat: Chat, interview: Interview, lead: Lead | None) -> None:
        self.tx = tx
        self.chat = chat
        self.interview = interview
        self.says: list[Say] = []
        self.is_first_word = False
        self.was_silent = tx.now - chat.spoke_at
        self._lead = lead

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
    def has_lead(self) -> bool:
        """Whether they have said a word yet."""
        return self._lead is not None

    @property
    def topic_asked(self) -> Topic | None:
        """What the bot waits for; a person who was promised a call may still be asked how to reach them."""
        if self.interview.state in (State.ASKING, State.ABANDONED, State.HANDED_OVER):
            return self.interview.topic
        return None

    def current(self) -> Question | None:
        return self.interview.playbook.question(self.interview.question) if self.interview.question else None

    def say(self, prompt: str, choices: Choices | None = None, **facts: Any) -> None:
        self.says.append(Say(prompt=prompt, facts=facts, choices=choices))

    def greet(self) -> None:
        self.say("greeting")
        self.ask()

    def go_quiet(self) -> None:
        self.interview.fire("go_quiet")
        self.close(counts=self.interview.known.reachable)
        if self.interview.state is State.COMPLETED:
            return
        if Stage(self.lead.stage) is Stage.LEAD and self.lead.wants_person_at is None:
            leads.put_aside(self.tx, self.lead, Stage.NURTURE, rule="silence", by="clock")

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
        self.ask_or_confirm()

    def take_pending(self) -> dict[str, Any] | None:
        """The answer we asked to be confirmed, if there is one; it is asked once."""
        pending, self.chat.pending = self.chat.pending, None
        return pending

    def record_all(self, facts: list[tuple[Topic, Found[Any]]]) -> list[Topic]:
        for topic, found in facts:
            self.record(topic, found.value, words=found.words, certainty=found.certainty)
        return [topic for topic, _ in facts]

    def record(self, topic: Topic, value: Value, *, words: str, certainty: float) -> None:
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

    def close(self, *, counts: bool) -> None:
        """The talk is over: say so in the history, and judge the lead by what was said."""
        self.tx.record(InterviewClosed(lead_id=self.lead.id, by=PROSPECT, state=self.interview.state))
        if counts:
            leads.record_activity(self.tx, self.lead, CHAT_TALK, key=f"{CHAT_TALK}:{self.chat.id}")
            leads.reassess(self.tx, self.lead)

    def step(self, trigger: str) -> None:
        self.interview.fire(trigger)
        self.ask_or_confirm()

    def ask_or_confirm(self) -> None:
        if self.interview.state is State.ASKING:
            self.ask()
        elif self.interview.state is State.CONFIRMING:
            self.read_back("please_confirm")

    def ask(self, *, again: bool = False) -> None:
        question = self.interview.next_question()
        assert question is not None
        self.interview.question = question.key
        prompt = f"{question.key}_again" if again else question.key
        facts = {"known": self._contact_known()} if question.about is Topic.CONTACT else {}
        self.say(prompt, quick_replies(question), **facts)

    def _contact_known(self) -> dict[str, bool]:
        contact = self.interview.known.contact or Contact()
        return {"name": contact.name is not None, "reachable": contact.reachable}

    def read_back(self, prompt: str) -> None:
        self.interview.question = None
        answers = self.all_facts()
        fixes = (FIX,) if answers else ()
        self.say(prompt, Choices(of=COMMON, values=(CONFIRM, *fixes)), answers=answers)

    def read_back_again(self) -> None:
        """After the end: what we understood, to be corrected."""
        self.interview.fire("reopen")
        self.chat.left_in = State.COMPLETED
        self.read_back("please_confirm")

    def all_facts(self) -> list[dict[str, Any]]:
        """Everything we understood, as the prompts read it."""
        return self.facts([topic for topic in Topic if self.interview.known.about(topic)])

    def facts(self, topics: list[Topic]) -> list[dict[str, Any]]:
        answers = [self.interview.known.about(topic) for topic in dict.fromkeys(topics)]
        return [answer_fact(answer.topic, answer.value) for answer in answers if answer]

    def answered(self) -> list[str]:
        known = self.interview.known
        return [question.key for question in self.interview.playbook.questions if known.about(question.about)]
