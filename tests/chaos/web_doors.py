"""Strangers and hostile input at every door of the web: nothing is read, nothing breaks, every answer is dressed (S2, S13, S14, S24).

The doors are listed from the code: a new route is tried without being named here.
"""

import asyncio
import json
import random
import re
import secrets
import statistics
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
from sqlalchemy import create_engine, text
from yarl import URL

from bot.bootstrap import start_services
from bot.settings import Settings
from bot.web.app import build_web
from bot.web.streams import Streams
from tests.chaos.office import folder
from tests.chaos.proof import Proof, unless
from tests.process import UNMEASURED, BantlineProcess
from tests.slack.hostile import SHARED, hostile_strings

KEY = "key-of-the-tests"
SITE = "https://www.asahi.example"
TRACE = (b"Traceback", b'File "', b"sqlalchemy", b".py")
METHODS = ("GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH")
ODD_TYPES = ("application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/xml", "")
LONGEST_HEADER = 4_000


@dataclass
class Seen:
    """What came back, all together."""

    statuses: Counter[int] = field(default_factory=Counter)
    bare: set[str] = field(default_factory=set)
    traces: set[str] = field(default_factory=set)
    broken: set[str] = field(default_factory=set)
    slow: list[float] = field(default_factory=list)

    async def note(self, what: str, answer: aiohttp.ClientResponse, seconds: float) -> bytes:
        body = await answer.read()
        self.statuses[answer.status] += 1
        self.slow.append(seconds)
        if answer.status >= 500:
            self.broken.add(f"{answer.status} {what[:90]}")
        if any(trace in body for trace in TRACE) and answer.status >= 400:
            self.traces.add(what[:90])
        if missing := undressed(answer.headers):
            self.bare.add(f"{what[:60]}: {missing}")
        return body


def undressed(headers: Any) -> str:
    """What an answer lacks of what every one of them must carry (S24)."""
    policy = headers.get("Content-Security-Policy", "")
    wrong = {
        "nosniff": headers.get("X-Content-Type-Options") != "nosniff",
        "referrer policy": "Referrer-Policy" not in headers,
        "content policy": "default-src 'none'" not in policy,
        "inline": "unsafe-inline" in policy or "unsafe-eval" in policy,
        "frame-ancestors": "frame-ancestors" not in policy,
        "server": "Server" in headers or "X-Powered-By" in headers,
    }
    return ", ".join(name for name, is_so in wrong.items() if is_so)


def doors() -> list[tuple[str, str]]:
    """Every route and method of the application, from the code."""
    with folder() as place:
        services = start_services(Settings(database_url=f"sqlite:///{place}/doors.db"))
        try:
            app = build_web(services, Streams(services))
            described = [(path, method.upper()) for path, how in app.openapi()["paths"].items() for method in how]
            pages = [(getattr(route, "path", ""), method) for route in _flat(app.routes) for method in _methods(route)]
        finally:
            services.close()
    found = {*described, *pages, ("/api/chat/events", "GET"), ("/static/{path}", "GET")}
    return sorted((path, method) for path, method in found if path)


def _flat(routes: Sequence[Any]) -> Iterator[Any]:
    for route in routes:
        inner = getattr(getattr(route, "original_router", None), "routes", None)  # a router within the application
        yield from _flat(inner) if inner else (route,)


def _methods(route: Any) -> set[str]:
    return getattr(route, "methods", None) or set()


def rows_in(place: Path) -> dict[str, int]:
    engine = create_engine(f"sqlite:///{place}/test.db")
    with engine.connect() as connection:
        tables = [row[0] for row in connection.execute(text("SELECT name FROM sqlite_master WHERE type='table'"))]
        counts = {name: connection.execute(text(f'SELECT count(*) FROM "{name}"')).scalar_one() for name in tables}
    engine.dispose()
    return {name: count for name, count in counts.items() if name not in ("heartbeat", "timer")}


async def begin(http: aiohttp.ClientSession, url: str, **headers: str) -> str:
    async with http.post(f"{url}/api/chat/sessions", json={"locale": "ja"}, headers=headers) as begun:
        return str((await begun.json())["token"])


# -- S2: hostile input at every door ---------------------------------------------------------------


def _bodies(string: str, deep: str) -> list[tuple[str, bytes]]:
    """One hostile string in the shapes a body comes in."""
    odd = string.encode("utf-8", "surrogatepass")
    return [
        (ODD_TYPES[0], json.dumps({"id": string[:90] or "x", "text": string}).encode()),
        (ODD_TYPES[0], json.dumps({"id": "x", "choice": string, "locale": string, "page": {"url": string}}).encode()),
        (
            ODD_TYPES[0],
            json.dumps({"kind": string, "id": string, "source": string, "fields": {string: string}}).encode(),
        ),
        (ODD_TYPES[0], odd),
        (ODD_TYPES[0], deep.encode()),
        (ODD_TYPES[1], b"text=" + odd + b"&id=" + odd + b"&token=" + odd + b"&begins=yes"),
        (ODD_TYPES[2], b"--x\r\nContent-Disposition: form-data; name=text\r\n\r\n" + odd + b"\r\n--x--"),
        (ODD_TYPES[3], b"<x>" + odd + b"</x>"),
    ]


def _header_safe(string: str) -> str:
    kept = re.sub(r"[\x00-\x1f\x7f]", " ", string)[:LONGEST_HEADER]
    return kept.encode("utf-8", "replace").decode("latin-1")


async def _one_try(
    http: aiohttp.ClientSession, url: str, door: tuple[str, str], string: str, token: str, seen: Seen
) -> None:
    path, method = door
    filled = re.sub(r"\{\w+\}", lambda _: secrets.choice([_quoted(string), token]), path)
    shape, body = random.choice(_bodies(string, "[" * 5_000))
    bearer = random.choice([token, KEY, string])
    headers = {
        "Content-Type": shape,
        "Authorization": f"Bearer {_header_safe(bearer)}",
        "Accept-Language": _header_safe(string),
        "Origin": _header_safe(string)[:200],
        "Cookie": f"bantline_chat={_header_safe(string)[:200]}",
        "Last-Event-ID": _header_safe(string)[:50],
    }
    address = URL(f"{url}{filled}?after={_quoted(string)}&lang={_quoted(string)}&limit={_quoted(string)}", encoded=True)
    began = time.perf_counter()
    asked = http.request(
        random.choice((method, method, *METHODS)), address, data=body, headers=headers, allow_redirects=False
    )
    try:
        async with asyncio.timeout(10), asked as answer:
            if answer.headers.get("Content-Type", "").startswith("text/event-stream"):
                seen.statuses[answer.status] += 1
                return
            await seen.note(f"{method} {path} {string[:30]!r}", answer, time.perf_counter() - began)
    except (aiohttp.ClientError, TimeoutError) as lost:
        if isinstance(lost, TimeoutError):
            seen.broken.add(f"hang {method} {path} {string[:40]!r}")
        seen.statuses[0] += 1


def _quoted(string: str) -> str:
    return "".join(f"%{byte:02X}" for byte in string[:300].encode("utf-8", "surrogatepass")) or "x"


async def _hostile(cases: int) -> Proof:
    random.seed(2)
    strings = [one for one in hostile_strings() if len(one) < 20_000]
    every, seen = [one for one in doors() if one[0] not in ("/slack/events",)], Seen()
    with folder() as place:
        with BantlineProcess(place) as bantline:
            async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=32)) as http:
                token = await begin(http, bantline.url)
                tries = [(random.choice(every), random.choice(strings)) for _ in range(cases)]
                for start in range(0, cases, 32):
                    some = tries[start : start + 32]
                    await asyncio.gather(*(_one_try(http, bantline.url, *one, token, seen) for one in some))
                own = {"Authorization": f"Bearer {await begin(http, bantline.url)}"}
                said = await _shown(http, bantline.url, own, strings)
                async with http.get(f"{bantline.url}/healthz") as health:
                    well = health.status
        log = place.joinpath("stderr.log").read_text()
    broke = log.count("request_broke")
    slowest = max(seen.slow)
    figures = (
        f"{cases} requests with hostile text in path, query, headers, cookie and body at {len(every)} doors: "
        f"{sum(many for status, many in seen.statuses.items() if 200 <= status < 400)} taken, "
        f"{sum(many for status, many in seen.statuses.items() if 400 <= status < 500)} refused, {len(seen.broken)} broke, "
        f"{len(seen.traces)} showed a stack trace, {len(seen.bare)} came without the safe headers; "
        f"slowest {slowest * 1000:.0f} ms (32 at once); {said} texts came back as they were sent"
    )
    return Proof(
        name="S2",
        promise="malformed and hostile requests break nothing",
        figures=figures,
        broken=unless(
            nothing_breaks=(not seen.broken and not broke, sorted(seen.broken)[:5]),
            no_trace_is_shown=(not seen.traces, sorted(seen.traces)[:5]),
            every_answer_is_dressed=(not seen.bare, sorted(seen.bare)[:5]),
            the_program_is_well=(well == 200, well),
        ),
    )


async def _shown(http: aiohttp.ClientSession, url: str, own: dict[str, str], strings: Sequence[str]) -> int:
    """How many texts of a talk come back exactly as they were sent; a NUL, which no database keeps, as a blank."""
    sent = [one for one in strings if one.strip() and 0 < len(one) <= 4_000][:60]
    taken: list[str] = []
    for place, string in enumerate(sent):
        body = json.dumps({"id": str(place), "text": string})
        async with http.post(
            f"{url}/api/chat/messages", data=body, headers=own | {"Content-Type": ODD_TYPES[0]}
        ) as got:
            taken += [string] if got.status == 200 else []
    async with http.get(f"{url}/api/chat/messages", headers=own) as talk:
        back = [message["text"] for message in (await talk.json())["messages"] if message["from"] == "prospect"]
    assert back == [one.replace("\x00", " ") for one in taken], "a text changed on its way"
    return len(back)


def hostile_requests(quick: bool) -> Proof:
    return asyncio.run(_hostile(400 if quick else 10_000))


# -- S13: foreign ids ------------------------------------------------------------------------------


def odd_ids() -> list[str]:
    own = ["../../etc/passwd", "0", "-1", "1' OR '1'='1", "null", "%00", "a" * 5_000, "null\r\nX: y", "０", "{}", "*"]
    if not SHARED.exists():
        return own
    lines = (json.loads(line) for line in SHARED.read_text("utf-8").split("\n") if line.strip())
    return [*own, *(str(line["text"]) for line in lines if line.get("class") == "ids")]


CALLS = (("GET", "messages"), ("POST", "messages"), ("GET", "export"), ("DELETE", ""), ("GET", "events"))


async def _foreign(tries: int) -> Proof:
    random.seed(13)
    with folder() as place, BantlineProcess(place) as bantline:
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=16)) as http:
            mine, theirs = await begin(http, bantline.url), await begin(http, bantline.url)
            for token in (mine, theirs):
                await _call(http, bantline.url, "POST", "messages", token, "困っています")
            before = rows_in(place)
            answers: Counter[tuple[int, bytes]] = Counter()
            unknown: list[float] = []
            malformed: list[float] = []
            guesses = [secrets.token_urlsafe(32) for _ in range(tries)]
            near = [theirs[:-1] + other for other in "AQgw-_09" if other != theirs[-1]]
            for place_in, guess in enumerate([*guesses, *near, *(_header_safe(one) for one in odd_ids())]):
                method, path = CALLS[place_in % len(CALLS)]
                began = time.perf_counter()
                answers[await _call(http, bantline.url, method, path, guess, "盗み見")] += 1
                (unknown if place_in < tries else malformed).append((time.perf_counter() - began) * 1000)
            crossed = [
                await _call(http, bantline.url, "GET", f"messages?token={theirs}&chat_id={theirs}&id={theirs}", mine),
                await _call(http, bantline.url, "GET", "messages", mine),
            ]
        untouched = rows_in(place) == before
        gap = abs(statistics.median(unknown) - statistics.median(malformed))
    engages = await _limiter_engages()
    return Proof(
        name="S13",
        promise="a token opens its own talk and nothing else",
        figures=f"{tries} random tokens, {len(near)} that differ in one letter and {len(odd_ids())} odd ids at {len(CALLS)} "
        f"doors: {len(answers)} kind of answer ({', '.join(str(status) for status, _ in answers)}), 0 rows changed; median "
        f"of known shape and odd shape {gap:.1f} ms apart; the limiter engages after {engages} guesses from one address",
        broken=unless(
            all_are_refused_alike=(len(answers) == 1 and next(iter(answers))[0] == 401, answers.most_common(3)),
            nothing_is_written=(untouched, rows_in),
            the_address_bar_opens_nothing=(crossed[0] == crossed[1], crossed),
            no_tell_tale_time=(gap < 20, gap),
            the_limiter_engages=(0 < engages < 1_000, engages),
        ),
    )


async def _call(
    http: aiohttp.ClientSession, url: str, method: str, path: str, token: str, words: str = "x"
) -> tuple[int, bytes]:
    headers = {"Authorization": f"Bearer {token}"}
    body = {"id": "guess", "text": words} if method == "POST" else None
    address = f"{url}/api/chat/{path}".rstrip("/")
    async with http.request(method, address, json=body, headers=headers) as answer:
        return answer.status, await answer.read()


async def _limiter_engages() -> int:
    """How many guesses one address has before it is told to wait, with the measures we ship."""
    with folder() as place, BantlineProcess(place, **dict.fromkeys(UNMEASURED, "")) as bantline:
        async with aiohttp.ClientSession() as http:
            for number in range(1, 2_000):
                if (await _call(http, bantline.url, "GET", "messages", secrets.token_urlsafe(32)))[0] == 429:
                    return number
    return 0


def foreign_ids(quick: bool) -> Proof:
    return asyncio.run(_foreign(200 if quick else 10_000))


# -- S14 and S24: origins and headers --------------------------------------------------------------

ORIGINS: dict[str, bool] = {
    SITE: True,
    "null": False,
    "https://www.asahi.example.evil.example": False,
    "https://evil.example/https://www.asahi.example": False,
    "http://www.asahi.example": False,
    "https://www.asahi.example:8443": False,
    "https://WWW.ASAHI.EXAMPLE": False,
    "https://asahi.example": False,
    "file://": False,
}


async def _origins() -> Proof:
    wrong: list[str] = []
    asked = 0
    with folder() as place, BantlineProcess(place, BANTLINE_ALLOWED_ORIGINS=SITE) as bantline:
        async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as http:
            token = await begin(http, bantline.url)
            for origin, welcome in ORIGINS.items():
                for method, path in [("POST", "sessions"), *CALLS]:
                    if method == "DELETE":
                        continue
                    for is_preflight in (False, True):
                        asked += 1
                        wrong += await _asked_from(
                            http, bantline.url, method, path, token, origin, welcome, is_preflight
                        )
            async with http.get(f"{bantline.url}/api/chat/events", headers=_upgrade(SITE)) as socket:
                asked += 1
                wrong += [] if socket.status in (401, 403, 404) else [f"a WebSocket got {socket.status}"]
    return Proof(
        name="S14",
        promise="only the pages that are named may hold the chat",
        figures=f"{asked} calls and preflights from {len(ORIGINS)} origins (allowed, null, look-alikes, other port, scheme "
        f"and case), one as a WebSocket: {len(wrong)} wrongly answered, no cookie set, no wildcard beside a list",
        broken=tuple(wrong[:10]),
    )


async def _asked_from(
    http: aiohttp.ClientSession,
    url: str,
    method: str,
    path: str,
    token: str,
    origin: str,
    welcome: bool,
    is_preflight: bool,
) -> list[str]:
    headers = {"Origin": origin, "Authorization": f"Bearer {token}"}
    if is_preflight:
        headers |= {"Access-Control-Request-Method": method, "Access-Control-Request-Headers": "authorization"}
    asked = http.request("OPTIONS" if is_preflight else method, f"{url}/api/chat/{path}", headers=headers)
    async with asked as answer:
        shared = answer.headers.get("Access-Control-Allow-Origin")
        place = (
            f"{origin} {method} {path}{' (preflight)' if is_preflight else ''}: {answer.status}, shared with {shared}"
        )
        wrong = [
            shared not in ((origin,) if welcome else (None,)),
            answer.headers.get("Access-Control-Allow-Credentials") is not None,
            "Set-Cookie" in answer.headers,
            not welcome and answer.status not in ((400, 403) if is_preflight else (403,)),
            welcome and answer.status == 403,
        ]
        return [place] if any(wrong) else []


def _upgrade(origin: str) -> dict[str, str]:
    return {
        "Origin": origin,
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    }


def foreign_origins(quick: bool) -> Proof:
    return asyncio.run(_origins())


async def _dressed() -> Proof:
    seen = Seen()
    every = doors()
    with folder() as place, BantlineProcess(place) as bantline:
        async with aiohttp.ClientSession() as http:
            token = await begin(http, bantline.url)
            for path, method in every:
                filled = re.sub(r"\{path\}", "widget.js", path)
                filled = re.sub(r"\{\w+\}", token, filled)
                for bearer in (token, KEY, ""):
                    headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
                    asked = http.request(method, f"{bantline.url}{filled}", headers=headers, allow_redirects=False)
                    async with asked as answer:
                        if not answer.headers.get("Content-Type", "").startswith("text/event-stream"):
                            await seen.note(f"{method} {path}", answer, 0.0)
                        elif answer.headers.get("X-Content-Type-Options") != "nosniff":
                            seen.bare.add("the event stream")
            host, port = URL(bantline.url).host, URL(bantline.url).port
            malformed = await _raw(str(host), int(port or 0), b"GARBAGE\r\n\r\n")
            if b"nosniff" not in malformed or b"server:" in malformed.lower():
                seen.bare.add("a malformed request")
    return Proof(
        name="S24",
        promise="every answer carries the safe headers",
        figures=f"{sum(seen.statuses.values())} answers of {len(every)} doors, statuses "
        f"{', '.join(str(status) for status in sorted(seen.statuses))} and 400 to a malformed request: {len(seen.bare)} "
        "without content policy, nosniff or referrer policy, with an inline allowance, or naming the server",
        broken=unless(every_answer_is_dressed=(not seen.bare, sorted(seen.bare)[:8])),
    )


async def _raw(host: str, port: int, sent: bytes) -> bytes:
    reader, writer = await asyncio.open_connection(host, port)
    writer.write(sent)
    got = await asyncio.wait_for(reader.read(), 20)
    writer.close()
    return got


def every_answer(quick: bool) -> Proof:
    return asyncio.run(_dressed())
