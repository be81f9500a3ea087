"""One message in, one reply out: repeats, limits, and a playbook that changes while people talk."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from dialogs.playbook import read_playbook, shipped_playbook
from dialogs.records import Chat, PlaybookText
from dialogs.turn import MOST_MESSAGES, ChatIsFull, ChatNotFound, Reply, TooLong, chat_of
from qualification.dossier import dossier_of
from qualification.leads import reassess, record_activity
from qualification.records import Lead
from qualification.store import Store, Transaction
from tests.clock import Clock
from tests.dialogs.chatting import Prospect
from tests.qualification.databases import make_room, on_both_databases, trips_counted, watching


@pytest.fixture
def prospect(store: Store) -> Prospect:
    prospect = Prospect(store)
    prospect.opens_chat()
    return prospect


def test_the_same_message_twenty_times_at_once_is_recorded_once(prospect: Prospect) -> None:
    with ThreadPoolExecutor(20) as crowd:
        replies = list(crowd.map(lambda _: prospect.says("手作業が多くて困っています", message_id="one"), range(20)))

    assert {reply.messages[0].seq for reply in replies} == {replies[0].messages[0].seq}
    assert {reply.question for reply in replies} == {"timeframe"}
    assert len(prospect.known.stated) == 1


@on_both_databases
def test_a_turn_takes_one_round_of_statements_and_each_by_an_index(prospect: Prospect, store: Store) -> None:
    make_room(store)
    with watching(store) as asked:
        for text in (
            "手作業が多くて困っています",
            "来月までに300万円で",
            "山田太郎 yamada@asahi.example",
            "担当者と話したい",
        ):
            asked.clear()
            prospect.says(text)
            read = [one.statement.split(" FROM ")[1].split()[0] for one in asked if " FROM " in one.statement]
            # a card and a line are looked for by their own keys, and a rule once in the life of a process
            facts = [table for table in read if table not in ("outbox", "kept_rule")]
            assert facts == list(dict.fromkeys(facts)), text
            assert [one for one in asked if one.reads_all] == [], text


@on_both_databases
def test_a_turn_goes_to_postgres_three_times_the_last_one_too(prospect: Prospect, store: Store, tmp_path: Path) -> None:
    """What follows from the row of the chat is asked for at once, however many statements that is."""
    if store.engine.dialect.name != "postgresql":
        pytest.skip("a file is no trip away")
    earlier = Prospect(store, token="a-token-of-somebody-else")
    earlier.opens_chat()
    earlier.says_everything()
    prospect.says("転記が大変です。3か月以内に、予算は300万円、私が決裁者です")
    prospect.says("株式会社あさひ")
    with trips_counted(store, tmp_path / "trips") as trips:
        assert prospect.says("山田花子 a@example.jp").state == "confirming"
        assert trips() == 3
        assert prospect.chooses("confirm").state == "completed"
        assert trips() == 6


def test_words_after_the_end_read_what_a_turn_reads_and_not_the_history(prospect: Prospect, store: Store) -> None:
    prospect.says_everything()
    with watching(store) as asked:
        for state, text in (
            ("completed", "ありがとうございます"),
            ("completed", "資料もお願いします"),
            ("completed", "予算は500万円でした"),
            ("handed_over", "電話は午後にお願いします"),
            ("handed_over", "以上です"),
            ("handed_over", "よろしくお願いします"),
        ):
            before = len(asked)
            assert prospect.says(text).state == state, text
            read = [one.statement.split(" FROM ")[1].split()[0] for one in asked[before:] if " FROM " in one.statement]
            assert set(read) <= {"chat", "lead", "answer", "follow_up", "outbox", "activity"}, text
            assert len(read) == len(set(read)), text


def test_a_word_without_a_fact_is_judged_only_when_time_has_passed(prospect: Prospect, clock: Clock) -> None:
    prospect.says_everything()
    lead_id = prospect.lead.id
    prospect.store.run_here(lambda tx: setattr(tx.get(Lead, lead_id), "score", 1))
    prospect.says("ありがとうございます")
    assert prospect.lead.score == 1

    clock.advance(hours=2)
    prospect.says("ありがとうございました")
    assert prospect.lead.score > 1


def test_who_falls_silent_without_a_name_is_judged_by_what_they_said(prospect: Prospect, clock: Clock) -> None:
    prospect.says("手作業が多くて困っています")
    prospect.says("来月までに")
    clock.advance(hours=2)
    prospect.time_passes()

    lead = prospect.lead
    assert (prospect.chat.state, lead.stage) == ("abandoned", "NURTURE")
    assert (lead.temperature, lead.score) == ("warm", 15)


def test_a_message_too_long_leaves_nothing_and_its_id_may_be_used_again(prospect: Prospect) -> None:
    before = prospect.chat.seq
    with pytest.raises(TooLong):
        prospect.says("あ" * 4_001, message_id="m")

    assert prospect.chat.seq == before
    assert prospect.says("手作業が多くて困っています", message_id="m").question == "timeframe"


def test_nobody_speaks_without_the_token(store: Store) -> None:
    with pytest.raises(ChatNotFound):
        Prospect(store, token="somebody else's").says("hello")


def test_opening_the_chat_makes_no_lead_and_the_first_word_does(prospect: Prospect) -> None:
    assert prospect.chat.lead_id is None

    prospect.says("手作業が多くて困っています")

    assert prospect.lead.stage == "LEAD"
    assert prospect.lead.channel is None, "nothing below a qualified stage reaches Slack (M86)"


def test_a_running_talk_stays_on_the_playbook_it_began_with(prospect: Prospect, store: Store) -> None:
    older = shipped_playbook().text.replace('key = "by_when"', 'key = "since_when"')
    version = read_playbook(older).version

    def begin_on_the_older_text(tx: Transaction) -> None:
        tx.add(PlaybookText(version=version, name="standard", text=older, at=tx.now))
        chat_of(tx, prospect.token).playbook = version

    store.run_here(begin_on_the_older_text)
    prospect.says("手作業が多くて困っています")

    assert prospect.chat.question == "since_when"
    assert prospect.bot_said[-1] == "since_when"


def test_an_unsure_reading_is_confirmed_before_it_counts(prospect: Prospect) -> None:
    prospect.says("手作業が多くて困っています")
    prospect.chooses("within_3_months")
    prospect.chooses("i_decide")
    prospect.says("500くらい")
    if prospect.bot_said == ["did_i_get_it"]:
        assert prospect.known.budget is None
        prospect.chooses("yes")

    assert prospect.known.budget is not None
    assert prospect.known.budget.maximum == 5_000_000


def test_the_history_tells_the_talk_in_order(prospect: Prospect, store: Store) -> None:
    prospect.says("手作業が多くて困っています")
    prospect.says("担当者と話したいです")

    lead_id = prospect.lead.id
    told = store.run_here(lambda tx: dossier_of(tx, lead_id, policy=tx.policy, now=tx.now)).history
    assert [line.kind for line in told][:2] == ["lead_captured", "answer_given"]
    assert told[1].facts["words"] == "手作業が多くて困っています"
    assert {"person_wanted", "follow_up_opened"} < {line.kind for line in told}


def test_who_is_worth_a_call_is_not_put_aside_for_falling_silent_in_the_chat(prospect: Prospect, clock: Clock) -> None:
    prospect.says("手作業が多くて困っています")
    lead_id = prospect.lead.id

    def asks_for_a_demo_too(tx: Transaction) -> None:
        lead = tx.get(Lead, lead_id)
        for kind in ("document_requested", "demo_requested", "seminar_attended"):
            record_activity(tx, lead, kind, key=f"{kind}:{lead_id}")
        reassess(tx, lead)

    prospect.store.run_here(asks_for_a_demo_too)
    assert prospect.lead.stage == "MQL"
    clock.advance(hours=2)
    prospect.time_passes()
    assert (prospect.chat.state, prospect.lead.stage) == ("abandoned", "MQL")


def test_the_history_says_that_they_stopped_the_talk(prospect: Prospect, store: Store) -> None:
    prospect.says("手作業が多くて困っています")
    prospect.says("終了")
    lead_id = prospect.lead.id
    told = store.run_here(lambda tx: dossier_of(tx, lead_id, policy=tx.policy, now=tx.now)).history
    assert "declined" in [line.facts.get("state") for line in told if line.kind == "interview_closed"]


def test_who_said_the_cfo_approves_and_then_names_another_is_taken_at_their_word(store: Store) -> None:
    prospect = Prospect(store, language="en")
    prospect.opens_chat()
    prospect.says("we lose leads, in two months, my CFO approves it")
    prospect.says("actually I'm the owner")
    assert prospect.known.authority is not None
    assert prospect.known.authority.role == "decision_maker"


@pytest.mark.parametrize("said", ["3か月以内", "担当者と話したいです", "やめます", "いくらですか", "どちらとも"])
def test_a_message_that_comes_again_gets_the_same_answer(prospect: Prospect, said: str) -> None:
    def answer(reply: Reply) -> object:
        return (
            [(one.seq, one.prompt, one.facts or {}, one.choices) for one in reply.messages],
            reply.state,
            reply.question,
        )

    first = answer(prospect.says(said, message_id="one"))
    assert answer(prospect.says(said, message_id="one")) == first


def test_words_after_the_number_was_asked_for_come_again_with_that_question_open(prospect: Prospect) -> None:
    prospect.says("担当者と話したいです")
    assert prospect.says("午後に", message_id="one").question == "contact"
    assert prospect.says("午後に", message_id="one").question == "contact"


def test_a_talk_takes_four_hundred_messages_and_then_says_that_it_is_full(prospect: Prospect, store: Store) -> None:
    def talked_on(messages: int) -> None:
        chat_id = prospect.chat.id
        store.run_here(lambda tx: setattr(tx.get(Chat, chat_id), "seq", messages))

    talked_on(MOST_MESSAGES - 1)
    prospect.says("3か月以内")
    talked_on(MOST_MESSAGES)
    with pytest.raises(ChatIsFull):
        prospect.says("私が決めます")


def test_what_they_say_has_the_time_at_which_it_came(prospect: Prospect, clock: Clock) -> None:
    assert [message.at for message in prospect.says("3か月以内").messages] == [clock()] * 3
