"""Text as it comes in by any door. PostgreSQL keeps every character but the null character: a blank stands for it."""

import json
from typing import Any

from pydantic import AfterValidator

NUL = "\x00"
BYTE_ORDER_MARK = "\ufeff"  # what programs on Windows put in front of a text
LARGEST_AMOUNT = 10**15  # of money, in yen, dollars, ...
YEARS = range(1970, 3000)  # in every zone the days before and after are days, too


def without_nul(text: str) -> str:
    return text.replace(NUL, " ")


def in_one_line(text: str) -> str:
    """The text without what nobody sees: control characters, marks of direction, half letters; plain blanks alone."""
    return "".join(letter if letter.isprintable() else " " if letter.isspace() else "" for letter in text)


def readable(text: str) -> str:
    """The same for a text of several lines, which stay lines."""
    return "\n".join(map(in_one_line, text.splitlines())).strip()


def json_line(value: Any) -> str:
    """One line of JSON; half a letter goes out as the escape it came in by."""
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "backslashreplace").decode()


def nowhere_nul(sent: Any) -> Any:
    """The same for every text of a JSON value; the keys are those of a sender we know."""
    if isinstance(sent, str):
        return without_nul(sent)
    if isinstance(sent, dict):
        return {key: nowhere_nul(value) for key, value in sent.items()}
    return [nowhere_nul(value) for value in sent] if isinstance(sent, list) else sent


WITHOUT_NUL = AfterValidator(without_nul)
"""Stands behind the limits of a text in a request: pydantic refuses half a letter only where it checks them first."""
