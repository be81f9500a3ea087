"""POST /api/chat/activities: which pages a prospect looked at, told by bot/web/static/track.js in batches.

The token of the chat stands in the body, since a beacon sent while leaving a page has no headers of its own. Nothing
is kept without a yes on record, and nothing before the prospect has said a first word: until then it stays in their
browser. No address is kept; what counts as one visitor is one browser with its token.
"""

from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from bot.bootstrap import Services
from bot.typed import WITHOUT_NUL
from bot.web.tokens import hash_of
from dialogs.receipt import decide_tracking
from dialogs.turn import chat_of
from dialogs.whose import lead_of
from qualification import sightings
from qualification.activities import NotYetHappened, Seen
from qualification.records import Lead
from qualification.sightings import NotAgreed, NothingSaidYet, NotOnAPage, TooLongAgo, TooMany
from qualification.store import Transaction

LARGEST = 16 * 1024
REFUSED = {
    NotOnAPage: "unknown_activity",
    TooLongAgo: "too_long_ago",
    TooMany: "too_many",
    NotYetHappened: "not_yet_happened",
}

Word = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Short = Annotated[str, Field(max_length=200), WITHOUT_NUL]

MOST = 2**53  # beyond it programs do not agree on a number
Count = Annotated[int, Field(ge=-MOST, le=MOST)]
Measured = Annotated[float, Field(ge=-MOST, le=MOST, allow_inf_nan=False)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Sighting(_Strict):
    """One thing seen or done. `id` is the browser's own, once for each; `page` an address without its query."""

    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]{1,64}$")]
    kind: Word
    at: AwareDatetime
    seconds: Annotated[int, Field(ge=0, le=86_400)] = 0
    page: Annotated[str, Field(max_length=500), WITHOUT_NUL] | None = None
    data: Annotated[dict[Word, Short | Count | Measured | bool], Field(max_length=12)] = {}

    def as_seen(self, source: str) -> Seen:
        given: dict[str, Any] = {"seconds": self.seconds, "page": self.page, "told": self.data}
        data = {name: value for name, value in given.items() if value}
        return Seen(source=source, id=self.id, kind=self.kind, at=self.at, data=data)


class Batch(_Strict):
    """What one browser tells. `wording` names the words of the site's own banner, where that asked."""

    token: Annotated[str, Field(min_length=20, max_length=200)]
    agreed: bool = True
    # Its length stands beside the pattern: in it, all letters there are would be kept sixty times over, 6 MB.
    wording: Annotated[str, Field(pattern=r"^[\w .:-]+$", max_length=60)] | None = None
    seen: Annotated[list[Sighting], Field(max_length=50)] = []


def tracking_routes(services: Services) -> APIRouter:
    routes = APIRouter(tags=["chat"])

    @routes.post("/api/chat/activities")
    async def tell(request: Request) -> dict[str, Any]:
        """Keep what is new, once for each id; 409 before the first word, 403 without consent."""
        batch = await _read(request)
        return await services.store.run(lambda tx: _keep(tx, batch))

    return routes


async def _read(request: Request) -> Batch:
    body = await request.body()
    if len(body) > LARGEST:
        raise HTTPException(413, f"a batch has at most {LARGEST} bytes")
    try:
        return Batch.model_validate_json(body)
    except ValidationError as wrong:
        raise RequestValidationError(wrong.errors(include_context=False, include_url=False)) from wrong


def _keep(tx: Transaction, batch: Batch) -> dict[str, Any]:
    chat = chat_of(tx, hash_of(batch.token))
    lead = lead_of(tx, chat)
    if lead is None:
        raise NothingSaidYet(NothingSaidYet.__doc__)
    if not batch.agreed or batch.wording is not None:
        decide_tracking(
            tx,
            chat,
            tx.get(Lead, chat.lead_id),
            agreed=batch.agreed,
            wording=batch.wording and f"site: {batch.wording}",
        )
    if not batch.agreed:
        return {"counted": 0, "refused": []}
    if not chat.tracking:
        raise NotAgreed(NotAgreed.__doc__)
    counted, refused = 0, []
    for one in batch.seen:
        try:
            counted += sightings.note(tx, lead, one.as_seen(sightings.source_of(chat.id)))
        except tuple(REFUSED) as problem:
            refused.append({"id": one.id, "error": REFUSED[type(problem)]})
    return {"counted": counted, "refused": refused}
