"""Whatever a prospect wrote, Slack takes every surface of ours, and nobody is rung by their words (S6)."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.bootstrap import Services
from bot.definition import Definition
from bot.sandbox.validate import problems_in_blocks, problems_in_view, text_length
from bot.slack import blocks, lines
from bot.slack.alike import compare_form
from bot.slack.call_log import call_form
from bot.slack.call_note import filled
from bot.slack.card import card
from bot.slack.deal import deal_form
from bot.slack.deed_line import Done, deed_message
from bot.slack.digest import digest_message
from bot.slack.drafts import restored
from bot.slack.explained import left_out, rules_message, why_message
from bot.slack.handover import hand_back_form
from bot.slack.home_view import LISTS, ROWS, HomeFacts, Page, home_view
from bot.slack.outcomes import call_back_form
from bot.slack.outreach import MadeOf, choice_form, mail_form
from bot.slack.people import Colleague
from bot.slack.people import Role as PersonRole
from bot.slack.press import Form, Place
from bot.slack.queue import Waiting, list_of
from bot.slack.reassign import reassign_form
from bot.slack.rep_interview import step_form
from bot.slack.script import facts_for_templates, talk_script
from bot.slack.shortcuts import new_form, pick_form
from bot.slack.snooze import snooze_form
from bot.slack.team import Load, Today
from bot.slack.voice import Voice
from bot.why_in_words import why_lines
from qualification.answers import PROSPECT, Known, Stated
from qualification.bant import (
    Authority,
    Budget,
    Clarity,
    Company,
    Contact,
    Headcount,
    Need,
    Role,
    Timeframe,
    Topic,
    Value,
)
from qualification.calls import Call, Heard, Outcome, log_call
from qualification.deeds import SAID_AS, Kind
from qualification.digest import Digest, RepDay
from qualification.dossier import Dossier, dossier_of
from qualification.duplicates import Alike, Sign
from qualification.policy import load_policy, shipped_policy
from qualification.records import Lead
from qualification.rows import values_of
from qualification.store import Transaction
from tests.desk import MONDAY_TEN, YUKI, make_dossier, qualified_lead
from tests.slack.hostile import hostile_strings

HOSTILE = hostile_strings()
TEXT_BUDGET = 12_000
EVENT = {"by": "prospect", "at": MONDAY_TEN.isoformat()}
LANGUAGES = ["ja", "en"]
A_NUMBER = re.compile(r"tel:\+?[0-9]+\|[-+0-9() ]+")
STRANGER = "U0STRANGER1"
FACTS_OF: dict[str, Callable[[str], dict[str, Any]]] = {
    "owner_changed": lambda text: {"before": None, "after": YUKI},
    "call_logged": lambda text: {"outcome": "busy", "grade": "attempt", "note": text, "call_back_at": None},
    "stage_moved": lambda text: {
        "before": "TQL",
        "after": "SAL",
        "rule": "sal_accepted",
        "policy": "standard-1",
        "evidence": ["accepted"],
        "words": text,
    },
    "handed_back": lambda text: {"reason": text, "is_nobodys": True},
    "result_told": lambda text: {"result": "won", "amount": 3_000_000, "currency": "JPY", "words": text},
    "kept_apart": lambda text: {"other_id": "0" * 32},
    "leads_merged": lambda text: {"merged_id": "0" * 32, "same": ["email"]},
    "follow_up_snoozed": lambda text: {"rule": "first_contact", "until": MONDAY_TEN.isoformat(), "reason": text},
}


@pytest.fixture
def dossier_with(services: Services) -> Callable[..., Dossier]:
    return lambda **given: make_dossier(services, **given)


def saying(dossier: Dossier, text: str) -> Dossier:
    """The same lead, had they written this everywhere."""
    lead = Lead.model_validate(values_of(dossier.lead) | {"company": text, "person": text})
    return replace(dossier, lead=lead, known=Known(tuple(_said(answer, text) for answer in dossier.known.stated)))


def _said(answer: Stated, text: str) -> Stated:
    value = answer.value
    if isinstance(value, (Company, Contact)):
        value = replace(value, name=text)
    if isinstance(value, Authority):
        value = replace(value, approver=text)
    return answer._replace(value=value, words=text)


def voice_of(services: Services, language: str) -> Voice:
    return Voice(words=services.words, language=language, now=services.clock())


def messages_of(dossier: Dossier, voice: Voice, text: str) -> Iterator[dict[str, Any]]:
    yield card(dossier, voice, alike=twin(dossier))
    yield card(disputed(dossier), voice)
    yield talk_script(dossier, voice)
    for event in ("message_left", "question_asked", "person_wanted"):
        yield lines.line_message({**EVENT, "event": event, "facts": {"words": text}}, dossier, voice, (YUKI,))
    reps = tuple(RepDay(rep_id=text, met=99, met_late=9, waiting=99, late=9) for _ in range(50))
    day = Digest(day=MONDAY_TEN.date(), until=MONDAY_TEN, new=999, qualified=999, by_rep=reps)
    yield digest_message(day, {text: text}, shipped_policy().first_contact, voice)
    for kind in Kind:
        for undone in (False, True):
            said = {**EVENT, "event": SAID_AS[kind], "facts": FACTS_OF[SAID_AS[kind]](text), "by": YUKI}
            yield deed_message(said, Done(id="0" * 32, kind=kind, undone=undone), dossier, voice)
    for nobodys in (False, True):
        back = {"event": "handed_back", "facts": {"reason": text, "is_nobodys": nobodys}, **EVENT, "by": YUKI}
        yield lines.line_message(back, dossier, voice, ())
    yield blocks.message(text, list_of(text, [Waiting(lead=dossier.lead, due_at=MONDAY_TEN)], voice, ("lead_claim",)))


def disputed(dossier: Dossier) -> Dossier:
    """The same lead, had a rep noted something else about everything."""
    said = dossier.known.stated
    noted = [one._replace(value=_otherwise(one.value), said_by=YUKI) for one in said]
    return replace(dossier, known=Known((*said, *noted)))


def _otherwise(value: Value) -> Value:
    match value:
        case Need():
            return replace(value, present=not value.present)
        case Authority():
            return replace(value, role=Role.NONE)
        case Budget() | Timeframe():
            return replace(value, clarity=Clarity.UNDECIDED)
    return value


def twin(dossier: Dossier) -> Alike:
    return Alike(lead=dossier.lead, ways=tuple(Sign))


def views_of(dossier: Dossier, voice: Voice, services: Services, text: str) -> Iterator[dict[str, Any]]:
    yield call_form(dossier, voice)
    yield restored(call_form(dossier, voice), left_in(call_form(dossier, voice), text), voice)
    yield filled(
        _opened(call_form(dossier, voice)),
        [Heard(topic=one.topic, value=one.value, words=text) for one in dossier.known.stated],
        dossier.known,
        voice,
    )
    yield choice_form(dossier, voice)
    mail = services.words.mail("first_contact", dossier.lead.language, facts_for_templates(dossier, voice, "ja"))
    yield mail_form(dossier.lead, MadeOf(template="first_contact"), mail, voice)
    yield call_back_form(dossier, "0" * 32, None, voice, services.store.policy)
    yield hand_back_form(dossier.lead, voice)
    yield snooze_form(dossier.lead, voice)
    yield deal_form(dossier.lead.id, voice.title(text, text), voice)
    yield step_form(dossier, set(), voice, services.store.policy, voice.now)
    yield step_form(dossier, {"by_when", "who_decides", "budget_range"}, voice, services.store.policy, voice.now)
    yield pick_form(voice)
    yield compare_form(dossier, dossier, twin(dossier), voice)
    yield new_form(text, voice)
    yield reassign_form(dossier, voice)


def _opened(view: dict[str, Any]) -> Form:
    """A form as it stands open, empty."""
    someone = Colleague(id=YUKI, name="由紀", language="ja", zone=ZoneInfo("Asia/Tokyo"), role=PersonRole.REP)
    place = Place(user_id=YUKI, response_url=None, trigger_id=None, in_modal=True)
    return Form(
        by=someone,
        once="",
        place=place,
        name="",
        memory=json.loads(view["private_metadata"]),
        fields={},
        blocks={},
        view=view,
    )


def left_in(view: dict[str, Any], text: str) -> dict[str, Any]:
    """Every field of a form holds this text, as Slack tells it when the form is closed."""
    inputs = [block for block in view["blocks"] if block["type"] == "input"]
    return {block["element"]["action_id"]: {"value": text} for block in inputs}


def fullest_home(lead: Lead, voice: Voice, text: str) -> dict[str, Any]:
    """A manager's Home with every list full and pages before and after each."""
    pages = tuple(
        Page(name=name, number=1, rows=tuple(_row(lead, name, number) for number in range(ROWS)), has_more=True)
        for name in LISTS
    )
    loads = tuple(Load(name=text, running=99, late=9) for _ in range(30))
    return home_view(HomeFacts(today=Today(met=9, late=9), pages=pages, team=loads, names={YUKI: text}), voice)


def _row(lead: Lead, name: str, number: int) -> Waiting:
    owner = None if name == "unclaimed" else YUKI
    row = Lead.model_validate(values_of(lead) | {"id": f"{number:032x}", "stage": "TQL", "owner_id": owner})
    return Waiting(lead=row, due_at=MONDAY_TEN)


def marked_texts(node: Any) -> Iterator[str]:
    """Every text that Slack reads as markup."""
    if isinstance(node, dict):
        if node.get("type") == "mrkdwn":
            yield node["text"]
        for value in node.values():
            yield from marked_texts(value)
    elif isinstance(node, list):
        for value in node:
            yield from marked_texts(value)


def plain_texts(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if node.get("type") in ("plain_text", "text") and isinstance(node.get("text"), str):
            yield node["text"]
        for value in node.values():
            yield from plain_texts(value)
    elif isinstance(node, list):
        for value in node:
            yield from plain_texts(value)


def only_our_markup(text: str) -> bool:
    """Nothing between angle brackets but our own date, the people we call, and a number that is one."""
    inside = [part.split(">")[0] for part in text.split("<")[1:]]
    return all(part.startswith(("!date^", f"@{YUKI}")) or A_NUMBER.fullmatch(part) for part in inside)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("knows_all", [False, True], ids=["little known", "all known"])
def test_slack_takes_every_surface_whatever_a_prospect_wrote(
    services: Services, dossier_with: Callable[..., Dossier], language: str, knows_all: bool
) -> None:
    voice = voice_of(services, language)
    honest = dossier_with(knows_all=knows_all, language=language, owner=YUKI if knows_all else None)
    first = (LANGUAGES.index(language) + knows_all) % 2
    for text in HOSTILE[first::2]:  # each in both languages, in one with little and in the other with all known
        dossier = saying(honest, text)
        for message in messages_of(dossier, voice, text):
            assert problems_in_blocks(message["blocks"], surface="message") == []
            assert text_length(message["blocks"]) <= TEXT_BUDGET
            assert message["text"]
            assert only_our_markup(message["text"])
            assert all(only_our_markup(marked) for marked in marked_texts(message["blocks"]))
        for view in views_of(dossier, voice, services, text):
            assert_slack_takes(view)


@pytest.mark.parametrize("language", LANGUAGES)
def test_slack_takes_the_fullest_home_whatever_prospects_and_reps_are_called(
    services: Services, dossier_with: Callable[..., Dossier], language: str
) -> None:
    voice, honest = voice_of(services, language), dossier_with(language=language)
    for text in HOSTILE:
        assert_slack_takes(fullest_home(saying(honest, text).lead, voice, text))


OF_OURS = ("value", "action_id", "block_id", "callback_id", "external_id", "private_metadata")


def kept_for_us(node: Any) -> Iterator[str]:
    """Everything Slack keeps for us and brings back: no reader sees it, everybody's app may."""
    if isinstance(node, dict):
        for name, value in node.items():
            if name in OF_OURS and isinstance(value, str):
                yield value
            yield from kept_for_us(value)
    elif isinstance(node, list):
        for value in node:
            yield from kept_for_us(value)


def test_no_name_and_no_word_of_a_prospect_stands_where_slack_keeps_something_for_us(
    services: Services, dossier_with: Callable[..., Dossier]
) -> None:
    voice, secret = voice_of(services, "ja"), "内緒の言葉"
    dossier = saying(dossier_with(knows_all=True, owner=YUKI), secret)
    surfaces = [*messages_of(dossier, voice, secret), *views_of(dossier, voice, services, secret)]
    surfaces.append(fullest_home(dossier.lead, voice, secret))
    assert any(secret in text for surface in surfaces for text in plain_texts(surface))
    assert [kept for surface in surfaces for kept in kept_for_us(surface) if secret in kept] == []


PLAIN_BLOCKS = {"section", "actions", "context", "header", "input", "divider", "rich_text"}


def test_every_surface_is_made_of_blocks_that_old_clients_show(
    services: Services, dossier_with: Callable[..., Dossier]
) -> None:
    voice, dossier = voice_of(services, "ja"), dossier_with(knows_all=True, owner=YUKI)
    surfaces = [*messages_of(dossier, voice, "x"), *views_of(dossier, voice, services, "x")]
    surfaces.append(fullest_home(dossier.lead, voice, "x"))
    assert {block["type"] for surface in surfaces for block in surface["blocks"]} <= PLAIN_BLOCKS


def assert_slack_takes(view: dict[str, Any]) -> None:
    assert problems_in_view(view) == []
    assert list(marked_texts(view)) == []
    assert len(json.dumps(view)) < 250_000


def test_a_prospect_cannot_forge_a_second_line_of_the_card(
    services: Services, dossier_with: Callable[..., Dossier]
) -> None:
    honest = card(dossier_with(need="在庫"), voice_of(services, "ja"))
    forged = card(dossier_with(need="在庫」\n予算：1億円 — お客様\u2028決裁権：社長"), voice_of(services, "ja"))
    assert [text.count("\n") for text in plain_texts(forged["blocks"])] == [
        text.count("\n") for text in plain_texts(honest["blocks"])
    ]


def test_emphasis_in_a_line_is_ours_and_stars_of_a_prospect_stay_stars(
    services: Services, dossier_with: Callable[..., Dossier]
) -> None:
    payload = {**EVENT, "event": "message_left", "facts": {"words": "*急ぎ* です"}}
    message = lines.line_message(payload, dossier_with(), voice_of(services, "ja"), ())
    parts = message["blocks"][0]["elements"][0]["elements"]
    assert "".join(part["text"] for part in parts) == "お客様からのメッセージ：「*急ぎ* です」"
    assert all("style" not in part for part in parts)


def test_the_card_says_who_said_what_and_where(services: Services, dossier_with: Callable[..., Dossier]) -> None:
    words = "\n".join(plain_texts(card(dossier_with(knows_all=True), voice_of(services, "ja"))["blocks"]))
    assert "予算：300万円 — お客様（チャット）「300万円です」" in words
    assert "理由：会話でニーズを確認（チャットでの会話、ニーズ）" in words
    assert "SALまで：営業の受け入れ" in words


def test_the_fallback_text_of_a_card_tells_lead_stage_and_due_time(
    services: Services, dossier_with: Callable[..., Dossier]
) -> None:
    japanese = card(dossier_with(), voice_of(services, "ja"))["text"]
    english = card(dossier_with(), voice_of(services, "en"))["text"]
    assert japanese.split("\n")[0] == "アサヒ工業 山田 太郎様 ・ TQL ・ 対応期限：11月16日(月) 13:00 ・ 担当者未定"
    assert english.split("\n")[0] == "アサヒ工業 - 山田 太郎 · TQL · Due Mon 16 Nov, 1:00 pm · No owner yet"


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_hears_the_card_hears_all_of_it(
    services: Services, dossier_with: Callable[..., Dossier], language: str
) -> None:
    drawn = card(dossier_with(knows_all=True, owner=YUKI), voice_of(services, language))
    for block in drawn["blocks"]:
        if block["type"] in ("section", "context"):
            for line in "\n".join(plain_texts(block)).split("\n"):
                assert blocks.escaped(line) in drawn["text"]


def test_the_card_says_how_many_they_are_and_which_language_they_speak(
    services: Services, dossier_with: Callable[..., Dossier]
) -> None:
    theirs = "\n".join(plain_texts(card(dossier_with(language="en"), voice_of(services, "ja"))["blocks"]))
    assert " ・ 英語\n" in theirs
    ours = "\n".join(plain_texts(card(dossier_with(), voice_of(services, "ja"))["blocks"]))
    assert "日本語" not in ours
    assert "会社：" not in ours

    firm = Stated(
        topic=Topic.COMPANY,
        value=Company(name="アサヒ工具", headcount=Headcount(minimum=350, maximum=350)),
        words="アサヒ工具 350名",
        certainty=0.9,
        said_by=PROSPECT,
        via="chat",
        at=MONDAY_TEN,
    )
    told = dossier_with()
    told = replace(told, known=told.known.with_answer(firm))
    assert "会社：アサヒ工具（社員350名） — お客様（チャット）" in "\n".join(
        plain_texts(card(told, voice_of(services, "ja"))["blocks"])
    )


def test_the_card_says_what_to_ask_next_and_how(services: Services, dossier_with: Callable[..., Dossier]) -> None:
    words = "\n".join(plain_texts(card(dossier_with(), voice_of(services, "ja"))["blocks"]))
    assert "次に伺うこと（導入時期）：「" in words
    everything = "\n".join(plain_texts(card(dossier_with(knows_all=True), voice_of(services, "ja"))["blocks"]))
    assert "次に伺うこと" not in everything


@pytest.mark.parametrize(
    ("language", "before", "complete", "after"),
    [("ja", "*対応期限：", "11月16日(月) 13:00", "*"), ("en", "*Due ", "Mon 16 Nov, 1:00 pm", "*")],
)
def test_the_due_time_stands_once_on_the_card_in_the_readers_zone_and_complete_without_it(
    services: Services, dossier_with: Callable[..., Dossier], language: str, before: str, complete: str, after: str
) -> None:
    (line,) = marked_texts(card(dossier_with(), voice_of(services, language))["blocks"])
    due = int((MONDAY_TEN + timedelta(hours=3)).timestamp())
    assert line == f"{before}<!date^{due}^{{date_short_pretty}} {{time}} ({{ago}})|{complete}>{after}"


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("ja", "TQL ・ ウォーム ・ ニーズ：課題あり — お客様（チャット）「*在庫* <!channel>」"),
        ("en", "TQL · Warm · Need: Has a problem — the prospect (chat) “*在庫* <!channel>”"),
    ],
)
def test_why_a_lead_matters_is_said_in_stage_temperature_and_need_as_plain_text(
    services: Services, dossier_with: Callable[..., Dossier], language: str, said: str
) -> None:
    line = lines.why_it_matters(dossier_with(need="*在庫*\n<!channel>"), voice_of(services, language))
    message = lines.called_out(line, ())
    assert "".join(plain_texts(message["blocks"])) == said
    assert message["text"] == blocks.escaped(said)
    assert list(marked_texts(message["blocks"])) == []


@pytest.mark.parametrize(
    ("language", "owner", "asked"),
    [
        ("ja", None, "担当できる方にカードの「担当する」を押してもらうか、ご自身で押して、対応をお願いします。"),
        ("ja", YUKI, "ご本人への確認をお願いします。"),
        ("en", None, "Please ask somebody to press “Claim” on its card, or press it yourself."),
        ("en", YUKI, "Please check with them."),
    ],
)
def test_an_escalation_asks_only_for_what_slack_offers(
    services: Services, dossier_with: Callable[..., Dossier], language: str, owner: str | None, asked: str
) -> None:
    payload = {**EVENT, "event": "step_taken", "facts": {"step": "due", "tells": "manager"}}
    dossier, voice = dossier_with(owner=owner), voice_of(services, language)
    assert lines.line_of(payload, dossier, voice, called=False, to_managers=True).endswith(asked)


@pytest.mark.parametrize(
    ("language", "owner", "asked"),
    [
        (
            "ja",
            None,
            "担当者は未定です。「担当する」を押してから、お電話かメールをお願いします。マネージャーにも通知しました。",
        ),
        ("ja", YUKI, "お電話かメールをお願いします。マネージャーにも通知しました。"),
        ("en", None, "Please press “Claim”, then call or write. The managers have been told, too."),
        ("en", YUKI, "Please call or write. The managers have been told, too."),
    ],
)
def test_an_escalation_asks_the_rep_in_the_thread_for_the_call_and_not_to_check_with_the_rep(
    services: Services, dossier_with: Callable[..., Dossier], language: str, owner: str | None, asked: str
) -> None:
    dossier, voice = dossier_with(owner=owner), voice_of(services, language)
    for step in ("due", "overdue"):
        payload = {**EVENT, "event": "step_taken", "facts": {"step": step, "tells": "manager"}}
        said = "".join(plain_texts(lines.line_message(payload, dossier, voice, ())["blocks"]))
        assert said.endswith(asked)
        assert voice.title(dossier.lead.company, dossier.lead.person) in said


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_card_has_at_most_four_buttons_and_a_menu(
    services: Services, dossier_with: Callable[..., Dossier], language: str
) -> None:
    for owner in (None, YUKI):
        drawn = card(dossier_with(owner=owner), voice_of(services, language))["blocks"][-1]
        kinds = [element["type"] for element in drawn["elements"]]
        assert kinds.count("button") <= 4
        assert kinds[-1] == "overflow"


def test_the_talk_script_shows_only_what_is_still_unknown(
    services: Services, dossier_with: Callable[..., Dossier]
) -> None:
    little = "\n".join(plain_texts(talk_script(dossier_with(), voice_of(services, "ja"))["blocks"]))
    assert "【ニーズ】" not in little
    assert [f"【{topic}】" in little for topic in ("導入時期", "決裁権", "予算")] == [True, True, True]
    everything = list(plain_texts(talk_script(dossier_with(knows_all=True), voice_of(services, "ja"))["blocks"]))
    assert everything[0] == "BANTの4項目はすべて確認済みです。"
    assert [line.partition("\n")[0] for line in everything[1:]] == ["【はじめに】", "【利用経験】", "【おわりに】"]


@pytest.mark.parametrize(
    ("language", "asked"), [("ja", "似た製品をお使いになった"), ("en", "used a product like this before")]
)
def test_the_talk_script_asks_whether_they_have_used_anything_like_it(
    services: Services, dossier_with: Callable[..., Dossier], language: str, asked: str
) -> None:
    """M37."""
    for dossier in (dossier_with(language=language), dossier_with(language=language, knows_all=True)):
        assert asked in "\n".join(plain_texts(talk_script(dossier, voice_of(services, language))["blocks"]))


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_owner_slack_has_not_shown_us_is_no_id_to_anybody(
    services: Services, dossier_with: Callable[..., Dossier], language: str
) -> None:
    """The routing may name somebody who has never pressed a button here."""
    dossier, voice = dossier_with(owner=STRANGER), voice_of(services, language)
    late = {"event": "step_taken", "by": "clock", "facts": {"rule": "first_contact", "step": "due", "tells": "manager"}}
    told = lines.line_of(late, dossier, voice, called=False, to_managers=True)
    drawn = [lines.called_out(told, ()), card(dossier, voice), reassign_form(dossier, voice)]
    for words in drawn:
        assert STRANGER not in "".join(plain_texts(words))
        assert voice.label("actor", "no_name_yet") in "".join(plain_texts(words))
    assert facts_for_templates(dossier, voice, language)["rep_name"] == "", "and nobody in a mail"


@pytest.mark.parametrize("language", LANGUAGES)
def test_rules_longer_than_a_message_are_told_with_what_is_left_out(
    services: Services, tmp_path: Path, language: str
) -> None:
    own = tmp_path / "own.toml"
    rules = (
        f'rule_{n} = {{ points = 5, when = [{{ did = ["seminar_attended"], times = {n + 2} }}] }}\n' for n in range(500)
    )
    own.write_text(f"[score.rules]\n{''.join(rules)}", "utf-8")
    voice = voice_of(services, language)
    told = rules_message(Definition(load_policy(own), voice.words, language), voice)
    words = "\n".join(plain_texts(told["blocks"]))
    assert "bantline policy explain" in words
    assert {"ja": "行を省略しました", "en": "lines are left out here"}[language] in words
    assert problems_in_blocks(told["blocks"], surface="message") == []
    assert text_length(told["blocks"]) <= TEXT_BUDGET


def test_a_line_longer_than_a_section_goes_on_in_the_next() -> None:
    long = "".join(f"{number:05}" for number in range(800))
    drawn = [block["text"]["text"] for block in blocks.sections(["before", long, "after"])]
    assert "".join(drawn).replace("\n", "") == f"before{long}after"
    assert max(map(len, drawn)) <= blocks.SECTION


@pytest.mark.parametrize(
    ("lines", "missing"),
    [
        (["x" * 12_000], ["0"]),
        (["before", "x" * 30_000, "after"], ["0"]),
        (["before", "x" * 9_000, "y" * 9_000, "z" * 9_000, "after"], ["0", "1"]),
        (["x" * 2_400] * 5, ["1"]),
        (["x" * 2_400] * 10, ["6"]),
    ],
)
def test_of_a_listing_too_long_for_a_message_as_much_is_shown_as_fits_and_the_rest_is_named(
    lines: list[str], missing: list[str]
) -> None:
    told = blocks.shortened(lines, lambda count: f"left out: {count}")
    shown = [line for line in told if not line.startswith("left out")]
    letters, room = sum(len(line) + 1 for line in shown), blocks.BEGINNING + blocks.END
    assert [line.removeprefix("left out: ") for line in told if line not in shown] == missing
    assert room - 2_400 <= letters <= room + 1, "a last line may end the message"
    assert lines[-1].startswith(shown[-1].rstrip(blocks.ELLIPSIS)), "the end is shown as well"


@pytest.mark.parametrize(("language", "said"), [("ja", "ここで1行を省略"), ("en", "1 line is left out here")])
def test_a_single_line_that_is_left_out_is_told_in_the_singular(services: Services, language: str, said: str) -> None:
    assert said in left_out("bantline policy explain", voice_of(services, language))(1)


def test_why_a_lead_stands_where_it_stands_is_told_to_the_last_line(
    services: Services, dossier_with: Callable[..., Dossier]
) -> None:
    """Slack shows 3,000 letters of a section; a lead of some months has more reasons than fit."""
    dossier = dossier_with()
    told = why_message(replace(dossier, history=dossier.history * 80), services.store.policy, voice_of(services, "ja"))
    lines = list(why_lines(replace(dossier, history=dossier.history * 80), services.store.policy, services.words, "ja"))
    shown = [line for block in told["blocks"][1:] for line in block["text"]["text"].split("\n")]

    assert sum(map(len, lines)) > blocks.SECTION
    assert shown == lines
    assert problems_in_blocks(told["blocks"], surface="message") == []


@pytest.mark.parametrize(
    ("language", "reason"),
    [
        ("en", "Quick answer to our contact (2026-11-16 10:00) [our hypothesis]"),
        ("ja", "こちらの連絡に迅速に返答（2026-11-16 10:00）"),
    ],
)
def test_a_quick_answer_stands_among_the_reasons_of_the_score_and_on_the_card(
    services: Services, language: str, reason: str
) -> None:
    """M34."""

    def work(tx: Transaction) -> Dossier:
        lead = qualified_lead(tx)
        log_call(tx, lead, Call(outcome=Outcome.CONNECTED), by=YUKI)
        return dossier_of(tx, lead.id, policy=tx.policy, now=tx.now)

    dossier = services.store.run_here(work)
    told = list(why_lines(dossier, services.store.policy, services.words, language))
    drawn = "".join(plain_texts(card(dossier, voice_of(services, language))))

    assert [line[:5].strip() for line in told if reason in line] == ["+10"]
    assert services.words.label("point", "quick_answer", language) in drawn
