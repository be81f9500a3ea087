"""What can go wrong at the web door, as JSON a program can read and a person can understand."""

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import DBAPIError
from starlette.exceptions import HTTPException

from bot.web.forms import FormUnknown
from bot.web.rates import TooOften
from dialogs.playbook import BadPlaybook
from dialogs.turn import ChatIsFull, ChatNotFound, TooLong
from qualification.activities import BeforeAnyLead, IdOfAnotherKind, NotYetHappened, UnknownKind
from qualification.deals import NoDealYet, NothingWon
from qualification.leads import LeadNotFound
from qualification.receipt import ReceiptUnknown
from qualification.sightings import NotAgreed, NothingSaidYet
from qualification.store import Busy, Unavailable
from qualification.tombstones import DataErased

KNOWN: dict[type[Exception], tuple[int, str]] = {
    ChatNotFound: (401, "unknown_token"),
    TooLong: (422, "too_long"),
    ChatIsFull: (409, "chat_is_full"),
    IdOfAnotherKind: (409, "id_used_before"),
    BadPlaybook: (422, "unknown_playbook"),
    FormUnknown: (404, "unknown_form"),
    LeadNotFound: (404, "lead_not_found"),
    DataErased: (410, "erased"),
    NoDealYet: (409, "no_deal_yet"),
    NothingWon: (409, "nothing_won"),
    UnknownKind: (422, "unknown_activity"),
    NotYetHappened: (422, "not_yet_happened"),
    BeforeAnyLead: (422, "before_any_lead"),
    ReceiptUnknown: (404, "unknown_link"),
    TooOften: (429, "too_often"),
    NothingSaidYet: (409, "nothing_said_yet"),
    NotAgreed: (403, "not_agreed"),
    Busy: (503, "busy"),
    Unavailable: (503, "unavailable"),
}
UNREADABLE = "the body cannot be read: send JSON in UTF-8, not compressed"
ANSWERED: tuple[type[Exception], ...] = (*KNOWN, DBAPIError)


def problem(status: int, error: str, message: str, headers: dict[str, str] | None = None) -> JSONResponse:
    return JSONResponse({"error": error, "message": message}, status_code=status, headers=headers)


class CutOff(Exception):
    """A request that is not read to its end; whoever cut it off answers it."""


def register(app: FastAPI) -> None:
    for kind in KNOWN:
        app.add_exception_handler(kind, _known)
    app.add_exception_handler(RequestValidationError, _malformed)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(DBAPIError, _known)


def answer_to(error: Exception) -> JSONResponse:
    """What to answer to one of `ANSWERED`."""
    if isinstance(error, DBAPIError):
        return problem(503, "unavailable", Unavailable.__doc__ or "", {"Retry-After": str(Unavailable.retry_after)})
    status, name = KNOWN[type(error)]
    headers = {"Retry-After": str(error.retry_after)} if isinstance(error, (Busy, Unavailable, TooOften)) else None
    return problem(status, name, str(error), headers)


async def _known(request: Request, error: Exception) -> JSONResponse:
    return answer_to(error)


async def _malformed(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"] if part != "body")
    return problem(422, "malformed", f"{place}: {first['msg']}" if place else str(first["msg"]))


async def _http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    name = _NAMES.get(error.status_code, "error")
    said = UNREADABLE if error.status_code == 400 else str(error.detail)
    return problem(error.status_code, name, said, dict(error.headers or {}))


_NAMES = {
    400: "malformed",
    401: "unauthorized",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
}
