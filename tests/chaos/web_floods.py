"""Too much at the web's doors: too large, too slow, and too often; whoever is honest hardly notices (S15, S16).

Each side comes from an address of its own on the loopback, and no proxy is trusted.
"""

import asyncio
import gzip
import json
import time
from collections import Counter
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any

import aiohttp
from yarl import URL

from bot.web.limits import LARGEST_BODY
from dialogs.turn import LONGEST_TEXT, MOST_MESSAGES
from tests.chaos.chat_load import resident
from tests.chaos.office import folder
from tests.chaos.proof import Proof, percentile, unless
from tests.process import UNMEASURED, BantlineProcess

SHIPPED = dict.fromkeys(UNMEASURED, "") | {"BANTLINE_TRUSTED_PROXIES": "none"}
TALK = ("手作業が多くて困っています", "3ヶ月以内", "私が決めます", "300万円", "株式会社アサヒ", "山田 t@asahi.example")
ATTACKER = "127.0.0.66"
LOST = (aiohttp.ClientError, ConnectionError, TimeoutError, OSError)


def visitor(address: str, limit: int = 0) -> aiohttp.ClientSession:
    connector = aiohttp.TCPConnector(limit=limit, local_addr=(address, 0))
    return aiohttp.ClientSession(connector=connector, timeout=aiohttp.ClientTimeout(total=30))


# -- S15: sizes ------------------------------------------------------------------------------------


class Sizes:
    """One program, and everything that is too large or too slow for it."""

    def __init__(self, bantline: BantlineProcess, http: aiohttp.ClientSession, token: str) -> None:
        self._bantline = bantline
        self._http = http
        self._bearer = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    async def status(self, method: str, path: str, **more: Any) -> int:
        headers = self._bearer | more.pop("headers", {})
        try:
            async with self._http.request(method, f"{self._bantline.url}{path}", headers=headers, **more) as answer:
                await answer.read()
                return answer.status
        except LOST:
            return 0  # the line was cut

    async def says(self, text: str) -> int:
        return await self.status(
            "POST", "/api/chat/messages", data=json.dumps({"id": str(time.time_ns()), "text": text})
        )

    async def chunked(self, size: int) -> int:
        async def parts() -> Any:
            for _ in range(size // 1024):
                yield b"x" * 1024

        return await self.status("POST", "/api/chat/messages", data=parts())

    async def raw(self, *parts: bytes, pause: float = 0.0, until: float = 30.0) -> int:
        """The status of a request written by hand; 0: cut off without an answer."""
        url = URL(self._bantline.url)
        reader, writer = await asyncio.open_connection(str(url.host), url.port)
        heard = asyncio.create_task(reader.read(100))
        try:
            async with asyncio.timeout(until):
                for part in parts:
                    if heard.done():
                        break
                    writer.write(part)
                    await writer.drain()
                    await asyncio.sleep(pause)
                head = await heard
                return int(head.split()[1]) if head.startswith(b"HTTP/1.1") else 0
        except LOST:
            return 0
        finally:
            heard.cancel()
            writer.close()

    async def full_chat(self) -> int:
        """What a chat says that has had its last message."""
        for number in range(MOST_MESSAGES):
            if (status := await self.says(f"あ{number}")) != 200:
                return status
        return 200


async def _sizes(quick: bool) -> Proof:
    with folder() as place, BantlineProcess(place) as bantline:
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as http:
            async with http.post(f"{bantline.url}/api/chat/sessions", json={}) as begun:
                sizes = Sizes(bantline, http, (await begun.json())["token"])
            post = b"POST /api/chat/messages HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
            await sizes.says("温まるまで")
            tries: dict[str, tuple[Callable[[], Coroutine[Any, Any, int]], set[int]]] = {
                "a text of 4,000 characters": (lambda: sizes.says("あ" * LONGEST_TEXT), {200}),
                "one more": (lambda: sizes.says("あ" * (LONGEST_TEXT + 1)), {422}),
                "a body over 64 KB": (lambda: sizes.says("x" * LARGEST_BODY), {413}),
                "the same in parts without a length": (lambda: sizes.chunked(LARGEST_BODY * 2), {413}),
                "a length that is no number": (lambda: sizes.raw(post + b"Content-Length: many\r\n\r\n"), {400}),
                "a gzip bomb": (
                    lambda: sizes.status(
                        "POST", "/api/chat/messages", data=_bomb(), headers={"Content-Encoding": "gzip"}
                    ),
                    {400, 413, 422},
                ),
                "headers of 40 KB": (
                    lambda: sizes.status("GET", "/api/chat/messages", headers={"X-Long": "x" * 40_000}),
                    {431, 400},
                ),
                "a path of 100 KB": (lambda: sizes.status("GET", f"/chat/{'x' * 100_000}"), {0, 400, 404, 414, 431}),
                "a head that never ends": (
                    lambda: sizes.raw(*[b"GET / HTTP/1.1\r\n", *[b"X: y\r\n"] * 40], pause=0.5),
                    {0},
                ),
                "a head of many megabytes": (
                    lambda: sizes.raw(b"GET / HTTP/1.1\r\n", *[b"X-A: " + b"x" * 8_000 + b"\r\n"] * 200),
                    {0, 431, 400},
                ),
                "a body that never ends": (
                    lambda: sizes.raw(post + b"Content-Length: 100\r\n\r\n", *[b"x"] * 50, pause=0.6, until=40),
                    {408},
                ),
            }
            answers = dict(zip(tries, await asyncio.gather(*(attempt() for attempt, _ in tries.values())), strict=True))
            before = resident(bantline.pid)
            flood = await asyncio.gather(*(sizes.chunked(LARGEST_BODY * 4) for _ in range(40 if quick else 200)))
            grown = resident(bantline.pid) - before
            full = 409 if quick else await sizes.full_chat()
            still = await sizes.status("GET", "/healthz")
    wrong = [f"{name}: {answers[name]}" for name, (_, right) in tries.items() if answers[name] not in right]
    told = ", ".join(f"{name} {status or 'cut off'}" for name, status in answers.items())
    return Proof(
        name="S15",
        promise="what is too large or too slow is refused before it costs much",
        figures=f"{told}; {len(flood)} bodies of 256 KB at once: all refused, {grown:.0f} MiB more memory; the message after "
        f"the last of a chat: {full}",
        broken=unless(
            each_is_answered_as_it_should_be=(not wrong, wrong),
            every_large_body_is_refused=(set(flood) <= {413, 0}, Counter(flood)),
            memory_hardly_grows=(grown < 25, grown),
            a_full_chat_says_so=(full == 409, full),
            the_program_is_well=(still == 200, still),
        ),
    )


def _bomb() -> bytes:
    return gzip.compress(b'{"id": "x", "text": "' + b"a" * 40_000_000 + b'"}')


def too_large(quick: bool) -> Proof:
    return asyncio.run(_sizes(quick))


# -- S16: flood ------------------------------------------------------------------------------------


class Honest:
    """One prospect with a panel: asks again when told to, counts how long an answer took in all."""

    def __init__(self, number: int, url: str, thinks: float) -> None:
        self._address = f"127.0.{1 + number // 200}.{1 + number % 200}"
        self._url = url
        self._thinks = thinks
        self.took: list[float] = []
        self.completed = False

    async def talks(self) -> None:
        async with visitor(self._address) as http:
            begun = await self._asks(http, "sessions", {"locale": "ja"}, {})
            bearer = {"Authorization": f"Bearer {begun['token']}"}
            bodies = [{"id": str(place), "text": words} for place, words in enumerate(TALK)]
            for body in [*bodies, {"id": "end", "choice": "confirm"}]:
                await asyncio.sleep(self._thinks)
                answer = await self._asks(http, "messages", body, bearer)
            self.completed = answer["state"] == "completed"

    async def _asks(self, http: aiohttp.ClientSession, path: str, body: Any, headers: dict[str, str]) -> Any:
        began = time.perf_counter()
        while True:
            with suppress(*LOST):
                async with http.post(f"{self._url}/api/chat/{path}", json=body, headers=headers) as answer:
                    if answer.status < 300:
                        self.took.append((time.perf_counter() - began) * 1000)
                        return await answer.json()
            await asyncio.sleep(0.2)


class Flood:
    """One address that holds as many lines as it gets, and sends messages without a pause."""

    def __init__(self, url: str, sockets: int, a_second: int) -> None:
        self._url = url
        self._sockets = sockets
        self._a_second = a_second
        self.held = 0
        self.answers: Counter[int] = Counter()

    async def comes(self) -> None:
        await asyncio.gather(self._holds_lines(), self._sends())

    async def _holds_lines(self) -> None:
        url, lines = URL(self._url), []
        for _ in range(self._sockets):
            with suppress(*LOST):
                lines.append(await asyncio.open_connection(str(url.host), url.port, local_addr=(ATTACKER, 0)))
        await asyncio.sleep(0.5)
        self.held = sum(not reader.at_eof() for reader, _ in lines)
        while True:
            await asyncio.sleep(1)

    async def _sends(self) -> None:
        async with visitor(ATTACKER) as http, asyncio.TaskGroup() as sending:
            tokens = [token for _ in range(20) if (token := await self._begins(http))]
            for number in range(10**9):
                token = tokens[number % len(tokens)] if tokens else "x" * 40
                sending.create_task(self._says(http, token, number))
                await asyncio.sleep(1 / self._a_second)

    async def _begins(self, http: aiohttp.ClientSession) -> str:
        with suppress(*LOST, KeyError):
            async with http.post(f"{self._url}/api/chat/sessions", json={}) as begun:
                return str((await begun.json())["token"])
        return ""

    async def _says(self, http: aiohttp.ClientSession, token: str, number: int) -> None:
        headers = {"Authorization": f"Bearer {token}"}
        try:
            body = {"id": str(number), "text": "あ" * 500}
            async with http.post(f"{self._url}/api/chat/messages", json=body, headers=headers) as answer:
                self.answers[answer.status] += 1
        except LOST:
            self.answers[0] += 1


async def _flooded(quick: bool) -> Proof:
    chats, sockets, thinks = (20, 300, 0.5) if quick else (100, 2_000, 2.0)
    with folder() as place, BantlineProcess(place, **SHIPPED) as bantline:
        await Honest(998, bantline.url, 0).talks()
        calm = [Honest(number, bantline.url, thinks) for number in range(chats)]
        await asyncio.gather(*(one.talks() for one in calm))
        flood = Flood(bantline.url, sockets, 200)
        task = asyncio.create_task(flood.comes())
        await asyncio.sleep(2)
        honest = [Honest(number, bantline.url, thinks) for number in range(chats)]
        await asyncio.gather(*(one.talks() for one in honest))
        memory = resident(bantline.pid)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        began = time.perf_counter()
        await Honest(999, bantline.url, 0).talks()
        recovered = time.perf_counter() - began
    took, before = [one for each in honest for one in each.took], [one for each in calm for one in each.took]
    p95 = percentile(took, 95)
    turned_away = sum(many for status, many in flood.answers.items() if status != 200)
    return Proof(
        name="S16",
        promise="a flood from one address hardly slows the others",
        figures=f"{sockets} connections and 200 messages a second from one address beside {chats} honest chats, with the "
        f"measures we ship: the flood held {flood.held} connections, {flood.answers[200]} of its messages were taken and "
        f"{turned_away} refused; an honest answer took p50 {percentile(took, 50):.0f}, p95 {p95:.0f} ms (before the flood "
        f"{percentile(before, 50):.0f} and {percentile(before, 95):.0f}), {sum(one.completed for one in honest)} of {chats} "
        f"completed; {memory:.0f} MiB; a whole talk right after the flood took {recovered:.1f} s",
        broken=unless(
            honest_people_are_answered=(p95 < max(500, 1.5 * percentile(before, 95)), p95),
            all_of_them_complete=(all(one.completed for one in honest), len(honest)),
            lines_of_one_address_are_counted=(flood.held <= 200, flood.held),
            the_flood_is_turned_away=(turned_away > flood.answers[200], flood.answers),
            memory_stays_below_400=(memory < 400, memory),
            it_is_over_at_once=(recovered < 5, recovered),
        ),
    )


def flood(quick: bool) -> Proof:
    return asyncio.run(_flooded(quick))
