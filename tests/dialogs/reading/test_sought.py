"""A text that holds none of the letters a pattern needs is not searched: no rule may lose a match by that."""

import importlib
import pkgutil
from collections.abc import Iterator

import pytest

import dialogs.reading
from dialogs.reading import english_firms, japanese_firms, name_forms
from dialogs.reading.sought import Either, Sought, beginnings_of, either, last_letters_of, signs_of, sought
from dialogs.reading.text import Text, cased
from tests.dialogs.reading import table


@pytest.mark.parametrize(
    ("pattern", "signs"),
    [
        (r"(?<![a-z])(?:decides|signs) off", {"decides ", "signs of"}),  # at most eight letters of each
        (r"[0-9]{1,2}[/-][0-9]{4}", {"/", "-"}),
        (r"fail(?:ed|ing)?\s(?:[a-z]+\s){0,4}audits?", {"audit"}),
        (r"(?=.{0,9}予算)[^。]{2,9}が(?:ない|無い)", {"予算"}),
        (r"(?i:MD|CEO) at", {"md at", "ceo at"}),
        (r"(?:は|が)?\s?$", {""}),
        (r"[^。]{2,4}|だめ", {""}),
    ],
)
def test_a_pattern_tells_the_rarest_letters_it_cannot_do_without(pattern: str, signs: set[str]) -> None:
    assert set(signs_of(pattern)) == signs


@pytest.mark.parametrize(
    ("pattern", "letters"),
    [
        (r"\b(?i:CEO|(?:the )?boss) of", {"ce", "th", "bo"}),
        (r"(?:(?:co-?)?owner|[a-z]{2,9}) at", {"co", "ow", *"abcdefghijklmnopqrstuvwxyz"}),
        (r"(?:[a-z]+ )*sign", {"si", *"abcdefghijklmnopqrstuvwxyz"}),
        (r"[^。]{2,4}だめ", {""}),
    ],
)
def test_a_pattern_tells_with_which_letters_it_begins(pattern: str, letters: set[str]) -> None:
    assert set(beginnings_of(pattern)) == letters


@pytest.mark.parametrize(
    ("pattern", "letters"),
    [
        (r"(?:営業部|経理)[部課]?長?$", {"長", "部", "課", "理", "\n"}),
        (r"C[A-Z]{1,2}O(?:代理)?$", {"O", "o", "理", "\n"}),
        (r"[^。]{2,4}$", None),
        (r"(?:は|が)?$", None),
    ],
)
def test_a_pattern_tells_with_which_letters_it_ends(pattern: str, letters: set[str] | None) -> None:
    assert last_letters_of(pattern) == letters


def test_several_patterns_are_found_as_one_that_lists_them_finds_them() -> None:
    sources = (r"b+c?", r"a(?:b|d)", r"bb", r"c[0-9]")
    text = "abbbc bbc1 adc2 abd"
    together = [match.group() for match in sought("|".join(sources)).finditer(text)]
    assert [match.group() for match in either(*sources).finditer(text)] == together


def test_a_text_without_the_letters_of_a_pattern_holds_no_match_of_it() -> None:
    patterns = set(every_sought())
    assert len(patterns) > 80
    for case in table.load()[::11]:
        text = Text.of(case.text)
        for one in patterns:
            if not one.look.finds(text.plain):
                found = one.pattern.search(text.plain) or one.pattern.search(cased(text))
                assert not found, one.source


def test_a_pattern_that_begins_with_a_word_is_found_where_words_begin() -> None:
    patterns = [one for one in every_sought() if one.beginnings]
    assert len(patterns) > 5
    for case in table.load()[::11]:
        text = Text.of(case.text)
        written = cased(text)
        for one in patterns:
            found = [match.span() for match in one.named_in(written, text.plain)]
            assert found == [match.span() for match in one.pattern.finditer(written)]


def every_sought() -> Iterator[Sought]:
    """All that the rules seek, wherever they keep it."""
    for module in pkgutil.iter_modules(dialogs.reading.__path__):
        for kept in vars(importlib.import_module(f"dialogs.reading.{module.name}")).values():
            if isinstance(kept, Sought):
                yield kept
            elif isinstance(kept, Either):
                yield from kept.every
                yield Sought(source="|".join(one.source for one in kept.every), look=kept.look)
    for named in (*japanese_firms.JAPANESE_FIRMS, *english_firms.ENGLISH_FIRMS):
        yield named.letters
    for called in (*name_forms.JA_FORMS, *name_forms.EN_FORMS):
        yield name_forms.with_families(called.letters)
