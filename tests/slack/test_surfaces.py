"""Whatever a prospect wrote, Slack takes every surface of ours, and nobody is rung by their words (S6)."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.bootstrap import Services
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
from qualification.answers import Known, Stated
from qualification.bant import Authority, Budget, Clarity, Company, Contact, Need, Role, Timeframe, Value
from qualification.calls import Heard
from qualification.deeds import SAID_AS, Kind
from qualification.dossier import Dossier
from qualification.duplicates import Alike, Sign
from qualification.policy import shipped_policy
from qualification.records import Lead
from qualification.reports.digest import Digest, RepDay
from qualification.writing.rows import values_of
from tests.desk import MONDAY_TEN, YUKI, make_dossier
from tests.slack.drawn import EVENT, LANGUAGES, TEXT_BUDGET, marked_texts, plain_texts, voice_of
from tests.slack.hostile import hostile_strings

HOSTILE = hostile_strings()
A_NUMBER = re.compile(r"tel:\+?[0-9]+\|[-+0-9() ]+")
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


def only_our_markup(text: str) -> bool:
    """Nothing between angle brackets but our own date, the people we call, and a number that is one."""
    inside = [part.split(">")[0] for part in text.split("<")[1:]]
    return all(part.startswith(("!date^", f"@{YUKI}")) or A_NUMBER.fullmatch(part) for part in inside)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("knows_all", [False, True], ids=["little known", "all known"])
def test_slack_takes_every_surface_whatever_a_prospect_wrote(
    services: Services, language: str, knows_all: bool
) -> None:
    voice = voice_of(services, language)
    honest = make_dossier(services, knows_all=knows_all, language=language, owner=YUKI if knows_all else None)
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
def test_slack_takes_the_fullest_home_whatever_prospects_and_reps_are_called(services: Services, language: str) -> None:
    voice, honest = voice_of(services, language), make_dossier(services, language=language)
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


def test_no_name_and_no_word_of_a_prospect_stands_where_slack_keeps_something_for_us(services: Services) -> None:
    voice, secret = voice_of(services, "ja"), "内緒の言葉"
    dossier = saying(make_dossier(services, knows_all=True, owner=YUKI), secret)
    surfaces = [*messages_of(dossier, voice, secret), *views_of(dossier, voice, services, secret)]
    surfaces.append(fullest_home(dossier.lead, voice, secret))
    assert any(secret in text for surface in surfaces for text in plain_texts(surface))
    assert [kept for surface in surfaces for kept in kept_for_us(surface) if secret in kept] == []


PLAIN_BLOCKS = {"section", "actions", "context", "header", "input", "divider", "rich_text"}


def test_every_surface_is_made_of_blocks_that_old_clients_show(services: Services) -> None:
    voice, dossier = voice_of(services, "ja"), make_dossier(services, knows_all=True, owner=YUKI)
    surfaces = [*messages_of(dossier, voice, "x"), *views_of(dossier, voice, services, "x")]
    surfaces.append(fullest_home(dossier.lead, voice, "x"))
    assert {block["type"] for surface in surfaces for block in surface["blocks"]} <= PLAIN_BLOCKS


def assert_slack_takes(view: dict[str, Any]) -> None:
    assert problems_in_view(view) == []
    assert list(marked_texts(view)) == []
    assert len(json.dumps(view)) < 250_000
