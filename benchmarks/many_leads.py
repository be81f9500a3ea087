"""A database with as many leads as a firm gathers in years, in minutes: some hundred real ones, copied by statements.

    real       talks, calls and claims of some hundred people, through the product's own verbs
    marked     every id, address and firm of theirs carries MARK, where each copy will have its own four letters
    copied     INSERT ... SELECT with another mark and another day, table by table, inside the database

Of fifty leads ten talk to the end of the interview, eight leave after a word or two, thirty-two come from lists and
look at pages. Of those who talk to the end six in ten are reached and accepted, the others put aside; of a thousand
leads seven or eight are on a clock or in a talk. What waits falls due next month; everything else has happened in the
year behind us, and its messages have arrived.
"""

import re
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    Connection,
    Engine,
    Integer,
    MetaData,
    String,
    Table,
    create_engine,
    event,
    insert,
    select,
)
from sqlmodel import SQLModel

from bot.bootstrap import wall_clock
from bot.migrations import bring_up_to_date
from bot.slack.records import SlackCard
from dialogs.kept_talk import SILENCE_TIMER
from dialogs.turn import Said, fall_silent, open_chat, take_turn
from qualification import deeds, leads, notices, ownership
from qualification.activities import Seen
from qualification.answers import Stated
from qualification.bant import Contact, Topic
from qualification.calls import Call, Outcome, log_call
from qualification.database import open_engine
from qualification.deeds import Kind
from qualification.events import OPERATOR
from qualification.instants import Instant
from qualification.outbox import CARD
from qualification.policy import shipped_policy
from qualification.records import KeptRule, Lead, Outbound, Rep, Timer
from qualification.stages import Stage
from qualification.store import Store, Transaction
from qualification.timers import TimerStatus
from qualification.writing.rows import table_of

SEEDS = 400
MARK = "zzzz"  # no letter of it is one of an id
REPS = 40
YEAR = timedelta(days=365)
COPIES_AT_ONCE = 50
FIRST_SHIFT = timedelta(hours=6)
STILL_TALK = 3
WORD = re.compile(r"(?<![0-9a-z])(?:[0-9a-v]{12}|[0-9a-v]{16}|[0-9a-f]{32})(?![0-9a-z])")  # an id, or a hash
ORDERED = 16  # letters of an id that sorts by its time
NOT_COPIED = frozenset({"rep", "playbook", "kept_rule", "heartbeat", "alembic_version"})
WAITS = {"timer": "status = 'waiting'", "follow_up": "status = 'open'", "lead": "due_at IS NOT NULL"}
TALK = (
    "手作業が多くて困っています",
    "3ヶ月以内に導入したいです",
    "部長の承認が必要です",
    "300万円くらいです",
    "株式会社アサヒ{number}{mark}",
    "山田太郎 p{number}.{mark}@asahi.example",
)
PAGES = ("page_viewed", "product_page_viewed", "price_page_viewed", "newsletter_opened")


@dataclass
class Clock:
    """The time of the seeds."""

    now: datetime = field(default_factory=wall_clock)

    def __call__(self) -> datetime:
        return self.now


def rep_id(number: int) -> str:
    return f"U{number % REPS:04}"


class ManyLeads:
    """The leads of a database, grown to any size: `with ManyLeads(url) as filled: filled.grow_to(1_000_000)`."""

    def __init__(self, url: str) -> None:
        bring_up_to_date(url)
        self.engine = open_engine(url)
        event.listen(self.engine, "connect", HURRY[self.engine.dialect.name])
        self.leads = 0

    def __enter__(self) -> "ManyLeads":
        with tempfile.TemporaryDirectory() as folder:
            marked = create_engine(f"sqlite:///{seeds_in(Path(folder))}")
            with self.engine.begin() as into, marked.connect() as out_of:
                self._tables = [stage for table in _tables() if (stage := _stage(table, out_of, into))]
                _keep_rules(out_of, into)
            marked.dispose()
        return self

    def __exit__(self, *_: object) -> None:
        with self.engine.begin() as connection:
            for pair in self._tables:
                pair[1].drop(connection)
        self.engine.dispose()

    def grow_to(self, leads: int, tell: Callable[[int], None] = lambda _: None) -> None:
        """So many leads in all, a whole set of seeds at a time, and the planner knows of them."""
        copies = sorted((_mark_of(number), number) for number in range(self.leads // SEEDS, leads // SEEDS))
        for start in range(0, len(copies), COPIES_AT_ONCE):  # by their ids: indexes grow at the end
            some = copies[start : start + COPIES_AT_ONCE]
            with self.engine.begin() as connection:
                for table, staged in self._tables:
                    _copy(connection, table, staged, some)
            self.leads += len(some) * SEEDS
            tell(self.leads)
        if self.engine.dialect.name == "postgresql":  # which does so by itself, a little later
            with self.engine.connect() as connection:
                connection.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql("ANALYZE")


def _hurry_sqlite(connection: Any, _record: Any) -> None:
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute("PRAGMA cache_size = -200000")


def _hurry_postgresql(connection: Any, _record: Any) -> None:
    connection.execute("SET synchronous_commit = off")
    connection.commit()


HURRY = {"sqlite": _hurry_sqlite, "postgresql": _hurry_postgresql}  # a power cut may take what was made up


# -- copying ---------------------------------------------------------------------------------------


def _tables() -> Iterator[Table]:
    yield from (table for table in SQLModel.metadata.sorted_tables if table.name not in NOT_COPIED)


def _keep_rules(out_of: Connection, into: Connection) -> None:
    """What the clocks of all copies began with."""
    rules = [dict(row) for row in out_of.execute(select(table_of(KeptRule))).mappings()]
    into.execute(insert(table_of(KeptRule)), rules)


def _stage(table: Table, out_of: Connection, into: Connection) -> tuple[Table, Table] | None:
    """The seeds' rows of a table, beside it in the same database; None when there are none."""
    rows = [dict(row) for row in out_of.execute(select(table)).mappings()]
    if not rows:
        return None
    staged = Table(f"seed_{table.name}", MetaData(), *(Column(one.name, one.type) for one in table.columns))
    staged.drop(into, checkfirst=True)
    staged.create(into)
    into.execute(insert(staged), rows)
    return table, staged


def _mark_of(copy: int) -> str:
    return f"{copy * 40_503 % 2**16:04x}"


def _copy(connection: Connection, table: Table, staged: Table, copies: list[tuple[str, int]]) -> None:
    is_sqlite = connection.dialect.name == "sqlite"
    columns = [one for one in table.columns if not (one.primary_key and isinstance(one.type, Integer))]
    given = ", ".join(f"('{mark}', {_seconds_back(copy)}, {copy})" for mark, copy in copies)
    wanted = ", ".join(_copied(table.name, one, is_sqlite=is_sqlite) for one in columns)
    names = ", ".join(f'"{one.name}"' for one in columns)
    connection.exec_driver_sql(
        f"WITH copy(mark, back, number) AS (VALUES {given}) "
        f'INSERT INTO "{table.name}" ({names}) SELECT {wanted} FROM copy CROSS JOIN "{staged.name}"'
    )


def _seconds_back(copy: int) -> int:
    """Days of the year in no order, so that an id tells nothing of a lead's age."""
    return int((FIRST_SHIFT + YEAR * (copy * 7_919 % 10_007) / 10_007).total_seconds())


def _copied(table: str, column: Column[Any], *, is_sqlite: bool) -> str:
    name = f'"{column.name}"'
    if isinstance(column.type, JSON):
        return f"replace({name}, '{MARK}', mark)" if is_sqlite else f"replace({name}::text, '{MARK}', mark)::json"
    if isinstance(column.type, Instant):
        back = _moved(name, "-back", is_sqlite=is_sqlite)
        if column.name == "due_at" and table in WAITS:
            ahead = _moved(name, f"{int(YEAR.total_seconds() / 12)} + number", is_sqlite=is_sqlite)
            return f"CASE WHEN {WAITS[table]} THEN {ahead} ELSE {back} END"
        return back
    return f"replace({name}, '{MARK}', mark)" if isinstance(column.type, String) else name


def _moved(name: str, seconds: str, *, is_sqlite: bool) -> str:
    if is_sqlite:
        return f"{name} + ({seconds}) * 1000000"
    return f"{name} + ({seconds}) * interval '1 second'"


# -- the seeds -------------------------------------------------------------------------------------


def seeds_in(folder: Path) -> Path:
    """A SQLite file with the seeds, everything of theirs marked."""
    place = folder / "seeds.db"
    url, clock = f"sqlite:///{place}", Clock()
    bring_up_to_date(url)
    store = Store(url, clock=clock, policy=shipped_policy(), tell=notices.tell)
    try:
        store.run_here(_hire)
        _talk(store, [number for number in range(SEEDS) if number % 50 < 18])
        store.run_each_here((partial(_from_a_list, number=number), ()) for number in range(SEEDS) if number % 50 >= 18)
        clock.now += timedelta(hours=1)
        _work(store)
        store.run_here(_deliver)
    finally:
        store.close()
    _mark(place)
    return place


def _hire(tx: Transaction) -> None:
    for number in range(REPS):
        role = "manager" if number == 0 else "rep"
        tx.add(
            Rep(id=rep_id(number), name=f"Rep {number}", language="ja", zone="Asia/Tokyo", role=role, seen_at=tx.now)
        )


def _talk(store: Store, numbers: list[int]) -> None:
    """All of them at once, message by message; the last eighth-and-a-half of each fifty falls silent early."""
    tokens = {number: sha256(str(number).encode()).hexdigest()[:32] for number in numbers}
    store.run_each_here((partial(_open, tokens[number]), ()) for number in numbers)
    for place, words in enumerate((*TALK, None)):
        still = [number for number in numbers if number % 50 < 10 or place < 1 + number % 2]
        store.run_each_here((partial(_say, tokens[number], place, words, number), ()) for number in still)


def _open(token: str, tx: Transaction) -> None:
    open_chat(tx, token_hash=token, language="ja", page_url=None, referrer=None, playbook=None)


def _say(token: str, place: int, words: str | None, number: int, tx: Transaction) -> None:
    said = words.format(number=number, mark=MARK) if words else None
    take_turn(tx, token, Said(id=str(place), text=said, choice=None if said else "confirm"))


def _from_a_list(tx: Transaction, *, number: int) -> None:
    lead = leads.capture(tx, language="ja", via="import")
    contact = Contact(name="佐藤", email=f"s{number}.{MARK}@beta.example")
    told = Stated(
        topic=Topic.CONTACT, value=contact, words="", certainty=1.0, said_by=OPERATOR, via="import", at=tx.now
    )
    leads.record_answer(tx, lead, told, by=OPERATOR)
    for order in range(number % 5):
        seen = Seen(source="made", id=f"{lead.id}:{order}", kind=PAGES[order % len(PAGES)], at=tx.now)
        leads.see_activity(tx, lead, seen)


def _work(store: Store) -> None:
    """What the reps make of those who talked to the end: in the first fifty some still wait."""
    columns = table_of(Lead).c
    ended = select(columns.id).where(columns.company.is_not(None)).order_by(columns.id)
    for number, row in enumerate(store.run_here(lambda tx: tx.select(ended))):
        ways = WAYS if number < len(WAYS) else DONE
        store.run_here(partial(ways[number % len(ways)], row.id, rep_id(number)))
    store.run_here(_give_up_silent_chats)


def _wins(lead_id: str, by: str, tx: Transaction) -> None:
    _claims(lead_id, by, tx)
    lead = tx.get(Lead, lead_id)
    call = Call(outcome=Outcome.CONNECTED, minutes=5)
    deeds.do(tx, lead, Kind.CALL, lambda: log_call(tx, lead, call, by=by), by=by)
    deeds.do(tx, lead, Kind.ACCEPT, lambda: ownership.accept(tx, lead, by=by), by=by)


def _loses(lead_id: str, by: str, tx: Transaction) -> None:
    _tries(lead_id, by, tx)
    leads.put_aside(tx, tx.get(Lead, lead_id), Stage.NURTURE, rule="no_need", by=by)


def _tries(lead_id: str, by: str, tx: Transaction) -> None:
    _claims(lead_id, by, tx)
    lead = tx.get(Lead, lead_id)
    deeds.do(tx, lead, Kind.CALL, lambda: log_call(tx, lead, Call(outcome=Outcome.NO_ANSWER), by=by), by=by)


def _claims(lead_id: str, by: str, tx: Transaction) -> None:
    lead = tx.get(Lead, lead_id)
    deeds.do(tx, lead, Kind.CLAIM, lambda: ownership.claim(tx, lead, by=by), by=by)


def _waits(lead_id: str, by: str, tx: Transaction) -> None:
    pass


DONE = (_wins, _wins, _wins, _loses, _loses)
WAYS = (*DONE, *DONE[:2], _tries, _claims, _waits)


def _give_up_silent_chats(tx: Transaction) -> None:
    timers = table_of(Timer).c
    waiting = select(timers.subject_id).where(timers.kind == SILENCE_TIMER, timers.status == TimerStatus.WAITING)
    for row in tx.select(waiting)[STILL_TALK:]:
        fall_silent(tx, tx.get(Timer, (row.subject_id, SILENCE_TIMER)))


def _deliver(tx: Transaction) -> None:
    """As if Slack had shown everything."""
    rows = table_of(Outbound).c
    for row in tx.select(select(rows.id)):
        out = tx.get(Outbound, row.id)
        out.status, out.attempts, out.settled_at = "sent", 1, tx.now
        out.receipt = {"channel": "C0LEADS0001", "ts": f"1790000000.{MARK}"}
        if out.kind == CARD and out.lead_id is not None:
            tx.add(SlackCard(lead_id=out.lead_id, channel="C0LEADS0001", ts=f"{out.lead_id}.{MARK}"))
            tx.get(Lead, out.lead_id).channel = "C0LEADS0001"


def _mark(place: Path) -> None:
    """Four letters of every id give way to MARK; what names rules, hours and playbooks stays."""
    with closing(sqlite3.connect(place)) as file:
        ids = {word for value in _keys_in(file) for word in WORD.findall(value)}
        for table in _tables():
            columns, key = [f'"{one.name}"' for one in table.columns], [f'"{one.name}"' for one in table.primary_key]
            rows = file.execute(f'SELECT {", ".join([*key, *columns])} FROM "{table.name}"').fetchall()
            names, found = ", ".join(f"{name} = ?" for name in columns), " AND ".join(f"{name} = ?" for name in key)
            file.executemany(
                f'UPDATE "{table.name}" SET {names} WHERE {found}',
                [(*(_marked(value, ids) for value in row[len(key) :]), *row[: len(key)]) for row in rows],
            )
        file.execute(f"UPDATE lead SET receipt = '{MARK}' || substr(receipt, {len(MARK) + 1})")
        file.commit()


def _keys_in(file: sqlite3.Connection) -> Iterator[str]:
    """What our rows are named by, the tokens of the talks, and the keys of what counts once."""
    yield from (value for (value,) in file.execute("SELECT token_hash FROM chat UNION SELECT key FROM activity"))
    for table in _tables():
        keys = file.execute(f'SELECT "{next(iter(table.primary_key)).name}" FROM "{table.name}"')
        yield from (value for (value,) in keys if isinstance(value, str))


def _marked(value: Any, ids: set[str]) -> Any:
    if not isinstance(value, str):
        return value

    def mark(found: re.Match[str]) -> str:
        whole = found[0]
        if whole not in ids:
            return whole
        return whole[: -len(MARK)] + MARK if len(whole) == ORDERED else MARK + whole[len(MARK) :]

    return WORD.sub(mark, value)


def size_of(engine: Engine) -> int:
    """Bytes of the database with its indexes."""
    asked = SIZE_OF_FILE if engine.dialect.name == "sqlite" else SIZE_OF_SCHEMA
    with engine.connect() as connection:
        return int(connection.exec_driver_sql(asked).scalar_one())


SIZE_OF_FILE = "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
SIZE_OF_SCHEMA = """
    SELECT sum(pg_total_relation_size(oid)) FROM pg_class
    WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace
"""
