"""How a phrase in a lexicon is written, and that every phrase we ship can be read and found."""

import re
from pathlib import Path

import pytest

from dialogs.reading import phrases
from dialogs.reading.lexicon import lexicon
from dialogs.reading.notation import NotAPhrase, parse
from dialogs.reading.phrases import LANGUAGES, load
from dialogs.reading.places import Endings

FILES = ("acts", "injection", "talk", "yes_no")


def matches(phrase: str, text: str, language: str = "en") -> bool:
    return re.search(parse(phrase).source(words_alone=language == "ja"), text) is not None


@pytest.mark.parametrize(
    ("phrase", "text", "fits"),
    [
        pytest.param("(call|phone) me", "phone me", True, id="one of several"),
        pytest.param("call [me] back", "call back", True, id="a part may be missing with its space"),
        pytest.param("call [me] back", "call me back", True, id="a part may be there"),
        pytest.param("[please] stop", "stop", True, id="the first part may be missing"),
        pytest.param("call me [now]", "call me", True, id="the last part may be missing"),
        pytest.param("not {amount}", "not $40k", True, id="a number with its currency"),
        pytest.param("approv*", "approval", True, id="the beginning of a word"),
        pytest.param("opt out", "opt-out", True, id="a space is a hyphen"),
        pytest.param("don't call", "dont call", True, id="an apostrophe may be missing"),
        pytest.param("talk to … human", "talk to a real human", True, id="a gap"),
        pytest.param("talk to … human", "talk to him. A human came", False, id="a gap ends with the sentence"),
        pytest.param("^skip^", "ok, skip", True, id="a clause of its own"),
        pytest.param("^skip^", "skip the line", False, id="not a clause of its own"),
    ],
)
def test_a_phrase_fits(phrase: str, text: str, fits: bool) -> None:
    assert matches(phrase, text) is fits


def test_a_part_that_may_be_missing_and_is_glued_to_a_word_leaves_the_space() -> None:
    assert set(parse("sign[s] the [final] contract").spellings()) == {
        f"{sign} the {contract}" for sign in ("sign", "signs") for contract in ("contract", "final contract")
    }


def test_a_long_phrase_goes_over_several_lines() -> None:
    assert parse("(call|\n   phone)\n   [me] back").written == "(call|phone)[me] back"


_LONG = re.compile(r'"""(.*?)"""', re.DOTALL)
_GLUED = re.compile(r"(?<!\[ \])(?<=[\w\])])\n\s*[\w\[(]")


@pytest.mark.parametrize(
    "file", sorted(Path(phrases.__file__).parent.glob("lexicons/*.toml")), ids=lambda file: file.stem
)
def test_no_english_phrase_loses_the_space_where_its_line_breaks(file: Path) -> None:
    english = [phrase for phrase in _LONG.findall(file.read_text("utf-8")) if phrase.isascii() or "…" in phrase]
    glued = [phrase for phrase in english if not re.search("[ぁ-龥]", phrase) and _GLUED.search(phrase)]
    assert glued == [], "put the line break behind a |"


@pytest.mark.parametrize("phrase", ["(a|b", "a]", "[a)", "{a"])
def test_brackets_that_do_not_match_are_a_mistake(phrase: str) -> None:
    with pytest.raises(NotAPhrase, match=r"missing|opens"):
        parse(phrase)


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_phrase_we_ship_can_be_read(file: str, language: str) -> None:
    assert all(one.each for headed in phrases._lists(file, language).beginning.values() for one in headed)


@pytest.mark.parametrize("file", FILES)
def test_every_list_has_both_languages(file: str) -> None:
    for name, written in lexicon(file).sections.items():
        assert all(written[language] for language in LANGUAGES), name


def test_english_phrases_match_whole_words_only() -> None:
    acts = load("acts")
    assert acts.says("stop", "please unsubscribe me", ("en",))
    assert not acts.says("stop", "nonunsubscribe", ("en",))


@pytest.mark.parametrize(
    ("phrase", "tails"),
    [
        pytest.param("at most", {"ost"}, id="the last letters"),
        pytest.param("(up|close) to", {"to"}, id="nothing beyond a space, which is a hyphen as well"),
        pytest.param("上限[は|が]", {"上限", "上限は", "上限が"}, id="each way to end"),
        pytest.param("approv*", {""}, id="any end"),
        pytest.param("more than {amount}", {""}, id="a number may end with anything"),
    ],
)
def test_how_a_phrase_may_end(phrase: str, tails: set[str]) -> None:
    assert parse(phrase).tails() == tails


def test_words_in_front_of_an_amount_are_looked_for_only_where_one_may_end() -> None:
    ends = Endings(tails=frozenset({"ost", "上限"}), between=frozenset(" :("), most=3)
    assert ends.may_stand("at most 40k", 0, len("at most "))
    assert ends.may_stand("上限:(300万", 0, len("上限:("))
    assert not ends.may_stand("almost. 40k", 0, len("almost. ")), "a letter that may not stand between"
    assert not ends.may_stand("at most   : 40k", 0, len("at most   : ")), "too far away"
