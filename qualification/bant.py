"""Budget, authority, need and timeframe: what a prospect can tell us, as plain values (M30).

Each value says how clear it is: a stated amount, "not decided yet" and "there is none" are
three different answers, and silence is a fourth (no value at all).
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Annotated, Any

from pydantic import PlainSerializer, TypeAdapter


class Topic(StrEnum):
    """What an answer is about: the four criteria, and how to reach whom."""

    NEED = "need"
    TIMEFRAME = "timeframe"
    AUTHORITY = "authority"
    BUDGET = "budget"
    COMPANY = "company"
    CONTACT = "contact"


CRITERIA = (Topic.NEED, Topic.TIMEFRAME, Topic.AUTHORITY, Topic.BUDGET)


class Clarity(StrEnum):
    """How clear an answer is (M35): stated, not decided yet, or explicitly none."""

    KNOWN = "known"
    UNDECIDED = "undecided"
    NONE = "none"


class Period(StrEnum):
    """What a budget covers, only when the person said so; amounts are never multiplied out."""

    MONTH = "month"
    YEAR = "year"
    ONCE = "once"


class Role(StrEnum):
    """The person's part in the decision (M36)."""

    DECISION_MAKER = "decision_maker"
    NEEDS_APPROVAL = "needs_approval"
    INFLUENCER = "influencer"
    NONE = "none"


class Industry(StrEnum):
    """The firm's line of business, as segments and rules speak of it (M55, M138-M145)."""

    IT = "it"
    SAAS = "saas"
    MANUFACTURING = "manufacturing"
    TRADE = "trade"
    SERVICES = "services"
    CONSUMER_GOODS = "consumer_goods"
    FINANCE = "finance"
    HEALTHCARE = "healthcare"
    EDUCATION = "education"
    PUBLIC = "public"
    OTHER = "other"


class Standing(StrEnum):
    """For whom the person asks: a firm, their studies, or themselves (M61)."""

    BUSINESS = "business"
    STUDENT = "student"
    PRIVATE = "private"


NO_BUSINESS = frozenset({Standing.STUDENT, Standing.PRIVATE})
"""Who asks for no firm."""


class Strength(StrEnum):
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


Sum = int | Annotated[Decimal, PlainSerializer(float, return_type=float, when_used="json")]
"""Money in major units (yen, dollars): an integer, or a Decimal with two places when cents were said ($49.99)."""


@dataclass(frozen=True, kw_only=True)
class Budget:
    """An amount in major units; one open side is None. Currency is an ISO code, None when unsaid."""

    minimum: Sum | None = None
    maximum: Sum | None = None
    currency: str | None = None
    period: Period | None = None
    clarity: Clarity = Clarity.KNOWN

    @property
    def exists(self) -> bool:
        """Known and above zero (M17, D6); "undecided" is not known."""
        return self.clarity is Clarity.KNOWN and max(self.minimum or 0, self.maximum or 0) > 0


@dataclass(frozen=True, kw_only=True)
class Timeframe:
    """When they want to go live: both dates inclusive, in the speaker's calendar; one open side is None.

    `rough` when it was said as months or years from today ("in 3 months") or as "soon": people are then shown months,
    not days. It does not make two answers differ.
    """

    earliest: date | None = None
    latest: date | None = None
    clarity: Clarity = Clarity.KNOWN
    rough: bool = field(default=False, compare=False)


@dataclass(frozen=True, kw_only=True)
class Authority:
    """Who decides; `approver` is the person or body as the speaker named them."""

    role: Role
    approver: str | None = None


@dataclass(frozen=True, kw_only=True)
class Need:
    """Whether there is a problem to solve, how hard it presses, and which kinds of problem."""

    present: bool = True
    strength: Strength | None = None
    categories: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Headcount:
    minimum: int | None = None
    maximum: int | None = None


@dataclass(frozen=True, kw_only=True)
class Company:
    name: str | None = None
    headcount: Headcount | None = None
    industry: Industry | None = None

    @property
    def answers(self) -> bool:
        """Whether it says what we ask for: a name, or how many they are."""
        return self.name is not None or self.headcount is not None


@dataclass(frozen=True, kw_only=True)
class Contact:
    """How to reach the person, and their place in the firm: e-mail in lower case, phone in E.164, name without 様."""

    name: str | None = None
    email: str | None = None
    phone: str | None = None
    title: str | None = None
    department: str | None = None
    standing: Standing | None = None

    @property
    def reachable(self) -> bool:
        return bool(self.email or self.phone)

    @property
    def answers(self) -> bool:
        """Whether it says what we ask for: a name, or how to reach them."""
        return self.name is not None or self.reachable


AMOUNT = "amount"

Value = Budget | Timeframe | Authority | Need | Company | Contact


def gist(value: Value) -> tuple[object, ...]:
    """What two people can disagree about: the same need in other words is the same need (D22)."""
    if isinstance(value, Need):
        return (value.present,)
    if isinstance(value, Authority):
        return (value.role,)
    if isinstance(value, Timeframe):
        return value.clarity, value.latest
    if isinstance(value, Budget):
        return value.clarity, value.minimum, value.maximum
    return (value,)


VALUE_OF: dict[Topic, type[Value]] = {
    Topic.NEED: Need,
    Topic.TIMEFRAME: Timeframe,
    Topic.AUTHORITY: Authority,
    Topic.BUDGET: Budget,
    Topic.COMPANY: Company,
    Topic.CONTACT: Contact,
}
TOPIC_OF: dict[type[object], Topic] = {kind: topic for topic, kind in VALUE_OF.items()}


@cache
def _reads(topic: Topic) -> Callable[..., Value]:
    return TypeAdapter(VALUE_OF[topic]).validator.validate_python


@cache
def _writes(topic: Topic) -> Callable[..., dict[str, Any]]:
    return TypeAdapter(VALUE_OF[topic]).serializer.to_python


def to_json(topic: Topic, value: Value) -> dict[str, Any]:
    """The value as JSON-ready data; `from_json` gives it back unchanged, as it does with `as_kept`."""
    return _writes(topic)(value, mode="json")


def as_kept(topic: Topic, value: Value) -> dict[str, Any]:
    """The same as our rows keep it: without what nobody knows and what goes without saying.

    Both ends of a budget alike are its `amount`. The defaults of the values never change; a test holds them.
    """
    kept = _writes(topic)(value, mode="json", exclude_defaults=True)
    if topic is Topic.BUDGET and "minimum" in kept and kept["minimum"] == kept.get("maximum"):
        del kept["maximum"]
        return {AMOUNT: kept.pop("minimum"), **kept}
    return kept


def as_told(topic: Topic, kept: dict[str, Any]) -> dict[str, Any]:
    """What a row keeps, with what goes without saying in it, but nothing that nobody knows: for other programs."""
    return _writes(topic)(from_json(topic, kept), mode="json", exclude_none=True)


def from_json(topic: Topic, stored: dict[str, Any]) -> Value:
    """The value of an answer as its row keeps it; one amount stands for both ends of its range."""
    if AMOUNT in stored:
        both = dict.fromkeys(("minimum", "maximum"), stored[AMOUNT])
        stored = both | {name: value for name, value in stored.items() if name != AMOUNT}
    return _reads(topic)(stored)
