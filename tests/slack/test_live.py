"""A rep takes the chat over in the lead's thread: what reaches the prospect, what never does, and the way back."""

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.sandbox.driver import all_words
from bot.sandbox.events import message_event
from bot.sandbox.records import Message
from bot.slack.live import overheard
from bot.slack.spoken import as_plain_words
from dialogs.messages import Message as ChatMessage
from dialogs.messages import messages_of
from dialogs.records import Chat, RepLine, Turn
from dialogs.turn import LONGEST_TEXT
from qualification import leads
from qualification.dossier import Look
from qualification.records import Lead
from tests.desk import KEN, LEADS, YUKI, Bench
from tests.dialogs.chatting import Prospect

TAKE_OVER, BACK = "チャットを引き継ぐ", "ボットに戻す"


class Visit:
    """A prospect in the chat, beside the desk."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.prospect = Prospect(bench.services.store)
        self.prospect.opens_chat()

    async def says(self, *texts: str) -> None:
        for text in texts:
            self.prospect.says(text)
        await self.bench.settle()

    async def wants_a_person(self) -> Message:
        """The lead's card, on which a button now offers to take over."""
        await self.says("手作業が多くて困っています", "担当の方と直接お話しできますか")
        return self.card

    @property
    def card(self) -> Message:
        return self.bench.card(self.prospect.lead.id)

    @property
    def messages(self) -> list[ChatMessage]:
        chat_id = self.prospect.chat.id
        turns = self.bench.services.store.read(lambda session: Look(session).find(Turn, "chat_id", chat_id))
        return list(messages_of(turns, None))

    @property
    def heard(self) -> list[tuple[str, str]]:
        """What the prospect's side shows: who, and the words, or the prompt of the bot."""
        return [(message.sender, message.text or message.prompt or "") for message in self.messages]

    @property
    def from_the_rep(self) -> list[str]:
        return [words for sender, words in self.heard if sender == "rep"]

    def thread(self) -> list[str]:
        return [all_words(message.blocks) or message.text for message in self.bench.thread(self.prospect.lead.id)]

    async def settles(self) -> None:
        """What people did in Slack has been heard, and all that follows has happened."""
        await self.bench.server.settled()
        await self.bench.settle()

    async def window_passes(self) -> None:
        self.bench.clock.advance(seconds=5)
        await self.settles()


@pytest.fixture
async def visit(bench: Bench) -> Visit:
    return Visit(bench)


async def taken_over(visit: Visit, by: str = "yuki") -> Any:
    card = await visit.wants_a_person()
    rep = visit.bench.person(by)
    await rep.clicks(TAKE_OVER, on=card)
    await visit.settles()
    return rep


async def test_the_thread_has_the_talk_so_far_when_a_person_is_wanted(visit: Visit) -> None:
    await visit.wants_a_person()
    told = "\n".join(visit.thread())

    assert "お客様：\n手作業が多くて困っています" in told
    assert "ボット：" in told
    assert told.count("手作業が多くて困っています") == 1


async def test_what_the_rep_writes_reaches_the_prospect_with_the_name_after_the_window(visit: Visit) -> None:
    rep = await taken_over(visit)
    rep.posts(LEADS, "山田です。<@U0KEN000001> が詳しいので呼びますね & 少々お待ちください", thread=visit.card)
    await visit.settles()
    assert visit.from_the_rep == []
    assert visit.prospect.chat.held == 1

    await visit.window_passes()
    assert visit.from_the_rep == ["山田です。 が詳しいので呼びますね & 少々お待ちください"]
    assert visit.prospect.chat.held == 0
    assert visit.messages[-1].facts == {"name": "山田 由紀"}


async def test_a_remark_before_take_over_never_reaches_the_prospect(visit: Visit) -> None:
    card = await visit.wants_a_person()
    yuki = visit.bench.person("yuki")
    remark = yuki.posts(LEADS, "この会社、支払いが遅いらしい", thread=card)
    await visit.settles()
    await yuki.clicks(TAKE_OVER, on=card)
    await visit.settles()
    yuki.edits(remark, "この会社、支払いが遅いらしいよ")
    await visit.settles()
    await visit.window_passes()

    assert visit.from_the_rep == []


async def test_a_remark_told_to_us_only_after_the_press_stays_internal_too(visit: Visit) -> None:
    card = await visit.wants_a_person()
    yuki = visit.bench.person("yuki")
    yuki.posts(LEADS, "内輪の話です", thread=card)
    late = visit.bench.workspace.events[-1]
    await visit.settles()
    await yuki.clicks(TAKE_OVER, on=card)
    await visit.settles()
    visit.bench.workspace.courier.tell(late | {"event_id": "Ev0LATE"})
    await visit.settles()
    await visit.window_passes()

    assert visit.from_the_rep == []


async def test_only_the_rep_who_took_over_speaks_and_marked_remarks_stay_inside(visit: Visit) -> None:
    yuki = await taken_over(visit)
    visit.bench.person("ken").posts(LEADS, "値引きしてもいいよ", thread=visit.card)
    yuki.posts(LEADS, "// 在庫を確認中", thread=visit.card)
    yuki.posts(LEADS, "少々お待ちください", thread=visit.card)
    yuki.posts(LEADS, "別件です")
    await visit.settles()
    await visit.window_passes()

    assert visit.from_the_rep == ["少々お待ちください"]


async def test_within_the_window_a_line_can_be_changed_or_recalled(visit: Visit) -> None:
    yuki = await taken_over(visit)
    wrong = yuki.posts(LEADS, "300万円です", thread=visit.card)
    secret = yuki.posts(LEADS, "原価は100万円です", thread=visit.card)
    hidden = yuki.posts(LEADS, "部長に聞いてきます", thread=visit.card)
    await visit.settles()
    yuki.edits(wrong, "30万円です")
    yuki.deletes(secret)
    yuki.edits(hidden, "//部長に聞いてきます")
    await visit.settles()
    await visit.window_passes()

    assert visit.from_the_rep == ["30万円です"]
    assert visit.prospect.chat.held == 0


async def test_a_line_changed_into_nothing_for_the_prospect_is_no_line(visit: Visit) -> None:
    yuki = await taken_over(visit)
    line = yuki.posts(LEADS, "少々お待ちください", thread=visit.card)
    await visit.settles()
    yuki.edits(line, "<@U0KEN000001>")
    await visit.settles()
    await visit.window_passes()

    assert visit.from_the_rep == []
    assert visit.prospect.chat.held == 0


async def test_a_rep_who_drops_a_file_into_the_thread_is_told_once_that_it_stays_inside(visit: Visit) -> None:
    yuki = await taken_over(visit)
    workspace = visit.bench.workspace
    silent = workspace.installation
    object.__setattr__(silent, "events", silent.events - {"message.channels"})
    dropped = yuki.posts(LEADS, "資料です", thread=visit.card)
    object.__setattr__(silent, "events", silent.events | {"message.channels"})
    told = message_event(workspace, workspace.channel(LEADS), dropped)
    workspace.announce(
        "message.channels", told | {"subtype": "file_share", "files": [{"id": "F1", "name": "price.pdf"}]}
    )
    await visit.settles()
    workspace.courier.tell(workspace.events[-1])
    await visit.settles()
    await visit.window_passes()

    assert visit.from_the_rep == ["資料です"]
    assert [message.text for message in yuki.direct_messages()] == [
        "ファイルはお客様のチャットには届きません。資料はメールでお送りください。"
    ]


async def test_a_rep_whose_line_is_too_long_for_the_chat_is_told_where_it_ends(visit: Visit) -> None:
    yuki = await taken_over(visit)
    yuki.posts(LEADS, "あ" * (LONGEST_TEXT + 1), thread=visit.card)
    await visit.settles()
    await visit.window_passes()

    assert visit.from_the_rep == ["あ" * LONGEST_TEXT]
    assert [message.text for message in yuki.direct_messages()] == [
        "長い文章のため、お客様には最初の4,000文字だけが届きます。続きは分けてお送りください。"
    ]


async def test_a_long_remark_for_colleagues_is_not_told_as_cut(visit: Visit) -> None:
    yuki = await taken_over(visit)
    yuki.posts(LEADS, "//" + "あ" * LONGEST_TEXT, thread=visit.card)
    await visit.settles()
    await visit.window_passes()

    assert visit.from_the_rep == []
    assert [message.text for message in yuki.direct_messages()] == []


async def test_a_change_that_comes_too_late_is_said_to_the_rep(visit: Visit) -> None:
    yuki = await taken_over(visit)
    line = yuki.posts(LEADS, "明日うかがいます", thread=visit.card)
    await visit.settles()
    await visit.window_passes()
    yuki.deletes(line)
    await visit.settles()

    assert visit.from_the_rep == ["明日うかがいます"]
    assert "すでにお客様に届いていました" in visit.thread()[-1]


async def test_slacks_repeats_and_disorder_do_no_harm(visit: Visit) -> None:
    yuki = await taken_over(visit)
    card = visit.card
    for number in range(3):
        yuki.posts(LEADS, f"その{number}", thread=card)
    await visit.settles()
    told = [event for event in visit.bench.workspace.events if event["event"].get("user") == YUKI]
    for event in reversed(told):
        visit.bench.workspace.courier.tell(event)
        visit.bench.workspace.courier.tell(event | {"event_id": event["event_id"] + "x"})
    await visit.settles()
    await visit.window_passes()

    assert visit.from_the_rep == ["その0", "その1", "その2"]


async def test_a_deletion_that_overtakes_its_line_stops_it(visit: Visit) -> None:
    yuki = await taken_over(visit)
    silent = visit.bench.workspace.installation
    object.__setattr__(silent, "events", silent.events - {"message.channels"})
    line = yuki.posts(LEADS, "言い過ぎました", thread=visit.card)
    object.__setattr__(silent, "events", silent.events | {"message.channels"})
    said = message_event(visit.bench.workspace, visit.bench.workspace.channel(LEADS), line)
    yuki.deletes(line)
    await visit.settles()
    visit.bench.workspace.announce("message.channels", said)
    await visit.settles()
    await visit.window_passes()

    assert visit.from_the_rep == []


async def test_the_prospects_words_come_into_the_thread_once_and_in_order_and_harmless(visit: Visit) -> None:
    await taken_over(visit)
    before = len(visit.thread())
    await visit.says("1つ目です", "<!channel> *太字* <https://evil.example|銀行>\n2行目", "3つ目です")
    new = visit.bench.thread(visit.prospect.lead.id)[before:]

    told = "\n".join(all_words(message.blocks) for message in new)
    assert [told.count(words) for words in ("1つ目です", "2行目", "3つ目です")] == [1, 1, 1]
    assert told.index("1つ目です") < told.index("<!channel>") < told.index("3つ目です")
    assert all("<!channel>" not in message.text and "<https" not in message.text for message in new)
    assert len(new) < 3


async def test_of_many_short_words_that_wait_for_slack_none_is_lost(visit: Visit) -> None:
    """A message of Slack holds fifty blocks."""
    await taken_over(visit)
    words = [f"{number}番目です" for number in range(1, 61)]
    await visit.says(*words)
    told = "\n".join(visit.thread())

    assert [said for said in words if f"お客様：\n{said}" not in told] == []


async def test_while_a_person_talks_the_bot_is_silent_but_still_understands(visit: Visit) -> None:
    await taken_over(visit)
    await visit.says("予算は300万円くらいです")

    assert visit.heard[-1] == ("prospect", "予算は300万円くらいです")
    assert visit.prospect.known.budget is not None


async def test_a_line_to_a_present_prospect_meets_the_clock_and_an_answer_makes_it_a_talk(visit: Visit) -> None:
    yuki = await taken_over(visit)
    assert visit.prospect.follow_up == "open"
    yuki.posts(LEADS, "山田です。お待たせしました", thread=visit.card)
    await visit.settles()
    await visit.window_passes()
    assert visit.prospect.follow_up == "met"
    assert "山田 由紀さんのチャット" in all_words(visit.card.blocks)
    assert not visit.prospect.lead.reached

    await visit.says("こんにちは")
    assert visit.prospect.lead.reached


async def test_a_prospect_who_waits_too_long_rings_the_rep_once(visit: Visit) -> None:
    yuki = await taken_over(visit)
    await visit.says("もしもし", "いらっしゃいますか")
    visit.bench.clock.advance(minutes=3)
    await visit.settles()
    visit.bench.clock.advance(minutes=3)
    await visit.settles()
    rung = [line for line in visit.thread() if "お返事をお待ちです" in line]
    assert len(rung) == 1

    await visit.says("あの…")
    yuki.posts(LEADS, "失礼しました", thread=visit.card)
    await visit.settles()
    await visit.window_passes()
    visit.bench.clock.advance(minutes=5)
    await visit.settles()
    assert [line for line in visit.thread() if "お返事をお待ちです" in line] == rung


async def test_whoever_is_in_a_chat_can_leave_it_even_when_the_lead_is_closed(visit: Visit) -> None:
    yuki = await taken_over(visit)
    lead_id = visit.prospect.lead.id
    await visit.bench.services.store.run(lambda tx: leads.opt_out(tx, tx.get(Lead, lead_id), words="", by=YUKI))
    await visit.settles()
    await yuki.clicks(BACK, on=visit.card)
    await visit.settles()

    assert visit.prospect.chat.rep_id is None
    assert visit.prospect.chat.held == 0


async def test_a_line_into_an_empty_room_is_no_attempt(visit: Visit) -> None:
    card = await visit.wants_a_person()
    visit.bench.clock.advance(minutes=45)
    yuki = visit.bench.person("yuki")
    await yuki.clicks(TAKE_OVER, on=card)
    yuki.posts(LEADS, "まだいらっしゃいますか", thread=card)
    await visit.settles()
    await visit.window_passes()

    assert visit.from_the_rep == ["まだいらっしゃいますか"]
    assert visit.prospect.follow_up == "open"


async def test_hand_back_sends_what_is_held_and_resumes_at_the_right_question(visit: Visit) -> None:
    yuki = await taken_over(visit)
    await visit.says("3ヶ月以内に導入したいです")
    yuki.posts(LEADS, "ありがとうございます", thread=visit.card)
    await visit.settles()
    await yuki.clicks(BACK, on=visit.card)
    await visit.settles()
    yuki.posts(LEADS, "これは社内の話", thread=visit.card)
    await visit.settles()
    await visit.window_passes()

    assert visit.heard[-3:] == [("rep", "ありがとうございます"), ("bot", "bot_is_back"), ("bot", "who_decides")]
    assert visit.prospect.question == "authority"
    await visit.says("私が決めます")
    assert visit.heard[-1] == ("bot", "budget_range")


async def test_after_a_completed_interview_hand_back_asks_nothing(bench: Bench) -> None:
    visit = Visit(bench)
    await visit.says(
        "手作業が多くて困っています",
        "3ヶ月以内",
        "私が決めます",
        "300万円",
        "株式会社アサヒ",
        "山田太郎 t@asahi.example",
    )
    visit.prospect.chooses("confirm")
    await bench.settle()
    yuki = bench.person("yuki")
    await yuki.clicks(TAKE_OVER, on=visit.card)
    await bench.settle()
    assert visit.prospect.chat.state == "handed_over"
    await yuki.clicks(BACK, on=visit.card)
    await bench.settle()

    assert visit.prospect.chat.state == "completed"
    assert visit.heard[-1] == ("bot", "bot_is_back")


async def test_the_card_says_who_is_live_and_another_rep_is_refused(visit: Visit) -> None:
    await taken_over(visit)
    assert "山田 由紀さんがお客様とチャット中" in all_words(visit.card.blocks)
    assert visit.prospect.lead.owner_id == YUKI

    ken = visit.bench.person("ken")
    ring = next(line for line in visit.bench.thread(visit.prospect.lead.id) if TAKE_OVER in all_words(line.blocks))
    await ken.clicks(TAKE_OVER, on=ring)
    await visit.settles()
    chat = visit.prospect.chat
    assert (chat.rep_id, KEN) == (YUKI, ken.id)


async def test_a_rep_whose_rights_are_gone_no_longer_speaks(visit: Visit) -> None:
    yuki = await taken_over(visit)
    visit.bench.door.desk.people._known.clear()
    visit.bench.workspace.person("yuki").is_restricted = True
    yuki.posts(LEADS, "退職後の一言", thread=visit.card)
    await visit.settles()
    await visit.window_passes()

    assert visit.from_the_rep == []


async def test_a_restart_in_the_middle_loses_and_doubles_nothing(visit: Visit) -> None:
    """The line is a row and its timer is a row: whoever works next sends it, once."""
    yuki = await taken_over(visit)
    yuki.posts(LEADS, "今から確認します", thread=visit.card)
    await visit.bench.door.desk.afterwards.finished()
    await visit.bench.server.settled()
    visit.bench.clock.advance(seconds=5)
    another = type(visit.bench.worker)(visit.bench.services.store, visit.bench.worker._delivery)
    await another.tick()
    await visit.bench.worker.tick()

    assert visit.from_the_rep == ["今から確認します"]
    rows = visit.bench.services.store.read(lambda session: Look(session).find(RepLine, "status", "sent"))
    assert len(rows) == 1


async def test_outside_working_hours_the_prospect_hears_when_somebody_is_back(visit: Visit) -> None:
    visit.bench.clock.now = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)  # Saturday noon in Tokyo; Monday is a holiday
    await visit.says("担当者と話したい")
    assert ("bot", "nobody_is_free") in visit.heard

    visit.prospect.chooses("call_back")
    assert visit.prospect.bot_said == ["number_for_the_call"]
    visit.prospect.chooses("go_on")
    assert visit.prospect.bot_said == ["what_problem"]
    assert visit.prospect.chat.state == "asking"


async def test_a_prospect_who_ended_the_chat_cannot_be_talked_to(visit: Visit) -> None:
    card = await visit.wants_a_person()
    visit.prospect.says("終了します")
    ring = next(line for line in visit.bench.thread(visit.prospect.lead.id) if TAKE_OVER in all_words(line.blocks))
    assert ring.channel == card.channel
    await visit.bench.person("yuki").clicks(TAKE_OVER, on=ring)
    await visit.settles()

    chats = visit.bench.services.store.read(lambda session: Look(session).find(Chat, "state", "declined"))
    assert [chat.rep_id for chat in chats] == [None]


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("a &lt;b&gt; &amp; c", "a <b> & c"),
        ("<@U0KEN000001> に聞きます", "佐藤 健 に聞きます"),
        ("<@U0NOBODY001|kim> と <#C0LEADS0001|leads>", "kim と #leads"),
        ("<!here> <!subteam^S1|@sales> 見て", "見て"),
        ("<https://asahi.example/a?b=1&amp;c=2|資料> です", "資料 (https://asahi.example/a?b=1&c=2) です"),
        ("<mailto:a@b.example|a@b.example> <https://x.example>", "a@b.example https://x.example"),
        ("<!date^1700000000^{date}|11月15日>", "11月15日"),
        ("&lt;!channel&gt;", "<!channel>"),
    ],
)
def test_slacks_markup_becomes_plain_words(typed: str, plain: str) -> None:
    assert " ".join(as_plain_words(typed, {"U0KEN000001": "佐藤 健"}).split()) == plain


@pytest.mark.parametrize(
    "event",
    [
        {"type": "message", "subtype": "channel_join", "user": "U1", "ts": "2.0", "thread_ts": "1.0"},
        {"type": "message", "bot_id": "B1", "user": "U1", "ts": "2.0", "thread_ts": "1.0", "text": "x"},
        {"type": "message", "user": "U1", "ts": "1.0", "thread_ts": "1.0", "text": "the card's own"},
        {"type": "message", "user": "U1", "ts": "1.0", "text": "no thread"},
        {"type": "message", "subtype": "message_changed"},
        {"type": "message", "subtype": "message_deleted", "previous_message": None},
    ],
)
def test_what_no_person_wrote_in_a_thread_is_nothing_to_us(event: dict[str, Any]) -> None:
    assert overheard(event) is None


def test_a_deleted_reply_that_left_a_tombstone_is_a_deletion() -> None:
    before = {"user": "U1", "ts": "2.0", "thread_ts": "1.0", "text": "oops"}
    stone = {"subtype": "tombstone", "user": "USLACKBOT", "ts": "2.0", "thread_ts": "1.0"}
    event = {"subtype": "message_changed", "channel": "C1", "message": stone, "previous_message": before}
    found = overheard(event)

    assert found is not None
    assert (found.how, found.user, found.ts) == ("deleted", "U1", "2.0")
