"""The lines in a thread and to the managers: what they say, what they ask for, and whom they name."""

import pytest

from bot.bootstrap import Services
from bot.slack import blocks, lines
from bot.slack.card import card
from bot.slack.reassign import reassign_form
from bot.slack.script import facts_for_templates
from tests.desk import YUKI, make_dossier
from tests.slack.drawn import EVENT, LANGUAGES, marked_texts, plain_texts, voice_of

STRANGER = "U0STRANGER1"


def test_emphasis_in_a_line_is_ours_and_stars_of_a_prospect_stay_stars(services: Services) -> None:
    payload = {**EVENT, "event": "message_left", "facts": {"words": "*急ぎ* です"}}
    message = lines.line_message(payload, make_dossier(services), voice_of(services, "ja"), ())
    parts = message["blocks"][0]["elements"][0]["elements"]
    assert "".join(part["text"] for part in parts) == "お客様からのメッセージ：「*急ぎ* です」"
    assert all("style" not in part for part in parts)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("ja", "TQL ・ ウォーム ・ ニーズ：課題あり — お客様（チャット）「*在庫* <!channel>」"),
        ("en", "TQL · Warm · Need: Has a problem — the prospect (chat) “*在庫* <!channel>”"),
    ],
)
def test_why_a_lead_matters_is_said_in_stage_temperature_and_need_as_plain_text(
    services: Services, language: str, said: str
) -> None:
    line = lines.why_it_matters(make_dossier(services, need="*在庫*\n<!channel>"), voice_of(services, language))
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
    services: Services, language: str, owner: str | None, asked: str
) -> None:
    payload = {**EVENT, "event": "step_taken", "facts": {"step": "due", "tells": "manager"}}
    dossier, voice = make_dossier(services, owner=owner), voice_of(services, language)
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
    services: Services, language: str, owner: str | None, asked: str
) -> None:
    dossier, voice = make_dossier(services, owner=owner), voice_of(services, language)
    for step in ("due", "overdue"):
        payload = {**EVENT, "event": "step_taken", "facts": {"step": step, "tells": "manager"}}
        said = "".join(plain_texts(lines.line_message(payload, dossier, voice, ())["blocks"]))
        assert said.endswith(asked)
        assert voice.title(dossier.lead.company, dossier.lead.person) in said


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_owner_slack_has_not_shown_us_is_no_id_to_anybody(services: Services, language: str) -> None:
    """The routing may name somebody who has never pressed a button here."""
    dossier, voice = make_dossier(services, owner=STRANGER), voice_of(services, language)
    late = {"event": "step_taken", "by": "clock", "facts": {"rule": "first_contact", "step": "due", "tells": "manager"}}
    told = lines.line_of(late, dossier, voice, called=False, to_managers=True)
    drawn = [lines.called_out(told, ()), card(dossier, voice), reassign_form(dossier, voice)]
    for words in drawn:
        assert STRANGER not in "".join(plain_texts(words))
        assert voice.label("actor", "no_name_yet") in "".join(plain_texts(words))
    assert facts_for_templates(dossier, voice, language)["rep_name"] == "", "and nobody in a mail"
