"""The web door: chat, leads, Slack over HTTP, health, and the widget's files."""

import sys
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from importlib.metadata import version
from importlib.resources import files
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.middleware.cors import CORSMiddleware
from fastapi.middleware.gzip import GZipMiddleware
from fastapi.responses import JSONResponse, RedirectResponse
from fastapi.staticfiles import StaticFiles
from fastapi.telemetry import TelemetryConfig
from sqlmodel import select
from starlette.types import ASGIApp

from bot.bootstrap import Services
from bot.health import examine
from bot.metrics import Metrics
from bot.trails import Trails
from bot.web import problems
from bot.web.chat import chat_routes
from bot.web.definition import definition_routes
from bot.web.edge import Edge
from bot.web.events import EventDoor
from bot.web.form_routes import form_routes
from bot.web.gate import Gate, GateDoor
from bot.web.lead_facts import lead_fact_routes
from bot.web.leads import lead_routes
from bot.web.limits import Limits
from bot.web.measured import MeasuredDoor, metrics_routes
from bot.web.plain_chat import PlainChat, plain_chat_routes
from bot.web.receipt import receipt_routes
from bot.web.streams import Streams
from bot.web.talk_door import TalkDoor
from bot.web.tracking import tracking_routes
from qualification.records import Heartbeat

NOTHING_OF_ITS_OWN: TelemetryConfig = {"tracing": False, "metrics": False, "logs": False}  # it tells whole addresses

Page = Callable[[Request], Awaitable[Response]]


class Web(FastAPI):
    """An application with doors of ours around all its layers, its own among them: most requests never pass these."""

    doors: Callable[[ASGIApp], ASGIApp]

    def build_middleware_stack(self) -> ASGIApp:
        return self.doors(super().build_middleware_stack())


def build_web(
    services: Services,
    streams: Streams,
    *,
    slack_requests: Page | None = None,
    slack_pages: Mapping[str, Page] | None = None,
    metrics: Metrics | None = None,
    trails: Trails | None = None,
) -> Web:
    """The ASGI application. `streams` push to open panels.

    `slack_requests` answers POST /slack/events when Slack speaks HTTP to us; `slack_pages` add the app to a
    workspace, each by its path.
    """
    _spare_pydantic_1()
    app = Web(
        title="Bantline", version=version("bantline"), docs_url=None, redoc_url=None, telemetry=NOTHING_OF_ITS_OWN
    )
    problems.register(app)
    gate, metrics = Gate(services.settings), metrics or Metrics()
    _add_routes(app, services, PlainChat(services, gate), metrics)
    if slack_requests is not None:
        app.add_api_route("/slack/events", slack_requests, methods=["POST"], tags=["slack"], response_model=None)
    for path, page in (slack_pages or {}).items():
        app.add_api_route(path, page, methods=["GET"], tags=["slack"], response_model=None)
    _add_layers(app, services, streams, gate, metrics, trails or Trails())
    return app


def _spare_pydantic_1() -> None:
    """FastAPI loads all of it to see whether a model is one of its; none of ours is, and it would be 1.3 MB to stay."""
    nothing: Any = None  # whoever imports what stands as None in this table is told that it is not there
    sys.modules.setdefault("pydantic.v1", nothing)


def _add_routes(app: FastAPI, services: Services, plain_chat: PlainChat, metrics: Metrics) -> None:
    app.include_router(chat_routes(services))
    app.include_router(tracking_routes(services))
    app.include_router(plain_chat_routes(plain_chat))
    app.include_router(form_routes(services))
    app.include_router(lead_routes(services))
    app.include_router(lead_fact_routes(services))
    app.include_router(definition_routes(services))
    app.include_router(receipt_routes(services, plain_chat))
    app.include_router(metrics_routes(services, metrics))
    _add_health(app, services)
    static = StaticFiles(directory=str(files("bot.web").joinpath("static")))
    app.mount("/static", GZipMiddleware(static), name="static")  # nothing else: what is secret is never compressed
    app.add_api_route("/", _to_the_demo_page, include_in_schema=False)


def _add_layers(app: Web, services: Services, streams: Streams, gate: Gate, metrics: Metrics, trails: Trails) -> None:
    """What a request passes before the routes, from the inside out: the last one sees it first."""
    origins = services.settings.bantline_allowed_origins
    app.add_middleware(
        CORSMiddleware,
        allow_origins=list(origins) or ["*"],
        allow_methods=["GET", "POST", "DELETE"],
        allow_headers=["Authorization", "Content-Type", "Last-Event-ID"],
        expose_headers=["Retry-After"],
    )
    app.add_middleware(Limits, origins=origins)
    app.add_middleware(EventDoor, services=services, streams=streams, origins=origins)
    app.add_middleware(Edge, origins=origins)  # before the application would answer in its own words
    app.doors = partial(_doors, services=services, streams=streams, gate=gate, metrics=metrics, trails=trails)


def _doors(
    app: ASGIApp, *, services: Services, streams: Streams, gate: Gate, metrics: Metrics, trails: Trails
) -> ASGIApp:
    talk = TalkDoor(app, services, streams, gate.origins)
    return MeasuredDoor(Edge(GateDoor(talk, gate, services.words), origins=gate.origins), metrics, trails)


async def _to_the_demo_page(request: Request) -> RedirectResponse:
    return RedirectResponse(f"/static/demo.html?{request.url.query}".rstrip("?"))


def _add_health(app: FastAPI, services: Services) -> None:
    @app.get("/livez", tags=["health"])
    async def alive() -> JSONResponse:
        """200 while this process answers and can read its database, whatever its worker, Slack or mail do."""
        await services.store.look(lambda session: session.exec(select(Heartbeat.name).limit(1)).all())
        return JSONResponse({"status": "ok"})

    @app.get("/healthz", tags=["health"])
    async def health() -> JSONResponse:
        """200 while worker and auditor show themselves and what is urgent gets out; 503 with the reason otherwise."""
        health = await services.store.look(lambda session: examine(session, now=services.clock()))
        return JSONResponse(health.report(services.settings.outbound), status_code=503 if health.problems else 200)
