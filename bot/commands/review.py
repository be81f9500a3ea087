"""`bantline review`: did high scores become deals, which indicators are weak; for the talk with sales (M80, M84)."""

from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import asdict
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from rich.console import Console
from rich.progress import track
from rich.table import Table

from bot.bootstrap import Services, as_json_text, open_services
from bot.in_words.amounts import amount
from bot.settings import load_settings
from qualification.reports.recorded_facts import portions
from qualification.reports.review import LEAST_TO_JUDGE, Band, Count, Course, Review, courses_in, review_of
from qualification.reports.speed import Speed

A_YEAR = timedelta(days=365)


class WrongWayRound(ValueError):
    """The first day lies behind the last."""


def print_review(*, since: date | None, until: date | None, language: str, as_json: bool) -> None:
    """Leads qualified from `since` to `until`, both included, dates where the firm works; by default the last year.

    Raises WrongWayRound.
    """
    with closing(open_services(load_settings())) as services:
        last = until or services.clock().astimezone(services.store.policy.working_hours.zone).date()
        first = since or last - A_YEAR
        if first > last:
            raise WrongWayRound(f"--from {first} lies behind --to {last}")
        review = look(services, first, last, show_progress=not as_json)
        if as_json:
            print(as_json_text(review_json(review, first, last)))
        else:
            _print(review, first, last, services, language)


def look(services: Services, first: date, last: date, *, show_progress: bool = False) -> Review:
    """The review of the leads qualified from the first day to the last, both included."""
    policy = services.store.policy
    since, until = (
        datetime.combine(day, time.min, policy.working_hours.zone).astimezone(UTC)
        for day in (first, last + timedelta(days=1))
    )
    found: list[Course] = []
    with services.store.engine.connect() as connection:
        waiting = portions(connection)
        for portion in track(waiting, "leads", disable=not show_progress, transient=True):
            found.extend(courses_in(connection, portion, policy, since=since, until=until))
    return review_of(found, policy)


def review_json(review: Review, first: date, last: date) -> dict[str, Any]:
    """Counts and rates (0 to 1, null of nothing); the `to` of the highest band is null, and that of the longest
    stretch of minutes.
    """
    return {
        "from": first,
        "to": last,
        "total": _count_json(review.total),
        "months": [{"month": month, **_count_json(count)} for month, count in review.months],
        "bands": [{"from": band[0], "to": band[1], **_count_json(count)} for band, count in review.bands],
        "indicators": [
            {
                "rule": one.rule,
                "weak": one.is_weak,
                "having": _count_json(one.having),
                "without": _count_json(one.without),
            }
            for one in review.indicators
        ],
        "first_contact": {
            **asdict(review.speed),
            "kept_rate": review.speed.kept_rate,
            "stretches": [
                {"from": stretch[0], "to": stretch[1], "count": many} for stretch, many in review.speed.stretches
            ],
        },
        "worth": [asdict(one) for one in review.worth],
    }


def _count_json(count: Count) -> dict[str, Any]:
    return {**asdict(count), "kept": count.kept, "deal_rate": count.deal_rate, "win_rate": count.win_rate}


def _print(review: Review, first: date, last: date, services: Services, language: str) -> None:
    console, words = Console(), services.words

    def say(key: str, **facts: object) -> str:
        return words.label("review", key, language).format(**facts)

    if not review.total.leads:
        console.print(say("nothing"))
        return
    heads = [say(key) for key in ("leads", "sql", "deal_rate", "won", "lost", "win_rate", "kept")]
    months = [(month, _cells(count)) for month, count in (*review.months, (say("all"), review.total))]
    bands = [(_band(band), _cells(count)) for band, count in review.bands if count.leads]
    console.print(say("title", since=first, until=last), style="bold")
    console.print(_table([say("by_month"), *heads], months))
    console.print(_table([say("by_score"), *heads], bands))
    if review.indicators:
        rules = [
            (
                words.label("point", one.rule, language),
                [*_cells(one.having)[:3], _rate(one.without.deal_rate), say("weak") if one.is_weak else ""],
            )
            for one in review.indicators
        ]
        console.print(_table([say("by_rule"), *heads[:3], say("without"), ""], rules))
        console.print(say("weak_how", least=LEAST_TO_JUDGE), style="dim")
    console.print(say("how"), style="dim")
    if review.speed.promised:
        _print_speed(console, review.speed, say)
    for worth in review.worth:
        console.print(say("worth", amount=amount(worth.average, worth.currency, language), deals=worth.deals))


def _print_speed(console: Console, speed: Speed, say: Callable[..., str]) -> None:
    """How soon they were contacted, and whose time it was."""
    heads = [f"{first}-{end}" if end else f"{first}+" for (first, end), _ in speed.stretches]
    shares = [f"{_rate(many / speed.made)} ({many})" if speed.made else "-" for _, many in speed.stretches]
    kept = say("speed", promised=speed.promised, made=speed.made, in_time=speed.in_time, rate=_rate(speed.kept_rate))
    console.print(f"\n{kept}")
    console.print(_table([say("minutes"), *heads], [(say("share"), shares)]))
    for key, spread in (("took", speed.minutes), ("system", speed.system_seconds), ("human", speed.human_minutes)):
        if spread.p50 is not None:
            console.print(say(key, p50=spread.p50, p95=spread.p95))


def _table(heads: list[str], rows: Iterable[tuple[str, list[str]]]) -> Table:
    table = Table(box=None, pad_edge=False)
    for place, head in enumerate(heads):
        table.add_column(head, justify="right" if place else "left")
    for name, cells in rows:
        table.add_row(name, *cells)
    return table


def _cells(count: Count) -> list[str]:
    deal_rate, win_rate = _rate(count.deal_rate), _rate(count.win_rate)
    return [str(count.leads), str(count.sql), deal_rate, str(count.won), str(count.lost), win_rate, str(count.kept)]


def _rate(rate: float | None) -> str:
    return "-" if rate is None else f"{rate:.0%}"


def _band(band: Band) -> str:
    first, last = band
    return f"{first}+" if last is None else f"{first}-{last}"
