"""What we keep: the lead, the facts about it, the clock on it, and what is on its way in and out.

    lead -- answer, activity, event        facts, appended and never edited
         -- follow_up -- timer             the duty to call, and its steps
    inbox                                  every inbound key, once
    outbox                                 every message to the outside, written with its cause

The columns of `lead` that a rule could compute (stage, temperature, score, due_at) are a cache of the facts.
Instants are UTC. A JSON column holds a value that is replaced, never changed in place.
"""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import Column, ColumnElement, Index, String, Text, UniqueConstraint, bindparam, text
from sqlalchemy.types import JSON
from sqlmodel import Field, col

from qualification.database import WHERE
from qualification.writing.rows import Record

JsonDict = dict[str, Any]

# What the lists of the desk show: of those in NURTURE whom we owe something, whatever it is. A statement says it in the
# same words, or neither database uses the index.
IS_OFFERED = "stage = 'TQL' AND NOT do_not_contact AND deal_over_at IS NULL"
IS_WORKED_ON = (
    "(stage IN ('LEAD', 'MQL', 'SAL', 'SQL') OR stage = 'NURTURE' AND owed) AND NOT do_not_contact"
    " AND deal_over_at IS NULL"
)
NOBODY_HAS = (
    "owner_id IS NULL AND channel IS NOT NULL AND stage <> 'DISQUALIFIED'"
    " AND (stage <> 'NURTURE' OR owed) AND NOT do_not_contact AND deal_over_at IS NULL"
)
MOST_URGENT_FIRST = ("due_at", "created_at", "id")


def index_where(name: str, *columns: str, where: str) -> Index:
    """An index of the rows alone for which this is true; PostgreSQL is told by `complete_for_postgresql`."""
    return Index(name, *columns, sqlite_where=text(where), info={WHERE: where})


def is_written(column: Any, value: str) -> ColumnElement[bool]:
    """That a column has this value, written into the statement itself: SQLite cannot use the index of those rows for a
    value it has yet to be told, and PostgreSQL does not once it has prepared the statement.
    """
    return col(column) == bindparam(None, str(value), literal_execute=True)


def json_column(*, nullable: bool = False) -> Any:
    return Field(default=None, sa_column=Column(JSON(none_as_null=True), nullable=nullable))


def text_column(*, nullable: bool = True, default: str | None = None) -> Any:
    return Field(default=default, sa_column=Column(Text, nullable=nullable))


def folded_column() -> Any:
    """Text that sorts by its code points on both databases, so that what begins alike stands together."""
    return Field(default=None, sa_column=Column(String().with_variant(String(collation="C"), "postgresql")))


class Lead(Record, table=True):
    """A prospect and the firm. `id` is random and public; it opens nothing by itself.

    `behaviour` is the running sum of its activities, `behaviour_for` names the rules it was summed for. `due_at` is
    that of its duty of first contact, while one runs; `owed`: whether any duty does. `mailed_by` is who of ours wrote
    to them last, until they answer. `judged_until`: how long score and temperature stand if nothing happens; for good,
    when empty. `deal_over_at`: since when it is won or lost, until something is owed to them anew or a lost one is
    given to somebody else. The `folded` names are those of qualification/identity.py, for the search.
    """

    __tablename__ = "lead"
    __table_args__ = (
        Index("ix_lead_stage", "stage", "created_at", "id"),
        Index("ix_lead_created", "created_at", "id"),
        index_where("ix_lead_owner", "owner_id", "due_at", where="owner_id IS NOT NULL"),
        index_where("ix_lead_due", *MOST_URGENT_FIRST, where="due_at IS NOT NULL"),
        index_where("ix_lead_offered", "owner_id", *MOST_URGENT_FIRST, where=IS_OFFERED),
        index_where(
            "ix_lead_worked_on", "owner_id", *MOST_URGENT_FIRST, where=f"owner_id IS NOT NULL AND {IS_WORKED_ON}"
        ),
        index_where("ix_lead_nobody_has", *MOST_URGENT_FIRST, where=NOBODY_HAS),
        index_where("ix_lead_judged_until", "judged_until", where="judged_until IS NOT NULL"),
        index_where("ix_lead_company_folded", "company_folded", where="company_folded IS NOT NULL"),
        index_where("ix_lead_person_folded", "person_folded", where="person_folded IS NOT NULL"),
        index_where("ix_lead_family_folded", "family_folded", where="family_folded IS NOT NULL"),
        index_where("ix_lead_merged", "merged_into", where="merged_into IS NOT NULL"),
    )

    id: str = Field(primary_key=True)
    stage: str
    stage_since: datetime
    temperature: str
    score: int = 0
    origin: str
    segment: str = "other"
    language: str
    company: str | None = None
    person: str | None = None
    email: str | None = Field(default=None, index=True)
    phone: str | None = Field(default=None, index=True)
    name_key: str | None = Field(default=None, index=True)
    company_folded: str | None = folded_column()
    person_folded: str | None = folded_column()
    family_folded: str | None = folded_column()
    merged_into: str | None = None
    owner_id: str | None = None
    channel: str | None = None
    source: str | None = text_column()
    wants_person_at: datetime | None = None
    do_not_contact: bool = False
    generation: int = 0
    due_at: datetime | None = None
    owed: bool = False
    reached: bool = False
    mailed_by: str | None = None
    receipt: str | None = Field(default=None, unique=True)
    created_at: datetime
    last_activity_at: datetime
    behaviour: JsonDict = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    behaviour_for: str = ""
    judged_until: datetime | None = None
    deal_over_at: datetime | None = None


Index("ix_lead_score", col(Lead.stage), col(Lead.score).desc(), col(Lead.created_at), col(Lead.id))
"""The best of each stage, and of those with the same score who has waited longest."""


class Answer(Record, table=True):
    """One stated fact with its provenance: who said it, in which words, where, when; `certainty` in hundredths.

    Nearly all of them the prospect said in the chat: then `said_by` and `via` are empty.
    """

    __tablename__ = "answer"

    id: int | None = Field(default=None, primary_key=True)
    lead_id: str = Field(index=True)
    topic: str
    value: JsonDict = json_column()
    words: str = text_column(nullable=False)
    certainty: int
    said_by: str | None = None
    via: str | None = None
    at: datetime
    withdrawn_at: datetime | None = None


class Activity(Record, table=True):
    """Something the prospect did, `at` its own time. `key` makes the same activity count once."""

    __tablename__ = "activity"

    id: int | None = Field(default=None, primary_key=True)
    lead_id: str = Field(index=True)
    kind: str
    key: str = Field(unique=True)
    data: JsonDict = json_column()
    at: datetime
    received_at: datetime
    withdrawn_at: datetime | None = None


class Consent(Record, table=True):
    """A yes or a no to one purpose, and the name of the words they were asked in (qualification/consent.py)."""

    __tablename__ = "consent"

    id: int | None = Field(default=None, primary_key=True)
    lead_id: str = Field(index=True)
    purpose: str
    agreed: bool
    wording: str
    language: str
    at: datetime


class History(Record, table=True):
    """What happened to a lead, in the past tense: one row for each recorded event."""

    __tablename__ = "history"
    __table_args__ = (index_where("ix_history_moves", "at", where="kind = 'stage_moved'"),)

    id: int | None = Field(default=None, primary_key=True)
    lead_id: str = Field(index=True)
    kind: str
    by: str
    data: JsonDict = json_column()
    at: datetime


class FormVisitor(Record, table=True):
    """Somebody who filled in a form of ours, known again by a token that is kept only as its hash; `told`: the fields
    they have filled in so far."""

    __tablename__ = "form_visitor"

    token_hash: str = Field(primary_key=True)
    lead_id: str = Field(index=True)
    told: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    at: datetime


class Deed(Record, table=True):
    """What a person did on a lead, with every value it changed, so that it can be taken back for some minutes.

    `note_key` names the line in the lead's thread that tells of it.
    """

    __tablename__ = "deed"
    __table_args__ = (Index("ix_deed_by", "by", "id"),)

    id: str = Field(primary_key=True)
    lead_id: str = Field(index=True)
    kind: str
    by: str
    at: datetime
    changes: JsonDict = json_column()
    note_key: str | None = None
    undone_at: datetime | None = None
    undone_by: str | None = None


class KeptRule(Record, table=True):
    """What a rule said when a clock began with it, named by its content (qualification/kept_rules.py)."""

    __tablename__ = "kept_rule"
    for_good: ClassVar[bool] = True

    name: str = Field(primary_key=True)
    says: JsonDict = json_column()
    at: datetime


class FollowUp(Record, table=True):
    """Our duty to contact a lead in time. `began_with` names the rule it keeps, whatever the policy says (D13).

    `calendar` names the hours it counts on, `hours_mark` their text when its steps were laid out. `attempts` are those
    since the start; `told_at` is when a person could first see it in Slack.
    """

    __tablename__ = "follow_up"
    __table_args__ = (
        UniqueConstraint("lead_id", "rule", "generation"),
        index_where("ix_follow_up_running", "due_at", where="status = 'open'"),
        Index("ix_follow_up_ended", "ended_at"),
        index_where("ix_follow_up_met", "met_by", "ended_at", where="met_by IS NOT NULL"),
        index_where("ix_follow_up_open", "id", where="status = 'open'"),
        # always empty, unless a status was set by hand: the auditor looks here
        index_where("ix_follow_up_ended_without_trace", "id", where="status <> 'open' AND ended_at IS NULL"),
    )

    id: str = Field(primary_key=True)
    lead_id: str
    rule: str
    generation: int
    status: str
    started_at: datetime
    due_at: datetime
    began_with: str
    calendar: str = ""
    hours_mark: str = ""
    attempts: int = 0
    told_at: datetime | None = None
    breached_at: datetime | None = None
    ended_at: datetime | None = None
    grade: str | None = None
    evidence: JsonDict | None = json_column(nullable=True)
    met_by: str | None = None
    snoozed_until: datetime | None = None
    snooze_reason: str | None = text_column()
    seen_by: str | None = None
    seen_at: datetime | None = None
    quiet_until: datetime | None = None
    disputed_at: datetime | None = None
    sooner_at: datetime | None = None


class Timer(Record, table=True):
    """A step due at an instant, known by its subject and its name, so that each step of a clock fires once."""

    __tablename__ = "timer"
    __table_args__ = (
        index_where("ix_timer_waiting", "due_at", where="status = 'waiting'"),
        index_where("ix_timer_broken", "subject_id", where="status = 'broken'"),
        {"sqlite_with_rowid": False},
    )

    subject_id: str = Field(primary_key=True)
    step: str = Field(primary_key=True)
    kind: str
    status: str
    due_at: datetime
    settled_at: datetime | None = None


class Outbound(Record, table=True):
    """One message to the outside. `lane` keeps the order of a lead and the pace of a channel."""

    __tablename__ = "outbox"
    __table_args__ = (
        # with the kind: what nobody can send (Slack is off) is passed over without a look at its row
        index_where("ix_outbox_waiting", "id", "kind", where="status IN ('waiting', 'sending')"),
        Index("ix_outbox_lead", "lead_id"),
        index_where("ix_outbox_digests", "id", where="kind = 'burst'"),
        index_where("ix_outbox_given_up", "settled_at", where="status = 'failed'"),
        # always empty, unless a row was marked as sent by hand: the auditor looks here
        index_where("ix_outbox_no_receipt", "id", where="status = 'sent' AND receipt IS NULL"),
    )

    id: str = Field(primary_key=True)
    key: str = Field(unique=True)
    kind: str
    lead_id: str | None = None
    payload: JsonDict = json_column()
    status: str
    attempts: int = 0
    revision: int = 1
    due_at: datetime
    lease_until: datetime | None = None
    receipt: JsonDict | None = json_column(nullable=True)
    trace: str | None = None  # whose work it is a part of, while somebody asks for traces
    problem: str | None = text_column()
    created_at: datetime
    settled_at: datetime | None = None


class Merge(Record, table=True):
    """Two leads that were one person: what went over to the kept one, so that it can go back."""

    __tablename__ = "merge"

    id: str = Field(primary_key=True)
    kept_id: str = Field(index=True)
    merged_id: str = Field(index=True)
    by: str
    at: datetime
    moved: JsonDict = json_column()
    undone_at: datetime | None = None


class Inbound(Record, table=True):
    """Every inbound key once, with the answer it got, so that a repeat gets the same."""

    __tablename__ = "inbox"

    key: str = Field(primary_key=True)
    answer: JsonDict = json_column()
    at: datetime = Field(index=True)


class Rep(Record, table=True):
    """A person of ours. `id` is the Slack user id; `language` and `zone` come from their profile."""

    __tablename__ = "rep"

    id: str = Field(primary_key=True)
    name: str
    language: str
    zone: str
    role: str
    seen_at: datetime
    away_until: datetime | None = None


class Heartbeat(Record, table=True):
    """When the worker or the auditor last showed itself, and what it had to say: counts only."""

    __tablename__ = "heartbeat"

    name: str = Field(primary_key=True)
    at: datetime
    detail: JsonDict | None = json_column(nullable=True)


class Irregularity(Record, table=True):
    """A clock or a message that was not as it should be: what was wrong, and how it ended (qualification/audit.py).

    `repaired_at`: we mended it; `gone_at`: it is well again. Neither: a person has to look.
    """

    __tablename__ = "irregularity"
    __table_args__ = (index_where("ix_irregularity_open", "found_at", where="gone_at IS NULL"),)

    key: str = Field(primary_key=True)
    flaw: str
    subject_id: str = Field(index=True)
    step: str = ""
    lead_id: str | None = None
    found_at: datetime
    repaired_at: datetime | None = None
    gone_at: datetime | None = None
