"""Signed webhooks: what happens to a lead, told to one program of the firm's at BANTLINE_WEBHOOK_URL.

    errand (ids) -> what is known of the lead now -> signed by each secret -> POST -> 2xx is the receipt

At least once: whoever was not answered tries again with the same webhook-id. The receiver is a program on the
network like any other: no redirect is followed, its certificate is checked, its answer is not read.
"""

import contextlib
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from bot.bootstrap import Services
from bot.delivery import GiveUp, RetryLater, growing_wait, may_leave
from bot.logs import hide
from bot.settings import Settings
from bot.trails import here
from bot.webhook.body import body_of
from bot.webhook.signature import signed
from qualification.leads import LeadNotFound
from qualification.look import Look
from qualification.outbox import Errand
from qualification.store import Transaction

PATIENCE = aiohttp.ClientTimeout(total=10)  # seconds; well within half of a lease
LONGEST_ASKED = timedelta(hours=1)
TRY_AGAIN = frozenset({408, 425, 429})  # a refusal of now, and not of what we send
GONE = 410
MOST_READ = 200  # bytes of an answer, for whoever tries the receiver by hand
LONG_ENOUGH = 8  # letters of a path that may be a secret


class NotReached(Exception):
    """Nobody took it; the message says why, and nothing of the address but its host."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What came back: the status, for how long it asks us to wait, and a little of its words if they were asked for."""

    status: int
    asked_to_wait: timedelta | None = None
    words: str = ""

    @property
    def is_taken(self) -> bool:
        return 200 <= self.status < 300

    @property
    def is_final(self) -> bool:
        """Whether a repeat would be answered the same: it refuses what we send."""
        return 400 <= self.status < 500 and self.status not in TRY_AGAIN

    @property
    def problem(self) -> str:
        """Why it is no receipt, and what to do."""
        said = f"the receiver answered {self.status}"
        if self.status == GONE:
            return f"{said}: it wants no more; name another in BANTLINE_WEBHOOK_URL, or take that away"
        if 300 <= self.status < 400:
            return f"{said}: no redirect is followed; name its new address in BANTLINE_WEBHOOK_URL"
        return f"{said}: it refuses what we send" if self.is_final else said


class Receiver:
    """The program at BANTLINE_WEBHOOK_URL. Its path may be a secret: it stands in no log."""

    def __init__(self, settings: Settings, http: aiohttp.ClientSession) -> None:
        self._url, self._secrets = settings.bantline_webhook_url, settings.bantline_webhook_secrets
        self._http = http
        parts = urlsplit(self._url)
        self.host = parts.netloc
        for secret in (self._url.partition("://")[2], self._url.partition(self.host)[2], parts.query):
            if len(secret) >= LONG_ENOUGH and secret != self.host:
                hide(secret)

    @classmethod
    @contextlib.asynccontextmanager
    async def open(cls, settings: Settings) -> AsyncIterator["Receiver"]:
        """The line to it, until the end of the context."""
        cookies = aiohttp.DummyCookieJar()
        async with aiohttp.ClientSession(timeout=PATIENCE, cookie_jar=cookies) as http:
            yield cls(settings, http)

    async def post(self, delivery_id: str, body: bytes, *, at: datetime, reads: bool = False) -> Answer:
        """Hand it over, signed; `reads`: a little of what it answers, too. Raises NotReached."""
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "bantline",
            **signed(delivery_id, body, at=at, secrets=self._secrets),
        }
        try:
            async with self._http.post(self._url, data=body, headers=headers, allow_redirects=False) as answer:
                said = await answer.content.read(MOST_READ) if reads else b""
                wait = asked_to_wait(answer.headers.get("Retry-After", ""), at)
                return Answer(status=answer.status, asked_to_wait=wait, words=said.decode("utf-8", "replace"))
        except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as away:
            raise NotReached(f"{self.host}: {_why(away)}") from None  # its own words may hold the whole address


def _why(away: Exception) -> str:
    if isinstance(away, aiohttp.ClientConnectorCertificateError):
        reason = getattr(away.certificate_error, "verify_message", "")
        return (
            f"its certificate is not valid{f' ({reason})' if reason else ''}; SSL_CERT_FILE names an authority of yours"
        )
    if isinstance(away, aiohttp.ClientSSLError):
        return "it does not speak TLS as it should"
    if isinstance(away, aiohttp.ClientConnectorError):
        return f"nobody answers ({_in_words(away.os_error)})"
    if isinstance(away, TimeoutError):
        return f"no answer within {PATIENCE.total:g} seconds"
    return f"the line broke ({type(away).__name__})"


def _in_words(error: OSError) -> str:
    known = error.errno is not None and error.errno > 0  # below are those of looking up a name
    return os.strerror(error.errno or 0) if known else error.strerror or type(error).__name__


def asked_to_wait(retry_after: str, now: datetime) -> timedelta | None:
    """What Retry-After says, in seconds or as a date, an hour at most; None where it says nothing we can read."""
    if retry_after.isascii() and retry_after.isdecimal():
        return timedelta(seconds=min(int(retry_after[:9]), LONGEST_ASKED.total_seconds()))
    try:
        until = parsedate_to_datetime(retry_after)
    except ValueError:
        return None
    wait = (until if until.tzinfo else until.replace(tzinfo=UTC)) - now
    return min(max(wait, timedelta()), LONGEST_ASKED)


class WebhookSender:
    """Sends the errands of the kind "webhook" (qualification/passed_on.py queues them)."""

    def __init__(self, services: Services, receiver: Receiver) -> None:
        self._services = services
        self._receiver = receiver
        self._closed_until: datetime | None = None

    async def send(self, errand: Errand) -> dict[str, Any]:
        self._may_speak()
        body = await self._body(errand)
        may_leave(errand, self._services.clock)
        with here().part("webhook") as part:
            try:
                answer = await self._receiver.post(errand.id, body, at=self._services.clock())
            except NotReached as away:
                raise RetryLater(str(away)) from None
            part.tell(status=answer.status)
        if answer.is_taken:
            return {"status": answer.status}
        raise self._refusal(answer, errand)

    def _may_speak(self) -> None:
        """Whoever asked us to wait is asked by no other lead's errand meanwhile. Raises RetryLater."""
        if self._closed_until is not None and (left := self._closed_until - self._services.clock()) > timedelta():
            raise RetryLater("the receiver asks us to wait", left, counts=False)

    async def _body(self, errand: Errand) -> bytes:
        store, words, now = self._services.store, self._services.words, self._services.clock()
        try:
            return await store.look(lambda session: body_of(Look(session), errand, words, policy=store.policy, now=now))
        except LeadNotFound as gone:
            raise GiveUp(str(gone)) from gone

    def _refusal(self, answer: Answer, errand: Errand) -> RetryLater | GiveUp:
        if answer.is_final:
            return GiveUp(answer.problem)
        if answer.asked_to_wait is None:
            return RetryLater(answer.problem)
        self._closed_until = self._services.clock() + answer.asked_to_wait
        return RetryLater(answer.problem, max(answer.asked_to_wait, growing_wait(errand.attempt)))

    def settled(self, tx: Transaction, errand: Errand, receipt: dict[str, Any]) -> None:
        """The receiver has it; nobody else has to hear of that."""

    def gave_up(self, tx: Transaction, errand: Errand, problem: str) -> None:
        """The operator finds it in the log, in `bantline doctor` and in the metrics."""

    async def came_twice(self, errand: Errand, receipt: dict[str, Any]) -> None:
        """The same webhook-id: the receiver knows it again."""

    async def may_have_come_twice(self, errand: Errand, receipt: dict[str, Any]) -> None:
        """The same webhook-id again: nothing to take back."""
