"""What one more activity costs a lead that has 10 already, and one that has 10,000: it should be the same.

python -m benchmarks.activities [leads beside them]     each activity in a commit of its own, judged at once
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial

from sqlmodel import SQLModel

from benchmarks.facts import BEGIN, NOW, rows, write
from qualification import leads, notices
from qualification.activities import Seen
from qualification.policy import shipped_policy
from qualification.records import Lead
from qualification.store import Store, Transaction

SIZES = (10, 10_000)
TIMES = 300
KINDS = ("page_viewed", "price_page_viewed", "product_page_viewed", "newsletter_opened")


def see(lead_id: str, number: int) -> Callable[[Transaction], bool]:
    at = BEGIN + timedelta(minutes=number)
    seen = Seen(source="made", id=str(number), kind=KINDS[number % len(KINDS)], at=at)
    return lambda tx: leads.see_activity(tx, tx.get(Lead, lead_id), seen)


def fill(store: Store, lead_id: str, count: int) -> None:
    for start in range(0, count, 500):
        store.run_here(partial(_see_all, lead_id=lead_id, numbers=range(start, min(start + 500, count))))


def _see_all(tx: Transaction, *, lead_id: str, numbers: range) -> None:
    for number in numbers:
        see(lead_id, number)(tx)


def measure(store: Store, lead_id: str, size: int) -> list[float]:
    """Milliseconds of each, in the order they came."""
    took = []
    for number in range(size, size + TIMES):
        begin = time.perf_counter()
        store.run_here(see(lead_id, number))
        took.append((time.perf_counter() - begin) * 1000)
    return took


def main() -> None:
    beside = int(sys.argv[1]) if len(sys.argv) > 1 else 0
    with tempfile.TemporaryDirectory() as folder:
        store = Store(f"sqlite:///{folder}/bantline.db", clock=lambda: NOW, policy=shipped_policy(), tell=notices.tell)
        SQLModel.metadata.create_all(store.engine)
        with store.engine.begin() as connection:
            write(connection, rows(beside, 5))
        middles = []
        for size in SIZES:
            lead_id = store.run_here(lambda tx: leads.capture(tx, language="ja", via="import").id)
            fill(store, lead_id, size)
            took = sorted(measure(store, lead_id, size))
            middles.append(statistics.median(took))
            print(f"{size:>7,} activities: p50 {middles[-1]:.2f} ms, p95 {took[int(TIMES * 0.95)]:.2f} ms for one more")
        print(f"ratio {middles[1] / middles[0]:.2f} with {beside:,} leads beside them")
        store.close()


if __name__ == "__main__":
    main()
