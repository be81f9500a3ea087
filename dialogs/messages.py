"""What was said, message by message, as it is shown; turns keep what was said at one instant together.

"greeting"                                                  the bot, nothing but a prompt
{"prompt": "understood", "facts": {"answers": {"need": ..}}}
{"prompt": "by_when", "choices": ["by_when", "undecided"]}  whose words they are, and the quick replies
{"text": "..."}                                             the prospect; a rep is named by "by"
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from dialogs.records import Turn
from qualification.answers import PROSPECT
from qualification.events import BOT
from qualification.records import JsonDict

ANSWERS = "answers"
Kept = JsonDict | str


class Message(NamedTuple):
    """One message. What a person typed is kept as typed; what the bot says is a prompt key and its facts."""

    seq: int
    sender: str
    at: datetime
    text: str | None = None
    prompt: str | None = None
    facts: JsonDict | None = None
    choices: JsonDict | None = None

    def kept(self) -> Kept:
        """As a turn keeps it: without what the turn knows, and without what goes without saying."""
        if self.prompt and self.sender == BOT and not (self.text or self.facts or self.choices):
            return self.prompt
        told = {
            "by": self.sender if self.sender != (BOT if self.prompt else PROSPECT) else None,
            "text": self.text,
            "prompt": self.prompt,
            "facts": _folded(self.facts) if self.facts else None,
            "choices": [self.choices["of"], *self.choices["values"]] if self.choices else None,
        }
        return {name: value for name, value in told.items() if value}


def messages_of(turns: Iterable[Turn]) -> Iterator[Message]:
    """Their messages, in order."""
    for turn in turns:
        for seq, kept in enumerate(turn.said, start=turn.first):
            yield _message(seq, turn.at, {"prompt": kept} if isinstance(kept, str) else kept)


def _message(seq: int, at: datetime, kept: Mapping[str, Any]) -> Message:
    prompt, facts, choices = kept.get("prompt"), kept.get("facts"), kept.get("choices")
    return Message(
        seq=seq,
        sender=kept.get("by") or (BOT if prompt else PROSPECT),
        at=at,
        text=kept.get("text"),
        prompt=prompt,
        facts=_unfolded(facts) if facts else None,
        choices={"of": choices[0], "values": choices[1:]} if choices else None,
    )


def _folded(facts: JsonDict) -> JsonDict:
    """There is one answer at most to a topic."""
    if ANSWERS not in facts:
        return facts
    return facts | {ANSWERS: {one["topic"]: one["value"] for one in facts[ANSWERS]}}


def _unfolded(facts: JsonDict) -> JsonDict:
    if ANSWERS not in facts:
        return facts
    return facts | {ANSWERS: [{"topic": topic, "value": value} for topic, value in facts[ANSWERS].items()]}
