"""What real people type, row by row, blind to the code: the reader hears all of it and nothing else."""

from itertools import groupby
from pathlib import Path

import pytest

from dialogs.reading import read
from tests.dialogs.reading.score import as_heard, misses, same_approver
from tests.dialogs.reading.table import Case, MalformedRow, load, load_table

EVERY_CASE = load()
# Texts the reader does not understand yet, each written before anybody knew. The list may only get shorter.
NOT_YET = set(Path(__file__).parent.joinpath("cases", "not_yet.txt").read_text("utf-8").splitlines())
CASES = [case for case in EVERY_CASE if case.text not in NOT_YET]
MISSED = [case for case in EVERY_CASE if case.text in NOT_YET]
TABLES = {name: [*rows] for name, rows in groupby(CASES, key=lambda case: case.file)}
MOST_NOT_YET = 0


def test_few_texts_are_not_understood_yet_and_each_is_in_a_table() -> None:
    assert {case.text for case in MISSED} == NOT_YET
    assert len(NOT_YET) <= MOST_NOT_YET


@pytest.mark.parametrize("case", MISSED, ids=lambda case: case.id)
def test_a_text_understood_by_now_leaves_the_list_of_those_not_yet(case: Case) -> None:
    heard = as_heard(read(case.text, question=case.question, now=case.now))
    assert misses(case.expected, heard, case.now.date()) != [], f"take it out of not_yet.txt: {case.text}"


@pytest.mark.parametrize("table", TABLES)
def test_the_reader_hears_what_the_person_typed_and_keeps_who_must_approve(table: str) -> None:
    missed = {f"{case.id} {case.text}": wrong for case in TABLES[table] if (wrong := misheard(case))}
    assert missed == {}


def misheard(case: Case) -> list[str]:
    heard = as_heard(read(case.text, question=case.question, now=case.now))
    wrong = misses(case.expected, heard, case.now.date())
    expected = case.expected.authority
    if not expected or not expected.approver:
        return wrong
    approver = heard.authority.approver if heard.authority else None
    return wrong if same_approver(expected.approver, approver) else [*wrong, f"approver heard {approver}"]


def test_the_tables_are_about_half_japanese_and_half_english() -> None:
    japanese = sum(case.language == "ja" for case in EVERY_CASE)
    assert len(EVERY_CASE) >= 800
    assert 0.4 <= japanese / len(EVERY_CASE) <= 0.6


def test_no_text_is_asked_twice_in_the_same_way() -> None:
    asked = [(case.question, case.now, case.text) for case in EVERY_CASE]
    assert len(asked) == len(set(asked))


@pytest.mark.parametrize(
    "row",
    [
        pytest.param("budget\t2026-05-14T10:00:00+09:00\t300万", id="a column is missing"),
        pytest.param("price\t2026-05-14T10:00:00+09:00\t300万\tnoise", id="no such question"),
        pytest.param("budget\t2026-05-14T10:00:00\t300万\tnoise", id="now without offset"),
        pytest.param("budget\t2026-05-14T10:00:00+09:00\t300万\tanswer", id="an answer without a fact"),
        pytest.param("budget\t2026-05-14T10:00:00+09:00\t300万\tnoise; budget 3", id="noise with a fact"),
        pytest.param("budget\t2026-05-14T10:00:00+09:00\t300万\tanswr", id="no such act"),
        pytest.param("budget\t2026-05-14T10:00:00+09:00\t300万\tanswer; budgt 3", id="no such fact"),
        pytest.param("budget\t2026-05-14T10:00:00+09:00\t300万\tanswer; budget 3..1", id="range runs backwards"),
        pytest.param("budget\t2026-05-14T10:00:00+09:00\t300万\tanswer; budget 3 JPY weekly", id="no such period"),
        pytest.param("budget\t2026-05-14T10:00:00+09:00\t300万\tanswer; timeframe 2026-02-30", id="no such day"),
        pytest.param("budget\t2026-05-14T10:00:00+09:00\t300万\tanswer; timeframe 2026-05-13", id="a day gone by"),
        pytest.param("budget\t2026-05-14T10:00:00+09:00\t300万\tanswer; need huge", id="no such strength"),
        pytest.param("budget\t2026-05-14T10:00:00+09:00\t300万\tanswer; phone 0312345678", id="phone not E.164"),
        pytest.param("budget\t2026-05-14T10:00:00+09:00\t300万\tanswer; authority none CEO", id="approver of nobody"),
    ],
)
def test_a_malformed_row_is_an_error_naming_file_and_line(row: str, tmp_path: Path) -> None:
    table = tmp_path / "budget.ja.tsv"
    table.write_text(f"# a comment\n{row}\n", encoding="utf-8")
    with pytest.raises(MalformedRow, match=r"budget\.ja\.tsv, line 2: "):
        list(load_table(table))
