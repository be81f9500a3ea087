"""A desk to prove things on, without pytest: the stand-in workspace and the real app around a database of its own."""

import contextlib
import logging
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

from tests.clock import Clock
from tests.desk import MONDAY_TEN, Bench, http_server, open_bench, services_in


@contextlib.contextmanager
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="bantline-proof-") as name:
        yield Path(name)


def quiet() -> None:
    """A proof refuses thousands of requests on purpose; each of them would be a line of the log."""
    logging.disable(logging.ERROR)


@contextlib.asynccontextmanager
async def open_office(*, over_http: bool = False, **settings: Any) -> AsyncIterator[Bench]:
    """The whole desk over Socket Mode or over signed HTTP."""
    clock = Clock(MONDAY_TEN)
    with folder() as place, services_in(place, clock) as make:
        quiet_socket = {"slack_app_token": ""} if over_http else {}
        async with open_bench(make, clock, **quiet_socket, **settings) as bench, contextlib.AsyncExitStack() as stack:
            if over_http:
                bench.workspace.request_url = await stack.enter_async_context(http_server(bench.door))
            yield bench
