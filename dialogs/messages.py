"""What was said, message by message, as it is shown; turns keep what was said at one instant together."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple

from dialogs.records import Turn
from qualification.records import JsonDict


class Message(NamedTuple):
    """One message. What a person typed is kept as typed; what the bot says is a prompt key and its facts."""

    seq: int
    sender: str
    at: datetime
    text: str | None = None
    prompt: str | None = None
    facts: JsonDict | None = None
    choices: JsonDict | None = None

    def kept(self) -> JsonDict:
        """As a turn keeps it, without what the turn knows."""
        told = {
            "by": self.sender,
            "text": self.text,
            "prompt": self.prompt,
            "facts": self.facts,
            "choices": self.choices,
        }
        return {name: value for name, value in told.items() if value}


def messages_of(turns: Iterable[Turn]) -> Iterator[Message]:
    """Their messages, in order."""
    for turn in turns:
        for seq, kept in enumerate(turn.said, start=turn.first):
            yield Message(
                seq=seq,
                sender=kept["by"],
                at=turn.at,
                text=kept.get("text"),
                prompt=kept.get("prompt"),
                facts=kept.get("facts"),
                choices=kept.get("choices"),
            )
