"""What is longer than a message of Slack: as much as fits is shown, and what is left out is named."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.bootstrap import Services
from bot.definition import Definition
from bot.in_words.why import why_lines
from bot.sandbox.validate import problems_in_blocks, text_length
from bot.slack import blocks
from bot.slack.explained import left_out, rules_message, why_message
from qualification.policy import load_policy
from tests.desk import make_dossier
from tests.slack.drawn import LANGUAGES, TEXT_BUDGET, plain_texts, voice_of


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


def test_why_a_lead_stands_where_it_stands_is_told_to_the_last_line(services: Services) -> None:
    """Slack shows 3,000 letters of a section; a lead of some months has more reasons than fit."""
    dossier = make_dossier(services)
    told = why_message(replace(dossier, history=dossier.history * 80), services.store.policy, voice_of(services, "ja"))
    lines = list(why_lines(replace(dossier, history=dossier.history * 80), services.store.policy, services.words, "ja"))
    shown = [line for block in told["blocks"][1:] for line in block["text"]["text"].split("\n")]

    assert sum(map(len, lines)) > blocks.SECTION
    assert shown == lines
    assert problems_in_blocks(told["blocks"], surface="message") == []
