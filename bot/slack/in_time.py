"""Slack gets an answer in time, whatever the database or Slack itself is doing (R8).

    press, command, shortcut   acknowledged after PATIENCE; the work goes on, and its outcome is said privately
    form                       waits for the true answer; after LONGEST it is asked to be sent in again
    event                      waits as long; then Slack is asked to bring it again

Nothing is done twice by that: every payload has its inbox key.
"""

import asyncio
import json
import time
from collections.abc import Mapping
from typing import Any

from slack_bolt import BoltResponse
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.adapter.socket_mode.async_internals import send_async_response
from slack_bolt.adapter.socket_mode.internals import build_headers
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

from bot.delivery import GiveUp, OutcomeUnknown, RetryLater
from bot.logs import log
from bot.slack.desk import Desk
from bot.slack.problems import Problems, wanted_in
from bot.slack.shape import has_shape
from bot.trails import Trails
from bot.typed import nowhere_nul
from qualification.store import Unavailable

PATIENCE = 0.25
LONGEST = 2.2
LONGEST_NAME = 60
ANSWERED_LATER = frozenset({"block_actions", "shortcut", "message_action"})


class InTime:
    """Both ways in go through here: a request of Slack in, its answer out before Slack stops waiting."""

    def __init__(self, app: AsyncApp, desk: Desk, trails: Trails) -> None:
        self._trails = trails
        self._app = app
        self._desk = desk
        self._problems = Problems(desk)
        self.patience, self.longest = PATIENCE, LONGEST

    async def answer(self, request: AsyncBoltRequest) -> BoltResponse:
        request.body = nowhere_nul(request.body)
        working = asyncio.create_task(self._work(request))
        may_wait = _may_be_answered_later(request.body)
        await asyncio.wait({working}, timeout=self.patience if may_wait else self.longest)
        if working.done():
            return working.result()
        log.info("slack_answered_before_the_work_was_done", wanted=wanted_in(request.body))
        self._desk.afterwards.do(self._finish(working, request.body))
        return BoltResponse(status=200, body="") if may_wait else await self._too_late(request)

    async def _work(self, request: AsyncBoltRequest) -> BoltResponse:
        with self._trails.begin("slack_press", wanted=wanted_in(request.body)[:LONGEST_NAME]):
            return await self._app.async_dispatch(request)

    async def _finish(self, working: "asyncio.Task[BoltResponse]", body: Mapping[str, Any]) -> None:
        """What a command would have answered is said to the person who typed it."""
        said = _words_in(await working)
        if "command" not in body or not said:
            return
        try:
            await self._desk.gateway.answer_privately(str(body.get("response_url")), said)
        except (RetryLater, GiveUp, OutcomeUnknown) as problem:
            log.warning("late_answer_lost", user=body.get("user_id"), problem=str(problem))

    async def _too_late(self, request: AsyncBoltRequest) -> BoltResponse:
        return await self._problems.handle(Unavailable(Unavailable.__doc__), request.body, request.context)


def _may_be_answered_later(body: Mapping[str, Any]) -> bool:
    return "command" in body or body.get("type") in ANSWERED_LATER


def _words_in(answer: BoltResponse) -> dict[str, Any]:
    """The message of an answer, as `respond` takes it; empty when there is none."""
    try:
        said = json.loads(answer.body or "{}")
    except ValueError:
        return {"text": answer.body}
    return {name: said[name] for name in ("text", "blocks") if name in said}


class SocketLine(AsyncSocketModeHandler):
    """Bolt's Socket Mode, answering in time."""

    def __init__(self, app: AsyncApp, app_token: str, in_time: InTime) -> None:
        super().__init__(app, app_token)
        self._in_time = in_time

    async def handle(self, client: AsyncBaseSocketModeClient, req: SocketModeRequest) -> None:
        began = time.time()
        await send_async_response(client, req, await self._answer(req), began)

    async def _answer(self, req: SocketModeRequest) -> BoltResponse:
        if not has_shape(req.payload):
            log.warning("slack_payload_misshapen", kind=req.type, envelope=req.envelope_id)
            return BoltResponse(status=200, body="")  # it would come again as it is
        return await self._in_time.answer(
            AsyncBoltRequest(mode="socket_mode", body=req.payload, headers=build_headers(req))
        )
