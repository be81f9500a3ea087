"""What happened to a lead, a short line for each event: when, what, the facts that matter, and who did it."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from bot.in_words.amounts import amount
from bot.in_words.answers import one_line
from bot.words import Words
from qualification.dossier import Dossier
from qualification.duplicates import MERGED
from qualification.events import BOT, CLOCK, OPERATOR, POLICY
from qualification.timeline import Line

Facts = Mapping[str, Any]
Teller = Callable[["History", Facts], str]
OURS = frozenset({"prospect", BOT, CLOCK, POLICY, OPERATOR})


class History:
    """The history of one lead in one language; instants in the firm's zone, people by their names."""

    def __init__(self, dossier: Dossier, words: Words, language: str, now: datetime) -> None:
        self._dossier, self._words, self._language, self._now = dossier, words, language, now

    def lines(self) -> list[str]:
        """Oldest first. What people said stands in it as they said it: escape it where it is shown."""
        return [self.line(event) for event in self._dossier.history]

    def line(self, event: Line) -> str:
        """`18 May 10:02  Call: Connected, note: Friday - Yamada Yuki`."""
        at = event.at.astimezone(self._words.zone)
        what = self.label("event", event.kind)
        told = TOLD[event.kind](self, event.facts) if event.kind in TOLD else ""
        shape = "event_told" if told else "event"
        return self.label("show", shape).format(
            at=f"{at:%Y-%m-%d %H:%M}", what=what, told=told, who=self.person(event.by)
        )

    def label(self, kind: str, key: str) -> str:
        return self._words.label(kind, key, self._language)

    def person(self, who: str | None) -> str:
        return who_in_words(who, self._dossier.names, self._words, self._language)

    def answer(self, facts: Facts) -> str:
        value = self._words.answer(facts["topic"], facts["value"], self._language)
        return f"{self.label('topic', facts['topic'])} {value}{self.quoted(facts)}"

    def quoted(self, facts: Facts, name: str = "words") -> str:
        return self.label("show", "quoted").format(words=one_line(facts[name])) if facts.get(name) else ""

    def moved(self, facts: Facts) -> str:
        steps = f"{self.label('stage', facts['before'])} → {self.label('stage', facts['after'])}"
        grounds = self._words.evidence(facts.get("evidence") or (), self._language)
        rule = self.label("rule", facts["rule"])
        if facts["rule"] == MERGED:  # its words are the other record's id
            return self.joined(steps, f"{rule} {short(facts['words'])}", grounds)
        return self.joined(steps, rule, grounds) + self.quoted(facts)

    def called(self, facts: Facts) -> str:
        length = self.span(facts["minutes"]) if facts.get("minutes") else ""
        again = self.moment(facts["call_back_at"]) if facts.get("call_back_at") else ""
        return self.joined(self.label("outcome", facts["outcome"]), length, again) + self.quoted(facts, "note")

    def clock(self, facts: Facts) -> str:
        return self.joined(self.label("rule", facts["rule"]), self.moment(facts["due_at"]))

    def step(self, facts: Facts) -> str:
        return self.joined(self.label("rule", facts["rule"]), self.label("step", facts["step"]))

    def met(self, facts: Facts) -> str:
        met = self.label("follow_up", "met_late" if facts["late"] else "met")
        rule, grade = self.label("rule", facts["rule"]), self.label("grade", facts["grade"])
        return self.joined(rule, grade, self.span(facts["minutes"]), met)

    def until(self, facts: Facts) -> str:
        rule = self.label("rule", facts["rule"])
        return self.joined(rule, f"→ {self.moment(facts['until'])}") + self.quoted(facts, "reason")

    def owner(self, facts: Facts) -> str:
        return f"{self.person(facts['before'])} → {self.person(facts['after'])}"

    def result(self, facts: Facts) -> str:
        worth = amount(facts["amount"], facts["currency"], self._language) if facts.get("amount") is not None else ""
        return self.joined(self.label("result", facts["result"]), worth) + self.quoted(facts)

    def mail(self, facts: Facts) -> str:
        return one_line(str(facts["to"])) + self.quoted(facts, "subject") + self.quoted(facts, "problem")

    def span(self, minutes: int) -> str:
        return self._words.span(minutes, self._language)

    def moment(self, at: str) -> str:
        return self._words.when(datetime.fromisoformat(at), self._language, self._now)

    def joined(self, *parts: str) -> str:
        return self.label("show", "comma").join(part for part in parts if part)


def who_in_words(who: str | None, names: Mapping[str, str], words: Words, language: str) -> str:
    """Who did it: one of our own hands, a colleague by name, or nobody."""
    if who in OURS:
        return words.label("actor", who, language)
    return words.colleague(who, names, language) if who else words.label("show", "nobody", language)


def _spoken(history: History, facts: Facts) -> str:
    return history.quoted(facts).strip()


def _reason(history: History, facts: Facts) -> str:
    return history.quoted(facts, "reason").strip()


def _other(history: History, facts: Facts) -> str:
    return short(facts.get("merged_id") or facts["other_id"])


def short(lead_id: str) -> str:
    """The beginning of a record's id, as the terminal names leads."""
    return lead_id[:10]


TOLD: Mapping[str, Teller] = {
    "lead_captured": lambda history, facts: history.label("via", facts["via"]),
    "answer_given": History.answer,
    "question_asked": _spoken,
    "message_left": _spoken,
    "note_kept": _spoken,
    "person_wanted": _spoken,
    "document_wanted": lambda history, facts: one_line(str(facts["form"])),
    "opted_out": _spoken,
    "leads_merged": _other,
    "merge_undone": _other,
    "kept_apart": _other,
    "prospect_replied": lambda history, facts: history.label("via", facts["via"]),
    "prospect_waits": lambda history, facts: history.span(facts["minutes"]),
    "interview_closed": lambda history, facts: history.label("interview", facts["state"]),
    "stage_moved": History.moved,
    "lead_offered": lambda history, facts: history.label("rule", facts["rule"]),
    "result_told": History.result,
    "owner_changed": History.owner,
    "handed_back": _reason,
    "undone": lambda history, facts: history.label("deed", facts["deed"]),
    "call_logged": History.called,
    "mail_queued": History.mail,
    "mail_accepted": History.mail,
    "mail_failed": History.mail,
    "receipt_mailed": History.mail,
    "alert_rerouted": lambda history, facts: one_line(str(facts["to"])) + history.quoted(facts, "problem"),
    "follow_up_opened": History.clock,
    "follow_up_recounted": History.clock,
    "nobody_called": History.clock,
    "sooner_wanted": History.clock,
    "step_taken": History.step,
    "follow_up_met": History.met,
    "follow_up_cancelled": lambda history, facts: history.joined(
        history.label("rule", facts["rule"]), history.label("rule", facts["reason"])
    ),
    "follow_up_snoozed": History.until,
    "follow_up_seen": History.until,
    "owner_away": lambda history, facts: f"→ {history.moment(facts['back_at'])}",
}
