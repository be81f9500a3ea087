"""A mistake in a TOML text is told with the line it stands in, however deep it lies."""

import pytest

from dialogs.playbook import shipped_playbook
from qualification.policies.places import line_of_place

POLICY = """version = "own-1"   # not the one of [stages]
[stages]
offer_when = "tql"
mql = { score = 60, priority_score = 70 }  # both

[segments."public sector".stages]
mql.score = 50
[segments.abroad.stages]
mql.score = 40

[[closed.range]]
name = "obon"
[[closed.range]]
from = "08-13"

[calendars]
kyoto.hours = [
  ["09:00", "12:00"],
  ["13:00", "18:00"],
]
"""


@pytest.mark.parametrize(
    ("place", "stands_in"),
    [
        ("name", 'name = "standard"'),
        ("question.0.key", 'key = "what_problem"'),
        ("question.2.choice.2.value", 'value = "i_gather"'),
        ("question.2.choice.2.authority.role", 'authority = { role = "influencer" }'),
        ("question.1.choice.2.months.1", "months = [6, 12]"),
        ("question.3.choice.0.value", 'value = "small"'),
        ("question.3.choice.1.budget_by_language.en.maximum", "en = { minimum = 10_000, maximum = 30_000"),
        ("question.3.for_stage", 'for_stage = "SQL"'),
        ("question.5.about", 'about = "contact"'),
        ("question.4.for_stage", "[[question]]"),  # has none: it is missing there
        ("question.3.choice.3.months", "[[question.choice]]"),
        ("question", "[[question]]"),
    ],
)
def test_a_place_in_a_playbook_is_found_in_its_own_question_and_choice(place: str, stands_in: str) -> None:
    lines = shipped_playbook().text.splitlines()
    line = line_of_place(place.split("."), shipped_playbook().text)
    assert lines[line - 1].startswith(stands_in)
    question = place.split(".")[1] if "." in place else "0"
    assert lines[:line].count("[[question]]") == (int(question) + 1 if place != "name" else 0)
    if ".choice." in place:
        of_its_question = lines[len(lines) - lines[::-1].index("[[question]]", len(lines) - line) - 1 : line]
        assert of_its_question.count("[[question.choice]]") == int(place.split(".")[3]) + 1


@pytest.mark.parametrize(
    ("place", "line"),
    [
        (["stages"], 2),
        (["stages", "offer_when"], 3),
        (["stages", "mql", "priority_score"], 4),
        (["stages", "sal"], 2),
        (["segments", "public sector", "stages", "mql", "score"], 7),
        (["segments", "abroad", "stages", "mql", "score"], 9),
        (["segments", "abroad"], 8),
        (["closed", "range", "1", "name"], 13),
        (["closed", "range", "1", "from"], 14),
        (["calendars", "kyoto", "hours"], 17),
        (["temperature", "hot_score"], 1),
    ],
)
def test_a_place_in_a_policy_is_found_in_its_table(place: list[str], line: int) -> None:
    assert line_of_place(place, POLICY) == line
