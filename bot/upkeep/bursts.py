"""Where the worker looks whether too much is due at once, before anything is sent (qualification/bursts.py)."""

from collections import deque
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from bot.delivery import is_unsettled
from bot.logs import log
from qualification.bursts import RINGS, fold, hold_back
from qualification.outbox import CARD, OutboundStatus
from qualification.records import Lead, Outbound
from qualification.store import Store

MAY_BE_TOO_MANY = (*RINGS, CARD)
MOST = 2_000  # looked at in one round
WINDOW = timedelta(minutes=1)


class Bursts:
    """One for each worker: it remembers which first cards it let go within the last minute."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._let_go: dict[str, deque[tuple[datetime, str]]] = {}

    async def calm(self) -> None:
        """Fold and hold back what is too much right now."""
        most = self._store.policy.alerts.digest_from
        ready = await self._store.look(self._ready)
        for kind in RINGS:
            ids = [row_id for row_id, row_kind, _ in ready if row_kind == kind]
            if len(ids) > most and (digest := await self._fold(ids, kind)):
                log.warning("burst_folded", kind=kind, messages=len(ids), digest=digest)
        for channel in sorted({channel for _, kind, channel in ready if kind == CARD}):
            await self._cards(channel, [row_id for row_id, kind, at in ready if kind == CARD and at == channel])

    async def _fold(self, ids: Sequence[str], kind: str) -> str | None:
        return await self._store.run(lambda tx: fold(tx, ids, kind))

    async def _cards(self, channel: str, ids: Sequence[str]) -> None:
        let_go, now = self._let_go.setdefault(channel, deque()), self._store.clock()
        while let_go and not timedelta() <= now - let_go[0][0] < WINDOW:  # the clock may jump back, too
            let_go.popleft()
        known = {row_id for _, row_id in let_go}
        fresh = [row_id for row_id in ids if row_id not in known]
        free = max(0, self._store.policy.alerts.new_leads_a_minute - len(let_go))
        let_go.extend((now, row_id) for row_id in fresh[:free])
        if too_many := fresh[free:]:
            held = await self._store.run(lambda tx: hold_back(tx, too_many, channel))
            log.warning("flood_held_back", channel=channel, leads=held)

    def _ready(self, session: Session) -> Sequence[tuple[str, str, str]]:
        """Messages never tried before whose time has come: id, kind, and for a card its channel."""
        ready = (
            select(Outbound.id, Outbound.kind, Lead.channel)
            .join(Lead, col(Lead.id) == col(Outbound.lead_id), isouter=True)
            .where(
                is_unsettled(Outbound),
                Outbound.status == OutboundStatus.WAITING,
                Outbound.attempts == 0,
                col(Outbound.receipt).is_(None),
                col(Outbound.due_at) <= self._store.clock(),
                col(Outbound.kind).in_(MAY_BE_TOO_MANY),
            )
            .order_by(col(Outbound.id))
            .limit(MOST)
        )
        return [(row_id, kind, channel or "") for row_id, kind, channel in session.exec(ready).all()]
