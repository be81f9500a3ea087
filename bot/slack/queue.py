"""Leads in the order of their urgency, as Home and /lead show them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, case, func
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from bot.slack import blocks, ids
from bot.slack.blocks import Json
from bot.slack.voice import Voice
from qualification.followup import FIRST_CONTACT, Status
from qualification.records import FollowUp, Lead
from qualification.stages import Stage

SHOWN = 20
ON_OFFER = (Stage.LEAD, Stage.MQL, Stage.TQL, Stage.SAL, Stage.SQL)
SHORT_ID = 8
NOT_RUNNING = {
    "met": ("follow_up", "met"),
    "met_late": ("follow_up", "met_late"),
    "cancelled": ("card", "closed"),
    None: ("card", "no_clock"),
}


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """One lead of a queue: when its follow-up is due, if one is open, otherwise how the last one ended, if any did.

    `ended`: met, met_late, cancelled.
    """

    lead: Lead
    due_at: datetime | None
    ended: str | None = None


def leads_of(session: Session, user_id: str) -> tuple[Waiting, ...]:
    """A rep's own leads, cut at `SHOWN` with one more."""
    on_offer = (col(Lead.stage).in_(ON_OFFER), col(Lead.do_not_contact).is_(False))
    return waiting_leads(session, *on_offer, col(Lead.owner_id) == user_id)


def waiting_leads(session: Session, *where: Any, skip: int = 0, most: int = SHOWN + 1) -> tuple[Waiting, ...]:
    """The most urgent first."""
    due = case((col(FollowUp.status) == Status.OPEN, col(FollowUp.due_at)))
    rows = session.exec(
        select(Lead, FollowUp)
        .join(FollowUp, _latest_clock(), isouter=True)
        .where(*where)
        .order_by(due.is_(None), due, col(Lead.created_at), col(Lead.id))
        .offset(skip)
        .limit(most)
    ).all()
    return tuple(_waiting(lead, clock) for lead, clock in rows)


def _latest_clock() -> ColumnElement[bool]:
    """A lead's last duty of first contact, running or not."""
    other = aliased(FollowUp)
    latest = select(func.max(other.generation)).where(
        col(other.lead_id) == col(Lead.id), col(other.rule) == FIRST_CONTACT, col(other.status) != Status.UNDONE
    )
    return (
        (col(FollowUp.lead_id) == col(Lead.id))
        & (col(FollowUp.rule) == FIRST_CONTACT)
        & (col(FollowUp.generation) == latest.correlate(Lead).scalar_subquery())
    )


def _waiting(lead: Lead, clock: FollowUp | None) -> Waiting:
    if clock is None or clock.status == Status.OPEN:
        return Waiting(lead=lead, due_at=clock.due_at if clock else None)
    late = clock.status == Status.MET and clock.ended_at is not None and clock.ended_at > clock.due_at
    return Waiting(lead=lead, due_at=None, ended="met_late" if late else clock.status)


def list_of(
    title: str, waiting: Sequence[Waiting], voice: Voice, buttons: Sequence[str], *, with_id: bool = False
) -> list[Json]:
    """A titled list; each lead in two lines with the buttons that fit it, and its short id for the keyboard."""
    drawn = [blocks.divider(), blocks.header(title)]
    if not waiting:
        return [*drawn, blocks.context(voice.label("home", "empty"))]
    for one in waiting[:SHOWN]:
        short_id = f"\nID: {one.lead.id[:SHORT_ID]}" if with_id else ""
        drawn.append(blocks.section(line_of(one, voice) + short_id))
        if offered := buttons_on(one.lead, buttons, voice):
            drawn.append(blocks.actions(f"lead:{one.lead.id}", offered))
    if len(waiting) > SHOWN:
        drawn.append(blocks.context(voice.says("and_more", count=SHOWN)))
    return drawn


def buttons_on(lead: Lead, wanted: Sequence[str], voice: Voice) -> list[Json]:
    """Those of the wanted buttons that this lead is ready for."""
    fits = {
        ids.ACCEPT: lead.stage == Stage.TQL,
        ids.CLAIM: lead.owner_id is None,
        ids.SEND_MAIL: lead.email is not None,
        ids.HAND_BACK: lead.stage in (Stage.TQL, Stage.SAL),
    }
    offered = [name for name in wanted if fits.get(name, True) and not lead.do_not_contact]
    return [
        blocks.button(voice.card(name.removeprefix("lead_")), name, lead.id, primary=index == 0)
        for index, name in enumerate(offered)
    ]


def line_of(waiting: Waiting, voice: Voice) -> str:
    """A lead in two lines: who, and by when; time left in words for those who hear the screen."""
    lead = waiting.lead
    standing = voice.says("separator").join(
        (voice.label("stage", lead.stage), voice.label("temperature", lead.temperature), clock_of(waiting, voice))
    )
    return f"{voice.title(lead.company, lead.person)}\n{standing}"


def clock_of(waiting: Waiting, voice: Voice) -> str:
    if waiting.due_at is None:
        return voice.label(*NOT_RUNNING[waiting.ended])
    minutes = int((waiting.due_at - voice.now).total_seconds() // 60)
    left = voice.words.span(abs(minutes), voice.language)
    due = voice.says("clock_open" if minutes > 0 else "clock_overdue", due=voice.when(waiting.due_at))
    return due + voice.says("in_brackets", words=voice.card("due_in" if minutes > 0 else "overdue_by", span=left))
