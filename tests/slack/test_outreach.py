"""A rep's mail: from a template, read and changed in a preview, queued once as it was read (M94, M95)."""

from pathlib import Path

import pytest
from sqlmodel import select

from bot.sandbox.driver import all_words
from bot.sandbox.records import View
from qualification import leads
from qualification.bant import Contact, Topic
from qualification.calls import Call, Outcome, log_call
from qualification.events import MailFailed, MailQueued
from qualification.leads import record_activity
from qualification.policy import load_policy
from qualification.records import Lead, Outbound
from qualification.store import Transaction
from tests.desk import YUKI, Bench, say
from tests.dialogs.chatting import Prospect
from tests.slack.visit import Visit


def queued_mails(bench: Bench) -> list[Outbound]:
    return bench.services.store.read(
        lambda session: list(session.exec(select(Outbound).where(Outbound.kind == "mail")).all())
    )


async def previewed(bench: Bench, lead_id: str, *, template: str = "初回のご連絡", language: str = "日本語") -> View:
    yuki = bench.person("yuki")
    await yuki.clicks("メールを送る", on=bench.card(lead_id))
    form = await yuki.modal("メールを送る")
    assert await yuki.submits(form, {"テンプレート": template, "言語": language}) == {}
    return await yuki.modal("プレビュー")


async def test_what_was_previewed_and_changed_is_what_is_queued(bench: Bench) -> None:
    lead_id = await bench.has_lead()
    preview = await previewed(bench, lead_id)
    assert "宛先：taro@asahi.example" in all_words(preview.blocks)
    assert "山田 太郎" in preview.typed["body"]["body"]["value"]
    assert (
        await bench.person("yuki").submits(preview, {"件名": "ご挨拶", "本文": "山田様\n\n後ほどお電話します。"}) == {}
    )
    (mail,) = queued_mails(bench)
    assert mail.payload == {
        "lead_id": lead_id,
        "to": "taro@asahi.example",
        "subject": "ご挨拶",
        "body": "山田様\n\n後ほどお電話します。",
        "template": "first_contact",
        "by": YUKI,
        "by_name": "山田 由紀",
    }
    dossier = await bench.dossier(lead_id)
    assert dossier.lead.owner_id == YUKI
    assert "mail_queued" in [event.kind for event in dossier.history]
    assert dossier.follow_up is not None
    assert dossier.follow_up.status == "open"  # the mail server has not taken it yet


async def likely(bench: Bench, lead_id: str) -> str:
    """The template that the form of a mail has chosen already."""
    yuki = bench.person("yuki")
    await yuki.clicks("メールを送る", on=bench.card(lead_id))
    form = await yuki.modal("メールを送る")
    (chosen,) = [
        block["element"]["initial_option"]["text"]["text"]
        for block in form.blocks
        if block["type"] == "input" and block["element"]["type"] == "static_select"
    ]
    await yuki.closes(everything=True)
    return str(chosen)


async def test_the_mail_that_fits_what_happened_is_chosen_already(bench: Bench) -> None:
    """M94, M95."""
    lead_id = await bench.has_lead()
    yuki = bench.person("yuki")
    assert await likely(bench, lead_id) == "初回のご連絡"

    await yuki.clicks("担当する", on=bench.card(lead_id))
    await bench.settle()
    await yuki.clicks("不在", on=bench.thread(lead_id)[-1])
    await bench.settle()
    assert await likely(bench, lead_id) == "お電話がつながらなかったとき"

    await yuki.slash("/lead", "undo")
    await bench.settle()
    assert await likely(bench, lead_id) == "初回のご連絡"

    await log(bench, lead_id, Outcome.CONNECTED)
    assert await likely(bench, lead_id) == "お礼と今後の進め方"


async def test_who_waits_for_a_document_is_sent_one(bench: Bench) -> None:
    lead_id = await bench.has_lead()
    await bench.services.store.run(
        lambda tx: record_activity(tx, tx.get(Lead, lead_id), "document_requested", key="form:1")
    )
    assert await likely(bench, lead_id) == "資料送付"


async def log(bench: Bench, lead_id: str, outcome: Outcome) -> None:
    call = Call(outcome=outcome)
    await bench.services.store.run(lambda tx: log_call(tx, tx.get(Lead, lead_id), call, by=YUKI))
    await bench.settle()


async def test_the_rep_chooses_the_language_of_the_mail(bench: Bench) -> None:
    lead_id = await bench.has_lead(company="Acme", person="Jane Doe", language="en", need="we lose orders")
    preview = await previewed(bench, lead_id, language="英語")
    assert preview.typed["body"]["body"]["value"].startswith("Hello Jane Doe,")


async def test_a_preview_sent_in_twice_is_one_mail(bench: Bench) -> None:
    lead_id = await bench.has_lead()
    preview = await previewed(bench, lead_id)
    bench.workspace.faults.repeat_next(2)
    await bench.person("yuki").submits(preview, {})
    assert len(queued_mails(bench)) == 1


async def test_a_mail_whose_address_was_corrected_while_it_was_read_is_shown_once_more(bench: Bench) -> None:
    """M95: it goes neither to the old address nor, unseen, to the new one."""
    lead_id = await bench.has_lead()
    yuki = bench.person("yuki")
    preview = await previewed(bench, lead_id)
    await bench.services.store.run(lambda tx: setattr(tx.get(Lead, lead_id), "email", "taro.yamada@asahi.example"))

    await yuki.submits(preview, {"本文": "山田様\n\n本日お電話します。"})
    assert queued_mails(bench) == []
    shown = await yuki.modal("プレビュー")
    assert "宛先が変更されました" in all_words(shown.blocks)
    assert "taro.yamada@asahi.example" in all_words(shown.blocks)
    assert shown.typed["body"]["body"]["value"] == "山田様\n\n本日お電話します。"

    assert await yuki.submits(shown, {}) == {}
    (mail,) = queued_mails(bench)
    assert (mail.payload["to"], mail.payload["body"]) == ("taro.yamada@asahi.example", "山田様\n\n本日お電話します。")


async def test_hostile_names_are_plain_text_in_the_preview(bench: Bench) -> None:
    lead_id = await bench.has_lead(person="<!channel> {{7*7}}", company="<https://evil.example|bank>")
    preview = await previewed(bench, lead_id)
    assert "<!channel> {{7*7}}" in preview.typed["body"]["body"]["value"]
    assert "mrkdwn" not in str(preview.blocks)


async def test_a_lead_without_an_address_has_no_mail_button(bench: Bench) -> None:
    lead_id = await bench.has_lead(email=None)
    assert "メールを送る" not in all_words(bench.card(lead_id).blocks)


async def test_nobody_writes_to_a_person_who_asked_us_to_stop(bench: Bench) -> None:
    lead_id = await bench.has_lead()
    preview = await previewed(bench, lead_id)
    await bench.services.store.run(lambda tx: _opt_out(tx, lead_id))
    refused = await bench.person("yuki").submits(preview, {})
    assert queued_mails(bench) == []
    assert "連絡停止をご希望" in refused["件名"]


def _opt_out(tx: Transaction, lead_id: str) -> None:
    leads.opt_out(tx, tx.get(Lead, lead_id), words="stop", by="prospect")


async def previewed_again(bench: Bench, lead_id: str) -> View:
    await bench.settle()
    return await previewed(bench, lead_id)


async def test_the_first_mail_to_somebody_asks_nothing(bench: Bench) -> None:
    preview = await previewed(bench, await bench.has_lead())
    assert "前回のメール" not in all_words(preview.blocks)
    assert "write_again" not in str(preview.blocks)


async def test_who_had_a_mail_today_gets_another_only_when_the_rep_says_so(bench: Bench) -> None:
    """M105: approaches in vain cost trust."""
    lead_id = await bench.has_lead()
    yuki = bench.person("yuki")
    await yuki.submits(await previewed(bench, lead_id), {})

    preview = await previewed_again(bench, lead_id)
    assert "前回のメール：本日" in all_words(preview.blocks)
    assert "山田 由紀" in all_words(preview.blocks)
    assert await yuki.submits(preview, {}) != {}
    assert len(queued_mails(bench)) == 1
    assert await yuki.submits(preview, {"24時間以内にメールをお送りしています": ["それでも送る"]}) == {}
    assert len(queued_mails(bench)) == 2


async def test_an_earlier_yes_to_write_again_is_no_yes_to_the_next_mail(bench: Bench) -> None:
    """M105: the form gives back what was typed, never the tick: since then a colleague may have written, too."""
    lead_id = await bench.has_lead()
    yuki = bench.person("yuki")
    await yuki.submits(await previewed(bench, lead_id), {})
    preview = await previewed_again(bench, lead_id)
    await yuki.chooses("24時間以内にメールをお送りしています", ["それでも送る"], on=preview)
    await yuki.chooses("本文", "山田様\n\n本日お電話します。", on=preview)
    await yuki.closes(everything=True)

    again = await previewed_again(bench, lead_id)
    assert again.typed["body"]["body"]["value"] == "山田様\n\n本日お電話します。"
    assert await yuki.submits(again, {}) != {}
    assert len(queued_mails(bench)) == 1


async def test_two_reps_who_write_at_once_do_not_both_write_unasked(bench: Bench) -> None:
    """M105: the mail of a colleague that went out while this one was read counts, too."""
    lead_id = await bench.has_lead()
    yuki = bench.person("yuki")
    early = await previewed(bench, lead_id)
    await bench.services.store.run(lambda tx: _mailed(tx, lead_id))

    await yuki.submits(early, {"本文": "山田様\n\n本日お電話します。"})
    assert queued_mails(bench) == []
    asked = await yuki.modal("プレビュー")
    assert "それでも送る" in all_words(asked.blocks)
    assert asked.typed["body"]["body"]["value"] == "山田様\n\n本日お電話します。"


async def test_a_mail_of_days_ago_is_told_and_asks_nothing(bench: Bench) -> None:
    """M105."""
    lead_id = await bench.has_lead()
    await bench.services.store.run(lambda tx: _mailed(tx, lead_id))
    bench.clock.advance(hours=25)
    preview = await previewed_again(bench, lead_id)
    assert "前回のメール" in all_words(preview.blocks)
    assert "それでも送る" not in all_words(preview.blocks)


async def test_a_mail_that_did_not_arrive_holds_no_other_back(bench: Bench) -> None:
    """M105."""
    lead_id = await bench.has_lead()
    await bench.services.store.run(lambda tx: _mailed(tx, lead_id))
    await bench.services.store.run(
        lambda tx: tx.record(MailFailed(lead_id=lead_id, by="system", to="taro@asahi.example", problem="550"))
    )
    assert "前回のメール" not in all_words((await previewed_again(bench, lead_id)).blocks)


async def test_a_mail_of_days_ago_that_comes_back_today_leaves_the_one_of_today_in_mind(bench: Bench) -> None:
    """M105."""
    lead_id = await bench.has_lead()
    await bench.services.store.run(lambda tx: _mailed(tx, lead_id))
    bench.clock.advance(hours=25)
    await bench.services.store.run(lambda tx: _mailed(tx, lead_id))
    await bench.services.store.run(
        lambda tx: tx.record(MailFailed(lead_id=lead_id, by="system", to="taro@asahi.example", problem="550"))
    )
    assert "それでも送る" in all_words((await previewed_again(bench, lead_id)).blocks)


def _mailed(tx: Transaction, lead_id: str) -> None:
    tx.record(MailQueued(lead_id=lead_id, by=YUKI, template="document", to="taro@asahi.example", subject="資料"))


FORM = """
[forms.{name}]
title = {{ ja = "資料請求", en = "Documents" }}
document = "https://www.example.com/{name}.pdf"
"""


@pytest.mark.parametrize(("language", "place"), [("日本語", "〔資料のURL"), ("英語", "[[paste the link")])
async def test_no_mail_leaves_with_a_place_that_the_rep_had_to_fill_in(bench: Bench, language: str, place: str) -> None:
    lead_id = await bench.has_lead(owner=YUKI)
    preview = await previewed(bench, lead_id, template="資料送付", language=language)
    body = preview.typed["body"]["body"]["value"]
    assert place in body

    refused = await bench.person("yuki").submits(preview, {})
    assert refused == {"本文": "〔　〕で示した箇所が残っています。書き換えるか、削除してから送信してください。"}
    assert queued_mails(bench) == []

    (line,) = [one for one in body.splitlines() if place in one]
    filled = body.replace(line, "https://www.example.com/guide.pdf")
    assert await bench.person("yuki").submits(preview, {"本文": filled}) == {}
    assert len(queued_mails(bench)) == 1


@pytest.mark.parametrize(
    ("forms", "came_by", "sent"),
    [
        (("cases", "prices"), "prices", "https://www.example.com/prices.pdf"),
        (("cases",), None, "https://www.example.com/cases.pdf"),
        (("cases", "prices"), None, "〔資料のURL"),
    ],
    ids=["behind the form they came by", "the only one there is", "the rep chooses between two"],
)
async def test_a_document_the_policy_knows_stands_in_its_mail(
    bench: Bench, tmp_path: Path, forms: tuple[str, ...], came_by: str | None, sent: str
) -> None:
    own = tmp_path / "own.toml"
    own.write_text("".join(FORM.format(name=name) for name in forms), "utf-8")
    bench.services.store.policy = load_policy(own)
    lead_id = await bench.has_lead(owner=YUKI)

    def comes_by_a_form(tx: Transaction) -> None:
        tx.get(Lead, lead_id).source = came_by

    await bench.services.store.run(comes_by_a_form)
    preview = await previewed(bench, lead_id, template="資料送付")
    assert sent in preview.typed["body"]["body"]["value"]


async def test_a_mail_ends_with_the_number_and_the_address_of_the_rep_who_sends_it(bench: Bench) -> None:
    bench.workspace.person("yuki").phone = "03-5555-0101"
    lead_id = await bench.has_lead(owner=YUKI)
    body = (await previewed(bench, lead_id)).typed["body"]["body"]["value"]
    assert "電話：03-5555-0101\nメール：yuki@sandbox.example" in body


async def test_a_firm_that_gives_out_no_numbers_of_its_reps_has_none_under_its_mails(
    bench: Bench, tmp_path: Path
) -> None:
    (tmp_path / "own.toml").write_text("[contact]\nphone_under_mails = false\n", "utf-8")
    bench.services.store.policy = load_policy(tmp_path / "own.toml")
    bench.workspace.person("yuki").phone = "03-5555-0101"
    lead_id = await bench.has_lead(owner=YUKI)
    for template in ("初回のご連絡", "お電話がつながらなかったとき"):
        body = (await previewed(bench, lead_id, template=template)).typed["body"]["body"]["value"]
        assert "03-5555-0101" not in body
        assert "メール：yuki@sandbox.example" in body
        await bench.person("yuki").closes(everything=True)


@pytest.mark.parametrize(
    ("zone", "language", "says"),
    [
        ("Asia/Tokyo", "日本語", "\n11月16日(月) 13:00までに改めてお電話いたします。"),
        ("Asia/Tokyo", "英語", "(Mon 16 Nov, 1:00 pm at the latest)"),
        ("America/New_York", "日本語", "\nNew York時間の11月15日(日) 23:00までに改めてお電話いたします。"),
        ("America/New_York", "英語", "(Sun 15 Nov, 11:00 pm New York time at the latest)"),
        (None, "英語", "(Mon 16 Nov, 1:00 pm Japan time at the latest)"),
    ],
)
async def test_the_time_of_the_next_call_is_told_on_the_clock_of_whoever_reads_it(
    bench: Bench, visit: Visit, zone: str | None, language: str, says: str
) -> None:
    """The firm is in Tokyo; whose clock it is goes without saying only there."""
    visit.prospect = Prospect(bench.services.store, token="of-another-visitor", zone=zone)
    visit.prospect.opens_chat()
    await visit.wants_a_person()
    lead_id = visit.prospect.lead.id
    address = Contact(name="山田", email="taro@asahi.example")
    await bench.services.store.run(
        lambda tx: say(tx, tx.get(Lead, lead_id), Topic.CONTACT, address, "taro@asahi.example")
    )
    bench.clock.advance(minutes=1)
    await bench.settle()
    body = (await previewed(bench, lead_id, template="お電話がつながらなかったとき", language=language)).typed["body"]
    assert says in body["body"]["value"]


async def test_after_a_missed_call_the_mail_says_by_when_we_call_again(bench: Bench) -> None:
    lead_id = await bench.has_lead(owner=YUKI)
    body = (await previewed(bench, lead_id, template="お電話がつながらなかったとき")).typed["body"]["body"]["value"]
    assert "\n日本時間の11月16日(月) 13:00までに改めてお電話いたします。" in body, "nobody knows where they are"
    bench.clock.advance(hours=4)
    await bench.settle()
    await bench.person("yuki").closes(everything=True)
    late = (await previewed(bench, lead_id, template="お電話がつながらなかったとき")).typed["body"]["body"]["value"]
    assert "\n改めてお電話いたします。" in late
