"""How far a long proof has come, on the standard error: one living line at a terminal, a line now and then in a log."""

import sys
import time

EVERY = 10.0  # seconds, where nobody looks on

_said_at = 0.0


def says(text: str) -> None:
    global _said_at
    if sys.stderr.isatty():
        print(f"\r\033[K  {text}", end="", file=sys.stderr, flush=True)
    elif time.monotonic() - _said_at > EVERY:
        print(f"  {text}", file=sys.stderr, flush=True)
        _said_at = time.monotonic()


def is_over() -> None:
    """The proof has ended; its own line follows."""
    if sys.stderr.isatty():
        print("\r\033[K", end="", file=sys.stderr, flush=True)
