"""Which pages may hold the chat: all, or those the settings name. Browsers say where a page is from (Origin)."""

from collections.abc import Collection

from starlette.datastructures import Headers
from starlette.types import Scope

CHAT_API = "/api/chat"

Shared = list[tuple[bytes, bytes]]


def is_foreign(scope: Scope, allowed: Collection[str]) -> bool:
    """Whether a page of a site that is not named asks. Programs name no origin; our own pages are no strangers."""
    if not allowed:
        return False
    headers = Headers(scope=scope)
    origin = headers.get("origin")
    own = f"{scope['scheme']}://{headers.get('host', '')}"
    return origin is not None and origin not in allowed and origin != own


def shared_with(scope: Scope, allowed: Collection[str]) -> Shared:
    """The headers that let the asking page read an answer given in front of the application, refusals too."""
    origin = Headers(scope=scope).get("origin")
    if origin is None:
        return []
    expose = (b"access-control-expose-headers", b"Retry-After")
    if not allowed:
        return [(b"access-control-allow-origin", b"*"), expose]
    vary = (b"vary", b"Origin")
    return [(b"access-control-allow-origin", origin.encode("latin-1")), vary, expose] if origin in allowed else [vary]
