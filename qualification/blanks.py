"""JSON with blanks: written once for thousands of rows that differ in a few plain words, and filled in for each."""

from typing import Any

from qualification.database import Written, as_json

BLANK = "\x00"  # no text of ours holds one: PostgreSQL would not keep it
_AS_WRITTEN = as_json(BLANK).strip('"')


class Form:
    """A value whose blanks stand where each row has a word of its own, which needs no escape: an id, an instant."""

    def __init__(self, value: Any) -> None:
        self._text = as_json(value).replace("%", "%%").replace(_AS_WRITTEN, "%s")

    def filled(self, words: tuple[str, ...]) -> Written:
        """With the words in place of the blanks, in their order."""
        return Written(self._text % words)
