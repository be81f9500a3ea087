"""A timer of its own kind, beside the steps of a follow-up: silence, a call back, the digest, a held line."""

from datetime import datetime

from qualification.followup import TimerStatus
from qualification.records import Timer


def timer_at(due_at: datetime, kind: str, subject_id: str, *, own_id: str = "") -> Timer:
    """A row that waits for this UTC instant. A subject has one of a kind, unless `own_id` tells several apart."""
    return Timer(
        subject_id=subject_id,
        step=f"{kind}:{own_id}" if own_id else kind,
        kind=kind,
        status=TimerStatus.WAITING,
        due_at=due_at,
    )
