"""`bantline leads import|export`: lists of leads in and out, rehearsed if wished, with every row accounted for."""

import csv
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict
from io import TextIOWrapper
from itertools import chain, count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TextIO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from sqlmodel import Session

from bot.bootstrap import Services, as_json_text, open_services, sqlite_file, start_services
from bot.commands.leads import stage_named
from bot.commands.terminal import plain
from bot.lists.bringing_in import RowFate, Terms
from bot.lists.cells import shown
from bot.lists.columns import Headings, understand
from bot.lists.giving_out import as_csv, rows_of
from bot.lists.sheet import NoSheet, open_sheet
from bot.lists.taking_in import RowTaken, Tally, take_in
from bot.settings import load_settings
from qualification.events import OPERATOR

MOST_SHOWN = 10
ACTIVITY = re.compile(r"[a-z][a-z0-9_]{1,39}")
ORIGINS = ("inbound", "outbound")
OPENS_IN_EXCEL = "utf-8-sig"


class BadTerms(ValueError):
    """An option of the import that we cannot follow."""


def import_list(
    path: Path,
    *,
    rehearse: bool,
    columns: list[str],
    encoding: str | None,
    origin: str,
    source: str | None,
    activity: str | None,
    start_clocks: bool,
    as_json: bool,
) -> bool:
    """Take the list in and say what became of it; False when a row was bad."""
    terms = _terms(origin=origin, source=source, activity=activity, start_clocks=start_clocks)
    with open_sheet(path, encoding=encoding) as sheet:
        headings = understand(sheet.headings, _named(columns))
        told = _Told(path, headings, rehearse=rehearse)
        with _opened(rehearse=rehearse) as services, _bar(sheet.about, quiet=as_json) as advance:
            try:
                for taken in take_in(sheet, headings, terms, services.store, rehearse=rehearse):
                    told.hear(taken)
                    advance()
            except NoSheet as broken:
                raise NoSheet(f"{broken}{told.so_far()}") from broken
            except KeyboardInterrupt:
                told.stopped()
                raise
            finally:
                told.close()
    told.finish(as_json=as_json)
    return told.tally.bad == 0


@contextmanager
def _opened(*, rehearse: bool) -> Iterator[Services]:
    """The database, made when there is none yet; a rehearsal before the first start makes none that stays."""
    settings = load_settings()
    file = sqlite_file(settings.database_url)
    with TemporaryDirectory() as aside:
        if rehearse and file is not None and not file.exists():
            settings = settings.model_copy(update={"database_url": f"sqlite:///{aside}/rehearsal.db"})
        with closing(start_services(settings)) as services:
            yield services


def _terms(*, origin: str, source: str | None, activity: str | None, start_clocks: bool) -> Terms:
    if origin not in ORIGINS:
        raise BadTerms(f"--origin: one of {', '.join(ORIGINS)}")
    if activity is not None and not ACTIVITY.fullmatch(activity):
        raise BadTerms("--activity: small letters and _ only, as in seminar_attended")
    return Terms(by=OPERATOR, origin=origin, source=source, activity=activity, start_clocks=start_clocks)


def _named(columns: list[str]) -> dict[str, str]:
    named = {}
    for option in columns:
        heading, equals, column = option.rpartition("=")
        if not equals:
            raise BadTerms(f"--column {option!r}: write HEADING=company")
        named[heading] = column
    return named


@contextmanager
def _bar(about: int, *, quiet: bool) -> Iterator[Any]:
    """A bar on a terminal; a log file or a pipe gets none."""
    console = Console(stderr=True)
    parts = (TextColumn("rows"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*parts, console=console, disable=quiet or not console.is_terminal, transient=True) as bar:
        task = bar.add_task("rows", total=about or None)
        yield lambda: bar.advance(task)


class _Told:
    """What a person is told about an import: the first rows, the sums, and a file with the rows to mend."""

    def __init__(self, path: Path, headings: Headings, *, rehearse: bool) -> None:
        self.tally = Tally()
        self._headings, self._rehearse = headings, rehearse
        self._first: list[RowTaken] = []
        self._bad: list[RowTaken] = []
        self._alike: list[RowTaken] = []
        self._erased: list[RowTaken] = []
        self._mend = _free(path, "to-mend")
        self._mending: TextIO | None = None

    def hear(self, taken: RowTaken) -> None:
        self.tally.count(taken)
        for kept, wanted in (
            (self._first, True),
            (self._bad, taken.problems),
            (self._alike, _looks_known(taken)),
            (self._erased, _is_of_somebody_erased(taken)),
        ):
            if wanted and len(kept) < MOST_SHOWN:
                kept.append(taken)
        if taken.problems and not self._rehearse:
            self._note(taken)

    def _note(self, taken: RowTaken) -> None:
        """The row as it came, and what is wrong with it, so that it can be mended and taken in by itself."""
        if self._mending is None:
            self._mending = self._mend.open("w", encoding="utf-8-sig", newline="")
            csv.writer(self._mending).writerow([*map(shown, self._headings.written), "row", "to mend"])
        cells, missing = map(shown, taken.line.cells), len(self._headings.written) - len(taken.line.cells)
        csv.writer(self._mending).writerow([*cells, *[""] * missing, taken.line.number, "; ".join(taken.problems)])

    def so_far(self) -> str:
        """Where a list that cannot be read to its end ended."""
        if self._rehearse or not self.tally.rows:
            return ""
        return f"\n{self.tally.rows:,} rows before are taken in. Import the mended list: what is in already counts once"

    def stopped(self) -> None:
        """For whoever pressed Ctrl-C: rows are committed some at a time, each of them whole."""
        if not self._rehearse:
            told = f"Stopped: {self.tally.rows:,} rows or a few more are taken in, each whole."
            print(f"{told} Import the list again: what is in already counts once", file=sys.stderr)

    def close(self) -> None:
        if self._mending:
            self._mending.close()

    def finish(self, *, as_json: bool) -> None:
        if as_json:
            print(as_json_text(self._as_json()))
        else:
            self._print(Console(highlight=False))

    def _as_json(self) -> dict[str, Any]:
        tally = asdict(self.tally)
        return {
            "rehearsed": self._rehearse,
            "rows": tally["rows"],
            **{fate.value: self.tally.fates[fate] for fate in RowFate},
            "bad": tally["bad"],
            "maybe_known": tally["alike"],
            "left_out_columns": list(self._headings.left_out),
            "to_mend": str(self._mend) if self._mending else None,
            "bad_rows": [{"row": taken.line.number, "problems": taken.problems} for taken in self._bad],
            "erased_rows": [taken.line.number for taken in self._erased],
        }

    def _print(self, console: Console) -> None:
        if self._rehearse:
            console.print(_preview(self._first))
        if self._headings.left_out:
            console.print(f"left out, because we do not know them: {_some_of(self._headings.left_out)}", soft_wrap=True)
        fates = [(fate, many) for fate, many in self.tally.fates.items() if many or fate is not RowFate.ERASED]
        sums = ", ".join(f"{many:,} {_in_words(fate)}" for fate, many in fates)
        rows = f"{self.tally.rows:,} row{'' if self.tally.rows == 1 else 's'}"
        would = " would be taken in so" if self._rehearse else ""
        console.print(f"{rows}{would}: {sums}, {self.tally.bad:,} refused")
        for taken in self._bad:
            console.print(f"  row {taken.line.number}: {plain('; '.join(taken.problems))}", soft_wrap=True)
        if self.tally.bad > len(self._bad):
            console.print(f"  and {self.tally.bad - len(self._bad):,} more")
        if self._mending:
            console.print(f"Mend them in {self._mend} and import that file.", soft_wrap=True)
        if self._erased:
            console.print(self._of_the_erased(), soft_wrap=True)
        if self.tally.alike:
            console.print(f"{self.tally.alike:,} may be somebody we know: bantline leads duplicates")
        if self._rehearse:
            console.print("Nothing was written. Without --dry-run the same happens for real.")

    def _of_the_erased(self) -> str:
        """Which rows are of people whose data was erased, and why nothing of these rows is kept (D26)."""
        rows = ", ".join(f"{taken.line.number:,}" for taken in self._erased)
        more = self.tally.fates[RowFate.ERASED] - len(self._erased)
        and_more = f" and {more:,} more" if more > 0 else ""
        return (
            f"Left out, because this person's data was erased: row {rows}{and_more}. Nothing of it "
            f"{'would be' if self._rehearse else 'is'} kept; delete it from the list as well."
        )


def _in_words(fate: RowFate) -> str:
    return "left out" if fate is RowFate.ERASED else fate.value


def _is_of_somebody_erased(taken: RowTaken) -> bool:
    return taken.brought is not None and taken.brought.fate is RowFate.ERASED


def _some_of(headings: Sequence[str]) -> str:
    more = len(headings) - MOST_SHOWN
    return ", ".join(map(plain, headings[:MOST_SHOWN])) + (f", and {more:,} more" if more > 0 else "")


def _free(path: Path, kind: str) -> Path:
    """A name beside the list that no file has: rows of an earlier import may just be mended."""
    names = chain([kind], (f"{kind}-{number}" for number in count(2)))
    return next(free for name in names if not (free := path.with_name(f"{path.stem}.{name}.csv")).exists())


def _looks_known(taken: RowTaken) -> bool:
    return bool(taken.brought and taken.brought.alike)


def _preview(rows: list[RowTaken]) -> Table:
    table = Table(title="the first rows as we understand them")
    for heading in ("row", "company", "person", "e-mail", "phone", "heard", "would be"):
        table.add_column(heading, overflow="fold")
    for taken in rows:
        if taken.entry and taken.brought:
            entry = taken.entry
            heard = ", ".join(fact.topic for fact in entry.heard)
            cells = (entry.company.name, entry.contact.name, entry.contact.email, entry.contact.phone, heard)
            table.add_row(str(taken.line.number), *(plain(cell) for cell in cells), _in_words(taken.brought.fate))
        else:
            table.add_row(str(taken.line.number), *[""] * 5, "[red]refused[/red]")
    return table


def export_list(path: Path | None, *, stage: str | None, encoding: str | None, replace: bool = False) -> None:
    """Write the leads as CSV to a file, or to the terminal when there is none.

    Raises BadTerms where nothing can be written, or where a file would be lost unless `replace` says it may be.
    """
    wanted = stage_named(stage)
    if path:
        _has_room(path, replace=replace)
    with closing(open_services(load_settings())) as services:
        written = services.store.read(lambda session: _write(session, services, path, wanted, encoding))
        if path:
            print(f"{written:,} leads written to {path}", file=sys.stderr)


def _has_room(path: Path, *, replace: bool) -> None:
    if path.is_dir():
        raise BadTerms(f"{path} is a folder: name a file in it, such as {path / 'leads.csv'}")
    if not path.parent.is_dir():
        raise BadTerms(f"there is no folder {path.parent}: make it, or write the list somewhere else")
    if path.exists() and not path.is_file():
        raise BadTerms(f"{path} is no file a list can take the place of: name another, or leave it out and use a pipe")
    if path.exists() and not replace:
        raise BadTerms(f"{path} is there already: name another file, or write over it with --replace")


def _write(session: Session, services: Services, path: Path | None, stage: Any, encoding: str | None) -> int:
    rows = rows_of(session, services.words, stage=stage)
    try:
        return _to_file(rows, path, encoding or OPENS_IN_EXCEL) if path else _to_terminal(rows, encoding)
    except UnicodeEncodeError as wrong:
        raise BadTerms(f"{encoding} has no {wrong.object[wrong.start]!r}: leave --encoding out for UTF-8") from wrong
    except LookupError as wrong:
        raise BadTerms(f"--encoding: no encoding {encoding!r}; utf-8-sig opens in Excel, cp932 in old ones") from wrong


def _to_terminal(rows: Iterable[list[str]], encoding: str | None) -> int:
    """As the terminal reads; through a pipe every letter as it is, in UTF-8 unless told: a program reads on."""
    if isinstance(sys.stdout, TextIOWrapper) and (encoding or not sys.stdout.isatty()):
        sys.stdout.reconfigure(encoding=encoding or "utf-8", errors="strict")
    return sum(bool(sys.stdout.write(as_csv(row))) for row in rows) - 1


def _to_file(rows: Iterable[list[str]], path: Path, encoding: str) -> int:
    """A file is complete or it is not there: it is written beside its place and moved when it is whole."""
    beside = path.with_name(f".{path.name}.part")
    try:
        with beside.open("w", encoding=encoding, newline="") as file:
            written = sum(bool(file.write(as_csv(row))) for row in rows) - 1
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    return written
