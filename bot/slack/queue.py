"""Leads in the order of their urgency, as Home and /lead show them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlmodel import Session, col, select

from bot.slack import blocks, ids
from bot.slack.blocks import Json
from bot.slack.voice import Voice
from qualification.audience import stands_in_for
from qualification.clock_rules import FIRST_CONTACT
from qualification.dossier import names_of
from qualification.followup import Status
from qualification.look import LookNow
from qualification.records import IS_OFFERED, IS_WORKED_ON, FollowUp, Lead, Rep
from qualification.stages import Stage

SHOWN = 20
AMONG = 50
"""So many leads of a list are put in order by whatever is due on them."""
SHORT_ID = 8
NOT_RUNNING = {
    "met": ("follow_up", "met"),
    "met_late": ("follow_up", "met_late"),
    "cancelled": ("card", "closed"),
    None: ("card", "no_clock"),
}


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """One lead of a queue: when its first contact is due; otherwise how the last one ended, and what else is due first.

    `ended`: met, met_late, cancelled. `other`: the rule of that duty, and the instant it is due. `owner`: the name of
    the colleague for whom somebody stands in on it.
    """

    lead: Lead
    due_at: datetime | None
    ended: str | None = None
    other: tuple[str, datetime] | None = None
    owner: str | None = None


def leads_of(rows: LookNow, user_id: str) -> tuple[Waiting, ...]:
    """A rep's own leads and those of whom they stand in for, cut at `SHOWN` with one more."""
    lists = (
        (col(Lead.owner_id) == owner, text(which))
        for owner in whose_leads(rows, user_id)
        for which in (IS_OFFERED, IS_WORKED_ON)
    )
    return with_owners(rows, user_id, most_urgent_of(rows.session, *lists))


def whose_leads(rows: LookNow, user_id: str) -> tuple[str, ...]:
    """The rep, and the colleagues they stand in for right now (D12)."""
    away = rows.session.exec(select(Rep.id).where(col(Rep.away_until) > rows.now)).all()
    others = sorted({*away, *rows.policy.people} - {user_id})
    return (user_id, *(other for other in others if stands_in_for(rows, other, user_id)))


def with_owners(rows: LookNow, user_id: str, waiting: Sequence[Waiting]) -> tuple[Waiting, ...]:
    """What is somebody else's is marked with their name; "" for one that Slack has not told us."""
    others = {one.lead.owner_id for one in waiting if one.lead.owner_id not in (None, user_id)}
    names = names_of(rows.session, filter(None, others)) if others else {}
    return tuple(
        replace(one, owner=names.get(one.lead.owner_id, "")) if one.lead.owner_id in others else one for one in waiting
    )


def most_urgent_of(
    session: Session, *lists: Sequence[Any], skip: int = 0, most: int = SHOWN + 1
) -> tuple[Waiting, ...]:
    """Of several lists as of one: what is due first, whatever the duty, then who has waited longest.

    Each is read along its own index, on which only a first contact has its place: so what else is due comes to the top
    from among the first `AMONG` of a list.
    """
    read = (waiting_leads(session, *where, most=max(skip + most, AMONG)) for where in lists)
    return tuple(sorted((one for each in read for one in each), key=_urgency)[skip : skip + most])


def waiting_leads(session: Session, *where: Any, skip: int = 0, most: int = SHOWN + 1) -> tuple[Waiting, ...]:
    """The most urgent first: the first contact that is due, then who has waited longest.

    `where` names one of the lists qualification/records.py has an index for, and is read along it.
    """
    urgent = (col(Lead.due_at).nulls_last(), col(Lead.created_at), col(Lead.id))
    leads = session.exec(select(Lead).where(*where).order_by(*urgent).offset(skip).limit(most)).all()
    ended, other = _beyond_first_contact(session, [lead.id for lead in leads if lead.due_at is None])
    return tuple(
        Waiting(lead=lead, due_at=lead.due_at, ended=ended.get(lead.id), other=other.get(lead.id)) for lead in leads
    )


def _urgency(one: Waiting) -> tuple[bool, datetime, datetime, str]:
    lead, due_at = one.lead, one.due_at or (one.other and one.other[1])
    return due_at is None, due_at or lead.created_at, lead.created_at, lead.id


def _beyond_first_contact(
    session: Session, lead_ids: Sequence[str]
) -> tuple[dict[str, str], dict[str, tuple[str, datetime]]]:
    """Of each of these leads how its last duty of first contact ended, and which other duty is due first."""
    over = col(FollowUp.status).in_((Status.MET, Status.CANCELLED)) & (col(FollowUp.rule) == FIRST_CONTACT)
    clocks = select(FollowUp).where(col(FollowUp.lead_id).in_(lead_ids), over | (col(FollowUp.status) == Status.OPEN))
    rows = sorted(session.exec(clocks).all() if lead_ids else (), key=lambda clock: clock.generation)
    ended = {clock.lead_id: _ended(clock) for clock in rows if clock.status != Status.OPEN}
    running = sorted((clock for clock in rows if clock.status == Status.OPEN), key=lambda clock: clock.due_at)
    return ended, {clock.lead_id: (clock.rule, clock.due_at) for clock in reversed(running)}


def _ended(clock: FollowUp) -> str:
    late = clock.status == Status.MET and clock.ended_at is not None and clock.ended_at > clock.due_at
    return "met_late" if late else clock.status


def list_of(title: str, waiting: Sequence[Waiting], voice: Voice, buttons: Sequence[str]) -> list[Json]:
    """A titled list; each lead in two lines with the buttons that fit it, and its short id for the keyboard."""
    drawn = [blocks.header(title)]
    for one in waiting[:SHOWN]:
        short_id = voice.says("short_id", id=one.lead.id[:SHORT_ID])
        drawn.append(blocks.section(f"{line_of(one, voice)}\n{short_id}"))
        if offered := buttons_on(one.lead, buttons, voice):
            drawn.append(blocks.actions(f"lead:{one.lead.id}", offered))
    if len(waiting) > SHOWN:
        drawn.append(blocks.context(voice.says("and_more", count=SHOWN)))
    return drawn


def buttons_on(lead: Lead, wanted: Sequence[str], voice: Voice, *, is_offered: bool = False) -> list[Json]:
    """Those of the wanted buttons that this lead is ready for. `is_offered`: sales may accept it now."""
    fits = {
        ids.ACCEPT: is_offered,
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
    instead = () if waiting.owner is None else (voice.says("stands_in", name=waiting.owner or _nameless(voice)),)
    return "\n".join((voice.title(lead.company, lead.person), standing, *instead))


def _nameless(voice: Voice) -> str:
    return voice.label("actor", "no_name_yet")


def clock_of(waiting: Waiting, voice: Voice) -> str:
    """When its first contact is due; or how that ended, and when what else there is to do is due."""
    if waiting.due_at is not None:
        return _due(waiting.due_at, voice)
    if waiting.other is None:
        return voice.label(*NOT_RUNNING[waiting.ended])
    rule, due_at = waiting.other
    duty = voice.label("rule", rule)
    clock = voice.says("also", duty=duty[:1].upper() + duty[1:], clock=_due(due_at, voice))
    ended = (voice.label(*NOT_RUNNING[waiting.ended]),) if waiting.ended else ()
    return voice.says("separator").join((*ended, clock))


def _due(due_at: datetime, voice: Voice) -> str:
    """An instant in the reader's zone, with what is left, or how long ago; right on it is still in time."""
    due, left = voice.when(due_at), int((due_at - voice.now).total_seconds())
    if due_at >= voice.now:
        away = voice.card("due_in", span=voice.words.span(left // 60, voice.language))
        return voice.says("clock_open", due=due) + voice.says("in_brackets", words=away)
    away = voice.card("late_since", span=voice.words.span(max(1, -left // 60), voice.language))
    return voice.says("clock_overdue", due=due) + voice.says("in_brackets", words=away)
