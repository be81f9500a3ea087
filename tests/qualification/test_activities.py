"""Activities: kept once, counted at their own time, judged at once (M74, M75, M54)."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from qualification import leads, sightings
from qualification.activities import IdOfAnotherKind, NotYetHappened, Seen, UnknownKind
from qualification.behaviour import Behaviour, Did
from qualification.hours.sheet import microseconds
from qualification.policy import load_policy
from qualification.records import Activity, Lead
from qualification.stages import Stage
from qualification.store import Store
from tests.business import Business
from tests.clock import Clock
from tests.qualification.databases import on_both_databases
from tests.qualification.test_policy import written

DAY = timedelta(days=1)


def sees(firm: Business, lead: str, kind: str, id: str | None = None, *, days_ago: float = 0, **data: Any) -> bool:
    at = firm.clock.now - timedelta(days=days_ago)
    seen = Seen(source="site", id=id or kind, kind=kind, at=at, data=data)
    return bool(firm.does(leads.see_activity, lead, seen))


@on_both_databases
def test_an_activity_counts_as_soon_as_it_is_told(firm: Business) -> None:
    """M74, M75, M9, M10: tracked in real time, points and stage by themselves."""
    lead = firm.has_lead()
    for kind in ("document_requested", "price_list_viewed", "newsletter_opened"):
        assert sees(firm, lead, kind)
    assert (firm.lead(lead).score, firm.lead(lead).stage) == (45, Stage.LEAD)

    sees(firm, lead, "seminar_attended")

    assert (firm.lead(lead).score, firm.lead(lead).stage) == (60, Stage.MQL)  # M11
    assert firm.clock_of(lead) is not None  # M92


@pytest.mark.parametrize("data", [{}, {"by_machine": True}])
def test_the_same_activity_told_twice_counts_once(firm: Business, data: dict[str, Any]) -> None:
    lead = firm.has_lead()

    assert [sees(firm, lead, "quote_requested", "q-7", **data) for _ in range(3)] == [True, False, False]
    assert len(firm.all(Activity)) == 1


def test_another_kind_under_the_id_of_an_earlier_activity_is_refused(firm: Business) -> None:
    lead = firm.has_lead()
    sees(firm, lead, "mail_clicked", "7")

    with pytest.raises(IdOfAnotherKind, match=r"mail_clicked before and is quote_requested now"):
        sees(firm, lead, "quote_requested", "7")
    assert firm.lead(lead).score == 5


def test_one_id_of_a_source_may_belong_to_two_leads(firm: Business) -> None:
    one, other = firm.has_lead(), firm.has_lead()

    assert sees(firm, one, "seminar_attended", "spring")
    assert sees(firm, other, "seminar_attended", "spring")


def test_a_late_activity_counts_at_its_own_time(firm: Business) -> None:
    lead = firm.has_lead()
    for number, days in enumerate((1, 29, 31)):
        sees(firm, lead, "product_page_viewed", str(number), days_ago=days)
    assert firm.lead(lead).score == 0  # two of them within 30 days

    sees(firm, lead, "product_page_viewed", "late", days_ago=20)

    assert firm.lead(lead).score == 10
    assert firm.lead(lead).last_activity_at == firm.clock.now, "an old activity is no sign of life today"


def test_what_they_did_long_ago_and_we_hear_only_now_is_no_sign_of_life_today(firm: Business) -> None:
    """D8: warm is who did something within ninety days."""
    lead = firm.has_lead()
    last_seen = firm.clock.now
    firm.clock.advance(days=100)
    sees(firm, lead, "document_requested", days_ago=120)

    assert firm.lead(lead).last_activity_at == last_seen
    assert (firm.lead(lead).score, firm.lead(lead).temperature) == (20, "cold")


def test_a_mail_opened_by_a_machine_is_kept_and_brings_nothing(firm: Business) -> None:
    """D5."""
    lead = firm.has_lead()

    sees(firm, lead, "newsletter_opened", by_machine=True)

    assert firm.lead(lead).score == 0
    assert [row.data for row in firm.all(Activity)] == [{"by_machine": True}]


def test_an_activity_nobody_defined_and_one_of_tomorrow_are_refused(firm: Business) -> None:
    lead = firm.has_lead()

    with pytest.raises(UnknownKind, match=r"waved_at_us.*document_requested"):
        sees(firm, lead, "waved_at_us")
    for slip, meant in (("seminar", "seminar_attended"), ("page_veiwed", "page_viewed")):
        with pytest.raises(UnknownKind, match=rf"did you mean ([a-z_]+ or )*{meant}\b"):
            sees(firm, lead, slip)
    for ahead in (timedelta(days=1), timedelta(minutes=5, seconds=1)):
        with pytest.raises(NotYetHappened):
            sees(firm, lead, "page_viewed", days_ago=-ahead / DAY)
    assert firm.all(Activity) == []


def test_the_clock_of_another_system_may_run_five_minutes_ahead_of_ours(firm: Business) -> None:
    assert sees(firm, firm.has_lead(), "page_viewed", days_ago=-timedelta(minutes=5) / DAY)


def test_an_activity_costs_as_many_statements_after_five_hundred_as_after_ten(firm: Business) -> None:
    lead = firm.has_lead()
    counted: list[int] = []
    statements = 0

    def count(*_: object) -> None:
        nonlocal statements
        statements += 1

    for number in range(500):
        firm.does(leads.record_activity, lead, "page_viewed", key=f"page:{number}")
        if number in (10, 498):
            event.listen(firm.store.engine, "before_cursor_execute", count)
        elif number in (11, 499):
            event.remove(firm.store.engine, "before_cursor_execute", count)
            counted.append(statements)
            statements = 0

    assert counted[0] == counted[1] <= 5
    kept = firm.lead(lead).behaviour
    assert kept["page_viewed"][0] == 500
    assert len(kept["page_viewed"][2]) == 1


def test_the_sum_is_made_anew_when_the_rules_ask_for_more_than_was_kept(firm: Business) -> None:
    lead = firm.has_lead()
    for number in range(5):
        sees(firm, lead, "price_page_viewed", str(number), days_ago=number)
    sees(firm, lead, "mail_clicked", by_machine=True)
    before = firm.lead(lead)

    def forget(tx: Any, row: Lead) -> None:
        row.behaviour, row.behaviour_for = {}, "rules of last year"

    firm.does(forget, lead)
    sees(firm, lead, "newsletter_opened", "n")
    after = firm.lead(lead)

    assert after.behaviour_for == before.behaviour_for
    assert after.behaviour["price_page_viewed"] == before.behaviour["price_page_viewed"]
    assert after.score == before.score + 10


def test_the_kept_sum_is_the_sum_of_the_facts(firm: Business) -> None:
    lead = firm.has_lead()
    for number, days in enumerate((3, 1, 2, 9, 0)):
        sees(firm, lead, "site_visited", str(number), days_ago=days)
    rows = [row for row in firm.all(Activity) if row.lead_id == lead]
    facts = [Did.of(row.kind, row.at, row.data) for row in rows]

    assert Behaviour.from_json(firm.lead(lead).behaviour) == Behaviour.of(facts, firm.store.policy.memory)


@pytest.mark.parametrize("kind", ["page_viewed", "sample_page_viewed"], ids=["of ours", "of the firm's own"])
def test_a_browser_tells_of_no_more_than_two_thousand_pages(
    store: Store, clock: Clock, tmp_path: Path, kind: str
) -> None:
    store.policy = load_policy(written(tmp_path, '[activities]\nown = ["sample_page_viewed"]\n'))
    firm = Business(store, clock)
    at = microseconds(clock.now)
    lead = firm.has_lead(behaviour={kind: [1_999, at, [at]]}, behaviour_for=store.policy.memory.stamp)

    def notes(id: str) -> bool:
        return firm.does(sightings.note, lead, Seen(source="site-1", id=id, kind=kind))

    assert notes("the last")
    with pytest.raises(sightings.TooMany):
        notes("one more")
