"""Tens of thousands of spellings with what they mean, kept without their letters."""

import pytest

from dialogs.reading.lexicon import lexicon
from dialogs.reading.meanings import Meanings

WORDS = {f"word {number}": f"meaning {number % 7}" for number in range(5_000)}


def test_every_spelling_means_what_the_list_says_and_no_other_text_means_anything() -> None:
    meanings = Meanings(WORDS.items())

    assert {spelling: meanings.get(spelling) for spelling in WORDS} == WORDS
    assert not any(meanings.get(f"{spelling} too") for spelling in WORDS)
    assert all(meanings.signs[hash(spelling) & meanings.mask] for spelling in WORDS), "asked first, it denies none"


def test_a_list_may_be_empty() -> None:
    assert Meanings(()).get("anything") == ""


@pytest.mark.parametrize("file", ["needs", "who_decides"])
def test_a_list_stays_small_enough_for_every_process_to_hold(file: str) -> None:
    """A phrase of eight choices may be 130,000 spellings: 25 MB while a process starts. Say it in two phrases."""
    assert 10_000 < len(dict(lexicon(file).spelled("word"))) < 80_000


@pytest.mark.parametrize(
    ("file", "section"), [("needs", "word"), ("needs", "category"), ("who_decides", "word"), ("attributes", "word")]
)
def test_a_spelling_of_a_list_kept_without_its_letters_means_one_thing(file: str, section: str) -> None:
    assert lexicon(file).table(section).meanings, "which raises LexiconProblem when one means two"
