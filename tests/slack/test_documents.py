"""A document that a colleague has to send: the page promises it, so somebody hears of it (M93, M86)."""

from pathlib import Path

from sqlmodel import select

from bot.sandbox.records import Message
from bot.web.forms import Answer, take
from qualification import leads
from qualification.activities import Seen
from qualification.calls import Call, Outcome, log_call
from qualification.records import Lead
from qualification.store import Transaction
from tests.clock import Clock
from tests.desk import LEADS, YUKI, Bench, open_bench, services_in

LINKED = """
[forms.document]
title = { ja = "資料請求", en = "Request our brochure" }
document = "https://www.example.com/brochure.pdf"
"""


async def asks(bench: Bench, *, email: str = "sato@asahi.example", id: str = "1") -> None:
    """Somebody fills in the shipped form."""
    fields = {"email": email, "company": "アサヒ工業"}
    await take(bench.services, Answer(form="document", id=id, token=id * 40, language="ja", fields=fields))
    await bench.settle()


def only_lead(bench: Bench) -> str:
    return bench.services.store.read(lambda session: session.exec(select(Lead.id)).one())


def lines_about_it(bench: Bench, lead_id: str) -> list[Message]:
    return [line for line in bench.thread(lead_id) if "資料の請求がありました" in line.text]


async def test_a_promised_document_is_heard_of_in_the_leads_channel_and_nobody_is_called_by_name(bench: Bench) -> None:
    """M86, D17: the page told a stranger that a colleague sends it, so the team hears, quietly."""
    await asks(bench)
    await asks(bench, id="2")

    (line,) = lines_about_it(bench, only_lead(bench))
    assert "資料の送付をお願いします" in line.text
    assert "<@" not in line.text + bench.card(only_lead(bench)).text
    assert bench.managers_see() == []


async def test_the_call_within_three_working_days_reaches_people(bench: Bench) -> None:
    """M93: its reminders in the thread, its end at the managers."""
    await asks(bench)
    bench.clock.advance(days=2)
    await bench.settle()
    assert "お電話がまだです" in bench.thread(only_lead(bench))[-1].text
    bench.clock.advance(days=2)
    await bench.settle()
    assert "資料請求後のお電話がまだです" in bench.managers_see()[-1].text


async def test_of_somebody_who_wants_no_contact_a_person_decides_whether_the_document_goes_out(bench: Bench) -> None:
    """D26: the page says to everybody the same, or it would tell strangers who opted out; so a person is told that this
    document was asked for, and that nothing else may go out. No clock runs."""
    lead_id = await bench.has_lead(owner=YUKI)
    call = Call(outcome=Outcome.DO_NOT_CONTACT)
    await bench.services.store.run(lambda tx: log_call(tx, tx.get(Lead, lead_id), call, by=YUKI))
    bench.clock.advance(days=30)
    await asks(bench, email="taro@asahi.example")

    (line,) = lines_about_it(bench, lead_id)
    assert "資料だけをお送りするかどうか、ご判断をお願いします。お電話やそのほかのご案内はお控えください。" in line.text
    assert f"<@{YUKI}>" in line.text
    assert all(clock.status != "open" for clock in (await bench.dossier(lead_id)).clocks)


async def test_who_has_the_document_already_is_no_news_below_the_line(clock: Clock, tmp_path: Path) -> None:
    """M86: the page holds it, and nobody was promised anything."""
    policy = tmp_path / "policy.toml"
    policy.write_text(LINKED, encoding="utf-8")
    with services_in(tmp_path, clock) as make:
        async with open_bench(make, clock, bantline_policy=str(policy)) as bench:
            await asks(bench)
            assert bench.workspace.messages[LEADS] == []


async def test_a_lead_over_the_line_rings_though_its_card_hangs_already(bench: Bench) -> None:
    """M85: a new card would have been heard; this one was posted for the document."""
    await asks(bench)
    lead_id = only_lead(bench)
    bench.clock.advance(minutes=30)
    kinds = ("talk_requested", "price_list_viewed")

    def work(tx: Transaction) -> None:
        for kind in kinds:
            leads.see_activity(tx, tx.get(Lead, lead_id), Seen(source="ma", id=kind, kind=kind))

    await bench.services.store.run(work)
    await bench.settle()
    assert (await bench.dossier(lead_id)).lead.stage == "MQL"
    assert any(line.broadcast and "MQL" in line.text for line in bench.thread(lead_id))
