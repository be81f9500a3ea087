"""Who hears about what: nothing below MQL reaches Slack, except a wish for a person (M86, D17)."""

from typing import Any

import pytest

from qualification import events, leads, notices, ownership
from qualification.activities import Seen
from qualification.bant import Value
from qualification.calls import Outcome
from qualification.followup import snooze
from qualification.stages import Stage
from tests.business import BUDGET, NEED, NO_NEED, SATO, Business
from tests.clock import jst


def subclasses(kind: type[events.Event]) -> set[type[events.Event]]:
    return {kind} | {deeper for child in kind.__subclasses__() for deeper in subclasses(child)}


def test_every_event_has_its_place_in_the_table() -> None:
    elsewhere = {events.Event, events.StepTaken, events.FollowUpSnoozed, events.LeadCaptured}
    assert subclasses(events.Event) == notices.NOTED | notices.RUNG | notices.SILENT | elsewhere


def test_every_event_has_its_own_name_in_the_history() -> None:
    kinds = [kind.__name__ for kind in subclasses(events.Event)]
    assert events.StageMoved.__name__ in kinds
    assert len(set(kinds)) == len(kinds)


@pytest.mark.parametrize(
    "happens",
    [
        lambda firm, lead: firm.talks_in_chat(lead, NEED),
        lambda firm, lead: firm.talks_in_chat(lead, NO_NEED),
        lambda firm, lead: firm.does(leads.record_activity, lead, "document_requested", key="d"),
        lambda firm, lead: firm.calls(lead, Outcome.NO_ANSWER),
        lambda firm, lead: firm.does(leads.put_aside, lead, Stage.NURTURE, rule="silence", by="clock"),
        lambda firm, lead: firm.does(leads.opt_out, lead, words="stop", by="prospect"),
    ],
    ids=["talks", "has no need", "downloads", "is called", "falls silent", "opts out"],
)
def test_below_mql_slack_hears_nothing(firm: Business, happens: Any) -> None:
    lead = firm.has_lead()
    happens(firm, lead)

    assert firm.said() == []


def test_a_wish_for_a_person_rings_at_any_stage(firm: Business) -> None:
    lead = firm.has_lead()
    firm.does(leads.want_person, lead, words="担当者と話したい")

    assert [row.kind for row in firm.said()] == ["card", "ring"]
    assert firm.said("ring")[0].payload["facts"]["words"] == "担当者と話したい"


def test_the_first_move_to_a_qualified_stage_is_the_first_word(firm: Business) -> None:
    lead = firm.qualified_lead()

    assert [(row.kind, row.payload.get("event")) for row in firm.said()] == [("card", None), ("note", "stage_moved")]
    assert {row.lead_id for row in firm.said()} == {lead}


def test_a_lead_a_rep_made_is_shown_at_once(firm: Business) -> None:
    firm.has_lead(origin="outbound")

    assert [row.kind for row in firm.said()] == ["card"]


def test_once_shown_a_lead_stays_in_the_conversation(firm: Business) -> None:
    lead = firm.qualified_lead()
    firm.does(ownership.claim, lead, by="yuki")
    firm.calls(lead, Outcome.NO_ANSWER)

    assert [row.payload.get("event") for row in firm.said("note")] == [
        "stage_moved",
        "owner_changed",
        "call_logged",
        "follow_up_met",
    ]


def test_an_answer_draws_the_card_again_and_says_nothing(firm: Business) -> None:
    lead = firm.qualified_lead()
    before = [row.kind for row in firm.said()]
    firm.talks_in_chat(lead, BUDGET)

    assert [row.kind for row in firm.said()] == before
    assert firm.said("card")[0].revision > 1


def test_a_snooze_is_shown_to_the_manager(firm: Business) -> None:
    lead = firm.qualified_lead()
    firm.does(snooze, lead, until=jst("2026-05-18 12:00"), reason="昼食", by="yuki")

    assert [row.payload["event"] for row in firm.said("alarm")] == ["follow_up_snoozed"]


def test_a_lead_is_shown_in_the_channel_of_its_language(firm: Business) -> None:
    routing = firm.store.policy.routing.model_copy(update={"channels": {"ja": "C-JA", "en": "C-EN"}})
    firm.store.policy = firm.store.policy.model_copy(update={"routing": routing})
    lead = firm.qualified_lead(NEED, SATO)

    assert firm.lead(lead).channel == "C-JA"


def rings_of_a_move(firm: Business) -> list[str]:
    return [row.payload["facts"]["after"] for row in firm.said("ring") if row.payload["event"] == "stage_moved"]


def shown_below_the_line(firm: Business, *said: Value) -> str:
    """Its card hangs for a document that yuki, who took it, has to send."""
    lead = firm.has_lead(*said)
    firm.does(leads.want_document, lead, form="document")
    firm.does(ownership.claim, lead, by="yuki")
    assert firm.lead(lead).stage == Stage.LEAD
    return lead


def earns_points(firm: Business, lead: str, *kinds: str) -> None:
    for kind in kinds:
        firm.does(leads.see_activity, lead, Seen(source="ma", id=f"{kind}:{lead}", kind=kind))


ENOUGH = ("document_requested", "talk_requested", "price_list_viewed")


def test_the_owner_of_a_lead_below_the_line_is_rung_when_its_points_carry_it_over(firm: Business) -> None:
    """M85: the card hangs already, so nobody would hear of its being drawn again."""
    lead = shown_below_the_line(firm)
    earns_points(firm, lead, *ENOUGH)

    assert firm.lead(lead).stage == Stage.MQL
    assert rings_of_a_move(firm) == ["MQL"]


def test_an_answer_that_they_correct_rings_as_well_once_it_earns_the_line(firm: Business) -> None:
    lead = shown_below_the_line(firm, NO_NEED)
    firm.talks_in_chat(lead, NEED, SATO)

    assert firm.lead(lead).stage == Stage.TQL
    assert rings_of_a_move(firm) == ["TQL"]


def test_a_rep_whose_own_call_qualifies_a_lead_is_not_called_for_it(firm: Business) -> None:
    lead = shown_below_the_line(firm)
    firm.calls(lead, Outcome.CONNECTED, NEED)

    assert firm.lead(lead).stage == Stage.TQL
    assert rings_of_a_move(firm) == []


def test_who_comes_back_from_nurture_by_what_they_do_rings_whoever_has_them_or_everybody(firm: Business) -> None:
    """M133: the condition was met during nurture, so sales hears."""
    for owner in ("yuki", None):
        lead = firm.qualified_lead()
        if owner:
            firm.does(ownership.claim, lead, by=owner)
        firm.does(leads.put_aside, lead, Stage.NURTURE, rule="silence", by="clock")
        firm.clock.advance(days=1)
        before = len(rings_of_a_move(firm))
        earns_points(firm, lead, *ENOUGH)
        assert firm.lead(lead).stage in (Stage.MQL, Stage.TQL)
        assert len(rings_of_a_move(firm)) == before + 1


def test_where_leads_are_called_from_a_later_stage_on_that_stage_rings(firm: Business) -> None:
    stages = firm.store.policy.stages.model_copy(update={"qualified_from": "TQL"})
    firm.store.policy = firm.store.policy.model_copy(update={"stages": stages})
    lead = shown_below_the_line(firm)
    earns_points(firm, lead, *ENOUGH)
    assert (firm.lead(lead).stage, rings_of_a_move(firm)) == (Stage.MQL, [])

    firm.talks_in_chat(lead, NEED, SATO)
    assert rings_of_a_move(firm) == ["TQL"]
