"""The reader's word lists loaded beside the open doors, so that no prospect waits for them."""

import gc
import threading
from datetime import datetime

from dialogs.asides import aside_in
from dialogs.reading import read
from dialogs.reading.vocabulary import vocabulary
from qualification.bant import Topic


def get_ready(now: datetime, *, to_stay: bool = False) -> None:
    """Warm up beside the open doors, in a thread that nobody waits for when the program is told to stop at once.

    `to_stay`: what is loaded by then stays until the process ends, and is no longer looked through for garbage; that
    held up everybody for a tenth of a second.
    """
    work = _settle_down if to_stay else warm_up
    threading.Thread(target=work, args=(now,), name="bantline-warm-up", daemon=True).start()


def _settle_down(now: datetime) -> None:
    warm_up(now)
    gc.collect()
    gc.freeze()


def warm_up(now: datetime) -> None:
    """The first texts take the reader a second, for its word lists; no prospect should wait for that.

    The largest tables come first: what they are made of is let go, and all that comes after finds room there.
    """
    for file in ("needs", "who_decides"):
        vocabulary(file, "word")
    for topic in Topic:
        for text in ("はい、5月までに100万円で", "yes, by May, $5k"):
            read(text, question=topic, now=now)
            aside_in(text)
