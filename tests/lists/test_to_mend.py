"""Rows nobody could take in lie beside the list, to be mended in a spreadsheet and taken in again."""

import csv
from contextlib import closing
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from openpyxl import Workbook
from sqlmodel import func, select

from bot.bootstrap import open_services
from bot.commands.advice import with_advice
from bot.commands.lists import import_list
from bot.settings import load_settings
from qualification.records import Lead
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

    assert takes_in(cards) is False
    assert cards.with_name("cards.to-mend-2.csv").exists(), "rows that are just mended are not written over"

    to_mend.write_text(to_mend.read_text("utf-8-sig").replace("not an address,", "jane@acme.example,"), "utf-8")
    assert takes_in(to_mend) is True


def test_a_row_without_its_last_cells_lies_under_the_right_headings(cards: Path) -> None:
    cards.write_text("Company,E-mail,Phone,Note\nAsahi Tools,not an address\n", "utf-8")
    assert takes_in(cards) is False

    (row,) = csv.DictReader(cards.with_name("cards.to-mend.csv").read_text("utf-8-sig").splitlines())
    assert (row["Phone"], row["Note"], row["row"]) == ("", "", "2")
    assert "not one e-mail address" in row["to mend"]


def test_a_list_that_breaks_off_says_what_is_in_already_and_goes_on_once_mended(
    cards: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book, whole = Workbook(), cards.with_name("whole.xlsx")
    book.active.append(["company", "email"])
    for number in range(300):
        book.active.append([f"Firm {number}", f"a{number}@firm.example"])
    book.save(whole)
    broken = cards.with_name("broken.xlsx")
    with ZipFile(whole) as read, ZipFile(broken, "w", ZIP_DEFLATED) as made:
        for name in read.namelist():
            is_sheet = name == "xl/worksheets/sheet1.xml"
            made.writestr(name, read.read(name)[:-40] if is_sheet else read.read(name))

    with pytest.raises(SystemExit):
        with_advice(lambda: takes_in(broken))
    assert (
        "250 rows before are taken in. Import the mended list: what is in already counts once"
        in capsys.readouterr().err
    )
    assert takes_in(whole) is True
    with closing(open_services(load_settings())) as services:
        assert services.store.read(lambda session: session.exec(select(func.count()).select_from(Lead)).one()) == 300


def test_a_heading_that_steers_a_terminal_is_shown_as_plain_letters(
    cards: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cards.write_text("\x1b]0;mine\x07firma,\u202enhow\nAsahi,x\n", "utf-8")
    with pytest.raises(SystemExit):
        with_advice(lambda: takes_in(cards))
    assert "no heading we know among: ]0;minefirma, nhow." in capsys.readouterr().err
