"""What a day of so many leads needs: processes, cores, database, disk, memory; and where it would break first.

    python -m benchmarks.capacity [--leads 1000000] [--visitors 50000] [--costs FILE] [--write]

Simulated, not measured: every figure follows from benchmarks/capacity/costs.toml, where each cost stands with the
command that measured it. The first table holds the model against measurements it was not fitted to.
"""

import argparse
from collections.abc import Iterator, Mapping
from pathlib import Path

from benchmarks.capacity.costs import FILE, Costs, read_costs
from benchmarks.capacity.fitting import crowd_of, on_postgresql, on_sqlite
from benchmarks.capacity.plan import BURST, Load, limits, live, need_of, rush
from benchmarks.capacity.program import Parts

WITHIN = 60.0
PAGE = Path(__file__).parents[2] / "docs" / "scale.md"


def model_beside_measured(costs: Costs, parts: Parts) -> Iterator[str]:
    yield "| clients | turns/s measured | simulated | p50 ms measured | simulated | p99 ms measured | simulated |"
    yield "|---|---|---|---|---|---|---|"
    for seen in costs.sqlite.seen:
        told = crowd_of(seen.clients, parts, costs)
        rate = f"{seen.turns_a_second:.0f} | {told.turns_a_second:.0f}"
        middle, slow = f"{seen.p50_ms:.1f} | {told.p50_ms:.1f}", f"{seen.p99_ms:.0f} | {told.p99_ms:.0f}"
        yield f"| {seen.clients} | {rate} | {middle} | {slow} |"


def what_it_needs(leads: int, costs: Costs, parts: Parts) -> Iterator[str]:
    need = need_of(leads, costs, parts)
    load, went = need.load, live(need, costs, parts)
    yield f"| of {leads:,} leads a day | |"
    yield "|---|---|"
    yield f"| turns a second, busiest hour / burst of a campaign | {load.turns:,.0f} / {load.burst:,.0f} |"
    yield f"| web processes (`bantline serve`), a core each | {need.processes} |"
    yield f"| workers (`bantline worker`), a core each | {need.workers} |"
    yield f"| cores of the database | {need.database_cores} |"
    yield f"| open chats in the burst | {need.open_chats:,} |"
    yield f"| memory of the processes | {need.gigabytes_of_memory:,.1f} GB |"
    yield f"| disk a day | {need.gigabytes_a_day:,.1f} GB |"
    yield f"| a turn in the burst, p50 / p99 | {went.p50_ms:.0f} / {went.p99_ms:.0f} ms |"
    yield f"| busy in the burst: a process / the database | {went.process_busy:.0%} / {went.database_busy:.0%} |"
    yield f"| cards in Slack a day | {need.cards_a_day:,} |"
    yield f"| channels / workspaces they need | {need.channels} / {need.workspaces} |"


def where_it_breaks(costs: Costs, sqlite: Parts, postgresql: Parts) -> Iterator[str]:
    yield "| has no room left | leads a day | then |"
    yield "|---|---|---|"
    for limit in sorted(limits(costs, sqlite, postgresql), key=lambda one: one.leads_a_day):
        yield f"| {limit.what} | {limit.leads_a_day:,.0f} | {limit.then} |"


def a_rush(visitors: int, costs: Costs, parts: Parts) -> Iterator[str]:
    went = rush(visitors, WITHIN, costs, parts)
    yield f"{visitors:,} visitors open the chat of one process on SQLite within {WITHIN:.0f} s. A turn that is answered"
    yield f"takes {went.p50_ms:,.0f} ms (p50), {went.p99_ms:,.0f} ms (p99); {went.turned_away:,} requests are asked"
    yield f"to come again in a moment; {went.waiting:,} wait at the end of the minute."


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--leads", type=int, default=1_000_000)
    asked.add_argument("--visitors", type=int, default=50_000)
    asked.add_argument("--costs", type=Path, default=FILE)
    asked.add_argument("--write", action="store_true", help="put the tables into docs/scale.md")
    given = asked.parse_args()
    costs = read_costs(given.costs)
    sqlite = on_sqlite(costs)
    postgresql = on_postgresql(costs, sqlite)
    for parts, name in ((sqlite, "SQLite"), (postgresql, "PostgreSQL")):
        print(
            f"{name}: door {parts.door * 1e6:.0f} us, writer {parts.turn * 1e6:.0f} us a turn and "
            f"{parts.commit * 1e6:.0f} us a commit, database {parts.database * 1e6:.0f} us a turn"
        )
    tables = {
        "model": model_beside_measured(costs, sqlite),
        "needs": what_it_needs(given.leads, costs, postgresql),
        "breaks": where_it_breaks(costs, sqlite, postgresql),
        "rush": a_rush(given.visitors, costs, sqlite),
    }
    told = {name: "\n".join(lines) for name, lines in tables.items()}
    for lines in told.values():
        print(f"\n{lines}")
    burst = Load.of(given.leads, costs).talks * BURST
    print(f"\n100,000 open chats are {100_000 / (burst * 60):.0f} minutes of visitors at the rate of that burst.")
    if given.write:
        write(told)


def write(told: Mapping[str, str]) -> None:
    """Each table into docs/scale.md, between its marks."""
    text = PAGE.read_text("utf-8")
    for name, table in told.items():
        begin, end = f"<!-- {name} -->\n", f"\n<!-- end of {name} -->"
        before, _, rest = text.partition(begin)
        text = f"{before}{begin}{table}{end}{rest.partition(end)[2]}"
    PAGE.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
