"""Rows nobody could take in lie beside the list, to be mended in a spreadsheet and taken in again."""

import csv
from pathlib import Path

import pytest

from bot.commands.lists import import_list
from tests.files import database_in

LIST = """Company,Name,E-mail
"=HYPERLINK(""https://evil.example"")",Jane Doe,not an address
Asahi Tools,John Doe,john@asahi.example
"""


def takes_in(path: Path) -> bool:
    return import_list(
        path,
        rehearse=False,
        columns=[],
        encoding=None,
        origin="outbound",
        source=None,
        activity=None,
        start_clocks=False,
        as_json=True,
    )


@pytest.fixture
def cards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", database_in(tmp_path))
    path = tmp_path / "cards.csv"
    path.write_text(LIST, "utf-8")
    return path


def test_a_row_to_mend_is_text_for_a_spreadsheet_and_comes_in_as_it_was_once_mended(cards: Path) -> None:
    assert takes_in(cards) is False

    to_mend = cards.with_name("cards.to-mend.csv")
    headings, (company, person, address, row, problem) = csv.reader(to_mend.read_text("utf-8-sig").splitlines())
    assert headings == ["Company", "Name", "E-mail", "row", "to mend"]
    assert company == """'=HYPERLINK("https://evil.example")"""
    assert (person, address, row) == ("Jane Doe", "not an address", "2")
    assert "not one e-mail address" in problem

    to_mend.write_text(to_mend.read_text("utf-8-sig").replace("not an address,", "jane@acme.example,"), "utf-8")
    assert takes_in(to_mend) is True
