"""How a phrase in a lexicon is written, and that every phrase we ship can be read and found."""

import re

import pytest

from dialogs.reading import phrases
from dialogs.reading.phrases import LANGUAGES, load, parse

FILES = ("acts", "injection", "yes_no")


def matches(phrase: str, text: str, language: str = "en") -> bool:
    pattern = phrases._source(parse(phrase), language)
    return re.search(pattern, text) is not None


@pytest.mark.parametrize(
    ("phrase", "text", "fits"),
    [
        pytest.param("(call|phone) me", "phone me", True, id="one of several"),
        pytest.param("call [me] back", "call back", True, id="a part may be missing with its space"),
        pytest.param("call [me] back", "call me back", True, id="a part may be there"),
        pytest.param("[please] stop", "stop", True, id="the first part may be missing"),
        pytest.param("call me [now]", "call me", True, id="the last part may be missing"),
        pytest.param("not #", "not $40k", True, id="a number with its currency"),
        pytest.param("approv*", "approval", True, id="the beginning of a word"),
        pytest.param("opt out", "opt-out", True, id="a space is a hyphen"),
        pytest.param("don't call", "dont call", True, id="an apostrophe may be missing"),
        pytest.param("talk to … human", "talk to a real human", True, id="a gap"),
        pytest.param("talk to … human", "talk to him. A human came", False, id="a gap ends with the sentence"),
        pytest.param("^skip$", "ok, skip", True, id="a clause of its own"),
        pytest.param("^skip$", "skip the line", False, id="not a clause of its own"),
    ],
)
def test_a_phrase_fits(phrase: str, text: str, fits: bool) -> None:
    assert matches(phrase, text) is fits


@pytest.mark.parametrize("phrase", ["(a|b", "a]", "[a)"])
def test_brackets_that_do_not_match_are_a_mistake(phrase: str) -> None:
    with pytest.raises(ValueError, match=r"missing|opens"):
        parse(phrase)


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_phrase_we_ship_can_be_read(file: str, language: str) -> None:
    assert phrases._lists(file, language).beginning


@pytest.mark.parametrize("file", FILES)
def test_every_list_has_both_languages(file: str) -> None:
    for name, written in load(file).written.items():
        assert all(written[language] for language in LANGUAGES), name


def test_english_phrases_match_whole_words_only() -> None:
    acts = load("acts")
    assert acts.says("stop", "please unsubscribe me", ("en",))
    assert not acts.says("stop", "nonunsubscribe", ("en",))
