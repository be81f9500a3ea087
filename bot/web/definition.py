"""The definition of stages and points as a page, in both languages, for whoever has the operator's key (M26, M155).

A browser asks for the key once (any user name, the key as password); a program sends it as a bearer token.
"""

import base64
import hmac
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Header, HTTPException, Response
from fastapi.responses import HTMLResponse

from bot.bootstrap import Services
from bot.definition import Definition, definition_json
from bot.web.pages import page_called

Language = Literal["ja", "en"]
PAGE = page_called("definition")


def definition_routes(services: Services) -> APIRouter:
    def check_key(authorization: Annotated[str | None, Header()] = None) -> None:
        key = services.settings.bantline_api_key
        if not key or not hmac.compare_digest(given_key(authorization).encode(), key.encode()):
            asks = {"WWW-Authenticate": 'Basic realm="Bantline", charset="UTF-8"'}
            raise HTTPException(401, "send the value of BANTLINE_API_KEY as password or bearer token", headers=asks)

    routes = APIRouter(tags=["definition"], dependencies=[Depends(check_key)])

    @routes.get("/definition", response_class=HTMLResponse)
    async def definition_page(lang: Language | None = None, accept_language: Annotated[str, Header()] = "") -> Response:
        """How leads are judged, in words."""
        definition = _definition(services, lang or ("ja" if accept_language.lower().startswith("ja") else "en"))
        html = PAGE.render(title=definition.title(), language=definition.language, sections=definition.sections())
        return HTMLResponse(html, headers={"Cache-Control": "no-store"})

    @routes.get("/api/definition")
    async def definition_for_programs(lang: Language = "en") -> dict[str, Any]:
        """The same as JSON."""
        return definition_json(_definition(services, lang))

    return routes


def _definition(services: Services, language: str) -> Definition:
    return Definition(services.store.policy, services.words, language)


def given_key(authorization: str | None) -> str:
    """The key in a header: a bearer token, or the password a browser sends."""
    kind, _, given = (authorization or "").partition(" ")
    if kind.lower() == "bearer":
        return given
    if kind.lower() != "basic":
        return ""
    try:
        return base64.b64decode(given, validate=True).decode().partition(":")[2]
    except ValueError:  # not base64, not ASCII, not UTF-8: each is one
        return ""
