"""Rows as the writer handles them: the columns of a table, the values a row holds, and a row made from values."""

from collections.abc import Callable, Sequence
from functools import cache
from operator import itemgetter
from typing import Any, ClassVar, Self, TypeVar, cast

from sqlalchemy import Column, String, Table, event
from sqlmodel import SQLModel
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

from qualification.instants import Instant

R = TypeVar("R", bound=SQLModel)
Values = dict[str, Any]


@event.listens_for(Column, "after_parent_attach")
def _plain_types(column: Column[Any], _table: Any) -> None:
    """Texts are handed to the driver as they are: SQLModel's own type takes a call of Python for each; and instants
    are kept short."""
    if isinstance(column.type, AutoString):
        column.type = String(getattr(column.type.impl, "length", None))
    elif isinstance(column.type, UTCDateTime):
        column.type = Instant()
    else:
        return
    column.__dict__.pop("comparator", None)  # kept since somebody compared with it, and made for the old type


class PlainRow:
    """A row in the writer's hands: the values of its columns, and `model`, whose row it is.

    It has the attributes of the model and nothing of the ORM behind them, which takes ten times as long to make a row
    and to look at it. What comes in has been checked at the door, and `Batch` finds out by itself what has changed:

    `db_holds`: what the database holds of it, None while it is new. `looked_at`: somebody has looked at it since it was
    last written, so it may have changed. `held_before`: what it held when the step that runs first looked at it; None
    while that step has not.
    """

    __slots__ = ("__dict__", "db_holds", "held_before", "looked_at")

    model: ClassVar[type[SQLModel]]
    db_holds: Values | None
    held_before: Values | None
    looked_at: bool

    def __repr__(self) -> str:
        return f"{self.model.__name__}({', '.join(f'{name}={value!r}' for name, value in self.__dict__.items())})"


class Record(SQLModel):
    """A row of ours. `Lead(...)` makes a plain one, for the writer; a session reads rows with the ORM's ways.

    Rows that are `for_good` are neither changed nor deleted: who has read one need not look again.
    """

    for_good: ClassVar[bool] = False

    def __new__(cls, **values: Any) -> Self:
        if not values:  # SQLAlchemy fills it itself
            return cast(Self, super().__new__(cls))
        known = _defaults(cls)
        held = known | values
        if len(held) != len(known):
            raise no_such_column(cls, values)
        for name in _made_anew(cls):
            if name not in values:
                held[name] = known[name].copy()
        row: Any = plain_row(cls, held)
        return row  # type: ignore[no-any-return]  # it has the attributes of the model


def plain_row(model: type[SQLModel], values: Values) -> PlainRow:
    """A row that holds these values."""
    row = object.__new__(_plain(model))
    row.__dict__ = values
    return row


@cache
def _plain(model: type[SQLModel]) -> type[PlainRow]:
    return type(model.__name__, (PlainRow,), {"model": model})


def model_of(row: Any) -> type[SQLModel]:
    """The table model a row belongs to, whoever made the row."""
    kind = type(row)
    model: type[SQLModel] = kind.model if issubclass(kind, PlainRow) else kind
    return model


@cache
def _defaults(model: type[SQLModel]) -> Values:
    """What a column holds when nobody says; a value that could be changed in place is made anew for each row."""
    return {name: part.get_default(call_default_factory=True) for name, part in model.model_fields.items()} | {
        name: None for name, part in model.model_fields.items() if part.is_required()
    }


@cache
def _made_anew(model: type[SQLModel]) -> tuple[str, ...]:
    return tuple(name for name, part in model.model_fields.items() if part.default_factory is not None)


@cache
def table_of(model: type[SQLModel]) -> Table:
    """The table of a model, for statements that need no ORM."""
    table: Table = model.__table__  # type: ignore[attr-defined]  # every table model has one
    return table


@cache
def columns_of(model: type[SQLModel]) -> tuple[str, ...]:
    """The names of its columns, in the order of the table."""
    return tuple(column.name for column in table_of(model).columns)


def no_such_column(model: type[SQLModel], values: Values) -> TypeError:
    """What to raise when a row is given more than its table holds: a name that is misspelt must not be lost."""
    return TypeError(f"{model.__name__} has no {', '.join(sorted(values.keys() - set(columns_of(model))))}")


@cache
def key_names(model: type[SQLModel]) -> tuple[str, ...]:
    """The columns of the primary key; of nearly every table there is one."""
    return tuple(str(column.name) for column in table_of(model).primary_key)


@cache
def key_name(model: type[SQLModel]) -> str | None:
    """The one column of the primary key; None where a row is known by several together."""
    (first, *others) = key_names(model)
    return None if others else first


@cache
def key_in(model: type[SQLModel]) -> Callable[[Values], Any]:
    """The key in what a row holds: a value, or a tuple of them where several columns make it."""
    return itemgetter(*key_names(model))


def key_of(row: SQLModel) -> Any:
    """The primary key of a row: a value, or a tuple of them where several columns make it."""
    return key_in(model_of(row))(row.__dict__)


def values_of(row: SQLModel) -> Values:
    """What a row holds, by column; None for what it does not."""
    held = row.__dict__
    return {name: held.get(name) for name in columns_of(model_of(row))}


def new_values(model: type[SQLModel], **values: Any) -> Values:
    """What a new row of these values holds, but for what is empty, for a table whose key we give."""
    return _filled(model) | values


@cache
def _filled(model: type[SQLModel]) -> Values:
    return {name: value for name, value in _defaults(model).items() if value is not None}


def row_of(model: type[R], stored: Sequence[Any]) -> R:
    """The row with these values, in the order of its columns, as the database gives them."""
    row: Any = plain_row(model, dict(zip(columns_of(model), stored, strict=True)))
    return row  # type: ignore[no-any-return]  # it has the attributes of the model
