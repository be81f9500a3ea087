"""The only caller of Slack's Web API: every answer is a value or one of the errors a sender understands.

Nothing is sent twice by itself (no retry handlers): what may be repeated is decided by the outbox.
"""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError, SlackRequestError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.delivery import OutcomeUnknown, RetryLater
from bot.slack.blocks import Json
from bot.slack.errors import MessageGone, SlowDown, trouble_of
from bot.slack.last_look import Look, last_look
from bot.slack.pace import EDITS, HOMES, Pace

EVENT_TYPE = "bantline"
HISTORY_PAGE = 100
MOST_PAGES = 5
LOOK_BACK = timedelta(minutes=5)
BURST_OF_THE_LINE = (aiohttp.ClientError, asyncio.TimeoutError, OSError, SlackRequestError, json.JSONDecodeError)


class Gateway:
    """What Bantline asks of Slack. Errors: RetryLater, AskAdmin, GiveUp, OutcomeUnknown, MessageGone."""

    def __init__(self, client: AsyncWebClient, pace: Pace | None = None) -> None:
        self._client = client
        self._pace = pace or Pace()

    # -- messages ---------------------------------------------------------------------------

    async def post(
        self,
        channel: str,
        message: Json,
        *,
        key: str,
        thread: str | None = None,
        broadcast: bool = False,
        may_leave: Look | None = None,
    ) -> str:
        """Post a message and return its ts. `key` goes along as metadata, so that it can be found again.

        `may_leave` is asked when the turn has come, and again directly before the bytes leave; it raises RetryLater.
        """
        await self._pace.turn(channel)

        def look() -> None:
            self._pace.is_open(channel)
            if may_leave is not None:
                may_leave()

        look()
        with last_look(look):
            answer = await self._ask(
                lambda: self._client.chat_postMessage(
                    channel=channel,
                    **message,
                    thread_ts=thread,
                    reply_broadcast=broadcast or None,
                    unfurl_links=False,
                    unfurl_media=False,
                    metadata=_metadata(key),
                ),
                repeatable=False,
                turn=channel,
            )
        return str(answer["ts"])

    async def take_back(self, channel: str, ts: str) -> None:
        """Delete a message of ours; one that is gone already is fine."""
        with contextlib.suppress(MessageGone):
            await self._ask(lambda: self._client.chat_delete(channel=channel, ts=ts), repeatable=True)

    async def edit(self, channel: str, ts: str, message: Json, *, key: str) -> None:
        """Draw a message again; raises MessageGone when somebody deleted it."""
        await self._pace.turn(EDITS)
        await self._ask(
            lambda: self._client.chat_update(channel=channel, ts=ts, **message, metadata=_metadata(key)),
            repeatable=True,
            turn=EDITS,
        )

    async def find(self, channel: str, key: str, *, since: datetime, thread: str | None = None) -> str | None:
        """The ts of the message we posted with this key, if it arrived after all."""
        async for ts in self._with_key(channel, key, since, thread):
            return ts
        return None

    async def take_back_others(
        self, channel: str, key: str, ts: str, *, since: datetime, thread: str | None = None
    ) -> int:
        """Delete what else of ours hangs there with this key; `ts` is the one that stays. How many."""
        others = [other async for other in self._with_key(channel, key, since, thread) if other != ts]
        for other in others:
            await self.take_back(channel, other)
        return len(others)

    async def _with_key(self, channel: str, key: str, since: datetime, thread: str | None) -> AsyncIterator[str]:
        async for posted in self._posted(channel, since - LOOK_BACK, thread):
            metadata = posted.get("metadata") or {}
            if metadata.get("event_type") == EVENT_TYPE and metadata.get("event_payload", {}).get("key") == key:
                yield str(posted["ts"])

    async def _posted(self, channel: str, oldest: datetime, thread: str | None) -> AsyncIterator[Json]:
        cursor: str | None = None
        for _ in range(MOST_PAGES):
            page = await self._ask(self._page(channel, oldest, thread, cursor), repeatable=True)
            for posted in page["messages"]:
                yield posted
            cursor = (page.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return

    def _page(
        self, channel: str, oldest: datetime, thread: str | None, cursor: str | None
    ) -> Callable[[], Awaitable[Any]]:
        asked: Json = {
            "channel": channel,
            "oldest": f"{oldest.timestamp():.6f}",
            "limit": HISTORY_PAGE,
            "include_all_metadata": True,
            "cursor": cursor,
        }
        if thread is None:
            return partial(self._client.conversations_history, **asked)
        return partial(self._client.conversations_replies, ts=thread, **asked)

    async def permalink(self, channel: str, ts: str) -> str:
        answer = await self._ask(
            lambda: self._client.chat_getPermalink(channel=channel, message_ts=ts), repeatable=True
        )
        return str(answer["permalink"])

    # -- what only one person sees ----------------------------------------------------------

    async def answer_privately(self, response_url: str, message: Json) -> None:
        """Only the person who pressed sees it. Raises RetryLater, OutcomeUnknown."""
        webhook = AsyncWebhookClient(response_url, session=self._client.session, retry_handlers=[])
        try:
            sent = await webhook.send(**message, response_type="ephemeral", replace_original=False)
        except (*BURST_OF_THE_LINE, SlackClientError) as lost:
            raise OutcomeUnknown(f"slack: {type(lost).__name__}") from lost
        if sent.status_code != 200:
            raise RetryLater(f"slack: response_url answered {sent.status_code}")

    async def say_directly(self, user_id: str, message: Json) -> None:
        """A direct message of the app to this person."""
        message = {**message, "unfurl_links": False, "unfurl_media": False}
        await self._ask(lambda: self._client.chat_postMessage(channel=user_id, **message), repeatable=False)

    async def open_view(self, trigger_id: str, view: Json) -> None:
        await self._ask(lambda: self._client.views_open(trigger_id=trigger_id, view=view), repeatable=False)

    async def update_view(self, view_id: str, expected_hash: str, view: Json) -> None:
        """Draw an open form anew; raises FormMovedOn when it is not the one that was looked at."""
        await self._ask(
            lambda: self._client.views_update(view_id=view_id, hash=expected_hash, view=view), repeatable=False
        )

    async def publish_home(self, user_id: str, look: Callable[[], Awaitable[Json | None]]) -> None:
        """Draw somebody's Home. `look` makes the view when the turn has come; None: nothing to draw."""
        await self._pace.turn(HOMES)
        view = await look()
        if view is None:
            return
        await self._ask(lambda: self._client.views_publish(user_id=user_id, view=view), repeatable=True, turn=HOMES)

    # -- people -----------------------------------------------------------------------------

    async def person(self, user_id: str) -> Json:
        """A member as `users.info` shows them, with their locale; raises GiveUp for nobody we know."""
        answer = await self._ask(lambda: self._client.users_info(user=user_id, include_locale=True), repeatable=True)
        return dict(answer["user"])

    async def members_of(self, group_id: str) -> frozenset[str]:
        answer = await self._ask(lambda: self._client.usergroups_users_list(usergroup=group_id), repeatable=True)
        return frozenset(answer["users"])

    # -- one way out ------------------------------------------------------------------------

    async def _ask(self, call: Callable[[], Awaitable[Any]], *, repeatable: bool, turn: str | None = None) -> Any:
        """`turn`: whose turns are closed for as long as Slack asks us to wait."""
        try:
            return await call()
        except SlackApiError as refused:
            trouble = _trouble_in(refused, repeatable=repeatable)
            if turn is not None and isinstance(trouble, SlowDown) and trouble.wait is not None:
                self._pace.close(turn, trouble.wait)
            raise trouble from refused
        except aiohttp.ClientConnectorError as unreachable:
            raise RetryLater(f"slack: {type(unreachable).__name__}") from unreachable
        except BURST_OF_THE_LINE as lost:
            problem = f"slack: {type(lost).__name__}"
            raise (RetryLater(problem) if repeatable else OutcomeUnknown(problem)) from lost


def _metadata(key: str) -> Json:
    return {"event_type": EVENT_TYPE, "event_payload": {"key": key}}


def _trouble_in(refused: SlackApiError, *, repeatable: bool) -> Exception:
    response = refused.response
    status = int(getattr(response, "status_code", None) or getattr(response, "status", 0) or 0)
    headers = getattr(response, "headers", None) or {}
    data = getattr(response, "data", None)
    code = str(data.get("error") or "") if isinstance(data, dict) else ""
    return trouble_of(code, status=status, retry_after=_seconds(headers), repeatable=repeatable)


def _seconds(headers: Any) -> int | None:
    told = next((value for name, value in headers.items() if name.lower() == "retry-after"), None)
    value = told[0] if isinstance(told, list) else told
    return int(value) if value is not None and str(value).isdigit() else None
