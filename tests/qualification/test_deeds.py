"""Taking back: five minutes long, as if it had not happened, and no reminder is said twice (D23)."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualification import deeds, leads, ownership
from qualification.bant import Company
from qualification.calls import Call, Heard, Outcome, log_call
from qualification.deals import Result, Told, tell_result
from qualification.deeds import (
    AlreadyUndone,
    ChangedSince,
    Kind,
    NotYourDeed,
    TooLateToUndo,
    changes_between,
    made_between,
    still_stands,
)
from qualification.followup import STEP_TIMER, Status, snooze
from qualification.records import Deed, FollowUp, Lead, Timer
from qualification.replies import hear_reply, mail_accepted
from qualification.stages import Stage
from qualification.steps import take_due_steps
from qualification.store import Transaction
from qualification.timers import TimerStatus
from qualification.writing.rows import values_of
from tests.business import ASAHI, BUDGET, NEED, SATO, SOON, TOPIC_OF, Business
from tests.clock import jst
from tests.qualification.databases import on_both_databases

TWELVE = jst("2026-05-18 12:00")


def call(outcome: Outcome, *heard: object) -> Call:
    words = tuple(Heard(topic=TOPIC_OF[type(value)], value=value, words="(phone)") for value in heard)  # type: ignore[index, arg-type]  # values
    at = TWELVE if outcome is Outcome.CALL_BACK else None
    return Call(outcome=outcome, heard=words, call_back_at=at)


DOING: dict[str, tuple[Kind, Callable[[Transaction, Lead], object]]] = {
    "claim": (Kind.CLAIM, lambda tx, lead: ownership.claim(tx, lead, by="yuki")),
    "connected": (Kind.CALL, lambda tx, lead: log_call(tx, lead, call(Outcome.CONNECTED, BUDGET, SOON), by="yuki")),
    "no answer": (Kind.CALL, lambda tx, lead: log_call(tx, lead, call(Outcome.NO_ANSWER), by="yuki")),
    "busy": (Kind.CALL, lambda tx, lead: log_call(tx, lead, call(Outcome.BUSY), by="yuki")),
    "call back": (Kind.CALL, lambda tx, lead: log_call(tx, lead, call(Outcome.CALL_BACK), by="yuki")),
    "accept": (Kind.ACCEPT, lambda tx, lead: ownership.accept(tx, lead, by="yuki")),
    "hand back": (Kind.HAND_BACK, lambda tx, lead: ownership.hand_back(tx, lead, reason="担当外", by="yuki")),
    "confirm": (Kind.CONFIRM, lambda tx, lead: ownership.confirm(tx, lead, reason="契約書を確認中", by="yuki")),
    "put aside": (
        Kind.HAND_BACK,
        lambda tx, lead: ownership.hand_back(tx, lead, reason="来期", to_nurture=True, by="yuki"),
    ),
    "lost": (Kind.RESULT, lambda tx, lead: tell_result(tx, lead, Told(result=Result.LOST), by="yuki")),
    "snooze": (Kind.SNOOZE, lambda tx, lead: snooze(tx, lead, until=TWELVE, reason="会議", by="yuki")),
}


HAS_BEEN: dict[str, dict[str, Any]] = {
    "hand back": {"owner_id": "yuki"},
    "put aside": {"owner_id": "yuki"},
    "confirm": {"owner_id": "yuki", "stage": Stage.SAL},
}


def does(firm: Business, lead: str, what: str, by: str = "yuki") -> str:
    """The id of the deed."""
    kind, work = DOING[what]
    deed_id: str = firm.does(lambda tx, row: deeds.do(tx, row, kind, lambda: work(tx, row), by=by).id, lead)  # type: ignore[union-attr]  # it always does something here
    return deed_id


def takes_back(firm: Business, deed: str, by: str = "yuki", *, is_manager: bool = False) -> None:
    firm.store.run_here(lambda tx: deeds.undo(tx, tx.get(Deed, deed), by=by, is_manager=is_manager))


def standing(firm: Business, lead: str) -> dict[str, object]:
    """Everything that counts: the lead, but for its generation and where Slack shows it, its running clock, the steps
    that may still come.
    """
    row = values_of(firm.lead(lead)) | {"generation": None, "channel": None}
    clock = firm.clock_of(lead)
    waiting = [timer for timer in firm.all(Timer) if timer.status == TimerStatus.WAITING]
    return {
        **row,
        "known": firm.does(leads.known_of, lead),
        "clock": values_of(clock) if clock else None,
        "steps": sorted((timer.step, timer.due_at) for timer in waiting),
    }


@on_both_databases
@pytest.mark.parametrize("what", DOING)
def test_what_is_taken_back_is_as_if_it_had_not_happened(firm: Business, what: str) -> None:
    lead = firm.qualified_lead(NEED, SATO, **HAS_BEEN.get(what, {}))
    before = standing(firm, lead)
    firm.clock.advance(minutes=10)
    deed = does(firm, lead, what)
    assert standing(firm, lead) != before
    firm.clock.advance(minutes=4)
    takes_back(firm, deed)

    assert standing(firm, lead) == before


@pytest.mark.parametrize("what", DOING)
def test_the_history_keeps_both_the_deed_and_its_taking_back(firm: Business, what: str) -> None:
    lead = firm.qualified_lead(**HAS_BEEN.get(what, {}))
    kinds_before = [row.kind for row in firm.history(lead)]
    takes_back(firm, does(firm, lead, what))

    added = [row.kind for row in firm.history(lead)][len(kinds_before) :]
    assert deeds.SAID_AS[DOING[what][0]] in added
    assert added[-1] == "undone"


def test_the_clock_goes_on_after_a_call_was_taken_back_and_escalates_once(firm: Business) -> None:
    lead = firm.qualified_lead()
    firm.clock.advance(minutes=88)
    deed = does(firm, lead, "no answer")
    firm.clock.advance(minutes=4)  # the half-time reminder would have fallen in between
    takes_back(firm, deed)
    for _ in range(3):
        _fire_what_is_due(firm)
    assert [row.data["step"] for row in firm.history(lead, "step_taken")] == ["half_time"]

    firm.clock.advance(hours=3)
    _fire_what_is_due(firm)
    taken = [row.data["step"] for row in firm.history(lead, "step_taken")]
    assert taken == ["half_time", "overdue"]


def test_a_step_taken_before_the_deed_is_never_taken_again(firm: Business) -> None:
    lead = firm.qualified_lead()
    firm.clock.advance(minutes=91)
    _fire_what_is_due(firm)
    takes_back(firm, does(firm, lead, "connected"))
    _fire_what_is_due(firm)

    assert [row.data["step"] for row in firm.history(lead, "step_taken")] == ["half_time"]
    assert firm.timers(lead)["half_time"] == "done"


def test_a_step_taken_during_a_short_snooze_stays_taken(firm: Business) -> None:
    lead = firm.qualified_lead()
    firm.clock.advance(minutes=89)
    made = firm.does(_snoozes_for_two_minutes, lead)
    firm.clock.advance(minutes=3)
    _fire_what_is_due(firm)
    takes_back(firm, made)
    _fire_what_is_due(firm)

    assert [row.data["step"] for row in firm.history(lead, "step_taken")] == ["half_time"]


def test_a_clock_that_the_call_itself_started_is_gone_with_the_call_and_the_next_has_a_higher_generation(
    firm: Business,
) -> None:
    lead = firm.has_lead(NEED, SATO)
    deed = does(firm, lead, "connected")
    assert firm.lead(lead).stage == Stage.TQL
    takes_back(firm, deed)
    assert firm.lead(lead).stage == Stage.LEAD
    assert firm.clock_of(lead) is None
    assert {row.status for row in firm.all(FollowUp)} == {Status.UNDONE}

    firm.talks_in_chat(lead)
    clock = firm.clock_of(lead)
    assert clock is not None
    assert (clock.status, clock.generation) == ("open", 2)


@on_both_databases
def test_a_mail_sent_after_a_call_that_is_taken_back_is_contact_all_the_same(firm: Business) -> None:
    """Nobody is reminded to contact a lead whom a mail has reached in time."""
    lead = firm.qualified_lead()
    firm.clock.advance(minutes=178)
    deed = does(firm, lead, "no answer")
    firm.clock.advance(minutes=1)
    firm.does(mail_accepted, lead, by="yuki", to="sato@example.jp", subject="ご連絡", message_id="<m1@example.jp>")
    firm.clock.advance(minutes=3)  # by now it would be late
    takes_back(firm, deed)

    met = firm.clocks_of(lead)["first_contact"]
    assert (met.status, met.grade, met.breached_at) == ("met", "attempt", None)
    assert met.evidence == {"kind": "mail", "detail": "<m1@example.jp>", "by": "yuki"}
    assert firm.history(lead, "follow_up_met")[-1].data["minutes"] == 179
    assert firm.history(lead, "undone")[-1].data["clock_runs"] is False
    again = firm.clocks_of(lead)["persistence"]
    assert (again.status, again.attempts) == ("open", 0)


def test_an_answer_to_such_a_mail_is_a_two_way_contact_all_the_same(firm: Business) -> None:
    lead = firm.qualified_lead()
    deed = does(firm, lead, "no answer")
    firm.clock.advance(minutes=1)
    firm.does(mail_accepted, lead, by="yuki", to="sato@example.jp", subject="ご連絡", message_id="<m1@example.jp>")
    firm.clock.advance(minutes=1)
    firm.does(lambda tx, row: hear_reply(tx, row, to=None, detail="message 3"), lead)
    takes_back(firm, deed)

    assert firm.lead(lead).reached
    assert firm.clocks_of(lead)["first_contact"].evidence["kind"] == "mail"  # type: ignore[index]  # it is met
    assert firm.clocks_of(lead)["persistence"].grade == "two_way"


def test_a_call_back_that_was_taken_back_rings_nobody(firm: Business) -> None:
    lead = firm.qualified_lead()
    takes_back(firm, does(firm, lead, "call back"))

    assert [row.status for row in firm.all(Timer) if row.kind == "call_back"] == [TimerStatus.DROPPED]


def test_what_was_heard_in_a_call_taken_back_counts_no_more(firm: Business) -> None:
    lead = firm.qualified_lead()
    takes_back(firm, does(firm, lead, "connected"))

    known = firm.does(leads.known_of, lead)
    assert known.budget is None
    assert known.need is not None


@pytest.mark.parametrize(("minutes", "works"), [(5, True), (5.1, False)])
def test_it_can_be_taken_back_for_five_minutes(firm: Business, minutes: float, works: bool) -> None:
    lead = firm.qualified_lead()
    deed = does(firm, lead, "claim")
    firm.clock.advance(minutes=minutes)
    if works:
        takes_back(firm, deed)
        assert firm.lead(lead).owner_id is None
    else:
        with pytest.raises(TooLateToUndo):
            takes_back(firm, deed)
        assert firm.lead(lead).owner_id == "yuki"


def test_only_who_did_it_or_a_manager_takes_it_back(firm: Business) -> None:
    lead = firm.qualified_lead()
    deed = does(firm, lead, "claim")
    with pytest.raises(NotYourDeed) as refused:
        takes_back(firm, deed, by="ken")
    assert refused.value.owner_id == "yuki"

    takes_back(firm, deed, by="megumi", is_manager=True)
    assert firm.lead(lead).owner_id is None


def test_it_is_taken_back_once(firm: Business) -> None:
    lead = firm.qualified_lead()
    deed = does(firm, lead, "claim")
    takes_back(firm, deed)
    with pytest.raises(AlreadyUndone):
        takes_back(firm, deed)


def test_nothing_is_taken_back_once_somebody_else_has_acted_upon_it(firm: Business) -> None:
    lead = firm.qualified_lead()
    deed = does(firm, lead, "claim")
    firm.does(ownership.assign, lead, to="ken", by="megumi")
    with pytest.raises(ChangedSince):
        takes_back(firm, deed)
    assert firm.lead(lead).owner_id == "ken"


def test_the_later_deed_is_taken_back_first(firm: Business) -> None:
    lead = firm.qualified_lead()
    before = standing(firm, lead)
    claimed, called = does(firm, lead, "claim"), does(firm, lead, "no answer")
    with pytest.raises(ChangedSince):
        takes_back(firm, claimed)
    takes_back(firm, called)
    takes_back(firm, claimed)
    assert standing(firm, lead) == before


def test_a_prospect_who_writes_meanwhile_does_not_stand_in_the_way_and_keeps_their_words(firm: Business) -> None:
    lead = firm.qualified_lead()
    deed = does(firm, lead, "claim")
    firm.clock.advance(minutes=1)
    firm.talks_in_chat(lead, BUDGET)
    takes_back(firm, deed)

    assert firm.lead(lead).owner_id is None
    assert firm.lead(lead).last_activity_at == firm.clock()
    assert firm.does(leads.known_of, lead).budget is not None


@on_both_databases
def test_a_lead_whose_first_word_in_slack_was_a_call_taken_back_is_heard_when_it_asks_for_a_person(
    firm: Business,
) -> None:
    """Its card hangs there, whatever became of the call."""
    lead = firm.has_lead(NEED, SATO)
    assert firm.lead(lead).channel is None
    deed = does(firm, lead, "connected")
    firm.clock.advance(minutes=1)
    firm.does(leads.want_person, lead, words="お電話ください")
    takes_back(firm, deed)
    firm.clock.advance(hours=5)
    _fire_what_is_due(firm)
    assert firm.lead(lead).stage == Stage.LEAD
    assert [row.payload["facts"]["step"] for row in firm.said("alarm")] == ["overdue"]


@pytest.mark.parametrize("rule", ["first_contact", "document_call"])
def test_a_duty_that_runs_again_runs_once_though_it_began_anew_since(firm: Business, rule: str) -> None:
    """D23: had the call never been, what they asked for since would have started nothing."""
    lead = firm.has_lead(NEED, SATO)
    begins = {
        "first_contact": lambda tx, row: leads.want_person(tx, row, words="お電話ください"),
        "document_call": lambda tx, row: leads.record_activity(tx, row, "document_requested", key=tx.new_id()),
    }[rule]
    firm.does(begins, lead)
    first = firm.clocks_of(lead)[rule]
    deed = does(firm, lead, "no answer")
    firm.clock.advance(minutes=1)
    firm.does(begins, lead)
    assert firm.clocks_of(lead)[rule].generation == 2

    takes_back(firm, deed)
    running = [row for row in firm.all(FollowUp) if row.rule == rule and row.status == Status.OPEN]
    assert [(row.id, row.due_at) for row in running] == [(first.id, first.due_at)]
    assert firm.lead(lead).due_at == (first.due_at if rule == "first_contact" else None)


def test_a_company_corrected_since_does_not_stand_in_the_way_of_a_name_heard_in_a_call(firm: Business) -> None:
    lead = firm.has_lead(NEED, ASAHI)
    log = call(Outcome.CONNECTED, SATO)
    work = partial(log_call, call=log, by="yuki")
    done = firm.does(lambda tx, row: deeds.do(tx, row, Kind.CALL, partial(work, tx, row), by="yuki"), lead)
    assert done is not None
    assert "asahi" not in str(done.changes)
    firm.talks_in_chat(lead, Company(name="Midori"))
    takes_back(firm, done.id)
    assert (firm.lead(lead).company, firm.lead(lead).person) == ("Midori", None)


def test_nothing_is_taken_back_of_a_record_that_went_into_another(firm: Business) -> None:
    """Its clocks are with the record that was kept; the merge is taken back first."""
    kept, other = firm.has_lead(SATO), firm.qualified_lead(NEED, SATO)
    deed = does(firm, other, "no answer")
    firm.merges(kept, other)
    with pytest.raises(ChangedSince):
        takes_back(firm, deed)
    firm.parts(kept, other)
    takes_back(firm, deed)
    assert {row.lead_id for row in firm.all(FollowUp) if row.status == Status.OPEN} == {other}


def test_doing_nothing_is_no_deed(firm: Business) -> None:
    lead = firm.qualified_lead(owner_id="yuki")
    kind, work = DOING["claim"]

    assert firm.does(lambda tx, row: deeds.do(tx, row, kind, lambda: work(tx, row), by="yuki"), lead) is None
    assert firm.all(Deed) == []


def test_the_line_in_the_thread_is_said_again_when_it_is_taken_back(firm: Business) -> None:
    lead = firm.qualified_lead()
    deed = does(firm, lead, "claim")
    (line,) = [row for row in firm.said("note") if row.payload.get("deed") == deed]
    takes_back(firm, deed)

    assert firm.row(type(line), line.id).revision == line.revision + 1


def _snoozes_for_two_minutes(tx: Transaction, lead: Lead) -> str:
    until = tx.now + timedelta(minutes=2)
    done = deeds.do(tx, lead, Kind.SNOOZE, lambda: snooze(tx, lead, until=until, reason="会議", by="yuki"), by="yuki")
    assert done is not None
    return done.id


def _fire_what_is_due(firm: Business) -> None:
    for timer in firm.all(Timer):
        if timer.kind == STEP_TIMER:
            firm.store.run_here(partial(take_due_steps, clock_ids=[timer.subject_id]))


# -- the rule --------------------------------------------------------------------------------------

rows = st.dictionaries(
    st.tuples(st.sampled_from(["lead", "timer"]), st.sampled_from(["1", "2", "3"])),
    st.fixed_dictionaries({"owner_id": st.sampled_from([None, "yuki", "ken"]), "status": st.sampled_from(["a", "b"])}),
)


@given(before=rows, more=rows)
def test_a_deed_undone_in_reverse_gives_what_was_there(before: dict, more: dict) -> None:  # type: ignore[type-arg]  # drawn
    after = before | more
    changes = changes_between(before, after)
    back = {row: dict(columns) for row, columns in after.items() if row not in made_between(before, after)}
    for change in changes:
        back[change.row][change.column] = change.before
    assert back == before
    assert still_stands(changes, after)
    assert changes == () or not still_stands(changes, before)
