"""Templates a firm writes itself: ordinary ones are accepted, the rest refused with line and reason (S8)."""

import json
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.mail.own_templates import LONGEST_TEXT, BadTemplate, OwnTemplate
from bot.mail.templates import MAIL_FACTS, read_mail
from bot.words import Words

FACTS = ("lead", "person", "company", "due", *MAIL_FACTS)
STRINGS = Path(__file__).parents[3] / "shared" / "hostile" / "strings.jsonl"

HOSTILE = {
    "reads the class": "{{ person.__class__ }}",
    "climbs by subscript": "{{ person['__class__'] }}",
    "climbs by attr": "{{ person|attr('__class__') }}",
    "calls a method": "{{ lead.delete() }}",
    "calls a fact": "{{ person() }}",
    "asks for a global": "{{ range(10) }}",
    "asks for the configuration": "{{ config }}",
    "asks for itself": "{{ self }}",
    "loops": "{% for letter in person %}{{ letter }}{% endfor %}",
    "loops without end": "{% for a in range(99999) %}{% for b in range(99999) %}x{% endfor %}{% endfor %}",
    "assigns": "{% set person = 'x' %}",
    "assigns a block": "{% set person %}x{% endset %}",
    "defines a macro": "{% macro m() %}{{ m() }}{% endmacro %}",
    "calls a macro": "{% call person() %}x{% endcall %}",
    "includes": "{% include '/etc/passwd' %}",
    "imports": "{% import 'os' as os %}",
    "extends": "{% extends 'base' %}",
    "opens a block": "{% block x %}{% endblock %}",
    "filters a block": "{% filter upper %}x{% endfilter %}",
    "opens a scope": "{% with x = 1 %}{% endwith %}",
    "switches escaping": "{% autoescape true %}{% endautoescape %}",
    "multiplies a text": "{{ 'a' * 10 ** 9 }}",
    "adds texts": "{{ person ~ person }}",
    "builds a list": "{{ [person] }}",
    "builds a table": "{{ {'a': person} }}",
    "pads by a filter": "{{ person|center(1000000000) }}",
    "pads by format": "{{ '%1000000000d'|format(1) }}",
    "repeats by replace": "{{ person|replace('', person) }}",
    "marks as safe": "{{ person|safe }}",
    "tests by name": "{{ person is callable }}",
    "truncates at a huge number": "{{ person|truncate(10000000) }}",
    "spells a huge number": "{{ " + "9" * 5000 + " }}",
    "hides a filter behind stars": "{{ person|default(*person) }}",
    "nests too deeply": "{{ " + "not " * 3000 + "person }}",
    "nests brackets too deeply": "{{ " + "(" * 3000 + "person" + ")" * 3000 + " }}",
    "nests too many choices": "{% if person %}" * 120 + "{% endif %}" * 120,
    "is far too long": "x" * 30_000,
    "never closes": "{% if person %}",
    "breaks off": "{{ person",
    "misuses a filter": "{{ person|truncate('x') }}",
    "compares apples and pears": "{{ person < 3 }}",
}

ORDINARY = {
    "plain": ("Hello.", "Hello."),
    "fact": ("{{ person }}様", "山田様"),
    "default": ("{{ due | default('近日中', true) }}", "近日中"),
    "choice": ("{% if company %}{{ company }}{% else %}貴社{% endif %}", "アサヒ"),
    "choice in one": ("{{ company if company else '貴社' }}", "アサヒ"),
    "and, or, not": ("{% if person and not due or company == 'x' %}a{% endif %}", "a"),
    "elif": ("{% if due %}a{% elif person == '山田' %}b{% endif %}", "b"),
    "filters": ("{{ 'acme corp' | title | truncate(20) | trim }}", "Acme Corp"),
    "comment": ("{# for us #}a", "a"),
}


@pytest.mark.parametrize("source", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_template_that_does_more_than_show_facts_is_refused_with_line_and_reason(source: str) -> None:
    with pytest.raises(BadTemplate, match=r"^own\.ja\.txt\.j2:\d+: .{5}"):
        OwnTemplate(source, name="own.ja.txt.j2", facts=FACTS)


def strings_to_refuse() -> list[tuple[str, str]]:
    """The hostile strings shared by all of us, where they are at hand."""
    if not STRINGS.is_file():
        return []
    strings = map(json.loads, STRINGS.read_text("utf-8").strip().split("\n"))
    return [(string["id"], string["text"]) for string in strings if string["class"] == "template"]


def test_every_shared_hostile_template_is_refused_and_is_harmless_as_a_name() -> None:
    for number, source in strings_to_refuse():
        with pytest.raises(BadTemplate):
            OwnTemplate(source, name=number, facts=FACTS)
        assert_comes_out_as_text(source)


@pytest.mark.parametrize("source", HOSTILE.values(), ids=HOSTILE.keys())
def test_the_same_text_typed_by_a_prospect_stands_unchanged_in_the_mail(source: str) -> None:
    assert_comes_out_as_text(source)


def assert_comes_out_as_text(source: str) -> None:
    mail = Words(ZoneInfo("Asia/Tokyo")).mail("first_contact", "ja", {"company": source, "rep_name": "佐藤"})
    assert mail.body.startswith(f"{source}\nご担当者様")


@pytest.mark.parametrize(("source", "expected"), ORDINARY.values(), ids=ORDINARY.keys())
def test_an_ordinary_template_is_accepted_and_filled_in(source: str, expected: str) -> None:
    template = OwnTemplate(source, name="own", facts=FACTS)
    assert template.fill({"person": "山田", "company": "アサヒ"}) == expected


def test_the_line_of_a_mistake_counts_from_the_top_of_the_file() -> None:
    with pytest.raises(BadTemplate, match=r"^offer\.en\.txt\.j2:3: a loop is not allowed here"):
        read_mail("Subject: An offer\nHello\n{% for a in person %}{% endfor %}\n", name="offer.en.txt.j2")


def test_a_mail_without_a_subject_line_is_refused() -> None:
    with pytest.raises(BadTemplate, match=r'^offer:1: the first line must begin with "Subject:"'):
        read_mail("Hello\n", name="offer")


def test_a_text_that_grows_too_long_is_refused_when_it_is_filled_in() -> None:
    template = OwnTemplate("{{ person }}" * 1_000, name="own", facts=FACTS)
    with pytest.raises(BadTemplate, match="more than 50,000 characters"):
        template.fill({"person": "x" * LONGEST_TEXT})
