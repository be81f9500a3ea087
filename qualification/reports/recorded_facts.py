"""The recorded facts of leads, read in portions beside the writer: what a replay lives again."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, func, select
from sqlmodel import SQLModel

from qualification.activities import BY_MACHINE
from qualification.answers import Stated
from qualification.behaviour import Did
from qualification.clock_rules import FIRST_CONTACT
from qualification.contact import Grade
from qualification.duplicates import MERGED
from qualification.events import (
    POLICY,
    CallBackDue,
    CallLogged,
    FollowUpMet,
    HandedBack,
    MailAccepted,
    MergeUndone,
    NobodyCalled,
    OptedOut,
    PersonWanted,
    StageMoved,
    Undone,
    kind_of,
)
from qualification.ids import BEHIND_ALL
from qualification.policy import Policy
from qualification.records import Activity, Answer, History, Lead
from qualification.reports.replay import ACTIVITY, ANSWER, MOVE, OPT_OUT, WISH, Decided, Facts
from qualification.stages import Stage
from qualification.writing.rows import table_of

PORTION = 2_000
OF_A_LEAD = ("id", "owner_id", "language", "origin", "created_at", "stage")
MOVED, STOPPED, BACK = kind_of(StageMoved), kind_of(OptedOut), kind_of(HandedBack)
MAILED, CALLED, MET = kind_of(MailAccepted), kind_of(CallLogged), kind_of(FollowUpMet)
TAKEN_BACK, PARTED = kind_of(Undone), kind_of(MergeUndone)
WISHES = (kind_of(PersonWanted), kind_of(NobodyCalled), kind_of(CallBackDue))
CONTACTS = (MAILED, CALLED, MET)
TOLD = (*WISHES, *CONTACTS, MOVED, STOPPED, BACK, TAKEN_BACK, PARTED)

Range = tuple[str, str]  # the first id of a portion, and where the next one begins
Rows = dict[str, list[Row[Any]]]


def portions(connection: Connection, size: int = PORTION) -> list[Range]:
    """The leads in portions of this size, by their ids."""
    lead = table_of(Lead).c
    numbered = select(lead.id, func.row_number().over(order_by=lead.id).label("number")).subquery()
    edges = select(numbered.c.id).where(numbered.c.number % size == 1).order_by(numbered.c.id)
    firsts = list(connection.execute(edges).scalars())
    if not firsts:
        return []
    return [(first, _before(following)) for first, following in zip(firsts, [*firsts[1:], ""], strict=True)]


def _before(following: str) -> str:
    """Everything up to the next portion, or to the end."""
    return following if following else BEHIND_ALL


def recorded(connection: Connection, portion: Range, policy: Policy) -> Iterator[Facts]:
    """The facts of the leads from the first id on, up to the beginning of the next portion."""
    leads = connection.execute(_within(Lead, "id", portion, *OF_A_LEAD)).all()
    answers = _by_lead(connection.execute(_within(Answer, "lead_id", portion)).all())
    activities = _by_lead(connection.execute(_within(Activity, "lead_id", portion)).all())
    told = _within(History, "lead_id", portion).where(table_of(History).c.kind.in_(TOLD))
    history = _by_lead(connection.execute(told).all())
    for lead in leads:
        events = history.get(lead.id, [])
        undone = {datetime.fromisoformat(row.data["since"]) for row in events if row.kind == TAKEN_BACK}
        parted = {row.data["merged_id"] for row in events if row.kind == PARTED}
        kept = [row for row in events if row.at not in undone and not _is_of_a_merge(row, parted)]
        happened = [
            *(_answer(row) for row in answers.get(lead.id, []) if row.withdrawn_at is None),
            *(_activity(row) for row in activities.get(lead.id, []) if row.withdrawn_at is None),
            *((row.at, WISH, None) for row in kept if _is_wish(row)),
            *(_decision(row) for row in kept if _is_decision(row)),
        ]
        happened.sort(key=lambda fact: fact[:2])
        yield Facts(
            lead_id=lead.id,
            owner_id=lead.owner_id,
            language=lead.language,
            origin=lead.origin,
            created_at=lead.created_at,
            stage=Stage(lead.stage),
            happened=tuple(happened),
            contacts=tuple(sorted(row.at for row in kept if _is_contact(row, policy))),
        )


def _within(model: type[SQLModel], by: str, portion: Range, *names: str) -> Select[Any]:
    columns = table_of(model).c
    chosen = [columns[name] for name in names] or list(columns)
    first, following = portion
    order = (columns[by], columns["id"]) if by != "id" else (columns[by],)
    return select(*chosen).where(columns[by] >= first, columns[by] < following).order_by(*order)


def _by_lead(rows: Sequence[Row[Any]]) -> Rows:
    grouped: Rows = {}
    for row in rows:
        grouped.setdefault(row.lead_id, []).append(row)
    return grouped


Fact = tuple[datetime, int, Any]


def _answer(row: Any) -> Fact:
    return row.at, ANSWER, Stated.of(row)._replace(words="")  # no rule reads them


def _activity(row: Row[Any]) -> Fact:
    did = None if row.data.get(BY_MACHINE) else Did.of(row.kind, row.at, row.data)
    return row.received_at, ACTIVITY, did


def _is_wish(row: Row[Any]) -> bool:
    """What starts a clock of its own, whatever the stage."""
    return row.kind in WISHES or (row.kind == BACK and row.data.get("is_nobodys", False))


def _is_decision(row: Row[Any]) -> bool:
    """What a person or the clock decided; what the rules decided is decided anew."""
    by_rule: bool = row.by == POLICY
    return row.kind == STOPPED or (row.kind == MOVED and not by_rule)


def _is_of_a_merge(row: Row[Any], others: set[str]) -> bool:
    """Whether it moved the lead because it was one person with one of these: words are the other record's id."""
    return row.kind == MOVED and row.data["rule"] == MERGED and row.data["words"] in others


def _decision(row: Row[Any]) -> Fact:
    if row.kind == STOPPED:
        return row.at, OPT_OUT, None
    return row.at, MOVE, Decided(to=Stage(row.data["after"]), rule=row.data["rule"])


def _is_contact(row: Row[Any], policy: Policy) -> bool:
    """Whether it meets the three-hour rule (D11)."""
    if row.kind not in CONTACTS:
        return False
    grade = "attempt" if row.kind == MAILED else row.data.get("grade")
    if grade not in set(Grade) or (row.kind == MET and row.data.get("rule") != FIRST_CONTACT):
        return False
    return policy.follow_up[FIRST_CONTACT].is_met_by(Grade(grade), attempts=1)
