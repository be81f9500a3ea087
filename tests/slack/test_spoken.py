"""What is written in a thread, as the prospect reads it, and what no person wrote there."""

from typing import Any

import pytest

from bot.slack.live import overheard
from bot.slack.spoken import as_plain_words


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("a &lt;b&gt; &amp; c", "a <b> & c"),
        ("<@U0KEN000001> に聞きます", "佐藤 健 に聞きます"),
        ("<@U0NOBODY001|kim> と <#C0LEADS0001|leads>", "kim と #leads"),
        ("<!here> <!subteam^S1|@sales> 見て", "見て"),
        ("<https://asahi.example/a?b=1&amp;c=2|資料> です", "資料 (https://asahi.example/a?b=1&c=2) です"),
        ("<mailto:a@b.example|a@b.example> <https://x.example>", "a@b.example https://x.example"),
        ("<!date^1700000000^{date}|11月15日>", "11月15日"),
        ("&lt;!channel&gt;", "<!channel>"),
    ],
)
def test_slacks_markup_becomes_plain_words(typed: str, plain: str) -> None:
    assert " ".join(as_plain_words(typed, {"U0KEN000001": "佐藤 健"}).split()) == plain


def section(*pieces: dict[str, Any]) -> dict[str, Any]:
    return {"type": "rich_text_section", "elements": list(pieces)}


def text(words: str, **style: bool) -> dict[str, Any]:
    return {"type": "text", "text": words, **({"style": style} if style else {})}


@pytest.mark.parametrize(
    ("elements", "plain"),
    [
        ([section(text("これは"), text("重要", bold=True), text("です。3*4*5 :-)"))], "これは重要です。3*4*5 :-)"),
        (
            [section({"type": "emoji", "name": "wave", "unicode": "1f44b-1f3fd"}, text(" hi "))],
            "\U0001f44b\U0001f3fd hi",
        ),
        ([section({"type": "emoji", "name": "asahi-logo"})], ":asahi-logo:"),  # only Slack has its picture
        (
            [section({"type": "link", "url": "https://a.example/?b=1&c=2", "text": "資料"}, text(" をどうぞ"))],
            "資料 (https://a.example/?b=1&c=2) をどうぞ",
        ),
        (
            [
                section(
                    {"type": "user", "user_id": "U0KEN000001"},
                    {"type": "broadcast", "range": "here"},
                    {"type": "channel", "channel_id": "C0LEADS0001"},
                )
            ],
            "佐藤 健#leads",
        ),
        (
            [
                section(text("候補日:\n")),
                {
                    "type": "rich_text_list",
                    "style": "bullet",
                    "elements": [section(text("月曜")), section(text("火曜"))],
                },
                {"type": "rich_text_list", "style": "ordered", "indent": 1, "elements": [section(text("午前"))]},
                {"type": "rich_text_quote", "elements": [text("いつ\nですか")]},
                {"type": "rich_text_preformatted", "elements": [text("a <b> & *c*")]},
                section(text("以上")),
            ],
            "候補日:\n• 月曜\n• 火曜\n  1. 午前\n> いつ\n> ですか\na <b> & *c*\n以上",
        ),
    ],
    ids=["bold", "emoji", "an emoji of the firm's own", "link", "mentions", "lists and quotes"],
)
def test_what_the_editor_drew_is_said_as_it_is_meant(elements: list[dict[str, Any]], plain: str) -> None:
    blocks = [{"type": "rich_text", "elements": elements}]
    assert as_plain_words("<#C0LEADS0001|leads>", {"U0KEN000001": "佐藤 健"}, blocks) == plain


def test_a_message_with_other_blocks_is_told_by_its_text() -> None:
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": "*x*"}}]
    assert as_plain_words("a &amp; b", {}, blocks) == "a & b"


@pytest.mark.parametrize(
    "event",
    [
        {"type": "message", "subtype": "channel_join", "user": "U1", "ts": "2.0", "thread_ts": "1.0"},
        {"type": "message", "bot_id": "B1", "user": "U1", "ts": "2.0", "thread_ts": "1.0", "text": "x"},
        {"type": "message", "user": "U1", "ts": "1.0", "thread_ts": "1.0", "text": "the card's own"},
        {"type": "message", "user": "U1", "ts": "1.0", "text": "no thread"},
        {"type": "message", "subtype": "message_changed"},
        {"type": "message", "subtype": "message_deleted", "previous_message": None},
    ],
)
def test_what_no_person_wrote_in_a_thread_is_nothing_to_us(event: dict[str, Any]) -> None:
    assert overheard(event) is None


def test_a_deleted_reply_that_left_a_tombstone_is_a_deletion() -> None:
    before = {"user": "U1", "ts": "2.0", "thread_ts": "1.0", "text": "oops"}
    stone = {"subtype": "tombstone", "user": "USLACKBOT", "ts": "2.0", "thread_ts": "1.0"}
    event = {"subtype": "message_changed", "channel": "C1", "message": stone, "previous_message": before}
    found = overheard(event)

    assert found is not None
    assert (found.how, found.user, found.ts) == ("deleted", "U1", "2.0")
