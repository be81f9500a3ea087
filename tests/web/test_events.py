"""The talk as Server-Sent Events: what is pushed, what a reconnect brings, and what it costs a stranger to ask."""

import asyncio
import contextlib
import json
import re
import threading
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any, cast

import httpx2
import pytest
from sqlalchemy import event

from bot.bootstrap import Services, start_services
from bot.running import Running, running
from bot.server import Server
from bot.settings import Settings
from bot.web.connections import PATIENCE as PATIENCE_FOR_A_HEAD
from bot.web.connections import Line
from bot.web.streams import GATHER, MOST_OF_ONE_CHAT, MOST_OWED, Stream, Streams
from dialogs import live
from dialogs.records import Chat
from qualification.database import WRITER
from qualification.records import Lead
from qualification.store import Transaction
from tests.dialogs.chatting import Prospect
from tests.patience import PATIENCE
from tests.postgres import fresh_schema


class Panel:
    """An open panel: it begins a talk, says things, and listens."""

    def __init__(self, http: httpx2.AsyncClient, url: str) -> None:
        self.http = http
        self.url = url
        self.token = ""
        self._said = 0

    @property
    def bearer(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    async def begins(self) -> dict[str, Any]:
        begun: dict[str, Any] = (await self.http.post(f"{self.url}/api/chat/sessions", json={"locale": "ja"})).json()
        self.token = begun["token"]
        return begun

    async def says(self, text: str) -> dict[str, Any]:
        self._said += 1
        body = {"id": f"m{self._said}", "text": text}
        answer = await self.http.post(f"{self.url}/api/chat/messages", json=body, headers=self.bearer)
        said: dict[str, Any] = answer.json()
        return said

    @contextlib.asynccontextmanager
    async def listens(self, *, at: str | None = None, after: int = 0, last: str = "") -> AsyncIterator["Ear"]:
        address = f"{at or self.url}/api/chat/events?after={after}"
        async with self.http.stream(
            "GET", address, headers=self.bearer | ({"Last-Event-ID": last} if last else {})
        ) as response:
            assert response.status_code == 200, response.status_code
            yield Ear(response)


class Ear:
    """The events of one stream, one after the other."""

    def __init__(self, response: httpx2.Response) -> None:
        self.headers = response.headers
        self._lines = response.aiter_lines()

    async def event(self) -> tuple[str | None, dict[str, Any]]:
        """The next event: its id and what it tells."""
        event_id = None
        async with asyncio.timeout(PATIENCE):
            async for line in self._lines:
                if line.startswith("id: "):
                    event_id = line.removeprefix("id: ")
                elif line.startswith("data: "):
                    told: dict[str, Any] = json.loads(line.removeprefix("data: "))
                    return event_id, told
        raise EOFError

    async def until(self, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        while True:
            _, told = await self.event()
            if wanted(told):
                return told

    async def the_rest(self) -> list[str]:
        """What comes until the server ends the stream."""
        async with asyncio.timeout(PATIENCE):
            return [line async for line in self._lines if line]


class Listener:
    """Somebody who is pushed to without a door: the numbers of the messages they were told."""

    def __init__(self) -> None:
        self.events = 0
        self.heard: list[int] = []

    async def __call__(self, message: Any) -> None:
        for told in re.findall(rb"^data: (.+)$", message["body"], re.MULTILINE):
            self.events += 1
            self.heard += seqs(json.loads(told))


def settings(url: str) -> Settings:
    return Settings.model_validate({"database_url": url, "slack_bot_token": "", "slack_app_token": ""})


@contextlib.asynccontextmanager
async def serving(url: str) -> AsyncIterator[tuple[Running, str]]:
    services: Services = await asyncio.to_thread(start_services, settings(url))
    try:
        async with running(services, with_worker=False) as program, Server(program, "127.0.0.1", 0).listening() as at:
            yield program, at
    finally:
        await asyncio.to_thread(services.close)


@pytest.fixture
async def http() -> AsyncIterator[httpx2.AsyncClient]:
    async with httpx2.AsyncClient(timeout=PATIENCE) as client:
        yield client


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[tuple[Running, str]]:
    async with serving(f"sqlite:///{tmp_path}/bantline.db") as served:
        yield served


@pytest.fixture
async def panel(house: tuple[Running, str], http: httpx2.AsyncClient) -> Panel:
    panel = Panel(http, house[1])
    await panel.begins()
    return panel


def seqs(told: dict[str, Any]) -> list[int]:
    return [message["seq"] for message in told["messages"]]


async def rep_takes_over(program: Running) -> None:
    def take(tx: Transaction) -> None:
        lead = tx.get(Lead, tx.select(Lead.__table__.select())[0].id)  # type: ignore[attr-defined]  # a table model
        live.take_over(tx, lead, by="U1", name="山田 由紀", mark="1.0")

    await program.services.store.run(take)


async def test_a_panel_that_opens_gets_what_it_does_not_have_yet(panel: Panel) -> None:
    async with panel.listens(after=1) as ear:
        event_id, told = await ear.event()
        assert (event_id, seqs(told), told["question"]) == ("2", [2], "need")
        assert ear.headers["content-type"].startswith("text/event-stream")
        assert ear.headers["cache-control"] == "no-store"

    async with panel.listens(last="2") as ear:
        assert seqs((await ear.event())[1]) == []


async def test_what_one_tab_says_is_pushed_to_the_other_once_and_in_order(panel: Panel) -> None:
    async with panel.listens() as ear:
        heard = seqs((await ear.event())[1])
        await panel.says("手作業が多くて困っています")
        told = await ear.until(lambda told: told["question"] == "timeframe")
        heard += seqs(told)
    catch_up = await panel.http.get(f"{panel.url}/api/chat/messages", headers=panel.bearer)

    assert heard == seqs(catch_up.json()) == sorted(set(heard))


async def test_an_answer_is_pushed_as_it_was_given_and_nobody_looks_it_up(
    house: tuple[Running, str], panel: Panel
) -> None:
    looked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if threading.current_thread().name != WRITER and "FROM turn" in statement:
            looked.append(statement)

    async with panel.listens() as ear:
        await ear.event()
        event.listen(house[0].services.store.engine, "before_cursor_execute", note)
        for text in ("手作業が多くて困っています", "3ヶ月以内"):
            answer = await panel.says(text)
            assert await ear.event() == (str(seqs(answer)[-1]), answer)
            await asyncio.sleep(2 * GATHER)  # whoever would look looks by then

    assert looked == []


async def test_a_listener_who_lags_gets_everything_in_order(house: tuple[Running, str], panel: Panel) -> None:
    """What is told at once is only for who has all before it; the others are looked up."""
    await panel.says("手作業が多くて困っています")
    async with panel.listens(after=1) as ear:
        answer = await panel.says("3ヶ月以内")
        heard: list[int] = []
        while not heard or heard[-1] < seqs(answer)[-1]:
            heard += seqs((await ear.event())[1])

    assert heard == list(range(2, seqs(answer)[-1] + 1))


async def test_a_rep_who_steps_in_is_announced_at_once(house: tuple[Running, str], panel: Panel) -> None:
    async with panel.listens() as ear:
        await panel.says("担当者と話したい")
        await rep_takes_over(house[0])
        told = await ear.until(lambda told: told["person"] is not None)

    assert (told["person"], told["state"], told["typing"]) == ("山田 由紀", "handed_over", False)


async def test_a_change_of_state_without_a_word_is_pushed_too(house: tuple[Running, str], panel: Panel) -> None:
    def something_is_coming(tx: Transaction) -> None:
        chat = tx.get(Chat, tx.select(Chat.__table__.select())[0].id)  # type: ignore[attr-defined]  # a table model
        chat.held += 1

    async with panel.listens() as ear:
        await ear.event()
        await house[0].services.store.run(something_is_coming)
        told = (await ear.event())[1]

    assert (told["messages"], told["typing"]) == ([], True)


async def test_the_streams_end_cleanly_when_the_server_stops(tmp_path: Path, http: httpx2.AsyncClient) -> None:
    async with contextlib.AsyncExitStack() as stack:
        served = contextlib.AsyncExitStack()
        program, url = await served.enter_async_context(serving(f"sqlite:///{tmp_path}/bantline.db"))
        panel = Panel(http, url)
        await panel.begins()
        ear = await stack.enter_async_context(panel.listens())
        await ear.event()
        async with asyncio.timeout(PATIENCE):
            await served.aclose()
        assert await ear.the_rest() == ["event: goodbye", "data:"]
        assert program.streams.count == 0


async def test_a_panel_that_goes_is_forgotten(house: tuple[Running, str], panel: Panel) -> None:
    async with panel.listens() as ear:
        await ear.event()
        assert house[0].streams.count == 1
    async with asyncio.timeout(PATIENCE):
        while house[0].streams.count:
            await asyncio.sleep(0.01)


async def test_one_talk_has_only_so_many_listeners(house: tuple[Running, str], panel: Panel) -> None:
    async with contextlib.AsyncExitStack() as stack:
        ears = [await stack.enter_async_context(panel.listens()) for _ in range(MOST_OF_ONE_CHAT + 1)]
        assert "event: goodbye" in await ears[0].the_rest()
        assert house[0].streams.count == MOST_OF_ONE_CHAT


async def test_an_erased_talk_ends_its_streams(house: tuple[Running, str], panel: Panel) -> None:
    async with panel.listens() as ear:
        await ear.event()
        assert (await panel.http.delete(f"{panel.url}/api/chat", headers=panel.bearer)).status_code == 204
        assert "event: goodbye" in await ear.the_rest()
    assert house[0].streams.count == 0


@pytest.mark.parametrize("authorization", ["", "Bearer " + "x" * 43, "Basic abc"])
async def test_without_its_token_nobody_listens(panel: Panel, authorization: str) -> None:
    answer = await panel.http.get(f"{panel.url}/api/chat/events", headers={"Authorization": authorization})

    assert (answer.status_code, answer.json()["error"]) == (401, "unknown_token")
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_a_reader_who_reads_nothing_is_let_go() -> None:
    sent: list[dict[str, Any]] = []
    stuck = asyncio.Event()

    async def send(message: Any) -> None:
        await stuck.wait()
        sent.append(message)

    stream = Stream("chat", 0, send)
    for _ in range(100):
        stream.write(b"x" * 10_000)
    assert sum(map(len, stream._owed)) <= MOST_OWED + 10_000
    stuck.set()
    await wait_for(lambda: bool(sent) and not sent[-1]["more_body"])


async def wait_for(seen: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not seen():
            await asyncio.sleep(0.01)


async def test_across_processes_a_push_comes_by_the_bell(postgres_url: str, http: httpx2.AsyncClient) -> None:
    """Two houses on one database: what is said at one door is heard at the other, well before it looks by itself."""
    with fresh_schema(postgres_url) as database:
        async with serving(database) as (_, here), serving(database) as (_, there):
            panel = Panel(http, here)
            await panel.begins()
            async with panel.listens(at=there) as ear:
                await ear.event()
                await panel.says("手作業が多くて困っています")
                told = await ear.until(lambda told: told["question"] == "timeframe")
                assert len(told["messages"]) >= 2


async def test_a_lost_notice_only_delays(tmp_path: Path) -> None:
    """Another process wrote, and nobody rang: the next look of our own finds it."""
    url = f"sqlite:///{tmp_path}/bantline.db"
    services = await asyncio.to_thread(start_services, settings(url))
    elsewhere = await asyncio.to_thread(start_services, settings(url))
    sent: list[bytes] = []

    async def send(message: Any) -> None:
        sent.append(message.get("body", b""))

    prospect = Prospect(elsewhere.store)
    try:
        await asyncio.to_thread(prospect.opens_chat)
        async with Streams(services, look_again=0.05).running() as streams:
            streams.join(prospect.chat.id, 0, send)
            await asyncio.to_thread(prospect.says, "手作業が多くて困っています")
            await wait_for(lambda: any(b'"question":"timeframe"' in body for body in sent))
    finally:
        await asyncio.to_thread(services.close)
        await asyncio.to_thread(elsewhere.close)


async def test_who_comes_in_the_middle_of_a_look_is_told_what_was_said_before(tmp_path: Path) -> None:
    """That look was for who had nearly everything: it brings too little for who has nothing yet."""
    services = await asyncio.to_thread(start_services, settings(f"sqlite:///{tmp_path}/bantline.db"))
    prospect = Prospect(services.store)
    looks, goes_on = threading.Event(), threading.Event()

    def waits(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if threading.current_thread().name != WRITER and "FROM turn" in statement:
            looks.set()
            goes_on.wait(PATIENCE)

    first, second = Listener(), Listener()
    try:
        await asyncio.to_thread(prospect.opens_chat)
        async with Streams(services).running() as streams:
            streams.join(prospect.chat.id, prospect.chat.seq, first)
            await wait_for(lambda: first.events == 1)
            event.listen(services.store.engine, "before_cursor_execute", waits)
            await asyncio.to_thread(prospect.says, "手作業が多くて困っています")
            await wait_for(looks.is_set)
            streams.join(prospect.chat.id, 0, second)
            goes_on.set()
            await wait_for(lambda: bool(second.heard))
    finally:
        goes_on.set()
        await asyncio.to_thread(services.close)

    assert second.heard == [1, 2, *first.heard]


async def test_a_line_that_says_nothing_is_closed_and_one_that_is_served_is_not(
    tmp_path: Path, http: httpx2.AsyncClient
) -> None:
    services = await asyncio.to_thread(start_services, settings(f"sqlite:///{tmp_path}/bantline.db"))
    try:
        async with running(services, with_worker=False) as program:
            server = Server(program, "127.0.0.1", 0)
            async with server.listening() as at:
                panel = Panel(http, at)
                await panel.begins()
                async with panel.listens() as ear:
                    reader, writer = await asyncio.open_connection("127.0.0.1", int(at.rpartition(":")[2]))
                    await wait_for(lambda: len(server.server_state.connections) >= 2)
                    for line in tuple(server.server_state.connections):
                        cast(Line, line).looked_at(time.monotonic() + PATIENCE_FOR_A_HEAD + 1)
                    assert await reader.read() == b""
                    writer.close()
                    assert seqs((await ear.event())[1]) == [1, 2]
    finally:
        await asyncio.to_thread(services.close)
