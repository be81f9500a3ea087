"""Days nobody planned: whatever can be said, pressed, typed and sent in at random, and what must be true after each.

After each act   nothing was logged as an error, Slack refused no call, nobody was left without an answer
now and then     the auditor finds every clock and every message as it should be
now and then     what is pressed and taken back at once leaves every lead, clock and step as it was
in the end       days later, each lead has the score and the stage that what is known of it earns
"""

import asyncio
import contextlib
import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any

from sqlmodel import Session, SQLModel, select

from bot.upkeep.auditor import Auditor
from qualification.assessment import verdict
from qualification.leads import picture_of
from qualification.records import FollowUp, Irregularity, Lead, Timer
from qualification.stages import Stage
from qualification.store import Transaction
from qualification.timers import TimerStatus
from tests.chaos.any_hand import AnyHand
from tests.chaos.office import open_office
from tests.chaos.proof import Proof, unless
from tests.desk import SAID_IN_SLACK, Bench

DAYS, ACTS = 12, 250
ACTS_QUICKLY = 40
AUDITED_AFTER, TAKEN_BACK_AFTER = 10, 9
DELETED_BY_HAND = "message_not_found"  # a card or a line somebody removed: it is posted anew
LAST_LINES = 6  # what was done before something broke, for people
CHANGES_ANYWAY = frozenset({"last_activity_at", "behaviour"})  # that somebody was there at all is no effect of a press

Rows = dict[tuple[str, ...], dict[str, Any]]


@dataclass
class Seen:
    """What went wrong, each with the acts before it; and how much was done."""

    broken: list[str] = field(default_factory=list)
    acts: int = 0
    taken_back: int = 0
    leads: int = 0


def days_nobody_planned(quick: bool) -> Proof:
    seen = Seen()
    for seed in range(1 if quick else DAYS):
        asyncio.run(_a_day(seed, ACTS_QUICKLY if quick else ACTS, seen))
    return Proof(
        name="any-day",
        promise="whatever people do, in whatever order, the books stay right",
        figures=(
            f"{seen.acts} acts at random by prospects, reps, a manager and a guest, {seen.leads} leads; "
            f"{seen.taken_back} presses taken back at once; {len(seen.broken)} faults"
        ),
        broken=unless(nothing_broke=(not seen.broken, "\n".join(seen.broken))),
    )


async def _a_day(seed: int, acts: int, seen: Seen) -> None:
    async with open_office() as bench:
        hand = AnyHand(bench, Random(seed))
        auditor = Auditor(bench.services.store, kinds=SAID_IN_SLACK)
        for number in range(acts):
            with errors_logged() as errors:
                await hand.does_something()
                await bench.settle()
                faults = _unanswered(bench)
                if number % AUDITED_AFTER == 0:
                    await auditor.whole_pass()
                    faults += bench.services.store.read(_irregular)
                if number % TAKEN_BACK_AFTER == 0:
                    faults += await _taken_back(bench, hand, seen)
            if faults or errors:
                seen.broken.append("\n".join((f"seed {seed}, act {number}", *hand.did[-LAST_LINES:], *faults, *errors)))
        with errors_logged() as errors:
            await _days_pass(bench)
        seen.broken += [*errors, *_unanswered(bench)]
        leads = [row.id for row in bench.services.store.read(_leads)]
        seen.broken += await bench.services.store.run(lambda tx: _misjudged(tx, leads))
        seen.acts += acts
        seen.leads += len(leads)


async def _days_pass(bench: Bench) -> None:
    for _ in range(4):
        bench.clock.advance(hours=20)
        await bench.settle()


# -- after each act ----------------------------------------------------------------------------------


@contextlib.contextmanager
def errors_logged() -> Iterator[list[str]]:
    """What our program logs as an error meanwhile; a proof's log is switched off otherwise."""
    lines: list[str] = []
    handler = logging.Handler(logging.ERROR)
    handler.emit = lambda record: lines.append(handler.format(record))  # type: ignore[method-assign]  # its only work
    before, root = logging.root.manager.disable, logging.getLogger()
    logging.disable(logging.NOTSET)
    root.addHandler(handler)
    try:
        yield lines
    finally:
        root.removeHandler(handler)
        logging.disable(before)


def _unanswered(bench: Bench) -> list[str]:
    """Calls that Slack refused, and what Slack itself had to tell somebody; each is looked at once."""
    workspace = bench.workspace
    refused = [
        f"Slack refused {call.method}: {call.error}"
        for call in workspace.calls
        if call.error not in (None, "", DELETED_BY_HAND)
    ]
    told = [f"Slack told {notice.user}: {notice.text}" for notice in workspace.notices]
    workspace.calls.clear()
    workspace.notices.clear()
    return refused + told


def _irregular(session: Session) -> list[str]:
    return [f"the auditor found {row.flaw} ({row.step})" for row in session.exec(select(Irregularity)).all()]


# -- taken back --------------------------------------------------------------------------------------


async def _taken_back(bench: Bench, hand: AnyHand, seen: Seen) -> list[str]:
    before = bench.services.store.read(_rows_of)
    pressed = await hand.takes_back()
    if pressed is None:
        return []
    seen.taken_back += 1
    after = bench.services.store.read(_rows_of)
    return [
        f"{pressed!r} taken back left {key}: {before.get(key)} -> {after.get(key)}"
        for key in before.keys() | after.keys()
        if before.get(key) != after.get(key)
    ]


def _rows_of(session: Session) -> Rows:
    """Every lead, every clock, and each step that is still to come."""
    timers = session.exec(select(Timer).where(Timer.status == TimerStatus.WAITING)).all()
    clocks = session.exec(select(FollowUp)).all()
    return {
        **{("lead", row.id): _values(row) for row in _leads(session)},
        **{("clock", row.id): _values(row) for row in clocks if row.status in ("open", "overdue")},
        **{("step", row.subject_id, row.step): {"due_at": row.due_at} for row in timers},
    }


def _leads(session: Session) -> list[Lead]:
    return list(session.exec(select(Lead)).all())


def _values(row: SQLModel) -> dict[str, Any]:
    return {name: value for name, value in row.model_dump().items() if name not in CHANGES_ANYWAY}


# -- in the end --------------------------------------------------------------------------------------


def _misjudged(tx: Transaction, leads: list[str]) -> list[str]:
    """Those whose kept score is not what is known of them, or who stand below what they have earned."""
    return [fault for lead_id in leads if (fault := _fault_of(tx, tx.get(Lead, lead_id)))]


def _fault_of(tx: Transaction, lead: Lead) -> str | None:
    judged = verdict(picture_of(tx, lead), tx.policy)
    if lead.score != judged.score:
        return f"{lead.id}, {lead.stage}: its score is kept as {lead.score} and is {judged.score}"
    earned = judged.earned_at(Stage(lead.stage), since=lead.stage_since)
    if earned is not None and not lead.do_not_contact:
        return f"{lead.id} stands on {lead.stage} and has earned {earned[0]} ({earned[1].rule})"
    return None
