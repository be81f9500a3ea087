"""A talk in which nobody says anything: when it rests, when it goes on, and what is left of it once it is erased."""

from datetime import timedelta

import pytest

from dialogs.erasure import erase_chats_of
from dialogs.kept_talk import SILENCE_TIMER
from dialogs.records import Chat, RepLine, Turn
from qualification import leads
from qualification.activities import Seen
from qualification.records import FollowUp, Lead, Timer
from qualification.store import Store, Transaction
from tests.clock import Clock
from tests.dialogs.chatting import Prospect, talk


@pytest.fixture
def prospect(store: Store) -> Prospect:
    prospect = Prospect(store)
    prospect.opens_chat()
    prospect.says("手作業が多くて困っています")
    return prospect


@pytest.fixture
def patience(store: Store) -> int:
    """How many minutes of silence make an abandoned talk."""
    return store.policy.silence.interview_minutes


def waits(prospect: Prospect) -> bool:
    """Whether anything is still to be done about their silence."""
    return silence(prospect).status == "waiting"


def silence(prospect: Prospect) -> Timer:
    chat_id = prospect.chat.id
    timers = prospect.store.run_here(lambda tx: tx.find(Timer, "subject_id", chat_id))
    return next(timer for timer in timers if timer.kind == SILENCE_TIMER)


def test_who_said_something_meanwhile_is_not_silent(prospect: Prospect, clock: Clock, patience: int) -> None:
    clock.advance(minutes=patience - 1)
    prospect.says("3か月以内")
    clock.advance(minutes=2)
    prospect.time_passes()
    assert prospect.chat.state == "asking"

    clock.advance(minutes=patience)
    prospect.time_passes()
    assert prospect.chat.state == "abandoned"


def test_who_comes_back_and_falls_silent_again_is_left_again(prospect: Prospect, clock: Clock, patience: int) -> None:
    clock.advance(minutes=patience)
    prospect.time_passes()
    assert not waits(prospect)
    clock.advance(days=3)
    prospect.says("3か月以内")
    assert (prospect.chat.state, waits(prospect)) == ("asking", True)
    assert silence(prospect).due_at == clock() + timedelta(minutes=patience)

    clock.advance(minutes=patience - 1)
    prospect.time_passes()
    assert prospect.chat.state == "asking"
    clock.advance(minutes=1)
    prospect.time_passes()
    assert (prospect.chat.state, waits(prospect)) == ("abandoned", False)


@pytest.mark.parametrize("said", ["やめます", "担当者と話したいです"])
def test_once_the_questions_are_over_nobody_waits_for_an_answer(prospect: Prospect, clock: Clock, said: str) -> None:
    assert (waits(prospect), silence(prospect).settled_at) == (True, None)
    prospect.says(said)
    assert (waits(prospect), silence(prospect).settled_at) == (False, clock())


def test_a_person_who_leaves_them_to_the_bot_leaves_them_to_its_patience(prospect: Prospect) -> None:
    prospect.rep_takes_over()
    assert not waits(prospect)
    prospect.rep_hands_back()
    assert waits(prospect)


def test_of_an_erased_talk_nothing_is_left_and_nothing_waits(prospect: Prospect, store: Store) -> None:
    prospect.rep_takes_over()
    prospect.says("はい")
    prospect.rep_writes("こんにちは")
    chat, lead_id = prospect.chat, prospect.lead.id
    (line,) = store.run_here(lambda tx: tx.find(RepLine, "chat_id", chat.id))

    assert store.run_here(lambda tx: erase_chats_of(tx, lead_id)) == 1
    left = store.run_here(lambda tx: [*tx.find(RepLine, "chat_id", chat.id), *tx.find(Turn, "chat_id", chat.id)])
    assert left == []
    timers = store.run_here(lambda tx: [*tx.find(Timer, "subject_id", chat.id), *tx.find(Timer, "subject_id", line.id)])
    assert [timer.status for timer in timers if timer.status == "waiting"] == []
    assert store.run_here(lambda tx: tx.find(Chat, "id", chat.id)) == []


def test_whom_we_owe_the_call_after_a_document_stays_owed_it_when_their_chat_falls_silent(
    store: Store, clock: Clock, patience: int
) -> None:
    """D14."""
    prospect = talk(store, "ja", "答えたくありません", "山田太郎 taro@asahi.example です")
    lead_id = prospect.lead.id

    def requested(tx: Transaction) -> None:
        leads.see_activity(tx, tx.get(Lead, lead_id), Seen(source="site", id="1", kind="document_requested"))

    prospect.store.run_here(requested)
    clock.advance(minutes=patience)
    prospect.time_passes()

    clocks = prospect.store.run_here(lambda tx: tx.find(FollowUp, "lead_id", lead_id))
    assert [(one.rule, one.status) for one in clocks] == [("document_call", "open")]
    assert (prospect.chat.state, prospect.lead.stage) == ("abandoned", "LEAD")
