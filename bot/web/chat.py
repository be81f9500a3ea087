"""The chat's calls: begin a talk, say something, catch up, take it all home, erase it. Pushes: bot/web/events.py.

A token opens one talk and nothing else; it is kept as its hash. The same message id again gets the same answer.
"""

from datetime import datetime
from functools import partial
from typing import Annotated, Any, Literal
from zoneinfo import available_timezones

from fastapi import APIRouter, Depends, Header, Query, Request
from fastapi.responses import PlainTextResponse, Response
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from pydantic_core import to_json
from sqlalchemy import bindparam, or_
from sqlmodel import Session, col, select

from bot.bootstrap import Services
from bot.in_words.chat import chat_talk
from bot.in_words.talk import talk_text
from bot.person import erase_talk, talk_json
from bot.typed import WITHOUT_NUL
from bot.web.tokens import bearer_in, hash_of, new_token
from dialogs.messages import messages_of
from dialogs.playbook import Playbook, kept_playbook
from dialogs.records import Chat, PlaybookText, Turn
from dialogs.turn import TURN, ChatNotFound, Reply, Said, open_chat, reply_of, take_turn, topic_asked_in
from qualification.look import Look
from qualification.store import Transaction
from qualification.writing.rows import row_of, table_of
from qualification.writing.waiting_line import Lane

Token = Annotated[str, Field(min_length=20, max_length=200)]


def _known_zone(name: str | None) -> str | None:
    """A browser may name a zone we do not know, or none that is a place: then the firm's clock is shown.

    One that hides where it is, or cannot tell, says UTC: nobody keeps that time.
    """
    return name if name in available_timezones() and "/" in name and not name.startswith("Etc/") else None


Address = Annotated[str, Field(max_length=2_000), WITHOUT_NUL]
Short = Annotated[str, Field(min_length=1, max_length=100), WITHOUT_NUL]
Text = Annotated[str, Field(min_length=1), WITHOUT_NUL]


class Page(BaseModel):
    url: Address | None = None
    referrer: Address | None = None


class Beginning(BaseModel):
    """A visitor opens the chat. `zone` is their browser's; `tracks`: the site wishes to note which pages they see."""

    locale: Literal["ja", "en"] | None = None
    page: Page = Page()
    playbook: str | None = Field(default=None, max_length=60)
    zone: Annotated[str | None, Field(max_length=64), AfterValidator(_known_zone)] = None
    tracks: bool = False


class Saying(BaseModel):
    """What the visitor says: a text or the value of a quick reply, under an id the client made."""

    model_config = ConfigDict(extra="forbid")

    id: Short
    text: Text | None = None
    choice: Short | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> "Saying":
        if (self.text is None) == (self.choice is None):
            raise ValueError("send either text or choice")
        return self


class ChoiceOut(BaseModel):
    value: str
    label: str


class MessageOut(BaseModel):
    """One message as the widget shows it. `name` is the rep's, `at` is UTC."""

    model_config = ConfigDict(populate_by_name=True)

    seq: int
    sender: Literal["bot", "rep", "prospect"] = Field(alias="from")
    name: str | None
    text: str
    choices: list[ChoiceOut] | None
    at: datetime


class Talk(BaseModel):
    """Where the talk stands. `person`: who of ours talks with the prospect; `typing`: a line of theirs is coming.

    `language`: the one the prospect writes, in which everything around the talk is said, too (D27).
    `tracking`: whether the prospect lets us note which pages they look at; null when nobody asked.
    """

    messages: list[MessageOut]
    language: Literal["ja", "en"]
    state: Literal["asking", "confirming", "completed", "handed_over", "declined", "abandoned"]
    question: Literal["need", "timeframe", "authority", "budget", "company", "contact"] | None
    person: str | None
    typing: bool
    tracking: bool | None


class Begun(Talk):
    token: str


class Understood(BaseModel):
    """One fact as we understood it from what was said, in the prospect's own words. Withdrawn: corrected later."""

    topic: str
    value: dict[str, Any]
    words: str
    certainty: float
    said_by: str
    via: str
    at: datetime
    withdrawn_at: datetime | None


class Noted(BaseModel):
    """Something they did on the site, told by their own browser."""

    kind: str
    at: datetime
    data: dict[str, Any]


class Agreed(BaseModel):
    """What they agreed to or refused, and the name of the words they were asked in."""

    purpose: str
    agreed: bool
    wording: str
    language: str
    at: datetime


class Export(BaseModel):
    """Everything said in a talk, what was understood of it, what was noted and what was agreed to."""

    began_at: datetime
    language: Literal["ja", "en"]
    page: str | None
    referrer: str | None
    zone: str | None
    messages: list[MessageOut]
    understood: list[Understood]
    noted: list[Noted]
    agreed: list[Agreed]


def chat_routes(services: Services) -> APIRouter:
    routes = APIRouter(prefix="/api/chat", tags=["chat"])
    store = services.store

    @routes.post("/sessions", status_code=201, response_model=Begun)
    async def begin(beginning: Beginning, accept_language: Annotated[str, Header()] = "") -> dict[str, Any]:
        return await begin_talk(services, beginning, accept_language)

    @routes.post("/messages", response_model=Talk)
    async def say(saying: Saying, token: Annotated[str, Depends(_token)]) -> dict[str, Any]:
        return chat_talk(services.words, await speak(services, token, saying))

    @routes.get("/messages", response_model=Talk)
    async def catch_up(
        token: Annotated[str, Depends(_token)], after: Annotated[int, Query(ge=0, le=2**31 - 1)] = 0
    ) -> Response:
        reply = await store.look(lambda session: said_after(session, hash_of(token), after))
        return Response(to_json(chat_talk(services.words, reply)), media_type="application/json")

    @routes.get("/export", response_model=Export)
    async def export(token: Annotated[str, Depends(_token)], accept: Annotated[str, Header()] = "") -> Any:
        """The prospect's own talk, to keep: JSON, or with `Accept: text/plain` a text to read."""
        talk = await store.look(
            lambda session: talk_json(Look(session), chat_with(session, hash_of(token)), services.words)
        )
        return PlainTextResponse(talk_text(talk, services.words)) if accept.startswith("text/plain") else talk

    @routes.delete("", status_code=204)
    async def erase(token: Annotated[str, Depends(_token)]) -> None:
        """Erase the talk, and what we know of the prospect when we know it from this talk alone.

        Otherwise nobody contacts them any more, and a person of ours hears of the wish. The token opens nothing after.
        """
        await store.run(lambda tx: erase_talk(tx, hash_of(token)), lane=Lane.VISITORS)

    return routes


async def begin_talk(services: Services, beginning: Beginning, accept_language: str) -> dict[str, Any]:
    """A new talk in the shape of `Begun`. Raises BadPlaybook, Busy, Unavailable."""
    token = new_token()
    opening = partial(
        open_chat,
        token_hash=hash_of(token),
        language=beginning.locale or language_in(accept_language),
        page_url=beginning.page.url,
        referrer=beginning.page.referrer,
        playbook=beginning.playbook,
        zone=beginning.zone,
        tracks=beginning.tracks,
    )
    reply = await services.store.run(opening, lane=Lane.VISITORS)
    return {"token": token, **chat_talk(services.words, reply)}


async def speak(services: Services, token: str, saying: Saying) -> Reply:
    """One turn of the talk this token opens. Raises ChatNotFound, TooLong, ChatIsFull, Busy, Unavailable."""
    opened = hash_of(token)
    said = Said(id=saying.id, text=saying.text, choice=saying.choice)
    return await services.store.run(partial(_turn, opened, said), TURN, opened, lane=Lane.VISITORS)


def _turn(token_hash: str, said: Said, tx: Transaction) -> Reply:
    return take_turn(tx, token_hash, said)


async def _token(authorization: Annotated[str | None, Header()] = None) -> str:
    return token_in(authorization or "")


def token_in(authorization: str) -> str:
    """The token of an Authorization header; raises ChatNotFound."""
    token = bearer_in(authorization)
    if not token:
        raise ChatNotFound(ChatNotFound.__doc__)
    return token


OPENED = (
    table_of(Chat)
    .select()
    .where(or_(col(Chat.token_hash) == bindparam("token"), col(Chat.again_hash) == bindparam("token")))
)
LATER = (
    table_of(Turn)
    .select()
    .where(col(Turn.chat_id) == bindparam("chat_id"), col(Turn.last) > bindparam("after"))
    .order_by(col(Turn.last))
)
TEXT = select(col(PlaybookText.text)).where(col(PlaybookText.version) == bindparam("version"))


def said_after(session: Session, token_hash: str, after: int) -> Reply:
    """The messages numbered above `after`, and where the talk stands. Raises ChatNotFound."""
    chat = chat_with(session, token_hash)
    later = session.execute(LATER, {"chat_id": chat.id, "after": after})
    turns = (row_of(Turn, row) for row in later)
    playbook = playbook_of(session, chat.playbook)
    messages = tuple(message for message in messages_of(turns, playbook) if message.seq > after)
    question = topic_asked_in(chat, playbook)
    return reply_of(chat, messages, state=chat.state, question=question)


def chat_with(session: Session, token_hash: str) -> Chat:
    """The chat that a token of this hash opens. Raises ChatNotFound."""
    row = session.execute(OPENED, {"token": token_hash}).first()
    if row is None:
        raise ChatNotFound(ChatNotFound.__doc__)
    return row_of(Chat, row)


def playbook_of(session: Session, version: str) -> Playbook:
    """The playbook of this version as it stood then; the shipped one where its text is not kept."""
    return kept_playbook(session.execute(TEXT, {"version": version}).scalar())


def language_of(request: Request) -> str:
    """The language this browser asks for."""
    return language_in(request.headers.get("accept-language", ""))


def language_in(accept_language: str) -> str:
    """The language a browser asks for, of the two we speak."""
    return "en" if accept_language.lower().startswith("en") else "ja"
