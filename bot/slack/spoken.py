"""What a person typed in Slack, as plain words: names for mentions, addresses for links.

Slack sends its own markup: <@U…> people, <#C…|name> channels, <!here> calls, <https://…|words> links, and the three
characters & < > escaped. Nothing of it is meant for a prospect, or is a word of a lead. What was written in its editor
tells the rest (bot/slack/rich_text.py).
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from bot.slack.rich_text import is_rich_text, link, plain_words

MARKUP = re.compile(r"<([@#!]?)([^<>|]*)(?:\|([^<>]*))?>")
PERSON = re.compile(r"<@([A-Z0-9]+)")
CHANNEL = re.compile(r"<#([A-Z0-9]+)\|([^<>]+)>")


def unescaped(text: str) -> str:
    """The three characters that Slack escapes in what people type, as they were typed."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def people_in(text: str) -> frozenset[str]:
    """The ids of those who are mentioned."""
    return frozenset(PERSON.findall(text))


def as_plain_words(text: str, names: Mapping[str, str], blocks: Sequence[Mapping[str, Any]] = ()) -> str:
    """The message as it would be said. `names`: of the people mentioned; `blocks`: what stands beside its text."""
    if is_rich_text(blocks):
        channels = {what: unescaped(name) for what, name in CHANNEL.findall(text)}
        return plain_words(blocks, {**channels, **names}).strip()

    def said(found: re.Match[str]) -> str:
        kind, what, words = found.groups()
        if kind == "@":
            return names.get(what) or words or ""
        if kind == "#":
            return f"#{words or what}"
        if kind == "!":
            return words if what.startswith("date^") and words else ""
        return link(what, words)

    return unescaped(MARKUP.sub(said, text)).strip()
