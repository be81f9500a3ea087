"""What a person typed in Slack, as plain words: names for mentions, addresses for links.

Slack sends its own markup: <@U…> people, <#C…|name> channels, <!here> calls, <https://…|words> links, and the three
characters & < > escaped. Nothing of it is meant for a prospect, or is a word of a lead.
"""

import re
from collections.abc import Mapping

MARKUP = re.compile(r"<([@#!]?)([^<>|]*)(?:\|([^<>]*))?>")
PERSON = re.compile(r"<@([A-Z0-9]+)")


def unescaped(text: str) -> str:
    """The three characters that Slack escapes in what people type, as they were typed."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def people_in(text: str) -> frozenset[str]:
    """The ids of those who are mentioned."""
    return frozenset(PERSON.findall(text))


def as_plain_words(text: str, names: Mapping[str, str]) -> str:
    """The text as it would be said. `names`: what the people mentioned are called."""

    def said(found: re.Match[str]) -> str:
        kind, what, words = found.groups()
        if kind == "@":
            return names.get(what) or words or ""
        if kind == "#":
            return f"#{words or what}"
        if kind == "!":
            return words if what.startswith("date^") and words else ""
        address = what.removeprefix("mailto:").removeprefix("tel:")
        return f"{words} ({address})" if words and words not in (address, what) else address

    return unescaped(MARKUP.sub(said, text)).strip()
