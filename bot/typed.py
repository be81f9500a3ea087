"""Text as it comes in by any door. PostgreSQL keeps every character but the null character: a blank stands for it."""

from typing import Any

from pydantic import AfterValidator

NUL = "\x00"


def without_nul(text: str) -> str:
    return text.replace(NUL, " ")


def in_one_line(text: str) -> str:
    """The text without what nobody sees: control characters, marks of direction, half letters; plain blanks alone."""
    return "".join(letter if letter.isprintable() else " " if letter.isspace() else "" for letter in text)


def readable(text: str) -> str:
    """The same for a text of several lines, which stay lines."""
    return "\n".join(map(in_one_line, text.splitlines())).strip()


def nowhere_nul(sent: Any) -> Any:
    """The same for every text of a JSON value; the keys are those of a sender we know."""
    if isinstance(sent, str):
        return without_nul(sent)
    if isinstance(sent, dict):
        return {key: nowhere_nul(value) for key, value in sent.items()}
    return [nowhere_nul(value) for value in sent] if isinstance(sent, list) else sent


WITHOUT_NUL = AfterValidator(without_nul)
"""Stands behind the limits of a text in a request: pydantic refuses half a letter only where it checks them first."""
