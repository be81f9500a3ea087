"""What the tests of our words say things with: the firm, the day, and values as facts of a talk."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.words import Words
from qualification.bant import (
    Topic,
    Value,
    to_json,
)

TOKYO = ZoneInfo("Asia/Tokyo")
FRIDAY_NOON = datetime(2026, 5, 15, 12, 0, tzinfo=TOKYO)
WORDS = Words(TOKYO, company="アサヒ精機")
LANGUAGES = ("ja", "en")
YEN = "JPY"


def day(text: str) -> Any:
    return datetime.fromisoformat(text).date()


def fact(value: Value) -> dict[str, Any]:
    topic = Topic(type(value).__name__.lower())
    return {"topic": topic.value, "value": to_json(topic, value), "words": ""}


def noted(value: Value, language: str, now: datetime | None = None) -> str:
    answer = fact(value)
    return WORDS.answer(answer["topic"], answer["value"], language, now)


def prompt(key: str, language: str, **facts: Any) -> str:
    return WORDS.prompt(key, language, facts, FRIDAY_NOON)


# -- values --------------------------------------------------------------------------------------
