"""The words in which a rep's day is told: who presses what on which lead, and what is seen then."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bot.sandbox.driver import Person, all_words, pressable_labels
from bot.sandbox.records import Message, View
from qualification.dossier import Dossier
from tests.desk import Bench

FIRMS = {"ja": "株式会社アサヒ{number:02}", "en": "Northwind {number:02}"}
PEOPLE = {"ja": "山田 太郎", "en": "Jane Smith"}


@dataclass
class Day:
    """One rep's desk on one day, in one language."""

    bench: Bench
    rep: Person
    manager: Person
    language: str

    # -- words ------------------------------------------------------------------------------

    def says(self, kind: str, key: str, **facts: object) -> str:
        return self.bench.services.words.label(kind, key, self.language).format(**facts)

    def button(self, key: str) -> str:
        return self.says("card", key)

    def outcome(self, key: str) -> str:
        return self.says("desk", "call_back_button") if key == "call_back" else self.says("outcome", key)

    # -- leads and time ---------------------------------------------------------------------

    async def leads_arrive(self, count: int) -> list[str]:
        """So many prospects finished their chat; each has a card and a running clock."""
        leads = []
        for number in range(1, count + 1):
            company, person = FIRMS[self.language].format(number=number), PEOPLE[self.language]
            leads.append(await self.bench.has_lead(company=company, person=person, language=self.language))
            self.bench.clock.advance(seconds=6)
        return leads

    async def passes(self, **time: float) -> None:
        self.bench.clock.advance(**time)
        await self.bench.settle()

    async def look(self, lead: str) -> Dossier:
        await self.bench.settle()
        return await self.bench.dossier(lead)

    async def clocks(self, leads: Sequence[str]) -> list[str]:
        """How the duty of first contact stands on each: open, met, overdue..."""
        dossiers = [await self.look(lead) for lead in leads]
        return [dossier.follow_up.status if dossier.follow_up else "none" for dossier in dossiers]

    # -- pressing ---------------------------------------------------------------------------

    async def presses(self, key: str, lead: str, *, who: Person | None = None) -> None:
        """A button or menu entry of the lead's card."""
        await (who or self.rep).clicks(self.button(key), on=self.bench.card(lead))

    async def logs(self, outcome: str, lead: str) -> None:
        """One press in the thread."""
        await self.rep.clicks(self.outcome(outcome), on=self.line_with(self.outcome(outcome), lead))
        await self.bench.settle()

    async def takes_back(self, lead: str) -> None:
        undo = self.says("desk", "undo_for_five_minutes")
        await self.rep.clicks(undo, on=self.line_with(undo, lead))
        await self.bench.settle()

    async def fills(self, fields: dict[str, Any], *, who: Person | None = None) -> None:
        """Fill the form that is open, by the labels of its fields, and send it in."""
        person = who or self.rep
        assert await person.submits(await person.modal(), fields) == {}
        await self.bench.settle()

    async def calls_back_in(self, lead: str, **time: float) -> None:
        await self.logs("call_back", lead)
        at = self.bench.clock() + timedelta(**time)
        await self.fills({self.says("form", "call_back_at"): at})

    # -- seeing -----------------------------------------------------------------------------

    def line_with(self, button: str, lead: str) -> Message:
        """The newest line of the lead's thread that has this button."""
        return next(line for line in reversed(self.bench.thread(lead)) if button in pressable_labels(line.blocks))

    def is_rung(self, lead: str) -> bool:
        """Whether the newest line of the thread calls the rep by name."""
        return f"<@{self.rep.id}>" in self.bench.thread(lead)[-1].text

    async def home(self, words: str) -> str:
        """Everything the rep's Home shows, once it shows these words."""
        self.rep.opens_home()
        home: View = await self.rep.waits_for_home(words)
        return all_words(home.blocks)

    def told_privately(self) -> str:
        return self.rep.sees_privately("#leads")[-1].text

    def managers_heard(self, about: str) -> list[str]:
        return [message.text for message in self.bench.managers_see() if about in message.text]
