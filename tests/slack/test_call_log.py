"""Logging a call: what the rep heard goes into the same record, as theirs, and the clock stops (M36-M38, D11)."""

from datetime import date, timedelta

import pytest

from bot.sandbox.driver import all_words
from bot.sandbox.records import View
from bot.web.forms import Answer, take
from qualification.answers import PROSPECT
from qualification.bant import Budget, Company, Headcount, Topic
from qualification.calls import Call, Outcome, log_call
from qualification.records import Lead
from tests.desk import KEN, YUKI, Bench, calls_of


async def opened_form(bench: Bench, lead_id: str, who: str = "yuki") -> View:
    await bench.person(who).clicks("架電を記録", on=bench.card(lead_id))
    return await bench.person(who).modal()


async def test_the_form_shows_what_is_known_and_who_said_it(bench: Bench) -> None:
    lead_id = await bench.has_lead(knows_all=True)
    form = await opened_form(bench, lead_id)
    assert form.typed["budget"]["budget"]["value"] == "300万円"
    assert "お客様（チャット）「300万円です」" in all_words(form.blocks)


async def test_the_note_is_asked_for_before_what_it_is_read_into(bench: Bench) -> None:
    form = await opened_form(bench, await bench.has_lead())
    names = [block["element"]["action_id"] for block in form.blocks if block["type"] == "input"]
    assert names.index("call_note") < min(names.index(topic.value) for topic in (Topic.NEED, Topic.CONTACT))


async def test_only_what_the_rep_changed_is_recorded_as_theirs(bench: Bench) -> None:
    lead_id = await bench.has_lead(knows_all=True)
    form = await opened_form(bench, lead_id)
    await bench.person("yuki").submits(form, {"架電結果": "つながった", "予算": "500万円"})
    known = (await bench.dossier(lead_id)).known
    theirs = [answer for answer in known.stated if answer.said_by == YUKI]
    assert [answer.topic for answer in theirs] == [Topic.BUDGET]
    assert known.budget == Budget(minimum=5_000_000, maximum=5_000_000, currency="JPY")
    assert known.conflicts == (Topic.BUDGET,)
    await bench.settle()
    assert "お客様は「300万円」、山田 由紀さんの記録は「500万円」" in all_words(bench.card(lead_id).blocks)


async def test_a_form_that_says_what_the_rep_noted_leaves_the_word_of_the_prospect_to_be_cleared_up(
    bench: Bench,
) -> None:
    """D22, D29: three words on one topic, and the last proves nothing."""
    lead_id = await bench.has_lead(knows_all=True, owner=YUKI)
    form = await opened_form(bench, lead_id)
    await bench.person("yuki").submits(form, {"架電結果": "つながった", "予算": "500万円"})
    bench.clock.advance(minutes=1)
    typed = {"email": "taro@asahi.example", "company": "X", "budget": "500万円"}
    await take(bench.services, Answer(form="document", id="1", token="t" * 40, language="ja", fields=typed))
    await bench.settle()
    assert "お客様は「300万円」、山田 由紀さんの記録は「500万円」" in all_words(bench.card(lead_id).blocks)


async def test_what_a_form_says_under_somebodys_address_is_a_question_to_the_rep_and_no_answer(bench: Bench) -> None:
    """D22, D29: anybody can type an address."""
    lead_id = await bench.has_lead(knows_all=True, owner=YUKI)
    bench.clock.advance(minutes=1)
    typed = {"email": "taro@asahi.example", "company": "X", "budget": "予算なし"}
    await take(bench.services, Answer(form="document", id="1", token="t" * 40, language="ja", fields=typed))
    await bench.settle()
    assert "予算：記録は「300万円」ですが" in all_words(bench.card(lead_id).blocks)
    assert "フォームには「予算なし」" in all_words(bench.card(lead_id).blocks)

    form = await opened_form(bench, lead_id)
    await bench.person("yuki").submits(form, {"架電結果": "つながった", "予算": "300万円で確定"})
    await bench.settle()
    assert "予算なし" not in all_words(bench.card(lead_id).blocks)


async def test_a_pasted_note_fills_the_fields_left_empty_and_no_others(bench: Bench) -> None:
    lead_id = await bench.has_lead()
    form = await opened_form(bench, lead_id)
    note = "来年3月までに導入したいとのこと。予算は800万円くらい。"
    await bench.person("yuki").submits(form, {"架電結果": "つながった", "予算": "300万円", "メモ": note})
    known = (await bench.dossier(lead_id)).known
    assert known.budget == Budget(minimum=3_000_000, maximum=3_000_000, currency="JPY")
    assert known.timeframe is not None
    assert known.timeframe.latest == date(2027, 3, 31)
    assert known.about(Topic.NEED).said_by == PROSPECT  # type: ignore[union-attr]  # every lead here has a need


NOTE = "来年3月までに導入したいとのこと。予算は800万円くらい。部長の承認が必要。"


async def test_a_pasted_note_is_read_into_the_open_form_and_what_the_rep_typed_stays(bench: Bench) -> None:
    lead_id, yuki = await bench.has_lead(), bench.person("yuki")
    form = await opened_form(bench, lead_id)
    await yuki.chooses("架電結果", "つながった", on=form)
    await yuki.chooses("予算", "300万円", on=form)
    await yuki.chooses("メモ", NOTE, on=form)
    await yuki.clicks("メモを読み取る", on=form)
    await bench.settle()

    words = all_words(form.blocks)
    assert "メモから読み取りました：導入時期、決裁権。保存する前に、内容をご確認ください。" in words
    assert "メモから：「来年3月までに" in words
    held = {name: one["value"] for fields in form.typed.values() for name, one in fields.items() if one.get("value")}
    assert (held["budget"], held["timeframe"], held["call_note"]) == ("300万円", "2027年3月31日まで", NOTE)
    assert await yuki.submits(form) == {}
    known = (await bench.dossier(lead_id)).known
    assert known.budget == Budget(minimum=3_000_000, maximum=3_000_000, currency="JPY")
    assert known.timeframe is not None
    assert known.timeframe.latest == date(2027, 3, 31)
    approval = known.about(Topic.AUTHORITY)
    assert approval is not None
    assert (approval.said_by, approval.words) == (YUKI, "部長の承認が必要")


@pytest.mark.parametrize("presses", [True, False], ids=["read before it is saved", "read as it is saved"])
async def test_how_many_they_are_is_taken_from_the_note_beside_the_firms_name_that_was_known(
    bench: Bench, presses: bool
) -> None:
    lead_id, yuki = await bench.has_lead(company="みなと物流"), bench.person("yuki")
    form = await opened_form(bench, lead_id)
    await yuki.chooses("架電結果", "つながった", on=form)
    await yuki.chooses("メモ", "社員は120名とのこと。", on=form)
    if presses:
        await yuki.clicks("メモを読み取る", on=form)
        await bench.settle()
        assert form.typed["company_1"]["company"]["value"] == "みなと物流（社員120名）"
        assert "メモから：「120名」（これまで：みなと物流）" in all_words(form.blocks)
    assert await yuki.submits(form) == {}
    known = (await bench.dossier(lead_id)).known
    assert known.company == Company(name="みなと物流", headcount=Headcount(minimum=120, maximum=120))


async def test_another_firm_in_the_note_takes_no_place_of_the_one_we_know(bench: Bench) -> None:
    lead_id, yuki = await bench.has_lead(company="みなと物流"), bench.person("yuki")
    form = await opened_form(bench, lead_id)
    note = "株式会社北浜商店さん（500名）からのご紹介とのこと。"
    await yuki.submits(form, {"架電結果": "つながった", "メモ": note})
    assert (await bench.dossier(lead_id)).known.company == Company(name="みなと物流")


async def test_a_note_read_again_follows_the_note_but_not_over_what_was_corrected_by_hand(bench: Bench) -> None:
    lead_id, ken = await bench.has_lead(knows_all=True, language="en"), bench.person("ken")
    form = await opened_form(bench, lead_id, "ken")
    await ken.chooses("Note", "budget is about $30k, wants to start by March 2027", on=form)
    await ken.clicks("Read the note", on=form)
    await bench.settle()
    words = all_words(form.blocks)
    assert "Read from your note: Timeframe, Budget. Please check before you save." in words
    assert "(before: ¥3 million)" in words
    await ken.chooses("Timeframe", "by May 2027", on=form)
    await ken.chooses("Note", "budget is about $50k, wants to start by March 2027", on=form)
    await ken.clicks("Read the note", on=form)
    await bench.settle()
    assert "Read from your note: Budget. Please check before you save." in all_words(form.blocks)
    assert await ken.submits(form, {"How did it end?": "Connected"}) == {}
    known = (await bench.dossier(lead_id)).known
    assert known.budget is not None
    assert (known.budget.maximum, known.budget.currency) == (50_000, "USD")
    assert known.timeframe is not None
    assert known.timeframe.latest == date(2027, 5, 31)


@pytest.mark.parametrize(
    ("note", "sentence"),
    [
        ("", "先にメモを入力してから、もう一度押してください。"),
        ("折り返し待ち", "新しく読み取れる内容はありませんでした。"),
    ],
    ids=["no note", "nothing in it"],
)
async def test_a_note_without_answers_changes_nothing_and_says_so(bench: Bench, note: str, sentence: str) -> None:
    lead_id, yuki = await bench.has_lead(), bench.person("yuki")
    form = await opened_form(bench, lead_id)
    before = form.typed
    if note:
        await yuki.chooses("メモ", note, on=form)
    await yuki.clicks("メモを読み取る", on=form)
    await bench.settle()
    assert sentence in all_words(form.blocks)
    assert form.typed == before


async def test_what_cannot_be_read_in_a_field_from_the_note_is_said_under_it(bench: Bench) -> None:
    lead_id, yuki = await bench.has_lead(), bench.person("yuki")
    form = await opened_form(bench, lead_id)
    await yuki.chooses("メモ", NOTE, on=form)
    await yuki.clicks("メモを読み取る", on=form)
    await bench.settle()
    errors = await yuki.submits(form, {"架電結果": "つながった", "予算": "ほげほげ"})
    assert list(errors) == ["予算"]


async def test_what_cannot_be_read_is_said_under_its_field_and_nothing_is_recorded(bench: Bench) -> None:
    lead_id = await bench.has_lead()
    form = await opened_form(bench, lead_id)
    errors = await bench.person("yuki").submits(form, {"架電結果": "つながった", "予算": "ほげほげ"})
    assert list(errors) == ["予算"]
    assert "例：300万円くらい" in errors["予算"]
    dossier = await bench.dossier(lead_id)
    assert "call_logged" not in [event.kind for event in dossier.history]
    assert await bench.person("yuki").submits(form, {"予算": "300万円"}) == {}


@pytest.mark.parametrize(
    ("hours", "sentence"),
    [(None, "かけ直す日時を選んでください。"), (-1, "これからの日時を選んでください。")],
    ids=["no time", "a time that has passed"],
)
async def test_a_call_back_needs_a_time_that_is_still_to_come(bench: Bench, hours: int | None, sentence: str) -> None:
    lead_id = await bench.has_lead()
    form = await opened_form(bench, lead_id)
    at = {} if hours is None else {"かけ直す日時": bench.clock() + timedelta(hours=hours)}
    yuki = bench.person("yuki")
    assert await yuki.submits(form, {"架電結果": "かけ直し", **at}) == {"かけ直す日時": sentence}

    assert await yuki.submits(form, {"かけ直す日時": bench.clock() + timedelta(hours=1)}) == {}
    assert await calls_of(bench, lead_id) == 1, "what was refused had no effect, and did not count as sent in"


@pytest.mark.parametrize("outcome", ["不在", "つながった"])
async def test_an_hour_chosen_beside_another_outcome_rings_the_owner_as_well(bench: Bench, outcome: str) -> None:
    lead_id = await bench.has_lead(owner=YUKI)
    yuki = bench.person("yuki")
    await yuki.clicks("架電を記録", on=bench.card(lead_id))
    at = bench.clock() + timedelta(hours=3)
    assert await yuki.submits(await yuki.modal("架電を記録"), {"架電結果": outcome, "かけ直す日時": at}) == {}
    bench.clock.now = at
    await bench.settle()

    assert (
        bench.thread(lead_id)[-1].text
        == f"<@{YUKI}> アサヒ工業 山田 太郎様へかけ直すお約束の時刻です。お電話をお願いします。"
    )


async def test_the_managers_hear_of_a_call_back_that_nobody_makes_and_that_they_had_been_reached(bench: Bench) -> None:
    lead_id = await bench.has_lead(owner=YUKI)
    at = bench.clock() + timedelta(hours=3)
    call = Call(outcome=Outcome.CALL_BACK, call_back_at=at)
    await bench.services.store.run(lambda tx: log_call(tx, tx.get(Lead, lead_id), call, by=YUKI))
    await bench.settle()
    for hours in (0, 1.5, 3):
        bench.clock.now = at + timedelta(hours=hours)
        await bench.settle()

    said = [line.text for line in bench.thread(lead_id) if "お約束のご連絡がまだです" in line.text]
    assert any(f"<@{YUKI}>" in line for line in said)
    assert any("お約束のご連絡がまだです" in alarm.text for alarm in bench.managers_see())


async def test_a_call_back_rings_the_owner_when_its_time_has_come(bench: Bench) -> None:
    lead_id = await bench.has_lead()
    form = await opened_form(bench, lead_id)
    at = bench.clock() + timedelta(hours=2)
    assert await bench.person("yuki").submits(form, {"架電結果": "かけ直し", "かけ直す日時": at}) == {}
    bench.clock.advance(hours=2)
    await bench.settle()
    assert f"<@{YUKI}>" in bench.thread(lead_id)[-1].text
    assert "かけ直す" in bench.thread(lead_id)[-1].text


async def test_who_logs_a_call_on_a_free_lead_owns_it(bench: Bench) -> None:
    lead_id = await bench.has_lead()
    form = await opened_form(bench, lead_id, "ken")
    assert form.title == "Log a call"
    await bench.person("ken").submits(form, {"How did it end?": "No answer"})
    dossier = await bench.dossier(lead_id)
    assert dossier.lead.owner_id == KEN
    assert dossier.follow_up is not None
    assert dossier.follow_up.status == "met"


async def test_a_rep_who_presses_on_the_lead_of_another_is_told_whose_it_is(bench: Bench) -> None:
    lead_id = await bench.has_lead()
    await bench.person("yuki").clicks("担当する", on=bench.card(lead_id))
    await bench.settle()
    ken = bench.person("ken")
    for button in ("架電を記録", "メールを送る", "差し戻す", "スヌーズ", "聞き取りを進める"):
        await ken.clicks(button, on=bench.card(lead_id))
    await bench.settle()
    told = {message.text for message in ken.sees_privately("#leads")}
    assert told == {"This lead belongs to 山田 由紀. Please talk to 山田 由紀 or to a manager."}
    assert ken.open_modal is None


async def test_a_form_that_stood_open_is_judged_as_things_are_now(bench: Bench) -> None:
    lead_id = await bench.has_lead()
    form = await opened_form(bench, lead_id, "ken")
    await bench.person("yuki").clicks("担当する", on=bench.card(lead_id))
    refused = await bench.person("ken").submits(form, {"How did it end?": "Connected"})
    assert "This lead belongs to 山田 由紀" in refused["How did it end?"]
    assert "call_logged" not in [event.kind for event in (await bench.dossier(lead_id)).history]


async def test_a_manager_may_log_a_call_on_every_lead(bench: Bench) -> None:
    lead_id = await bench.has_lead(owner=YUKI)
    form = await opened_form(bench, lead_id, "megumi")
    assert await bench.person("megumi").submits(form, {"架電結果": "不在"}) == {}
    assert (await bench.dossier(lead_id)).lead.owner_id == YUKI


async def test_a_form_sent_in_three_times_is_one_call(bench: Bench) -> None:
    lead_id = await bench.has_lead()
    form = await opened_form(bench, lead_id)
    bench.workspace.faults.repeat_next(3)
    await bench.person("yuki").submits(form, {"架電結果": "話し中"})
    kinds = [event.kind for event in (await bench.dossier(lead_id)).history]
    assert kinds.count("call_logged") == 1


async def test_do_not_contact_takes_every_button_from_the_card(bench: Bench) -> None:
    lead_id = await bench.has_lead()
    form = await opened_form(bench, lead_id)
    await bench.person("yuki").submits(form, {"架電結果": "連絡停止の希望", "メモ": "もう電話しないで"})
    await bench.settle()
    card = bench.card(lead_id)
    assert "連絡禁止" in all_words(card.blocks)
    assert [block for block in card.blocks if block["type"] == "actions"] == []


async def test_how_long_they_talked_stands_with_the_proof(bench: Bench) -> None:
    lead_id = await bench.has_lead()
    form = await opened_form(bench, lead_id)
    errors = await bench.person("yuki").submits(form, {"架電結果": "つながった", "通話時間（分）": "長い"})
    assert errors == {"通話時間（分）": "5のように、分単位の数字で入力してください。"}
    assert await bench.person("yuki").submits(form, {"通話時間（分）": "7"}) == {}
    await bench.settle()
    clock = (await bench.dossier(lead_id)).follow_up
    assert clock is not None
    assert clock.evidence == {"kind": "call", "detail": "connected", "by": YUKI, "minutes": 7}
    words = all_words(bench.card(lead_id).blocks)
    assert "つながった ・ 7分" in words
    assert "内訳：Slackへの通知まで" in words
