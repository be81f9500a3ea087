"""Other people's text on a terminal."""


def plain(cell: str | None) -> str:
    """Prospects' text on a terminal: no markup, no control characters; a dash for nothing."""
    return "".join(letter for letter in (cell or "-") if letter.isprintable()).replace("[", "\\[")
