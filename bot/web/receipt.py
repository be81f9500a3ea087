"""The page behind a prospect's receipt: one sentence, one button, "nobody has called me" (N3).

It needs no script and knows nothing about the lead but its language; looking at it changes nothing.
"""

from datetime import datetime
from functools import partial
from html import escape
from typing import Annotated

from fastapi import APIRouter, Path
from fastapi.responses import HTMLResponse

from bot.bootstrap import Services
from bot.words import LANGUAGES
from qualification.followup import latest_follow_up_of
from qualification.receipt import lead_of, nobody_called
from qualification.store import Transaction

Token = Annotated[str, Path(min_length=20, max_length=80, pattern=r"^[A-Za-z0-9_-]+$")]


def receipt_routes(services: Services) -> APIRouter:
    routes = APIRouter(prefix="/nobody-called", tags=["receipt"], default_response_class=HTMLResponse)

    @routes.get("/{token}")
    async def ask(token: Token) -> HTMLResponse:
        """The question, in the lead's language and the other. 404 for a link that belongs to no lead."""
        language = await services.store.run(lambda tx: lead_of(tx, token).language)
        return _page(services, language, heard="", due_at=None)

    @routes.post("/{token}")
    async def say(token: Token) -> HTMLResponse:
        """Say it; pressing again says nothing more."""
        heard, language, due_at = await services.store.run(partial(_hear, token))
        return _page(services, language, heard=heard, due_at=due_at)

    return routes


def _hear(token: str, tx: Transaction) -> tuple[str, str, datetime | None]:
    heard = nobody_called(tx, token)
    lead = lead_of(tx, token)
    clock = latest_follow_up_of(tx, lead)
    return heard, lead.language, clock.due_at if clock else None


def _page(services: Services, language: str, *, heard: str, due_at: datetime | None) -> HTMLResponse:
    """Both languages on one page, the lead's first; the button only while there is something to press."""
    words, now = services.words, services.clock()
    facts = {"heard": heard, "due_at": due_at}
    order = sorted(LANGUAGES, key=lambda one: one != language)
    said = "".join(
        f'<section lang="{one}"><h1>{escape(words.label("receipt", "title", one))}</h1>'
        f"<p>{escape(words.page('nobody_called', one, facts, now))}</p></section>"
        for one in order
    )
    button = " / ".join(escape(words.label("receipt", "button", one)) for one in order)
    form = "" if heard else f'<form method="post"><button type="submit">{button}</button></form>'
    title = escape(words.label("receipt", "title", order[0]))
    return HTMLResponse(
        f'<!doctype html><html lang="{order[0]}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">'
        f'<title>{title}</title><link rel="stylesheet" href="/static/plain.css"></head>'
        f'<body><main role="main">{said}{form}</main></body></html>'
    )
