"""Several duties side by side: what starts each, what meets it, and who hears of its steps."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualification import leads, ownership
from qualification.audit import audit_clock
from qualification.calls import Outcome
from qualification.clock_rules import FIRST_CONTACT, FollowUpRule, Tells
from qualification.contact import Evidence, Grade
from qualification.followup import record_contact
from qualification.policy import Policy, load_policy, shipped_policy
from qualification.records import Rep, Timer
from qualification.schedule import due_of, schedule
from qualification.stages import Stage
from tests.business import NEED, SATO, Business
from tests.clock import jst
from tests.qualification.due import due_timers_fire

DOCUMENT, TRY_AGAIN, ACCEPTANCE = "document_call", "persistence", "acceptance"
MAIL = Evidence(kind="mail", detail="<1@example.jp>")


def wants_a_document(firm: Business, lead: str) -> None:
    firm.does(leads.record_activity, lead, "document_requested", key=f"document:{lead}")


def in_force(firm: Business, tmp_path: Path, text: str) -> None:
    path = tmp_path / "own.toml"
    path.write_text(text, "utf-8")
    firm.store.policy = load_policy(path)


def is_known(firm: Business, rep: str, away_until: datetime | None = None, *, role: str = "rep") -> None:
    row = Rep(id=rep, name=rep, language="ja", zone="Asia/Tokyo", role=role, seen_at=firm.clock.now)
    row.away_until = away_until
    firm.store.run_here(lambda tx: tx.add(row) and None)


def status(firm: Business, lead: str, rule: str) -> str:
    return firm.clocks_of(lead)[rule].status


# -- the phone call after a document request ---------------------------------------------------


def test_a_document_request_is_due_by_phone_at_the_end_of_the_third_working_day(firm: Business) -> None:
    """M93."""
    firm.clock.now = jst("2026-05-20 11:00")  # a Wednesday
    lead = firm.has_lead()
    wants_a_document(firm, lead)

    assert firm.clocks_of(lead)[DOCUMENT].due_at == jst("2026-05-25 18:00")
    assert {row.step: row.due_at for row in firm.all(Timer)} == {
        "second_day": jst("2026-05-22 09:00"),
        "last_day": jst("2026-05-25 09:00"),
        "call_due": jst("2026-05-25 18:00"),
    }


def test_a_mail_is_no_phone_call(firm: Business) -> None:
    """M93."""
    lead = firm.has_lead()
    wants_a_document(firm, lead)
    firm.does(record_contact, lead, Grade.ATTEMPT, MAIL, by="yuki")
    firm.calls(lead, Outcome.REPLIED)  # a rep notes that they wrote back
    assert status(firm, lead, DOCUMENT) == "open"

    firm.calls(lead, Outcome.NO_ANSWER)
    assert status(firm, lead, DOCUMENT) == "met"


def test_below_mql_the_duty_to_phone_runs_but_slack_hears_nothing_of_it(firm: Business) -> None:
    lead = firm.has_lead()
    wants_a_document(firm, lead)
    firm.clock.advance(days=10)
    due_timers_fire(firm)

    assert [row.data["step"] for row in firm.history(lead, "step_taken")] == ["call_due"]
    assert firm.said() == []


def test_a_step_nobody_could_hear_is_not_taken_for_a_lost_one_once_the_lead_is_shown(firm: Business) -> None:
    lead = firm.has_lead()
    wants_a_document(firm, lead)
    firm.clock.now = jst("2026-05-20 09:00")
    due_timers_fire(firm)
    firm.talks_in_chat(lead, NEED, SATO)
    clock = firm.clocks_of(lead)[DOCUMENT]

    assert firm.lead(lead).channel is not None
    assert firm.store.run_here(lambda tx: audit_clock(tx, clock.id)) == []
    firm.clock.now = jst("2026-05-21 09:00")
    due_timers_fire(firm)
    assert "last_day" in [row.payload["facts"]["step"] for row in firm.said("ring")], "from now on it is heard"


def test_a_request_of_long_ago_that_is_told_only_now_starts_no_clock(firm: Business) -> None:
    lead = firm.has_lead()
    firm.does(leads.record_activity, lead, "document_requested", key="old", at=jst("2026-05-11 10:00"))
    assert firm.clocks_of(lead) == {}

    firm.does(leads.record_activity, lead, "document_requested", key="friday", at=jst("2026-05-15 10:00"))
    assert firm.clocks_of(lead)[DOCUMENT].due_at == jst("2026-05-20 18:00")


def test_a_second_document_starts_no_second_clock_while_one_runs(firm: Business) -> None:
    lead = firm.has_lead()
    wants_a_document(firm, lead)
    firm.does(leads.record_activity, lead, "document_requested", key="another")

    assert firm.clocks_of(lead)[DOCUMENT].generation == 1


def test_who_asked_to_be_left_alone_starts_no_clock(firm: Business) -> None:
    lead = firm.has_lead()
    firm.does(leads.opt_out, lead, words="stop", by="prospect")
    wants_a_document(firm, lead)

    assert firm.clocks_of(lead) == {}


# -- trying again ------------------------------------------------------------------------------


def test_a_first_contact_that_reached_nobody_starts_the_duty_to_try_again(firm: Business) -> None:
    lead = firm.qualified_lead()
    firm.calls(lead, Outcome.NO_ANSWER)

    assert (status(firm, lead, FIRST_CONTACT), status(firm, lead, TRY_AGAIN)) == ("met", "open")
    assert firm.clocks_of(lead)[TRY_AGAIN].attempts == 0, "the first try is not one of the further ones"


def test_who_was_tried_before_the_office_opened_is_tried_again_on_the_next_working_day(firm: Business) -> None:
    firm.clock.now = jst("2026-05-19 08:00")  # still Monday in London
    lead = firm.qualified_lead()
    firm.calls(lead, Outcome.NO_ANSWER)

    again = firm.clocks_of(lead)[TRY_AGAIN].id
    due = {row.step: row.due_at for row in firm.all(Timer) if row.subject_id == again}
    assert due["try_again"] == jst("2026-05-20 09:00")


def test_a_talk_at_once_needs_no_further_try(firm: Business) -> None:
    lead = firm.qualified_lead()
    firm.calls(lead, Outcome.CONNECTED)

    assert TRY_AGAIN not in firm.clocks_of(lead)


@pytest.mark.parametrize(
    ("calls", "ended"),
    [
        ([Outcome.NO_ANSWER, Outcome.BUSY], "open"),
        ([Outcome.NO_ANSWER, Outcome.BUSY, Outcome.NO_ANSWER], "met"),  # three further tries are enough
        ([Outcome.CONNECTED], "met"),
    ],
)
def test_trying_again_ends_with_a_talk_or_with_enough_tries(firm: Business, calls: list[Outcome], ended: str) -> None:
    lead = firm.qualified_lead()
    for outcome in [Outcome.NO_ANSWER, *calls]:
        firm.clock.advance(hours=1)
        firm.calls(lead, outcome)

    assert status(firm, lead, TRY_AGAIN) == ended


def test_who_has_tried_enough_is_not_reminded_to_try(firm: Business) -> None:
    lead = firm.qualified_lead()
    firm.calls(lead, Outcome.NO_ANSWER)
    firm.calls(lead, Outcome.NO_ANSWER)
    firm.clock.now = jst("2026-05-19 09:00")
    due_timers_fire(firm)
    assert firm.timers(lead, TRY_AGAIN)["try_again"] == "dropped"

    firm.clock.now = jst("2026-05-21 09:00")
    due_timers_fire(firm)
    assert firm.timers(lead, TRY_AGAIN)["try_once_more"] == "done"


# -- accepting what is offered -----------------------------------------------------------------


def test_an_offered_lead_waits_for_a_decision_whoever_talks_to_it(firm: Business) -> None:
    """M101."""
    lead = firm.qualified_lead()
    firm.calls(lead, Outcome.CONNECTED)
    assert status(firm, lead, ACCEPTANCE) == "open"

    firm.does(ownership.accept, lead, by="yuki")
    clock = firm.clocks_of(lead)[ACCEPTANCE]
    assert (clock.status, clock.grade, clock.evidence) == (
        "met",
        "decision",
        {"kind": "decision", "detail": "accepted", "by": "yuki"},
    )


def test_a_lead_handed_back_waits_for_the_next_decision(firm: Business) -> None:
    lead = firm.qualified_lead(owner_id="yuki")
    firm.does(ownership.hand_back, lead, reason="not my region", by="yuki")

    clock = firm.clocks_of(lead)[ACCEPTANCE]
    assert (clock.generation, clock.status) == (2, "open")


def test_a_policy_that_accepts_by_itself_asks_nobody(firm: Business, tmp_path: Path) -> None:
    in_force(firm, tmp_path, "[stages]\nauto_accept = true\n")
    lead = firm.qualified_lead()

    assert firm.lead(lead).stage == Stage.SAL
    assert ACCEPTANCE not in firm.clocks_of(lead)


def test_a_rule_can_be_switched_off(firm: Business, tmp_path: Path) -> None:
    in_force(firm, tmp_path, "[follow_up.acceptance]\non = false\n")

    assert set(firm.clocks_of(firm.qualified_lead())) == {FIRST_CONTACT}


def test_aside_every_clock_of_the_lead_stops(firm: Business) -> None:
    lead = firm.qualified_lead()
    wants_a_document(firm, lead)
    firm.does(leads.put_aside, lead, Stage.NURTURE, rule="silence", by="clock")

    assert {clock.status for clock in firm.clocks_of(lead).values()} == {"cancelled"}


# -- whose number it was -----------------------------------------------------------------------


@pytest.mark.parametrize(("worth", "ended"), [("attempt", "met"), ("none", "open")])
def test_the_policy_says_what_a_wrong_number_is_worth(firm: Business, tmp_path: Path, worth: str, ended: str) -> None:
    in_force(firm, tmp_path, f'[contact]\nwrong_number = "{worth}"\n')
    lead = firm.qualified_lead()
    firm.calls(lead, Outcome.WRONG_NUMBER)

    assert status(firm, lead, FIRST_CONTACT) == ended


def test_a_wrong_number_that_is_worth_nothing_is_no_further_try(firm: Business, tmp_path: Path) -> None:
    in_force(firm, tmp_path, '[contact]\nwrong_number = "none"\n')
    lead = firm.qualified_lead()
    firm.calls(lead, Outcome.NO_ANSWER)
    for outcome in (Outcome.WRONG_NUMBER, Outcome.NO_ANSWER, Outcome.WRONG_NUMBER, Outcome.NO_ANSWER):
        firm.calls(lead, outcome)

    assert firm.clocks_of(lead)[TRY_AGAIN].attempts == 2
    assert status(firm, lead, TRY_AGAIN) == "open"


# -- who hears of it ---------------------------------------------------------------------------

BACKUP = '[routing]\nbackup = "ken"\nnext_managers = ["boss"]\n'


@pytest.mark.parametrize(
    ("owner", "away", "people", "tells"),
    [
        ("yuki", (), ["yuki"], "owner"),
        ("yuki", ("yuki",), ["ken"], "backup"),
        ("yuki", ("yuki", "ken"), [], "channel"),
        ("ken", ("ken",), [], "channel"),  # nobody stands in for oneself
        (None, (), [], "channel"),
    ],
)
def test_a_step_for_an_absent_owner_goes_to_who_stands_in(
    firm: Business, tmp_path: Path, owner: str | None, away: tuple[str, ...], people: list[str], tells: str
) -> None:
    in_force(firm, tmp_path, BACKUP)
    for rep in ("yuki", "ken"):
        is_known(firm, rep, jst("2026-06-01 09:00") if rep in away else None)
    lead = firm.qualified_lead(owner_id=owner)
    firm.clock.advance(minutes=90)
    due_timers_fire(firm)

    (step,) = firm.history(lead, "step_taken")
    assert (step.data["people"], step.data["tells"]) == (people, tells)
    assert step.data["stands_in_for"] == (owner if owner in away else None)


def test_the_managers_managers_hear_of_the_last_step(firm: Business, tmp_path: Path) -> None:
    in_force(firm, tmp_path, BACKUP)
    lead = firm.qualified_lead(owner_id="yuki")
    firm.clock.advance(minutes=240)
    due_timers_fire(firm)

    (step,) = firm.history(lead, "step_taken")
    assert (step.data["tells"], step.data["managers"]) == ("managers_manager", ["boss"])


# -- whose hours count -------------------------------------------------------------------------

LONDON = """
[calendars.london]
zone = "Europe/London"
mon = [["09:00", "17:00"]]
tue = [["09:00", "17:00"]]
[routing.calendars]
en = "london"
[people.yuki]
zone = "America/New_York"
"""


@pytest.mark.parametrize(
    ("language", "owner", "calendar", "due"),
    [
        ("ja", None, "", "2026-05-18 13:00"),
        ("en", None, "london", "2026-05-18 20:00"),  # 09:00 in London and three hours
        ("en", "yuki", "person:yuki", "2026-05-19 01:00"),  # 09:00 in New York and three hours
        ("ja", "ken", "", "2026-05-18 13:00"),
    ],
)
def test_the_owners_hours_count_and_before_there_is_one_the_teams(
    firm: Business, tmp_path: Path, language: str, owner: str | None, calendar: str, due: str
) -> None:
    in_force(firm, tmp_path, LONDON)
    lead = firm.qualified_lead(language=language, owner_id=owner)

    clock = firm.clocks_of(lead)[FIRST_CONTACT]
    assert (clock.calendar, clock.due_at) == (calendar, jst(due))


def test_a_claim_does_not_move_the_due_instant_to_other_hours(firm: Business, tmp_path: Path) -> None:
    in_force(firm, tmp_path, LONDON)
    lead = firm.qualified_lead()
    firm.does(ownership.claim, lead, by="yuki")

    assert firm.clocks_of(lead)[FIRST_CONTACT].due_at == jst("2026-05-18 13:00")


def test_a_reminder_does_not_ring_an_owner_at_night(firm: Business, tmp_path: Path) -> None:
    in_force(firm, tmp_path, LONDON + '[routing]\nbackup = "ken"\n')
    lead = firm.qualified_lead()
    firm.does(ownership.claim, lead, by="yuki")  # in New York, where it is 21:00
    firm.clock.advance(minutes=90)
    due_timers_fire(firm)

    (step,) = firm.history(lead, "step_taken")
    assert step.data["people"] == ["ken"]


# -- the arithmetic of any rule ----------------------------------------------------------------

STARTS = st.integers(0, 2 * 365 * 1440).map(lambda minutes: jst("2026-01-01 00:00") + timedelta(minutes=minutes))


@given(start=STARTS, rule=st.sampled_from(sorted(shipped_policy().follow_up)))
def test_reminders_come_before_due_and_the_ladder_climbs(policy: Policy, start: datetime, rule: str) -> None:
    terms = policy.follow_up[rule]
    falls = schedule(terms, start, policy.working_hours)
    due = due_of(terms, start, policy.working_hours)
    instants = [step.at for step in falls]
    ladder = falls[len(terms.reminders) :]

    assert instants == sorted(instants)
    assert all(start <= step.at <= due for step in falls[: len(terms.reminders)])
    assert all(step.at >= due for step in ladder)
    assert [list(Tells).index(step.step.tells) for step in ladder] == sorted(
        list(Tells).index(step.step.tells) for step in ladder
    )


@given(st.integers(1, 400), st.integers(1, 399), STARTS)
def test_so_long_before_due_is_so_much_working_time_before_it(
    policy: Policy, within: int, before: int, start: datetime
) -> None:
    before = min(before, within - 1)
    if before < 1:
        return
    reminder = {"name": "r", "before_minutes": before}
    rule = FollowUpRule.model_validate({"within_minutes": within, "reminders": [reminder]})
    (falls,) = schedule(rule, start, policy.working_hours)

    left = policy.working_hours.between(falls.at, due_of(rule, start, policy.working_hours))
    assert left == timedelta(minutes=before)


def test_what_a_clock_leaves_out_of_the_rule_it_keeps_means_the_same_for_ever() -> None:
    kept = {
        "within_minutes": 60,
        "reminders": [{"name": "early", "after_minutes": 5}],
        "ladder": [{"name": "late", "tells": "manager", "late_minutes": 0}],
    }
    rule = FollowUpRule.model_validate(kept)

    assert rule.as_kept == kept
    assert rule.model_dump(mode="json", exclude_none=True) == {
        "on": True,
        "starts": "qualified",
        "within_minutes": 60,
        "met_by": "attempt",
        "evidence": [],
        "count": "working",
        "renotify_minutes": 30,
        "reminders": [{"name": "early", "tells": "owner", "after_minutes": 5}],
        "ladder": [{"name": "late", "tells": "manager", "late_minutes": 0}],
    }, "running clocks were kept without what is the default: a new default would change them"
