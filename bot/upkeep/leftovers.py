"""What has done its work and is kept no longer: keys by which repeats were known, forms nobody sent in, installations
nobody finished. The worker throws them away at the end of each pass of the retention.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, SQLModel

from bot.slack.records import DRAFT_KEPT_FOR, SlackDraft, SlackInstallState
from qualification.database import forget_old_pages
from qualification.records import Inbound
from qualification.store import Store, Transaction
from qualification.writing.rows import table_of
from qualification.writing.waiting_line import Lane

MOST_AT_ONCE = 500


@dataclass(frozen=True, kw_only=True)
class Leftover:
    """Rows of a table that are worth nothing once the instant in the column `since` is so long ago."""

    table: type[SQLModel]
    key: str
    since: str
    kept_for: timedelta


LEFTOVERS = (
    Leftover(table=Inbound, key="key", since="at", kept_for=timedelta(days=30)),  # Slack repeats for an hour
    Leftover(table=SlackDraft, key="key", since="at", kept_for=DRAFT_KEPT_FOR),
    Leftover(table=SlackInstallState, key="state", since="expires_at", kept_for=timedelta()),
)


async def throw_away(store: Store) -> int:
    """Whatever is left over now, some hundred rows at a time; how many rows that were."""
    gone = 0
    for one in LEFTOVERS:
        found = MOST_AT_ONCE
        while found == MOST_AT_ONCE:
            keys = await store.look(partial(_left_over, one, store.clock()))
            gone += await store.run(partial(_throw_away, one, keys), lane=Lane.CLOCK) if keys else 0
            found = len(keys)
    if gone:
        await asyncio.to_thread(forget_old_pages, store.engine)
    return gone


def _left_over(one: Leftover, now: datetime, session: Session) -> Sequence[Any]:
    columns = table_of(one.table).c
    old = select(columns[one.key]).where(columns[one.since] <= now - one.kept_for)
    return session.execute(old.order_by(columns[one.since]).limit(MOST_AT_ONCE)).scalars().all()


def _throw_away(one: Leftover, keys: Sequence[Any], tx: Transaction) -> int:
    """Those of them that nobody has taken up again in this moment."""
    tx.load(one.table, one.key, keys)
    rows = [row for key in keys for row in tx.find(one.table, one.key, key)]
    old = [getattr(row, one.key) for row in rows if getattr(row, one.since) <= tx.now - one.kept_for]
    return tx.delete(one.table, one.key, *old)
