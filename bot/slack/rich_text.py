"""What a person wrote in Slack's editor, as plain words.

    rich_text -> section, quote, preformatted, list -> text, emoji, link, user, ...

A message carries it beside its text. In the text a `*` may be bold or a star and an emoji is a name between colons;
here both are told apart.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

RICH_TEXT = "rich_text"
BULLET = "• "
INDENT = "  "

Piece = Mapping[str, Any]


def is_rich_text(blocks: Sequence[Piece]) -> bool:
    """Whether a person wrote this, and nothing stands beside it."""
    return bool(blocks) and all(block.get("type") == RICH_TEXT for block in blocks)


def plain_words(blocks: Sequence[Piece], names: Mapping[str, str]) -> str:
    """The text as it would be said. `names`: what the people and channels mentioned are called, by their ids."""
    parts = [part for block in blocks for part in block.get("elements", ())]
    return "\n".join(_part(part, names).removesuffix("\n") for part in parts)


def link(address: str, words: str | None) -> str:
    """An address with what stands in its place in Slack, where that says more."""
    plain = address.removeprefix("mailto:").removeprefix("tel:")
    return f"{words} ({plain})" if words and words not in (plain, address) else plain


def _part(part: Piece, names: Mapping[str, str]) -> str:
    if part.get("type") == "rich_text_list":
        return _list(part, names)
    words = "".join(_piece(piece, names) for piece in part.get("elements", ()))
    if part.get("type") == "rich_text_quote":
        return "\n".join(f"> {line}" for line in words.split("\n"))
    return words


def _list(part: Piece, names: Mapping[str, str]) -> str:
    indent, first = INDENT * int(part.get("indent") or 0), int(part.get("offset") or 0) + 1
    ordered = part.get("style") == "ordered"
    lines = [_part(item, names) for item in part.get("elements", ())]
    return "\n".join(
        f"{indent}{f'{number}. ' if ordered else BULLET}{line}" for number, line in enumerate(lines, first)
    )


def _piece(piece: Piece, names: Mapping[str, str]) -> str:
    told = PIECES.get(str(piece.get("type")))
    return told(piece, names) if told else ""


def _emoji(piece: Piece, names: Mapping[str, str]) -> str:
    """The sign itself; one of the firm's own is a picture that only Slack has."""
    code = piece.get("unicode")
    return "".join(chr(int(point, 16)) for point in str(code).split("-")) if code else f":{piece.get('name')}:"


def _channel(piece: Piece, names: Mapping[str, str]) -> str:
    name = names.get(str(piece.get("channel_id")))
    return f"#{name}" if name else ""


# What is not named here calls colleagues (here, a group), and is no word for anybody else.
PIECES: dict[str, Callable[[Piece, Mapping[str, str]], str]] = {
    "text": lambda piece, names: str(piece.get("text") or ""),
    "link": lambda piece, names: link(str(piece.get("url") or ""), piece.get("text")),
    "user": lambda piece, names: names.get(str(piece.get("user_id")), ""),
    "channel": _channel,
    "emoji": _emoji,
    "date": lambda piece, names: str(piece.get("fallback") or ""),
    "color": lambda piece, names: str(piece.get("value") or ""),
}
