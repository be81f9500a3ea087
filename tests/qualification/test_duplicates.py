"""The same person twice: noticed, merged by a person, and two again when that was wrong (D29)."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from qualification import leads, ownership
from qualification.bant import Budget, Company, Contact, Standing
from qualification.calls import CALL_BACK_TIMER, Outcome, call_back_due
from qualification.clock_rules import FIRST_CONTACT
from qualification.duplicates import (
    AlreadyMerged,
    AtStage,
    NotMerged,
    SameLead,
    duplicates_of,
    merge,
    stands_at,
    undo_merge,
)
from qualification.events import OPERATOR
from qualification.followup import DUE_PASSES, TimerStatus, snooze
from qualification.identity import name_key
from qualification.policy import Policy, load_policy
from qualification.records import FollowUp, Lead, Timer
from qualification.reopening import reopen
from qualification.replies import hear_reply, mail_accepted
from qualification.stages import Stage
from qualification.steps import take_due_steps
from qualification.store import Transaction
from tests.business import BUDGET, NEED, SATO, SOON, Business
from tests.clock import Clock, jst
from tests.qualification.databases import on_both_databases
from tests.qualification.test_policy import written

ALIKE = [
    ("ｱｻﾋ製作所(株)", "佐藤 健一", "株式会社アサヒ製作所", "佐藤健一様"),
    ("あさひ製作所", "さとう けんいち", "アサヒ製作所", "サトウ　ケンイチ"),
    ("Asahi Tools, Inc.", "Kenichi Sato", "ASAHI TOOLS", "Mr. Sato Kenichi"),
    ("㈱みどり", "田中", "みどり 株式会社", "田中さん"),
]
DIFFERENT = [
    ("あさひ製作所", "佐藤健一", "あさひ製作所", "佐藤健二"),
    ("Asahi Tools", "Jane Doe", "Asahi Toys", "Jane Doe"),
]


@pytest.mark.parametrize(("company", "person", "other_company", "other_person"), ALIKE)
def test_width_kana_legal_form_and_order_do_not_make_two_people(
    company: str, person: str, other_company: str, other_person: str
) -> None:
    assert name_key(company, person) == name_key(other_company, other_person)


@pytest.mark.parametrize(("company", "person", "other_company", "other_person"), DIFFERENT)
def test_other_people_stay_others(company: str, person: str, other_company: str, other_person: str) -> None:
    assert name_key(company, person) != name_key(other_company, other_person)


def test_one_name_alone_is_many_people() -> None:
    assert name_key("あさひ", None) is None
    assert name_key("株式会社", "佐藤") is None


@pytest.fixture
def two(firm: Business) -> tuple[str, str]:
    """Sato wrote twice: once with his need, once with his budget."""
    return firm.qualified_lead(NEED, SATO), firm.has_lead(SATO, BUDGET, Company(name="Asahi"))


def merged(firm: Business, kept: str, other: str) -> None:
    firm.store.run_here(lambda tx: merge(tx, tx.get(Lead, kept), tx.get(Lead, other), by="yuki"))


def two_again(firm: Business, kept: str, other: str) -> None:
    firm.store.run_here(lambda tx: undo_merge(tx, tx.get(Lead, kept), tx.get(Lead, other), by="yuki"))


def asks_for_a_document(firm: Business) -> str:
    """Sato again, by a form: an MQL by 60 points and the document."""
    lead = firm.has_lead(SATO)
    for kind in ("document_requested", "price_list_viewed", "seminar_attended", "newsletter_opened"):
        firm.does(leads.record_activity, lead, kind, key=f"{kind}:{lead}")
    firm.does(leads.reassess, lead)
    assert firm.lead(lead).stage == "MQL"
    return lead


def takes_what_is_due(firm: Business) -> None:
    """Every clock takes the steps that have fallen by now."""

    def work(tx: Transaction) -> None:
        waiting = [row for row in tx.find(Timer, "status", TimerStatus.WAITING) if row.due_at <= tx.now]
        take_due_steps(tx, {row.subject_id for row in waiting if row.kind == "step"})

    firm.store.run_here(work)


def test_the_same_address_is_suggested_and_nothing_happens_by_itself(firm: Business, two: tuple[str, str]) -> None:
    kept, other = two
    (like,) = firm.store.run_here(lambda tx: duplicates_of(tx, tx.get(Lead, kept)))
    assert (like.lead_id, like.ways) == (other, ("email",))


def test_a_merged_lead_knows_what_both_knew(firm: Business, two: tuple[str, str]) -> None:
    kept, other = two
    merged(firm, kept, other)
    known = firm.does(leads.known_of, kept)
    assert (known.need, known.budget, known.company) == (NEED, BUDGET, Company(name="Asahi"))
    assert firm.lead(kept).company == "Asahi"
    assert firm.lead(other).merged_into == kept
    assert firm.lead(other).stage == "DISQUALIFIED"


def test_what_went_over_gives_the_other_record_no_score_any_more(firm: Business) -> None:
    kept, other = firm.qualified_lead(NEED, SATO), firm.has_lead(SATO, SOON)
    firm.does(leads.judge, other)
    before = firm.lead(other).score
    merged(firm, kept, other)
    assert before > 0
    assert firm.lead(other).score == 0

    two_again(firm, kept, other)
    assert firm.lead(other).score == before


def test_a_merge_taken_back_leaves_two_leads_as_they_were(firm: Business, two: tuple[str, str]) -> None:
    kept, other = two
    before = firm.lead(other)
    merged(firm, kept, other)
    two_again(firm, kept, other)
    after = firm.lead(other)
    assert (after.stage, after.owner_id, after.merged_into, after.company) == (
        before.stage, before.owner_id, None, "Asahi",
    )  # fmt: skip
    assert firm.does(leads.known_of, kept).budget is None
    assert firm.does(leads.known_of, other).budget == BUDGET


def test_a_wish_not_to_be_contacted_counts_for_both(firm: Business, two: tuple[str, str]) -> None:
    kept, other = two
    firm.does(leads.opt_out, other, words="stop", by="prospect")
    merged(firm, kept, other)
    assert firm.lead(kept).do_not_contact


def test_the_duty_to_call_goes_with_the_merge(firm: Business, two: tuple[str, str]) -> None:
    running, kept = two
    started = next(row.started_at for row in firm.all(FollowUp) if row.lead_id == running)
    merged(firm, kept, running)
    clocks = [row for row in firm.all(FollowUp) if row.lead_id == kept and row.status == "open"]
    assert {clock.started_at for clock in clocks} == {started}
    assert not [row for row in firm.all(FollowUp) if row.lead_id == running and row.status == "open"]


def looks_waiting(firm: Business) -> set[str]:
    """Whose card is looked at when a snoozed duty falls due."""
    return {row.subject_id for row in firm.all(Timer) if row.kind == DUE_PASSES and row.status == "waiting"}


def test_a_snoozed_duty_shows_late_on_the_card_of_the_kept_record_and_after_the_merge_is_taken_back_on_its_own(
    firm: Business, clock: Clock, two: tuple[str, str]
) -> None:
    running, kept = two
    firm.does(snooze, running, until=clock.now + timedelta(days=3), reason="later", by="yuki")
    firm.does(snooze, running, until=clock.now + timedelta(days=4), reason="later still", by="yuki")
    assert looks_waiting(firm) == {running}

    merged(firm, kept, running)
    assert looks_waiting(firm) == {kept}
    two_again(firm, kept, running)
    assert looks_waiting(firm) == {running}

    firm.calls(running, Outcome.CONNECTED)
    duties = {row.id for row in firm.all(FollowUp) if row.status == "open"}
    waiting = [row for row in firm.all(Timer) if row.kind == DUE_PASSES and row.status == "waiting"]
    assert all(row.step.split(":")[1] in duties for row in waiting), "nobody looks at a duty that is met"


def test_a_snoozed_promise_that_a_merge_ended_shows_late_again_once_the_merge_is_taken_back(
    firm: Business, clock: Clock
) -> None:
    earlier = firm.qualified_lead(NEED, SATO)
    clock.advance(minutes=30)
    later = firm.qualified_lead(NEED, SATO)
    for lead in (earlier, later):
        firm.does(snooze, lead, until=clock.now + timedelta(days=3), reason="later", by="yuki")
    merged(firm, earlier, later)
    assert looks_waiting(firm) == {earlier}

    two_again(firm, earlier, later)
    assert looks_waiting(firm) == {earlier, later}


def test_who_was_called_long_ago_and_asks_anew_is_still_called_after_a_merge(firm: Business, clock: Clock) -> None:
    kept = firm.qualified_lead(NEED, SATO)
    firm.calls(kept, Outcome.CONNECTED)
    clock.advance(days=30)
    other = firm.has_lead(SATO)
    firm.does(leads.want_person, other, words="お電話ください")
    promised = firm.lead(other).due_at
    merged(firm, kept, other)
    assert promised is not None
    assert firm.lead(kept).due_at == promised
    assert firm.lead(other).due_at is None


def test_of_two_promises_to_one_person_the_earlier_is_kept(firm: Business, clock: Clock) -> None:
    other = firm.qualified_lead(NEED, SATO)
    clock.advance(minutes=40)
    kept = firm.qualified_lead(NEED, SATO)
    earlier = firm.lead(other).due_at
    merged(firm, kept, other)
    assert firm.lead(kept).due_at == earlier
    assert [row.lead_id for row in firm.all(FollowUp) if row.rule == FIRST_CONTACT and row.status == "open"] == [kept]


def test_who_was_called_since_they_asked_is_not_called_once_more_after_a_merge(firm: Business, clock: Clock) -> None:
    kept, other = firm.qualified_lead(NEED, SATO), firm.qualified_lead(NEED, SATO)
    clock.advance(minutes=10)
    firm.calls(kept, Outcome.CONNECTED)
    merged(firm, kept, other)
    assert firm.lead(kept).due_at is None
    assert firm.lead(other).due_at is None


def test_who_was_contacted_on_one_record_is_promised_no_second_first_contact_by_a_merge(
    firm: Business, clock: Clock
) -> None:
    """M92, D9: the clock starts when a qualified lead arises, and this one arose on the other record."""
    other = firm.qualified_lead(NEED, SATO)
    firm.calls(other, Outcome.CONNECTED)
    clock.advance(days=20)
    kept = firm.has_lead(SATO)
    merged(firm, kept, other)
    assert (firm.lead(kept).stage, firm.lead(kept).due_at) == ("TQL", None)


def test_who_was_contacted_on_a_record_merged_before_is_promised_no_second_first_contact_either(firm: Business) -> None:
    """M92, D9: what was promised to a person is not lost on the way over three records."""
    first, second = firm.qualified_lead(NEED, SATO), firm.has_lead(SATO)
    firm.calls(first, Outcome.CONNECTED)
    merged(firm, second, first)
    kept = firm.has_lead(SATO)
    merged(firm, kept, second)
    assert (firm.lead(kept).stage, firm.lead(kept).due_at) == ("TQL", None)


def test_who_was_qualified_on_a_record_that_promised_nothing_is_promised_a_first_contact(
    firm: Business, policy: Policy, tmp_path: Path
) -> None:
    """M92: leads were called from SAL on when this one became TQL; since the line was lowered nobody has called it."""
    firm.store.policy = load_policy(written(tmp_path, '[stages]\nauto_accept = false\nqualified_from = "SAL"\n'))
    other = firm.qualified_lead(NEED, SATO)
    assert firm.lead(other).due_at is None

    firm.store.policy = policy
    kept = firm.has_lead(SATO)
    merged(firm, kept, other)
    assert (firm.lead(kept).stage, firm.lead(kept).due_at is not None) == ("TQL", True)


def test_two_records_that_are_qualified_only_together_are_promised_a_first_contact(firm: Business) -> None:
    """M92, D9."""
    kept, other = firm.has_lead(SATO), firm.has_lead(NEED)
    firm.talks_in_chat(other)
    merged(firm, kept, other)
    assert (firm.lead(kept).stage, firm.lead(kept).due_at is not None) == ("TQL", True)


def test_a_merge_forgets_neither_that_we_reached_them_nor_that_they_wished_for_a_person(
    firm: Business, clock: Clock
) -> None:
    """D29: silence asks the rep about whom we reached (D15), and who wished for a person stays hot (D8)."""
    kept = firm.has_lead(SATO)
    clock.advance(days=1)
    other = firm.has_lead(SATO)
    firm.does(leads.want_person, other, words="お電話ください")
    firm.calls(other, Outcome.CALL_BACK, call_back_at=clock.now + timedelta(days=1))
    wished, seen = clock.now, firm.lead(other).last_activity_at
    merged(firm, kept, other)
    after = firm.lead(kept)
    assert (after.reached, after.wants_person_at, after.last_activity_at) == (True, wished, seen)


def test_what_was_said_of_a_clock_is_not_said_again_after_a_merge(firm: Business, clock: Clock) -> None:
    other = firm.qualified_lead(NEED, SATO, channel="C1")
    kept = firm.has_lead(SATO, channel="C1")
    clock.advance(hours=3)
    takes_what_is_due(firm)
    merged(firm, kept, other)
    before = len(firm.said("alarm"))
    takes_what_is_due(firm)
    assert before == 1
    assert len(firm.said("alarm")) == before


@on_both_databases
def test_a_promise_that_went_to_a_record_slack_has_not_shown_is_told_as_it_was_before(
    firm: Business, clock: Clock
) -> None:
    """D9: a card of a list has no place in Slack until its person comes by themselves."""
    kept, other = firm.has_lead(SATO, origin="outbound", channel=None), asks_for_a_document(firm)
    shown_in = firm.lead(other).channel
    merged(firm, kept, other)
    clock.advance(hours=5)
    takes_what_is_due(firm)
    assert shown_in is not None
    assert (firm.lead(kept).stage, firm.lead(kept).channel) == ("MQL", shown_in)
    assert [(row.lead_id, row.payload["facts"]["step"]) for row in firm.said("alarm")] == [(kept, "overdue")]


def test_an_accepted_lead_is_not_offered_once_more_by_a_merge(firm: Business) -> None:
    kept, other = firm.qualified_lead(NEED, SATO), firm.qualified_lead(NEED, SATO)
    firm.does(ownership.accept, kept, by="yuki")
    merged(firm, kept, other)
    assert "acceptance" not in {row.rule for row in firm.all(FollowUp) if row.status == "open"}


@on_both_databases
def test_a_lead_that_sales_had_accepted_stays_accepted_when_it_is_merged_into_a_fresh_record(firm: Business) -> None:
    kept, other = firm.has_lead(SATO, owner_id="ken"), firm.qualified_lead(NEED, SATO)
    firm.calls(other, Outcome.CONNECTED)
    firm.does(ownership.accept, other, by="yuki")
    firm.does(ownership.confirm, other, reason="先方と合意", by="yuki")
    merged(firm, kept, other)
    after = firm.lead(kept)
    assert (after.stage, after.owner_id, after.due_at) == ("SQL", "yuki", None)
    assert [row.data["rule"] for row in firm.history(kept, "stage_moved")] == ["merged"] * 3

    two_again(firm, kept, other)
    assert [(firm.lead(lead).stage, firm.lead(lead).owner_id) for lead in (kept, other)] == [
        ("LEAD", "ken"), ("SQL", "yuki"),
    ]  # fmt: skip


def test_a_merge_wakes_nobody_whom_a_person_put_aside_after_sales_had_accepted(firm: Business, clock: Clock) -> None:
    kept, other = firm.has_lead(SATO), firm.qualified_lead(NEED, SATO)
    firm.does(ownership.accept, other, by="yuki")
    clock.advance(days=1)
    firm.does(leads.put_aside, kept, Stage.NURTURE, rule="handed_back", by="ken")
    merged(firm, kept, other)
    assert firm.lead(kept).stage == "NURTURE"


EARLY, LATE = jst("2026-05-18 10:00"), jst("2026-05-20 10:00")
STAND = [
    ("LEAD", LATE, "MQL", EARLY, "other"),
    ("TQL", LATE, "MQL", EARLY, "kept"),
    ("MQL", EARLY, "SAL", LATE, "other"),
    ("LEAD", LATE, "NURTURE", EARLY, "other"),  # what was known by then lifts nobody
    ("MQL", EARLY, "NURTURE", LATE, "kept"),  # only a person, or silence, moves a lead down
    ("NURTURE", EARLY, "NURTURE", LATE, "other"),
    ("NURTURE", LATE, "NURTURE", EARLY, "kept"),
    ("NURTURE", EARLY, "MQL", LATE, "other"),  # back since then
    ("NURTURE", LATE, "TQL", EARLY, "kept"),
    ("NURTURE", LATE, "LEAD", EARLY, "kept"),
    ("DISQUALIFIED", EARLY, "SQL", LATE, "kept"),  # only a manager opens it again
    ("SQL", EARLY, "DISQUALIFIED", LATE, "kept"),
]


@pytest.mark.parametrize(("kept", "kept_since", "other", "other_since", "says"), STAND)
def test_of_two_records_one_says_where_the_person_stands(
    kept: str, kept_since: datetime, other: str, other_since: datetime, says: str
) -> None:
    """D1, D7."""
    stand = {"kept": AtStage(Stage(kept), kept_since), "other": AtStage(Stage(other), other_since)}
    assert stands_at(stand["kept"], stand["other"]) is stand[says]


@on_both_databases
def test_who_was_qualified_on_one_record_stays_so_when_the_other_lowers_the_score(firm: Business, clock: Clock) -> None:
    """D7: the stage stays, and only a person or silence moves a lead down."""
    kept, other = firm.has_lead(replace(SATO, standing=Standing.STUDENT)), asks_for_a_document(firm)
    promised = firm.lead(other).due_at
    merged(firm, kept, other)
    assert (firm.lead(kept).stage, firm.lead(kept).due_at) == ("MQL", promised)
    assert firm.lead(kept).score < 60

    clock.advance(minutes=2)
    two_again(firm, kept, other)
    assert [(firm.lead(lead).stage, firm.lead(lead).due_at) for lead in (kept, other)] == [
        ("LEAD", None), ("MQL", promised),
    ]  # fmt: skip


@on_both_databases
def test_whom_a_rep_put_aside_is_not_offered_to_sales_by_a_merge_into_an_empty_record(
    firm: Business, clock: Clock
) -> None:
    """D16: the old talk is no news; what they do since then is."""
    other = firm.qualified_lead(NEED, SATO)
    firm.does(ownership.hand_back, other, reason="来期", to_nurture=True, by="yuki")
    clock.advance(days=5)
    kept = firm.has_lead()
    merged(firm, kept, other)
    assert firm.lead(kept).stage == "NURTURE"
    assert [row for row in firm.all(FollowUp) if row.status == "open"] == []

    clock.advance(days=1)
    firm.talks_in_chat(kept, NEED)
    assert firm.lead(kept).stage == "TQL"


@pytest.mark.parametrize(("stops", "rung"), [(False, 1), (True, 0)])
def test_who_asked_on_the_other_record_to_be_called_back_is_on_the_one_that_was_kept(
    firm: Business, clock: Clock, two: tuple[str, str], stops: bool, rung: int
) -> None:
    other, kept = two
    firm.calls(other, Outcome.CALL_BACK, call_back_at=clock.now + timedelta(hours=1))
    merged(firm, kept, other)
    if stops:
        firm.does(leads.opt_out, kept, words="stop", by="prospect")
    clock.advance(hours=1)
    (due,) = [row for row in firm.all(Timer) if row.kind == CALL_BACK_TIMER]
    firm.store.run_here(lambda tx: call_back_due(tx, tx.get(Timer, (due.subject_id, due.step))))
    assert [row.payload["event"] for row in firm.said("ring") if row.lead_id == kept].count("call_back_due") == rung
    assert not firm.history(other, "call_back_due")


def test_a_disqualified_record_takes_no_promise_over(firm: Business) -> None:
    """D1: a manager opens it again, and the first contact is promised anew."""
    kept, other = firm.has_lead(SATO), firm.qualified_lead(NEED, SATO)
    firm.does(leads.put_aside, kept, Stage.DISQUALIFIED, rule="test", by="yuki")
    merged(firm, kept, other)
    assert (firm.lead(kept).stage, firm.lead(kept).due_at) == ("DISQUALIFIED", None)
    assert [row for row in firm.all(FollowUp) if row.status == "open"] == []

    firm.does(reopen, kept, reason="別件", by=OPERATOR)
    assert (firm.lead(kept).stage, firm.lead(kept).due_at is not None) == ("TQL", True)


def test_a_merge_taken_back_takes_back_what_it_made_of_the_kept_record(firm: Business) -> None:
    kept, other = firm.has_lead(SATO), firm.qualified_lead(NEED, SATO, owner_id="yuki", reached=True)
    firm.does(leads.want_person, other, words="お電話ください")
    merged(firm, kept, other)
    assert firm.lead(kept).stage == "TQL"

    two_again(firm, kept, other)
    after = firm.lead(kept)
    assert (after.stage, after.owner_id, after.due_at, after.wants_person_at, after.reached) == (
        "LEAD", None, None, None, False,
    )  # fmt: skip
    assert {row.lead_id for row in firm.all(FollowUp) if row.status == "open"} == {other}


def test_a_merge_taken_back_gives_both_their_own_promise_back(firm: Business, clock: Clock) -> None:
    other = firm.qualified_lead(NEED, SATO)
    clock.advance(minutes=40)
    kept = firm.qualified_lead(NEED, SATO)
    promised = {lead: (firm.lead(lead).due_at, firm.timers(lead)) for lead in (kept, other)}
    merged(firm, kept, other)
    clock.advance(minutes=2)
    two_again(firm, kept, other)
    assert {lead: (firm.lead(lead).due_at, firm.timers(lead)) for lead in (kept, other)} == promised


def test_what_was_done_with_the_kept_record_since_stands_when_a_merge_is_taken_back(
    firm: Business, clock: Clock
) -> None:
    kept, other = firm.has_lead(SATO), firm.qualified_lead(NEED, SATO)
    merged(firm, kept, other)
    clock.advance(days=1)
    firm.does(ownership.accept, kept, by="yuki")
    two_again(firm, kept, other)
    assert (firm.lead(kept).stage, firm.lead(kept).owner_id) == ("SAL", "yuki")
    assert firm.lead(other).due_at is not None


def test_nobody_is_merged_twice_or_with_himself(firm: Business, two: tuple[str, str]) -> None:
    kept, other = two
    third = firm.has_lead(Contact(name="x", email="x@x.example"), Budget(minimum=1))
    with pytest.raises(SameLead):
        merged(firm, kept, kept)
    merged(firm, kept, other)
    with pytest.raises(AlreadyMerged):
        merged(firm, third, other)
    with pytest.raises(NotMerged):
        two_again(firm, third, other)


def test_merges_are_taken_back_the_last_one_first(firm: Business, two: tuple[str, str]) -> None:
    """What both knew has gone on to the third record: there is nothing to give back here."""
    kept, other = two
    third = firm.has_lead(SATO)
    merged(firm, kept, other)
    merged(firm, third, kept)
    with pytest.raises(AlreadyMerged):
        two_again(firm, kept, other)
    two_again(firm, third, kept)
    two_again(firm, kept, other)
    assert firm.does(leads.known_of, other).budget == BUDGET


def mails(firm: Business, lead: str, by: str) -> None:
    firm.does(mail_accepted, lead, by=by, to="a@asahi.jp", subject="ご連絡", message_id=f"<{by}@asahi.jp>")


def answers(firm: Business, lead: str) -> list[str]:
    """They write in the chat; whose mails that answers."""
    firm.does(hear_reply, lead, to=None, detail="message 3")
    return [row.data["answered"] for row in firm.history(lead, "prospect_replied")]


def test_a_mail_to_the_other_record_may_be_answered_after_the_two_became_one(
    firm: Business, two: tuple[str, str]
) -> None:
    kept, other = two
    mails(firm, other, "ken")
    merged(firm, kept, other)
    assert answers(firm, kept) == ["ken"]
    assert answers(firm, kept) == ["ken"], "and once"


@pytest.mark.parametrize("later", ["kept", "other"])
def test_of_mails_to_both_the_later_is_answered(firm: Business, two: tuple[str, str], later: str) -> None:
    kept, other = two
    for lead, by in sorted([(other, "other"), (kept, "kept")], key=lambda one: one[1] == later):
        mails(firm, lead, by)
        firm.clock.advance(minutes=5)
    merged(firm, kept, other)
    assert answers(firm, kept) == [later]


def test_after_a_merge_is_taken_back_each_record_waits_for_the_answer_to_its_own_mail(
    firm: Business, two: tuple[str, str]
) -> None:
    kept, other = two
    mails(firm, other, "ken")
    merged(firm, kept, other)
    two_again(firm, kept, other)
    assert answers(firm, kept) == []
    assert answers(firm, other) == ["ken"]


def test_what_was_answered_while_the_two_were_one_is_answered(firm: Business, two: tuple[str, str]) -> None:
    kept, other = two
    mails(firm, other, "ken")
    merged(firm, kept, other)
    assert answers(firm, kept) == ["ken"]
    two_again(firm, kept, other)
    assert answers(firm, other) == []


def test_the_later_of_two_mails_is_found_through_records_that_were_merged_before(
    firm: Business, two: tuple[str, str]
) -> None:
    kept, other = two
    third, fourth = firm.has_lead(SATO), firm.has_lead(SATO)
    mails(firm, other, "ken")
    firm.clock.advance(minutes=5)
    mails(firm, fourth, "yuki")
    merged(firm, kept, other)
    merged(firm, third, fourth)
    merged(firm, kept, third)
    assert answers(firm, kept) == ["yuki"]


def test_a_later_mail_of_a_merged_record_counts_for_more_than_an_earlier_one_of_the_other_side(
    firm: Business, two: tuple[str, str]
) -> None:
    kept, other = two
    third = firm.has_lead(SATO)
    mails(firm, third, "yuki")
    firm.clock.advance(minutes=5)
    mails(firm, other, "ken")
    merged(firm, kept, other)
    merged(firm, kept, third)
    assert answers(firm, kept) == ["ken"]


def test_what_was_answered_while_the_two_were_one_stays_answered_though_another_mail_came_since(
    firm: Business, two: tuple[str, str]
) -> None:
    kept, other = two
    mails(firm, other, "ken")
    merged(firm, kept, other)
    assert answers(firm, kept) == ["ken"]
    mails(firm, kept, "yuki")
    two_again(firm, kept, other)
    assert answers(firm, other) == []
    assert answers(firm, kept) == ["ken", "yuki"]


def test_a_mail_of_while_the_two_were_one_waits_for_its_answer_on_the_record_that_was_kept(
    firm: Business, two: tuple[str, str]
) -> None:
    kept, other = two
    mails(firm, other, "ken")
    merged(firm, kept, other)
    mails(firm, kept, "ken")
    two_again(firm, kept, other)
    assert answers(firm, kept) == ["ken"]
