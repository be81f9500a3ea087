"""A lead is given to somebody else while a rep talks with its prospect: nobody is locked in, and nobody writes in vain."""

from datetime import timedelta
from pathlib import Path

from bot.sandbox.driver import all_words, pressable_labels
from bot.sandbox.records import Message
from qualification.absence import set_away
from qualification.policy import load_policy
from qualification.records import Rep
from tests.desk import KEN, LEADS, YUKI
from tests.slack.visit import BACK, TAKE_OVER, Visit, taken_over


async def given_to_ken(visit: Visit) -> None:
    """yuki is in the chat, and the manager hands the lead to ken."""
    await taken_over(visit)
    megumi = visit.bench.person("megumi")
    await megumi.clicks("担当を変更", on=visit.card)
    assert await megumi.submits(await megumi.modal(), {"新しい主担当": KEN}) == {}
    await visit.settles()


async def test_the_line_that_tells_the_new_owner_says_who_is_in_the_chat_and_offers_to_step_in(visit: Visit) -> None:
    await given_to_ken(visit)
    line = visit.bench.thread(visit.prospect.lead.id)[-1]
    assert "主担当がKen Millerさんになりました" in all_words(line.blocks)
    assert "チャットは山田 由紀さんが続けています。" in all_words(line.blocks)
    await visit.bench.person("ken").clicks(TAKE_OVER, on=line)
    await visit.settles()
    assert visit.prospect.chat.rep_id == KEN


async def test_who_is_in_the_chat_gives_it_back_though_the_lead_is_a_colleagues_by_now(visit: Visit) -> None:
    await given_to_ken(visit)
    await visit.bench.person("yuki").clicks(BACK, on=visit.card)
    await visit.settles()
    assert visit.prospect.chat.rep_id is None


async def test_a_colleague_who_neither_talks_nor_has_the_lead_cannot_end_the_talk(visit: Visit) -> None:
    await given_to_ken(visit)
    await visit.bench.person("ken").clicks(TAKE_OVER, on=visit.card)
    await visit.settles()
    yuki = visit.bench.person("yuki")
    await yuki.clicks(BACK, on=visit.card)
    await visit.settles()
    assert visit.prospect.chat.rep_id == KEN
    assert "主担当はKen Millerさんです" in yuki.sees_privately("#leads")[-1].text


async def test_a_prospect_who_waits_rings_whoever_is_in_the_chat_and_the_owner_too(visit: Visit) -> None:
    await given_to_ken(visit)
    await visit.says("見積りはいくらですか")
    visit.bench.clock.advance(minutes=4)
    await visit.settles()
    ring = visit.bench.thread(visit.prospect.lead.id)[-1]
    assert f"<@{YUKI}> <@{KEN}>" in ring.text
    assert "いまチャットに入っているのは山田 由紀さんです。" in ring.text
    assert TAKE_OVER in pressable_labels(ring.blocks)


async def test_the_owner_who_writes_while_a_colleague_is_in_the_chat_reads_that_nobody_heard_it(visit: Visit) -> None:
    await given_to_ken(visit)
    ken = visit.bench.person("ken")
    ken.posts(LEADS, "120万円です。", thread=visit.card)
    await visit.settles()
    await visit.window_passes()
    assert visit.from_the_rep == []
    (told,) = ken.direct_messages()
    assert "山田 由紀 is in the chat" in told.text

    await ken.clicks(TAKE_OVER, on=visit.card)
    await visit.settles()
    ken.posts(LEADS, "120万円です。", thread=visit.card)
    await visit.settles()
    await visit.window_passes()
    assert visit.from_the_rep == ["120万円です。"]
    assert len(ken.direct_messages()) == 1


async def test_an_owner_who_writes_on_among_colleagues_is_told_once_for_each_taking_over_that_nobody_heard_it(
    visit: Visit,
) -> None:
    """Slack delivers each line several times, too."""
    await given_to_ken(visit)
    ken = visit.bench.person("ken")
    for text in ("120万円です。", "年間契約です。", "税別です。"):
        visit.bench.workspace.faults.repeat_next(3)
        ken.posts(LEADS, text, thread=visit.card)
        await visit.settles()
    assert len(ken.direct_messages()) == 1

    await ken.clicks(TAKE_OVER, on=visit.card)
    await visit.bench.person("megumi").clicks(TAKE_OVER, on=visit.card)
    await visit.settles()
    ken.posts(LEADS, "送料込みです。", thread=visit.card)
    await visit.settles()
    _, told = ken.direct_messages()
    assert "佐藤 恵 is in the chat" in told.text


async def goes_away(visit: Visit, rep: str) -> None:
    await visit.bench.services.store.run(
        lambda tx: set_away(tx, tx.get(Rep, rep), until=tx.here.date() + timedelta(days=1), by="operator")
    )


async def waits_in_the_chat(visit: Visit) -> Message:
    """The line that rings for a prospect who has waited long."""
    await visit.says("見積りはいくらですか")
    visit.bench.clock.advance(minutes=4)
    await visit.settles()
    return next(line for line in reversed(visit.bench.thread(visit.prospect.lead.id)) if "お返事をお待ち" in line.text)


async def test_while_the_rep_in_the_chat_is_away_a_prospect_who_waits_rings_whoever_stands_in(
    visit: Visit, tmp_path: Path
) -> None:
    """D12: nobody else would hear that somebody waits."""
    (tmp_path / "own.toml").write_text(f"[routing]\nbackup = '{KEN}'\n", "utf-8")
    visit.bench.services.store.policy = load_policy(tmp_path / "own.toml")
    await taken_over(visit)
    await goes_away(visit, YUKI)
    ring = await waits_in_the_chat(visit)
    assert f"<@{KEN}>" in ring.text
    assert f"<@{YUKI}>" not in ring.text
    assert "山田 由紀さんが不在のため、代わりの対応をお願いします。" in ring.text
    await visit.bench.person("ken").clicks(TAKE_OVER, on=ring)
    await visit.settles()
    assert visit.prospect.chat.rep_id == KEN


async def test_where_nobody_is_named_to_stand_in_the_whole_channel_hears_that_a_prospect_waits(visit: Visit) -> None:
    await taken_over(visit)
    await goes_away(visit, YUKI)
    ring = await waits_in_the_chat(visit)
    assert ring.broadcast
    assert "<@" not in ring.text
    assert TAKE_OVER in pressable_labels(ring.blocks)


async def test_an_owner_who_is_here_hears_in_place_of_the_rep_in_the_chat_who_is_away(visit: Visit) -> None:
    await given_to_ken(visit)
    await goes_away(visit, YUKI)
    ring = await waits_in_the_chat(visit)
    assert f"<@{KEN}>" in ring.text
    assert f"<@{YUKI}>" not in ring.text
    assert "いまチャットに入っているのは山田 由紀さんです。" in ring.text
