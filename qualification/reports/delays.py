"""How long it took, and whose time it was: ours until a person could see it, theirs until the contact (D28)."""

from dataclasses import dataclass
from datetime import datetime

from qualification.records import FollowUp
from qualification.working_hours import WorkingHours


@dataclass(frozen=True, kw_only=True)
class Delays:
    """System delay in seconds as they pass; human delay in minutes of the rule's time. None: never seen in Slack."""

    system_seconds: int | None
    human_minutes: int | None


def delays_of(clock: FollowUp, hours: WorkingHours, *, until: datetime) -> Delays:
    """Until the contact, or until now while there is none. `hours` is the calendar the clock counts on."""
    if clock.told_at is None:
        return Delays(system_seconds=None, human_minutes=None)
    return Delays(
        system_seconds=int((clock.told_at - clock.started_at).total_seconds()),
        human_minutes=int(hours.between(clock.told_at, until).total_seconds() // 60),
    )
