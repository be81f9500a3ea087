"""A kept talk in the words the widget shows: prompts rendered, quick replies labelled, people quoted as typed."""

from functools import lru_cache
from typing import Any, cast

from bot.words import Words
from dialogs.messages import Message
from dialogs.reading.found import Language
from dialogs.receipt import MAIL_COPY
from dialogs.turn import Reply


def chat_talk(words: Words, reply: Reply) -> dict[str, Any]:
    """The answer of the chat API: messages, and where the talk stands."""
    return {
        "messages": [chat_message(words, message, reply.language) for message in reply.messages],
        "language": reply.language,
        "state": reply.state,
        "question": reply.question,
        "person": reply.person,
        "typing": reply.typing,
        "tracking": reply.tracking,
    }


def chat_message(words: Words, message: Message, language: str) -> dict[str, Any]:
    """One message in the shape of the chat API."""
    tongue = cast(Language, language)
    return {
        "seq": message.seq,
        "from": message.sender,
        "name": (message.facts or {}).get("name") if message.sender == "rep" else None,
        "text": message_text(words, message, tongue),
        "choices": _choices(words, message, tongue),
        "at": message.at,
    }


def message_text(words: Words, message: Message, language: Language) -> str:
    """What the bot's prompt says, what was typed, or the label of the quick reply that was pressed."""
    if message.prompt is not None:
        return words.prompt(message.prompt, language, message.facts or {}, message.at)
    if message.text is not None:
        return message.text
    facts = message.facts or {}
    return words.choice(facts.get("of", "common"), facts.get("value", ""), language)


def _choices(words: Words, message: Message, language: Language) -> list[dict[str, str]] | None:
    if not message.choices:
        return None
    of, values = message.choices["of"], message.choices["values"]
    kept = [value for value in values if value != MAIL_COPY or words.can_mail]
    return _offered(words, of, tuple(kept), language) or None


@lru_cache(maxsize=500)
def _offered(words: Words, of: str, values: tuple[str, ...], language: Language) -> list[dict[str, str]]:
    """The quick replies of a question are the same for everybody."""
    return [{"value": value, "label": words.choice(of, value, language)} for value in values]
