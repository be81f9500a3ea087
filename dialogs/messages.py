"""What was said, message by message, as it is shown; turns keep what was said at one instant together.

"> ..."                                            the prospect, as typed
{"chosen": ["common", "confirm"]}                  the prospect took a quick reply: whose words it has, and which
"greeting"                                         the bot, nothing but a prompt
"by_when?"                                         ... which asks a question of the playbook, with its quick replies
{"understood": {"answers": {"need": ..}}}          ... with its facts
{"stopped": {}, "choices": ["common", "yes"]}      ... with other quick replies: whose words they have, and which
{"by": "rep", "text": "...", "facts": {..}}        whatever is none of these, in full
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from dialogs.playbook import Playbook, Question
from dialogs.records import Turn
from dialogs.reply import quick_replies
from qualification.answers import PROSPECT
from qualification.events import BOT
from qualification.records import JsonDict

ANSWERS = "answers"
TYPED = "> "
ASKS = "?"
AGAIN = "_again"
IN_FULL = frozenset({"by", "text", "prompt", "facts", "choices", "chosen"})
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

    def kept(self, playbook: Playbook | None = None) -> Kept:
        """As a turn keeps it: without what the turn and the playbook know, and without what goes without saying."""
        if self.sender == PROSPECT and not (self.prompt or self.choices):
            if self.text is not None and not self.facts:
                return TYPED + self.text
            if self.text is None and self.facts and self.facts.keys() == {"of", "value"}:
                return {"chosen": [self.facts["of"], self.facts["value"]]}
        if self.prompt and self.sender == BOT and self.text is None and self.prompt not in IN_FULL:
            return self._kept_prompt(self.prompt, playbook)
        told = {
            "by": self.sender if self.sender != (BOT if self.prompt else PROSPECT) else None,
            "text": self.text,
            "prompt": self.prompt,
            "facts": _folded(self.facts) if self.facts else None,
            "choices": _listed(self.choices) if self.choices else None,
        }
        return {name: value for name, value in told.items() if value}

    def _kept_prompt(self, prompt: str, playbook: Playbook | None) -> Kept:
        choices = self.choices
        if choices and choices == _replies_to(prompt, playbook):
            prompt, choices = prompt + ASKS, None
        if not (self.facts or choices):
            return prompt
        kept: JsonDict = {prompt: _folded(self.facts) if self.facts else {}}
        return kept | {"choices": _listed(choices)} if choices else kept


def messages_of(turns: Iterable[Turn], playbook: Playbook | None) -> Iterator[Message]:
    """Their messages, in order. `playbook` is the one their talk began with; without it questions come without their
    quick replies, for who needs no more than the words.
    """
    for turn in turns:
        for seq, kept in enumerate(turn.said, start=turn.first):
            yield _message(seq, turn.at, kept, playbook)


def _message(seq: int, at: datetime, kept: Kept, playbook: Playbook | None) -> Message:
    if isinstance(kept, dict):
        return _unfolded_message(seq, at, kept, playbook)
    if kept.startswith(TYPED):
        return Message(seq=seq, sender=PROSPECT, at=at, text=kept.removeprefix(TYPED))
    return _said_by_bot(seq, at, kept, {}, None, playbook)


def _unfolded_message(seq: int, at: datetime, kept: JsonDict, playbook: Playbook | None) -> Message:
    prompt = next((name for name in kept if name not in IN_FULL), None)
    if prompt is not None:
        return _said_by_bot(seq, at, prompt, kept[prompt], kept.get("choices"), playbook)
    if chosen := kept.get("chosen"):
        return Message(seq=seq, sender=PROSPECT, at=at, facts={"of": chosen[0], "value": chosen[1]})
    facts, choices = kept.get("facts"), kept.get("choices")
    return Message(
        seq=seq,
        sender=kept.get("by") or (BOT if kept.get("prompt") else PROSPECT),
        at=at,
        text=kept.get("text"),
        prompt=kept.get("prompt"),
        facts=_unfolded(facts) if facts else None,
        choices=_offered(choices) if choices else None,
    )


def _said_by_bot(
    seq: int, at: datetime, prompt: str, facts: JsonDict, choices: list[str] | None, playbook: Playbook | None
) -> Message:
    asks, prompt = prompt.endswith(ASKS), prompt.removesuffix(ASKS)
    return Message(
        seq=seq,
        sender=BOT,
        at=at,
        prompt=prompt,
        facts=_unfolded(facts) if facts else None,
        choices=_replies_to(prompt, playbook) if asks else _offered(choices) if choices else None,
    )


def last_asked(said: Sequence[Kept], playbook: Playbook) -> str | None:
    """The topic of the question with which these words end, if they end with one of the playbook."""
    kept = said[-1] if said else ""
    last = kept if isinstance(kept, str) else next(iter(kept))
    question = _question_of(last.removesuffix(ASKS), playbook) if last.endswith(ASKS) else None
    return question.about.value if question else None


def _question_of(prompt: str, playbook: Playbook) -> Question | None:
    """The question that this prompt asks, for the first time or again."""
    key = prompt.removesuffix(AGAIN)
    return next((one for one in playbook.questions if one.key == key), None)


def _replies_to(prompt: str, playbook: Playbook | None) -> JsonDict | None:
    """The quick replies of the question that this prompt asks; put together once, as a version never changes."""
    if playbook is None:
        return None
    name = playbook.version, prompt
    if name not in _REPLIES:
        question = _question_of(prompt, playbook)
        _REPLIES[name] = quick_replies(question).as_json() if question else None
    return _REPLIES[name]


_REPLIES: dict[tuple[str, str], JsonDict | None] = {}


def _listed(choices: JsonDict) -> list[str]:
    return [choices["of"], *choices["values"]]


def _offered(choices: list[str]) -> JsonDict:
    return {"of": choices[0], "values": choices[1:]}


def _folded(facts: Mapping[str, Any]) -> JsonDict:
    """There is one answer at most to a topic."""
    if ANSWERS not in facts:
        return {**facts}
    return {**facts, ANSWERS: {one["topic"]: one["value"] for one in facts[ANSWERS]}}


def _unfolded(facts: JsonDict) -> JsonDict:
    if ANSWERS not in facts:
        return facts
    return facts | {ANSWERS: [{"topic": topic, "value": value} for topic, value in facts[ANSWERS].items()]}
