"""The ladder: which moves are allowed, and that nothing a person does ever makes another (D1)."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qualification import leads, ownership, silence
from qualification.calls import Outcome
from qualification.policy import shipped_policy
from qualification.records import Timer
from qualification.stages import (
    ALLOWED_MOVES,
    LADDER,
    MoveNotAllowed,
    Phase,
    Reason,
    ReasonMissing,
    Stage,
    is_at_least,
    move,
    phase_of,
)
from qualification.store import Store
from tests.business import BUDGET, NEED, NEXT_YEAR, NO_NEED, SATO, SOON, Business
from tests.clock import Clock

REASON = Reason(rule="by_hand", policy="standard-1")

LADDER_AS_DECIDED = {
    ("LEAD", "MQL"),
    ("LEAD", "TQL"),  # a rep spoke first (M41)
    ("MQL", "TQL"),
    ("TQL", "SAL"),
    ("SAL", "SQL"),
    *((stage, "NURTURE") for stage in ("LEAD", "MQL", "TQL", "SAL", "SQL")),
    *((stage, "DISQUALIFIED") for stage in ("LEAD", "MQL", "TQL", "SAL", "SQL", "NURTURE")),
    ("NURTURE", "MQL"),
    ("NURTURE", "TQL"),
    ("DISQUALIFIED", "LEAD"),  # by a manager only
}


@pytest.mark.parametrize("before", Stage)
@pytest.mark.parametrize("after", Stage)
def test_a_move_is_allowed_exactly_when_the_decision_says_so(before: Stage, after: Stage) -> None:
    if (before, after) in LADDER_AS_DECIDED:
        assert move(before, after, reason=REASON).after is after
    else:
        with pytest.raises(MoveNotAllowed, match=f"from {before} to {after}"):
            move(before, after, reason=REASON)


def test_every_stage_knows_its_moves() -> None:
    assert set(ALLOWED_MOVES) == set(Stage)


def test_a_stage_beside_the_ladder_has_reached_no_line() -> None:
    assert is_at_least(Stage.SAL, Stage.MQL)
    assert not is_at_least(Stage.LEAD, Stage.MQL)
    assert not is_at_least(Stage.NURTURE, Stage.LEAD)
    assert not is_at_least(Stage.DISQUALIFIED, Stage.LEAD)


VERBS = {
    "answers": lambda firm, lead: firm.talks_in_chat(lead, NEED, SATO),
    "asks for a price": lambda firm, lead: firm.does(
        leads.record_activity, lead, "quote_requested", key=f"q{firm.clock()}"
    ),
    "has no need": lambda firm, lead: firm.talks_in_chat(lead, NO_NEED),
    "wants a person": lambda firm, lead: firm.does(leads.want_person, lead, words="人と話したい"),
    "is told of a budget": lambda firm, lead: firm.calls(lead, Outcome.CONNECTED, BUDGET, SOON, SATO),
    "is far away": lambda firm, lead: firm.calls(lead, Outcome.CONNECTED, NEXT_YEAR),
    "does not answer": lambda firm, lead: firm.calls(lead, Outcome.NO_ANSWER),
    "is not to be called": lambda firm, lead: firm.calls(lead, Outcome.DO_NOT_CONTACT),
    "is accepted": lambda firm, lead: firm.does(ownership.accept, lead, by="yuki"),
    "is confirmed": lambda firm, lead: firm.does(ownership.confirm, lead, reason="met them", by="yuki"),
    "is handed back": lambda firm, lead: firm.does(ownership.hand_back, lead, reason="too small", by="yuki"),
    "is nurtured": lambda firm, lead: firm.does(ownership.hand_back, lead, reason="later", to_nurture=True, by="yuki"),
    "stays quiet": lambda firm, lead: firm.does(_quiet, lead),
    "is judged": lambda firm, lead: firm.does(leads.reassess, lead),
    "opts out": lambda firm, lead: firm.does(leads.opt_out, lead, words="stop", by="prospect"),
}


def _quiet(tx, lead):  # type: ignore[no-untyped-def]  # a verb of this table like the others
    silence.watch_for_silence(tx, lead)
    silence.lead_stayed_quiet(tx, tx.get(Timer, (lead.id, silence.QUIET_TIMER)))


@settings(max_examples=20)
@given(st.lists(st.sampled_from(sorted(VERBS)), max_size=12))
def test_no_sequence_of_verbs_makes_a_move_off_the_table(store: Store, clock: Clock, verbs: list[str]) -> None:
    firm = Business(store, clock)
    lead = firm.has_lead()
    for verb in verbs:
        clock.advance(minutes=7)
        try:
            VERBS[verb](firm, lead)
        except (MoveNotAllowed, ReasonMissing, leads.ContactForbidden):
            continue

    moves = [(row.data["before"], row.data["after"]) for row in firm.history(lead, "stage_moved")]
    assert set(moves) <= LADDER_AS_DECIDED
    stops = [after for _, after in moves]
    assert ["LEAD", *stops][:-1] == [before for before, _ in moves], "each move begins where the last one ended"
    assert firm.lead(lead).stage == (stops[-1] if stops else "LEAD")


def test_every_move_says_its_rule_its_policy_who_and_when(firm: Business) -> None:
    lead = firm.qualified_lead()

    moved = firm.history(lead, "stage_moved")[0]

    assert (moved.data["before"], moved.data["after"]) == ("LEAD", "TQL")
    assert moved.data["rule"] == "tql_need_confirmed"
    assert moved.data["policy"] == shipped_policy().version
    assert moved.data["evidence"] == ["chat_talk", "need"]
    assert (moved.by, moved.at) == ("policy", firm.clock.now)


def test_a_buyer_goes_from_awareness_over_interest_and_comparison_to_purchase() -> None:
    """M7."""
    way = [phase_of(Stage.LEAD, is_cold=True), *(phase_of(stage, is_cold=False) for stage in LADDER)]
    assert list(dict.fromkeys(way)) == list(Phase)
    assert phase_of(Stage.NURTURE, is_cold=True) is Phase.AWARENESS
    assert phase_of(Stage.DISQUALIFIED, is_cold=False) is None


def test_what_sales_is_offered_stands_just_before_the_purchase() -> None:
    """M8: the hand-over is the step from comparison to purchase."""
    assert phase_of(Stage.TQL, is_cold=False) is Phase.COMPARISON
    assert phase_of(Stage.SAL, is_cold=False) is Phase.PURCHASE
