"""Leads whose score or temperature has changed by time alone are judged again, a handful at a time.

A look only narrows; each lead is judged in its own step. After cards in Slack have changed with it there is a pause as
long as their edits take there: about fifty a minute, and an alert should not wait behind them.
"""

import asyncio
from datetime import datetime
from functools import partial

from bot.logs import log
from qualification.cooling import Judged, judge_again, out_of_date
from qualification.records import Activity, Answer, Lead
from qualification.store import Busy, Store, Unavailable
from qualification.writing.batch import Load
from qualification.writing.waiting_line import Lane

PLAN = (Load(Lead, "id"), Load(Answer, "lead_id"), Load(Activity, "lead_id"))
MOST_AT_ONCE = 40
REST = 60.0  # seconds, when nothing is left, or when another process is at it
STEP = 1.0  # seconds between two handfuls
FOR_A_CARD = 1.5  # seconds more for each card that is drawn again


class Cooling:
    def __init__(self, store: Store) -> None:
        self._store = store
        self._behind: tuple[datetime, str] | None = None  # where the handful before ended

    async def run(self) -> None:
        """Until cancelled; a database that is away is waited for."""
        while True:
            pause = REST
            try:
                judged = await self.round()
                if len(judged) == MOST_AT_ONCE and any(judged):
                    pause = STEP + FOR_A_CARD * judged.count(Judged.DRAWN_AGAIN)
            except (Unavailable, Busy) as wait:
                log.warning("cooling_waits_for_database", problem=str(wait))
            except Exception:  # the edge of the sweep: it goes on
                log.exception("cooling_broke")
            await asyncio.sleep(pause)

    async def round(self) -> list[Judged]:
        """One handful behind the one before, from the beginning again after the last: what became of each.

        A lead that cannot be judged is logged and left for the next time round, so that nobody waits behind it.
        """
        look = partial(out_of_date, now=self._store.clock(), behind=self._behind, most=MOST_AT_ONCE)
        over = await self._store.look(look)
        self._behind = over[-1] if len(over) == MOST_AT_ONCE else None
        return list(await asyncio.gather(*(self._judge(lead_id) for _, lead_id in over)))

    async def _judge(self, lead_id: str) -> Judged:
        try:
            work = partial(judge_again, lead_id=lead_id)
            return await self._store.run(work, PLAN, lead_id, lead_id, lead_id, lane=Lane.CLOCK)
        except (Unavailable, Busy):
            raise
        except Exception:  # one bad record
            log.exception("cooling_broke", lead=lead_id)
            return Judged.NOT_NEEDED
