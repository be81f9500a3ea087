"""Which pages may hold the chat: all, or those the settings name. Browsers say where a page is from (Origin)."""

from collections.abc import Collection

from starlette.types import Scope

CHAT_API = "/api/chat"
VARY = (b"vary", b"Origin")
EXPOSE = (b"access-control-expose-headers", b"Retry-After")

Shared = list[tuple[bytes, bytes]]


def is_foreign(scope: Scope, allowed: Collection[str]) -> bool:
    """Whether a page of a site that is not named asks. Programs name no origin; our own pages are no strangers."""
    if not allowed or not (origin := header(scope, b"origin").decode("latin-1")):
        return False
    own = f"{scope['scheme']}://{header(scope, b'host').decode('latin-1')}"
    return origin not in allowed and origin != own


def shared_with(scope: Scope, allowed: Collection[str]) -> Shared:
    """The headers that let the asking page read an answer given in front of the application, refusals too."""
    return shared_with_origin(header(scope, b"origin"), allowed)


def shared_with_origin(origin: bytes, allowed: Collection[str]) -> Shared:
    """The same for whoever has looked at the headers; `origin` is b"" where none was named."""
    if not origin:
        return [VARY]
    if not allowed:
        return [(b"access-control-allow-origin", b"*"), EXPOSE, VARY]
    named = origin.decode("latin-1") in allowed
    return [(b"access-control-allow-origin", origin), EXPOSE, VARY] if named else [VARY]


def header(scope: Scope, wanted: bytes) -> bytes:
    """The first header of this name (in small letters), as it came; b"" for none."""
    for name, value in scope["headers"]:
        if name == wanted:
            found: bytes = value
            return found
    return b""
