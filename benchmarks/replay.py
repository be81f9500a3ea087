"""How long the recorded past takes to be lived again under another policy, on every core.

python -m benchmarks.replay [leads] [activities of each]     100,000 leads with 9 each: about a million facts
"""

import os
import resource
import sys
import tempfile
import time
from pathlib import Path

from sqlmodel import SQLModel

from benchmarks.facts import NOW, rows, write
from bot.commands.replay import Plan, run
from qualification.database import open_engine

LOWER = '[stages.mql]\nscore = 45\nwith_activity = "document_requested"\npriority_score = 70\n'


def cpu_seconds() -> float:
    """What this process and those it waited for have used."""
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in both)


def main() -> None:
    leads = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    each = int(sys.argv[2]) if len(sys.argv) > 2 else 9
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/bantline.db"
        own = Path(folder) / "own.toml"
        own.write_text(LOWER, "utf-8")
        os.environ["DATABASE_URL"] = url
        engine = open_engine(url)
        SQLModel.metadata.create_all(engine)
        begin = time.perf_counter()
        with engine.begin() as connection:
            written = write(connection, rows(leads, each))
        engine.dispose()
        print(f"{leads:,} leads with {written:,} facts written in {time.perf_counter() - begin:.1f} s")
        begin, spent = time.perf_counter(), cpu_seconds()
        told = run(Plan(database_url=url, before=None, after=str(own), trial=None, now=NOW), show_progress=True)
        took = time.perf_counter() - begin
        rate = f"{cpu_seconds() - spent:.1f} s of CPU time on {os.cpu_count()} cores"
        print(f"{told.facts:,} facts lived twice in {took:.1f} s ({rate}), {len(told.changed):,} leads stand elsewhere")


if __name__ == "__main__":
    main()
