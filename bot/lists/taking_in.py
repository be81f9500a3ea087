"""A whole list taken in: read row by row, written some hundred rows a commit, every row accounted for."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice

from bot.lists.bringing_in import PLAN, BroughtIn, RowFate, Terms, bring_in, foresee, keys
from bot.lists.columns import Headings
from bot.lists.entry import BadRow, Entry, entry_of
from bot.lists.sheet import Line, Sheet
from qualification.ids import random_id
from qualification.store import Store, Transaction

ROWS_A_COMMIT = 250


@dataclass(frozen=True, kw_only=True)
class RowTaken:
    """What became of one row: `brought` unless it is bad; `problems` say what to mend."""

    line: Line
    entry: Entry | None = None
    brought: BroughtIn | None = None
    problems: tuple[str, ...] = ()


@dataclass(kw_only=True)
class Tally:
    """How many rows there were, and what became of them; the parts always add up to `rows`."""

    rows: int = 0
    fates: dict[RowFate, int] = field(default_factory=lambda: dict.fromkeys(RowFate, 0))
    bad: int = 0
    alike: int = 0

    def count(self, taken: RowTaken) -> None:
        self.rows += 1
        if taken.brought is None:
            self.bad += 1
            return
        self.fates[taken.brought.fate] += 1
        self.alike += bool(taken.brought.alike)


def take_in(
    sheet: Sheet, headings: Headings, terms: Terms, store: Store, *, rehearse: bool = False
) -> Iterator[RowTaken]:
    """Each row of the list in its order, once it is durable. `rehearse` finds out the same and writes nothing.

    When the database fails, what was committed stays; the same list again goes on where it ended.
    """
    now = store.clock().astimezone(store.policy.working_hours.zone)
    step = foresee if rehearse else bring_in
    met: set[str] = set()
    while lines := list(islice(sheet.lines, ROWS_A_COMMIT)):
        rows = [_read(line, headings, now) for line in lines]
        brought = iter(_brought([row.entry for row in rows if row.entry], terms, store, step))
        for row in rows:
            if row.entry is None:
                yield row
            elif rehearse:
                yield replace(row, brought=_as_if_written(row.entry, next(brought), met))
            else:
                yield replace(row, brought=next(brought))


def _read(line: Line, headings: Headings, now: datetime) -> RowTaken:
    if beyond := headings.beyond(line.cells):
        return RowTaken(line=line, problems=(beyond,))
    try:
        return RowTaken(line=line, entry=entry_of(headings.cells(line.cells), now=now, japanese=headings.japanese))
    except BadRow as bad:
        return RowTaken(line=line, problems=bad.problems)


def _brought(entries: Sequence[Entry], terms: Terms, store: Store, step: Callable[..., BroughtIn]) -> list[BroughtIn]:
    ids = [entry.lead_id or random_id() for entry in entries]

    def work(entry: Entry, lead_id: str) -> Callable[[Transaction], BroughtIn]:
        return lambda tx: step(tx, entry, lead_id, terms)

    works = [(work(entry, lead_id), keys(entry, lead_id, terms)) for entry, lead_id in zip(entries, ids, strict=True)]
    return store.run_each_here(works, PLAN)


def _as_if_written(entry: Entry, foreseen: BroughtIn, met: set[str]) -> BroughtIn:
    """In a rehearsal nobody is there yet whom an earlier row will bring; `met` remembers them."""
    email = entry.contact.email if foreseen.fate is not RowFate.ERASED else None
    comes_again = email is not None and email in met
    met |= {email} if email else set()
    return replace(foreseen, fate=RowFate.COMPLETED) if comes_again and foreseen.fate is RowFate.CREATED else foreseen
