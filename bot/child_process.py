"""Work done in a process of its own, which takes along whatever it had to load for it."""

import os
import pickle
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

T = TypeVar("T")


def in_child_process(work: Callable[[], T]) -> T | None:
    """What it gives. None where there is no way to do that (Windows), or it failed: done here it fails here, too.

    To be called before any thread is begun.
    """
    if not hasattr(os, "fork"):
        return None
    hears, tells = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            with open(tells, "wb") as told:
                told.write(pickle.dumps(work()))
        finally:
            os._exit(0)
    os.close(tells)
    with open(hears, "rb") as told:
        heard = told.read()
    os.waitpid(child, 0)
    with suppress(EOFError, pickle.UnpicklingError):
        given: T = pickle.loads(heard)
        return given
    return None
