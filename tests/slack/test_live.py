"""A rep takes the chat over in the lead's thread: what reaches the prospect, what never does, and the way back."""

from datetime import UTC, datetime

from bot.sandbox.driver import all_words
from dialogs.records import Chat, RepLine
from qualification import leads
from qualification.calls import Call, Outcome, log_call
from qualification.look import Look
from qualification.records import Lead
from tests.desk import KEN, LEADS, YUKI, Bench
from tests.slack.visit import BACK, TAKE_OVER, Visit, taken_over


async def test_the_thread_has_the_talk_so_far_when_a_person_is_wanted(visit: Visit) -> None:
    await visit.wants_a_person()
    told = "\n".join(visit.thread())

    assert "お客様：\n手作業が多くて困っています" in told
    assert "ボット：" in told
    assert told.count("手作業が多くて困っています") == 1


async def test_who_was_called_and_asks_again_in_the_same_chat_rings_and_waits_on_the_card(visit: Visit) -> None:
    await visit.wants_a_person()
    await visit.says("03-1234-5678")
    lead = visit.prospect.lead.id
    called = Call(outcome=Outcome.CONNECTED)
    visit.bench.services.store.run_here(lambda tx: log_call(tx, tx.get(Lead, lead), called, by=YUKI))
    visit.bench.clock.advance(days=1)
    await visit.bench.settle()
    before = len(visit.thread())
    wish = "別の件で、もう一度担当の方とお電話でお話ししたいです"
    await visit.says(wish)

    told = "\n".join(visit.thread()[before:])
    assert wish in told
    assert TAKE_OVER in told
    assert "対応期限：11月17日" in visit.card.text


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
