"""A quick answer to our contact is a positive signal (M34)."""

from pathlib import Path

import pytest

from qualification import deeds, leads
from qualification.activities import Seen
from qualification.behaviour import ANSWERED_US
from qualification.calls import Call, Outcome, log_call
from qualification.deeds import Kind
from qualification.policy import load_policy
from qualification.records import Activity, Deed, Lead
from qualification.replies import hear_reply, mail_accepted
from qualification.store import Store, Transaction
from tests.business import Business
from tests.clock import Clock, jst
from tests.qualification.databases import on_both_databases, watching
from tests.qualification.test_policy import written

QUICK = 10  # points, as shipped


def mails(firm: Business, lead: str) -> None:
    def work(tx: Transaction, row: Lead) -> None:
        mail_accepted(tx, row, by="yuki", to="a@asahi.jp", subject="ご連絡", message_id=f"<{tx.new_id()}@x>")

    firm.does(work, lead)


def answers(firm: Business, lead: str) -> None:
    """A word of theirs in the chat."""
    firm.does(hear_reply, lead, to=None, detail="message 3")


def waited(firm: Business) -> list[int | None]:
    """The minutes each of our contacts waited for its answer."""
    return [row.data.get("minutes") for row in firm.all(Activity) if row.kind == ANSWERED_US and not row.withdrawn_at]


@on_both_databases
def test_a_mail_answered_in_the_chat_within_the_day_is_a_reason_for_points(firm: Business) -> None:
    lead = firm.has_lead()
    mails(firm, lead)
    firm.clock.advance(minutes=20)
    answers(firm, lead)

    assert waited(firm) == [20]
    assert firm.lead(lead).score == QUICK


@pytest.mark.parametrize(
    ("sent", "answered", "minutes", "points"),
    [
        ("2026-05-18 10:00", "2026-05-18 18:00", 480, QUICK),  # exactly
        ("2026-05-18 10:00", "2026-05-19 09:00", 480, QUICK),  # the night counts for nobody
        ("2026-05-18 09:59", "2026-05-18 18:00", 481, 0),
        ("2026-05-15 17:50", "2026-05-18 09:10", 20, QUICK),  # over a weekend
        ("2026-05-15 17:50", "2026-05-16 23:00", 10, QUICK),  # on a Saturday
        ("2026-05-01 17:50", "2026-05-07 09:10", 20, QUICK),  # over the holidays of May
        ("2026-05-18 09:00", "2026-05-19 10:00", 600, 0),
    ],
)
def test_how_long_it_took_is_counted_in_working_time(
    firm: Business, sent: str, answered: str, minutes: int, points: int
) -> None:
    firm.clock.now = jst(sent)
    lead = firm.has_lead()
    mails(firm, lead)
    firm.clock.now = jst(answered)
    answers(firm, lead)

    assert (waited(firm), firm.lead(lead).score) == ([minutes], points)


def test_a_second_past_the_limit_is_past_it(firm: Business) -> None:
    firm.clock.now = jst("2026-05-18 09:30")
    lead = firm.has_lead()
    mails(firm, lead)
    firm.clock.advance(hours=8, seconds=1)
    answers(firm, lead)

    assert (waited(firm), firm.lead(lead).score) == ([481], 0)


def test_the_first_of_several_tries_counts_so_that_asking_again_makes_nobody_quick(firm: Business) -> None:
    lead = firm.has_lead()
    mails(firm, lead)
    firm.clock.advance(days=1)
    firm.calls(lead, Outcome.NO_ANSWER)
    firm.clock.advance(days=1)
    mails(firm, lead)
    firm.clock.advance(minutes=5)
    answers(firm, lead)

    assert (waited(firm), firm.lead(lead).score) == ([2 * 540 + 5], 0)


def test_each_answer_is_one_to_what_we_tried_since_the_last(firm: Business) -> None:
    """Slow at first, quick the second time; what they add unasked answers nothing."""
    lead = firm.has_lead()
    mails(firm, lead)
    firm.clock.advance(days=3)
    answers(firm, lead)
    answers(firm, lead)
    assert firm.lead(lead).score == 0
    firm.clock.advance(hours=1)
    mails(firm, lead)
    firm.clock.advance(hours=1)
    answers(firm, lead)

    assert (waited(firm), firm.lead(lead).score) == ([3 * 540, 60], QUICK)


@pytest.mark.parametrize(
    ("outcome", "minutes"),
    [
        (Outcome.CONNECTED, [0]),
        (Outcome.CALL_BACK, [0]),
        (Outcome.REPLIED, [None]),  # to a try nobody has told us of
        (Outcome.NO_ANSWER, []),
        (Outcome.BUSY, []),
        (Outcome.WRONG_NUMBER, []),
        (Outcome.DO_NOT_CONTACT, []),  # an answer, and no good sign
    ],
)
def test_who_takes_our_call_answers_at_once(firm: Business, outcome: Outcome, minutes: list[int | None]) -> None:
    lead = firm.has_lead()
    back = jst("2026-05-20 10:00") if outcome is Outcome.CALL_BACK else None
    firm.calls(lead, outcome, call_back_at=back)

    assert (waited(firm), firm.lead(lead).score) == (minutes, QUICK if minutes == [0] else 0)


def test_a_call_they_take_after_one_they_missed_is_as_late_as_that(firm: Business) -> None:
    lead = firm.has_lead()
    firm.calls(lead, Outcome.NO_ANSWER)
    firm.clock.advance(minutes=90)
    firm.calls(lead, Outcome.CONNECTED)

    assert waited(firm) == [90]


def test_a_reply_a_rep_logs_is_measured_from_the_mail_it_answers(firm: Business) -> None:
    lead = firm.has_lead()
    mails(firm, lead)
    firm.clock.advance(minutes=45)
    firm.calls(lead, Outcome.REPLIED)

    assert (waited(firm), firm.lead(lead).score) == ([45], QUICK)


def test_a_call_that_is_taken_back_takes_its_points_back(firm: Business) -> None:
    lead = firm.has_lead()

    def logs(tx: Transaction, row: Lead) -> None:
        deeds.do(tx, row, Kind.CALL, lambda: log_call(tx, row, Call(outcome=Outcome.CONNECTED), by="yuki"), by="yuki")

    firm.does(logs, lead)
    assert firm.lead(lead).score == QUICK
    (deed,) = firm.all(Deed)
    firm.store.run_here(lambda tx: deeds.undo(tx, tx.get(Deed, deed.id), by="yuki"))

    assert (waited(firm), firm.lead(lead).score) == ([], 0)


def test_a_missed_call_that_is_taken_back_was_no_try(firm: Business) -> None:
    lead = firm.has_lead()

    def logs(tx: Transaction, row: Lead) -> None:
        deeds.do(tx, row, Kind.CALL, lambda: log_call(tx, row, Call(outcome=Outcome.BUSY), by="yuki"), by="yuki")

    firm.does(logs, lead)
    (deed,) = firm.all(Deed)
    firm.store.run_here(lambda tx: deeds.undo(tx, tx.get(Deed, deed.id), by="yuki"))
    firm.clock.advance(days=2)
    firm.calls(lead, Outcome.CONNECTED)

    assert waited(firm) == [0]


def test_a_quick_answer_goes_along_when_two_records_become_one_and_back_again(firm: Business) -> None:
    kept, other = firm.has_lead(), firm.has_lead()
    firm.calls(other, Outcome.CONNECTED)
    firm.merges(kept, other)
    assert (firm.lead(kept).score, firm.lead(other).score) == (QUICK, 0)

    firm.parts(kept, other)
    assert (firm.lead(kept).score, firm.lead(other).score) == (0, QUICK)


def test_what_we_tried_on_a_record_that_was_merged_into_this_one_counts(firm: Business) -> None:
    """Whoever missed our call on the other record, and takes one a month later, was not quick."""
    kept, other = firm.has_lead(), firm.has_lead()
    firm.calls(other, Outcome.NO_ANSWER)
    firm.merges(kept, other)
    firm.clock.advance(days=30)
    firm.calls(kept, Outcome.CONNECTED)

    assert [minutes is not None and minutes > 5_000 for minutes in waited(firm)] == [True]
    assert firm.lead(kept).score == 0


def test_what_we_tried_on_a_record_counts_for_it_alone_once_the_merge_is_taken_back(firm: Business) -> None:
    kept, other = firm.has_lead(), firm.has_lead()
    firm.calls(other, Outcome.NO_ANSWER)
    firm.merges(kept, other)
    firm.parts(kept, other)
    firm.clock.advance(minutes=90)
    firm.calls(kept, Outcome.CONNECTED)
    firm.calls(other, Outcome.CONNECTED)

    assert waited(firm) == [0, 90]


def test_an_answer_we_record_ourselves_is_looked_for_nowhere(firm: Business) -> None:
    """Its key was just made: nothing can have it."""
    lead = firm.has_lead()
    with watching(firm.store) as asked:
        firm.calls(lead, Outcome.CONNECTED)
        firm.calls(lead, Outcome.CONNECTED)

    assert waited(firm) == [0, 0]
    keys = [one.statement for one in asked if 'FROM activity WHERE "key"' in one.statement]
    assert len(keys) == 1, "the second talk by telephone may be a repeat"


def test_a_firm_says_how_quick_is_quick_and_what_was_known_before_is_judged_by_it(
    store: Store, clock: Clock, tmp_path: Path
) -> None:
    """M56: the waiting is kept, so another limit is another judgement of the same answer."""
    firm = Business(store, clock)
    lead = firm.has_lead()
    mails(firm, lead)
    firm.clock.advance(minutes=61)
    answers(firm, lead)
    for minutes, points in ((60, 0), (61, 25)):
        rule = f"quick = {{ points = 25, when = [{{ did = ['answered_us'], within_minutes = {minutes} }}] }}"
        store.policy = load_policy(written(tmp_path, f"[score.rules]\n{rule}\nsoon = {LIGHT}\n"))
        firm.does(leads.reassess, lead)
        assert firm.lead(lead).score == points


LIGHT = "{ points = 70, when = [{ did = ['demo_requested'] }] }"


def test_another_tool_may_tell_of_an_answer_and_how_long_it_took(firm: Business) -> None:
    lead = firm.has_lead()
    for minutes in (None, 30):
        told = {} if minutes is None else {"minutes": minutes}
        firm.does(leads.see_activity, lead, Seen(source="mail", id=f"a{minutes}", kind=ANSWERED_US, data=told))

    assert (waited(firm), firm.lead(lead).score) == ([None, 30], QUICK)


def test_an_answer_that_earns_a_move_meets_the_clock_it_starts(firm: Business) -> None:
    """D9: 65 points without a document; the answer makes 75, and is the first contact itself."""
    lead = firm.has_lead()
    for kind in ("demo_requested", "price_list_viewed", "newsletter_opened", "mail_clicked"):
        firm.does(leads.see_activity, lead, Seen(source="site", id=kind, kind=kind))
    assert firm.lead(lead).stage == "LEAD"
    mails(firm, lead)
    answers(firm, lead)

    assert firm.lead(lead).stage == "MQL"
    assert [(clock.status, clock.grade) for clock in firm.clocks_of(lead).values()] == [("met", "two_way")]
