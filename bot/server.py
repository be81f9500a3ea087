"""The process that serves: its event loop, its open files, the address it listens on, and how it is told to stop."""

import asyncio
import contextlib
import gc
import resource
import signal
import sys
from collections.abc import AsyncIterator, Coroutine
from functools import partial
from typing import Any

import uvicorn

from bot.running import Running
from bot.web.connections import Seats, line_with
from bot.web.gate import holder_of

GRACE = 5
CONNECTIONS = 65_536
COLLECT_AFTER = (50_000, 20, 50)
TAKE_TURNS_AFTER = 0.001  # seconds; of five the event loop would wait for each message it takes from its line


class Server(uvicorn.Server):
    """uvicorn on an address of ours, able to say when it listens; signals stay with the program."""

    def __init__(self, program: Running, host: str, port: int) -> None:
        make_room_for_many()
        self._streams = program.streams
        settings = program.services.settings
        config = uvicorn.Config(
            program.web,
            host=host,
            port=port,
            log_level="warning",
            access_log=False,  # it would be put together for every answer, to be dropped by the level
            timeout_graceful_shutdown=GRACE,
            server_header=False,
            forwarded_allow_ips=list(settings.bantline_trusted_proxies),
            http=line_with(Seats(settings.bantline_lines_per_address), partial(holder_of, settings)),
            ws="none",  # the chat is told by Server-Sent Events; the library would be 2 MB of the process
        )
        super().__init__(config)

    @property
    def url(self) -> str:
        host, port = self.servers[0].sockets[0].getsockname()[:2]
        return f"http://{host}:{port}"

    @contextlib.asynccontextmanager
    async def listening(self) -> AsyncIterator[str]:
        """The server beside the body; gives its base URL, raises OSError when the address is taken."""
        task = asyncio.create_task(self._serve_quietly())
        while not self.started:
            if task.done():
                raise OSError(f"cannot listen on {self.config.host}:{self.config.port}: is the port taken?")
            await asyncio.sleep(0.01)
        try:
            yield self.url
        finally:
            self._streams.close()  # before the server waits for its connections to end
            self.should_exit = True
            await task

    async def _serve_quietly(self) -> None:
        with contextlib.suppress(SystemExit):
            await self._serve()


def run(program: Coroutine[Any, Any, None]) -> None:
    """A program that serves until it is told to stop, on the fastest event loop there is for this machine."""
    with asyncio.Runner(loop_factory=_new_loop) as runner:
        runner.run(program)


def _new_loop() -> asyncio.AbstractEventLoop:
    try:
        import uvloop
    except ImportError:  # not made for Windows
        return asyncio.new_event_loop()
    return uvloop.new_event_loop()


def make_room_for_many() -> None:
    """Ten thousand open panels are ten thousand files, and a million objects not to be looked through too often.

    The event loop and the writer run in turns: whoever waits for the interpreter is given it soon.
    """
    gc.set_threshold(*COLLECT_AFTER)
    sys.setswitchinterval(TAKE_TURNS_AFTER)
    allowed, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = CONNECTIONS if most == resource.RLIM_INFINITY else min(most, CONNECTIONS)
    if allowed != resource.RLIM_INFINITY and allowed < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))


def wish_to_stop() -> asyncio.Event:
    """Set when Ctrl-C or SIGTERM asks the program to end; from this call on neither kills it half-way."""
    loop = asyncio.get_running_loop()
    stopped = asyncio.Event()
    for wish in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(wish, stopped.set)
    return stopped
