"""The shipped texts, each made ready once for all firms, and what a template of ours may call.

They are plain text, so nothing is escaped; each sink does that itself. The short words (buttons, names of things,
values) are tables, one for each language.
"""

import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from jinja2 import StrictUndefined, Template, pass_context
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

from bot.in_words.amounts import amount
from bot.in_words.answers import ECHO, LISTED, Speech, in_words, one_line
from bot.in_words.moments import instant
from qualification.bant import Sum, Topic

if TYPE_CHECKING:
    from bot.words import Row, Words

OF_THE_INSTANT = ("by", "when", "is_past")  # what a template calls to tell of a limit as it stands now


@dataclass(frozen=True, slots=True)
class Ready:
    """A template made ready. `is_for_the_day`: the same facts make the same text all day long."""

    body: Template
    is_for_the_day: bool


@cache
def ready(folder: str, name: str, tongue: str) -> Ready | str:
    """A text that holds no facts as it stands, any other made ready once.

    Its globals are a plain table, for jinja's own is a chain that it would walk at each rendering.
    """
    path = f"{folder}/{name}.{tongue}.txt.j2"
    text, environment = files("templates").joinpath(path).read_text("utf-8"), _environment()
    if "{" not in text:
        return text.strip()
    body = Template.from_code(environment, environment.compile(text, name=path), environment.globals)
    return Ready(body, is_for_the_day=not any(f"{one}(" in text for one in OF_THE_INSTANT))


def listed(answer: Mapping[str, Any], speech: Speech, quoted: str) -> str:
    """A value as it is read back; `quoted` is how they put a problem of no kind we know, "" for none."""
    if quoted and answer["topic"] == Topic.NEED:
        return one_line(quoted)
    return in_words(answer["topic"], answer["value"], LISTED, speech)


@cache
def _environment() -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined,
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(CALLED_IN_TEMPLATES)
    return environment


def _ours(context: Context) -> "Words":
    words: Words = context["_words"]
    return words


def _said_by(context: Context) -> Speech:
    return _ours(context).speech(context["_language"], context["_now"])


def _quoted_in(context: Context) -> str:
    return str(context.get("quoted") or "")


@pass_context
def _echo(context: Context, answer: Mapping[str, Any]) -> str:
    return in_words(answer["topic"], answer["value"], ECHO, _said_by(context))


@pass_context
def _one_listed(context: Context, answer: Mapping[str, Any]) -> str:
    return listed(answer, _said_by(context), _quoted_in(context))


@pass_context
def _read_back(context: Context, answers: Iterable[Mapping[str, Any]]) -> "list[Row]":
    return _ours(context).understood(answers, context["_language"], context["_now"], quoted=_quoted_in(context))


@pass_context
def _name_of(context: Context, answer: Mapping[str, Any]) -> str:
    return str(table("answers", context["_language"])["name_of"][answer["topic"]])


@pass_context
def _by(context: Context, at: object) -> str:
    """A limit on the prospect's own clock, where we know it (the fact `zone`), else on the firm's."""
    words, tongue = _ours(context), context["_language"]
    theirs = context.resolve("zone")
    zone = ZoneInfo(theirs) if isinstance(theirs, str) else words.zone
    limit = words.moment(instant(at), tongue, context["_now"], use="by", zone=zone)
    place = "place" if zone == words.zone else "elsewhere"
    return str(table("answers", tongue)["by"][place]).format(by=limit, place=city_of(zone))


@pass_context
def _when(context: Context, at: object) -> str:
    return _ours(context).when(instant(at), context["_language"], context["_now"])


@pass_context
def _is_past(context: Context, at: object) -> bool:
    return bool(instant(at) <= context["_now"])


@pass_context
def _label(context: Context, kind: str, key: str) -> str:
    return _ours(context).label(kind, key, context["_language"])


@pass_context
def _wording(context: Context, purpose: str) -> str:
    return _ours(context).label("consent", purpose, context["_language"])


@pass_context
def _grounds(context: Context, evidence: Iterable[str]) -> str:
    return _ours(context).evidence(evidence, context["_language"])


@pass_context
def _money(context: Context, worth: Sum, currency: str | None) -> str:
    return amount(worth, currency, context["_language"])


@pass_context
def _span(context: Context, minutes: int) -> str:
    return _ours(context).span(minutes, context["_language"])


# The firm's words, the language and the instant come from the context in which a template calls them.
CALLED_IN_TEMPLATES: Mapping[str, Callable[..., Any]] = {
    "echo": _echo,
    "listed": _one_listed,
    "name_of": _name_of,
    "read_back": _read_back,
    "by": _by,
    "when": _when,
    "is_past": _is_past,
    "label": _label,
    "wording": _wording,
    "grounds": _grounds,
    "money": _money,
    "span": _span,
}


def tongue_of(language: str) -> str:
    """A language other than "ja" is answered in English."""
    return "ja" if language == "ja" else "en"


def city_of(zone: ZoneInfo) -> str:
    """Whose time it is, by the city of the zone: Tokyo."""
    return zone.key.rpartition("/")[2].replace("_", " ")


@lru_cache
def table(name: str, language: str) -> dict[str, Any]:
    """The short words of templates/NAME.LANGUAGE.toml, by section and key."""
    return tomllib.loads(files("templates").joinpath(f"{name}.{language}.toml").read_text("utf-8"))
