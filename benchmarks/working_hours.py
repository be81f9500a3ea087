"""What a due instant costs: microseconds for short and long rules, side by side in one run.

.venv/bin/python -m benchmarks.working_hours
"""

import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from time import perf_counter

from qualification.hours.calendars import SHIPPED_JAPANESE, office_hours
from qualification.hours.due_explained import explain
from qualification.working_hours import WorkingHours

FRIDAY_AFTERNOON = datetime(2026, 11, 20, 8, 10, tzinfo=UTC)  # 17:10 in Tokyo
RULES = {
    "15 minutes": timedelta(minutes=15),
    "3 hours": timedelta(hours=3),
    "30 days": timedelta(days=30),
    "1 year": timedelta(days=365),
}
ROUNDS, REPEATS = 2_000, 15


def microseconds_to_add(hours: WorkingHours, work: timedelta) -> float:
    """The median of several rounds: the machine is shared, and a best case promises too much."""
    return _median(lambda: hours.add(FRIDAY_AFTERNOON, work))


def microseconds_for_the_first(work: timedelta) -> float:
    """The same on a calendar that has never been used, national holidays already known."""
    hours = office_hours(SHIPPED_JAPANESE)
    began = perf_counter()
    hours.add(FRIDAY_AFTERNOON, work)
    return (perf_counter() - began) * 1e6


def _median(call: Callable[[], object]) -> float:
    rounds = []
    for _ in range(REPEATS):
        began = perf_counter()
        for _ in range(ROUNDS):
            call()
        rounds.append((perf_counter() - began) / ROUNDS * 1e6)
    return sorted(rounds)[REPEATS // 2]


def main() -> None:
    hours = office_hours(SHIPPED_JAPANESE)
    for work in RULES.values():
        hours.add(FRIDAY_AFTERNOON, work)
    warm = {name: microseconds_to_add(hours, work) for name, work in RULES.items()}
    first = {name: microseconds_for_the_first(work) for name, work in RULES.items()}
    explained = _median(lambda: explain(hours, FRIDAY_AFTERNOON, RULES["3 hours"]))
    shortest = warm["15 minutes"]
    print(f"{'rule':<12}{'microseconds':>14}{'ratio':>8}{'first use':>12}")
    for name, cost in warm.items():
        print(f"{name:<12}{cost:>14.2f}{cost / shortest:>8.2f}{first[name]:>12.0f}")
    print(f"explanation of 3 hours: {explained:.1f} microseconds")
    met = warm["3 hours"] < 20
    print(json.dumps({"microseconds": warm, "first_use": first, "three_hours_below_20": met}))
    if not met:
        sys.exit("a three-hour rule costs 20 microseconds or more")


if __name__ == "__main__":
    main()
