"""The lead's verbs: claimed by one, accepted, handed back, silent, off limits."""

from datetime import date
from pathlib import Path

import pytest

from qualification import leads, ownership, silence
from qualification.acknowledge import acknowledge
from qualification.answers import PROSPECT, Stated
from qualification.bant import Timeframe, Topic
from qualification.calls import Call, Outcome, log_call
from qualification.deals import Result, Told, tell_result
from qualification.deeds import Kind, do, undo
from qualification.events import InterviewClosed, MessageLeft
from qualification.records import Activity, Deed, Lead, Timer
from qualification.stages import MoveNotAllowed, ReasonMissing, Stage
from qualification.store import Store, Transaction
from tests.business import ASAHI, BUDGET, NEED, NEXT_YEAR, SATO, SOON, Business
from tests.clock import jst
from tests.qualification.databases import on_both_databases
from tests.qualification.test_duties import in_force

THE_LONGEST = """
[silence]
interview_minutes = 525600
nurture_after_working_days = 1000
[answers]
valid_days = 36500
[temperature]
hot_score = 70
hot_activities = []
warm_score = 20
warm_days = 36500
[stages.sql]
within_months = 1200
required = ["need"]
[contact]
hours_between_mails = 876000
[retention]
unqualified_chat_days = 36500
quiet_lead_months = 1200
[follow_up.first_contact]
within_minutes = 525600
renotify_minutes = 525600
ladder = [{ name = "due", late_minutes = 525600, tells = "manager" }]
[follow_up.ours]
starts = "not_reached"
within_working_days = 1000
reminders = [{ name = "last", on_working_day = 1000 }]
"""


def stay_quiet(tx: Transaction, lead: Lead) -> None:
    timer = tx.peek(Timer, (lead.id, silence.QUIET_TIMER))
    assert timer is not None
    silence.lead_stayed_quiet(tx, timer)


def heard_by(rep: str, firm: Business) -> Stated:
    """Found out by a rep, and not from the lead."""
    return Stated(topic=Topic.COMPANY, value=ASAHI, words="", certainty=1.0, said_by=rep, via="form", at=firm.clock.now)


@on_both_databases
def test_of_twenty_reps_who_claim_at_once_one_gets_the_lead(firm: Business) -> None:
    lead = firm.qualified_lead()

    def press(rep: str) -> object:
        return firm.store._submit(lambda tx: ownership.claim(tx, tx.get(Lead, lead), by=rep), (), ())

    presses = [press(f"rep{number}") for number in range(20)]
    problems = [one.exception(10) for one in presses]  # type: ignore[attr-defined]  # futures of the store

    owner = firm.lead(lead).owner_id
    assert problems.count(None) == 1
    assert all(problem.owner_id == owner for problem in problems if isinstance(problem, ownership.AlreadyClaimed))
    assert len(firm.history(lead, "owner_changed")) == 1


def test_claiming_twice_is_no_fault(firm: Business) -> None:
    lead = firm.qualified_lead()
    firm.does(ownership.claim, lead, by="yuki")
    firm.does(ownership.claim, lead, by="yuki")

    assert firm.lead(lead).owner_id == "yuki"
    assert len(firm.history(lead, "owner_changed")) == 1


def test_accepting_a_lead_that_satisfies_the_rule_writes_both_moves_in_one_press(firm: Business) -> None:
    lead = firm.qualified_lead(NEED, SATO, BUDGET, SOON)
    firm.does(ownership.accept, lead, by="yuki")

    accepted, confirmed = firm.history(lead, "stage_moved")[-2:]
    assert (accepted.data["after"], accepted.by, accepted.data["rule"]) == ("SAL", "yuki", "sal_accepted")
    assert (confirmed.data["after"], confirmed.by, confirmed.data["rule"]) == (
        "SQL",
        "policy",
        "sql_timeframe_and_budget",
    )
    assert firm.lead(lead).owner_id == "yuki"


def test_a_lead_that_has_its_rep_keeps_them_when_a_colleague_accepts_it(firm: Business) -> None:
    """M15, D23."""
    lead = firm.qualified_lead(owner_id="ken")
    firm.does(ownership.accept, lead, by="yuki")

    assert (firm.lead(lead).stage, firm.lead(lead).owner_id) == (Stage.SAL, "ken")


def test_accepting_a_lead_that_wants_it_next_year_writes_one_move(firm: Business) -> None:
    lead = firm.qualified_lead(NEED, SATO, BUDGET, NEXT_YEAR)
    firm.does(ownership.accept, lead, by="yuki")

    assert firm.moves(lead) == ["TQL", "SAL"]


def test_a_lead_nobody_offered_cannot_be_accepted(firm: Business) -> None:
    lead = firm.has_lead()
    with pytest.raises(MoveNotAllowed):
        firm.does(ownership.accept, lead, by="yuki")


def test_a_rep_may_confirm_an_accepted_lead_by_hand_with_a_reason(firm: Business) -> None:
    lead = firm.qualified_lead()
    firm.does(ownership.accept, lead, by="yuki")
    with pytest.raises(ReasonMissing):
        firm.does(ownership.confirm, lead, reason=" ", by="yuki")
    firm.does(ownership.confirm, lead, reason="契約書を送りました", by="yuki")

    moved = firm.history(lead, "stage_moved")[-1]
    assert (moved.data["after"], moved.data["words"], moved.by) == ("SQL", "契約書を送りました", "yuki")


def test_handing_back_needs_a_reason(firm: Business) -> None:
    lead = firm.qualified_lead()
    with pytest.raises(ReasonMissing):
        firm.does(ownership.hand_back, lead, reason="  ", by="yuki")

    assert firm.history(lead, "handed_back") == []


def test_a_lead_handed_back_is_offered_to_others(firm: Business) -> None:
    lead = firm.qualified_lead(owner_id="yuki")
    firm.does(ownership.hand_back, lead, reason="not my region", by="yuki")

    row = firm.lead(lead)
    assert (row.stage, row.owner_id) == (Stage.TQL, None)
    assert firm.history(lead, "handed_back")[0].data["reason"] == "not my region"
    clock = firm.clock_of(lead)
    assert clock is not None
    assert clock.status == "open", "somebody still owes them a call"


def test_of_an_accepted_lead_that_is_handed_back_the_managers_hear(firm: Business) -> None:
    """M15: from SAL on somebody in sales is responsible, and here nobody is."""
    lead, offered = firm.qualified_lead(), firm.qualified_lead(owner_id="yuki")
    firm.does(ownership.accept, lead, by="yuki")
    firm.calls(lead, Outcome.CONNECTED)
    for one in (offered, lead):
        firm.does(ownership.hand_back, one, reason="not my region", by="yuki")

    assert (firm.lead(lead).stage, firm.lead(lead).owner_id) == (Stage.SAL, None)
    assert [(row.lead_id, row.payload["event"]) for row in firm.said("alarm")] == [(lead, "handed_back")]


def test_a_lead_handed_back_to_nurture_is_owed_no_call(firm: Business) -> None:
    lead = firm.qualified_lead(owner_id="yuki")
    firm.does(ownership.hand_back, lead, reason="next year", to_nurture=True, by="yuki")

    assert firm.lead(lead).stage == Stage.NURTURE
    assert set(firm.timers(lead).values()) == {"dropped"}


def test_a_lead_in_nurture_comes_back_by_a_new_talk_with_a_new_clock(firm: Business) -> None:
    lead = firm.qualified_lead()
    firm.does(ownership.hand_back, lead, reason="later", to_nurture=True, by="yuki")
    firm.clock.advance(days=1)
    firm.calls(lead, Outcome.NO_ANSWER)
    assert firm.lead(lead).stage == Stage.NURTURE

    firm.clock.advance(days=1)
    firm.talks_in_chat(lead, BUDGET)

    clock = firm.clock_of(lead)
    assert clock is not None
    assert firm.lead(lead).stage == Stage.TQL
    assert (clock.generation, clock.status) == (2, "open")


def test_who_was_called_before_nurture_is_owed_a_first_contact_anew_on_coming_back(firm: Business) -> None:
    """M92, D9."""
    lead = firm.qualified_lead()
    firm.calls(lead, Outcome.CONNECTED)
    firm.clock.advance(hours=1)
    firm.does(leads.put_aside, lead, Stage.NURTURE, rule="silence", by="clock")
    firm.clock.advance(days=1)
    firm.talks_in_chat(lead, NEED)

    assert firm.lead(lead).due_at == jst("2026-05-19 14:00")


def test_a_named_day_is_over_when_it_is_over_where_the_firm_works(firm: Business) -> None:
    """M17, D6: half past midnight in Tokyo is still the day before in London."""
    lead = firm.qualified_lead(NEED, SATO, BUDGET, Timeframe(latest=date(2026, 5, 18)))
    firm.clock.now = jst("2026-05-19 00:30")
    firm.does(ownership.accept, lead, by="yuki")

    assert firm.lead(lead).stage == Stage.SAL


def test_who_opted_out_and_asks_later_that_all_be_deleted_is_heard_again(firm: Business) -> None:
    """D26: erasure at any time."""
    lead = firm.qualified_lead()
    for deletion in (False, False, True):
        firm.does(leads.opt_out, lead, words="", by=PROSPECT, deletion=deletion)

    assert [row.data["deletion"] for row in firm.history(lead, "opted_out")] == [False, True]


def test_who_opts_out_is_off_limits_for_good(firm: Business) -> None:
    lead = firm.qualified_lead()
    firm.does(leads.opt_out, lead, words="連絡しないでください", by="prospect")
    firm.clock.advance(days=1)
    firm.talks_in_chat(lead, BUDGET)

    row = firm.lead(lead)
    assert (row.stage, row.do_not_contact) == (Stage.DISQUALIFIED, True)
    clock = firm.clock_of(lead)
    assert clock is not None
    assert clock.status == "cancelled"


def test_the_same_activity_counts_once(firm: Business) -> None:
    lead = firm.has_lead()
    for _ in range(3):
        firm.does(leads.record_activity, lead, "seminar_attended", key="seminar-7:sato")

    assert len(firm.all(Activity)) == 1


def test_silence_after_ten_working_days_sends_a_lead_to_nurture(firm: Business) -> None:
    """M27: the call is on Monday 18 May 2026; the tenth working day after it is Monday 1 June (D15)."""
    lead = firm.qualified_lead()
    firm.calls(lead, Outcome.NO_ANSWER)
    (timer,) = [row for row in firm.all(Timer) if row.kind == silence.QUIET_TIMER]
    assert timer.due_at == jst("2026-06-01 18:00")

    firm.clock.now = timer.due_at
    firm.does(stay_quiet, lead)

    assert firm.lead(lead).stage == Stage.NURTURE
    assert firm.history(lead, "stage_moved")[-1].data["rule"] == "silence"


def test_where_silence_is_never_taken_for_an_answer_a_missed_call_is_logged_like_any_other(
    firm: Business, tmp_path: Path
) -> None:
    """D15: 0 working days mean never, as 0 does in the tables of mails and of retention."""
    in_force(firm, tmp_path, "[silence]\ninterview_minutes = 30\nnurture_after_working_days = 0\n")
    lead = firm.qualified_lead()
    firm.calls(lead, Outcome.NO_ANSWER)

    assert [row for row in firm.all(Timer) if row.kind == silence.QUIET_TIMER] == []
    assert firm.clocks_of(lead)["first_contact"].status == "met"


def test_the_longest_times_a_policy_may_name_can_be_counted(firm: Business, tmp_path: Path) -> None:
    in_force(firm, tmp_path, THE_LONGEST)
    lead = firm.qualified_lead(NEED, SATO, SOON, BUDGET)
    firm.does(acknowledge, lead, by="yuki")
    firm.calls(lead, Outcome.NO_ANSWER)
    assert firm.clocks_of(lead)["first_contact"].status == "met"


@pytest.mark.parametrize(
    "sign",
    [
        lambda firm, lead: firm.calls(lead, Outcome.CALL_BACK, call_back_at=jst("2026-05-20 10:00")),
        lambda firm, lead: firm.does(leads.record_activity, lead, "document_requested", key="doc"),
        lambda firm, lead: firm.talks_in_chat(lead, BUDGET),
    ],
    ids=["was reached", "asked for a document", "answered in the chat"],
)
def test_a_lead_who_gave_a_sign_is_not_silent(firm: Business, sign: object) -> None:
    lead = firm.qualified_lead()
    firm.calls(lead, Outcome.NO_ANSWER)
    firm.clock.advance(days=1)
    sign(firm, lead)  # type: ignore[operator]  # a line of the table above

    firm.clock.advance(days=20)
    firm.does(stay_quiet, lead)

    assert firm.lead(lead).stage == Stage.TQL


def test_what_a_rep_writes_down_is_no_sign_of_the_lead(firm: Business) -> None:
    lead = firm.qualified_lead()
    firm.calls(lead, Outcome.NO_ANSWER)
    firm.clock.advance(days=1)
    firm.does(leads.record_answer, lead, heard_by("yuki", firm), by="yuki")

    firm.clock.advance(days=20)
    firm.does(stay_quiet, lead)

    assert firm.lead(lead).stage == Stage.NURTURE


@pytest.mark.parametrize(
    "noise",
    [
        lambda firm, lead: firm.does(
            leads.record_activity, lead, "newsletter_opened", key="mail", data={"by_machine": True}
        ),
        lambda firm, lead: firm.does(
            lambda tx, row: tx.record(InterviewClosed(lead_id=row.id, by=PROSPECT, state="abandoned")), lead
        ),
    ],
    ids=["a mail proxy opened a picture", "their chat ended by itself"],
)
def test_what_happens_by_itself_is_no_sign_of_the_lead(firm: Business, noise: object) -> None:
    """M27, D5, D15."""
    lead = firm.qualified_lead()
    firm.calls(lead, Outcome.NO_ANSWER)
    firm.clock.advance(days=1)
    noise(firm, lead)  # type: ignore[operator]  # a line of the table above

    firm.clock.advance(days=20)
    firm.does(stay_quiet, lead)

    assert firm.lead(lead).stage == Stage.NURTURE


def test_silence_moves_nobody_who_was_put_aside_meanwhile(firm: Business) -> None:
    """M27, D15."""
    lead = firm.qualified_lead()
    firm.calls(lead, Outcome.NO_ANSWER)
    firm.does(ownership.hand_back, lead, reason="来期", to_nurture=True, by="yuki")
    firm.clock.advance(days=20)
    firm.does(stay_quiet, lead)

    assert firm.moves(lead) == [Stage.TQL, Stage.NURTURE]


def test_who_leaves_a_message_after_our_call_is_not_silent(firm: Business) -> None:
    lead = firm.qualified_lead()
    firm.calls(lead, Outcome.NO_ANSWER)
    firm.clock.advance(hours=1)
    firm.does(lambda tx, row: tx.record(MessageLeft(lead_id=row.id, by=PROSPECT, words="会議中でした")), lead)

    firm.clock.advance(days=20)
    firm.does(stay_quiet, lead)

    assert firm.lead(lead).stage == Stage.TQL


def test_of_somebody_reached_before_the_rep_is_asked_and_the_stage_stays(firm: Business) -> None:
    """M27, D15: a rule moves only whom nobody ever reached."""
    lead = firm.qualified_lead()
    firm.calls(lead, Outcome.CONNECTED)
    firm.clock.advance(days=2)
    firm.calls(lead, Outcome.NO_ANSWER)
    (timer,) = [row for row in firm.all(Timer) if row.kind == silence.QUIET_TIMER]
    assert timer.due_at == jst("2026-06-03 18:00")

    firm.clock.now = timer.due_at
    firm.does(stay_quiet, lead)

    assert firm.lead(lead).stage == Stage.TQL
    assert [row.data for row in firm.history(lead, "stayed_silent")] == [{"days": 10}]
    assert [row.payload["event"] for row in firm.said("ring")][-1] == "stayed_silent"


@pytest.mark.parametrize(
    "then",
    [
        lambda firm, lead: firm.calls(lead, Outcome.CONNECTED),
        lambda firm, lead: firm.talks_in_chat(lead, BUDGET),
        lambda firm, lead: firm.does(tell_result, lead, Told(result=Result.LOST), by="yuki"),
        lambda firm, lead: firm.does(leads.opt_out, lead, words="", by="prospect"),
    ],
    ids=["was reached again", "answered in the chat", "the deal was lost", "asked to be left alone"],
)
def test_nobody_is_asked_about_whom_there_is_nothing_to_decide(firm: Business, then: object) -> None:
    lead = firm.qualified_lead()
    firm.calls(lead, Outcome.CONNECTED)
    firm.calls(lead, Outcome.NO_ANSWER)
    firm.clock.advance(days=1)
    then(firm, lead)  # type: ignore[operator]  # a line of the table above

    firm.clock.advance(days=20)
    firm.does(stay_quiet, lead)

    assert firm.history(lead, "stayed_silent") == []


def test_another_try_begins_the_silence_anew(firm: Business) -> None:
    lead = firm.qualified_lead()
    firm.calls(lead, Outcome.NO_ANSWER)
    firm.clock.advance(days=7)
    firm.calls(lead, Outcome.BUSY)

    (timer,) = [row for row in firm.all(Timer) if row.kind == silence.QUIET_TIMER]
    assert timer.due_at == jst("2026-06-08 18:00")


def test_the_store_keeps_nothing_of_a_refused_press(store: Store, firm: Business) -> None:
    lead = firm.has_lead()
    before = len(firm.history(lead))
    with pytest.raises(MoveNotAllowed):
        firm.does(ownership.hand_back, lead, reason="why not", by="yuki")

    assert len(firm.history(lead)) == before


def test_an_sql_is_not_on_offer_any_more(firm: Business) -> None:
    """D1, D16."""
    lead = firm.qualified_lead(NEED, SATO, BUDGET, SOON)
    firm.does(ownership.accept, lead, by="yuki")
    with pytest.raises(MoveNotAllowed):
        firm.does(ownership.hand_back, lead, reason="なし", by="yuki")


def test_a_rep_gives_no_lead_away_that_is_nobodys(firm: Business) -> None:
    lead = firm.qualified_lead()
    with pytest.raises(ownership.MayNotReassign):
        firm.does(ownership.reassign, lead, to="ken", by="yuki", by_manager=False)


@pytest.mark.parametrize(
    ("by", "by_manager", "allowed"),
    [("megumi", True, True), ("yuki", False, True), ("ken", False, False)],
    ids=["a manager", "the owner", "a colleague"],
)
def test_who_may_hand_a_lead_on(firm: Business, by: str, by_manager: bool, allowed: bool) -> None:
    lead = firm.qualified_lead(owner_id="yuki")
    if not allowed:
        with pytest.raises(ownership.MayNotReassign):
            firm.does(ownership.reassign, lead, to="ken", by=by, by_manager=by_manager)
        return
    firm.does(ownership.reassign, lead, to="ken", by=by, by_manager=by_manager)
    assert firm.lead(lead).owner_id == "ken"
    assert firm.history(lead, "owner_changed")[-1].by == by
    assert [row.payload["event"] for row in firm.said("ring")] == ["owner_changed"]


def test_a_lead_to_be_left_alone_is_not_handed_on(firm: Business) -> None:
    lead = firm.qualified_lead(owner_id="yuki", do_not_contact=True)
    with pytest.raises(leads.ContactForbidden):
        firm.does(ownership.reassign, lead, to="ken", by="megumi", by_manager=True)


def logs(firm: Business, lead: str, outcome: Outcome) -> Deed | None:
    call = Call(outcome=outcome)
    deed: Deed | None = firm.does(
        lambda tx, row: do(tx, row, Kind.CALL, lambda: log_call(tx, row, call, by="yuki"), by="yuki"), lead
    )
    return deed


def takes_back(firm: Business, deed: Deed | None) -> None:
    assert deed is not None
    firm.clock.advance(minutes=1)
    firm.store.run_here(lambda tx: undo(tx, tx.get(Deed, deed.id), by="yuki"))


def test_a_talk_logged_by_mistake_and_taken_back_is_no_answer(firm: Business) -> None:
    """M27, D23."""
    lead = firm.qualified_lead()
    firm.clock.advance(minutes=30)
    logs(firm, lead, Outcome.NO_ANSWER)
    firm.clock.advance(minutes=10)
    takes_back(firm, logs(firm, lead, Outcome.CONNECTED))
    firm.clock.advance(days=20)
    firm.does(stay_quiet, lead)

    assert firm.lead(lead).stage == Stage.NURTURE


def test_a_try_that_was_taken_back_does_not_make_the_sign_before_it_old(firm: Business) -> None:
    lead = firm.qualified_lead()
    firm.clock.advance(minutes=30)
    logs(firm, lead, Outcome.NO_ANSWER)
    firm.clock.advance(days=1)
    firm.does(leads.record_activity, lead, "page_viewed", key="page")
    firm.clock.advance(days=1)
    takes_back(firm, logs(firm, lead, Outcome.NO_ANSWER))
    firm.clock.advance(days=20)
    firm.does(stay_quiet, lead)

    assert firm.lead(lead).stage == Stage.TQL
