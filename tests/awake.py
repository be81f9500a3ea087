"""The whole program, loaded and its reader awake: imported once, by the process that all others are forked from."""

import gc
from datetime import UTC, datetime
from importlib import import_module
from pkgutil import iter_modules

import bot.commands
from bot.warm_up import warm_up

gc.disable()
for module in iter_modules(bot.commands.__path__):
    import_module(f"bot.commands.{module.name}")
warm_up(datetime(2026, 5, 18, tzinfo=UTC))
gc.freeze()  # it lives as long as whoever is forked from here, and no look for garbage copies it
gc.enable()
