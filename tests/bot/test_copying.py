"""SQLite's log reaches the file beside the writer."""

import asyncio
from pathlib import Path

from bot.bootstrap import start_services
from bot.copying import Copying
from bot.health import AUDITOR, beat
from bot.in_background import in_background
from bot.settings import Settings
from tests.patience import PATIENCE


async def test_what_was_committed_is_soon_in_the_file_itself(tmp_path: Path) -> None:
    file = tmp_path / "bantline.db"
    services = start_services(Settings(database_url=f"sqlite:///{file}"))

    async with in_background(Copying(services.store).run()):
        await asyncio.sleep(0)
        await services.store.run(lambda tx: beat(tx, AUDITOR, {"found": 12_345_678}))
        async with asyncio.timeout(PATIENCE):
            while b"12345678" not in file.read_bytes():
                await asyncio.sleep(0.01)

    services.close()
