"""The Slack app put together: who may come in, which file answers what, and the two ways in.

Socket Mode   we call Slack and keep the line open: no public address is needed
HTTP          Slack calls POST /slack/events; the shape and signature of a request are checked before anything
"""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import aiohttp
from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.logger.messages import warning_client_prioritized_and_token_skipped
from slack_sdk.errors import SlackClientError
from slack_sdk.web.async_client import AsyncWebClient
from starlette.requests import Request
from starlette.responses import Response

from bot.bootstrap import Services
from bot.logs import log
from bot.settings import Settings
from bot.slack import (
    alike,
    call_log,
    call_note,
    claim,
    deal,
    drafts,
    handover,
    home,
    ids,
    lead_command,
    live,
    menu,
    outcomes,
    outreach,
    reassign,
    rep_interview,
    settle,
    shortcuts,
    snooze,
    undo,
)
from bot.slack.afterwards import COALESCE, Afterwards
from bot.slack.blocks import Json
from bot.slack.desk import Desk
from bot.slack.door import HttpDoor
from bot.slack.gateway import Gateway
from bot.slack.homes import Homes
from bot.slack.in_time import InTime, SocketLine
from bot.slack.installing import Installing
from bot.slack.last_look import slack_session
from bot.slack.live import OURS
from bot.slack.once import inbox_key
from bot.slack.pace import Pace
from bot.slack.people import NEWS, House, NotAllowed, People, WhyNot
from bot.slack.press import COLLEAGUE, ONCE, Place
from bot.slack.problems import FormFromBefore, Problems
from bot.slack.workspaces import InstalledClient, Workspaces
from bot.trails import Trails

SECONDS_FOR_ONE = 10  # for one request: less than half a lease (DR3)
LONGEST_WAIT_FOR_SLACK = 60.0
TALK = "message"
ASKED_EVENTS = frozenset({"app_home_opened", TALK})
FAREWELLS = frozenset({"app_uninstalled", "tokens_revoked"})
HELD_BACK = "app_rate_limited"  # more than 30,000 events in an hour: those of one minute do not come
HEARD_EVENTS = ASKED_EVENTS | NEWS | FAREWELLS

# The hottest first: listeners are asked one after the other.
ROOMS = (
    claim,
    outcomes,
    undo,
    call_log,
    drafts,
    call_note,
    live,
    handover,
    outreach,
    menu,
    reassign,
    snooze,
    rep_interview,
    alike,
    settle,
    deal,
    lead_command,
    shortcuts,
    home,
)


def build_client(
    settings: Settings, session: aiohttp.ClientSession | None = None, workspaces: Workspaces | None = None
) -> AsyncWebClient:
    """A client that sends everything once: what may be repeated is decided by the outbox."""
    if workspaces is not None:
        return InstalledClient(workspaces, settings.slack_api_url, session)
    return AsyncWebClient(
        token=settings.slack_bot_token,
        base_url=settings.slack_api_url,
        session=session,
        retry_handlers=[],
        timeout=SECONDS_FOR_ONE,
    )


def build_desk(
    services: Services, client: AsyncWebClient, *, pace: Pace | None = None, coalesce: float = COALESCE
) -> Desk:
    """`pace`: as Slack asks, unless given; `coalesce`: how many seconds a change waits for others of its kind."""
    gateway, afterwards = Gateway(client, pace), Afterwards()
    return Desk(
        services=services,
        gateway=gateway,
        people=People(services, gateway),
        homes=Homes(services, gateway, afterwards, coalesce=coalesce),
        afterwards=afterwards,
        coalesce=coalesce,
    )


def build_app(
    services: Services,
    client: AsyncWebClient | None = None,
    desk: Desk | None = None,
    workspaces: Workspaces | None = None,
) -> AsyncApp:
    """Everything a rep and a manager can do, as one Bolt app.

    A listener runs before Slack is answered, so the answer tells what was committed.
    """
    client = client or build_client(services.settings)
    desk = desk or build_desk(services, client)
    logging.getLogger("slack_bolt.AsyncApp").addFilter(_tells_something)
    app = AsyncApp(
        name="bantline",
        client=client,
        signing_secret=services.settings.slack_signing_secret or None,
        process_before_response=True,
        authorize=_authorized_by(workspaces) if workspaces else None,
    )
    app.middleware(_identify(desk, workspaces))
    app.error(_tell_problems(desk))
    for room in ROOMS:
        room.register(app, desk)
    _hear_the_rest(app, desk)
    return app


def _authorized_by(workspaces: Workspaces) -> Callable[..., Awaitable[Any]]:
    """As Bolt wants it: a plain function, its arguments known by their names."""

    async def authorize(team_id: str | None) -> AuthorizeResult | None:
        return await workspaces.authorize(team_id or "")

    return authorize


def _tells_something(record: logging.LogRecord) -> bool:
    """Bolt reads SLACK_BOT_TOKEN by itself and warns that our client, which has the same token, comes first."""
    return record.getMessage() != warning_client_prioritized_and_token_skipped()


# -- who comes in ----------------------------------------------------------------------------------


def _identify(desk: Desk, workspaces: Workspaces | None) -> Callable[..., Awaitable[BoltResponse | None]]:
    """Every payload gets its colleague and its inbox key; nobody else passes (S5)."""

    async def identify(
        body: Json, context: AsyncBoltContext, next: Callable[[], Awaitable[BoltResponse | None]]
    ) -> BoltResponse | None:
        if _is_news(body):
            await _take_note(body, desk, workspaces)
            return BoltResponse(status=200, body="")
        user_id = _person_in(body)
        house = _our_house(context)
        if not house.owns(*_house_in(body)):
            raise NotAllowed(user_id, WhyNot.FOREIGN, desk.services.settings.language)
        context[ONCE], context[OURS] = inbox_key(body), house
        if not _is_talk_of_a_channel(body):
            context[COLLEAGUE] = await desk.people.who(user_id, house)
        return await next()

    return identify


def _is_news(body: Mapping[str, Any]) -> bool:
    """Slack tells us something; nobody asks for anything."""
    if body.get("type") == HELD_BACK:
        return True
    return "event" in body and body["event"].get("type") not in ASKED_EVENTS


async def _take_note(body: Mapping[str, Any], desk: Desk, workspaces: Workspaces | None) -> None:
    event = body.get("event") or {}
    if body.get("type") == HELD_BACK:
        log.warning("slack_holds_events_back", minute=_minute_told(body))
    elif event.get("type") in NEWS:
        desk.people.heard(event)
    elif workspaces and _is_farewell(event):
        await workspaces.forget(str(body.get("team_id")))


def _minute_told(body: Mapping[str, Any]) -> object:
    """2026-11-17T02:00:00+00:00, not Slack's seconds since 1970; what names no minute is told as it came."""
    told = body.get("minute_rate_limited")
    try:
        return datetime.fromtimestamp(told, UTC).isoformat() if isinstance(told, int | float) else told
    except (ValueError, OverflowError, OSError):
        return told


def _is_talk_of_a_channel(body: Mapping[str, Any]) -> bool:
    """Anybody may talk in a channel; who may talk with a prospect is asked when somebody does (bot/slack/live.py)."""
    return bool((body.get("event") or {}).get("type") == TALK)


def _is_farewell(event: Mapping[str, Any]) -> bool:
    """The app was removed from a workspace, or its token there was taken back."""
    return event.get("type") == "app_uninstalled" or (
        event.get("type") == "tokens_revoked" and bool((event.get("tokens") or {}).get("bot"))
    )


def _person_in(body: Mapping[str, Any]) -> str:
    event = body.get("event") or {}
    user = event.get("user") or body.get("user") or {}
    return str(user if isinstance(user, str) else user.get("id") or body.get("user_id") or "")


def _our_house(context: AsyncBoltContext) -> House:
    ours = context.authorize_result
    assert ours is not None  # Bolt refuses before us whom it cannot place, but for farewells, which are news
    return House(team_id=ours.team_id, enterprise_id=ours.enterprise_id)


def _house_in(body: Mapping[str, Any]) -> tuple[str | None, str | None]:
    return _id_in(body, "team"), _id_in(body, "enterprise")


def _id_in(body: Mapping[str, Any], name: str) -> str | None:
    """The id of a team or an enterprise: on its own, or within what tells of it."""
    told = body.get(name) or {}
    return body.get(f"{name}_id") or (told if isinstance(told, str) else told.get("id"))


# -- what goes wrong, and what nobody knows --------------------------------------------------------


def _tell_problems(desk: Desk) -> Callable[..., Awaitable[BoltResponse]]:
    problems = Problems(desk)

    async def tell(error: Exception, body: Json, context: AsyncBoltContext) -> BoltResponse:
        return await problems.handle(error, body, context)

    return tell


def _hear_the_rest(app: AsyncApp, desk: Desk) -> None:
    """Buttons and forms of an older version: said in words, never silence. Events need their 200 only."""

    def old(body: Json, context: AsyncBoltContext) -> None:
        language = context[COLLEAGUE].language
        desk.tell(Place.of(body), desk.voice(language).says("from_an_older_version"), language)

    @app.action(ids.ANYTHING)
    async def unknown_action(ack: AsyncAck, body: Json, context: AsyncBoltContext) -> None:
        log.info("unknown_action", action=body["actions"][0].get("action_id"))
        await ack()
        old(body, context)

    @app.view(ids.ANYTHING)
    async def unknown_form(body: Json) -> None:
        raise FormFromBefore(body["view"].get("callback_id"))

    @app.shortcut(ids.ANYTHING)
    async def unknown_shortcut(ack: AsyncAck, body: Json, context: AsyncBoltContext) -> None:
        await ack()
        old(body, context)

    @app.options(ids.ANYTHING)
    async def unknown_options(ack: AsyncAck) -> None:
        await ack(options=[])

    @app.command(ids.ANYTHING)
    async def unknown_command(ack: AsyncAck, context: AsyncBoltContext) -> None:
        await ack(desk.voice(context[COLLEAGUE].language).says("from_an_older_version"))

    @app.event(ids.ANYTHING)
    async def unheard_event(ack: AsyncAck) -> None:
        await ack()


# -- the door --------------------------------------------------------------------------------------


async def _until_connected(socket: SocketLine) -> None:
    """Open the line; while Slack does not answer, wait longer each time, a minute at most."""
    wait = 1.0
    while True:
        try:
            await socket.connect_async()  # type: ignore[no-untyped-call]  # Bolt leaves it untyped
        except (SlackClientError, aiohttp.ClientError, OSError, TimeoutError) as problem:
            log.warning("slack_line_not_open", problem=str(problem) or type(problem).__name__, next_try_in=wait)
            await asyncio.sleep(wait)
            wait = min(wait * 2, LONGEST_WAIT_FOR_SLACK)
        else:
            return


class SlackDoor:
    """The open connection to Slack: one client, one app, one of the two ways in."""

    def __init__(
        self,
        services: Services,
        client: AsyncWebClient,
        workspaces: Workspaces | None = None,
        *,
        pace: Pace | None = None,
        coalesce: float = COALESCE,
        trails: Trails | None = None,
    ) -> None:
        self.client = client
        self.desk = build_desk(services, client, pace=pace, coalesce=coalesce)
        self.app = build_app(services, client, self.desk, workspaces)
        self.installing = Installing(services, workspaces) if workspaces else None
        self.in_time = InTime(self.app, self.desk, trails or Trails())
        self._http = HttpDoor(self.in_time, services.settings.slack_signing_secret)

    @classmethod
    @contextlib.asynccontextmanager
    async def open(
        cls,
        services: Services,
        *,
        with_socket: bool = True,
        pace: Pace | None = None,
        coalesce: float = COALESCE,
        trails: Trails | None = None,
    ) -> AsyncIterator["SlackDoor"]:
        """Connect: over Socket Mode when there is an app token, otherwise ready for requests.

        Slack may be away when we start: the door opens all the same, and the line is tried again.
        """
        async with slack_session(SECONDS_FOR_ONE) as session, contextlib.AsyncExitStack() as stack:
            workspaces = Workspaces(services) if services.settings.installs_by_link else None
            client = build_client(services.settings, session, workspaces)
            door = cls(services, client, workspaces, pace=pace, coalesce=coalesce, trails=trails)
            if with_socket and services.settings.uses_socket_mode:
                await stack.enter_async_context(door._listening(services.settings.slack_app_token))
            stack.push_async_callback(door.desk.afterwards.finished)
            stack.push_async_callback(door.desk.homes.close)
            yield door

    @contextlib.asynccontextmanager
    async def _listening(self, app_token: str) -> AsyncIterator[None]:
        socket = SocketLine(self.app, app_token, self.in_time)
        connecting = asyncio.create_task(_until_connected(socket))
        try:
            yield
        finally:
            connecting.cancel()
            await socket.close_async()  # type: ignore[no-untyped-call]  # Bolt leaves it untyped

    async def handle(self, request: Request) -> Response:
        """Answer one POST /slack/events: 401 for anything Slack did not sign."""
        return await self._http.handle(request)
