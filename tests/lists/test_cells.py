"""Cells that a spreadsheet shows and never calculates, and that come back as they were (S9)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.lists.cells import FORMULA, meant, shown

LIVE = [
    "=1+1", "=cmd|'/c calc'!A0", "+81 3-1234-5678", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1+1", "'=1+1",
    "''=1", "＝1+1", "＋1", "－1", "＠x", "−1", "|calc", "%0A=1", '=HYPERLINK("http://x","y")', "'+1", "=", "+", "-", "@",
    "\u200b=1+1", "\ufeff+1", "\x00=1", "\x1b@x", "\u202e-1", "\u00ad=1", "\ufe0f=1", "'\u200b=1", "﹢1+1", "﹦1",
]  # fmt: skip


@pytest.mark.parametrize("text", LIVE)
def test_nothing_in_a_cell_is_a_live_formula_and_it_comes_back_as_it_was(text: str) -> None:
    cell = shown(text)
    assert cell.startswith("'")
    assert not cell.lstrip().startswith(FORMULA)
    assert meant(cell) == text


@given(st.text(alphabet=st.sampled_from("'=+-@ \tａ＝x105.\u200b\ufe0f"), max_size=8))
def test_every_text_comes_back_as_it_was(text: str) -> None:
    assert meant(shown(text)) == text


@pytest.mark.parametrize("number", ["-5", "-0.5", "-120", "0", "75"])
def test_a_number_stays_a_number_to_a_spreadsheet(number: str) -> None:
    assert shown(number) == number
    assert meant(number) == number
    assert meant(shown(f"'{number}")) == f"'{number}"


@pytest.mark.parametrize("text", ["-007", "-1-2", "-5\t", "－5", "+5", "-12345678901234567890"])
def test_what_a_spreadsheet_would_change_is_shown_as_text(text: str) -> None:
    assert shown(text) == f"'{text}"
    assert meant(shown(text)) == text


@pytest.mark.parametrize("text", ["佐藤 健一", "Asahi Tools", "it's", "'quoted'", "3,000,000", "", "a=b"])
def test_an_ordinary_text_is_left_alone(text: str) -> None:
    assert shown(text) == text
