"""Other people's text on a terminal."""

from rich.markup import escape


def printable(text: str) -> str:
    """Without control characters, which could rewrite the terminal."""
    return "".join(letter for letter in text if letter.isprintable())


def plain(cell: str | None) -> str:
    """Prospects' text where markup is read: no markup, no control characters; a dash for nothing."""
    return escape(printable(cell or "-"))
