"""Where rows come from for those who only read: a transaction, or a look beside the writer."""

from datetime import datetime
from typing import Protocol, TypeVar

from sqlmodel import Session, SQLModel, col, select

from qualification.policy import Policy
from qualification.writing.rows import key_names

R = TypeVar("R", bound=SQLModel)


class Rows(Protocol):
    """A transaction, or a look beside the writer."""

    def peek(self, table: type[R], key: str) -> R | None: ...
    def find(self, table: type[R], column: str, value: str) -> list[R]: ...


class Look:
    """Rows as they are committed, read through a session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def peek(self, table: type[R], key: str) -> R | None:
        return self._session.get(table, key)

    def find(self, table: type[R], column: str, value: str) -> list[R]:
        statement = select(table).where(col(getattr(table, column)) == value)
        return list(self._session.exec(statement.order_by(*(getattr(table, name) for name in key_names(table)))))


class LookNow(Look):
    """The same at an instant and under a policy, as a transaction has them."""

    def __init__(self, session: Session, *, policy: Policy, now: datetime) -> None:
        super().__init__(session)
        self.session, self.policy, self.now = session, policy, now
