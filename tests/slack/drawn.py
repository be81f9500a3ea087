"""What was drawn for Slack, read back as people and programs read it."""

from collections.abc import Iterator
from typing import Any

from bot.bootstrap import Services
from bot.slack.voice import Voice
from tests.desk import MONDAY_TEN

TEXT_BUDGET = 12_000
EVENT = {"by": "prospect", "at": MONDAY_TEN.isoformat()}
LANGUAGES = ["ja", "en"]


def voice_of(services: Services, language: str) -> Voice:
    return Voice(words=services.words, language=language, now=services.clock())


def marked_texts(node: Any) -> Iterator[str]:
    """Every text that Slack reads as markup."""
    if isinstance(node, dict):
        if node.get("type") == "mrkdwn":
            yield node["text"]
        for value in node.values():
            yield from marked_texts(value)
    elif isinstance(node, list):
        for value in node:
            yield from marked_texts(value)


def plain_texts(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if node.get("type") in ("plain_text", "text") and isinstance(node.get("text"), str):
            yield node["text"]
        for value in node.values():
            yield from plain_texts(value)
    elif isinstance(node, list):
        for value in node:
            yield from plain_texts(value)
