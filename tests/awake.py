"""The whole program, loaded and its reader awake: imported once, by the process that all others are forked from."""

import gc
from datetime import UTC, datetime
from importlib import import_module
from pkgutil import walk_packages

import bot
import dialogs
import qualification
from bot.warm_up import warm_up

BESIDE = (  # what the program loads only when it is needed, and what tests need beside it
    "alembic.command",
    "fastapi.testclient",
    "openpyxl",
    "playwright.async_api",
    "playwright.sync_api",
    "tests.command",
    "tests.worker",
)

gc.disable()
for room in (qualification, dialogs, bot):
    for module in walk_packages(room.__path__, f"{room.__name__}."):
        if not module.name.startswith("bot.migrations.") and module.name != "bot.__main__":
            import_module(module.name)
for name in BESIDE:
    import_module(name)
warm_up(datetime(2026, 5, 18, tzinfo=UTC))
gc.freeze()  # it lives as long as whoever is forked from here, and no look for garbage copies it
gc.enable()
