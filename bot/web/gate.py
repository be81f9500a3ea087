"""The outermost door: how often one visitor and one address may come, before anything is looked up or read.

    every request       by address     REQUESTS        a new chat     by address    CHATS
    a message           by its token   MESSAGES        a form         by address    FORMS
    another chat call   by its token   LOOKS           a wrong key    by address    WRONG_KEYS

Whoever comes too often hears when to come again (429, Retry-After), and nothing of the request is done. Addresses are
kept in memory only, as hashes with a salt of this process. Slack is not measured: it signs what it sends.
"""

import hmac
import ipaddress
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from html import escape

from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.settings import Settings
from bot.web.definition import given_key
from bot.web.limits import CHAT_PAGE, FORM_PAGES, PAGES_WITH_A_FORM, in_front
from bot.web.origins import CHAT_API, header, is_foreign
from bot.web.problems import problem
from bot.web.rates import Measure, Rates, TooOften
from bot.words import LANGUAGES, Words

UNMEASURED = "/slack/events"
NEEDS_KEY = ("/metrics", "/api/leads", "/api/definition", "/definition")
NEW_CHAT, MESSAGES_OF_CHAT = f"{CHAT_API}/sessions", f"{CHAT_API}/messages"
FORM_API = "/api/forms/"


@dataclass(frozen=True)
class Measures:
    """What the settings allow in a minute."""

    requests: Measure
    chats: Measure
    messages: Measure
    looks: Measure
    forms: Measure
    wrong_keys: Measure

    @classmethod
    def of(cls, settings: Settings) -> "Measures":
        return cls(
            requests=Measure("requests", settings.bantline_requests_a_minute),
            chats=Measure("chats", settings.bantline_chats_a_minute),
            messages=Measure("messages", settings.bantline_messages_a_minute),
            looks=Measure("looks", settings.bantline_messages_a_minute),
            forms=Measure("forms", settings.bantline_forms_a_minute),
            wrong_keys=Measure("wrong keys", settings.bantline_wrong_keys_a_minute),
        )


class Gate:
    """Counts who comes. One for each process: with three processes one address may come three times as often."""

    def __init__(self, settings: Settings, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.origins = frozenset(settings.bantline_allowed_origins)
        self._measures = Measures.of(settings)
        self._key = settings.bantline_api_key
        self._clock = clock
        self._rates = Rates()
        self._salt = secrets.token_bytes(16)

    def admit(self, scope: Scope) -> None:
        """Raises TooOften. Only what its path and headers say is looked at."""
        path, method = scope["path"], scope["method"]
        if path == UNMEASURED or method == "OPTIONS":
            return
        address = self._address_of(scope)
        given = header(scope, b"authorization")
        if path.startswith(NEEDS_KEY) and given:
            self._admit_by_key(given, address)
            return
        self._take(self._measures.requests, address)
        if path.startswith(CHAT_API):
            self._admit_to_chat(path, method, given, address)
        elif method == "POST" and path.startswith((CHAT_PAGE, *PAGES_WITH_A_FORM, FORM_PAGES, FORM_API)):
            self._take(self._measures.forms, address)

    def begins_chat(self, scope: Scope) -> None:
        """A form of a page begins a talk. Raises TooOften."""
        self._take(self._measures.chats, self._address_of(scope))

    def speaks(self, token: str) -> None:
        """A form of a page says something. Raises TooOften."""
        self._take(self._measures.messages, self._named(token.encode()))

    def _admit_to_chat(self, path: str, method: str, given: bytes, address: bytes) -> None:
        measures = self._measures
        if method == "POST" and path == NEW_CHAT:
            self._take(measures.chats, address)
        elif given:
            speaks = method == "POST" and path == MESSAGES_OF_CHAT
            self._take(measures.messages if speaks else measures.looks, self._named(given.partition(b" ")[2]))

    def _admit_by_key(self, given: bytes, address: bytes) -> None:
        """Programs with the key come as often as they like; while somebody guesses it, it is not taken from there."""
        if wait := self._rates.wait(self._measures.wrong_keys, address, self._clock()):
            raise TooOften(wait)
        if not self._key or not hmac.compare_digest(given_key(given.decode("latin-1")).encode(), self._key.encode()):
            self._take(self._measures.wrong_keys, address)

    def _take(self, measure: Measure, who: bytes) -> None:
        if wait := self._rates.take(measure, who, self._clock()):
            raise TooOften(wait)

    def _address_of(self, scope: Scope) -> bytes:
        client = scope.get("client")
        return self._named(network_of(client[0]).encode() if client else b"")

    def _named(self, who: bytes) -> bytes:
        return blake2b(who, key=self._salt, digest_size=12).digest()


def network_of(address: str) -> str:
    """Who holds an address: an IPv4 address itself, of IPv6 the whole /64, which one household or server has."""
    if ":" not in address:
        return address
    try:
        found = ipaddress.IPv6Address(address.partition("%")[0])
    except ValueError:
        return address
    return str(found.ipv4_mapped or ipaddress.IPv6Network((int(found) >> 64 << 64, 64)))


_network = cache(ipaddress.ip_network)  # the settings name a few, and each connection asks


def holder_of(settings: Settings, address: str) -> str | None:
    """Whose connection it is that comes from there; None for a proxy of ours, behind which many stand."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    proxies = map(_network, settings.bantline_trusted_proxies)
    return None if any(found in proxy for proxy in proxies) else network_of(address)


class GateDoor:
    """Lets in whoever the gate admits, and answers the others itself; pages that are not named hear so first."""

    def __init__(self, app: ASGIApp, gate: Gate, words: Words) -> None:
        self._app = app
        self._gate = gate
        self._page = _page(words)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        try:
            self._gate.admit(scope)
        except TooOften as refused:
            await self._refusal(scope, refused)(scope, receive, send)
            return
        if (
            scope["path"].startswith((CHAT_API, FORM_API))
            and scope["method"] != "OPTIONS"
            and is_foreign(scope, self._gate.origins)
        ):
            answer = problem(403, "forbidden", "this site may not embed the chat")
            await in_front(answer, scope, self._gate.origins)(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _refusal(self, scope: Scope, refused: TooOften) -> Response:
        headers = {"Retry-After": str(refused.retry_after)}
        is_page = scope["path"].startswith((CHAT_PAGE, *PAGES_WITH_A_FORM, FORM_PAGES))
        answer: Response
        if is_page:
            answer = HTMLResponse(self._page, status_code=429, headers=headers)
        else:
            answer = problem(429, "too_often", str(refused), headers)
        return in_front(answer, scope, self._gate.origins)


def _page(words: Words) -> str:
    """What a person reads who sent forms too often. The browser still has the form: sent again, it counts once."""
    said = "".join(
        f'<p lang="{one}">{escape(words.label("plain_chat", "too_often", one))}</p>' for one in reversed(LANGUAGES)
    )
    title = escape(words.label("plain_chat", "title", "ja"))
    return (
        '<!doctype html><html lang="ja"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">'
        f'<title>{title}</title><link rel="stylesheet" href="/static/plain.css"></head>'
        f"<body><main>{said}</main></body></html>"
    )
