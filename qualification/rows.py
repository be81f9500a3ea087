"""Rows as the writer handles them: the columns of a table, the values a row holds, and a row made from values."""

from collections.abc import Sequence
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import Column, String, Table, event, inspect
from sqlalchemy.orm import configure_mappers
from sqlmodel import SQLModel
from sqlmodel.sql.sqltypes import AutoString

R = TypeVar("R", bound=SQLModel)
Values = dict[str, Any]


@event.listens_for(Column, "after_parent_attach")
def _plain_text(column: Column[Any], _table: Any) -> None:
    """Texts are handed to the driver as they are: SQLModel's own type takes a call of Python for each of them."""
    if isinstance(column.type, AutoString):
        column.type = String(getattr(column.type.impl, "length", None))


class Record(SQLModel):
    """A row of ours. It is made and changed without SQLModel's checks, which take fifty times as long as the work.

    What comes in has been checked at the door, and `Batch` finds out by itself what has changed.
    """

    def __init__(self, **values: Any) -> None:
        known = _defaults(type(self))
        if not values.keys() <= known.keys():
            raise TypeError(f"{type(self).__name__} has no {', '.join(values.keys() - known.keys())}")
        fresh = {name: known[name].copy() for name in _made_anew(type(self))}
        self.__dict__.update(known | fresh | values)

    def __setattr__(self, name: str, value: Any) -> None:
        if name in _defaults(type(self)):
            self.__dict__[name] = value
        else:
            super().__setattr__(name, value)


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
    table: Table = model.__table__  # type: ignore[attr-defined]  # every table model has one
    return table


@cache
def columns_of(model: type[SQLModel]) -> tuple[str, ...]:
    return tuple(column.name for column in table_of(model).columns)


@cache
def key_name(model: type[SQLModel]) -> str:
    """The one column of the primary key."""
    return str(next(iter(table_of(model).primary_key)).name)


def key_of(row: SQLModel) -> Any:
    return row.__dict__.get(key_name(type(row)))


def values_of(row: SQLModel) -> Values:
    held = row.__dict__
    return {name: held.get(name) for name in columns_of(type(row))}


def new_values(model: type[SQLModel], **values: Any) -> Values:
    """What a new row of these values holds, but for what is empty, for a table whose key we give."""
    return _filled(model) | values


@cache
def _filled(model: type[SQLModel]) -> Values:
    return {name: value for name, value in _defaults(model).items() if value is not None}


@cache
def _manager_of(model: type[SQLModel]) -> Any:
    configure_mappers()  # SQLAlchemy waits with it for the first query or `model()`; we need neither
    return inspect(model).class_manager


def row_of(model: type[R], stored: Sequence[Any]) -> R:
    """The row with these values, in the order of its columns.

    They come from the database, so nothing is left to check: 2 microseconds where `model(**values)` takes 50.
    """
    row: R = _manager_of(model).new_instance()
    row.__dict__.update(zip(columns_of(model), stored, strict=True))
    return row
