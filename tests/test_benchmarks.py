"""The benchmarks can start at all: one was once broken by a change elsewhere, and nobody noticed."""

from pathlib import Path
from xml.etree import ElementTree

from benchmarks.bars import Bar, Group, chart
from benchmarks.peers.contestants import CONTESTANTS
from benchmarks.peers.figures import figures, table
from benchmarks.peers.goals import verdicts
from benchmarks.peers.match import Ring, compete


def test_one_talk_with_the_bare_endpoint_is_measured() -> None:
    ceiling = next(one for one in CONTESTANTS if one.name == "ceiling")

    (row,) = compete(ceiling, None, Ring(crowds=(1,), seconds=0.0, warm_up=0.0), 1)

    assert (row.turns, row.contestant, row.clients) == (7, "ceiling", 1)
    assert row.bytes_a_talk
    assert "the ceiling" in table(figures([vars(row)]))


def row(contestant: str, number: int, rate: float) -> dict[str, object]:
    cost = {"p50": 1.0, "p99": 2.0, "server_us": 100.0, "database_us": None, "memory": 50.0, "bytes_a_talk": None}
    return {"round": number, "contestant": contestant, "clients": 32, "rate": rate, "others": 0.0, **cost}


def test_contestants_are_compared_within_a_round_and_the_middle_round_counts() -> None:
    """The third round was disturbed: everybody was slower in it, and the ratio is as before."""
    ours, theirs = (200.0, 220.0, 20.0), (100.0, 100.0, 10.0)
    rows = [
        row(name, number, rate)
        for name, rates in (("bantline-sqlite", ours), ("langgraph", theirs))
        for number, rate in enumerate(rates)
    ]

    found = {one.contestant: one for one in figures(rows)}

    assert found["langgraph"].ratio == 2.0
    assert found["langgraph"]["rate"] == 100.0
    assert found["bantline-sqlite"].ratio is None


def test_a_goal_is_judged_by_its_own_crowd_and_one_that_was_not_measured_is_not_named() -> None:
    found = figures([row("bantline-sqlite", 1, 90.0), row("ceiling", 1, 200.0)])

    assert [(one.words, one.measured, one.reached) for one in verdicts(found)] == [
        ("turns a second, ours / the ceiling, 32 clients", "0.45", True),
        ("p99, ms, 32 clients", "2.0", True),
    ]


def test_the_apps_of_the_peers_are_all_named_by_a_contestant() -> None:
    apps = Path(__file__).parents[1] / "benchmarks/peers/apps"
    files = {path.name for path in apps.iterdir() if path.suffix in {".py", ".js"}} - {"door.py"}
    assert files == {one.app if "." in one.app else f"{one.app}.py" for one in CONTESTANTS if one.app}


def test_a_chart_says_in_words_what_its_bars_show_and_gives_the_longest_the_most_room() -> None:
    rows = [
        Group(name=name, is_ours=False, bars=[Bar(value=value, says=f"{value:.0f}")])
        for name, value in (("<a>", 1), ("b", 4))
    ]

    drawn = ElementTree.fromstring(chart(title="t & c", shades=["32 clients"], groups=rows, note="2 cores"))

    _, short, long = (float(each.attrib["width"]) for each in drawn.iter("{http://www.w3.org/2000/svg}rect"))
    assert long == 4 * short
    assert [each.text for each in drawn][:2] == ["t & c", "32 clients. <a>: 1; b: 4. 2 cores"]
