"""A prospect's own talk as a text to keep: what was said, understood, noted and agreed to, in their language."""

from collections.abc import Iterator, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from bot.words import Words


def talk_text(talk: Mapping[str, Any], words: Words) -> str:
    """The text of `bot.person.talk_json`; instants on the prospect's own clock, where we know it."""
    return "\n".join(_lines(talk, words)) + "\n"


def _lines(talk: Mapping[str, Any], words: Words) -> Iterator[str]:
    language, zone = talk["language"], ZoneInfo(talk["zone"]) if talk["zone"] else words.zone

    def say(key: str) -> str:
        return words.label("export", key, language)

    def at(moment: Any) -> str:
        return str(moment.astimezone(zone).strftime("%Y-%m-%d %H:%M"))

    yield f"{words.company or say('title')}  {at(talk['began_at'])} ({zone.key})"
    for message in talk["messages"]:
        yield f"\n[{at(message['at'])}] {message['name'] or words.label('plain_chat', message['from'], language)}"
        yield message["text"]
    facts = [fact for fact in talk["understood"] if fact["withdrawn_at"] is None]
    latest = {fact["topic"]: fact for fact in facts}
    if latest:
        yield f"\n{say('understood')}"
        rows = words.understood(latest.values(), language, talk["began_at"])
        yield from (f"{name}: {value}" for name, value in rows)
    if talk["noted"]:
        yield f"\n{say('noted')}"
        for one in talk["noted"]:
            what = words.label("activity", one["kind"], language)
            yield f"[{at(one['at'])}] {what} {one['data'].get('page', '')}".strip()
    if talk["agreed"]:
        yield f"\n{say('agreed')}"
        for one in talk["agreed"]:
            answer = say("yes" if one["agreed"] else "no")
            yield f"[{at(one['at'])}] {say(one['purpose'])}: {answer} ({one['wording']})"
