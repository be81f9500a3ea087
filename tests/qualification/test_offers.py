"""Only leads that satisfy the rule of SQL are put to sales, where the policy says so (M39, D16)."""

from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import select

from bot.worker import fire
from qualification import deeds, leads, ownership, their_time
from qualification.activities import Seen
from qualification.bant import Clarity, Timeframe, Topic
from qualification.calls import Call, Heard, Outcome, log_call
from qualification.deeds import Kind
from qualification.dossier import dossier_of
from qualification.offers import NotOnOffer, put_to_sales
from qualification.outbox import OutboundStatus
from qualification.policy import BadPolicy, load_policy
from qualification.records import Deed, FollowUp, Lead, Outbound, Timer
from qualification.stages import Stage
from qualification.store import Store, Transaction
from tests.business import BUDGET, NEED, NEXT_YEAR, SATO, SOON, Business
from tests.clock import Clock, jst
from tests.qualification.databases import on_both_databases
from tests.qualification.test_policy import written

STAGES = '[stages]\nqualified_from = "MQL"\nauto_accept = {auto}\noffer_when = "{when}"\n'


def firm_that_offers(store: Store, tmp_path: Path, when: str, *, auto: str = "false", more: str = "") -> None:
    store.policy = load_policy(written(tmp_path, STAGES.format(when=when, auto=auto) + more))


@pytest.fixture
def firm(store: Store, clock: Clock, tmp_path: Path) -> Business:
    """Sales is asked only about what it would make an SQL."""
    firm_that_offers(store, tmp_path, "bant_rule")
    return Business(store, clock)


def is_on_offer(firm: Business, lead: str) -> bool:
    return firm.store.run_here(lambda tx: dossier_of(tx, lead, policy=tx.policy, now=tx.now).is_offered)


def on_the_list_of_offers(firm: Business) -> list[str]:
    """As Home asks for all of them at once."""
    asked = put_to_sales(firm.store.policy)
    assert asked is not None
    return firm.store.read(lambda session: list(session.exec(select(Lead.id).where(asked))))


def rings(firm: Business) -> list[str]:
    return [row.payload["event"] for row in firm.said("ring")]


@on_both_databases
def test_a_lead_is_put_to_sales_once_it_satisfies_the_rule_of_sql(store: Store, clock: Clock, tmp_path: Path) -> None:
    """M39: accepting it then makes an SQL in the same press."""
    firm_that_offers(store, tmp_path, "bant_rule")
    firm = Business(store, clock)
    lead = firm.qualified_lead(NEED, SATO, SOON)
    assert (firm.lead(lead).stage, is_on_offer(firm, lead), "acceptance" in firm.clocks_of(lead)) == (
        "TQL",
        False,
        False,
    )

    firm.calls(lead, Outcome.CONNECTED, BUDGET)
    assert is_on_offer(firm, lead)
    assert firm.clocks_of(lead)["acceptance"].status == "open"
    assert rings(firm) == ["lead_offered"]

    firm.does(ownership.accept, lead, by="yuki")
    assert firm.moves(lead) == [Stage.TQL, Stage.SAL, Stage.SQL]
    assert firm.clocks_of(lead)["acceptance"].status == "met"


def test_the_promise_to_call_does_not_wait_for_the_offer(firm: Business) -> None:
    """M50, M51, M91: who is qualified hears from a person within three hours, whoever accepts them later."""
    lead = firm.qualified_lead()

    assert {rule: clock.status for rule, clock in firm.clocks_of(lead).items()} == {"first_contact": "open"}


def test_what_is_not_offered_cannot_be_accepted_and_its_card_says_what_is_missing(firm: Business) -> None:
    """M39."""
    lead = firm.qualified_lead(NEED, SATO, NEXT_YEAR)

    with pytest.raises(NotOnOffer):
        firm.does(ownership.accept, lead, by="yuki")
    judged = firm.store.run_here(lambda tx: dossier_of(tx, lead, policy=tx.policy, now=tx.now).judged)
    assert (judged.next_stage, judged.missing) == (Stage.SAL, ("timeframe", "budget", "acceptance"))


def test_sales_is_asked_once_and_until_it_has_decided(firm: Business) -> None:
    """D7: another date named meanwhile takes no question back."""
    lead = firm.qualified_lead(NEED, SATO, SOON, BUDGET)
    firm.calls(lead, Outcome.CONNECTED, NEXT_YEAR)
    assert is_on_offer(firm, lead)

    firm.does(ownership.accept, lead, by="yuki")
    assert (firm.lead(lead).stage, len(firm.history(lead, "lead_offered"))) == (Stage.SAL, 1)


def test_what_is_handed_back_is_offered_to_others_while_the_rule_holds(firm: Business) -> None:
    lead = firm.qualified_lead(NEED, SATO, SOON, BUDGET)
    firm.does(ownership.hand_back, lead, reason="not my region", by="yuki")
    assert is_on_offer(firm, lead)

    firm.calls(lead, Outcome.CONNECTED, NEXT_YEAR)
    firm.does(ownership.hand_back, lead, reason="too far ahead", by="ken")
    assert not is_on_offer(firm, lead)
    firm.calls(lead, Outcome.CONNECTED, SOON)
    assert is_on_offer(firm, lead)


def test_who_asked_not_to_be_contacted_is_offered_to_nobody(firm: Business) -> None:
    lead = firm.qualified_lead(NEED, SATO, SOON)
    firm.calls(lead, Outcome.DO_NOT_CONTACT, BUDGET)

    assert not is_on_offer(firm, lead)
    assert "open" not in {clock.status for clock in firm.clocks_of(lead).values()}


def test_a_lead_accepted_by_itself_is_accepted_once_the_rule_holds(store: Store, clock: Clock, tmp_path: Path) -> None:
    firm_that_offers(store, tmp_path, "bant_rule", auto="true")
    firm = Business(store, clock)
    lead = firm.qualified_lead(NEED, SATO, SOON)
    assert firm.moves(lead) == [Stage.TQL]

    firm.talks_in_chat(lead, BUDGET)
    assert firm.moves(lead) == [Stage.TQL, Stage.SAL, Stage.SQL]


def test_a_segment_may_offer_in_its_own_way(store: Store, clock: Clock, tmp_path: Path) -> None:
    """D19."""
    more = '[segments.abroad]\norigin = ["outbound"]\n[segments.abroad.stages]\noffer_when = "tql"\n'
    firm_that_offers(store, tmp_path, "bant_rule", more=more)
    firm = Business(store, clock)

    assert not is_on_offer(firm, firm.qualified_lead(NEED, SATO))
    assert is_on_offer(firm, firm.qualified_lead(NEED, SATO, origin="outbound"))


@pytest.mark.parametrize(("left", "then"), [(False, "withdrawn"), (True, "waiting")])
def test_who_is_called_by_an_offer_that_is_taken_back_hears_so_or_hears_nothing(
    firm: Business, left: bool, then: str
) -> None:
    """D23: a ring that has not left does not leave any more, another says that it was taken back."""
    lead = firm.qualified_lead(NEED, SATO, SOON)
    heard = (Heard(topic=Topic.BUDGET, value=BUDGET, words="300万円"),)

    def logs(tx: Transaction, row: Lead) -> Deed | None:
        call = Call(outcome=Outcome.CONNECTED, heard=heard)
        return deeds.do(tx, row, Kind.CALL, lambda: log_call(tx, row, call, by="yuki"), by="yuki")

    def leaves(tx: Transaction) -> None:
        for row in tx.find(Outbound, "lead_id", lead):
            row.status, row.receipt = OutboundStatus.SENT, {"channel": "C1", "ts": "1.0"}

    deed = firm.does(logs, lead)
    assert deed is not None
    if left:
        firm.store.run_here(leaves)
    firm.store.run_here(lambda tx: deeds.undo(tx, tx.get(Deed, deed.id), by="yuki"))

    assert not is_on_offer(firm, lead)
    assert [row.status for row in firm.said("ring")] == [then]


def test_who_decides_is_rung_at_any_hour_and_has_working_time_to_decide(
    firm: Business, store: Store, clock: Clock
) -> None:
    """A time that comes near by itself is noticed by a page they look at on a Sunday night: as everything a prospect
    does, it is said at once, and the clock counts from Monday morning."""
    clock.now = jst("2026-05-17 23:00")
    far = Timeframe(latest=clock.now.date() + timedelta(days=300))
    lead = firm.qualified_lead(NEED, SATO, far, BUDGET)
    assert not is_on_offer(firm, lead)
    clock.advance(days=7 * 30)
    assert clock.now.astimezone(ZoneInfo("Asia/Tokyo")).strftime("%a %H") == "Sun 23"

    firm.does(leads.see_activity, lead, Seen(source="site", id="1", kind="page_viewed"))
    (ring,) = firm.said("ring")
    assert (ring.payload["event"], ring.due_at) == ("lead_offered", clock.now)
    assert firm.clocks_of(lead)["acceptance"].due_at > clock.now + timedelta(hours=10)


# -- what starts with an offer ------------------------------------------------------------------------


LATE = 'ladder = [{ name = "late", late_minutes = 0, tells = "manager" }]\n'
BRIEF = '[follow_up.brief]\nstarts = "offered"\nwithin_minutes = 120\nmet_by = "attempt"\n' + LATE


def runs_of(firm: Business, lead: str, rule: str) -> list[str]:
    """How each clock of this duty stands, oldest first."""
    rows = firm.store.run_here(lambda tx: tx.find(FollowUp, "lead_id", lead))
    return [row.status for row in sorted(rows, key=lambda row: row.generation) if row.rule == rule]


@pytest.mark.parametrize("when", ["tql", "bant_rule"])
def test_a_duty_that_starts_with_an_offer_starts_once_for_it(
    store: Store, clock: Clock, tmp_path: Path, when: str
) -> None:
    """M39, M101: met before sales has decided, it is met."""
    firm_that_offers(store, tmp_path, when, more=BRIEF)
    firm = Business(store, clock)
    lead = firm.qualified_lead(NEED, SATO, SOON, BUDGET)
    assert runs_of(firm, lead, "brief") == ["open"]

    firm.calls(lead, Outcome.CONNECTED)
    for _ in range(2):
        firm.does(leads.reassess, lead)
    assert (runs_of(firm, lead, "brief"), runs_of(firm, lead, "acceptance")) == (["met"], ["open"])

    firm.does(ownership.hand_back, lead, reason="not my region", by="yuki")
    assert (runs_of(firm, lead, "brief"), runs_of(firm, lead, "acceptance")) == (["met", "open"], ["met", "open"])


def test_where_an_offer_asks_for_no_decision_its_duties_start_once_all_the_same(
    store: Store, clock: Clock, tmp_path: Path
) -> None:
    store.policy = load_policy(written(tmp_path, BRIEF + "[follow_up.acceptance]\non = false\n"))
    firm = Business(store, clock)
    lead = firm.qualified_lead(NEED, SATO)
    firm.calls(lead, Outcome.CONNECTED)
    firm.does(leads.reassess, lead)
    assert runs_of(firm, lead, "brief") == ["met"]


@pytest.mark.parametrize("more", ["", "[follow_up.acceptance]\non = false\n"])
def test_a_duty_the_firm_adds_starts_for_no_lead_that_was_offered_before(
    store: Store, clock: Clock, tmp_path: Path, more: str
) -> None:
    """D13."""
    store.policy = load_policy(written(tmp_path, more)) if more else store.policy
    firm = Business(store, clock)
    lead = firm.qualified_lead(NEED, SATO)
    store.policy = load_policy(written(tmp_path, more + BRIEF))
    firm.calls(lead, Outcome.NO_ANSWER)
    firm.does(leads.reassess, lead)
    assert runs_of(firm, lead, "brief") == []


def test_another_decision_than_that_about_an_offer_offers_nothing(store: Store, clock: Clock, tmp_path: Path) -> None:
    """M39."""
    more = '[follow_up.verdict]\nstarts = "qualified"\nwithin_minutes = 240\nmet_by = "decision"\n' + LATE
    firm_that_offers(store, tmp_path, "bant_rule", more=more)
    firm = Business(store, clock)
    lead = firm.qualified_lead(NEED, SATO)
    assert (firm.clocks_of(lead)["verdict"].status, is_on_offer(firm, lead)) == ("open", False)
    assert lead not in on_the_list_of_offers(firm)

    firm.calls(lead, Outcome.CONNECTED, SOON, BUDGET)
    assert (is_on_offer(firm, lead), rings(firm)) == (True, ["lead_offered"])


# -- the policy is switched while leads wait ---------------------------------------------------------


def test_what_sales_was_asked_stays_asked_when_the_policy_asks_for_more(
    store: Store, clock: Clock, tmp_path: Path
) -> None:
    """D13: from "tql" to "bant_rule"."""
    firm = Business(store, clock)
    lead = firm.qualified_lead(NEED, SATO)
    firm_that_offers(store, tmp_path, "bant_rule")
    assert is_on_offer(firm, lead)
    assert firm.clocks_of(lead)["acceptance"].status == "open"

    firm.does(leads.reassess, lead)
    firm.does(ownership.accept, lead, by="yuki")
    assert firm.lead(lead).stage == Stage.SAL


def test_what_waits_is_on_offer_at_once_when_the_policy_asks_for_less(
    firm: Business, store: Store, tmp_path: Path
) -> None:
    """D13: from "bant_rule" to "tql"; the clock of the decision starts with the next thing that happens."""
    lead, other = firm.qualified_lead(NEED, SATO), firm.qualified_lead(NEED, SATO)
    firm_that_offers(store, tmp_path, "tql")
    assert is_on_offer(firm, lead)
    assert "acceptance" not in firm.clocks_of(lead)

    firm.calls(lead, Outcome.CONNECTED)
    assert firm.clocks_of(lead)["acceptance"].status == "open"
    firm.does(ownership.accept, other, by="yuki")
    assert firm.lead(other).stage == Stage.SAL


@on_both_databases
def test_what_is_on_offer_stays_there_for_a_list_too_when_its_duty_is_renamed(
    store: Store, clock: Clock, tmp_path: Path
) -> None:
    """D13: the card and Home ask the rule the clock began with."""
    verdict = '[follow_up.verdict]\nstarts = "offered"\nwithin_minutes = 240\nmet_by = "decision"\n'
    store.policy = load_policy(written(tmp_path, "[follow_up.acceptance]\non = false\n" + verdict))
    firm = Business(store, clock)
    lead = firm.qualified_lead(NEED, SATO)
    firm_that_offers(store, tmp_path, "bant_rule")
    waits = firm.qualified_lead(NEED, SATO)

    assert (is_on_offer(firm, lead), is_on_offer(firm, waits)) == (True, False)
    assert on_the_list_of_offers(firm) == [lead]


# -- the policy text -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            STAGES.format(when="sql", auto="false"),
            "own.toml:4: stages.offer_when: Input should be 'tql' or 'bant_rule'",
        ),
        (
            STAGES.format(when="bant_rule", auto="false") + "[follow_up.acceptance]\non = false\n",
            "own.toml:4: stages.offer_when: sales would never be asked",
        ),
        (
            "[follow_up.acceptance]\non = false\n[segments.abroad]\norigin = ['outbound']\n"
            "[segments.abroad.stages]\noffer_when = 'bant_rule'\n",
            "own.toml:6: segments.abroad.stages.offer_when: sales would never be asked",
        ),
    ],
)
def test_an_offer_that_nobody_would_hear_of_is_a_mistake_of_the_policy(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(BadPolicy) as wrong:
        load_policy(written(tmp_path, text))

    assert says in str(wrong.value)


def a_time_comes_near(firm: Business, lead: str) -> None:
    """Nothing happens to the lead; the morning comes on which its time is within six months."""
    timer = firm.store.run_here(lambda tx: tx.get(Timer, (lead, their_time.NEAR_TIMER)))
    firm.clock.now = timer.due_at
    firm.store.run_here(lambda tx: fire((lead, their_time.NEAR_TIMER), tx))


def test_a_lead_whose_time_has_come_near_is_put_to_sales_that_morning(firm: Business) -> None:
    """By 31 March 2027: within six months from 1 October on."""
    lead = firm.qualified_lead(NEED, SATO, BUDGET, Timeframe(latest=date(2027, 3, 31)))
    assert not is_on_offer(firm, lead)

    a_time_comes_near(firm, lead)
    assert firm.clock.now == jst("2026-10-01 09:01")
    assert is_on_offer(firm, lead)
    assert rings(firm) == ["lead_offered"]


def test_an_accepted_lead_whose_time_has_come_near_is_an_sql_that_morning(store: Store, clock: Clock) -> None:
    firm = Business(store, clock)
    lead = firm.qualified_lead(NEED, SATO, BUDGET, Timeframe(latest=date(2027, 3, 31)))
    firm.does(ownership.accept, lead, by="yuki")
    assert firm.lead(lead).stage == Stage.SAL

    a_time_comes_near(firm, lead)
    assert firm.lead(lead).stage == Stage.SQL


def test_a_time_told_anew_is_waited_for_in_place_of_the_first(firm: Business) -> None:
    lead = firm.qualified_lead(NEED, SATO, BUDGET, Timeframe(latest=date(2027, 3, 31)))
    firm.calls(lead, Outcome.CONNECTED, Timeframe(latest=date(2027, 4, 30)))
    a_time_comes_near(firm, lead)
    assert firm.clock.now == jst("2026-10-30 09:01")

    other = firm.qualified_lead(NEED, SATO, BUDGET, Timeframe(latest=date(2027, 10, 29)))
    firm.calls(other, Outcome.CONNECTED, Timeframe(clarity=Clarity.UNDECIDED))
    a_time_comes_near(firm, other)
    assert not is_on_offer(firm, other)
