"""Text in a cell that a spreadsheet must show and never calculate, and the same text back again.

A cell that begins like a formula gets an apostrophe in front, which spreadsheets take as "this is text". What nobody
sees does not count as its beginning: programs drop it on the way.
Both ways are exact: what was written is what is read, also when it began with an apostrophe by itself.
"""

import re
import unicodedata

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%", "＝", "＋", "－", "＠", "−")
LINE = "\t\r\n"
TEXT_MARK = "'"
_BELOW_ZERO = re.compile(r"-(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{1,15})?")
MARKS = ("Mn", "Me")  # drawn over the letter before, and there is none


def _begins_like_a_formula(text: str) -> bool:
    first = next(filter(is_seen, text.lstrip(TEXT_MARK)), "")
    return unicodedata.normalize("NFKC", first) in FORMULA


def is_seen(letter: str) -> bool:
    """Tab and line end count: a spreadsheet takes them for the end of the cell before."""
    if letter in LINE:
        return True
    return letter.isprintable() and not letter.isspace() and unicodedata.category(letter) not in MARKS


def shown(text: str) -> str:
    """The text as it may stand in a cell; a number below zero stays one."""
    return TEXT_MARK + text if not _BELOW_ZERO.fullmatch(text) and _begins_like_a_formula(text) else text


def meant(cell: str) -> str:
    """The text a cell stands for; `meant(shown(text)) == text`."""
    return cell[1:] if cell.startswith(TEXT_MARK) and _begins_like_a_formula(cell) else cell
