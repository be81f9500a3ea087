"""Who hears about what: nothing below MQL reaches Slack, except a wish for a person (M86, D17)."""

from typing import Any

import pytest

from qualification import events, leads, notices, ownership
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
