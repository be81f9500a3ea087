"""The doors of the forms: a page that needs no script at /forms/NAME, and JSON for a site's own page.

    GET  /forms/NAME        what we ask, of who comes again only what is still unknown; looking keeps nothing
    POST /forms/NAME        take it; the page then holds the document, or says who sends it
    GET  /api/forms/NAME    the same fields as JSON; with the token of an earlier answer, what is still unknown
    POST /api/forms/NAME    take it; the token in the answer knows the visitor again

The page remembers a visitor by a cookie. Without one it asks its two things again, and nobody is here twice.
"""

import secrets
from collections.abc import Mapping
from functools import partial
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Header, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse
from pydantic import BaseModel, ConfigDict
from pydantic import Field as Limit
from sqlalchemy.exc import DBAPIError

from bot.bootstrap import Services
from bot.web.chat import language_of
from bot.web.forms import Answer, BadAnswer, Field, asked_of, form_named, take
from bot.web.limits import BodyTooLarge
from bot.web.pages import fields_in, page_called, page_language
from bot.web.problems import KNOWN
from bot.web.tokens import bearer_in, is_token, new_token
from qualification.capture_form import Asked
from qualification.store import Busy, Unavailable

COOKIE = "bantline_form"
KEPT = 365 * 24 * 3600  # seconds
AUTOFILL = {
    "email": "email",
    "company": "organization",
    "person": "name",
    "phone": "tel",
    "title": "organization-title",
}
PAGE = page_called("form")


class FormAnswer(BaseModel):
    """The answer to a form. `id` is made by the page: sent again it counts once."""

    model_config = ConfigDict(extra="forbid")

    id: Annotated[str, Limit(min_length=1, max_length=100)]
    fields: dict[Asked, Annotated[str, Limit(max_length=1_000)]]
    locale: Literal["ja", "en"] | None = None


def form_routes(services: Services) -> APIRouter:
    pages = FormPages(services)
    routes = APIRouter(tags=["forms"])
    routes.add_api_route("/forms/{name}", pages.look, methods=["GET"], response_model=None, include_in_schema=False)
    routes.add_api_route("/forms/{name}", pages.send, methods=["POST"], response_model=None, include_in_schema=False)

    @routes.get("/api/forms/{name}")
    async def ask(
        request: Request,
        name: str,
        locale: Literal["ja", "en"] | None = None,
        authorization: Annotated[str | None, Header()] = None,
    ) -> dict[str, Any]:
        """What the form asks whoever sends this token (`Authorization: Bearer`), or a stranger."""
        language = locale or language_of(request)
        fields = await asked_of(services, name, bearer_in(authorization or ""), language)
        form = form_named(services.store, name)
        return {
            "name": name,
            "title": form.title["ja" if language == "ja" else "en"],
            "fields": [_field_json(field) for field in fields],
            "purpose": services.words.label("form_page", "purpose", language),
        }

    @routes.post("/api/forms/{name}", status_code=201)
    async def answer(
        request: Request, name: str, body: FormAnswer, authorization: Annotated[str | None, Header()] = None
    ) -> Response:
        """Take what was told. 422 names the fields that are missing, unreadable or too long."""
        token = bearer_in(authorization or "") or new_token()
        language = body.locale or language_of(request)
        given = Answer(
            form=name,
            id=body.id,
            token=token,
            language=language,
            fields={str(field): text for field, text in body.fields.items()},
        )
        try:
            await take(services, given)
        except BadAnswer as bad:
            return JSONResponse({"error": "bad_fields", "message": str(bad), "fields": bad.wrong}, status_code=422)
        document = form_named(services.store, name).document
        return JSONResponse({"token": token, "document": document or None}, status_code=201)

    return routes


def _field_json(field: Field) -> dict[str, Any]:
    choices = [{"value": value, "label": label} for value, label in field.choices]
    return {
        "name": field.name,
        "label": field.label,
        "kind": field.kind,
        "required": field.required,
        "choices": choices or None,
    }


class FormPages:
    """The page of each form, in the visitor's language."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def look(self, request: Request, name: str) -> Response:
        language = page_language(request, request.query_params.get("lang", ""))
        if name not in self._services.store.policy.forms:
            return self._unknown(name, language)
        return await self._page(name, request.cookies.get(COOKIE, ""), language)

    async def send(self, request: Request, name: str) -> Response:
        """Take the form. The same one again changes nothing; one that a machine filled in is thanked and left."""
        if name not in self._services.store.policy.forms:
            return self._unknown(name, page_language(request, ""))
        try:
            sent = fields_in(await request.body())
        except (ValueError, BodyTooLarge):
            return await self._page(name, "", page_language(request, ""), trouble="malformed", status=422)
        language = page_language(request, sent.get("lang", ""))
        kept = request.cookies.get(COOKIE, "")
        token = kept or sent.get("token", "")
        asked = form_named(self._services.store, name)
        fields: dict[str, str] = {field: sent[field] for field in (*asked.first, *asked.later) if sent.get(field)}
        given = Answer(form=name, id=sent.get("id", ""), token=token, language=language, fields=fields)
        if sent.get("website"):  # nobody sees this field, and machines fill in every one
            return self._thanks(name, language)
        if not is_token(token):
            return await self._page(name, "", language, trouble="malformed", status=422, draft=sent)
        try:
            await take(self._services, given)
        except BadAnswer as bad:
            return await self._page(name, token, language, trouble="check", status=422, draft=sent, wrong=bad.wrong)
        except (Busy, Unavailable, DBAPIError) as error:
            status = KNOWN[type(error) if type(error) in KNOWN else Unavailable][0]
            return await self._page(name, token, language, trouble="unavailable", status=status, draft=sent)
        thanks = self._thanks(name, language)
        secure = request.url.scheme == "https" or self._services.settings.is_behind_tls
        thanks.set_cookie(COOKIE, token, path="/forms", max_age=KEPT, httponly=True, samesite="lax", secure=secure)
        return thanks

    async def _page(
        self,
        name: str,
        token: str,
        language: str,
        *,
        trouble: str = "",
        status: int = 200,
        draft: Mapping[str, str] | None = None,
        wrong: Mapping[str, str] | None = None,
    ) -> Response:
        try:
            fields = await asked_of(self._services, name, token, language)
        except (Busy, Unavailable, DBAPIError):
            return self._drawn(name, language, fields=(), trouble="unavailable", status=503)
        given = draft or {}
        if wrong is not None:
            wrong = {one.name: "missing" for one in fields if one.required and not given.get(one.name)} | dict(wrong)
        return self._drawn(
            name,
            language,
            fields=fields,
            token=token or new_token(),
            id=given.get("id") or secrets.token_urlsafe(12),
            given=given,
            wrong=wrong or {},
            trouble=trouble,
            status=status,
        )

    def _unknown(self, name: str, language: str) -> Response:
        """Somebody followed a link with a letter too few."""
        say = partial(self._services.words.label, "form_page", language=language)
        firm = self._services.settings.bantline_company
        page = PAGE.render(say=say, language=language, name=name, title=say("unknown_title"), firm=firm, unknown=True)
        return HTMLResponse(page, status_code=404)

    def _thanks(self, name: str, language: str) -> Response:
        return self._drawn(name, language, thanks=True)

    def _drawn(self, name: str, language: str, *, status: int = 200, trouble: str = "", **facts: Any) -> Response:
        say = partial(self._services.words.label, "form_page", language=language)
        form = form_named(self._services.store, name)
        page = PAGE.render(
            {"fields": (), "id": "", "thanks": False, "given": {}, "wrong": {}, "autofill": AUTOFILL, **facts},
            say=say,
            language=language,
            name=name,
            title=form.title["ja" if language == "ja" else "en"],
            document=form.document,
            firm=self._services.settings.bantline_company,
            notice=say(trouble) if trouble else "",
        )
        headers = {"Retry-After": str(Unavailable.retry_after)} if status == 503 else None
        return HTMLResponse(page, status_code=status, headers=headers)
