"""What a prospect can still do when the questions are over, and what is said of it."""

from collections.abc import Callable

import pytest

from bot.person import erase_talk
from qualification.behaviour import CHAT_TALK
from qualification.calls import Outcome
from qualification.consent import Purpose
from qualification.events import InterviewClosed, kind_of
from qualification.records import Activity, Consent, History, Outbound
from qualification.store import Store
from tests.business import Business
from tests.clock import Clock
from tests.dialogs.chatting import Prospect


@pytest.fixture
def prospect(store: Store) -> Prospect:
    """Has told everything, and agreed to it."""
    prospect = Prospect(store, tracks=True)
    prospect.opens_chat()
    prospect.says_everything()
    return prospect


def test_who_may_not_be_noted_hears_that_they_are_not(prospect: Prospect) -> None:
    prospect.chooses("sooner")
    assert prospect.bot_said[-1] == "may_we_note_pages"
    assert prospect.chooses("may_not_note").tracking is False
    assert (prospect.bot_said, prospect.offered) == (["not_noting_pages"], ["mail_copy", "correct"])
    lead_id = prospect.lead.id
    decided = prospect.store.run_here(lambda tx: tx.find(Consent, "lead_id", lead_id))
    assert [row.agreed for row in decided if row.purpose == Purpose.TRACKING] == [False]


def test_the_same_choice_about_their_pages_again_is_no_new_decision(prospect: Prospect) -> None:
    for _ in range(2):
        prospect.chooses("may_note")
    lead_id = prospect.lead.id
    decided = prospect.store.run_here(lambda tx: tx.find(Consent, "lead_id", lead_id))
    assert [row.agreed for row in decided if row.purpose == Purpose.TRACKING] == [True]


def test_nobody_was_to_call_who_left_no_address(store: Store) -> None:
    prospect = Prospect(store)
    prospect.opens_chat()
    prospect.says("手作業が多くて困っています")
    while prospect.chat.state == "asking":
        prospect.chooses("skip")
    prospect.chooses("confirm")
    prospect.chooses("nobody_called")
    assert prospect.bot_said == ["at_your_service"]


def test_who_cannot_be_called_is_not_told_what_to_do_when_nobody_calls(store: Store) -> None:
    prospect = Prospect(store)
    prospect.opens_chat()
    reply = prospect.says("担当者と話したいです")
    coming = next(message for message in reply.messages if message.prompt == "person_is_coming")
    assert "receipt" not in (coming.facts or {})


def test_who_told_nothing_may_only_end_it(store: Store) -> None:
    prospect = Prospect(store)
    prospect.opens_chat()
    while prospect.chat.state == "asking":
        prospect.chooses("skip")
    assert prospect.offered == ["confirm"]
    prospect.chooses("confirm")
    assert prospect.offered == []


def test_once_somebody_has_called_no_hour_is_promised_any_more(prospect: Prospect, firm: Business) -> None:
    firm.calls(prospect.lead.id, Outcome.CONNECTED)
    prospect.chooses("sooner")
    assert prospect.bot_said[0] == "sooner_not_needed"
    prospect.chooses("may_note")
    assert prospect.offered == ["mail_copy", "correct"]
    prospect.chooses("mail_copy")
    assert (mails(prospect)[0].payload["due_at"], mails(prospect)[0].payload["receipt"]) == (None, None)


def mails(prospect: Prospect) -> list[Outbound]:
    lead_id = prospect.lead.id
    rows = prospect.store.run_here(lambda tx: tx.find(Outbound, "lead_id", lead_id))
    return [row for row in rows if row.kind == "receipt_mail"]


def test_one_address_gets_three_copies_a_day_whatever_is_corrected(prospect: Prospect, clock: Clock) -> None:
    for million in range(4, 9):
        prospect.chooses("mail_copy")
        prospect.says(f"予算は{million}00万円でした")
    assert len(mails(prospect)) == 3
    prospect.chooses("mail_copy")
    assert prospect.bot_said[0] == "receipt_mailed_before"

    clock.advance(days=1)
    prospect.chooses("mail_copy")
    assert len(mails(prospect)) == 4


def who_told_everything(store: Store, token: str) -> Prospect:
    prospect = Prospect(store, token=token)
    prospect.opens_chat()
    prospect.says_everything()
    return prospect


def names_another_address(prospect: Prospect) -> None:
    prospect.says("メールは elsewhere@example.com です")
    assert prospect.lead.email == "elsewhere@example.com"


def deletes_the_talk(prospect: Prospect) -> None:
    prospect.store.run_here(lambda tx: erase_talk(tx, prospect.token))


@pytest.mark.parametrize("then", [names_another_address, deletes_the_talk])
def test_one_address_gets_three_copies_a_day_whatever_is_done_with_the_talk_that_asked(
    store: Store, then: Callable[[Prospect], None]
) -> None:
    heard = []
    for number in range(5):
        prospect = who_told_everything(store, f"token{number}")
        prospect.chooses("mail_copy")
        heard.append(prospect.bot_said[0])
        then(prospect)
    assert heard == ["receipt_mailed"] * 3 + ["receipt_mailed_before"] * 2


def test_the_same_copy_is_not_offered_twice_and_a_corrected_one_is(prospect: Prospect) -> None:
    prospect.chooses("may_note")
    prospect.chooses("mail_copy")
    assert "mail_copy" not in prospect.offered
    prospect.says("予算は500万円でした")
    assert "mail_copy" in prospect.offered


def test_who_stops_gets_no_points_for_the_talk(store: Store) -> None:
    prospect = Prospect(store)
    prospect.opens_chat()
    prospect.says("手作業が多くて困っています。3か月以内に")
    prospect.says("やめます")
    lead_id = prospect.lead.id
    done = prospect.store.run_here(lambda tx: tx.find(Activity, "lead_id", lead_id))
    assert [row.kind for row in done if row.kind == CHAT_TALK] == []


def closings(prospect: Prospect) -> int:
    lead_id = prospect.lead.id
    told = prospect.store.run_here(lambda tx: tx.find(History, "lead_id", lead_id))
    return sum(row.kind == kind_of(InterviewClosed) for row in told)


def test_an_interview_ends_once_though_they_tell_a_rep_afterwards_that_they_are_done(prospect: Prospect) -> None:
    assert closings(prospect) == 1
    prospect.rep_takes_over()
    prospect.says("もう結構です")
    prospect.rep_hands_back()
    assert closings(prospect) == 1
