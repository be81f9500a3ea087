"""What a rep writes in the thread, on its way to the prospect: when it goes, what can be changed, what stays inside."""

from pathlib import Path

import pytest

from bot.sandbox.events import message_event
from dialogs.turn import LONGEST_TEXT
from qualification.policy import load_policy
from tests.desk import LEADS, YUKI
from tests.slack.visit import TAKE_OVER, Visit, taken_over


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


async def test_emoji_and_bold_words_reach_the_prospect_as_they_are_meant(visit: Visit) -> None:
    rep = await taken_over(visit)
    line = rep.posts(LEADS, "*明日*の10時に伺います :bow: https://asahi.example/map", thread=visit.card)
    rep.posts(LEADS, "*// 社内メモ*", thread=visit.card)
    await visit.settles()
    rep.edits(line, "明後日の *10時* に伺います :+1: https://asahi.example/map 3 * 4 * 5 :nope:")
    await visit.settles()
    await visit.window_passes()

    assert visit.from_the_rep == [
        "明後日の 10時 に伺います \N{THUMBS UP SIGN} https://asahi.example/map 3 * 4 * 5 :nope:"
    ]


@pytest.mark.parametrize("prefix", [":lock:", "*", "\N{LOCK}"], ids=["an emoji's name", "a star", "the sign itself"])
async def test_a_remark_stays_internal_however_the_editor_draws_what_it_begins_with(
    visit: Visit, tmp_path: Path, prefix: str
) -> None:
    (tmp_path / "own.toml").write_text(f"[live]\ninternal_prefix = '{prefix}'\n", "utf-8")
    visit.bench.services.store.policy = load_policy(tmp_path / "own.toml")
    rep = await taken_over(visit)
    rep.posts(LEADS, "*支払いが遅いらしい* です" if prefix == "*" else ":lock: 支払いが遅いらしい", thread=visit.card)
    line = rep.posts(LEADS, "明日伺います", thread=visit.card)
    await visit.settles()
    rep.edits(line, "*社内で確認中* です" if prefix == "*" else ":lock: 社内で確認中です")
    await visit.settles()
    await visit.window_passes()

    assert visit.from_the_rep == []


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
