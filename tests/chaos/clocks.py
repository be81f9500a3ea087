"""A firm with many running clocks, quickly: leads whose first contact is due, without a chat before it."""

import contextlib
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlmodel import Session, col, select

from bot.bootstrap import wall_clock
from bot.migrations import bring_up_to_date
from qualification import leads, notices
from qualification.clock_rules import FIRST_CONTACT
from qualification.followup import open_follow_up
from qualification.policy import Policy, shipped_policy
from qualification.records import History
from qualification.stages import Stage
from qualification.store import Store, Transaction

OVERDUE_BY = timedelta(hours=3, minutes=1)
TOGETHER = 200


def always_open(**more: Any) -> Policy:
    """The shipped rules round the clock and on every holiday, every alert said by itself."""
    text = shipped_policy().model_dump(mode="json")
    hours = {"hours": {"zone": "Asia/Tokyo", "always": True}, "closed": {}}
    return Policy.model_validate(text | hours | {"alerts": {"digest_from": 10**6}} | more)


@contextlib.contextmanager
def store_of(url: str, clock: Any = wall_clock, policy: Policy | None = None) -> Iterator[Store]:
    store = Store(url, clock=clock, policy=policy or always_open(), tell=notices.tell)
    try:
        yield store
    finally:
        store.close()


@contextlib.contextmanager
def sqlite_firm(place: Path, clock: Any = wall_clock, policy: Policy | None = None) -> Iterator[Store]:
    url = f"sqlite:///{place}/clocks.db"
    bring_up_to_date(url)
    with store_of(url, clock, policy) as store:
        yield store


def has_clocks(store: Store, count: int, started_at: datetime) -> list[str]:
    """So many qualified leads whose three hours began then; the ids."""

    def make(tx: Transaction, many: int) -> list[str]:
        made = []
        for number in range(many):
            lead = leads.capture(tx, language="ja", via="chat")
            lead.stage, lead.channel, lead.company = Stage.TQL, "C0LEADS0001", f"Acme {number}"
            open_follow_up(tx, lead, started_at=started_at, rule=FIRST_CONTACT)
            made.append(lead.id)
        return made

    ids: list[str] = []
    while len(ids) < count:
        many = min(TOGETHER, count - len(ids))
        ids += store.run_here(lambda tx, many=many: make(tx, many))  # type: ignore[misc]  # mypy sees no default
    return ids


def steps_told(store: Store) -> list[str]:
    """One "lead:step" for each step in the history."""

    def look(session: Session) -> list[str]:
        taken = session.exec(select(History.lead_id, History.data).where(col(History.kind) == "step_taken")).all()
        return [f"{lead_id}:{data['step']}" for lead_id, data in taken]

    return store.read(look)
