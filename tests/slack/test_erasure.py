"""What reps see in Slack of a person whose data was erased."""

import pytest

from bot.person import erase_person
from bot.sandbox.driver import all_words
from bot.slack.queue import SHORT_ID
from bot.slack.records import SlackCard, SlackDraft
from qualification.events import OPERATOR
from qualification.records import Answer, History, Lead
from qualification.store import Transaction
from tests.desk import YUKI, Bench


async def test_the_card_of_an_erased_person_says_so_and_nothing_else(bench: Bench) -> None:
    lead_id = await bench.has_lead(company="アサヒ工業", owner="U0YUKI00001")
    assert any("アサヒ工業" in str(line.blocks) for line in [bench.card(lead_id)])
    place = bench.services.store.read(lambda session: session.get_one(SlackCard, lead_id))
    scripts = [line for line in bench.thread(lead_id) if line.ts == place.script_ts]

    await bench.services.store.run(lambda tx: erase_person(tx, tx.get(Lead, lead_id), by=OPERATOR))
    await bench.settle()

    card = bench.card(lead_id)
    assert "データ削除済み" in card.text
    assert "アサヒ" not in str(card.blocks)
    assert [block["type"] for block in card.blocks] == ["section"], "nothing to press"
    assert scripts
    assert not [line for line in bench.thread(lead_id) if line.ts == place.script_ts], "the talk script is taken back"


async def erased_while(bench: Bench, lead_id: str) -> None:
    await bench.services.store.run(lambda tx: erase_person(tx, tx.get(Lead, lead_id), by=OPERATOR) and None)


async def what_is_kept_of(bench: Bench, lead_id: str) -> tuple[int, int, int]:
    """How many answers, drafts and events."""

    def count(tx: Transaction) -> tuple[int, int, int]:
        found = [len(tx.find(table, "lead_id", lead_id)) for table in (Answer, SlackDraft, History)]
        return found[0], found[1], found[2]

    return await bench.services.store.run(count)


@pytest.mark.parametrize(("who", "says"), [("yuki", "データ削除済み"), ("ken", "Data deleted")])
async def test_a_form_that_stood_open_while_the_person_was_erased_writes_nothing_down(
    bench: Bench, who: str, says: str
) -> None:
    rep = bench.person(who)
    lead_id = await bench.has_lead(owner=rep.id)
    await rep.clicks("聞き取りを進める", on=bench.card(lead_id))
    form = await rep.modal()
    label = "お客様のことば（導入時期）" if who == "yuki" else "In their words (Timeframe)"
    await erased_while(bench, lead_id)

    await rep.chooses(label, "来年3月。山田の携帯は090-1234-5678", on=form)
    await bench.settle()
    assert await rep.submits(form) == {}
    await bench.settle()

    assert says in all_words((await rep.modal()).blocks)
    assert await what_is_kept_of(bench, lead_id) == (0, 0, 1), "that it was erased"


@pytest.mark.parametrize(
    "label", ["架電を記録", "メールを送る", "聞き取りを進める", "スヌーズ", "差し戻す", "担当を変更"]
)
async def test_an_old_button_of_an_erased_person_opens_no_form(bench: Bench, label: str) -> None:
    lead_id = await bench.has_lead(owner=YUKI)
    card, yuki = bench.card(lead_id), bench.person("yuki")
    as_it_was = [dict(block) for block in card.blocks]
    await erased_while(bench, lead_id)
    await bench.settle()
    card.blocks = as_it_was

    await yuki.clicks(label, on=card)
    await bench.settle()
    assert yuki.open_modal is None
    assert "データ削除済み" in yuki.sees_privately("#leads")[-1].text


@pytest.mark.parametrize(
    "typed", ["why {}", "confirm {} よし", "won {} 300万円", "lost {}", "interview {}", "reassign {}"]
)
async def test_a_command_on_an_erased_person_is_told_so(bench: Bench, typed: str) -> None:
    lead_id = await bench.has_lead(owner=YUKI)
    await erased_while(bench, lead_id)
    await bench.person("yuki").slash("/lead", typed.format(lead_id[:SHORT_ID]))
    assert "データ削除済み" in bench.person("yuki").sees_privately("#leads")[-1].text
    assert bench.person("yuki").open_modal is None
