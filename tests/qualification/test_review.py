"""The review of the score: what became of the leads that were qualified, and which indicators are weak."""

from datetime import UTC, date, datetime, timedelta

import pytest

from qualification import leads
from qualification.activities import Seen
from qualification.bant import Contact
from qualification.calls import Call, Outcome, log_call
from qualification.deals import NoDealYet, NothingWon, Result, Told, tell_result
from qualification.deeds import Kind, do, undo
from qualification.ownership import accept
from qualification.policy import Policy
from qualification.records import Deed, FollowUp
from qualification.reports.digest import digest_of
from qualification.reports.recorded_facts import portions
from qualification.reports.review import Count, Course, Review, Worth, bands_of, courses_in, review_of
from qualification.reports.speed import Spread
from qualification.stages import Stage
from qualification.store import Store
from tests.business import BUDGET, NEED, SATO, SOON, Business
from tests.clock import MONDAY_TEN, Clock
from tests.qualification.databases import on_both_databases

LONG_AGO, NEVER = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)


def reviewed(store: Store, *, since: datetime = LONG_AGO, until: datetime = NEVER) -> Review:
    with store.engine.connect() as connection:
        found = [
            course
            for portion in portions(connection)
            for course in courses_in(connection, portion, store.policy, since=since, until=until)
        ]
    return review_of(found, store.policy)


def becomes_mql(firm: Business, *kinds: str) -> str:
    """A lead that asks for the document and does the rest too."""
    lead = firm.has_lead(Contact(name="佐藤", email="sato@asahi.example"))
    for number, kind in enumerate(("document_requested", *kinds)):
        firm.does(leads.see_activity, lead, Seen(source="site", id=str(number), kind=kind))
    return lead


def test_the_score_of_every_move_is_kept(firm: Business) -> None:
    """M89."""
    lead = becomes_mql(firm, "price_list_viewed", "quote_requested", "trial_started", "seminar_attended")
    (moved, *_) = firm.history(lead, "stage_moved")
    assert moved.data["after"] in (Stage.MQL, Stage.TQL)
    assert moved.data["score"] >= firm.store.policy.stages.mql.score


@on_both_databases
def test_high_scores_are_followed_to_deals_orders_and_whether_they_stay(firm: Business, store: Store) -> None:
    """M80, M89, M168, M174, D24."""
    becomes_mql(firm, "price_list_viewed", "quote_requested", "trial_started", "seminar_attended")
    won, lost, left = (firm.qualified_lead() for _ in range(3))
    for lead, results in ((won, ["lost", "won"]), (lost, ["lost"]), (left, ["won", "left"])):
        for result in results:
            firm.does(tell_result, lead, Told(result=Result(result), amount=3_000_000), by="yuki")
    total = reviewed(store).total
    assert (total.leads, total.won, total.lost, total.left, total.kept) == (4, 2, 1, 1, 1)
    assert (total.deal_rate, total.win_rate) == (0.5, 1.0)


def test_nobody_is_reminded_of_a_deal_that_is_decided(firm: Business) -> None:
    lead = firm.qualified_lead()
    firm.does(tell_result, lead, Told(result=Result.LOST, words="競合に決定"), by="yuki")
    assert {clock.status for clock in firm.clocks_of(lead).values()} == {"cancelled"}


def test_a_lead_that_never_qualified_has_no_deal_and_its_clocks_go_on(firm: Business) -> None:
    lead = firm.has_lead(Contact(name="佐藤", email="sato@asahi.example"))
    with pytest.raises(NoDealYet, match="at LEAD and never qualified"):
        firm.does(tell_result, lead, Told(result=Result.WON), by="yuki")
    assert firm.history(lead, "result_told") == []


def test_a_lead_that_was_only_ever_put_aside_has_no_deal_either(firm: Business) -> None:
    lead = firm.has_lead()
    firm.does(leads.put_aside, lead, Stage.NURTURE, rule="not_now", by="yuki")
    with pytest.raises(NoDealYet):
        firm.does(tell_result, lead, Told(result=Result.WON), by="yuki")


def test_a_lead_that_qualified_and_was_set_aside_may_still_be_lost_or_won(firm: Business) -> None:
    lead = firm.qualified_lead()
    firm.does(leads.put_aside, lead, Stage.NURTURE, rule="not_now", by="yuki")
    firm.does(tell_result, lead, Told(result=Result.WON), by="yuki")
    assert len(firm.history(lead, "result_told")) == 1


@pytest.mark.parametrize("told", [("lost",), ("won", "lost")], ids=["lost", "lost after all"])
def test_nobody_leaves_a_deal_that_was_not_won(firm: Business, told: tuple[str, ...]) -> None:
    lead = firm.qualified_lead()
    for result in told:
        firm.does(tell_result, lead, Told(result=Result(result)), by="yuki")
    with pytest.raises(NothingWon):
        firm.does(tell_result, lead, Told(result=Result.LEFT), by="yuki")


@on_both_databases
def test_months_count_by_the_firms_own_calendar_and_only_those_asked_for(
    firm: Business, store: Store, clock: Clock
) -> None:
    firm.qualified_lead()
    clock.now = datetime(2026, 6, 30, 20, 0, tzinfo=UTC)  # 1 July in Tokyo
    firm.qualified_lead()
    assert [month for month, _ in reviewed(store).months] == ["2026-05", "2026-07"]
    assert reviewed(store, since=clock.now - timedelta(days=1)).total.leads == 1


def course(score: int, *rules: str, result: Result | None = None) -> Course:
    at = datetime(2026, 5, 18, 1, tzinfo=UTC)
    return Course(
        lead_id="a",
        qualified_at=at,
        score=score,
        rules=frozenset(rules),
        is_sql=result is not None,
        result=result,
        has_left=False,
    )


@pytest.mark.parametrize("leads_of_each", [9, 10])
def test_an_indicator_that_deals_lack_is_worth_a_look_once_there_are_enough_leads(
    policy: Policy, leads_of_each: int
) -> None:
    """M81, M84."""
    opened = [course(62, "newsletter_opened")] * leads_of_each
    viewed = [course(75, "price_list_viewed", result=Result.WON)] * leads_of_each
    weak = {one.rule: one.is_weak for one in review_of([*opened, *viewed], policy).indicators}
    assert weak == {"price_list_viewed": False, "newsletter_opened": leads_of_each == 10}


def test_every_score_belongs_to_one_band(policy: Policy) -> None:
    for score in range(-20, 140):
        counted = [count.leads for _, count in review_of([course(score)], policy).bands]
        assert sum(counted) == 1, score
    assert bands_of(policy)[-1][1] is None


def test_a_rate_of_nothing_is_no_rate() -> None:
    assert (Count().deal_rate, Count().win_rate) == (None, None)


def accepts(firm: Business, lead: str) -> Deed | None:
    deed: Deed | None = firm.does(
        lambda tx, row: do(tx, row, Kind.ACCEPT, lambda: accept(tx, row, by="yuki"), by="yuki"), lead
    )
    return deed


def takes_back(firm: Business, deed: Deed | None) -> None:
    assert deed is not None
    firm.clock.advance(minutes=1)
    firm.store.run_here(lambda tx: undo(tx, tx.get(Deed, deed.id), by="yuki"))


@on_both_databases
def test_an_acceptance_that_was_taken_back_made_no_deal(firm: Business, store: Store) -> None:
    """M80, D24."""
    lead = firm.qualified_lead(NEED, SATO, BUDGET, SOON)
    firm.clock.advance(minutes=1)
    deed = accepts(firm, lead)
    assert reviewed(store).total == Count(leads=1, sql=1)

    takes_back(firm, deed)
    assert reviewed(store).total == Count(leads=1)


@on_both_databases
def test_a_lead_whose_only_qualifying_call_was_taken_back_never_qualified(firm: Business, store: Store) -> None:
    lead = firm.has_lead(NEED)
    called = Call(outcome=Outcome.CONNECTED)
    deed = firm.does(
        lambda tx, row: do(tx, row, Kind.CALL, lambda: log_call(tx, row, called, by="yuki"), by="yuki"), lead
    )
    assert reviewed(store).total.leads == 1
    takes_back(firm, deed)

    digest = store.read(lambda session: digest_of(session, date(2026, 5, 18), store.policy, until=firm.clock()))
    assert (firm.lead(lead).stage, reviewed(store).total.leads, digest.qualified) == (Stage.LEAD, 0, 0)
    with pytest.raises(NoDealYet):
        firm.does(tell_result, lead, Told(result=Result.WON), by="yuki")


@on_both_databases
def test_one_person_merged_of_two_qualified_records_counts_once_with_the_points_of_both(
    firm: Business, store: Store
) -> None:
    kept = firm.qualified_lead(NEED, SATO)
    firm.clock.advance(minutes=1)
    other = becomes_mql(firm, "price_list_viewed", "quote_requested")
    firm.clock.advance(minutes=1)
    firm.merges(kept, other)
    firm.does(accept, kept, by="yuki")

    digest = store.read(lambda session: digest_of(session, date(2026, 5, 18), store.policy, until=firm.clock()))
    assert (reviewed(store).total.leads, digest.qualified) == (1, 1)


@on_both_databases
def test_a_person_who_qualified_on_a_record_since_merged_keeps_the_points_it_had_then(
    firm: Business, store: Store
) -> None:
    """M81: merged into a record that had not qualified."""
    kept = firm.has_lead(SATO)
    other = becomes_mql(firm, "price_list_viewed", "quote_requested")
    firm.clock.advance(minutes=1)
    firm.merges(kept, other)

    review = reviewed(store)
    assert review.total.leads == 1
    assert {one.rule: one.having.leads for one in review.indicators}["quote_requested"] == 1


def is_called_after(firm: Business, minutes: int, *, seen_after: int = 0) -> str:
    """Qualified on a Monday at ten, shown so many seconds later, called so many minutes after ten."""
    firm.clock.now = MONDAY_TEN
    lead = firm.qualified_lead(NEED, SATO)
    clock = firm.clock_of(lead)
    assert clock is not None
    seen_at = MONDAY_TEN + timedelta(seconds=seen_after)
    firm.store.run_here(lambda tx: setattr(tx.get(FollowUp, clock.id), "told_at", seen_at))
    firm.clock.now = MONDAY_TEN + timedelta(minutes=minutes)
    firm.calls(lead, Outcome.CONNECTED)
    return lead


@on_both_databases
def test_how_soon_they_were_contacted_is_told_in_shares_and_percentiles(firm: Business, store: Store) -> None:
    """M100, D28: in working minutes, our time and theirs apart; who was never called is in no percentile."""
    for minutes in (0, 4, 5, 14, 15, 59, 60, 179, 180, 24 * 60):
        is_called_after(firm, minutes, seen_after=2)
    firm.clock.now = MONDAY_TEN
    nobodys = firm.clock_of(firm.qualified_lead(NEED, SATO))
    assert nobodys is not None
    late = MONDAY_TEN + timedelta(hours=3)
    firm.store.run_here(lambda tx: setattr(tx.get(FollowUp, nobodys.id), "breached_at", late))

    speed = reviewed(store).speed
    assert (speed.promised, speed.made, speed.in_time) == (11, 10, 9)
    assert [many for _, many in speed.stretches] == [2, 2, 2, 2, 2]
    assert speed.minutes == Spread(p50=15, p95=540), "Tuesday at ten lies nine working hours after Monday at ten"
    assert speed.system_seconds == Spread(p50=2, p95=2)
    assert speed.human_minutes == Spread(p50=14, p95=539)


def test_a_promise_that_still_runs_is_in_no_count_of_speed(firm: Business, store: Store) -> None:
    firm.qualified_lead(NEED, SATO)
    speed = reviewed(store).speed
    assert (speed.promised, speed.kept_rate, speed.minutes) == (0, None, Spread(p50=None, p95=None))


def test_the_average_deal_value_is_told_for_each_currency_of_deals_that_were_won(firm: Business, store: Store) -> None:
    """M169: of several results the last counts, and a deal without an amount is in no average."""
    amounts = [(1_000_000, "JPY"), (2_000_000, "JPY"), (None, "JPY"), (30_000, "USD")]
    for amount, currency in amounts:
        told = Told(result=Result.WON, amount=amount, currency=currency)
        firm.does(tell_result, firm.qualified_lead(), told, by="yuki")
    lost = firm.qualified_lead()
    for result in (Result.WON, Result.LOST):
        firm.does(tell_result, lost, Told(result=result, amount=9_000_000), by="yuki")

    assert reviewed(store).worth == (
        Worth(currency="JPY", deals=2, average=1_500_000),
        Worth(currency="USD", deals=1, average=30_000),
    )
