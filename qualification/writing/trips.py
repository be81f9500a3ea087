"""Few trips to PostgreSQL: what waits to be said is said at once, with one pause for everything that is answered.

    BEGIN, the first reads      ->  their rows
    reads that follow from them ->  their rows
    all writes, COMMIT          ->  done

Each statement is prepared when it is first said, and never forgotten: the server reads and plans it once for as long as
the line holds. So the line has to be the writer's own.
"""

import re
from collections.abc import Sequence
from itertools import count
from typing import Any

from psycopg import Connection as Line
from psycopg.abc import PQGen
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import OperationalError, error_from_result
from psycopg.pq import ConnStatus, ExecStatus, TransactionStatus
from psycopg.pq.abc import PGresult
from psycopg.waiting import Ready, Wait
from sqlalchemy import Connection

from qualification.writing.wire import Answer, Asked, Stored, errors_named, tell

PREPARED = "bantline_prepared"  # what SQLAlchemy keeps beside a line, for as long as it holds
REFUSED = (ExecStatus.FATAL_ERROR, ExecStatus.NONFATAL_ERROR, ExecStatus.BAD_RESPONSE)
PLACE = re.compile("%s")

Dumped = Sequence[Any]


class Trips:
    """PostgreSQL's wire, for one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._line: Line[Any] = connection.connection.driver_connection  # type: ignore[assignment]  # psycopg's
        self._pg = self._line.pgconn
        self._prepared: dict[str, bytes] = connection.connection.info.setdefault(PREPARED, {})
        self._adapt = Transformer(self._line)
        self._waiting: list[tuple[str, Dumped]] = []

    def read(self, asked: Sequence[Asked]) -> list[Answer]:
        if not asked:
            return []
        for text, values in asked:
            tell(self._connection, text, values)
            self._say(text, [values])
        with errors_named(self._connection, asked[-1][0]):
            return [self._loaded(answer) for answer in self._go()[-len(asked) :]]

    def _loaded(self, answer: PGresult) -> Answer:
        self._adapt.set_pgresult(answer)
        return self._adapt.load_rows(0, answer.ntuples, tuple)

    def write(self, text: str, rows: Sequence[Stored]) -> None:
        tell(self._connection, text, rows, many=True)
        self._say(text, rows)

    def flush(self) -> None:
        if self._waiting:
            self._go()

    def commit(self) -> None:
        if self._waiting or self._pg.transaction_status != TransactionStatus.IDLE:
            self._waiting.append(("COMMIT", ()))
            self._go()

    def _say(self, text: str, rows: Sequence[Stored]) -> None:
        with errors_named(self._connection, text):
            for row in rows:
                self._waiting.append((text, self._adapt.dump_sequence(row, [PyFormat.TEXT] * len(row))))

    def _go(self) -> list[PGresult]:
        """One trip; the answers to what was said, in its order, behind those to what was said for it."""
        said, self._waiting = self._waiting, []
        if self._pg.transaction_status == TransactionStatus.IDLE:
            said.insert(0, ("BEGIN", ()))
        fresh = [text for text in dict.fromkeys(text for text, _ in said) if text not in self._prepared]
        names = {text: b"bantline_%d" % next(_numbers) for text in fresh}
        with errors_named(self._connection, said[-1][0]):
            answers = self._line.wait(self._there_and_back(said, names))
            for answer in answers:
                if answer.status in REFUSED:
                    raise error_from_result(answer, self._line.info.encoding)
        self._prepared.update(names)
        return answers

    def _there_and_back(self, said: list[tuple[str, Dumped]], names: dict[str, bytes]) -> PQGen[list[PGresult]]:
        pg = self._pg
        pg.enter_pipeline_mode()
        for text, name in names.items():
            pg.send_prepare(name, _numbered(text))
        known = self._prepared | names
        for text, values in said:
            pg.send_query_prepared(known[text], values)
        pg.pipeline_sync()
        while pg.flush():
            if (yield Wait.RW) & Ready.R:
                pg.consume_input()
        answers: list[PGresult] = []
        while True:
            while pg.is_busy():
                if (yield Wait.R):
                    pg.consume_input()
            answer = pg.get_result()
            if answer is None:
                if pg.status == ConnStatus.BAD:
                    raise OperationalError("the line to the database broke")
            elif answer.status == ExecStatus.PIPELINE_SYNC:
                break
            else:
                answers.append(answer)
        pg.exit_pipeline_mode()
        return answers


_numbers = count(1)  # a name is never used twice: a statement that was refused may be known to the server or not


def _numbered(text: str) -> bytes:
    """PostgreSQL's own spelling of a statement's places."""
    places = count(1)
    return PLACE.sub(lambda _: f"${next(places)}", text).encode()
