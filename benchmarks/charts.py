"""What was measured, as it is published: charts in docs/images, and tables in docs/performance.md between their marks.

python -m benchmarks.peers --json run.json
python -m benchmarks.weight --json weight.json
python -m benchmarks.charts run.json weight.json
"""

import json
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from benchmarks.bars import Bar, Group, chart
from benchmarks.peers.contestants import OURS
from benchmarks.peers.figures import Figure, cpu_of, figures
from benchmarks.peers.goals import verdicts

DOCS = Path(__file__).parents[1] / "docs"
PAGE = DOCS / "performance.md"
Run = Mapping[str, Any]


def draw(run: Run) -> dict[str, str]:
    """File name and content of each chart of a run of the peers."""
    found = figures(run["rows"])
    note = f"{run['at'][:10]}, {run['machine'].partition(',')[0]}, medians of {run['rounds']} rounds in one run"
    return {
        "turns-a-second.svg": _drawn(
            "Interview turns a second, each kept durably (more is better)", found, note, _rate
        ),
        "cpu-a-turn.svg": _drawn("CPU time a turn, server and database (less is better)", found, note, _cpu),
    }


def _drawn(title: str, found: Sequence[Figure], note: str, bar: Callable[[Figure], Bar]) -> str:
    crowds = sorted({one.clients for one in found})
    groups = [
        Group(name=name, is_ours=name_of in OURS.values(), bars=[bar(one) for one in of_it])
        for (name_of, name), of_it in groupby(found, lambda one: (one.contestant, one.title))
    ]
    return chart(title=title, shades=[_crowd(clients) for clients in crowds], groups=groups, note=note)


def _crowd(clients: int) -> str:
    return "1 client" if clients == 1 else f"{clients} clients"


def _rate(one: Figure) -> Bar:
    return Bar(value=one["rate"] or 0.0, says=f"{one['rate']:,.0f}{_ours_is(one.ratio)}")


def _cpu(one: Figure) -> Bar:
    return Bar(value=cpu_of(one), says=f"{cpu_of(one):,.0f} µs{_ours_is(one.cost)}")


def _ours_is(ratio: float | None) -> str:
    return "" if ratio is None else f" (ours {ratio:.2f}×)"


# -- the page ----------------------------------------------------------------------------------------


def peers_table(run: Run) -> list[str]:
    """Markdown: machine, versions, and a line for each figure."""
    load = f"load {run['load']:.1f} at the start"
    busy = max((one["others"] or 0.0) for one in figures(run["rows"]))
    return [
        f"Machine: {run['machine']}; {load}, others used up to {busy:.0%} of it. Measured {run['at']}, medians of"
        f" {run['rounds']} rounds of {run['seconds']:g} seconds.",
        f"Versions: {', '.join(dict.fromkeys(run['versions']))}.",
        "",
        *_rows(
            ("", "clients", "turns a second", "ours / its", "CPU µs a turn", "our CPU / its", "p50 ms", "p99 ms"),
            (
                (
                    f"**{one.title}**" if one.ratio is None else one.title,
                    str(one.clients),
                    f"{one['rate']:,.0f}",
                    _times(one.ratio),
                    f"{cpu_of(one):,.0f}",
                    _times(one.cost),
                    f"{one['p50']:,.1f}",
                    f"{one['p99']:,.1f}",
                )
                for one in figures(run["rows"])
            ),
        ),
        "",
        *_rows(("", "memory", "bytes on disk a talk"), _held(figures(run["rows"]))),
        "",
        *_rows(("wanted of Bantline", "", "is", ""), _judged(figures(run["rows"]))),
    ]


def _held(found: Sequence[Figure]) -> Iterable[tuple[str, str, str]]:
    """With the largest crowd."""
    for one in (one for one in found if one.clients == max(each.clients for each in found)):
        talk = one["bytes_a_talk"]
        yield one.title, f"{one['memory']:,.0f} MB", "-" if talk is None else f"{talk:,.0f}"


def _judged(found: Sequence[Figure]) -> Iterable[tuple[str, str, str, str]]:
    for one in verdicts(found):
        yield one.words, one.wanted, one.measured, "reached" if one.reached else "not reached"


def weight_table(weight: Run) -> list[str]:
    first, later = weight["first_start"], weight["later_start"]
    lines = (
        ("start on no database: `/healthz` is good", f"{first['healthy']:.2f} s"),
        ("start on its database: `/healthz` is good", f"{later['healthy']:.2f} s"),
        ("... the first turn is answered", f"{later['first_turn']:.2f} s"),
        ("... CPU time used by then", f"{later['cpu']:.2f} s"),
        ("memory with one chat", f"{weight['idle_megabytes']:.0f} MB"),
        (f"memory for each of {weight['open_chats']:,} open chats", f"{weight['kibibytes_an_open_chat']:.2f} KiB"),
        (
            f"disk for each of {weight['interviews']:,} finished interviews",
            f"{weight['bytes_an_interview']:,.0f} bytes",
        ),
    )
    about = f"{weight['machine']}; load {weight['load']:.1f} at the start. Measured {weight['at']}."
    return [about, "", *_rows(("", ""), lines)]


def _rows(head: Sequence[str], lines: Iterable[Sequence[str]]) -> list[str]:
    return [f"| {' | '.join(cells)} |" for cells in (head, ["---"] * len(head), *lines)]


def _times(ratio: float | None) -> str:
    return "-" if ratio is None else f"{ratio:.2f}"


def publish(kind: str, lines: Sequence[str]) -> None:
    """Puts the lines between the marks of their kind."""
    page, begin, end = PAGE.read_text("utf-8"), f"<!-- {kind} -->", f"<!-- /{kind} -->"
    before, _, rest = page.partition(begin)
    after = rest.partition(end)[2]
    PAGE.write_text("\n".join((f"{before}{begin}", *lines, f"{end}{after}")), "utf-8")


def main() -> None:
    for file in sys.argv[1:]:
        measured = json.loads(Path(file).read_text("utf-8"))
        if measured["kind"] == "peers":
            for name, content in draw(measured).items():
                DOCS.joinpath("images", name).write_text(content, "utf-8")
                print(f"docs/images/{name}")
            publish("peers", peers_table(measured))
        else:
            publish("weight", weight_table(measured))
        print(PAGE.relative_to(DOCS.parent))


if __name__ == "__main__":
    main()
