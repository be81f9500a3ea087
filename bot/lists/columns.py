"""Which heading means what: the columns of a list of leads, as firms in both languages name them."""

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import TypeVar

from qualification.bant import Industry
from qualification.identity import same_spelling


class Column(StrEnum):
    """A column we understand. The value is its heading in our own exports."""

    ID = "id"
    COMPANY = "company"
    PERSON = "person"
    FAMILY_NAME = "family_name"
    GIVEN_NAME = "given_name"
    EMAIL = "email"
    PHONE = "phone"
    MOBILE = "mobile"
    HEADCOUNT = "headcount"
    INDUSTRY = "industry"
    TITLE = "title"
    DEPARTMENT = "department"
    STANDING = "standing"
    NEED = "need"
    TIMEFRAME = "timeframe"
    AUTHORITY = "authority"
    BUDGET = "budget"
    NOTE = "note"
    LANGUAGE = "language"
    ORIGIN = "origin"
    SOURCE = "source"
    DO_NOT_CONTACT = "do_not_contact"
    ANSWERS = "answers"


JAPANESE = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")
NO_VALUES = ("", "#N/A", "#REF!", "#NAME?", "#VALUE!", "#DIV/0!", "#NUM!", "#NULL!")  # a sheet whose sum failed


N = TypeVar("N", bound=StrEnum)


@cache
def _meanings() -> dict[str, Column]:
    """Column by the spelling of its heading."""
    return _named_in("headings.toml", Column)


@cache
def industries() -> dict[str, Industry]:
    """Industry by the spelling of what lists call it."""
    return _named_in("industries.toml", Industry)


def _named_in(file: str, kind: type[N]) -> dict[str, N]:
    """What each word of the file stands for, by its spelling; a thing's own name always does."""
    written = tomllib.loads(files("bot.lists").joinpath(file).read_text(encoding="utf-8"))
    meanings = {same_spelling(thing): thing for thing in kind}
    for name, languages in written.items():
        for word in (*languages["en"], *languages["ja"]):
            meanings[same_spelling(word)] = kind(name)
    return meanings


class NoKnownColumn(ValueError):
    """None of the headings is one we know."""


class UnknownColumn(ValueError):
    """--column names a heading the file does not have, or a meaning we do not know."""


@dataclass(frozen=True, kw_only=True)
class Headings:
    """What each place of a row means, and the headings we leave alone."""

    written: tuple[str, ...]
    meanings: tuple[Column | None, ...]
    left_out: tuple[str, ...]

    @property
    def japanese(self) -> bool:
        return any(map(JAPANESE.search, self.written))

    def beyond(self, row: Sequence[str]) -> str:
        """What is wrong with a row that has more cells than there are headings; "" for every other."""
        if not any(cell.strip() for cell in row[len(self.written) :]):
            return ""
        return f"{len(row)} cells under {len(self.written)} headings: put a cell with a comma in it in quotation marks"

    def cells(self, row: Sequence[str]) -> dict[Column, str]:
        """The cells we understand; of two columns with one meaning the first that is filled counts."""
        found: dict[Column, str] = {}
        for meaning, cell in zip(self.meanings, row, strict=False):
            if meaning is not None and cell.strip() not in NO_VALUES and meaning not in found:
                found[meaning] = cell.strip()
        return found


def understand(headings: Sequence[str], named: Mapping[str, str] | None = None) -> Headings:
    """What the first row says. `named` maps a heading of this file to a column of ours, and wins.

    Raises NoKnownColumn and UnknownColumn.
    """
    meanings = [_meanings().get(same_spelling(heading)) for heading in headings]
    for heading, column in (named or {}).items():
        meanings[_place_of(heading, headings)] = _column(column)
    if not any(meanings):
        raise NoKnownColumn(f"no heading we know among: {_listed(headings)}. Name one: --column HEADING=company")
    left_out = tuple(
        heading for heading, meaning in zip(headings, meanings, strict=True) if not meaning and heading.strip()
    )
    return Headings(written=tuple(headings), meanings=tuple(meanings), left_out=left_out)


def _place_of(heading: str, headings: Sequence[str]) -> int:
    for place, other in enumerate(headings):
        if same_spelling(other) == same_spelling(heading):
            return place
    raise UnknownColumn(f"--column: the file has no heading {heading!r}; it has: {_listed(headings)}")


def _column(name: str) -> Column:
    meaning = _meanings().get(same_spelling(name))
    if meaning is None:
        raise UnknownColumn(f"--column: no column {name!r}; we know: {', '.join(Column)}")
    return meaning


def _listed(headings: Iterable[str]) -> str:
    return ", ".join(heading[:40] for heading in headings if heading.strip()) or "(an empty first row)"
