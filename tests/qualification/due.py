"""Due timers fire, and which steps of the clock were taken: what the tests of clocks have in common."""

from qualification.followup import STEP_TIMER
from qualification.records import FollowUp, Timer
from qualification.steps import take_due_steps
from tests.business import Business


def fires(firm: Business, timer: Timer) -> None:
    firm.store.run_here(lambda tx: take_due_steps(tx, [timer.subject_id]))


def due_timers_fire(firm: Business) -> list[str]:
    """What the worker would do now: every step that is due, each in its own transaction. The steps taken."""
    steps = (row for row in firm.all(Timer) if row.kind == STEP_TIMER)
    due = [row for row in steps if row.status == "waiting" and row.due_at <= firm.clock.now]
    before = len(steps_taken(firm))
    for timer in sorted(due, key=lambda row: row.due_at):
        fires(firm, timer)
    return steps_taken(firm)[before:]


def steps_taken(firm: Business) -> list[str]:
    leads_of_firm = {row.lead_id for row in firm.all(FollowUp)}
    rows = [row for lead in leads_of_firm for row in firm.history(lead, "step_taken")]
    return [row.data["step"] for row in sorted(rows, key=lambda row: row.id or 0)]
