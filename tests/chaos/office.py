"""A desk to prove things on, without pytest: the stand-in workspace and the real app around a database of its own."""

import contextlib
import logging
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import structlog

from bot.bootstrap import Services, start_services
from bot.settings import Settings
from tests.slack.conftest import LEADS, MANAGERS, MEGUMI, MONDAY_TEN, Bench, Clock, http_server, open_bench


@contextlib.contextmanager
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="bantline-proof-") as name:
        yield Path(name)


def quiet() -> None:
    """A proof refuses thousands of requests on purpose; each of them would be a line of the log."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    logging.disable(logging.ERROR)


@contextlib.asynccontextmanager
async def open_office(*, over_http: bool = False, **settings: Any) -> AsyncIterator[Bench]:
    """The whole desk over Socket Mode or over signed HTTP."""
    clock = Clock(MONDAY_TEN)
    with folder() as place, contextlib.ExitStack() as opened:

        def make(**given: Any) -> Services:
            usual = {
                "database_url": f"sqlite:///{place}/bantline.db",
                "slack_leads_channel": LEADS,
                "slack_managers_channel": MANAGERS,
                "slack_managers": (MEGUMI,),
                "slack_bot_token": "xoxb-sandbox-bot",
                "slack_signing_secret": "sandbox-signing-secret",
                "bantline_company": "バントライン商事",
            }
            services = start_services(Settings.model_validate(usual | given), clock=clock)
            opened.callback(services.close)
            return services

        quiet_socket = {"slack_app_token": ""} if over_http else {}
        async with open_bench(make, clock, **quiet_socket, **settings) as bench, contextlib.AsyncExitStack() as stack:
            if over_http:
                bench.workspace.request_url = await stack.enter_async_context(http_server(bench.door))
            yield bench
