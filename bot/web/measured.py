"""The clock at the outermost door, and the page Prometheus reads."""

import time

from fastapi import APIRouter, Depends, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.bootstrap import Services
from bot.metrics import Metrics
from bot.trails import Trails
from bot.web.leads import needs_key
from bot.web.limits import CHAT_PAGE, FORM_PAGES
from bot.web.origins import CHAT_API

TEXT = "text/plain; version=0.0.4; charset=utf-8"
EVENTS = f"{CHAT_API}/events"  # a stream stays open for hours: that is no waiting
DOORS = (
    (f"{CHAT_API}/sessions", "chat_begin"),
    (f"{CHAT_API}/messages", "chat_message"),
    (CHAT_API, "chat_other"),
    (CHAT_PAGE, "chat_page"),
    (FORM_PAGES, "form"),
    ("/api/forms/", "form"),
    ("/api/leads", "leads"),
    ("/slack/", "slack"),
    ("/static/", "static"),
)
OTHER = "other"
ASKED = frozenset({"GET", "POST", "DELETE", "HEAD", "OPTIONS"})
TRACE_CONTEXT = (b"traceparent", b"tracestate")


def door_of(path: str) -> str:
    """The kind of a path; what somebody made up is "other"."""
    return next((door for begins, door in DOORS if path.startswith(begins)), OTHER)


class MeasuredDoor:
    """Tells how long each answer took, from the first byte of the request's head to the last of the answer.

    A trail begins here for each request: what is done for it, and what is logged of it, belongs together.
    """

    def __init__(self, app: ASGIApp, metrics: Metrics, trails: Trails) -> None:
        self._app = app
        self._metrics = metrics
        self._trails = trails

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] == EVENTS:
            await self._app(scope, receive, send)
            return
        begin, status = time.perf_counter(), 500

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        door = door_of(scope["path"])
        with self._trails.begin(door, _whose(scope), request=_asked(scope)) as trail:
            try:
                await self._app(scope, receive, noting)
            finally:
                trail.tell(status=status)
                self._metrics.answered(door, status, time.perf_counter() - begin)


def _asked(scope: Scope) -> str:
    return scope["method"] if scope["method"] in ASKED else OTHER


def _whose(scope: Scope) -> dict[str, str]:
    """The headers of W3C Trace Context, from a proxy or a program that traces what it asks of us."""
    return {name.decode(): told.decode("latin-1") for name, told in scope["headers"] if name in TRACE_CONTEXT}


def metrics_routes(services: Services, metrics: Metrics) -> APIRouter:
    routes = APIRouter(tags=["health"], dependencies=[Depends(needs_key(services))])

    @routes.get("/metrics")
    async def expose() -> Response:
        """This process and the database in Prometheus' text format, for whoever has the operator's key."""
        return Response(await metrics.exposed(services.store, services.clock), media_type=TEXT)

    return routes
