"""The two shortcuts: "Log a call" from anywhere, "Make this a lead" on a message."""

from bot.sandbox.driver import all_words
from bot.slack.search import find_leads
from tests.desk import KEN, LEADS, YUKI, Bench


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
