"""A CSV or Excel file, read row by row: whatever encoding and separator it came in."""

import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

ENCODINGS = ("utf-8-sig", "cp932")
SEPARATORS = ",\t;"
LONGEST_CELL = 10_000
EXCEL = (".xlsx", ".xlsm")
_START = 64 * 1024


class NoSheet(ValueError):
    """The file cannot be read as a list."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """One row as it stands in the file. `number` is what a spreadsheet shows at its left; the headings are 1."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """An open list: its headings, its rows, and about how many there are (0: nobody knows)."""

    headings: tuple[str, ...]
    lines: Iterator[Line]
    about: int


@contextmanager
def open_sheet(path: Path, *, encoding: str | None = None) -> Iterator[Sheet]:
    """Open a list. Raises NoSheet with what is wrong and what to do; memory stays flat however long it is."""
    if not path.is_file():
        raise NoSheet(f"{path} is a folder: name the file in it" if path.is_dir() else f"no file {path}")
    with _excel(path) if path.suffix.lower() in EXCEL else _csv(path, encoding) as sheet:
        yield sheet


@contextmanager
def _csv(path: Path, encoding: str | None) -> Iterator[Sheet]:
    spelled = encoding or _encoding_of(path)
    csv.field_size_limit(LONGEST_CELL * 16)
    try:
        with path.open(encoding=spelled, newline="") as file:
            start = file.read(_START)
            file.seek(0)
            rows = csv.reader(file, delimiter=_separator_of(start))
            yield _sheet(_numbered(rows), about=_lines_in(path))
    except (UnicodeError, LookupError) as wrong:
        raise NoSheet(f"{path.name} is not {spelled}: name its encoding with --encoding ({wrong})") from wrong
    except csv.Error as wrong:
        raise NoSheet(f"{path.name} is not a CSV file we can read: {wrong}") from wrong


def _numbered(rows: Any) -> Iterator[Line]:
    """A cell may hold line breaks, so a row is numbered as a spreadsheet numbers it, not by the lines of the file."""
    for number, cells in enumerate(rows, start=1):
        yield Line(number=number, cells=tuple(cells))


def _sheet(lines: Iterator[Line], *, about: int) -> Sheet:
    first = next(lines, None)
    if first is None or not any(cell.strip() for cell in first.cells):
        raise NoSheet("the first row must hold the headings; it is empty")
    filled = (line for line in lines if any(cell.strip() for cell in line.cells))
    return Sheet(headings=first.cells, lines=filled, about=about)


def _encoding_of(path: Path) -> str:
    """UTF-16 by its mark; UTF-8 when every byte fits; otherwise what Japanese Excel writes (Shift_JIS)."""
    with path.open("rb") as file:
        if file.read(2) in (b"\xff\xfe", b"\xfe\xff"):
            return "utf-16"
    for encoding in ENCODINGS:
        try:
            with path.open(encoding=encoding, newline="") as file:
                while file.read(_START):
                    pass
        except UnicodeError:
            continue
        return encoding
    raise NoSheet(f"{path.name} is neither UTF-8 nor Shift_JIS: name its encoding with --encoding")


def _separator_of(start: str) -> str:
    heading = next(iter(io.StringIO(start)), "")
    return max(SEPARATORS, key=heading.count)


def _lines_in(path: Path) -> int:
    with path.open("rb") as file:
        return max(0, sum(chunk.count(b"\n") for chunk in iter(lambda: file.read(1 << 20), b"")) - 1)


@contextmanager
def _excel(path: Path) -> Iterator[Sheet]:
    # openpyxl takes a third of a second to load; most lists are CSV
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except (InvalidFileException, BadZipFile, OSError, KeyError, ValueError) as wrong:
        raise NoSheet(f"{path.name} is not an Excel file we can read ({wrong}); save it as .xlsx or CSV") from wrong
    try:
        page = book.worksheets[0]
        rows = ([_as_text(value) for value in row] for row in page.iter_rows(values_only=True))
        yield _sheet(_numbered(rows), about=max(0, (page.max_row or 1) - 1))
    finally:
        book.close()


def _as_text(value: Any) -> str:
    """A cell of a workbook as a person reads it: 3 for 3.0, a date as a date."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == datetime.min.time() else value.isoformat(sep=" ")
    return value.isoformat() if isinstance(value, date) else str(value)
