"""One turn of one talk: what is known, what is recorded, and what the bot says.

meant.py            what the prospect says, given what we asked
hearing.py          which of these it is:
acts.py             while the interview runs: an answer, a correction, a question back, "stop", the end
asides.py           what is said to the bot itself: "are you a bot?", "hello"
doubt.py            a reading we are not sure of
person_wanted.py    a wish for a person
afterwards.py       a word after the end
receipt.py          what can be asked for at the end
listening.py        what they say while a person of ours talks with them

How a talk comes out of its rows and goes back into them: kept_talk.py.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from dialogs.interview import QUESTION_STANDS, Interview, State
from dialogs.playbook import Question
from dialogs.reading.yes_no import yes_or_no
from dialogs.records import Chat
from dialogs.reply import Choices, Say, answer_fact, quick_replies
from dialogs.told import Fact, only_gathers
from qualification import consent, leads
from qualification.answers import PROSPECT, Known, Stated, with_what_is_unsaid
from qualification.bant import (
    CRITERIA,
    Authority,
    Budget,
    Clarity,
    Company,
    Contact,
    Need,
    Role,
    Standing,
    Strength,
    Timeframe,
    Topic,
    Value,
)
from qualification.behaviour import CHAT_TALK
from qualification.consent import Purpose
from qualification.events import InterviewClosed
from qualification.followup import open_follow_ups_of
from qualification.records import Lead
from qualification.stages import Stage
from qualification.store import Transaction

EVERYTHING = tuple(Topic)
OF_THE_DEAL = frozenset({Topic.NEED, Topic.TIMEFRAME, Topic.BUDGET})
COMMON = "common"
ENDING = "ending"
CONFIRM = "confirm"
FIX = "fix"
LONGEST_QUOTE = 100
LONGEST_MERE_YES = 16


class Talk:
    """One turn of one talk: the interview, the lead behind it (made at the first word), and what the bot says."""

    def __init__(self, tx: Transaction, chat: Chat, interview: Interview, lead: Lead | None) -> None:
        self.tx = tx
        self.chat = chat
        self.interview = interview
        self.says: list[Say] = []
        self.is_first_word = False
        self.was_silent = tx.now - chat.spoke_at
        self.unsettled: dict[str, Any] | None = None
        self._lead = lead

    @property
    def lead(self) -> Lead:
        return self._lead or self.begin_record()

    def begin_record(self) -> Lead:
        """The lead behind it, from now on."""
        if self._lead is None:
            self.is_first_word = True
            self._lead = leads.capture(
                self.tx, language=self.chat.language, via="chat", source=self.chat.page_url or None
            )
            self.chat.lead_id = self._lead.id
            consent.decide(self.tx, self._lead, Purpose.ENQUIRY, language=self.chat.language)
        return self._lead

    @property
    def own_lead(self) -> Lead:
        """The record this talk began, whatever it is merged into: its receipt opens this talk alone (D29)."""
        lead = self.lead
        return lead if lead.id == self.chat.lead_id else self.tx.get(Lead, self.chat.lead_id)

    @property
    def has_lead(self) -> bool:
        """Whether they have said a word yet."""
        return self._lead is not None

    @property
    def offered(self) -> str | None:
        """Whose quick replies stand below what we said last: "fix", or the key of a question."""
        return self.chat.asked.get("offered")

    @property
    def topic_asked(self) -> Topic | None:
        """What the bot waits for."""
        return self.interview.topic if self.interview.state in QUESTION_STANDS else None

    @property
    def was_away(self) -> bool:
        """Whether they come back: "let's go on" is to where they were then, and to the next question otherwise."""
        return self.was_silent >= timedelta(minutes=self.tx.policy.silence.interview_minutes)

    def current(self) -> Question | None:
        return self.interview.playbook.question(self.interview.question) if self.interview.question else None

    def say(self, prompt: str, choices: Choices | None = None, **facts: Any) -> None:
        self.says.append(Say(prompt=prompt, facts=facts, choices=choices))

    def greet(self) -> None:
        self.say("greeting")
        self.ask()

    def go_quiet(self) -> None:
        """They said nothing more: judged by what they said, or put aside, unless somebody owes them a call."""
        self.interview.fire("go_quiet")
        self.close(counts=self.interview.known.reachable)
        if self.interview.state is State.COMPLETED:
            return
        is_owed = self.lead.wants_person_at is not None or open_follow_ups_of(self.tx, self.lead)
        if Stage(self.lead.stage) is Stage.LEAD and not is_owed:
            leads.put_aside(self.tx, self.lead, Stage.NURTURE, rule="silence", by="clock")

    def make_room_for(self, name: str) -> None:
        """A rep takes over: the bot says who it is, and asks nothing more."""
        if self.interview.state is not State.HANDED_OVER:
            self.chat.left_in = self.interview.state
        self.interview.fire("take_over")
        self.interview.question = None
        self.say("person_is_here", name=name)

    def come_back(self, *, over: bool) -> None:
        """The rep gives the talk back: on with what is still open, or at hand when all was said.

        `over`: they told the rep that they are done, which ends it as silence does.
        """
        ends_here = over and not self.interview.was_completed
        self.interview.was_completed |= over
        self.interview.fire("hand_back")
        if ends_here:
            self.close(counts=self.interview.known.reachable)
        self.interview.question = None
        self.say("bot_is_back", done=self.interview.state is State.COMPLETED)
        self.ask_or_confirm()

    def take_pending(self) -> dict[str, Any] | None:
        """The answer we asked to be confirmed, if there is one; it is asked once, unless they ask something back."""
        self.unsettled, self.chat.pending = self.chat.pending, None
        return self.unsettled

    def record_all(self, facts: list[Fact], *, in_place: bool = False) -> list[Topic]:
        """The topics of the facts that count; `in_place` of what was said before, or beside it."""
        introduced = any(fact.topic is Topic.CONTACT for fact in facts)
        counting = [fact for fact in facts if not (introduced and self._is_said_better(fact))]
        if not in_place:
            beside = len(facts) > 1
            kept = [fact for fact in counting if not self._is_said_clearer(fact, beside=beside)]
            counting = [self._with_the_problem_before(fact) for fact in kept]
        for fact in counting:
            self.record(fact)
        return [fact.topic for fact in counting]

    def _problem_beside(self, fact: Fact) -> Need | None:
        """The problem they told before, where another is told and we did not ask for it."""
        known = self.interview.known.need
        beside = fact.topic is Topic.NEED and self.topic_asked is not Topic.NEED
        return known if beside and known is not None and known.present else None

    def _is_said_clearer(self, fact: Fact, *, beside: bool) -> bool:
        """Whether what they said before tells more.

        "Before summer, if at all possible" says nothing new of what they need, "by June, and costs are no problem"
        takes none away, and who is "just collecting information" changes no time they named.
        """
        if isinstance(fact.value, Need):
            told = self.topic_asked is not None and self._problem_beside(fact) is not None
            return told and (not fact.value.categories if fact.value.present else beside)
        known = self.interview.known.timeframe
        named = known is not None and known.clarity is Clarity.KNOWN and self.topic_asked is not fact.topic
        is_open = isinstance(fact.value, Timeframe) and fact.value.clarity is not Clarity.KNOWN
        return named and is_open and only_gathers(fact.words)

    def _with_the_problem_before(self, fact: Fact) -> Fact:
        """One problem more takes no place of the first."""
        known = self._problem_beside(fact)
        if known is None or not (isinstance(fact.value, Need) and fact.value.present):
            return fact
        kinds = tuple(dict.fromkeys((*known.categories, *fact.value.categories)))
        felt = [one for one in Strength if one in (known.strength, fact.value.strength)]  # the stronger first
        return fact._replace(value=Need(categories=kinds, strength=next(iter(felt), None)))

    def _is_said_better(self, fact: Fact) -> bool:
        """Who said that the CFO approves, or that they decide, does not take it back with the title at their name."""
        known = self.interview.known.authority
        told = known is not None and known.role in (Role.NEEDS_APPROVAL, Role.DECISION_MAKER)
        return fact.by_title and told and self.topic_asked is not Topic.AUTHORITY

    def note(self, facts: list[Fact]) -> bool:
        """Keep what they say of themselves beside the answers, where it is news; whether any was."""
        news = [fact for fact in facts if self._says_more(fact)]
        for fact in news:
            self.record(fact)
        return bool(news)

    def _says_more(self, fact: Fact) -> bool:
        """That somebody asks for a business goes without saying, unless they said otherwise before."""
        known = self.interview.known.about(fact.topic)
        if fact.value == Contact(standing=Standing.BUSINESS) and not self.interview.asks_for_no_firm:
            return False
        return known is None or with_what_is_unsaid(fact.value, known.value) != known.value

    def record(self, fact: Fact) -> None:
        answer = Stated(
            topic=fact.topic,
            value=self._in_their_money(fact.value),
            words=fact.words,
            certainty=fact.certainty,
            said_by=PROSPECT,
            via="chat",
            at=self.tx.now,
        )
        self.interview.known = self.interview.known.with_answer(answer)
        is_all_known = self.lead.id == self.chat.lead_id
        known = self.interview.known if is_all_known else None
        leads.record_answer(self.tx, self.lead, answer, by=PROSPECT, known=known)

    def _in_their_money(self, value: Value) -> Value:
        """ "Sorry, I meant 50k", after $30k, is in dollars."""
        known = self.interview.known.budget
        if known is not None and isinstance(value, Budget) and value.exists and value.currency is None:
            return replace(value, currency=known.currency)
        return value

    @property
    def last_answered(self) -> Topic | None:
        """What they spoke of last, among all that they told."""
        for answer in reversed(self.interview.known.stated):
            if answer.topic in CRITERIA or _answers(answer.value):
                return answer.topic
        return None

    def is_news(self, topic: Topic, *, since: Known) -> bool:
        """Whether it says something else than before, or something more."""
        before, now = since.about(topic), self.interview.known.about(topic)
        return before is None or now is None or before.value != now.value

    def close(self, *, counts: bool) -> None:
        """The talk is over: say so in the history, and judge the lead by what was said."""
        self.tx.record(InterviewClosed(lead_id=self.lead.id, by=PROSPECT, state=self.interview.state))
        if counts:
            leads.record_activity(self.tx, self.lead, CHAT_TALK, key=f"{CHAT_TALK}:{self.chat.id}")
            leads.reassess(self.tx, self.lead)
        else:
            leads.judge(self.tx, self.lead)

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
        way = self.interview.way_left
        if question.about is Topic.CONTACT and way is not None and not self.interview.known.reachable:
            self.put_the_other_way(question, way)
            return
        prompt = self._other_words_for(question) if again else question.key
        self.say(prompt, quick_replies(question), **self._half_known(question.about))

    def put_the_other_way(self, question: Question, way: str) -> None:
        """To be called, or to be written to, they refused: ask for the other."""
        contact = self.interview.known.contact
        replies = quick_replies(question) if self.interview.state is State.ASKING else None
        self.say("the_other_way", replies, way=way, named=contact is not None and contact.name is not None)

    def _other_words_for(self, question: Question) -> str:
        """Nobody wants to read the same excuse twice."""
        return f"{question.key}_again" if self.interview.asked.get(question.key, 0) < 2 else "once_more"

    def _half_known(self, topic: Topic) -> dict[str, Any]:
        """What they told already of the answer we ask for, so that we ask for the rest of it only."""
        known = self.interview.known
        if topic is Topic.CONTACT:
            contact = known.contact or Contact()
            return {"known": {"name": contact.name is not None, "reachable": contact.reachable}}
        firm = known.company
        only_sized = topic is Topic.COMPANY and firm is not None and firm.name is None and firm.headcount is not None
        return {"sized": True} if only_sized else {}

    def read_back(self, prompt: str) -> None:
        self.interview.question = None
        answers = self.all_facts()
        again = {"again": True} if any(said.prompt == "corrected" for said in self.says) else {}
        self.say(prompt, _to_confirm(answers), answers=answers, **again, **self.quoted(EVERYTHING))

    def wait_for_a_yes(self) -> None:
        """What was read back stands just above, and is not read back once more."""
        answers = self.all_facts()
        self.say("still_to_confirm", _to_confirm(answers), something=bool(answers))

    def read_back_again(self) -> None:
        """After the end: what we understood, to be corrected."""
        self.reopen()
        self.read_back("please_confirm")

    def reopen(self) -> None:
        """What was said at the end may be corrected; left alone, it is at its end again."""
        self.interview.fire("reopen")
        self.chat.left_in = State.COMPLETED

    def all_facts(self) -> list[dict[str, Any]]:
        """Everything we understood; without words of theirs, for it is mailed, too, and to whatever address."""
        return self.facts(EVERYTHING)

    def quoted(self, topics: Sequence[Topic]) -> dict[str, Any]:
        """A problem of no kind we know, among these answers, is read back as they put it."""
        need = self.interview.known.about(Topic.NEED) if Topic.NEED in topics else None
        return as_put(need.value, need.words) if need else {}

    def facts(self, topics: Sequence[Topic]) -> list[dict[str, Any]]:
        answers = map(self.interview.known.about, dict.fromkeys(topics))
        return [
            answer_fact(answer.topic, answer.value)
            for answer in answers
            if answer and (answer.topic in OF_THE_DEAL or self._is_shown(answer))
        ]

    def _is_shown(self, answer: Stated) -> bool:
        """Who they are beside name and firm is no answer of ours, and who asks for no firm decides for none."""
        value = answer.value
        if isinstance(value, Authority):
            return value.role is not Role.NONE or not self.interview.asks_for_no_firm
        return _answers(value)

    def answered(self) -> list[str]:
        known = map(self.interview.known.about, Topic)
        topics = {answer.topic for answer in known if answer and self._is_shown(answer)}
        return [question.key for question in self.interview.playbook.questions if question.about in topics]


def _answers(value: Value) -> bool:
    """Whether it answers a question of ours, and does not just say who they are."""
    return not isinstance(value, Company | Contact) or value.answers


def as_put(value: Value, words: str) -> dict[str, Any]:
    """The fact `quoted` of a prompt: the words of a problem that no kind of ours says, if they say more than yes."""
    if not (words and isinstance(value, Need) and value.present and not value.categories):
        return {}
    is_mere_yes = len(words) <= LONGEST_MERE_YES and yes_or_no(words) is not None
    return {} if is_mere_yes else {"quoted": words[:LONGEST_QUOTE]}


def _to_confirm(answers: list[dict[str, Any]]) -> Choices:
    """Who has told nothing has nothing to change, and agrees to the end."""
    return Choices(of=COMMON, values=(CONFIRM, FIX)) if answers else Choices(of=ENDING, values=(CONFIRM,))
