"""One spelling for every rule, and the way back to the person's own words; numbers in all their spellings; lexicons."""

import sys
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.reading import money, read, timeframe
from dialogs.reading.lexicon import LexiconProblem, lexicon, read_lexicon
from dialogs.reading.numbers import numbers
from dialogs.reading.text import LONGEST, Text
from dialogs.reading.vocabulary import vocabulary
from qualification.bant import Topic


@pytest.mark.parametrize(
    ("raw", "plain"),
    [
        ("ご予算は５００万〜ＡＳＡＰ", "ご予算は500万~asap"),
        ("ﾊﾞﾝﾄﾞ", "バンド"),
        ("㌦", "ドル"),
        ("３０％", "30%"),
        ("Don’t – really", "don't - really"),
        ("3ヵ月", "3ヶ月"),
        ("５\u200b０", "50"),
    ],
)
def test_a_text_has_one_spelling(raw: str, plain: str) -> None:
    assert Text.of(raw).plain == plain


@pytest.mark.parametrize(
    ("raw", "language"), [("500万", "ja"), ("50k", "en"), ("OKです", "ja"), ("ｱﾘｶﾞﾄｳ", "ja"), ("😀", "en")]
)
def test_one_kana_or_kanji_makes_it_japanese(raw: str, language: str) -> None:
    assert Text.of(raw).language == language


def test_a_span_leads_back_to_what_was_written() -> None:
    text = Text.of("ﾊﾞﾝﾄﾞは㌦で５００")
    start = text.plain.index("500")
    assert text.words(start, start + 3) == "５００"
    assert text.words(0, 3) == "ﾊﾞﾝﾄﾞ"
    assert text.words(text.plain.index("ド", 3), text.plain.index("ド", 3) + 1) == "㌦"


@given(st.text(max_size=200))
def test_every_span_of_any_text_leads_into_the_text(raw: str) -> None:
    text = Text.of(raw)
    for end in range(len(text.plain) + 1):
        first, last = text.span(max(0, end - 2), end)
        assert 0 <= first <= last <= len(raw)
    assert text.words(0, len(text.plain)) in raw


def test_only_the_first_four_thousand_characters_are_read() -> None:
    assert len(Text.of("あ" * 9_000).plain) == LONGEST


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("1,200と40.000と1.5", [1_200, 40_000, 1.5]),
        ("50k and 1.5 million", [50_000, 1_500_000]),
        ("1億2000万", [120_000_000]),
        ("1千5百万", [15_000_000]),
        ("五百万", [5_000_000]),
        ("二〇二七年", [2_027]),
        ("half a million", [500_000]),
        ("a million and a half", [1_500_000]),
        ("one hundred and fifty k", [150_000]),
        ("twenty-five", [25]),
        ("between ten and twenty thousand", [10, 20_000]),
        ("2 and a half million", [2_500_000]),
        ("ごひゃくまん", [5_000_000]),
        ("usd50", [50]),
        ("b2b", []),
        ("v2", []),
        ("万が一", [1]),
    ],
)
def test_numbers_are_read_in_every_spelling(text: str, values: list[float]) -> None:
    assert [number.low for number in numbers(Text.of(text))] == values


@pytest.mark.parametrize(
    ("text", "low", "high"), [("数十万", 2e5, 9e5), ("a few hundred", 200, 900), ("二三百", 200, 300)]
)
def test_open_numbers_keep_both_ends(text: str, low: float, high: float) -> None:
    (number,) = numbers(Text.of(text))
    assert (number.low, number.high) == (low, high)


def test_a_lexicon_writes_phrases_with_choices_and_gaps() -> None:
    words = read_lexicon("x.toml", '[open]\nja = ["決ま(って|り)…ない"]\nen = ["sign off", "no…budget"]\n'.encode())
    assert words.pattern("open", "ja").search("決まってはいない")
    assert words.pattern("open", "ja").search("no real budget")
    assert words.pattern("open", "en").search("my sign-off")
    assert not words.pattern("open", "en").search("design offer")


@pytest.mark.parametrize(
    ("stored", "said"),
    [
        ("open = 1", "open: must be a section"),
        ("[open]\nja = 1", "open.ja: must be a list of words"),
        ('[open]\nja = ["a(b"]', "open.ja: cannot read 'a(b': ')' is missing"),
        ('[open]\nen = ["ASAP"]', "open.en: cannot read 'ASAP': it must be written in small letters"),
        ('[open]\nen = ["call {whom}"]', "open.en: cannot read 'call {whom}': {whom} is not listed under [groups]"),
        ('[open]\nen = ["a|b"]', "open.en: cannot read 'a|b': \"|\" stands outside of brackets"),
        ("[open", "whole file"),
    ],
)
def test_a_mistake_in_a_lexicon_names_file_and_key(stored: str, said: str) -> None:
    with pytest.raises(LexiconProblem) as problem:
        read_lexicon("mine.toml", stored.encode())
    assert "mine.toml" in str(problem.value)
    assert said in str(problem.value)


@pytest.mark.parametrize("mark", ["", "\ufeff"], ids=["as it is", "as Windows saves it"])
def test_a_word_list_is_read_as_an_editor_saved_it(mark: str) -> None:
    words = read_lexicon("mine.toml", f'{mark}[open]\r\nja = ["検討中"]\r\n'.encode())
    assert words.pattern("open", "ja").search("検討中です")


def test_a_word_list_in_another_encoding_says_how_to_save_it() -> None:
    with pytest.raises(LexiconProblem, match=r"mine\.toml: whole file: .* save it as UTF-8"):
        read_lexicon("mine.toml", '[open]\nja = ["検討中"]'.encode("cp932"))


def test_a_group_of_words_is_written_once_and_used_by_name() -> None:
    words = read_lexicon("x.toml", b'[groups]\nboss = ["boss", "manager[s]"]\n[open]\nen = ["my {boss} says"]')
    assert words.pattern("open", "en").search("my manager says")
    assert not words.pattern("open", "en").search("my friend says")


def test_a_sign_for_many_letters_cannot_stand_in_a_table_of_meanings() -> None:
    words = read_lexicon("mine.toml", b'[month]\n1 = ["jan*"]')
    with pytest.raises(LexiconProblem, match=r"month\.1: cannot read 'jan\*': '\*' cannot stand"):
        words.table("month")


def test_a_section_that_is_missing_or_in_a_strange_language_is_named() -> None:
    words = read_lexicon("mine.toml", b'[open]\nfr = ["ouvert"]')
    with pytest.raises(LexiconProblem, match=r"open\.fr"):
        words.words("open", "ja")
    with pytest.raises(LexiconProblem, match="closed"):
        words.words("closed", "ja")
    with pytest.raises(LexiconProblem, match=r"nothing\.toml"):
        lexicon("nothing")


def test_a_spelling_means_one_thing() -> None:
    words = read_lexicon("mine.toml", b'[month]\n1 = ["jan[uary]"]\n2 = ["jan"]')
    with pytest.raises(LexiconProblem, match="'jan' cannot mean this as well"):
        words.table("month")


HOSTILE = [
    "1",
    "1,2",
    "一二三万",
    "500万円まで、",
    "50k-",
    "2027/3/1から",
    "march or ",
    "予算未定、",
    "not yet ",
    "3月",
    "03-1234-5678 ",
    " ",
]


def counted(work: Callable[[], object]) -> int:
    """How many functions run meanwhile: a clock that no other program disturbs."""
    count = 0

    def one(*_: object) -> None:
        nonlocal count
        count += 1

    sys.setprofile(one)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


def steps(text: str) -> int:
    """What it takes to read a text for money and time."""

    def work() -> None:
        plain = Text.of(text)
        money.find(plain, asked=Topic.BUDGET)
        timeframe.find(plain, asked=Topic.TIMEFRAME, today=date(2026, 5, 14))

    return counted(work)


@pytest.mark.parametrize("piece", HOSTILE)
def test_work_grows_no_faster_than_the_text(piece: str) -> None:
    short, long = (piece * (length // len(piece)) for length in (1_000, 4_000))
    steps(f"{short} ")  # the lexicons are compiled once; another text, because what a text says is kept for a while
    assert steps(long) <= 4 * steps(short) + 500


@pytest.mark.parametrize(
    "piece", ["興味ないです特に", "きょうみないです とくに ", "stop it, it hurts. ", "解約の手作業が面倒で"]
)
def test_a_word_said_a_thousand_times_is_looked_up_once_for_each_time(piece: str) -> None:
    def steps_of(text: str) -> int:
        return counted(lambda: read(text, question=Topic.NEED, now=datetime(2026, 5, 14, tzinfo=UTC)))

    short, long = (piece * (length // len(piece)) for length in (1_000, 4_000))
    steps_of(f"{short} ")
    assert steps_of(long) <= 4 * steps_of(short) + 2_000


@pytest.mark.parametrize("piece", ["か?", "?=", "様?", "様、"])
def test_the_rest_of_two_thousand_tiny_questions_or_honorifics_is_looked_at_as_one(piece: str) -> None:
    def steps_of(text: str) -> int:
        return counted(lambda: read(text, question=None, now=datetime(2026, 5, 14, tzinfo=UTC)))

    four_hundred, two_thousand = piece * 400, piece * 2_000
    steps_of(f"{four_hundred} ")
    assert steps_of(two_thousand) <= 2 * steps_of(four_hundred)


@pytest.mark.parametrize(("file", "section"), [("needs", "word"), ("needs", "category"), ("who_decides", "word")])
def test_no_word_begins_with_one_japanese_letter_and_a_blank(file: str, section: str) -> None:
    """So its places are the same whether a hyphen stands for a blank or not."""
    assert [head for head in vocabulary(file, section).other if head[1:2].isspace()] == []
