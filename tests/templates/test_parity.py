"""Both languages or neither: every text has its twin, asks for the same facts, and no key is without words."""

import ast
import re
import tomllib
from collections.abc import Iterator
from dataclasses import fields
from enum import StrEnum
from importlib.resources import files
from pathlib import Path
from string import Formatter
from typing import Any, get_args

import pytest
from jinja2 import Environment, meta

from bot.mail.templates import SHIPPED_MAILS
from bot.words import NO_LINE_FACTS
from dialogs.asides import Aside
from dialogs.interview import State
from dialogs.playbook import SKIP, shipped_playbook
from qualification import events, notices
from qualification.answers import PROSPECT
from qualification.assessment import Temperature
from qualification.bant import Clarity, Industry, Period, Role, Standing, Strength, Topic
from qualification.behaviour import CALL_TALK, CHAT_TALK, KINDS
from qualification.calls import Outcome
from qualification.contact import Grade
from qualification.deeds import Kind
from qualification.events import BOT, CLOCK, POLICY
from qualification.policies.score_model import AttributeName
from qualification.policy import shipped_policy
from qualification.stages import Stage

HOUSE = Path(__file__).parents[2]
TEMPLATES = Path(str(files("templates")))
LANGUAGES = ("ja", "en")
TEXTS = sorted(TEMPLATES.rglob("*.txt.j2"))
TABLES = sorted(path.name.split(".")[0] for path in TEMPLATES.glob("*.ja.toml"))
LENT = {
    "echo",
    "listed",
    "name_of",
    "read_back",
    "by",
    "when",
    "is_past",
    "label",
    "grounds",
    "money",
    "span",
    "wording",
} | {
    "our_company",
    "our_url",
    "can_mail",
}
LONGEST_BUTTON = {"ja": 14, "en": 22}


def twin(path: Path) -> Path:
    other = {".ja.": ".en.", ".en.": ".ja."}
    language = ".ja." if ".ja." in path.name else ".en."
    return path.with_name(path.name.replace(language, other[language]))


def facts_used(path: Path) -> set[str]:
    return meta.find_undeclared_variables(Environment(autoescape=True).parse(path.read_text("utf-8")))


def table(name: str, language: str) -> dict[str, Any]:
    return tomllib.loads((TEMPLATES / f"{name}.{language}.toml").read_text("utf-8"))


def keys(name: str, language: str) -> set[tuple[str, ...]]:
    return {place for place, _ in leaves(table(name, language))}


def leaves(entry: Any, place: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    if isinstance(entry, dict):
        for key, inner in entry.items():
            yield from leaves(inner, (*place, key))
    else:
        yield place, entry


def blanks(pattern: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(pattern) if name}


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_text_has_a_twin_that_asks_for_the_same_facts(path: Path) -> None:
    assert twin(path).is_file()
    assert facts_used(path) == facts_used(twin(path))


@pytest.mark.parametrize("name", TABLES)
def test_every_short_word_stands_in_both_languages(name: str) -> None:
    assert keys(name, "ja") == keys(name, "en")


@pytest.mark.parametrize("name", ["labels", "choices"])
def test_both_languages_of_a_label_have_the_same_blanks(name: str) -> None:
    english = dict(leaves(table(name, "en")))
    for place, japanese in leaves(table(name, "ja")):
        assert blanks(japanese) == blanks(english[place]), place


def test_no_text_is_empty_but_the_strength_nobody_mentions() -> None:
    empty = {
        (name, *place)
        for name in TABLES
        for language in LANGUAGES
        for place, words in leaves(table(name, language))
        if words == ""
    }
    assert empty <= {("answers", "noted", "strength", "medium")}
    assert all(path.read_text("utf-8").strip() for path in TEXTS)


# -- the talk ----------------------------------------------------------------------------------


def prompts_of_the_talk() -> dict[str, set[str]]:
    """Every prompt the dialog says by name, with the facts it hands in."""
    said: dict[str, set[str]] = {}
    for source in (HOUSE / "dialogs").glob("*.py"):
        for call in ast.walk(ast.parse(source.read_text("utf-8"))):
            if isinstance(call, ast.Call) and (verb := verb_of(call)) in FACTS_OF_A_VERB:
                named = {keyword.arg for keyword in call.keywords if keyword.arg}
                promised = PROMISE if any(keyword.arg is None for keyword in call.keywords) else set()
                handed_in = named | promised | FACTS_OF_A_VERB[verb]
                for key in (key for argument in call.args for key in constants(argument)):
                    said[key] = said.get(key, handed_in) & handed_in
    for question in shipped_playbook().questions:
        said[question.key] = said[f"{question.key}_again"] = {"known", "sized"}
    return said | {"once_more": set()} | {aside.value: FACTS_OF_AN_ASIDE.get(aside, set()) for aside in Aside}


FACTS_OF_A_VERB: dict[str, set[str]] = {
    "say": set(),
    "ask_for_the_number": set(),
    "_say_and_offer": set(),
    "read_back": {"answers", "again"},
}
FACTS_OF_AN_ASIDE: dict[Aside, set[str]] = {
    Aside.MEANING: {"about"},
    Aside.LEFT: {"left"},
    Aside.HELLO: {"again"},
    Aside.THANKS: {"over"},
}
PROMISE = {"due_at", "zone", "who", "receipt", "mailable"}  # what `promise` hands in


def verb_of(call: ast.Call) -> str:
    return getattr(call.func, "attr", "") or getattr(call.func, "id", "")


def constants(node: ast.expr) -> Iterator[str]:
    """The texts an argument can be: itself, or either side of a choice; names and conditions are none."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from constants(node.body)
        yield from constants(node.orelse)


@pytest.mark.parametrize(("key", "handed_in"), sorted(prompts_of_the_talk().items()), ids=sorted(prompts_of_the_talk()))
def test_every_prompt_of_the_talk_has_words_that_need_no_more_than_its_facts(key: str, handed_in: set[str]) -> None:
    for language in LANGUAGES:
        path = TEMPLATES / "prompts" / f"{key}.{language}.txt.j2"
        assert path.is_file(), f"{key} has no words"
        assert facts_used(path) - LENT <= handed_in


def test_no_prompt_is_left_that_nobody_says() -> None:
    written = {path.name.split(".")[0] for path in (TEMPLATES / "prompts").glob("*.txt.j2")}
    assert written == set(prompts_of_the_talk())


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_quick_reply_has_a_label_short_enough_for_a_phone(language: str) -> None:
    labels = table("choices", language)
    for question in shipped_playbook().questions:
        assert {choice.value for choice in question.choices} <= set(labels.get(question.key, {}))
        assert f"fix.{question.key}" in labels["fix"]
    assert {SKIP, "yes", "no", "confirm", "fix"} <= set(labels["common"])
    for place, label in leaves(labels):
        assert len(label) <= LONGEST_BUTTON[language], place


# -- names of things ---------------------------------------------------------------------------


def rules_in_the_code() -> set[str]:
    """The rules and reasons a move or the end of a follow-up can name; how a sentence was read is another matter."""
    named = re.compile(r'(?:\brule=|\b_reason\(|\bcancel_follow_ups\(.*\breason=)"(\w+)"|"(mql_\w+)"')
    texts = [path.read_text("utf-8") for room in ("qualification", "dialogs") for path in (HOUSE / room).glob("*.py")]
    return {name for text in texts for found in named.findall(text) for name in found if name}


def values(kind: type[StrEnum]) -> set[str]:
    return {member.value for member in kind}


POLICY_TEXT = shipped_policy()
NAMED: list[tuple[str, set[str]]] = [
    ("stage", values(Stage)),
    ("stage_meaning", values(Stage)),
    ("temperature", values(Temperature)),
    ("topic", values(Topic)),
    ("outcome", values(Outcome)),
    ("grade", values(Grade)),
    ("deed", values(Kind)),
    ("interview", values(State)),
    ("clarity", values(Clarity)),
    ("role", values(Role)),
    ("strength", values(Strength)),
    ("period", values(Period)),
    ("rule", rules_in_the_code() | set(POLICY_TEXT.follow_up)),
    ("point", {rule for policy in (POLICY_TEXT, *POLICY_TEXT.of_segment.values()) for rule in policy.score.rules}),
    ("activity", set(KINDS)),
    ("attribute", set(get_args(AttributeName))),
    ("segment", {*POLICY_TEXT.segments, "other"}),
    ("industry", values(Industry)),
    ("standing", values(Standing)),
    ("step", {step.name for rule in POLICY_TEXT.follow_up.values() for step in rule.steps}),
    ("missing", {"need", "contact", "talk", "acceptance", "timeframe", "budget", "authority"}),
    ("evidence", {CHAT_TALK, CALL_TALK, "score", "accepted", *POLICY_TEXT.stages.sql.required}),
    ("actor", {PROSPECT, BOT, CLOCK, POLICY}),
    ("follow_up", {"open", "overdue", "met", "met_late", "cancelled"}),
    ("mail", set(SHIPPED_MAILS)),
]


@pytest.mark.parametrize(("kind", "names"), NAMED, ids=[kind for kind, _ in NAMED])
def test_everything_the_rules_name_has_a_label(kind: str, names: set[str]) -> None:
    for language in LANGUAGES:
        assert names <= set(table("labels", language)[kind])


@pytest.mark.parametrize("kind", ["card", "form", "home", "command"])
def test_no_word_of_the_desk_is_kept_that_nobody_says(kind: str) -> None:
    said = "".join(path.read_text("utf-8") for path in (HOUSE / "bot").rglob("*.py"))
    said += "".join(path.read_text("utf-8") for path in TEMPLATES.rglob("*.j2"))
    assert [key for key in table("labels", "ja")[kind] if not re.search(rf'"(lead_)?{key}"', said)] == []


LINES: dict[str, type[events.Event]] = {
    **{
        kind.__new__(kind).kind: kind
        for kind in sorted(notices.NOTED | notices.RUNG | {events.FollowUpSnoozed}, key=lambda kind: kind.__name__)
    },
    "step_taken_owner": events.StepTaken,
    "step_taken_manager": events.StepTaken,
}


def test_every_event_that_is_said_in_slack_has_its_line() -> None:
    assert {path.name.split(".")[0] for path in (TEMPLATES / "alerts").glob("*.txt.j2")} == set(LINES)


@pytest.mark.parametrize("name", LINES)
def test_a_line_needs_no_more_than_its_event_tells(name: str) -> None:
    told = {part.name for part in fields(LINES[name])} | set(NO_LINE_FACTS)
    for language in LANGUAGES:
        assert facts_used(TEMPLATES / "alerts" / f"{name}.{language}.txt.j2") - LENT <= told


# -- how it reads ------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [path for path in TEXTS if ".ja." in path.name], ids=lambda path: path.name)
def test_japanese_texts_do_not_pile_up_humble_forms(path: Path) -> None:
    text = path.read_text("utf-8")
    assert len(re.findall("させていただ|させて頂", text)) == 0
    shown = re.sub("{%.*?%}", "", text.split("\n", 1)[-1])
    assert not re.search(r"[ｦ-ﾟ]|[,.]\s|いただけますでしょうか|よろしかったでしょうか", shown)


@pytest.mark.parametrize(
    "path",
    [path for path in TEXTS if ".en." in path.name and path.parent.name in ("prompts", "pages", "outreach")],
    ids=lambda path: path.name,
)
def test_a_prospect_reads_english_with_curly_quotation_marks(path: Path) -> None:
    assert '"' not in re.sub(r"{[%{#].*?[%}#]}", "", path.read_text("utf-8"), flags=re.DOTALL)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_greeting_says_what_speaks_why_it_asks_and_how_to_leave(language: str) -> None:
    promised = {
        "ja": ("ボット", "にのみ利用", "2分", "飛ば", "担当者と話したい", "終了"),
        "en": ("chatbot, not a person", "only to", "two minutes", "skip", "talk to a person", "stop"),
    }
    text = (TEMPLATES / "prompts" / f"greeting.{language}.txt.j2").read_text("utf-8")
    assert all(words in text for words in promised[language])
