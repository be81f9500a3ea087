"""The pages behind the links of a receipt: a sentence and one button each, in both languages, without script (N3).

    /nobody-called/TOKEN   /sooner/TOKEN   /correct/TOKEN

Mail programs follow links to look at them: to look changes nothing, only the button does. A page knows nothing about
the lead but its language and what was promised.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from bot.bootstrap import Services
from bot.web.pages import is_sent_from_elsewhere, page_called
from bot.web.plain_chat import PlainChat
from bot.web.tokens import hash_of, new_token
from bot.words import LANGUAGES
from dialogs.again import open_again
from dialogs.live import NoChat
from qualification.followup import Status, latest_follow_up_of
from qualification.receipt import Heard, ReceiptUnknown, lead_of, nobody_called, sooner_please
from qualification.store import Transaction
from qualification.writing.waiting_line import Lane

UNKNOWN = "unknown_link"
TELLING: dict[str, Callable[[Transaction, str], Heard]] = {
    "nobody-called": nobody_called,
    "sooner": sooner_please,
}
PAGE = page_called("receipt")


@dataclass(frozen=True, kw_only=True)
class PageFacts:
    """What a page may say: the lead's language, by when somebody calls, and what came of the press ("": not yet)."""

    language: str
    due_at: datetime | None = None
    heard: str = ""


def receipt_routes(services: Services, chat: PlainChat) -> APIRouter:
    routes = APIRouter(tags=["receipt"], default_response_class=HTMLResponse)
    pages = ReceiptPages(services, chat)
    for place in TELLING:
        routes.add_api_route(f"/{place}/{{token}}", pages.look(place), methods=["GET"], name=f"see {place}")
        routes.add_api_route(f"/{place}/{{token}}", pages.tell(place), methods=["POST"], name=f"say {place}")
    routes.add_api_route("/correct/{token}", pages.look("correct"), methods=["GET"], name="see correct")
    routes.add_api_route("/correct/{token}", pages.correct, methods=["POST"], response_model=None)
    return routes


class ReceiptPages:
    def __init__(self, services: Services, chat: PlainChat) -> None:
        self._services = services
        self._chat = chat

    def look(self, place: str) -> Callable[..., object]:
        async def look(token: str) -> HTMLResponse:
            """The question, in the lead's language and the other. 404 for a link that belongs to no lead."""
            return await self._look(place, token)

        return look

    async def _look(self, place: str, token: str) -> HTMLResponse:
        try:
            standing = await self._services.store.run(lambda tx: _standing(tx, token), lane=Lane.VISITORS)
        except ReceiptUnknown:
            return self._unknown()
        return self._page(place, standing)

    def tell(self, place: str) -> Callable[..., object]:
        async def tell(token: str) -> HTMLResponse:
            """Say it; pressing again says nothing more."""

            def work(tx: Transaction) -> PageFacts:
                return _standing(tx, token, heard=TELLING[place](tx, token))

            try:
                standing = await self._services.store.run(work, lane=Lane.VISITORS)
            except ReceiptUnknown:
                return self._unknown()
            return self._page(place, standing)

        return tell

    async def correct(self, request: Request, token: str) -> Response:
        """Open the chat at its read-back; works on another device, too. A form of another site only looks: nobody is
        put into a talk that is not theirs.
        """
        if is_sent_from_elsewhere(request, self._services.settings.bantline_url):
            return await self._look("correct", token)
        opens = new_token()
        try:
            hashed = hash_of(opens)
            await self._services.store.run(lambda tx: open_again(tx, token, again_hash=hashed), lane=Lane.VISITORS)
        except (ReceiptUnknown, NoChat):
            return self._unknown()
        return await self._chat.opened_by(request, opens)

    def _unknown(self) -> HTMLResponse:
        return self._page(UNKNOWN, PageFacts(language=self._services.settings.language), status=404)

    def _page(self, place: str, standing: PageFacts, status: int = 200) -> HTMLResponse:
        """Both languages on one page, the lead's first; the button only while there is something to press."""
        words, now, name = self._services.words, self._services.clock(), place.replace("-", "_")
        facts = {"heard": standing.heard, "due_at": standing.due_at}
        order = sorted(LANGUAGES, key=lambda one: one != standing.language)
        says = [
            {
                "language": one,
                "title": words.label("receipt", f"{name}_title", one),
                "text": words.page(name, one, facts, now),
                "button": words.label("receipt", "to_the_chat" if place == UNKNOWN else f"{name}_button", one),
            }
            for one in order
        ]
        page = PAGE.render(
            says=says, company=words.company, heard=standing.heard, unknown=place == UNKNOWN, language=order[0]
        )
        return HTMLResponse(page, status_code=status)


def _standing(tx: Transaction, token: str, heard: str = "") -> PageFacts:
    lead = lead_of(tx, token)
    clock = latest_follow_up_of(tx, lead)
    runs = clock is not None and clock.status == Status.OPEN
    return PageFacts(language=lead.language, due_at=clock.due_at if clock and runs else None, heard=heard)
