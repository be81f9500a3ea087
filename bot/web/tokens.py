"""The tokens by which a visitor's talk or form is known again: made here, shown to them alone, and kept as a hash."""

import base64
import hashlib
import re
import secrets

TOKEN = re.compile(r"[A-Za-z0-9_-]{20,200}")


def new_token() -> str:
    """256 bits nobody can guess, fit for a header, a cookie and an address."""
    return secrets.token_urlsafe(32)


def is_token(text: str) -> bool:
    """Whether it may be one of ours, and fits where one is kept: a cookie holds no other letters."""
    return TOKEN.fullmatch(text) is not None


def bearer_in(authorization: str) -> str:
    """The token of an Authorization header; "" when it holds none."""
    kind, _, token = authorization.partition(" ")
    return token if kind.lower() == "bearer" and is_token(token) else ""


def hash_of(token: str) -> str:
    """What is kept of a token. Half a hash, 128 bits, is more than anybody can try."""
    digest = hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
    return base64.urlsafe_b64encode(digest[: len(digest) // 2]).decode().rstrip("=")
