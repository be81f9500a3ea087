"""Who takes part: how each is started, in which environment, and which of ours it is compared with."""

import sys
from dataclasses import dataclass
from pathlib import Path

from benchmarks.peers.environments import Environment
from tests.process import BANTLINE

DOOR = ("uvicorn>=0.38", "uvloop>=0.21", "httptools>=0.6", "pydantic-core>=2.27")
BARE = Environment(name="bare", packages=(*DOOR, "asyncpg>=0.30"))
LANGGRAPH = Environment(name="langgraph", packages=(*DOOR, "langgraph>=1.0", "langgraph-checkpoint-sqlite>=3.0"))
BOT_FRAMEWORK = Environment(
    name="bot-framework", packages=(*DOOR, "aiohttp>=3.11", "botbuilder-core>=4.17", "botbuilder-dialogs>=4.17")
)
BOT_FRAMEWORK_NODE = Environment(
    name="bot-framework-node", packages=("botbuilder-core", "botbuilder-dialogs", "better-sqlite3"), of_node=True
)
APPS = Path(__file__).with_name("apps")
SQLITE, POSTGRES = "sqlite", "postgres"


@dataclass(frozen=True, kw_only=True)
class Contestant:
    """One program that holds the interview. Without an environment it is ours."""

    name: str
    title: str
    database: str
    app: str = ""
    environment: Environment | None = None
    options: tuple[str, ...] = ()

    def command(self, installed: Path | None, database: str) -> list[str]:
        """What to start; `installed` is the folder of its environment, `database` a file or the URL of a database."""
        if self.environment is None:
            return [str(BANTLINE), "serve", "--port", "0"]
        if self.environment.of_node:
            return ["node", str(APPS / self.app), str(installed / "node_modules") if installed else "", database]
        python = str(installed / "bin" / "python") if installed else sys.executable
        return [python, "-m", f"benchmarks.peers.apps.{self.app}", database, *self.options]


CONTESTANTS = (
    Contestant(name="bantline-sqlite", title="Bantline, SQLite", database=SQLITE),
    Contestant(name="ceiling", title="the ceiling: raw sqlite3", database=SQLITE, app="ceiling", environment=BARE),
    Contestant(
        name="langgraph", title="LangGraph, SQLite", database=SQLITE, app="langgraph_sqlite", environment=LANGGRAPH
    ),
    Contestant(
        name="langgraph-lean",
        title="LangGraph without interrupts",
        database=SQLITE,
        app="langgraph_sqlite",
        environment=LANGGRAPH,
        options=("lean",),
    ),
    Contestant(
        name="bot-framework",
        title="Bot Framework Python, SQLite",
        database=SQLITE,
        app="bot_framework",
        environment=BOT_FRAMEWORK,
    ),
    Contestant(
        name="bot-framework-node",
        title="Bot Framework Node, SQLite",
        database=SQLITE,
        app="bot_framework_node.js",
        environment=BOT_FRAMEWORK_NODE,
    ),
    Contestant(name="bantline-postgres", title="Bantline, PostgreSQL", database=POSTGRES),
    Contestant(
        name="bare-postgres",
        title="raw asyncpg, a commit a turn",
        database=POSTGRES,
        app="bare_postgres",
        environment=BARE,
    ),
)
OURS = {one.database: one.name for one in CONTESTANTS if one.environment is None}
