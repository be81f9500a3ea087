"""`bantline demo`: the whole product on this machine, with a stand-in for Slack and a catch-all mail server.

Everything else is the real thing: HTTP, Bolt over Socket Mode, SMTP, the worker, a SQLite file.
"""

import asyncio
import contextlib
import tempfile
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from fastapi import FastAPI
from rich.console import Console

from bot.bootstrap import Clock, start_services, wall_clock
from bot.commands.ports import make_sure_of
from bot.logs import set_up_logs
from bot.running import Running, running
from bot.sandbox.cast import LEADS, MANAGERS, sales_team
from bot.sandbox.inbox import MailInbox
from bot.sandbox.server import SandboxServer
from bot.sandbox.workspace import Workspace
from bot.server import Server, wish_to_stop
from bot.settings import Settings
from bot.slack.pace import Pace
from bot.warm_up import get_ready
from qualification.policies.parts import LONGEST_HOLD
from qualification.policy import Policy, shipped_policy

Language = Literal["ja", "en"]
OUR_FIRM = "Asahi Flow"
API_KEY = "demo"


@dataclass(frozen=True)
class Stage:
    """The demo's three addresses and the parts behind them."""

    url: str
    slack: SandboxServer
    inbox: MailInbox
    program: Running

    @property
    def workspace(self) -> Workspace:
        return self.slack.workspace


class FastClock:
    """A clock that begins in working hours and runs faster than the wall."""

    def __init__(self, policy: Policy, speed: float) -> None:
        self._begin = policy.working_hours.next_opening(wall_clock())
        self._speed = speed
        self._started = time.monotonic()

    def __call__(self) -> datetime:
        return self._begin + timedelta(seconds=(time.monotonic() - self._started) * self._speed)


@contextlib.asynccontextmanager
async def set_stage(
    *,
    clock: Clock,
    policy: Policy,
    database_url: str,
    port: int = 0,
    pace: float = 1,
    slack_limits: bool = True,
    with_worker: bool = True,
    over_http: bool = False,
    traces: str = "",
    language: Language = "ja",
) -> AsyncIterator[Stage]:
    """Everything up and connected: stand-in Slack, mail server, and Bantline itself on real sockets.

    A story whose clock is set does not wait for Slack's message a second: it goes without `slack_limits`.
    Slack speaks to us over Socket Mode, or `over_http` by signed requests to /slack/events. `traces`: as in Settings.
    `language` is the firm's: its channels are spoken to in it.
    """
    slack = SandboxServer(sales_team(clock=clock, wire_clock=wall_clock, limits=slack_limits), port=port and port + 1)
    inbox = MailInbox(clock, page_port=port and port + 2)
    async with slack, inbox:
        settings = _settings(
            slack, inbox, database_url, port=port, over_http=over_http, traces=traces, language=language
        )
        services = start_services(settings, clock=clock, policy=policy)
        try:
            slack_pace = None if slack_limits else Pace(seconds_for_one=0)
            async with running(services, pace=pace, slack_pace=slack_pace, with_worker=with_worker) as program:
                _add_links(program.web, slack, inbox)
                async with Server(program, "127.0.0.1", port).listening() as url:
                    get_ready(clock())
                    await _connect(slack, url, over_http=over_http)
                    yield Stage(url, slack, inbox, program)
        finally:
            services.close()


async def _connect(slack: SandboxServer, url: str, *, over_http: bool) -> None:
    if over_http:
        slack.workspace.request_url = f"{url}/slack/events"
    else:
        await slack.connected()


def _settings(
    slack: SandboxServer,
    inbox: MailInbox,
    database_url: str,
    *,
    port: int,
    over_http: bool,
    traces: str,
    language: Language,
) -> Settings:
    """`port` 0 is any: then no address of ours is known yet, and mails come without links."""
    team = slack.workspace
    return Settings.model_validate(
        {
            "database_url": database_url,
            "slack_bot_token": team.bot_token,
            "slack_app_token": "" if over_http else team.app_token,
            "slack_signing_secret": team.signing_secret,
            "slack_api_url": slack.api_url,
            "slack_leads_channel": team.channel(LEADS).id,
            "slack_managers_channel": team.channel(MANAGERS).id,
            "slack_managers": (team.user("megumi").id,),
            "smtp_url": inbox.smtp_url,
            "mail_from": "sales@asahi-flow.example",
            "bantline_url": f"http://127.0.0.1:{port}" if port else "",
            "bantline_api_key": API_KEY,
            "bantline_company": OUR_FIRM,
            "bantline_language": language,
            "bantline_traces": traces,
        }
    )


def _add_links(web: FastAPI, slack: SandboxServer, inbox: MailInbox) -> None:
    links = {"slack": slack.url, "mail": inbox.url}
    web.add_api_route("/demo/links.json", lambda: links, include_in_schema=False)


def database_in(folder: str) -> str:
    return f"sqlite:///{folder}/demo.db"


def show_demo(*, speed: float, port: int, language: Language) -> None:
    """Run until Ctrl-C, for a person to play prospect, rep and manager."""
    set_up_logs()
    make_sure_of("127.0.0.1", *(range(port, port + 3) if port else ()))
    with tempfile.TemporaryDirectory(prefix="bantline-demo-", ignore_cleanup_errors=True) as folder:
        asyncio.run(_show(speed, port, database_in(folder), language))


async def _show(speed: float, port: int, database_url: str, language: Language) -> None:
    stopped = wish_to_stop()
    policy = patient(shipped_policy(), speed)
    clock = FastClock(policy, speed)
    async with set_stage(
        clock=clock, policy=policy, database_url=database_url, port=port, pace=speed, language=language
    ) as stage:
        _greet(stage, clock, speed, policy, language)
        await stopped.wait()


def patient(policy: Policy, speed: float) -> Policy:
    """A person acts at a person's pace, however fast the clock runs: silence and held lines stretch with it.

    No further than a policy may go, for it is read anew for each segment.
    """
    silence = {"interview_minutes": int(policy.silence.interview_minutes * speed)}
    live = {"hold_seconds": min(int(policy.live.hold_seconds * speed), LONGEST_HOLD)}
    return policy.model_copy(
        update={"silence": policy.silence.model_copy(update=silence), "live": policy.live.model_copy(update=live)}
    )


def _greet(stage: Stage, clock: Clock, speed: float, policy: Policy, language: Language) -> None:
    now = clock().astimezone(policy.working_hours.zone)
    console = Console(highlight=False)
    console.print("\n[bold]Bantline demo[/bold]  (Ctrl-C ends it; nothing is kept)\n")
    page = "/?lang=en" if language == "en" else "/"
    console.print(f"  1. Be the prospect       {stage.url}{page}")
    console.print(f"  2. Be the rep in Slack   {stage.slack.url}")
    console.print(f"  3. Read the mail         {stage.inbox.url}\n")
    pace = "" if speed == 1 else f" and runs {speed:g} times as fast"
    console.print(f"  The clock shows {now:%a %d %b %H:%M} in {policy.working_hours.zone}{pace}.")
    if language == "ja":
        console.print("  --language en speaks English in the team's channels, too.")
    if speed == 1:
        console.print("  --speed 600 lets the three hours pass in 18 seconds.")
        console.print("  --play acts the whole story by itself.")


def play_story() -> bool:
    """Act the whole story; whether every promise was kept."""
    from bot.commands.story import act

    set_up_logs()
    with tempfile.TemporaryDirectory(prefix="bantline-demo-", ignore_cleanup_errors=True) as folder:
        return asyncio.run(act(database_in(folder)))
