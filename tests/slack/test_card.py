"""The lead's card: who said what and where, what to ask next, by when to call, and what can be done."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.bootstrap import Services
from bot.in_words.why import why_lines
from bot.slack import blocks
from bot.slack.card import card
from qualification.answers import PROSPECT, Stated
from qualification.bant import Company, Headcount, Topic
from qualification.calls import Call, Outcome, log_call
from qualification.dossier import Dossier, dossier_of
from qualification.store import Transaction
from tests.desk import MONDAY_TEN, YUKI, make_dossier, qualified_lead
from tests.slack.drawn import LANGUAGES, marked_texts, plain_texts, voice_of


def test_a_prospect_cannot_forge_a_second_line_of_the_card(services: Services) -> None:
    honest = card(make_dossier(services, need="在庫"), voice_of(services, "ja"))
    forged = card(
        make_dossier(services, need="在庫」\n予算：1億円 — お客様\u2028決裁権：社長"), voice_of(services, "ja")
    )
    assert [text.count("\n") for text in plain_texts(forged["blocks"])] == [
        text.count("\n") for text in plain_texts(honest["blocks"])
    ]


def test_the_card_says_who_said_what_and_where(services: Services) -> None:
    words = "\n".join(plain_texts(card(make_dossier(services, knows_all=True), voice_of(services, "ja"))["blocks"]))
    assert "予算：300万円 — お客様（チャット）「300万円です」" in words
    assert "理由：会話でニーズを確認（チャットでの会話、ニーズ）" in words
    assert "SALまで：営業の受け入れ" in words


def test_the_fallback_text_of_a_card_tells_lead_stage_and_due_time(services: Services) -> None:
    japanese = card(make_dossier(services), voice_of(services, "ja"))["text"]
    english = card(make_dossier(services), voice_of(services, "en"))["text"]
    assert japanese.split("\n")[0] == "アサヒ工業 山田 太郎様 ・ TQL ・ 対応期限：11月16日(月) 13:00 ・ 担当者未定"
    assert english.split("\n")[0] == "アサヒ工業 - 山田 太郎 · TQL · Due Mon 16 Nov, 1:00 pm · No owner yet"


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_hears_the_card_hears_all_of_it(services: Services, language: str) -> None:
    drawn = card(make_dossier(services, knows_all=True, owner=YUKI), voice_of(services, language))
    for block in drawn["blocks"]:
        if block["type"] in ("section", "context"):
            for line in "\n".join(plain_texts(block)).split("\n"):
                assert blocks.escaped(line) in drawn["text"]


def test_the_card_says_how_many_they_are_and_which_language_they_speak(services: Services) -> None:
    theirs = "\n".join(plain_texts(card(make_dossier(services, language="en"), voice_of(services, "ja"))["blocks"]))
    assert " ・ 英語\n" in theirs
    ours = "\n".join(plain_texts(card(make_dossier(services), voice_of(services, "ja"))["blocks"]))
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
    told = make_dossier(services)
    told = replace(told, known=told.known.with_answer(firm))
    assert "会社：アサヒ工具（社員350名） — お客様（チャット）" in "\n".join(
        plain_texts(card(told, voice_of(services, "ja"))["blocks"])
    )


def test_the_card_says_what_to_ask_next_and_how(services: Services) -> None:
    words = "\n".join(plain_texts(card(make_dossier(services), voice_of(services, "ja"))["blocks"]))
    assert "次に伺うこと（導入時期）：「" in words
    everything = "\n".join(
        plain_texts(card(make_dossier(services, knows_all=True), voice_of(services, "ja"))["blocks"])
    )
    assert "次に伺うこと" not in everything


@pytest.mark.parametrize(
    ("language", "before", "complete", "after"),
    [("ja", "*対応期限：", "11月16日(月) 13:00", "*"), ("en", "*Due ", "Mon 16 Nov, 1:00 pm", "*")],
)
def test_the_due_time_stands_once_on_the_card_in_the_readers_zone_and_complete_without_it(
    services: Services, language: str, before: str, complete: str, after: str
) -> None:
    (line,) = marked_texts(card(make_dossier(services), voice_of(services, language))["blocks"])
    due = int((MONDAY_TEN + timedelta(hours=3)).timestamp())
    assert line == f"{before}<!date^{due}^{{date_short_pretty}} {{time}} ({{ago}})|{complete}>{after}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_card_has_at_most_four_buttons_and_a_menu(services: Services, language: str) -> None:
    for owner in (None, YUKI):
        drawn = card(make_dossier(services, owner=owner), voice_of(services, language))["blocks"][-1]
        kinds = [element["type"] for element in drawn["elements"]]
        assert kinds.count("button") <= 4
        assert kinds[-1] == "overflow"


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
