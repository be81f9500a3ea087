"""Leads whose score or temperature has changed by time alone are judged again, a handful at a time.

A look only narrows; each lead is judged in its own step. After a handful that changed cards in Slack there is a pause:
Slack takes about fifty edits a minute, and an alert should not wait behind them.
"""

import asyncio
from functools import partial

from bot.logs import log
from qualification.cooling import judge_again, out_of_date
from qualification.store import Busy, Store, Unavailable
from qualification.waiting_line import Lane

MOST_AT_ONCE = 40
PAUSE = 60.0  # seconds, after a handful that changed cards, and when nothing is left
STEP = 1.0  # seconds between two handfuls that changed none


class Cooling:
    def __init__(self, store: Store) -> None:
        self._store = store

    async def run(self) -> None:
        """Until cancelled; a database that is away is waited for."""
        while True:
            pause = PAUSE
            try:
                judged, drawn = await self.round()
                pause = STEP if judged == MOST_AT_ONCE and not drawn else PAUSE
            except (Unavailable, Busy) as wait:
                log.warning("cooling_waits_for_database", problem=str(wait))
            except Exception:  # the edge of the sweep: it goes on
                log.exception("cooling_broke")
            await asyncio.sleep(pause)

    async def round(self) -> tuple[int, int]:
        """One handful: how many were judged, and how many cards are drawn again for it."""
        now = self._store.clock()
        over = await self._store.look(partial(out_of_date, now=now, most=MOST_AT_ONCE))
        judged = await asyncio.gather(
            *(self._store.run(partial(judge_again, lead_id=lead_id), lane=Lane.CLOCK) for lead_id in over)
        )
        return len(over), sum(judged)
