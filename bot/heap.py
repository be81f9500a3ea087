"""One heap for all threads, as they take turns anyway."""

import ctypes
import sys
from contextlib import suppress

M_ARENA_MAX = -8  # of malloc.h


def share_one_heap() -> None:
    """To be called before any thread is begun.

    glibc gives each thread a heap of its own, and what a thread has let go of stays there for nobody else: 5 MB once
    many have talked. Other systems do as they are used to.
    """
    if sys.platform == "linux":
        with suppress(AttributeError):  # musl has neither such heaps nor this function
            ctypes.CDLL(None).mallopt(M_ARENA_MAX, 1)
