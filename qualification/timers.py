"""A timer of its own kind, beside the steps of a follow-up: silence, a call back, the digest, a held line."""

from datetime import datetime

from qualification.followup import TimerStatus
from qualification.records import Timer


def timer_at(due_at: datetime, kind: str, subject_id: str, *, own_id: str = "", generation: int = 0) -> Timer:
    """A row that waits for this UTC instant. A subject has one of a kind, unless `own_id` tells several apart."""
    return Timer(
        id=f"{kind}:{own_id or subject_id}",
        kind=kind,
        subject_id=subject_id,
        generation=generation,
        step=kind,
        status=TimerStatus.WAITING,
        due_at=due_at,
    )
