"""`bantline retention`: what led nowhere and is due to be forgotten, and why; the worker does it by itself (D26)."""

import asyncio
from collections.abc import Iterator
from contextlib import closing

from bot.bootstrap import Services, as_json_text, open_services
from bot.settings import load_settings
from bot.upkeep.retention import DueToGo, Position, Retention, handful
from qualification.retention import Fate

WHY = {
    Fate.TALK_OF_NOBODY: "a talk of nobody, silent for {days} days: the talk goes",
    Fate.TALK_LED_NOWHERE: "a talk that led nowhere, silent for {days} days: the talk goes, the lead stays",
    Fate.LEAD_LED_NOWHERE: "a lead from one talk that led nowhere, silent for {days} days: both go",
    Fate.LEAD_IS_QUIET: "nothing has happened to this lead for {months} months: the person goes",
}


def forget(*, rehearse: bool, as_json: bool) -> None:
    """Erase what is due to be forgotten, or only say what and why."""
    with closing(open_services(load_settings())) as services:
        found = list(_due(services)) if rehearse else []
        if as_json and rehearse:
            print(as_json_text({"due": [{"why": one.fate, "id": one.id, "lead": one.lead_id} for one in found]}))
        elif rehearse:
            _tell(services, found)
        else:
            gone = asyncio.run(Retention(services.store).whole_pass())
            print(as_json_text({"forgotten": dict(gone)}) if as_json else f"Forgotten: {gone.total()}.")


def _tell(services: Services, found: list[DueToGo]) -> None:
    rule = services.store.policy.retention
    for one in found:
        print(f"{one.id}  {WHY[one.fate].format(days=rule.unqualified_chat_days, months=rule.quiet_lead_months)}")
    print(f"{len(found)} would be forgotten. Nothing was erased.")


def _due(services: Services) -> Iterator[DueToGo]:
    """Each once: a lead that goes with its talk is not said again."""
    policy, now = services.store.policy, services.clock()
    place: Position | None = Position()
    going: set[str] = set()
    while place is not None:
        at = place
        found, place = services.store.read(lambda session: handful(session, at, policy=policy, now=now))  # noqa: B023 - read at once
        for one in found:
            if one.fate in (Fate.LEAD_LED_NOWHERE, Fate.LEAD_IS_QUIET):
                if one.lead_id in going:
                    continue
                going.add(one.lead_id or "")
            yield one
