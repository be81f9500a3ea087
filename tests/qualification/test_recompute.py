"""Edited hours move what is still to come, never what was delivered, and no due instant into the past unseen (D13)."""

from pathlib import Path

from qualification.acknowledge import acknowledge
from qualification.calls import Outcome
from qualification.followup import DUE_PASSES, STEP_TIMER, snooze
from qualification.kept_rules import rule_of
from qualification.recompute import Kept, Recount, counted_with_other_hours, recompute, running_by_other_rules
from qualification.records import Timer
from tests.business import Business
from tests.clock import jst
from tests.qualification.databases import on_both_databases
from tests.qualification.due import due_timers_fire
from tests.qualification.test_duties import in_force

SHORTER = "[follow_up.acceptance]\non = false\n"
OSAKA = '[calendars.osaka]\nzone = "Asia/Tokyo"\nmon = [["09:00", "18:00"]]\n'
ONE_HOUR = "[follow_up.first_contact]\nwithin_minutes = 60\nreminders = []\n"
FIVE_HOURS = """
[follow_up.first_contact]
within_minutes = 300
met_by = "reached"
reminders = [
  { name = "early", after_minutes = 60, tells = "owner" },
  { name = "middle", after_minutes = 150, tells = "owner" },
  { name = "soon", before_minutes = 60, tells = "owner" },
]
ladder = [{ name = "due", late_minutes = 0, tells = "manager" }]
"""
LUNCH = """
[hours]
zone = "Asia/Tokyo"
lunch = { from = "12:00", to = "13:00", on = true }
mon = [["09:00", "18:00"]]
tue = [["09:00", "18:00"]]
"""


def outdated(firm: Business) -> list[str]:
    return list(firm.store.read(lambda session: counted_with_other_hours(session, firm.store.policy)))


def recounted(firm: Business) -> list[Recount]:
    found = [firm.store.run_here(lambda tx, one=one: recompute(tx, one)) for one in outdated(firm)]  # type: ignore[misc]  # the loop's own
    return [one for one in found if one is not None]


def falls(firm: Business) -> dict[str, str]:
    return {row.step: row.status if row.status != "waiting" else f"{row.due_at:%H:%M}" for row in firm.all(Timer)}


@on_both_databases
def test_a_lunch_break_moves_the_steps_still_to_come(firm: Business, tmp_path: Path) -> None:
    in_force(firm, tmp_path, SHORTER)
    lead = firm.qualified_lead()  # Monday 10:00
    firm.clock.now = jst("2026-05-18 11:30")
    due_timers_fire(firm)
    assert outdated(firm) == []

    in_force(firm, tmp_path, SHORTER + LUNCH)
    (one,) = recounted(firm)
    assert (one.old_due, one.new_due, one.kept) == (jst("2026-05-18 13:00"), jst("2026-05-18 14:00"), None)
    assert falls(firm) == {"half_time": "done", "last_call": "04:30", "due": "05:00", "overdue": "06:00"}  # UTC
    (told,) = firm.history(lead, "follow_up_recounted")
    assert (told.data["old_due_at"], told.data["due_at"]) == (one.old_due.isoformat(), one.new_due.isoformat())
    assert outdated(firm) == [], "once is enough"


def test_the_rule_a_clock_began_with_stays_whatever_the_policy_says_now(firm: Business, tmp_path: Path) -> None:
    in_force(firm, tmp_path, SHORTER)
    firm.qualified_lead()
    in_force(firm, tmp_path, SHORTER + LUNCH + "[follow_up.first_contact]\nwithin_minutes = 10\n")

    assert [one.new_due for one in recounted(firm)] == [jst("2026-05-18 14:00")]


def with_rules(firm: Business) -> list[Recount]:
    ids = firm.store.read(lambda session: running_by_other_rules(session, firm.store.policy))
    found = [firm.store.run_here(lambda tx, one=one: recompute(tx, one, with_rules=True)) for one in ids]  # type: ignore[misc]  # the loop's own
    return [one for one in found if one is not None]


@on_both_databases
def test_a_clock_takes_over_the_rules_of_now_when_a_manager_asks_for_it(firm: Business, tmp_path: Path) -> None:
    in_force(firm, tmp_path, SHORTER)
    lead = firm.qualified_lead(owner_id="yuki")  # Monday 10:00
    firm.clock.now = jst("2026-05-18 11:30")
    due_timers_fire(firm)
    firm.does(acknowledge, lead, by="yuki")
    in_force(firm, tmp_path, SHORTER + FIVE_HOURS)

    (one,) = with_rules(firm)
    assert (one.old_due, one.new_due) == (jst("2026-05-18 13:00"), jst("2026-05-18 15:00"))
    steps = falls(firm)
    assert (steps["half_time"], steps["early"], steps["middle"], steps["soon"]) == ("done", "dropped", "03:30", "05:00")
    assert (steps["last_call"], steps["half_time:again"]) == ("dropped", "dropped"), "the new rule does not have them"
    (told,) = firm.history(lead, "follow_up_recounted")
    assert (told.data["edited"], told.data["due_at"]) == ("rules", one.new_due.isoformat())
    assert with_rules(firm) == [], "once is enough"

    firm.clock.now = jst("2026-05-18 15:00")
    assert due_timers_fire(firm) == ["due"]
    firm.does(acknowledge, lead, by="yuki")
    firm.calls(lead, Outcome.NO_ANSWER)
    assert firm.clocks_of(lead)["first_contact"].status == "open", "an attempt is not enough any more"


def test_rules_taken_over_put_no_due_instant_into_the_past(firm: Business, tmp_path: Path) -> None:
    in_force(firm, tmp_path, SHORTER)
    lead = firm.qualified_lead()
    firm.clock.now = jst("2026-05-18 12:00")
    in_force(firm, tmp_path, SHORTER + ONE_HOUR)

    assert [one.kept for one in with_rules(firm)] == [Kept.WOULD_BE_PAST]
    clock = firm.clocks_of(lead)["first_contact"]
    assert firm.store.run_here(lambda tx: rule_of(tx, clock)).within_minutes == 180, "it keeps its rule as well"
    assert falls(firm)["due"] == "04:00"


def test_a_calendar_that_is_gone_gives_way_to_the_firms_own_once(firm: Business, tmp_path: Path) -> None:
    in_force(firm, tmp_path, SHORTER + OSAKA + '[routing.calendars]\nja = "osaka"\n')
    lead = firm.qualified_lead()
    in_force(firm, tmp_path, SHORTER + LUNCH)

    assert [one.new_due for one in recounted(firm)] == [jst("2026-05-18 14:00")]
    assert (firm.clocks_of(lead)["first_contact"].calendar, outdated(firm)) == ("", [])


def test_what_is_due_already_stays_late_by_the_hours_of_its_time(firm: Business, tmp_path: Path) -> None:
    in_force(firm, tmp_path, SHORTER)
    firm.qualified_lead()
    firm.clock.now = jst("2026-05-18 13:10")
    in_force(firm, tmp_path, SHORTER + LUNCH)

    assert [(one.new_due, one.kept) for one in recounted(firm)] == [(jst("2026-05-18 13:00"), Kept.ALREADY_DUE)]


def test_no_due_instant_slips_into_the_past_unseen(firm: Business, tmp_path: Path) -> None:
    in_force(firm, tmp_path, SHORTER + LUNCH)
    lead = firm.qualified_lead()
    firm.clock.now = jst("2026-05-18 13:30")  # due 14:00; without the lunch break it would have been 13:00
    in_force(firm, tmp_path, SHORTER)

    assert [(one.new_due, one.kept) for one in recounted(firm)] == [(jst("2026-05-18 14:00"), Kept.WOULD_BE_PAST)]
    assert firm.history(lead, "follow_up_recounted")[0].data["kept"] == "would_be_past"


def test_what_is_held_back_stays_held_back(firm: Business, tmp_path: Path) -> None:
    in_force(firm, tmp_path, SHORTER)
    lead = firm.qualified_lead(owner_id="yuki")
    firm.does(acknowledge, lead, by="yuki")
    firm.does(snooze, lead, until=jst("2026-05-18 16:00"), reason="later", by="yuki")
    in_force(firm, tmp_path, SHORTER + LUNCH)
    recounted(firm)

    assert {row.due_at for row in firm.all(Timer) if row.kind == STEP_TIMER} == {jst("2026-05-18 16:00")}
    assert [row.due_at for row in firm.all(Timer) if row.kind == DUE_PASSES] == [jst("2026-05-18 14:00")]


def test_only_clocks_of_the_edited_calendar_are_counted_anew(firm: Business, tmp_path: Path) -> None:
    osaka = OSAKA + '[routing.calendars]\nen = "osaka"\n'
    in_force(firm, tmp_path, SHORTER + osaka)
    firm.qualified_lead(language="ja")
    english = firm.qualified_lead(language="en")
    in_force(firm, tmp_path, SHORTER + osaka.replace("18:00", "12:00"))

    assert [(one.lead_id, one.new_due) for one in recounted(firm)] == [(english, jst("2026-05-25 10:00"))]
