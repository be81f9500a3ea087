"""Everything our program writes to its log while a test runs, its own lines from DEBUG on."""

import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager

from bot.logs import OURS, OneLine, set_up_logs


@contextmanager
def log_book() -> Iterator[io.StringIO]:
    written, root = io.StringIO(), logging.getLogger()
    handler = logging.StreamHandler(written)
    handler.setFormatter(OneLine())
    root.addHandler(handler)
    set_up_logs(logging.DEBUG)
    try:
        yield written
    finally:
        root.removeHandler(handler)
        OURS.setLevel(logging.NOTSET)
