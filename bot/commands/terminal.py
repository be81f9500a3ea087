"""Other people's text on a terminal."""

from rich.markup import escape

from bot.typed import in_one_line


def printable(text: str) -> str:
    """Without control characters, which could rewrite the terminal; in one line."""
    return in_one_line(text)


def plain(cell: str | None) -> str:
    """Prospects' text where markup is read: no markup, no control characters; a dash for nothing."""
    return escape(printable(cell or "-"))
