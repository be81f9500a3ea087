"""The facts of one message beside each other: what one of them makes of another that was read from the same words."""

import re
from dataclasses import dataclass, replace
from typing import Any

from dialogs.reading.decider_rules import BY_TITLE
from dialogs.reading.found import UNSURE, Found
from dialogs.reading.text import Text
from qualification.bant import Authority, Budget, Clarity, Company, Contact, Need, Role, Timeframe, Topic


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """What was found for each criterion, for the firm and for whom to reach."""

    budget: Found[Budget] | None = None
    timeframe: Found[Timeframe] | None = None
    authority: Found[Authority] | None = None
    need: Found[Need] | None = None
    company: Found[Company] | None = None
    contact: Found[Contact] | None = None

    def tells(self, topic: Topic) -> bool:
        return getattr(self, topic.value) is not None

    @property
    def count(self) -> int:
        every = (self.budget, self.timeframe, self.authority, self.need, self.company, self.contact)
        return sum(fact is not None for fact in every)


def settled(own: Text, facts: Facts) -> Facts:
    """The facts of the text as they stand beside each other, without those another one explains."""
    for rule in (
        _without_a_limit,
        _without_a_spoken_year,
        _without_approval_as_a_need,
        _without_counted_people,
        _without_a_guessed_firm,
    ):
        facts = rule(own, facts)
    return facts


def without_the_slip(own: Text, facts: Facts) -> Facts:
    """「11月の間違いだわ」: the mistake a correction speaks of is no trouble of the firm's."""
    need = facts.need
    if need and (
        need.certainty < UNSURE
        or need.words in _A_SLIP
        or _OF_AN_ANSWER.fullmatch(need.words)
        or _CHANGES_AN_ANSWER.search(own.plain)
    ):
        return replace(facts, need=None)
    return facts


_A_SLIP = frozenset({"間違い", "の間違い", "間違え", "ミス", "mistake", "error"})
_OF_AN_ANSWER = re.compile(r"(?:書き|打ち|入れ|言い|押し|写し|聞き)間違[えい]?|誤[記字]|誤入力|入力(?:ミス|間違い?)")
"""「メアド書き間違えてました」"""
_CHANGES_AN_ANSWER = re.compile("(?:答え|回答|返事|入力|やつ)[をは、]{0,2}(?:変え|直し|変更し|訂正し|修正し)たい")


def _without_a_limit(own: Text, facts: Facts) -> Facts:
    """ "Under 5k I can, more is the owner", "the CFO approves anything over 10k": a limit of approval, no budget."""
    who, amount = facts.authority, facts.budget
    if not (who and amount and who.value.role is Role.NEEDS_APPROVAL):
        return facts
    above = who.rule == "authority.above_the_limit" and amount.span[0] <= who.span[0]
    if above or _APPROVES_AMOUNTS.search(own.raw, max(0, amount.span[0] - 24), amount.span[1]):
        return replace(facts, budget=None)
    return facts


_APPROVES_AMOUNTS = re.compile(
    r"(?i)\b(?:anything|everything|whatever|all|(?<!could )(?<!would )(?<!might )(?<!can )(?<! to )"
    r"(?<!we )(?<!i )(?<!'d )(?<!'ll )spend|purchases|(?:every|any|each|all) [a-z]+|requests|orders"
    r"|invoices|contracts|(?:approves?|signs?(?: off)?(?: on)?|authori[sz]es?))"
    r" (?:over|above|beyond|under|up to|below|of more than|of over)\b"
)


def _without_a_spoken_year(_: Text, facts: Facts) -> Facts:
    """ "In two thousand and twenty-seven" names a year, no amount."""
    amount, when = facts.budget, facts.timeframe
    if not (amount and when and when.span[0] <= amount.span[0] and amount.span[1] <= when.span[1]):
        return facts
    if amount.value.clarity is Clarity.NONE:
        return replace(facts, timeframe=None)  # "we can't spend anything this year" dates the money
    a_year = amount.value.clarity is Clarity.KNOWN and amount.value.currency is None
    return replace(facts, budget=None) if a_year else facts


def _without_approval_as_a_need(own: Text, facts: Facts) -> Facts:
    """ "It needs the directors' approval" wants nothing, "nobody to ask" lacks nobody: they say who decides."""
    need, who = facts.need, facts.authority
    if need and who and who.rule == "authority.nobodys_approval" and _touch(need, who):
        goes_on = _GOES_ON.match(own.raw, who.span[1])  # "nobody to ask when it breaks"
        return replace(facts, authority=None) if goes_on else replace(facts, need=None)
    if not (need and who) or need.rule != "need.want" or who.rule in BY_TITLE or not _touch(need, who, apart=6):
        return facts
    if _SENTENCE_ENDS.search(own.raw, *sorted((need.span[1], who.span[0]))):
        return facts
    if "," in own.raw[need.span[0] : who.span[0]]:
        return facts  # "we want a CRM, our director must sign"
    return replace(facts, need=None)


_GOES_ON = re.compile(r" (?:when|if|about|for|how|whenever|once|at)\b")
_SENTENCE_ENDS = re.compile(r"[。.!?)\n]")


def _without_counted_people(_: Text, facts: Facts) -> Facts:
    """Asked for the budget, "I said 17 employees, I meant 70" tells of 70 people, not of 70 to spend."""
    company, amount = facts.company, facts.budget
    counted = company and company.value.headcount
    if amount and counted and amount.value.currency is None and amount.value.minimum == counted.minimum is not None:
        return replace(facts, budget=None)
    return facts


def _without_a_guessed_firm(_: Text, facts: Facts) -> Facts:
    """「情報収集です」, asked for the company, is no company: what another rule understood is not a name as well."""
    guess = facts.company
    if guess is None or guess.certainty >= UNSURE:
        return facts
    others = (facts.budget, facts.timeframe, facts.authority, facts.need)
    overlapped = any(_touch(fact, guess) for fact in others if fact)
    return replace(facts, company=None) if overlapped or _is_whom_to_reach(guess, facts.contact) else facts


def _is_whom_to_reach(guess: Found[Company], contact: Found[Contact] | None) -> bool:
    """ "I'm Zoë Hall, zoe@example.com", asked once more for the company, says who they are and not where they work."""
    firm_name, person = guess.value.name, contact.value.name if contact and contact.value.reachable else None
    return bool(firm_name and person) and (str(person) in str(firm_name) or str(firm_name) in str(person))


def _touch(one: Found[Any], other: Found[Any], *, apart: int = 0) -> bool:
    return one.span[0] < other.span[1] + apart and other.span[0] < one.span[1] + apart
