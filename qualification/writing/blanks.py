"""JSON with blanks: written once for thousands of rows that differ in a few plain words, and filled in for each."""

from typing import Any

from qualification.database import Written, as_json
from qualification.ids import random_id

BLANK = f"<{random_id()}>"  # another one in each process: no name and no rule can hold it


class Form:
    """A value whose blanks stand where each row has a word of its own, which needs no escape: an id, an instant."""

    def __init__(self, value: Any) -> None:
        self._text = as_json(value).replace("%", "%%").replace(BLANK, "%s")

    def filled(self, words: tuple[str, ...]) -> Written:
        """With the words in place of the blanks, in their order."""
        return Written(self._text % words)
