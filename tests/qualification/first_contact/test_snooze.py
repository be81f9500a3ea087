"""A snooze holds reminders back, with a reason the managers hear; the due instant stays what it is."""

import pytest

from qualification.followup import NothingToSnooze, SnoozeTooShort, snooze
from qualification.records import Timer
from qualification.stages import ReasonMissing
from tests.business import Business
from tests.clock import jst
from tests.qualification.due import due_timers_fire


def test_a_snooze_holds_the_steps_back_and_the_manager_hears_why(firm: Business) -> None:
    lead = firm.qualified_lead()
    until = jst("2026-05-18 14:00")
    firm.does(snooze, lead, until=until, reason="会議中とのこと", by="yuki")

    firm.clock.now = jst("2026-05-18 13:30")
    assert due_timers_fire(firm) == []
    firm.clock.now = until
    assert due_timers_fire(firm) == ["overdue"]
    clock = firm.clock_of(lead)
    assert clock is not None
    assert clock.due_at == jst("2026-05-18 13:00"), "the due instant stays"
    assert firm.said("alarm")[0].payload["facts"]["reason"] == "会議中とのこと"


def test_a_short_snooze_leaves_later_steps_where_they_are(firm: Business) -> None:
    lead = firm.qualified_lead()
    firm.does(snooze, lead, until=jst("2026-05-18 12:00"), reason="lunch", by="yuki")

    by_step = {row.step: row.due_at for row in firm.all(Timer)}
    assert by_step["half_time"] == jst("2026-05-18 12:00")
    assert by_step["last_call"] == jst("2026-05-18 12:30")


@pytest.mark.parametrize(
    ("until", "reason", "problem"),
    [("2026-05-18 10:00", "why", SnoozeTooShort), ("2026-05-18 11:00", "  ", ReasonMissing)],
)
def test_a_snooze_needs_a_later_time_and_a_reason(firm: Business, until: str, reason: str, problem: type) -> None:
    lead = firm.qualified_lead()
    with pytest.raises(problem):
        firm.does(snooze, lead, until=jst(until), reason=reason, by="yuki")
    assert firm.history(lead, "follow_up_snoozed") == []


def test_there_is_nothing_to_snooze_without_a_clock(firm: Business) -> None:
    lead = firm.has_lead()
    with pytest.raises(NothingToSnooze):
        firm.does(snooze, lead, until=jst("2026-05-19 10:00"), reason="why", by="yuki")
