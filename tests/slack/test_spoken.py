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
