"""The interview as a waterfall of text prompts in Bot Framework for Python, the state of a talk in SQLite.

`python -m benchmarks.peers.apps.bot_framework talks.db`. The framework brings no storage for SQLite; this is the
cheapest durable one: WAL, synchronous=FULL, one commit a turn, on the event loop.
"""

import sqlite3
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, closing
from typing import Any

import jsonpickle
from botbuilder.core import BotAdapter, ConversationState, MessageFactory, Storage, TurnContext
from botbuilder.dialogs import DialogSet, DialogTurnResult, DialogTurnStatus, WaterfallDialog, WaterfallStepContext
from botbuilder.dialogs.prompts import PromptOptions, TextPrompt
from botbuilder.schema import Activity, ActivityTypes, ChannelAccount, ConversationAccount, ResourceResponse

from benchmarks.peers.apps.door import QUESTIONS, THANKS, serve

INTERVIEW, PROMPT, SAID = "interview", "text", "said"


class SqliteStorage(Storage):
    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = FULL")
        database.execute("CREATE TABLE IF NOT EXISTS state (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID")

    async def read(self, keys: list[str]) -> dict[str, object]:
        marks = ", ".join("?" * len(keys))
        found = self._database.execute(f"SELECT key, value FROM state WHERE key IN ({marks})", keys)
        return {key: jsonpickle.decode(value) for key, value in found}

    async def write(self, changes: dict[str, object]) -> None:
        self._database.execute("BEGIN IMMEDIATE")
        self._database.executemany(
            "INSERT OR REPLACE INTO state VALUES (?, ?)",
            [(key, jsonpickle.encode(value)) for key, value in changes.items()],
        )
        self._database.execute("COMMIT")

    async def delete(self, keys: list[str]) -> None:
        self._database.executemany("DELETE FROM state WHERE key = ?", [(key,) for key in keys])


class Answering(BotAdapter):
    """Keeps what the bot says for the answer over HTTP."""

    async def send_activities(self, context: TurnContext, activities: list[Activity]) -> list[ResourceResponse]:
        context.turn_state.setdefault(SAID, []).extend(one.text for one in activities)
        return [ResourceResponse(id=str(number)) for number, _ in enumerate(activities)]

    async def update_activity(self, context: TurnContext, activity: Activity) -> None: ...

    async def delete_activity(self, context: TurnContext, reference: Any) -> None: ...


Step = Callable[[WaterfallStepContext], Awaitable[DialogTurnResult]]


def asking(number: int) -> Step:
    async def step(waterfall: WaterfallStepContext) -> DialogTurnResult:
        if number:
            waterfall.values[str(number - 1)] = waterfall.result
        return await waterfall.prompt(PROMPT, PromptOptions(prompt=MessageFactory.text(QUESTIONS[number])))

    step.__name__ = f"question_{number}"
    return step


async def thanking(waterfall: WaterfallStepContext) -> DialogTurnResult:
    waterfall.values[str(len(QUESTIONS) - 1)] = waterfall.result
    await waterfall.context.send_activity(THANKS)
    return await waterfall.end_dialog(dict(waterfall.values))


class Bot:
    def __init__(self, database: sqlite3.Connection) -> None:
        self._adapter = Answering()
        self._state = ConversationState(SqliteStorage(database))
        self._answers = self._state.create_property("answers")
        self._dialogs = DialogSet(self._state.create_property("dialogs"))
        self._dialogs.add(TextPrompt(PROMPT))
        self._dialogs.add(WaterfallDialog(INTERVIEW, [*map(asking, range(len(QUESTIONS))), thanking]))

    async def open(self, token: str) -> str:
        reply, _ = await self._hears(token, ActivityTypes.conversation_update, None)
        return reply

    async def say(self, token: str, text: str) -> tuple[str, bool]:
        return await self._hears(token, ActivityTypes.message, text)

    async def _hears(self, token: str, kind: str, text: str | None) -> tuple[str, bool]:
        activity = Activity(
            type=kind,
            text=text,
            id="1",
            channel_id="web",
            service_url="http://localhost",
            locale="ja-jp",
            conversation=ConversationAccount(id=token),
            from_property=ChannelAccount(id="prospect"),
            recipient=ChannelAccount(id="bot"),
        )
        context = TurnContext(self._adapter, activity)
        await self._adapter.run_pipeline(context, self._turn)
        return " ".join(context.turn_state[SAID]), await self._answers.get(context) is not None

    async def _turn(self, context: TurnContext) -> None:
        dialog = await self._dialogs.create_context(context)
        if context.activity.type == ActivityTypes.conversation_update:
            await dialog.begin_dialog(INTERVIEW)
        else:
            result = await dialog.continue_dialog()
            if result.status == DialogTurnStatus.Complete:
                await self._answers.set(context, result.result)
        await self._state.save_changes(context)


@asynccontextmanager
async def bot(path: str) -> AsyncIterator[Bot]:
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        yield Bot(database)


if __name__ == "__main__":
    serve(bot(sys.argv[1]))
