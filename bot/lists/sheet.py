"""A CSV or Excel file, read row by row: whatever encoding and separator it came in."""

import csv
import io
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, TextIO
from zipfile import BadZipFile, ZipFile

from bot.typed import NUL

ENCODINGS = ("utf-8-sig", "cp932")
CP1252, EUC_JP, ISO_2022_JP, ISO_2022_MARK = "cp1252", "euc_jp", "iso2022_jp", b"\x1b$"
_BEYOND_ASCII = re.compile(rb"[\x80-\xff]")
_WESTERN_SIGN = re.compile(rb"(?<![\x80-\xff])[\x80\x85\x91-\x97\x99\xa0-\xbf](?![\x80-\xff])")
_WESTERN_LETTER = re.compile(  # é, ü and š in or at a Latin word
    rb"(?<=[A-Za-z])\x92?(?:[\xc0-\xff]{1,2}|[\x8a\x8c\x8e\x9a\x9c\x9e\x9f])(?![\x80-\xff])"
    rb"|(?<![\x80-\xff])(?:[\xc0-\xff]{1,2}|[\x8a\x8c\x8e\x9a\x9c\x9e\x9f])(?=[A-Za-z])"
)
SEPARATORS = ",\t;"
LONGEST_CELL = 160_000
HOW_TO_QUOTE = 'Close it, or write a mark that belongs to the text twice: "19"" monitor"'
MOST_UNPACKED = 100  # times the size of the file; a sheet of words comes to 30
EXCEL = (".xlsx", ".xlsm")
_START = 64 * 1024
_FAULTS_OF_A_BOOK = (
    SyntaxError, ValueError, LookupError, TypeError, AttributeError, EOFError, OSError, BadZipFile, zlib.error,
)  # fmt: skip


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
    csv.field_size_limit(LONGEST_CELL)
    try:
        with path.open(encoding=spelled, newline="") as file:
            separator = _separator_of(file.read(_START))
            file.seek(0)
            about = _rows_in(path, file, separator)
            file.seek(0)
            yield _sheet(_numbered(csv.reader(file, delimiter=separator)), about=about)
    except (UnicodeError, LookupError) as wrong:
        raise NoSheet(f"{path.name} is not {spelled}: name its encoding with --encoding ({wrong})") from wrong


def _rows_in(path: Path, file: TextIO, separator: str) -> int:
    """How many rows stand below the headings. Read to its end before anything is taken in: one lone quotation mark
    would make one cell of all the rows behind it. Raises NoSheet.
    """
    rows = 0
    try:
        for _ in csv.reader(_lines_of_text(path, file), delimiter=separator, strict=True):
            rows += 1
    except csv.Error as wrong:
        raise NoSheet(
            f"{path.name}, row {rows + 1}: a cell there begins with a quotation mark and does not end with one "
            f"({wrong}). {HOW_TO_QUOTE}. Nothing was taken in"
        ) from wrong
    return max(0, rows - 1)


def _lines_of_text(path: Path, file: TextIO) -> Iterator[str]:
    for line in file:
        if NUL in line:
            raise NoSheet(
                f"{path.name} holds null characters, as UTF-16 without its mark does: name its encoding with --encoding"
            )
        yield line


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
    """UTF-16 and ISO-2022-JP by their marks, UTF-8 when every byte fits, else Shift_JIS as Japanese Excel writes."""
    with path.open("rb") as file:
        start = file.read(_START)
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if ISO_2022_MARK in start:
        return ISO_2022_JP
    encoding = next((one for one in ENCODINGS if _fits(path, one)), None)
    if encoding is None:
        raise NoSheet(f"{path.name} is neither UTF-8 nor Shift_JIS: name its encoding with --encoding")
    if encoding != ENCODINGS[0] and _fits(path, EUC_JP):  # either reads as the other's nonsense
        raise NoSheet(
            f"{path.name} may be EUC-JP or Shift_JIS: say which with --encoding {EUC_JP} or --encoding {encoding}"
        )
    if encoding != ENCODINGS[0] and _looks_western(path):
        raise NoSheet(
            f"{path.name} may be Windows-1252 or Shift_JIS: say which with --encoding {CP1252} or --encoding {encoding}"
        )
    return encoding


def _fits(path: Path, encoding: str) -> bool:
    try:
        with path.open(encoding=encoding, newline="") as file:
            while file.read(_START):
                pass
    except UnicodeError:
        return False
    return True


def _looks_western(path: Path) -> bool:
    """Whether all that is not ASCII stands alone in Latin words, as é does; Japanese letters stand among their like."""
    found = False
    with path.open("rb") as file:
        for line in file:
            letters_out = _WESTERN_LETTER.sub(b"", line)
            if _BEYOND_ASCII.search(_WESTERN_SIGN.sub(b"", letters_out)):
                return False
            found = found or letters_out != line
    return found


def _separator_of(start: str) -> str:
    heading = next(iter(io.StringIO(start)), "")
    return max(SEPARATORS, key=heading.count)


@contextmanager
def _excel(path: Path) -> Iterator[Sheet]:
    # openpyxl takes a third of a second to load; most lists are CSV
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        _check_size(path)
        book = load_workbook(path, read_only=True, data_only=True)
        page = book.worksheets[0]
    except (InvalidFileException, *_FAULTS_OF_A_BOOK) as wrong:
        raise _unreadable(path, wrong) from wrong
    try:
        yield _sheet(_numbered(_rows_of(path, page)), about=max(0, (page.max_row or 1) - 1))
    finally:
        book.close()


def _check_size(path: Path) -> None:
    """A few bytes may unpack to a gigabyte, which nobody typed. Raises ValueError."""
    with ZipFile(path) as packed:
        unpacked = sum(part.file_size for part in packed.infolist())
    if unpacked > max(_START, path.stat().st_size) * MOST_UNPACKED:
        raise ValueError(f"it unpacks to {unpacked / 2**20:,.0f} MB")


def _rows_of(path: Path, page: Any) -> Iterator[list[str]]:
    """Read as they are asked for, so that a broken one shows itself late. Raises NoSheet."""
    rows = page.iter_rows(values_only=True)
    while True:
        try:
            row = [_as_text(value) for value in next(rows)]
        except StopIteration:
            return
        except _FAULTS_OF_A_BOOK as wrong:
            raise _unreadable(path, wrong) from wrong
        yield row


def _unreadable(path: Path, wrong: Exception) -> NoSheet:
    return NoSheet(f"{path.name} is not an Excel file we can read ({wrong}); save it as .xlsx or CSV")


def _as_text(value: Any) -> str:
    """A cell of a workbook as a person reads it: 3 for 3.0, a date as a date."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == datetime.min.time() else value.isoformat(sep=" ")
    return value.isoformat() if isinstance(value, date) else str(value)
