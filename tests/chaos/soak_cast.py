"""Who takes part in a soak: visitors, a mail server, and the two processes of Bantline."""

import asyncio
import os
import random
import signal
import subprocess
from email import message_from_bytes
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope
from aiosmtpd.smtp import Session as MailSession

from tests.chaos.chat_killed import Visitor
from tests.process import BANTLINE, BantlineProcess

SMALL_TALK = ("手作業が多くて困っています", "御社の製品について教えてください", "今は情報収集です", "また来ます")


# -- who takes part --------------------------------------------------------------------------------


class Buyer(Visitor):
    """Tells everything, and every other one wants it by mail."""

    async def buys(self) -> None:
        await self.talks()
        if self._number % 2 == 0:
            await self.says({"id": "copy", "choice": "mail_copy"})


class PasserBy(Visitor):
    """Says this and that and leaves; who it was is never known."""

    async def passes(self) -> None:
        self._token = (await self._until_answered("POST", "sessions", {"locale": "ja"}))["token"]
        for place, text in enumerate(SMALL_TALK):
            await asyncio.sleep(random.uniform(0, 2 * self._thinks))
            await self.says({"id": f"m{place}", "text": text})
            self.acknowledged.append(text)


class Post:
    """A mail server that is away for a while, now and then."""

    def __init__(self) -> None:
        self.taken: list[str] = []
        self.port = 0
        self._server: asyncio.Server | None = None

    async def handle_DATA(self, server: SMTP, session: MailSession, envelope: Envelope) -> str:
        self.taken.append(str(message_from_bytes(envelope.original_content or b"")["Message-ID"]))
        return "250 OK"

    async def opens(self) -> None:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: SMTP(self, loop=loop), "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    def closes(self) -> None:
        if self._server is not None:
            self._server.close()


class WebProcess(BantlineProcess):
    """A busy machine may take its time to start it."""

    patience = 300.0


class WorkerProcess:
    """A real `bantline worker` beside the web process."""

    def __init__(self, place: Path, settings: dict[str, str]) -> None:
        self._place = place
        self._settings = settings
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self._place.joinpath("stderr.log").open("a") as errors:
            self._process = subprocess.Popen(
                [str(BANTLINE), "worker"],
                cwd=self._place,
                env=os.environ | self._settings,
                stdout=subprocess.DEVNULL,
                stderr=errors,
            )

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def send(self, wanted: signal.Signals) -> None:
        if self._process is None:
            return
        self._process.send_signal(wanted)
        if wanted in (signal.SIGKILL, signal.SIGTERM):
            self._process.wait(timeout=30)
