"""`bantline db ...`: move house, from a SQLite file to PostgreSQL."""

from typing import Annotated

import typer

from bot.cli.asked import AsJson, for_example
from bot.commands.advice import with_advice

db_app = typer.Typer(help="The database: move house.", no_args_is_help=True)


@db_app.command(
    "copy", epilog=for_example("db copy sqlite:///bantline.db postgresql://bantline:password@db.example.com/bantline")
)
def copy_db(
    source: Annotated[str, typer.Argument(help="What DATABASE_URL is now: sqlite:///bantline.db")],
    target: Annotated[str, typer.Argument(help="An empty database: postgresql://bantline:...@db.example.com/bantline")],
    as_json: AsJson = False,
) -> None:
    """Everything from one database into an empty one, compared row by row; stop Bantline first."""
    from bot.commands.moving import copy_database

    with_advice(lambda: copy_database(source, target, as_json=as_json))
