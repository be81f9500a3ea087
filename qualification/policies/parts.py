"""The tables of the policy one by one: stages, temperature, nurture, alerts, people, talks, the digest, retention."""

from datetime import time as time_of_day
from datetime import timedelta
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from qualification.bant import Company, Industry, Standing, Topic
from qualification.policies.table import A_CENTURY, Days, Minutes, Months, PolicyTable
from qualification.timeframes import FARTHEST

Points = Annotated[int, Field(ge=0)]
LONGEST_HOLD = 60  # seconds that a line to a prospect can be recalled


class MqlRule(PolicyTable):
    """MQL = (score >= `score` AND `with_activity`) OR score >= `priority_score` (M11, M51, D3).

    Only leads of these origins move by score; the others by what a person heard (M40, M41, D18).
    """

    score: Points
    with_activity: str
    priority_score: Points
    origins: tuple[Literal["inbound", "outbound"], ...] = ("inbound",)


class TqlRule(PolicyTable):
    """TQL = a conversation of one of these kinds confirmed a need, with a person we can reach (M13, D2).

    For these `needs_a_call` a talk in the chat does not count: who is active and off-target has less priority (M62).
    """

    conversations: tuple[Literal["chat", "call"], ...]
    reachable: bool
    needs_a_call: tuple[Standing, ...] = ()


class SqlRule(PolicyTable):
    """SQL = timeframe within `within_months` AND these criteria known, once sales accepted (M17, M32, D6).

    `when_time_passes`: the stage stays and the rep asks again (D21), or the lead goes to nurture.
    """

    within_months: Months
    when_time_passes: Literal["ask_again", "nurture"] = "ask_again"
    required: tuple[Literal[Topic.NEED, Topic.TIMEFRAME, Topic.BUDGET, Topic.AUTHORITY], ...]


Judge = Literal["policy", "rep", "manager"]


class Judges(PolicyTable):
    """Who may judge that a lead has come so far (M19, M20, D2): the rule, a rep, or a manager only."""

    MQL: tuple[Judge, ...] = ("policy",)
    TQL: tuple[Judge, ...] = ("policy", "rep")
    SAL: tuple[Judge, ...] = ("policy", "rep")
    SQL: tuple[Judge, ...] = ("policy", "rep")

    def of(self, stage: str) -> tuple[Judge, ...]:
        judges: tuple[Judge, ...] = getattr(self, stage, ("policy", "rep", "manager"))
        return judges


class Stages(PolicyTable):
    """The rules of the ladder.

    `offer_when`: sales is asked about every TQL, or about those alone that satisfy the rule of SQL already (M39, D16).
    """

    auto_accept: bool
    offer_when: Literal["tql", "bant_rule"] = "tql"
    qualified_from: Literal["MQL", "TQL", "SAL", "SQL"]
    judges: Judges = Judges()
    mql: MqlRule
    tql: TqlRule
    sql: SqlRule


class TemperatureRule(PolicyTable):
    """Hot, warm, cold (M22-M25, D8)."""

    hot_score: Points
    hot_activities: tuple[str, ...]
    warm_score: Points
    warm_days: Days

    @cached_property
    def stays_warm(self) -> timedelta:
        return timedelta(days=min(self.warm_days, FARTHEST.days))


class Silence(PolicyTable):
    """When silence is silence (M27, D15); 0 working days: never."""

    interview_minutes: Minutes
    nurture_after_working_days: int = Field(ge=0, le=1_000)


class Nurture(PolicyTable):
    """The way back for a lead that is not ready: woken so many calendar days before the time it named (N22)."""

    wake_up: bool = True
    days_before: int = Field(default=30, ge=0, le=366)


class Alerts(PolicyTable):
    """How much a channel bears at once: what is more becomes a digest, or waits for its minute (R16, S17)."""

    digest_from: int = Field(default=10, ge=1, le=1_000_000)
    new_leads_a_minute: int = Field(default=15, ge=1, le=1_000_000)


class Routing(PolicyTable):
    """Which channel hears of a lead, by the language of the talk; empty means the channel of the settings."""

    channels: dict[Literal["ja", "en"], str] = Field(default_factory=dict)
    managers: str = ""
    calendars: dict[Literal["ja", "en"], str] = Field(default_factory=dict)
    backup: str = ""
    next_managers: tuple[str, ...] = ()


class ContactRule(PolicyTable):
    """What a logged call is worth where the field leaves it open (D11), how often a person is written to (M105), and
    whether under a mail stands the number of the rep who wrote it.
    """

    wrong_number: Literal["attempt", "none"] = "attempt"
    hours_between_mails: int = Field(default=24, ge=0, le=24 * A_CENTURY)
    phone_under_mails: bool = True


class Person(PolicyTable):
    """What is peculiar to one rep, under their Slack user id: own hours, and who stands in while they are away."""

    calendar: str = ""
    zone: str = ""
    backup: str = ""

    @model_validator(mode="after")
    def _one_calendar(self) -> "Person":
        if self.calendar and self.zone:
            raise ValueError("give either a calendar or a zone (the firm's week in that zone)")
        return self


class Live(PolicyTable):
    """When a rep talks with the prospect: how long a line can be recalled, how a remark for colleagues begins, and
    after how many minutes without an answer the rep is rung."""

    hold_seconds: int = Field(default=5, ge=0, le=LONGEST_HOLD)
    internal_prefix: str = Field(default="//", min_length=1)
    answer_minutes: Minutes = 3


class AnswersRule(PolicyTable):
    """How long an answer counts; a timeframe that has passed never does (D21)."""

    valid_days: Days = 365

    @cached_property
    def stay_valid(self) -> timedelta:
        return timedelta(days=self.valid_days)


class DailyDigest(PolicyTable):
    """When the managers get the day in numbers, in the firm's zone; never on days the firm is closed."""

    on: bool = True
    at: str = Field(default="18:00", pattern=r"^([01]\d|2[0-3]):[0-5]\d$")

    @property
    def time(self) -> time_of_day:
        return time_of_day.fromisoformat(self.at)


class Retention(PolicyTable):
    """How long a person's data is kept that led nowhere (D26); 0: for good."""

    unqualified_chat_days: int = Field(default=90, ge=0, le=A_CENTURY)
    quiet_lead_months: int = Field(default=24, ge=0, le=1_200)


class Activities(PolicyTable):
    """Kinds of activity of the firm's own, beside those we ship."""

    own: tuple[str, ...] = ()


class Segment(PolicyTable):
    """A group of leads with its own values (M145, D19).

    Every condition named must hold; the first segment that fits counts. What stands in `stages`, `score`,
    `temperature` and `follow_up` takes the place of the policy's own values, one by one.
    """

    industry: tuple[Industry, ...] = ()
    headcount_from: int | None = Field(default=None, ge=0)
    headcount_to: int | None = Field(default=None, ge=0)
    origin: tuple[Literal["inbound", "outbound"], ...] = ()
    stages: dict[str, Any] = Field(default_factory=dict)
    score: dict[str, Any] = Field(default_factory=dict)
    temperature: dict[str, Any] = Field(default_factory=dict)
    follow_up: dict[str, Any] = Field(default_factory=dict)

    def fits(self, company: Company, origin: str) -> bool:
        if self.industry and company.industry not in self.industry:
            return False
        if self.origin and origin not in self.origin:
            return False
        size = company.headcount
        if self.headcount_from is not None and not (size and (size.minimum or 0) >= self.headcount_from):
            return False
        return self.headcount_to is None or bool(size and size.maximum and size.maximum <= self.headcount_to)
