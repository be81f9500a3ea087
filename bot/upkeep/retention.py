"""What went nowhere is forgotten (D26): the worker looks through old chats and quiet leads, and erases what is due.

A look only narrows; each talk and each person is judged again in the transaction that erases them, so a repeat, a
second worker, or a prospect who just came back changes nothing. A few in a minute: each may have a card
in Slack to take back.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy import ColumnElement, or_
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, col, exists, select

from bot.health import beat
from bot.logs import log
from bot.person import came_from_one_chat, erase_person
from bot.upkeep.leftovers import throw_away
from dialogs.erasure import erase_chat
from dialogs.records import Chat
from qualification.database import forget_old_pages
from qualification.events import TalkErased
from qualification.followup import Status
from qualification.look import Look, Rows
from qualification.one_person import records_of
from qualification.policy import OTHER, Policy
from qualification.records import FollowUp, History, Lead, Timer
from qualification.retention import (
    BY,
    Fate,
    Standing,
    chats_go_before,
    fate_of_chat,
    fate_of_lead,
    leads_go_before,
    stages_that_led_nowhere,
)
from qualification.store import Busy, Store, Transaction, Unavailable
from qualification.timers import TimerStatus
from qualification.tombstones import ERASED, is_erased
from qualification.writing.waiting_line import Lane

MOST_AT_ONCE = 40  # Slack takes about fifty edits a minute, and an alert should not wait behind them
PAUSE = 60.0  # seconds after a round that erased something
STEP = 1.0  # seconds after one that found nothing
REST = 3_600.0  # seconds between two passes


@dataclass(frozen=True, kw_only=True)
class DueToGo:
    """One talk or person whose time is up."""

    fate: Fate
    id: str
    lead_id: str | None


@dataclass(frozen=True, kw_only=True)
class Position:
    """Where a walk from the oldest to the newest has come to: first the chats, then the leads."""

    table: type[Chat | Lead] = Chat
    after: tuple[datetime, str] | None = None


Handful = tuple[list[DueToGo], Position | None]


# -- what is due --------------------------------------------------------------------------------


def handful(session: Session, place: Position, *, policy: Policy, now: datetime, most: int = MOST_AT_ONCE) -> Handful:
    """Those whose time is up among the next so many, and where to go on; None at the end."""
    rows = Look(session)
    if place.table is Chat:
        chats = _old_chats(session, policy, now, place, most)
        found = [_due(partial(chat_fate, rows, chat, policy, now), chat.id, chat.lead_id) for chat in chats]
        going_on: Position | None = _beyond(chats, Chat, most) or Position(table=Lead)
    else:
        leads = _quiet_leads(session, policy, now, place, most)
        found = [_due(partial(lead_fate, rows, lead, policy, now), lead.id, lead.id) for lead in leads]
        going_on = _beyond(leads, Lead, most)
    return [one for one in found if one.fate is not Fate.KEEP], going_on


def _due(judged: Callable[[], Fate], of: str, lead_id: str | None) -> DueToGo:
    try:
        fate = judged()
    except DBAPIError:
        raise
    except Exception:  # one row nobody can judge is kept, and must not keep all behind it for ever
        log.exception("retention_cannot_judge", id=of)
        fate = Fate.KEEP
    return DueToGo(fate=fate, id=of, lead_id=lead_id)


def _beyond(seen: Sequence[Chat | Lead], table: type[Chat | Lead], most: int) -> Position | None:
    return Position(table=table, after=(seen[-1].created_at, seen[-1].id)) if len(seen) == most else None


def chat_fate(rows: Rows, chat: Chat, policy: Policy, now: datetime) -> Fate:
    """What becomes of this chat now."""
    lead = rows.peek(Lead, chat.lead_id) if chat.lead_id else None
    standing = _standing(rows, lead) if lead is not None else None
    line = policy.qualified_from(records_of(rows, lead)[0].segment if lead is not None else OTHER)
    return fate_of_chat(chat.spoke_at, standing, policy.retention, qualified_from=line, now=now)


def lead_fate(rows: Rows, lead: Lead, policy: Policy, now: datetime) -> Fate:
    """What becomes of this person now; who was merged or erased is kept as they are."""
    if lead.merged_into is not None or is_erased(rows, lead):
        return Fate.KEEP
    return fate_of_lead(_standing(rows, lead), policy.retention, now)


def _standing(rows: Rows, lead: Lead) -> Standing:
    """Over every record of the person: one clock, one late word, and nobody is forgotten."""
    records = records_of(rows, lead)
    return Standing(
        stage=records[0].stage,
        quiet_since=max(at for one in records for at in _happened(rows, one)),
        is_waited_for=any(_is_waited_for(rows, one) for one in records),
        do_not_contact=any(one.do_not_contact for one in records),
        came_from_one_chat=came_from_one_chat(rows, lead),
    )


def _happened(rows: Rows, lead: Lead) -> Iterator[datetime]:
    yield lead.last_activity_at
    yield from (row.at for row in rows.find(History, "lead_id", lead.id) if row.by != BY)
    yield from (chat.spoke_at for chat in rows.find(Chat, "lead_id", lead.id))


def _is_waited_for(rows: Rows, lead: Lead) -> bool:
    running = any(clock.status == Status.OPEN for clock in rows.find(FollowUp, "lead_id", lead.id))
    return running or any(timer.status == TimerStatus.WAITING for timer in rows.find(Timer, "subject_id", lead.id))


def _old_chats(session: Session, policy: Policy, now: datetime, place: Position, most: int) -> Sequence[Chat]:
    before = chats_go_before(policy.retention, now)
    if before is None:
        return ()
    lines = map(policy.qualified_from, (OTHER, *policy.segments))  # the strictest narrows; each is judged by its own
    nowhere = {stage for line in lines for stage in stages_that_led_nowhere(line)}
    old = (
        select(Chat)
        .join(Lead, col(Lead.id) == col(Chat.lead_id), isouter=True)
        .where(*_between(Chat, place, before), col(Chat.spoke_at) <= before)
        .where(col(Lead.id).is_(None) | (col(Lead.stage).in_(nowhere) & ~_has_running_clock()))
    )
    return session.exec(old.order_by(col(Chat.created_at), col(Chat.id)).limit(most)).all()


def _quiet_leads(session: Session, policy: Policy, now: datetime, place: Position, most: int) -> Sequence[Lead]:
    before = leads_go_before(policy.retention, now)
    if before is None:
        return ()
    erased = exists().where(col(History.lead_id) == col(Lead.id), col(History.kind) == ERASED)
    quiet = (
        select(Lead)
        .where(*_between(Lead, place, before), col(Lead.last_activity_at) <= before)
        .where(col(Lead.merged_into).is_(None), ~_has_running_clock(), ~erased)
    )
    return session.exec(quiet.order_by(col(Lead.created_at), col(Lead.id)).limit(most)).all()


def _between(table: type[Chat | Lead], place: Position, before: datetime) -> list[ColumnElement[bool]]:
    began, own_id = col(table.created_at), col(table.id)
    if place.after is None:
        return [began <= before]
    at, last = place.after
    return [began <= before, began >= at, or_(began > at, own_id > last)]


def _has_running_clock() -> ColumnElement[bool]:
    return exists().where(col(FollowUp.lead_id) == col(Lead.id), col(FollowUp.status) == Status.OPEN)


# -- what is done -------------------------------------------------------------------------------


def forget(one: DueToGo, tx: Transaction) -> Fate:
    """Judge once more, and erase what the judgement says. What is gone already is kept, which changes nothing."""
    if one.fate is Fate.LEAD_IS_QUIET:
        return _forget_lead(tx, one.id)
    chat = tx.peek(Chat, one.id)
    fate = chat_fate(tx, chat, tx.policy, tx.now) if chat else Fate.KEEP
    if chat is None or fate is Fate.KEEP:
        return Fate.KEEP
    if fate is Fate.LEAD_LED_NOWHERE:
        erase_person(tx, tx.get(Lead, chat.lead_id), by=BY)
        return fate
    erase_chat(tx, chat)
    if one.lead_id is not None:
        tx.record(TalkErased(lead_id=one.lead_id, by=BY))
    return fate


def _forget_lead(tx: Transaction, lead_id: str) -> Fate:
    lead = tx.get(Lead, lead_id)
    fate = lead_fate(tx, lead, tx.policy, tx.now)
    if fate is not Fate.KEEP:
        erase_person(tx, lead, by=BY)
    return fate


class Retention:
    def __init__(self, store: Store) -> None:
        self._store = store
        self._place: Position | None = None

    async def run(self) -> None:
        """Until cancelled; a database that is away is waited for."""
        while True:
            pause = PAUSE
            try:
                went = await self.round()
                pause = PAUSE if went else REST if self._place is None else STEP
            except (Unavailable, Busy) as wait:
                log.warning("retention_waits_for_database", problem=str(wait))
            except Exception:  # the edge of the sweep: it begins anew
                log.exception("retention_broke")
                self._place = None
            await asyncio.sleep(pause)

    async def whole_pass(self) -> Counter[Fate]:
        """Everything that is due now; how many went, by what became of them."""
        gone = await self.round()
        while self._place is not None:
            gone += await self.round()
        return gone

    async def round(self) -> Counter[Fate]:
        """One handful, and the walk goes on behind it; what went."""
        policy, now = self._store.policy, self._store.clock()
        look = partial(handful, place=self._place or Position(), policy=policy, now=now)
        found, going_on = await self._store.look(look)
        fates = await asyncio.gather(*(self._store.run(partial(forget, one), lane=Lane.CLOCK) for one in found))
        went: Counter[Fate] = Counter(fate for fate in fates if fate is not Fate.KEEP)
        if counts := {str(fate): many for fate, many in went.items()}:
            await asyncio.to_thread(forget_old_pages, self._store.engine)
            await self._store.run(lambda tx: beat(tx, BY, counts))
            log.info("forgotten", **counts)
        self._place = going_on
        if going_on is None:
            await throw_away(self._store)
        return went
