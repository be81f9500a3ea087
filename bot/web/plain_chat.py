"""The chat as a page at /chat that needs no script: the same talk, said by forms.

    GET /chat    the talk so far, or what we are and what we ask before there is one; looking keeps nothing
    POST /chat   one turn, the same as the chat API's; then back to GET, or, without a cookie, the page itself

Which talk it is comes from the form, else from a cookie. A browser that refuses cookies carries the token in the form.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, PlainTextResponse, RedirectResponse
from pydantic import ValidationError
from sqlalchemy.exc import DBAPIError

from bot.bootstrap import Services
from bot.in_words.chat import chat_talk
from bot.in_words.talk import talk_text
from bot.person import erase_talk, talk_json
from bot.web.chat import Saying, chat_with, said_after, speak
from bot.web.gate import Gate
from bot.web.limits import CHAT_PAGE, BodyTooLarge
from bot.web.pages import fields_in, is_sent_from_elsewhere, page_called, page_language
from bot.web.problems import KNOWN
from bot.web.rates import TooOften
from bot.web.tokens import hash_of, is_token, new_token
from bot.words import LANGUAGES
from dialogs.messages import Message
from dialogs.playbook import shipped_playbook
from dialogs.records import Chat
from dialogs.reply import quick_replies
from dialogs.turn import LONGEST_TEXT, ChatIsFull, ChatNotFound, Reply, TooLong, open_chat
from qualification.look import Look
from qualification.store import Busy, Load, Transaction, Unavailable
from qualification.writing.waiting_line import Lane

COOKIE = "bantline_chat"
OVER = ("completed", "declined", "abandoned")
STANDING = ("completed", "declined", "handed_over")
AGAIN_LATER = (429, 503)
FOR_GOOD = "for_good"
AS_A_FILE = {"Content-Disposition": 'attachment; filename="chat.txt"'}
UNREAD: dict[str, Any] = {"messages": [], "state": "unknown"}
OUT_OF_ORDER: dict[str, Any] = {"trouble": "unavailable", "status": 503}
PAGE = page_called("chat")


@dataclass(frozen=True, kw_only=True)
class Form:
    """What a page of ours sends back. `begins`: its talk is kept with this first message."""

    language: str = ""
    token: str = ""
    id: str = ""
    text: str = ""
    choice: str = ""
    begins: bool = False
    anew: bool = False
    save: bool = False
    erase: str = ""

    @property
    def does_something(self) -> bool:
        """Whether there is more to do than to look; whether to erase is asked first."""
        return bool(self.text or self.choice or self.save or self.erase == FOR_GOOD)


@dataclass(frozen=True, kw_only=True)
class Shown:
    """One page: the talk (None: it cannot be read just now), what its forms carry, and what went wrong in a word."""

    language: str
    reply: Reply | None
    token: str = ""
    begins: bool = False
    trouble: str = ""
    form: Form = field(default_factory=Form)
    status: int = 200


def plain_chat_routes(chat: "PlainChat") -> APIRouter:
    routes = APIRouter(tags=["chat"], default_response_class=HTMLResponse)
    routes.add_api_route(CHAT_PAGE, chat.look, methods=["GET"], response_model=None)
    routes.add_api_route(CHAT_PAGE, chat.send, methods=["POST"], response_model=None)
    return routes


class PlainChat:
    def __init__(self, services: Services, gate: Gate) -> None:
        self._services = services
        self._gate = gate

    async def look(self, request: Request) -> Response:
        """The talk of the cookie, or the beginning of one."""
        return await self._page(request, Form(language=request.query_params.get("lang", "")))

    async def send(self, request: Request) -> Response:
        """Say what the form says. The same form again changes nothing; an empty one only looks."""
        try:
            form = _read_form(await request.body())
        except BodyTooLarge:
            return await self._page(request, Form(), "too_large", 413)
        except ValueError:
            return await self._page(request, Form(), "malformed", 422)
        if is_sent_from_elsewhere(request, self._services.settings.bantline_url):
            return await self._page(request, Form(), "forbidden", 403)
        if form.anew:
            return self._forget(RedirectResponse(f"{CHAT_PAGE}?lang={form.language}", status_code=303))
        token = form.token or request.cookies.get(COOKIE, "")
        if not token or not form.does_something:
            return await self._page(request, form)
        try:
            return await self._do(request, token, form)
        except ValidationError:
            return await self._page(request, form, "malformed", 422)
        except (ChatNotFound, TooLong, ChatIsFull, TooOften, Busy, Unavailable, DBAPIError) as error:
            status, name = KNOWN[type(error)] if type(error) in KNOWN else KNOWN[Unavailable]
            return await self._page(request, form, name, status)

    async def _do(self, request: Request, token: str, form: Form) -> Response:
        """What the form asks for: a copy to keep, the end of everything, or one turn."""
        if form.save:
            return await self._copy(token)
        if form.erase:
            await self._services.store.run(lambda tx: erase_talk(tx, hash_of(token)), lane=Lane.VISITORS)
            return await self._page(request, Form(language=form.language), "erased")
        if not await self._say(request, token, form):
            return await self._page(request, form, "id_used_before", 409)
        if request.cookies.get(COOKIE) == token:
            return RedirectResponse(CHAT_PAGE, status_code=303)
        return self._remember(request, token, await self._page(request, Form(token=token)))

    async def opened_by(self, request: Request, token: str) -> Response:
        """The talk of this token, remembered from now on: somebody followed a link of their receipt."""
        return self._remember(request, token, await self._page(request, Form(token=token)))

    async def _copy(self, token: str) -> Response:
        words = self._services.words
        talk = await self._services.store.look(
            lambda session: talk_json(Look(session), chat_with(session, hash_of(token)), words)
        )
        return PlainTextResponse(talk_text(talk, words), headers=AS_A_FILE)

    async def _say(self, request: Request, token: str, form: Form) -> bool:
        """Whether this is what was heard: other words in a form that was sent before get the answer it had then."""
        saying = Saying(id=form.id, text=form.text or None, choice=form.choice or None)
        self._gate.speaks(token)
        if form.begins:
            self._gate.begins_chat(request.scope)
            language = page_language(request, form.language)
            begin = partial(_begin, token=token, language=language, page_url=str(request.url)[:2_000])
            await self._services.store.run(begin, (Load(Chat, "token_hash"),), hash_of(token), lane=Lane.VISITORS)
        reply = await speak(self._services, token, saying)
        if reply.place is not None:
            return True
        mine = reply.messages[0]
        return (mine.text or None, (mine.facts or {}).get("value")) == (saying.text, saying.choice)

    async def _page(self, request: Request, form: Form, trouble: str = "", status: int = 200) -> Response:
        """The talk of the form or the cookie with a word about what went wrong; a talk nobody knows begins anew."""
        kept = request.cookies.get(COOKIE, "")
        token, language = form.token or kept, page_language(request, form.language)
        draw = partial(Shown, form=form, trouble=trouble, status=status)
        try:
            reply = await self._talk(token) if token else None
        except (Busy, Unavailable, DBAPIError):
            unread = Shown(language=language, reply=None, token=token, begins=form.begins, form=form, **OUT_OF_ORDER)
            return self._drawn(unread)
        if reply is not None:
            carried = "" if token == kept else token
            return self._drawn(draw(language=reply.language, reply=reply, token=carried))
        beginning = _beginning(self._services, language)
        if form.begins:
            return self._drawn(draw(language=language, reply=beginning, token=token, begins=True))
        trouble = trouble or ("unknown_token" if token else "")
        fresh = new_token()
        page = self._drawn(draw(language=language, reply=beginning, token=fresh, begins=True, trouble=trouble))
        return self._forget(page) if kept and kept == token else page

    async def _talk(self, token: str) -> Reply | None:
        try:
            return await self._services.store.look(lambda session: said_after(session, hash_of(token), 0))
        except ChatNotFound:
            return None

    def _drawn(self, shown: Shown) -> Response:
        say = partial(self._services.words.label, "plain_chat", language=shown.language)
        talk = chat_talk(self._services.words, shown.reply) if shown.reply else UNREAD
        messages, state = talk["messages"], talk["state"]
        headers = {"Retry-After": str(Unavailable.retry_after)} if shown.status in AGAIN_LATER else None
        page = PAGE.render(
            say=say,
            language=shown.language,
            messages=messages,
            newest=_newest(messages),
            state=state,
            over=state in OVER,
            standing=say(state) if state in STANDING else "",
            choices=messages[-1]["choices"] if messages and state != "declined" else None,
            notice=say(shown.trouble) if shown.trouble else "",
            asks_to_erase=bool(shown.form.erase),
            token=shown.token,
            begins=shown.begins,
            # A message that may have been kept is sent again under its own id; everything else under a new one.
            message_id=shown.form.id if shown.status in AGAIN_LATER and shown.form.id else secrets.token_urlsafe(12),
            draft=shown.form.text if shown.trouble else "",
            longest=LONGEST_TEXT,
        )
        return HTMLResponse(page, status_code=shown.status, headers=headers)

    def _remember(self, request: Request, token: str, page: Response) -> Response:
        secure = request.url.scheme == "https" or self._services.settings.is_behind_tls
        page.set_cookie(COOKIE, token, path=CHAT_PAGE, httponly=True, samesite="lax", secure=secure)
        return page

    @staticmethod
    def _forget(page: Response) -> Response:
        page.delete_cookie(COOKIE, path=CHAT_PAGE, httponly=True, samesite="lax")
        return page


def _begin(tx: Transaction, *, token: str, language: str, page_url: str) -> None:
    opened = hash_of(token)
    if tx.first(Chat, "token_hash", opened) is None:
        open_chat(tx, token_hash=opened, language=language, page_url=page_url, referrer=None, playbook=None)


def _beginning(services: Services, language: str) -> Reply:
    """How a talk begins, before there is one: who we are, what we ask for, and the first question."""
    first = shipped_playbook().questions[0]
    said: Mapping[str, dict[str, Any] | None] = {"greeting": None, first.key: quick_replies(first).as_json()}
    messages = tuple(
        Message(seq=seq, sender="bot", prompt=prompt, facts={}, choices=choices, at=services.clock())
        for seq, (prompt, choices) in enumerate(said.items(), start=1)
    )
    return Reply(messages=messages, language=language, state="asking", question=first.about)


def _newest(messages: list[dict[str, Any]]) -> int | None:
    """Where to look after a turn: at the prospect's own last words, with the answer below them."""
    return next((message["seq"] for message in reversed(messages) if message["from"] == "prospect"), None)


def _read_form(body: bytes) -> Form:
    """The form of the chat's page, with one kind of line end. Raises ValueError for too many fields."""
    given = fields_in(body)
    token = given.get("token", "")
    language = given.get("lang", "")
    return Form(
        language=language if language in LANGUAGES else "",
        token=token if is_token(token) else "",
        id=given.get("id", ""),
        text=given.get("text", "").replace("\r\n", "\n").strip(),
        choice=given.get("choice", ""),
        begins="begins" in given,
        anew="anew" in given,
        save="save" in given,
        erase=given.get("erase", ""),
    )
