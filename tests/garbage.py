"""When Python looks for garbage in a run of tests: not before all is loaded, never through that, then as in the program."""

import gc

gc.disable()


def looks_begin() -> None:
    """What is loaded and collected by now stays until the end."""
    from bot.server import COLLECT_AFTER

    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECT_AFTER)
    gc.enable()


def last_look() -> None:
    """pytest looks ten times for garbage that complains: one look through all that lives finds it as well."""
    gc.collect()
    gc.freeze()
