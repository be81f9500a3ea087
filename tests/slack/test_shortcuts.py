"""The two shortcuts: "Log a call" from anywhere, "Make this a lead" on a message."""

import pytest

from bot.sandbox.driver import all_words
from bot.slack.new_lead import names_in
from bot.slack.queue import SHORT_ID
from bot.slack.search import find_leads
from tests.desk import KEN, LEADS, MONDAY_TEN, YUKI, Bench


async def test_log_a_call_finds_the_lead_and_goes_on_in_the_same_form(bench: Bench) -> None:
    lead_id = await bench.has_lead()
    yuki = bench.person("yuki")
    await yuki.shortcut("Log a call")
    form = await yuki.modal("架電を記録")
    assert await yuki.searches("どのリードですか", "アサヒ", on=form) == ["アサヒ工業 山田 太郎様"]
    assert await yuki.submits(form, {"どのリードですか": "アサヒ"}) == {}
    form = await yuki.modal("架電を記録")
    assert await yuki.submits(form, {"架電結果": "不在"}) == {}
    assert (await bench.dossier(lead_id)).follow_up.status == "met"  # type: ignore[union-attr]  # it has a clock


async def test_a_message_becomes_a_lead_with_its_words_read(bench: Bench) -> None:
    ken = bench.person("ken")
    message = ken.posts("#leads", "Met Jane at the fair, budget about $20k")
    await ken.message_shortcut("Make this a lead", on=message)
    form = await ken.modal("New lead")
    assert await ken.submits(form, {"Name": "Jane Doe", "Company": "Acme"}) == {}
    await bench.settle()
    lead = bench.services.store.read(lambda session: find_leads(session, "Acme"))[0].lead
    assert lead.owner_id == KEN
    assert (await bench.dossier(lead.id)).known.budget is not None
    assert "Acme" in all_words(bench.workspace.messages[LEADS][-1].blocks) or bench.card(lead.id).text


async def test_a_message_becomes_a_lead_in_the_words_that_were_written(bench: Bench) -> None:
    """Slack sends its own markup: & < > escaped, addresses in angle brackets, ids for the people mentioned."""
    ken = bench.person("ken")
    typed = f"<@{YUKI}> Jane of R&D asks (jane@rd.example): <50 users, see https://rd.example/a?b=1&c=2"
    await bench.door.desk.people.who(YUKI, bench.house)
    await ken.message_shortcut("Make this a lead", on=ken.posts("#leads", typed))
    form = await ken.modal("New lead")
    said = next(block["element"]["initial_value"] for block in form.blocks if block["block_id"] == "said")
    assert said == "山田 由紀 Jane of R&D asks (jane@rd.example): <50 users, see https://rd.example/a?b=1&c=2"


async def test_a_guest_is_refused_by_a_shortcut_too(bench: Bench) -> None:
    guest = bench.person("guest")
    await guest.shortcut("Log a call")
    shown = await guest.modal()
    assert "Guests can't work on leads" in all_words(shown.blocks)


async def test_a_title_typed_behind_a_name_is_not_said_twice(bench: Bench) -> None:
    yuki = bench.person("yuki")
    await yuki.message_shortcut("Make this a lead", on=yuki.posts("#leads", "鈴木様よりお電話 hanako@minato.example"))
    form = await yuki.modal("リードを登録")
    assert await yuki.submits(form, {"お名前": "鈴木花子様", "会社名": "みなと物流"}) == {}
    await bench.settle()
    (found,) = bench.services.store.read(lambda session: find_leads(session, "みなと"))
    assert found.lead.person == "鈴木花子"
    assert "みなと物流 鈴木花子様" in bench.card(found.lead.id).text
    assert "様様" not in all_words(bench.card(found.lead.id).blocks)


@pytest.mark.parametrize(
    ("message", "name", "company"),
    [
        (
            "株式会社みなと物流の鈴木花子様からお電話。在庫管理に困っている。03-9876-5432",
            "鈴木花子",
            "株式会社みなと物流",
        ),
        ("みなと物流 鈴木様より電話。折り返し希望 090-1234-5678", "鈴木", "みなと物流"),
        ("Jane Doe from Acme Inc called, needs a CRM by May. jane@acme.example", "Jane Doe", "Acme Inc"),
        ("Jones of Acme", "Jones", "Acme"),
        ("Jones of Acme called, wants a demo next week", "Jones", "Acme"),
        ("Spoke to Ms. Jones of Acme today", "Jones", "Acme"),
        ("Met Ken Sato of Asahi Tools at the Osaka fair", "Ken Sato", "Asahi Tools"),
        ("FYI Tokyo Metro is looking for a CRM", None, None),
        ("FYI Tokyo office asked about pricing", None, None),
        ("在庫が合わないとのお問い合わせ", None, None),
    ],
)
async def test_the_form_of_a_new_lead_has_whom_the_message_names_and_says_that_it_was_saved(
    bench: Bench, message: str, name: str | None, company: str | None
) -> None:
    yuki = bench.person("yuki")
    await yuki.message_shortcut("Make this a lead", on=yuki.posts("#leads", message))
    form = await yuki.modal("リードを登録")
    filled = [(form.typed.get(field) or {field: {}})[field].get("value") for field in ("name", "company")]
    assert filled == [name, company]
    assert await yuki.submits(form, {} if name else {"お名前": "鈴木", "会社名": "みなと物流"}) == {}
    assert f"{company or 'みなと物流'} {name or '鈴木'}様を登録しました。" in all_words((await yuki.modal()).blocks)


@pytest.mark.parametrize("firm", ["Bank of America", "University of Tokyo"])
def test_a_firm_with_an_of_in_its_name_is_nobody_of_another_firm(firm: str) -> None:
    assert names_in(f"{firm} asked for pricing", now=MONDAY_TEN) == ("", firm)


async def test_of_a_message_longer_than_a_field_the_rep_reads_how_much_is_kept(bench: Bench) -> None:
    yuki = bench.person("yuki")
    await yuki.message_shortcut("Make this a lead", on=yuki.posts("#leads", "在庫が合わない。" * 500))
    form = await yuki.modal("リードを登録")
    assert "先頭の3000文字までを記録します。" in all_words(form.blocks)


async def test_two_leads_of_one_name_are_told_apart_where_one_is_chosen(bench: Bench) -> None:
    ids = [await bench.has_lead(email=f"taro{number}@asahi.example", phone=f"+8131234567{number}") for number in (1, 2)]
    await bench.has_lead(company="みなと物流", email="other@minato.example", phone="+81398765432")
    yuki = bench.person("yuki")
    await yuki.shortcut("Log a call")
    offered = await yuki.searches("どのリードですか", "山田", on=await yuki.modal("架電を記録"))
    assert sorted(offered) == sorted(
        [*(f"アサヒ工業 山田 太郎様（TQL ・ ID：{lead_id[:SHORT_ID]}）" for lead_id in ids), "みなと物流 山田 太郎様"]
    )
