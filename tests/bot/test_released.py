"""Databases of earlier versions: whatever they hold is still there when a newer program has started on them."""

import json
import shutil
from pathlib import Path

import pytest

from bot.migrations import Schema, schema_of
from qualification.store import open_engine
from tests.postgres import fresh_schema
from tests.released import KEPT, OURS, keep, losses, take_out

GOOD = """
revision, down_revision = "0002", "0001"

from alembic import op
import sqlalchemy as sa

def upgrade():
    with op.batch_alter_table("lead") as lead:
        lead.add_column(sa.Column("fax", sa.String(), nullable=False, server_default="none"))
"""
BAD = """
revision, down_revision = "0003", "0002"

from alembic import op

MAY_LOSE = {"lead.fax"}

def upgrade():
    op.execute("DELETE FROM consent WHERE id = (SELECT max(id) FROM consent)")
    op.execute("UPDATE lead SET email = 'unknown'")
    op.drop_table("merge")
    with op.batch_alter_table("lead") as lead:
        lead.drop_column("fax")
        lead.drop_column("person")
"""


def test_no_revision_loses_what_earlier_ones_hold(empty_database: str) -> None:
    assert losses(empty_database) == []


def test_a_revision_that_loses_something_without_saying_so_is_found(empty_database: str, tmp_path: Path) -> None:
    folder = shutil.copytree(OURS, tmp_path / "migrations", ignore=shutil.ignore_patterns("__pycache__"))
    folder.joinpath("versions/0002_good.py").write_text(GOOD)
    folder.joinpath("versions/0003_bad.py").write_text(BAD)

    found = losses(empty_database, folder=folder)

    assert [loss for loss in found if not loss.startswith("0003")] == []
    assert set(found) == {
        "0003 loses rows of consent: 2 before, 1 after",
        "0003 changes lead.email",
        "0003 loses rows of merge: 2 before, 0 after",
        "0003 loses lead.person",
    }


def test_what_a_release_held_can_be_taken_out_again(tmp_path: Path, postgres_url: str) -> None:
    on_file, on_server = keep("0.0.0", tmp_path)

    take_out(on_file, f"sqlite:///{tmp_path}/old.db")
    assert losses(f"sqlite:///{tmp_path}/old.db", fill=False) == []
    with fresh_schema(postgres_url) as url:
        take_out(on_server, url)
        assert losses(url, fill=False) == []
    assert on_file.read_text("utf-8").count('INSERT INTO "lead"') == 2
    assert all(json.loads(on_server.read_text("utf-8"))["rows"].values()), "every table has something to lose"


@pytest.mark.parametrize("kept", sorted(KEPT.glob("*.sql")), ids=lambda kept: kept.name)
def test_a_file_of_each_release_comes_up_to_date(kept: Path, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/old.db"
    take_out(kept, url)

    assert losses(url, fill=False) == []
    assert schema_of(open_engine(url)) is Schema.CURRENT


@pytest.mark.parametrize("kept", sorted(KEPT.glob("*.json")), ids=lambda kept: kept.name)
def test_a_server_of_each_release_comes_up_to_date(kept: Path, postgres_url: str) -> None:
    with fresh_schema(postgres_url) as url:
        take_out(kept, url)

        assert losses(url, fill=False) == []
        assert schema_of(open_engine(url)) is Schema.CURRENT
