"""What was said in a chat, as the lead's thread shows it: literal text, so that nothing in it can call or link (S6)."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, cast

from sqlmodel import Session, col, select

from bot.in_words.chat import message_text
from bot.slack import blocks
from bot.slack.blocks import Json
from bot.slack.voice import Voice
from dialogs.messages import Message, messages_of
from dialogs.mirror import PROSPECT_ONLY
from dialogs.reading.found import Language
from dialogs.records import Turn
from qualification.answers import PROSPECT

REP = "rep"
LATEST = 24
LONGEST_OF_MANY = 400


def said_in(session: Session, payload: Mapping[str, Any]) -> Sequence[Message]:
    """The messages of an errand, in order; what a rep wrote stands in the thread already."""
    first, last = payload["first"], payload["last"]
    turns = select(Turn).where(Turn.chat_id == payload["chat"], Turn.last >= first, Turn.first <= last)
    said = messages_of(session.exec(turns.order_by(col(Turn.first))), None)
    whole = [message for message in said if first <= message.seq <= last and message.sender != REP]
    if payload["whose"] == PROSPECT_ONLY:
        return [message for message in whole if message.sender == PROSPECT]
    return whole


def overview(said: Sequence[Message], payload: Mapping[str, Any], voice: Voice) -> Json:
    """One post: each message as a paragraph of its own, the prospect's whole words, of a long talk the end."""
    whole = payload["whose"] == PROSPECT_ONLY
    shown = said if whole else said[-LATEST:]
    texts = [(message.sender, message_text(voice.words, message, cast(Language, voice.language))) for message in shown]
    paragraphs = [
        _paragraph(sender, text if whole else blocks.cut(text, LONGEST_OF_MANY), voice) for sender, text in texts
    ]
    if len(shown) < len(said):
        paragraphs.insert(0, blocks.rich(blocks.literal(blocks.ELLIPSIS)))
    words = "\n".join(voice.says("in_the_chat", who=_who(sender, voice), words=text) for sender, text in texts)
    return blocks.message(words, paragraphs)


def _paragraph(sender: str, text: str, voice: Voice) -> Json:
    before, _, after = voice.says("in_the_chat", who="\0", words="\1").partition("\1")
    name = before.replace("\0", _who(sender, voice))
    return blocks.rich(blocks.literal(name, bold=True), *map(blocks.literal, _pieces(text)), *_literal(after))


def _literal(text: str) -> list[Json]:
    return [blocks.literal(text)] if text else []


def _pieces(text: str) -> Iterator[str]:
    """A text longer than one element may be."""
    letters = iter(text)
    while piece := "".join(islice(letters, blocks.SECTION)):
        yield piece


def _who(sender: str, voice: Voice) -> str:
    return voice.label("actor", sender)
