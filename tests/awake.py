"""The whole program, loaded and its reader awake: imported once, by the process that all others are forked from."""

from datetime import UTC, datetime
from importlib import import_module
from pkgutil import iter_modules

import bot.commands
from bot.warm_up import warm_up

for module in iter_modules(bot.commands.__path__):
    import_module(f"bot.commands.{module.name}")
warm_up(datetime(2026, 5, 18, tzinfo=UTC))
