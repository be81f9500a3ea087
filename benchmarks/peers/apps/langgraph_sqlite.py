"""The interview as a graph of LangGraph, its state kept by the SQLite checkpointer under the talk's token.

`python -m benchmarks.peers.apps.langgraph_sqlite talks.db [lean]`. durability="exit" writes one checkpoint a message,
before its answer goes out: the cheapest of the durable ways the library has.
"""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, TypedDict

from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver
from langgraph.graph import END, START, StateGraph
from langgraph.types import Command, interrupt

from benchmarks.peers.apps.door import QUESTIONS, THANKS, serve

ASK = "ask"


class Talk(TypedDict, total=False):
    said: str | None
    asked: int
    answers: dict[str, str]


def ask_and_wait(talk: Talk) -> Talk:
    """Stops in the middle with a question, and goes on there with the answer."""
    asked = talk["asked"]
    said = interrupt(QUESTIONS[asked])
    return {"asked": asked + 1, "answers": talk["answers"] | {str(asked): said}}


def what_next(talk: Talk) -> str:
    return ASK if talk["asked"] < len(QUESTIONS) else END


def take_answer(talk: Talk) -> Talk:
    """The lean way: one run for each message, which ends."""
    said = talk.get("said")
    if said is None:
        return {"asked": 0, "answers": {}}
    return {"asked": talk["asked"] + 1, "answers": talk["answers"] | {str(talk["asked"]): said}}


class Graph:
    def __init__(self, saver: AsyncSqliteSaver, *, lean: bool) -> None:
        graph = StateGraph(Talk)
        graph.add_node(ASK, take_answer if lean else ask_and_wait)
        graph.add_edge(START, ASK)
        if lean:
            graph.add_edge(ASK, END)
        else:
            graph.add_conditional_edges(ASK, what_next, [ASK, END])
        self._graph = graph.compile(checkpointer=saver)
        self._lean = lean

    async def open(self, token: str) -> str:
        await self._run(token, {"said": None} if self._lean else {"asked": 0, "answers": {}})
        return QUESTIONS[0]

    async def say(self, token: str, text: str) -> tuple[str, bool]:
        talk = await self._run(token, {"said": text} if self._lean else Command(resume=text))
        done = talk["asked"] == len(QUESTIONS)
        return (THANKS if done else QUESTIONS[talk["asked"]]), done

    async def _run(self, token: str, heard: Any) -> dict[str, Any]:
        of_this_talk: Any = {"configurable": {"thread_id": token}}
        talk: dict[str, Any] = await self._graph.ainvoke(heard, of_this_talk, durability="exit")
        return talk


@asynccontextmanager
async def graph(path: str, *, lean: bool) -> AsyncIterator[Graph]:
    async with AsyncSqliteSaver.from_conn_string(path) as saver:
        await saver.setup()
        await saver.conn.execute("PRAGMA synchronous = FULL")
        yield Graph(saver, lean=lean)


if __name__ == "__main__":
    serve(graph(sys.argv[1], lean="lean" in sys.argv[2:]))
