"""What an interview's turn costs the store's writer, in CPU time of its thread, and what a talk leaves on disk.

    python -m benchmarks.writer                  128 talks in step: their turns are committed together
    TALKS=32 ROUNDS=20 python -m benchmarks.writer
    DATABASE_URL=postgresql://... python -m benchmarks.writer

No HTTP and no clients, so that a busy machine makes it later but hardly dearer. A round tells whole talks, and the best
round counts; the figures stand in the order of the talk: to open it, its six texts, and the yes at the end.
"""

import os
import secrets
import tempfile
import threading
import time
from collections.abc import Sequence
from functools import partial

from sqlalchemy import Engine, text
from sqlmodel import SQLModel

from benchmarks.crowd import TALK
from bot.bootstrap import wall_clock
from bot.server import make_room_for_many
from bot.warm_up import warm_up
from dialogs.turn import TURN, Reply, Said, open_chat, take_turn
from qualification import notices
from qualification.policy import shipped_policy
from qualification.store import Store, Transaction
from qualification.writing.waiting_line import Lane

TALKS = int(os.environ.get("TALKS", "128"))
ROUNDS = int(os.environ.get("ROUNDS", "12"))
STEPS = (*(Said(id=str(number), text=said) for number, said in enumerate(TALK)), Said(id="end", choice="confirm"))
NAMES = ("open", "need", "time", "who", "budget", "firm", "contact", "yes")
ON_PAGES = "SELECT name, SUM(payload) + 3 * SUM(ncell) AS bytes FROM dbstat GROUP BY name ORDER BY bytes DESC"
EMPTY = 4_000  # bytes, of all talks: what is written once stands in no row of a talk


class Writer:
    """The store, its writer held back until everybody stands in line, and the CPU time its thread took for them."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._at: list[float] = []
        store.on_batch.append(lambda _jobs, _seconds: self._at.append(time.thread_time()))

    def together(self, works: Sequence[tuple[partial[Reply], tuple[str, ...]]]) -> float:
        """Microseconds each of them took, committed together."""
        free, held = threading.Event(), threading.Event()
        holding = self._store._submit(partial(_hold, held, free), (), ())
        held.wait()
        self._at.clear()
        plan = TURN if works[0][1] else ()
        answers = [self._store._submit(work, plan, keys, Lane.VISITORS) for work, keys in works]
        free.set()
        holding.result()
        for answer in answers:
            answer.result()
        done = self._store.run_here(lambda tx: self._at[-1])
        return (done - self._at[0]) / len(works) * 1e6


def _hold(held: threading.Event, free: threading.Event, _tx: Transaction) -> None:
    held.set()
    free.wait()


def opening(token_hash: str) -> partial[Reply]:
    return partial(open_chat, token_hash=token_hash, language="ja", page_url=None, referrer=None, playbook=None)


def turn(token_hash: str, said: Said) -> partial[Reply]:
    return partial(_turn, token_hash, said)


def _turn(token_hash: str, said: Said, tx: Transaction) -> Reply:
    return take_turn(tx, token_hash, said)


def tell_talks(writer: Writer) -> list[float]:
    """Microseconds for each step of the talk."""
    tokens = [secrets.token_urlsafe(16) for _ in range(TALKS)]
    took = [writer.together([(opening(token), ()) for token in tokens])]
    for said in STEPS:
        took.append(writer.together([(turn(token, said), (token,)) for token in tokens]))
    return took


def on_disk(engine: Engine, talks: int) -> list[tuple[str, float]]:
    """Bytes a talk of each table and index, without the free room in their pages."""
    with engine.connect() as connection:
        return [(name, size / talks) for name, size in connection.execute(text(ON_PAGES)) if size > EMPTY]


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        url = os.environ.get("DATABASE_URL", f"sqlite:///{folder}/bantline.db")
        store = Store(url, clock=wall_clock, policy=shipped_policy(), tell=notices.tell)
        SQLModel.metadata.create_all(store.engine)
        make_room_for_many()
        warm_up(wall_clock())
        writer = Writer(store)
        tell_talks(writer)
        rounds = [tell_talks(writer) for _ in range(ROUNDS)]
        best = [min(steps) for steps in zip(*rounds, strict=True)]
        print("  ".join(f"{name} {took:.0f}" for name, took in zip(NAMES, best, strict=True)))
        print(f"{sum(best[1:]) / len(STEPS):.0f} µs a turn, {sum(best) / len(STEPS):.0f} with the opening in it")
        if store.engine.dialect.name == "sqlite":
            sizes = on_disk(store.engine, TALKS * (ROUNDS + 1))
            print(f"{sum(size for _, size in sizes):.0f} bytes a talk, {TALKS * (ROUNDS + 1)} of them:")
            print(", ".join(f"{name} {size:.0f}" for name, size in sizes if size >= 1))
        store.close()


if __name__ == "__main__":
    main()
