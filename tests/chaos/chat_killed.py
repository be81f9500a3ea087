"""kill -9 to the web process while many people chat: nothing acknowledged is lost, nothing stands there twice (R18).

Each visitor is a widget: it sends a message again, under the same id, until it is acknowledged, and listens to the event
stream beside it, which it opens anew with the last number it has. The process starts again on the same database.
"""

import asyncio
import contextlib
import itertools
import json
import random
from collections import Counter
from collections.abc import Sequence
from typing import Any

import aiohttp

from tests.chaos.office import folder
from tests.chaos.proof import Proof, unless
from tests.process import BantlineProcess
from tests.talk import TALK

CHATS, KILLS = 300, 20
QUICK_CHATS, QUICK_KILLS = 30, 3
PAUSE = 0.1  # seconds between two tries
PATIENCE = 900.0  # a start takes its time on a machine that has other work
LOST_LINE = (aiohttp.ClientError, ConnectionError, TimeoutError)
Json = dict[str, Any]


class Visitor:
    """One prospect with a widget that does not give up."""

    def __init__(self, http: aiohttp.ClientSession, url: str, number: int, thinks: float) -> None:
        self._http = http
        self._url = url
        self._number = number
        self._thinks = thinks
        self._token = ""
        self._last = 0
        self.acknowledged: list[str] = []
        self.pushed: list[int] = []
        self.refused: Counter[int] = Counter()
        self.refusal = ""
        self.wrong_questions = 0
        self.state = ""

    async def talks(self, afterwards: Sequence[str] = ()) -> None:
        """The whole interview, then what else there is to say."""
        begun = await self._until_answered("POST", "sessions", {"locale": "ja"})
        self._token = begun["token"]
        ear = asyncio.create_task(self._listens())
        try:
            answer = begun
            for place, words in enumerate(TALK):
                await asyncio.sleep(random.uniform(0, 2 * self._thinks))
                await self._is_asked(answer["question"])
                text = words.format(n=self._number)
                answer = await self.says({"id": f"m{place}", "text": text})
                self.acknowledged.append(text)
            self.state = (await self.says({"id": "end", "choice": "confirm"}))["state"]
            for place, text in enumerate(afterwards):
                await asyncio.sleep(random.uniform(0, 2 * self._thinks))
                await self.says({"id": f"after{place}", "text": text})
            await self._heard_everything()
        finally:
            ear.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await ear

    async def says(self, body: Json) -> Json:
        return await self._until_answered("POST", "messages", body)

    async def _is_asked(self, question: str | None) -> None:
        """After whatever happened the talk stands where its last acknowledged answer left it."""
        self.wrong_questions += (await self._until_answered("GET", "messages?after=0"))["question"] != question

    async def _heard_everything(self) -> None:
        written = len((await self._until_answered("GET", "messages?after=0"))["messages"])
        async with asyncio.timeout(PATIENCE):
            while self._last < written:
                await asyncio.sleep(PAUSE)

    async def remembered(self) -> tuple[list[int], list[str]]:
        """What the server has: the numbers of all messages, and the prospect's own words."""
        messages = (await self._until_answered("GET", "messages?after=0"))["messages"]
        own = [message["text"] for message in messages if message["from"] == "prospect"]
        return [message["seq"] for message in messages], own

    async def _listens(self) -> None:
        while True:
            with contextlib.suppress(*LOST_LINE):
                await self._hear_one_stream()
            await asyncio.sleep(PAUSE)

    async def _hear_one_stream(self) -> None:
        headers = self._bearer | {"Last-Event-ID": str(self._last)}
        async with self._http.get(f"{self._url}/api/chat/events", headers=headers) as stream:
            async for line in stream.content:
                if line.startswith(b"data: {"):
                    seqs = [message["seq"] for message in json.loads(line[6:])["messages"]]
                    self.pushed += seqs
                    self._last = max([self._last, *seqs])

    async def _until_answered(self, method: str, path: str, body: Json | None = None) -> Json:
        async with asyncio.timeout(PATIENCE):
            for _ in itertools.count():
                with contextlib.suppress(*LOST_LINE):
                    address = f"{self._url}/api/chat/{path}"
                    async with self._http.request(method, address, json=body, headers=self._bearer) as answer:
                        if answer.status < 300:
                            result: Json = await answer.json()
                            return result
                        self.refused[answer.status] += 1
                        self.refusal = await answer.text()
                        assert answer.status == 503, self.refusal
                await asyncio.sleep(PAUSE)
        raise AssertionError("never reached")

    @property
    def _bearer(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._token}"}


async def _try_it(chats: int, kills: int) -> Proof:
    random.seed(18)
    with folder() as place:
        bantline = BantlineProcess(place)
        await asyncio.to_thread(bantline.start)
        try:
            async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as http:
                visitors = [Visitor(http, bantline.url, number, thinks=kills / 3) for number in range(chats)]
                talks = asyncio.gather(*(visitor.talks() for visitor in visitors))
                for _ in range(kills):
                    await asyncio.sleep(random.uniform(0.05, 1.0))
                    await asyncio.to_thread(bantline.kill)
                    await asyncio.to_thread(bantline.start)
                await talks
                return await _judge(visitors, kills)
        finally:
            await asyncio.to_thread(bantline.stop)


async def _judge(visitors: list[Visitor], kills: int) -> Proof:
    stored = [await visitor.remembered() for visitor in visitors]
    own = [words[:-1] for _, words in stored]  # the last is the quick reply that confirms
    lost = sum(len(set(visitor.acknowledged) - set(words)) for visitor, words in zip(visitors, own, strict=True))
    doubled = sum(len(words) - len(set(words)) for words in own)
    misheard = sum(visitor.pushed != seqs for visitor, (seqs, _) in zip(visitors, stored, strict=True))
    completed = sum(visitor.state == "completed" for visitor in visitors)
    wrong = sum(visitor.wrong_questions for visitor in visitors)
    said = sum(len(visitor.acknowledged) for visitor in visitors)
    pushed = sum(len(visitor.pushed) for visitor in visitors)
    return Proof(
        name="R18",
        promise="a killed web process costs no chat a word",
        figures=f"{len(visitors)} chats, {kills} kill -9: {said} messages acknowledged, {lost} lost, {doubled} doubled; "
        f"{completed} completed, {wrong} resumed at a wrong question; {pushed} messages pushed, {misheard} streams "
        "with a gap, a repeat or a wrong order",
        broken=unless(
            nothing_acknowledged_is_lost=(lost == 0, lost),
            nothing_is_doubled=(doubled == 0, doubled),
            everybody_completes=(completed == len(visitors), completed),
            everybody_resumes_at_the_right_question=(wrong == 0, wrong),
            every_stream_tells_each_message_once_in_order=(misheard == 0, misheard),
        ),
    )


def chats_survive_kills(quick: bool) -> Proof:
    return asyncio.run(_try_it(QUICK_CHATS, QUICK_KILLS) if quick else _try_it(CHATS, KILLS))
