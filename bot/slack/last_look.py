"""The last moment in which a message can still be kept back: when its bytes are about to leave.

Between the claim of an errand and its post lie a queue, a connection and a handshake. A process that stood still in one
of them may wake when somebody else has posted long ago (R4). So the claim is looked at once more when everything is
ready and nothing has been sent; between that look and the network lies one system call.
"""

import contextlib
import re
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from types import SimpleNamespace

import aiohttp

from bot.delivery import OutcomeUnknown, RetryLater
from bot.trails import here

Look = Callable[[], None]
METHOD = re.compile(r"[a-zA-Z]+(\.[a-zA-Z]+)+")  # chat.postMessage; a response_url ends with a secret


@dataclass
class _Guard:
    look: Look
    refused: RetryLater | None = None


_guarding: ContextVar[_Guard | None] = ContextVar("last_look", default=None)


def slack_session(seconds: float) -> aiohttp.ClientSession:
    """A session that takes a last look before the bytes of a request leave; `seconds` for a whole request."""
    watch = aiohttp.TraceConfig()
    watch.on_request_start.append(_calls)
    watch.on_request_end.append(_answered)
    watch.on_request_exception.append(_failed)
    watch.on_request_chunk_sent.append(_before_the_bytes)  # aiohttp calls it before it writes; a test holds it to that
    return aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=seconds), trace_configs=[watch])


async def _calls(
    _session: aiohttp.ClientSession, call: SimpleNamespace, start: aiohttp.TraceRequestStartParams
) -> None:
    named = start.url.name
    call.trail = here().part("slack_call", method=named if METHOD.fullmatch(named) else "response_url")


async def _answered(_session: aiohttp.ClientSession, call: SimpleNamespace, end: aiohttp.TraceRequestEndParams) -> None:
    call.trail.tell(status=end.response.status)
    call.trail.end()


async def _failed(
    _session: aiohttp.ClientSession, call: SimpleNamespace, failed: aiohttp.TraceRequestExceptionParams
) -> None:
    call.trail.end(failed.exception)


async def _before_the_bytes(
    _session: aiohttp.ClientSession, _context: SimpleNamespace, _chunk: aiohttp.TraceRequestChunkSentParams
) -> None:
    guard = _guarding.get()
    if guard is None:
        return
    try:
        guard.look()
    except RetryLater as kept_back:
        guard.refused = kept_back
        raise


@contextlib.contextmanager
def last_look(look: Look) -> Iterator[None]:
    """Around one request: `look` raises RetryLater to keep it back, and whoever asked hears just that."""
    guard = _Guard(look)
    token = _guarding.set(guard)
    try:
        yield
    except OutcomeUnknown:
        if guard.refused is not None:
            raise guard.refused from None
        raise
    finally:
        _guarding.reset(token)
