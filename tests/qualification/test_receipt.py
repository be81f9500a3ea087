""" "Nobody called me": the clock starts anew, the managers hear it, and a second press changes nothing (N3)."""

import pytest

from qualification import leads
from qualification.calls import Outcome
from qualification.receipt import Heard, ReceiptUnknown, nobody_called, receipt_of, sooner_please
from qualification.stages import Stage
from tests.business import Business
from tests.qualification.databases import on_both_databases


def token_of(firm: Business, lead: str) -> str:
    return firm.does(receipt_of, lead)


def says_so(firm: Business, token: str) -> Heard:
    return firm.store.run_here(lambda tx: nobody_called(tx, token))


@on_both_databases
def test_a_contact_the_prospect_denies_starts_the_clock_anew(firm: Business) -> None:
    lead = firm.qualified_lead()
    firm.calls(lead, Outcome.NO_ANSWER)
    firm.clock.advance(hours=2)

    assert says_so(firm, token_of(firm, lead)) is Heard.CLOCK_STARTED
    clock = firm.clock_of(lead)
    assert clock is not None
    assert (clock.generation, clock.status, clock.started_at) == (2, "open", firm.clock.now)
    (said,) = firm.history(lead, "nobody_called")
    assert (said.by, said.data["evidence"], said.data["stopped_by"]) == ("prospect", "call", "yuki")
    assert [row.payload["event"] for row in firm.said("alarm")] == ["nobody_called"]


def test_pressed_again_it_says_nothing_more(firm: Business) -> None:
    lead = firm.qualified_lead()
    firm.calls(lead, Outcome.NO_ANSWER)
    token = token_of(firm, lead)

    assert [says_so(firm, token) for _ in range(3)] == [Heard.CLOCK_STARTED, *[Heard.KNOWN_ALREADY] * 2]
    assert len(firm.history(lead, "nobody_called")) == 1
    firm.calls(lead, Outcome.NO_ANSWER)
    assert says_so(firm, token) is Heard.CLOCK_STARTED, "after the next contact it can be said again"


def test_while_the_clock_runs_the_managers_hear_it_and_the_clock_stays(firm: Business) -> None:
    lead = firm.qualified_lead()
    due = getattr(firm.clock_of(lead), "due_at", None)
    firm.clock.advance(hours=4)
    token = token_of(firm, lead)

    assert [says_so(firm, token), says_so(firm, token)] == [Heard.TOLD, Heard.KNOWN_ALREADY]
    clock = firm.clock_of(lead)
    assert clock is not None
    assert (clock.generation, clock.due_at) == (1, due)
    assert len(firm.said("alarm")) == 1


def test_sooner_please_is_heard_once_while_one_clock_runs(firm: Business) -> None:
    lead = firm.qualified_lead()
    token = token_of(firm, lead)
    heard = [firm.store.run_here(lambda tx: sooner_please(tx, token)) for _ in range(2)]

    assert heard == [Heard.TOLD, Heard.KNOWN_ALREADY]
    assert len(firm.history(lead, "sooner_wanted")) == 1


def test_who_asked_to_be_left_alone_is_left_alone(firm: Business) -> None:
    lead = firm.qualified_lead()
    token = token_of(firm, lead)
    firm.does(leads.opt_out, lead, words="stop", by="prospect")

    assert says_so(firm, token) is Heard.LEFT_ALONE
    assert firm.history(lead, "nobody_called") == []


def test_a_lead_in_nurture_is_called_all_the_same(firm: Business) -> None:
    lead = firm.qualified_lead()
    firm.does(leads.put_aside, lead, Stage.NURTURE, rule="silence", by="clock")

    assert says_so(firm, token_of(firm, lead)) is Heard.CLOCK_STARTED


def test_a_token_belongs_to_one_lead_and_cannot_be_guessed(firm: Business) -> None:
    one, other = firm.qualified_lead(), firm.qualified_lead()

    assert token_of(firm, one) == token_of(firm, one) != token_of(firm, other)
    assert len(token_of(firm, one)) >= 32
    assert one not in token_of(firm, one)
    with pytest.raises(ReceiptUnknown):
        says_so(firm, one)


@on_both_databases
@pytest.mark.parametrize("made_up", ["x" * 32, "\x00", "\udc80" * 32])
def test_a_link_somebody_made_up_is_nobodys_and_no_trouble_for_the_database(firm: Business, made_up: str) -> None:
    with pytest.raises(ReceiptUnknown):
        says_so(firm, made_up)
