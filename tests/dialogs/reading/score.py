"""How well the reader hears: act accuracy and F1 per fact, in each language, and every miss.

    python -m tests.dialogs.reading.score              all tables
    python -m tests.dialogs.reading.score budget acts  only tables whose name holds one of the words
    python -m tests.dialogs.reading.score -q           the numbers without the misses

What counts as heard: budget its clarity, amounts, currency and period; authority the role; need presence and strength;
timeframe clarity and last day exactly, and a first day at most 0.3 months off; contact each field by itself.
Approver and kinds of need are counted apart.
"""

import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from dialogs.reading import read
from dialogs.reading.found import Reading
from qualification.bant import Budget, Clarity, Headcount, Need, Timeframe
from tests.dialogs.reading.table import Case, Heard, load

DAYS_PER_MONTH = 30.4375
MONTHS_OFF = 0.3
CONTACT_FIELDS = ("email", "phone", "company", "name", "headcount")
LEGAL_FORM = re.compile(r"株式会社|有限会社|合同会社|\([株有]\)|\b(?:inc|llc|ltd|ltda|gmbh|co|corp)\b|[\s,.、。・]")


def as_heard(reading: Reading) -> Heard:
    """The reader's answer in the shape of the tables."""
    contact: dict[str, str | Headcount] = {}
    if reading.contact:
        value = reading.contact.value
        for name, words in (("name", value.name), ("email", value.email), ("phone", value.phone)):
            if words:
                contact[name] = words
    if reading.company:
        if reading.company.value.name:
            contact["company"] = reading.company.value.name
        if reading.company.value.headcount:
            contact["headcount"] = reading.company.value.headcount
    return Heard(
        act=reading.act,
        budget=reading.budget.value if reading.budget else None,
        timeframe=reading.timeframe.value if reading.timeframe else None,
        authority=reading.authority.value if reading.authority else None,
        need=reading.need.value if reading.need else None,
        contact=contact,
    )


def same_budget(said: Budget, heard: Budget) -> bool:
    if said.clarity is not Clarity.KNOWN:
        return said.clarity is heard.clarity
    return said == heard


def months_from(today: date, day: date) -> float:
    return max(0.0, (day - today).days / DAYS_PER_MONTH)


def same_end(said: Timeframe, heard: Timeframe) -> bool:
    if said.clarity is not Clarity.KNOWN:
        return said.clarity is heard.clarity
    return heard.clarity is Clarity.KNOWN and said.latest == heard.latest


def same_start(said: Timeframe, heard: Timeframe, today: date) -> bool:
    """An unsaid start counts as today."""
    if said.clarity is not Clarity.KNOWN:
        return True
    return abs(months_from(today, said.earliest or today) - months_from(today, heard.earliest or today)) <= MONTHS_OFF


def same_need(said: Need, heard: Need) -> bool:
    return (said.present, said.strength) == (heard.present, heard.strength)


def plain(words: str) -> str:
    return LEGAL_FORM.sub("", unicodedata.normalize("NFKC", words).casefold().strip())


def same_field(said: str | Headcount, heard: str | Headcount) -> bool:
    if isinstance(said, Headcount) or isinstance(heard, Headcount):
        return said == heard
    return plain(said) == plain(heard)


def same_approver(said: str, heard: str | None) -> bool:
    """One name may hold the other: "社長" and "弊社の社長" are the same person."""
    return bool(heard) and (plain(said) in plain(heard or "") or plain(heard or "") in plain(said))


@dataclass(frozen=True, kw_only=True)
class Judged:
    """One fact of one text: was it said, was something heard, was it right."""

    fact: str
    said: bool
    heard: bool
    right: bool


def judge(said: Heard, heard: Heard, today: date) -> Iterable[Judged]:
    """Every fact that was said or heard."""
    budget = said.budget and heard.budget and same_budget(said.budget, heard.budget)
    authority = said.authority and heard.authority and said.authority.role is heard.authority.role
    need = said.need and heard.need and same_need(said.need, heard.need)
    end = said.timeframe and heard.timeframe and same_end(said.timeframe, heard.timeframe)
    both_ends = end and said.timeframe and heard.timeframe and same_start(said.timeframe, heard.timeframe, today)
    for fact, one, other, right in (
        ("budget", said.budget, heard.budget, budget),
        ("authority", said.authority, heard.authority, authority),
        ("need", said.need, heard.need, need),
        ("timeframe", said.timeframe, heard.timeframe, end),
        ("timeframe_strict", said.timeframe, heard.timeframe, both_ends),
    ):
        if one or other:
            yield Judged(fact=fact, said=one is not None, heard=other is not None, right=bool(right))
    for name in CONTACT_FIELDS:
        here, there = said.contact.get(name), heard.contact.get(name)
        if here or there:
            same = bool(here and there and same_field(here, there))
            yield Judged(fact=f"contact.{name}", said=here is not None, heard=there is not None, right=same)


def misses(said: Heard, heard: Heard, today: date) -> list[str]:
    """What was heard wrongly, one phrase each; empty when all is right."""
    wrong = [] if said.act is heard.act else [f"act is {said.act}, heard {heard.act}"]
    for judged in judge(said, heard, today):
        if judged.right or judged.fact == "timeframe":  # the strict judgement tells the same, and more
            continue
        slot, _, name = judged.fact.removesuffix("_strict").partition(".")
        one = said.contact.get(name) if name else getattr(said, slot)
        other = heard.contact.get(name) if name else getattr(heard, slot)
        wrong.append(f"{name or slot} is {one}, heard {other}")
    return wrong


@dataclass
class Tally:
    """Counts over some rows."""

    rows: int = 0
    acts: int = 0
    exact: int = 0
    said: Counter[str] = field(default_factory=Counter)
    heard: Counter[str] = field(default_factory=Counter)
    right: Counter[str] = field(default_factory=Counter)
    approvers: list[bool] = field(default_factory=list)

    def add(self, case: Case, heard: Heard) -> None:
        said, today = case.expected, case.now.date()
        self.rows += 1
        self.acts += said.act is heard.act
        self.exact += not misses(said, heard, today)
        for judged in judge(said, heard, today):
            names = [judged.fact] + (["contact"] if judged.fact.startswith("contact.") else [])
            for name in names:
                self.said[name] += judged.said
                self.heard[name] += judged.heard
                self.right[name] += judged.right
        if said.authority and said.authority.approver:
            self.approvers.append(
                same_approver(said.authority.approver, heard.authority.approver if heard.authority else None)
            )
        kinds_said = set(said.need.categories) if said.need else set()
        kinds_heard = set(heard.need.categories) if heard.need else set()
        self.said["need kinds"] += len(kinds_said)
        self.heard["need kinds"] += len(kinds_heard)
        self.right["need kinds"] += len(kinds_said & kinds_heard)

    def f1(self, name: str) -> float:
        both = self.said[name] + self.heard[name]
        return 2 * self.right[name] / both if both else 1.0

    def lines(self) -> Iterable[str]:
        rows = self.rows or 1
        yield f"{self.rows} rows, act {self.acts / rows:.3f}, exact {self.exact / rows:.3f}"
        for name in sorted(self.said):
            yield (
                f"   {name:18s} F1 {self.f1(name):.3f}"
                f"  (said {self.said[name]}, heard {self.heard[name]}, right {self.right[name]})"
            )
        if self.approvers:
            yield f"   {'approver':18s} {sum(self.approvers)} of {len(self.approvers)}"


GROUPS = ("all", "ja", "en", "not hard")


def groups_of(case: Case) -> list[str]:
    return ["all", case.language, *([] if case.expected.hard else ["not hard"])]


def main(arguments: list[str]) -> None:
    quiet = "-q" in arguments
    words = [word for word in arguments if not word.startswith("-")]
    tallies = {group: Tally() for group in GROUPS}
    for case in load():
        if words and not any(word in case.file for word in words):
            continue
        heard = as_heard(read(case.text, question=case.question, now=case.now))
        for group in groups_of(case):
            tallies[group].add(case, heard)
        wrong = misses(case.expected, heard, case.now.date())
        if wrong and not quiet:
            print(f"{case.id} [{case.question or 'any'}] {case.now:%Y-%m-%d} {case.text}")
            for phrase in wrong:
                print(f"      {phrase}")
    for group, tally in tallies.items():
        if tally.rows:
            print(f"[{group}]", *tally.lines(), sep="\n")


if __name__ == "__main__":
    main(sys.argv[1:])
