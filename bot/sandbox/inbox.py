"""A catch-all mail server for the demo and the tests, and the page that shows what it caught.

It speaks real SMTP on a socket of its own and keeps every mail in memory; nothing leaves the machine.
"""

from __future__ import annotations

import asyncio
import html
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from importlib.resources import files
from string import Template
from typing import Any

from aiohttp import web
from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass(frozen=True, kw_only=True)
class CaughtMail:
    """One mail as the server took it, in the order of arrival."""

    recipients: tuple[str, ...]
    mail: EmailMessage
    at: datetime

    @property
    def body(self) -> str:
        part = self.mail.get_body(("plain", "html"))
        return str(part.get_content()) if part else ""


class MailInbox:
    """Takes every mail for every address while the `async with` block runs."""

    def __init__(self, clock: Callable[[], datetime], *, host: str = "127.0.0.1", page_port: int = 0) -> None:
        self.caught: list[CaughtMail] = []
        self._clock = clock
        self._host, self._page_port = host, page_port
        self._smtp: asyncio.Server | None = None
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> MailInbox:
        loop = asyncio.get_running_loop()
        self._smtp = await loop.create_server(lambda: SMTP(self, enable_SMTPUTF8=True), self._host, 0)
        app = web.Application()
        app.router.add_get("/", self._page)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
        await self._runner.setup()
        await web.TCPSite(self._runner, self._host, self._page_port).start()
        self._page_port = self._runner.addresses[0][1]
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._smtp is not None:
            self._smtp.close()
        if self._runner is not None:
            await self._runner.cleanup()

    @property
    def smtp_url(self) -> str:
        assert self._smtp is not None
        return f"smtp://{self._host}:{self._smtp.sockets[0].getsockname()[1]}"

    @property
    def url(self) -> str:
        """The inbox page's address."""
        return f"http://{self._host}:{self._page_port}/"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        content: Any = envelope.content
        mail = message_from_bytes(content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.caught.append(CaughtMail(recipients=tuple(envelope.rcpt_tos), mail=mail, at=self._clock()))
        return "250 Message accepted for delivery"

    async def _page(self, _request: web.Request) -> web.Response:
        page = Template(files("bot.sandbox").joinpath("page/inbox.html").read_text("utf-8"))
        mails = "".join(_as_article(caught) for caught in reversed(self.caught)) or _EMPTY
        return web.Response(text=page.substitute(count=len(self.caught), mails=mails), content_type="text/html")


_EMPTY = "<p class='empty'>まだメールはありません。<br>No mail yet: send one from a lead card.</p>"


def _as_article(caught: CaughtMail) -> str:
    header = "".join(
        f"<dt>{name}</dt><dd>{html.escape(str(caught.mail[name] or ''))}</dd>"
        for name in ("From", "To", "Date", "Message-ID")
        if caught.mail[name]
    )
    subject = html.escape(str(caught.mail["Subject"] or ""))
    return f"<article><h2>{subject}</h2><dl>{header}</dl><pre>{html.escape(caught.body)}</pre></article>"
