"""SQLite's log is copied into the file beside the writer: a commit that had to do it made everybody in it wait."""

import asyncio

from qualification.database import copy_log, has_log
from qualification.store import Store, Wrote

PAUSE = 0.3  # seconds


class Copying:
    def __init__(self, store: Store) -> None:
        self._store = store
        self._wrote = False

    async def run(self) -> None:
        """Until cancelled; at once over on a database that keeps no such log."""
        if not has_log(self._store.engine):
            return
        self._store.on_commit.append(self._note)
        try:
            while True:
                await asyncio.sleep(PAUSE)
                if self._wrote:
                    self._wrote = False
                    await asyncio.to_thread(copy_log, self._store.engine)
        finally:
            self._store.on_commit.remove(self._note)

    def _note(self, wrote: Wrote) -> None:
        self._wrote = True
