"""Hours as people live them: nobody is alerted outside them (R2), and editing them moves no clock unseen (R23)."""

import asyncio
import bisect
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import col, func, select

from bot.delivery import Delivery
from bot.worker import Worker
from qualification import leads
from qualification.clock_rules import FIRST_CONTACT
from qualification.followup import STEP_TIMER, open_follow_up
from qualification.policy import Policy, shipped_policy
from qualification.recompute import counted_with_other_hours, recompute
from qualification.records import FollowUp, History, Timer
from qualification.stages import Stage
from qualification.store import Store, Transaction
from tests.chaos import progress
from tests.chaos.clocks import sqlite_firm
from tests.chaos.office import folder
from tests.chaos.proof import Proof, unless
from tests.clock import Clock
from tests.qualification.minute_counter import DAYS, MinuteCounter, Written

MINUTES = {"half_time": 90, "last_call": 150, "due": 180, "overdue": 240}  # M91 and its reminders, as we ship them
POLL = timedelta(seconds=5)
LOOKS = timedelta(seconds=4.7)  # no divisor of a minute: a step may fall anywhere between two looks
YEAR = datetime(2026, 1, 5, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Team:
    """One zone with its own week and its own closed days."""

    name: str
    zone: str
    week: Written
    closed: tuple[date, ...]

    @property
    def table(self) -> dict[str, Any]:
        return {"zone": self.zone, **self.week, "closed": {"dates": [day.isoformat() for day in self.closed]}}


class Counted:
    """Working minutes of a team since a beginning, by a counter that asked the wall clock at every minute."""

    def __init__(self, team: Team, first: datetime, days: int) -> None:
        counter = MinuteCounter.walk(team.week, ZoneInfo(team.zone), set(team.closed), first, days)
        self._first, self._counts = first, counter.counts
        self._worked = [0, *accumulate(counter.counts)]

    def due(self, start: datetime, minutes: int) -> datetime:
        """When so many working minutes have passed since then; the start is a whole minute."""
        before = self._worked[(start - self._first) // timedelta(minutes=1)]
        return self._first + timedelta(minutes=bisect.bisect_left(self._worked, before + minutes))

    def is_open(self, at: datetime) -> bool:
        """In hours, or just now over: what falls due as the office closes is said then (CLOCK-S1)."""
        minute = (at - POLL - self._first) // timedelta(minutes=1)
        return bool(self._counts[minute] or self._counts[minute + 1])


def _same(opens: str, closes: str, days: Sequence[str] = DAYS[:5]) -> Written:
    return {day: [[opens, closes]] for day in days}


def _teams(dice: random.Random) -> list[Team]:
    """Six zones of six kinds: with a lunch break, a half Saturday, a night shift, a late start."""
    weeks = {
        "Asia/Tokyo": _same("09:00", "18:00"),
        "Europe/Berlin": {day: [["09:00", "12:00"], ["13:00", "17:30"]] for day in DAYS[:5]},
        "America/New_York": _same("08:30", "17:00") | {"sat": [["09:00", "12:00"]]},
        "Australia/Sydney": _same("22:00", "06:00"),
        "America/St_Johns": _same("10:00", "19:15"),
        "Asia/Kolkata": _same("09:30", "18:30", DAYS[:6]),
    }
    closed = [tuple({(YEAR + timedelta(days=dice.randrange(370))).date() for _ in range(14)}) for _ in weeks]
    return [
        Team(name=f"team{number}", zone=zone, week=weeks[zone], closed=closed[number])
        for number, zone in enumerate(weeks)
    ]


def _policy_of(teams: Sequence[Team], **more: Any) -> Policy:
    changed = {
        "calendars": {team.name: team.table for team in teams},
        "people": {f"rep_{team.name}": {"calendar": team.name} for team in teams},
        "alerts": {"digest_from": 10**6},
    }
    return Policy.model_validate(shipped_policy().model_dump(mode="json") | changed | more)


def _start_clocks(store: Store, starts: Sequence[tuple[datetime, str]]) -> None:
    def start(tx: Transaction, some: Sequence[tuple[datetime, str]]) -> None:
        for at, team in some:
            lead = leads.capture(tx, language="en", via="chat")
            lead.stage, lead.owner_id = Stage.TQL, f"rep_{team}"
            open_follow_up(tx, lead, started_at=at, rule=FIRST_CONTACT)

    for first in range(0, len(starts), 200):
        store.run_here(lambda tx, some=starts[first : first + 200]: start(tx, some))  # type: ignore[misc]  # mypy sees no default


# -- R2 --------------------------------------------------------------------------------------------


def nobody_outside_hours(quick: bool) -> Proof:
    return asyncio.run(_simulated(120, days=45) if quick else _simulated(10_000, days=365))


async def _simulated(count: int, *, days: int) -> Proof:
    """Leads of a year, night and day; the clock goes from one look of the worker to the next that finds work."""
    dice = random.Random(2)
    teams = _teams(dice)
    counted = {team.name: Counted(team, YEAR, days + 20) for team in teams}
    starts = [
        (YEAR + timedelta(minutes=dice.randrange(days * 1440)), team.name)
        for team in (teams * (count // len(teams) + 1))[:count]
    ]
    clock = Clock(YEAR)
    with folder() as place, sqlite_firm(place, clock, _policy_of(teams)) as store:
        _start_clocks(store, starts)
        worker, looks = Worker(store, Delivery(store, {})), 0
        while (due := store.read(_next_due)) is not None:
            clock.now = max(clock.now, YEAR - (YEAR - due) // LOOKS * LOOKS)  # the first look at or after it
            await worker._fire_all_due()
            looks += 1
            if looks % 100 == 0:
                progress.says(f"{clock.now:%d %B}, {looks:,} looks that found something")
        taken = store.read(
            lambda session: session.exec(
                select(History.at, History.data, FollowUp.started_at, FollowUp.calendar)
                .join(FollowUp, col(FollowUp.lead_id) == col(History.lead_id))
                .where(History.kind == "step_taken")
            ).all()
        )
    wrong: Counter[str] = Counter()
    latest, per_clock = timedelta(0), Counter[str]()
    for at, data, started_at, calendar in taken:
        team = counted[calendar.rpartition("rep_")[2]]
        due = team.due(started_at, MINUTES[data["step"]])
        wrong["early"] += at < due
        wrong["late"] += at > due + POLL
        wrong["outside hours"] += not team.is_open(at)
        latest = max(latest, at - due)
        per_clock[data["follow_up_id"]] += 1
    return Proof(
        name="R2",
        promise="nobody is alerted outside hours, and reminders count working time",
        figures=(
            f"{count:,} leads of {days} days in {len(teams)} zones, {len(taken):,} reminders and escalations against a minute "
            f"counter: {wrong['outside hours']} outside hours, {wrong['early']} early, {wrong['late']} late; the latest "
            f"{latest.total_seconds():.1f} s after its instant with a look each {LOOKS.total_seconds()} s"
        ),
        broken=unless(
            none_wrong=(not sum(wrong.values()), dict(wrong)),
            every_step_once=(set(per_clock.values()) == {len(MINUTES)}, Counter(per_clock.values())),
            every_lead=(len(per_clock) == count, len(per_clock)),
        ),
    )


def _next_due(session: Any) -> datetime | None:
    waiting = select(func.min(Timer.due_at)).where(Timer.status == "waiting", Timer.kind == STEP_TIMER)
    found: datetime | None = session.exec(waiting).one()
    return found


# -- R23 -------------------------------------------------------------------------------------------


def editing_moves_nothing_unseen(quick: bool) -> Proof:
    return asyncio.run(_edited(40 if quick else 200))


async def _edited(count: int) -> Proof:
    """Clocks in every state while hours, closed days and rules are edited; then the hours are applied to them."""
    dice = random.Random(23)
    teams = _teams(dice)
    now = YEAR + timedelta(days=100, hours=2)
    clock = Clock(now - timedelta(days=1))
    starts = [(now - timedelta(minutes=dice.randrange(1_100)), dice.choice(teams).name) for _ in range(count)]
    other = [_edit(team, now.date(), dice) for team in teams]
    counted = {team.name: Counted(team, now - timedelta(days=5), 60) for team in other}
    with folder() as place, sqlite_firm(place, clock, _policy_of(teams)) as store:
        _start_clocks(store, starts)
        worker = Worker(store, Delivery(store, {}))
        clock.now = now
        await worker._fire_all_due()
        before, waited = _clocks(store), _waiting(store)
        store.policy = _policy_of(other, follow_up=_other_rules(), version="edited")
        await worker._fire_all_due()
        untouched = _clocks(store) == before and _waiting(store) == waited
        edited = store.read(lambda session: counted_with_other_hours(session, store.policy))
        for clock_id in edited:
            await store.run(lambda tx, one=clock_id: recompute(tx, one))  # type: ignore[misc]  # the loop's own
        after, waits = _clocks(store), _waiting(store)
        written = {row.data["due_at"] + row.lead_id: row for row in _recounted(store)}
        left = store.read(lambda session: counted_with_other_hours(session, store.policy))
        clock.now = now + timedelta(days=40)
        steps = _history(store, "step_taken")
        await worker._fire_all_due()
        twice = [key for key, many in Counter(_history(store, "step_taken")).items() if many > 1]
    wrong: Counter[str] = Counter()
    seen: Counter[str] = Counter()
    for clock_id, (lead_id, started_at, old_due, calendar, rule) in before.items():
        hours = counted[calendar.rpartition("rep_")[2]]
        wanted = hours.due(started_at, 180)
        kept = old_due <= now or wanted <= now
        seen["late already" if old_due <= now else "would be in the past" if kept else "moved"] += 1
        new_due, expected = after[clock_id][2], old_due if kept else wanted
        wrong["due instant"] += new_due != expected
        wrong["rule"] += after[clock_id][4] != rule
        wrong["slipped into the past"] += new_due <= now < old_due
        row = written.get(new_due.isoformat() + lead_id)
        wrong["not written down"] += (new_due != old_due) and not (
            row and row.data["old_due_at"] == old_due.isoformat()
        )
        for step, due in waits[clock_id].items():
            wrong["step"] += due != (waited[clock_id][step] if kept else hours.due(started_at, MINUTES[step]))
        wrong["delivered step came back"] += set(waits[clock_id]) != set(waited[clock_id])
    return Proof(
        name="R23",
        promise="edited hours and rules move no running clock unseen",
        figures=(
            f"{count} open clocks, hours, closed days and rules of 6 calendars edited: 0 moved by the edit alone"
            f"{'' if untouched else ' (BROKEN)'}; applied to them: {seen['moved']} moved to where a minute counter puts "
            f"them, {seen['late already']} late already and {seen['would be in the past']} that would be in the past "
            f"kept theirs; {sum(wrong.values())} wrong, old and new due of each in its history; "
            f"{len(steps)} steps delivered before, {len(twice)} delivered again"
        ),
        broken=unless(
            an_edit_alone_moves_nothing=(untouched, untouched),
            none_wrong=(not sum(wrong.values()), dict(+wrong)),
            all_of_them=(len(edited) == len(before) and not left, (len(edited), len(left))),
            none_delivered_twice=(not twice, twice[:3]),
            every_case_was_met=(count < 200 or min(seen.values()) > 0, dict(seen)),
        ),
    )


def _edit(team: Team, today: date, dice: random.Random) -> Team:
    """Shorter or longer days, and a day off soon: some clocks gain time, some lose it."""
    shift = dice.choice((["08:00", "12:00"], ["06:00", "21:00"], ["12:00", "20:30"]))
    soon = today + timedelta(days=dice.randint(1, 4))
    return Team(name=team.name, zone=team.zone, week=_same(*shift), closed=(*team.closed, soon))


def _other_rules() -> dict[str, Any]:
    rules: dict[str, Any] = shipped_policy().model_dump(mode="json")["follow_up"]
    first = rules[FIRST_CONTACT] | {"within_minutes": 30, "reminders": [], "ladder": rules[FIRST_CONTACT]["ladder"][:1]}
    return rules | {FIRST_CONTACT: first}


def _clocks(store: Store) -> dict[str, tuple[str, datetime, datetime, str, str]]:
    rows = store.read(lambda session: list(session.exec(select(FollowUp).where(FollowUp.status == "open")).all()))
    return {row.id: (row.lead_id, row.started_at, row.due_at, row.calendar, row.began_with) for row in rows}


def _waiting(store: Store) -> dict[str, dict[str, datetime]]:
    """Steps still to come of each open clock."""
    waits: dict[str, dict[str, datetime]] = {clock_id: {} for clock_id in _clocks(store)}
    rows = store.read(lambda session: list(session.exec(select(Timer).where(Timer.kind == STEP_TIMER)).all()))
    for row in rows:
        if row.status == "waiting" and row.subject_id in waits:
            waits[row.subject_id][row.step] = row.due_at
    return waits


def _recounted(store: Store) -> list[History]:
    return store.read(lambda session: list(session.exec(select(History).where(History.kind == "follow_up_recounted"))))


def _history(store: Store, kind: str) -> list[str]:
    rows = store.read(lambda session: session.exec(select(History.data).where(History.kind == kind)).all())
    return [f"{data['follow_up_id']}:{data['step']}" for data in rows]
