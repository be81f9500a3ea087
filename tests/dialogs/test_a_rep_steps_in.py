"""A rep in the talk: what they write on its way to the prospect, who waits for whom, and what the card says of it."""

import pytest

from dialogs import lines, live
from dialogs.records import RepLine
from dialogs.turn import chat_of
from dialogs.waiting import UNANSWERED, waited_long
from qualification.events import Event, LineTooLate, ProspectReplied, ProspectWaits, kind_of
from qualification.look import Rows
from qualification.notices import MIRROR
from qualification.records import History, Outbound, Timer
from qualification.store import Store, Transaction
from tests.clock import Clock
from tests.dialogs.chatting import Prospect


@pytest.fixture
def prospect(store: Store) -> Prospect:
    prospect = Prospect(store)
    prospect.opens_chat()
    prospect.says("手作業が多くて困っています")
    return prospect


@pytest.fixture
def in_talk(prospect: Prospect) -> Prospect:
    """A rep talks with them."""
    prospect.rep_takes_over()
    return prospect


def the_line(prospect: Prospect) -> RepLine:
    chat_id = prospect.chat.id
    (line,) = prospect.store.run_here(lambda tx: tx.find(RepLine, "chat_id", chat_id))
    return line


def edits(prospect: Prospect, text: str) -> None:
    """The rep changes the line they wrote last into this."""
    row = the_line(prospect)
    line = lines.Line(key=row.key, mark=row.mark, text=text)
    prospect.store.run_here(lambda tx: lines.change(tx, chat_of(tx, prospect.token), line, by="yuki"))


def told(prospect: Prospect, event: type[Event]) -> int:
    """How often the history of their record tells this."""
    lead_id = prospect.lead.id
    rows = prospect.store.run_here(lambda tx: tx.find(History, "lead_id", lead_id))
    return sum(row.kind == kind_of(event) for row in rows)


def wanted(prospect: Prospect) -> bool:
    """Whether the card says that they wait for a person."""
    store, lead_id = prospect.store, prospect.lead.id

    def look(tx: Rows) -> live.ChatView | None:
        return live.chat_view(tx, lead_id, policy=store.policy, now=store.clock())

    view = store.run_here(look)
    return view is not None and view.wanted


def test_a_line_of_blanks_is_no_line(in_talk: Prospect) -> None:
    in_talk.rep_writes(" \n ")
    assert in_talk.chat.held == 0


def test_of_a_remark_for_colleagues_they_see_nothing_not_even_that_somebody_writes(in_talk: Prospect) -> None:
    in_talk.rep_writes(f"{in_talk.store.policy.live.internal_prefix} 支払いが遅いらしい")
    assert (the_line(in_talk).status, in_talk.chat.held) == ("internal", 0)
    assert in_talk.says("はい").typing is False


def test_what_was_answered_while_the_rep_was_there_is_not_answered_once_more_later(
    in_talk: Prospect, clock: Clock
) -> None:
    in_talk.rep_hands_back()
    in_talk.says_everything()
    in_talk.rep_takes_over()
    in_talk.rep_writes("ご覧になれましたか")
    clock.advance(seconds=in_talk.store.policy.live.hold_seconds)
    in_talk.window_passes()
    in_talk.says("はい")
    in_talk.rep_hands_back()
    in_talk.says("ありがとうございます")
    assert told(in_talk, ProspectReplied) == 0


def test_the_first_word_after_a_rep_has_left_answers_their_line(in_talk: Prospect, clock: Clock) -> None:
    in_talk.rep_hands_back()
    in_talk.says_everything()
    in_talk.rep_takes_over()
    in_talk.rep_writes("ご覧になれましたか")
    in_talk.rep_hands_back()
    for text in ("はい", "ありがとうございます"):
        in_talk.says(text)
    assert told(in_talk, ProspectReplied) == 1


def test_they_see_who_talks_and_that_a_line_is_coming(in_talk: Prospect) -> None:
    in_talk.rep_writes("こんにちは")
    reply = in_talk.says("はい")
    assert (reply.person, reply.typing) == ("山田 由紀", True)

    in_talk.window_passes()
    assert in_talk.says("どうも").typing is True  # its seconds are not over yet


def test_nothing_is_coming_any_more_once_it_has_come(in_talk: Prospect, clock: Clock) -> None:
    in_talk.rep_writes("こんにちは")
    clock.advance(seconds=in_talk.store.policy.live.hold_seconds)
    in_talk.window_passes()
    assert in_talk.says("はい").typing is False

    in_talk.rep_hands_back()
    assert in_talk.says("3か月以内").person is None


def test_what_was_sent_does_not_become_a_remark_for_colleagues(in_talk: Prospect, clock: Clock) -> None:
    in_talk.rep_writes("こんにちは")
    clock.advance(seconds=in_talk.store.policy.live.hold_seconds)
    in_talk.window_passes()
    edits(in_talk, f"{in_talk.store.policy.live.internal_prefix} あとで")
    assert (the_line(in_talk).status, in_talk.chat.held) == ("sent", 0)
    assert told(in_talk, LineTooLate) == 1


def test_a_recalled_line_stays_recalled_whatever_becomes_of_its_words(in_talk: Prospect) -> None:
    in_talk.rep_writes("こんにちは")
    edits(in_talk, "")
    edits(in_talk, "やはり")
    assert (the_line(in_talk).status, the_line(in_talk).text, in_talk.chat.held) == ("recalled", "こんにちは", 0)
    assert told(in_talk, LineTooLate) == 0


def test_the_card_says_that_they_wait_until_somebody_comes(prospect: Prospect) -> None:
    assert not wanted(prospect)
    prospect.says("担当者と話したいです")
    assert wanted(prospect)
    prospect.rep_takes_over()
    assert not wanted(prospect)


def test_the_card_no_longer_says_so_when_they_have_left(prospect: Prospect, clock: Clock) -> None:
    prospect.says("担当者と話したいです")
    clock.advance(minutes=prospect.store.policy.silence.interview_minutes, seconds=1)
    assert not wanted(prospect)


def test_a_rep_whom_nobody_asked_for_has_the_talk_so_far_in_the_thread(in_talk: Prospect) -> None:
    lead_id = in_talk.lead.id
    (post,) = [
        row for row in in_talk.store.run_here(lambda tx: tx.find(Outbound, "lead_id", lead_id)) if row.kind == MIRROR
    ]
    assert (post.payload["first"], post.payload["whose"]) == (1, "everybody")


def waits_for_an_answer(prospect: Prospect) -> bool:
    """Time passes until the rep would be rung; whether they were."""
    before = told(prospect, ProspectWaits)

    def work(tx: Transaction) -> None:
        for timer in tx.find(Timer, "subject_id", chat_of(tx, prospect.token).id):
            if timer.kind == UNANSWERED and timer.status == "waiting" and timer.due_at <= tx.now:
                waited_long(tx, timer)

    prospect.store.run_here(work)
    return told(prospect, ProspectWaits) > before


def test_every_word_that_waits_too_long_rings_the_rep(in_talk: Prospect, clock: Clock) -> None:
    minutes = in_talk.store.policy.live.answer_minutes
    in_talk.says("いくらですか")
    clock.advance(minutes=minutes - 1)
    assert not waits_for_an_answer(in_talk)
    in_talk.says("もしもし")  # the first of them counts
    clock.advance(minutes=1)
    assert waits_for_an_answer(in_talk)

    in_talk.rep_writes("お待たせしました")
    clock.advance(minutes=1)
    in_talk.window_passes()
    in_talk.says("はい")
    clock.advance(minutes=minutes - 1)
    assert not waits_for_an_answer(in_talk)
    clock.advance(minutes=1)
    assert waits_for_an_answer(in_talk)


def test_nobody_is_rung_who_has_answered_or_left(in_talk: Prospect, clock: Clock) -> None:
    in_talk.says("いくらですか")
    in_talk.rep_writes("300万円です")
    clock.advance(minutes=1)
    in_talk.window_passes()
    clock.advance(hours=1)
    assert not waits_for_an_answer(in_talk)

    in_talk.says("わかりました")
    in_talk.rep_hands_back()
    clock.advance(hours=1)
    assert not waits_for_an_answer(in_talk)


def test_who_went_on_alone_and_finished_is_not_asked_anew_after_a_rep(prospect: Prospect, clock: Clock) -> None:
    """The talk that a person was once asked for in is over all the same."""
    clock.advance(hours=12)
    prospect.says("担当者と話したいです")
    prospect.chooses("go_on")
    prospect.says_everything()
    assert prospect.chat.state == "completed"
    prospect.rep_takes_over()
    assert prospect.rep_hands_back() == ["bot_is_back"]
    assert prospect.chat.state == "completed"
