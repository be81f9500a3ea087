"""What a turn keeps of its messages, and that it comes back as it was said."""

from datetime import UTC, datetime

import pytest

from dialogs.messages import Kept, Message, messages_of
from dialogs.records import Turn

NOON = datetime(2026, 5, 18, 3, 0, tzinfo=UTC)
NEED = {"present": True, "categories": ["efficiency"]}


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ({"sender": "bot", "prompt": "greeting"}, "greeting"),
        ({"sender": "rep", "prompt": "greeting"}, {"by": "rep", "prompt": "greeting"}),
        ({"sender": "bot", "prompt": "note", "text": "a"}, {"prompt": "note", "text": "a"}),
        ({"sender": "prospect", "text": "greeting"}, {"text": "greeting"}),
        (
            {"sender": "prospect", "facts": {"of": "common", "value": "confirm"}},
            {"facts": {"of": "common", "value": "confirm"}},
        ),
        (
            {"sender": "rep", "text": "hello", "facts": {"name": "Yuki"}},
            {"by": "rep", "text": "hello", "facts": {"name": "Yuki"}},
        ),
        (
            {"sender": "bot", "prompt": "by_when", "choices": {"of": "by_when", "values": ["undecided", "skip"]}},
            {"prompt": "by_when", "choices": ["by_when", "undecided", "skip"]},
        ),
        (
            {"sender": "bot", "prompt": "understood", "facts": {"answers": [{"topic": "need", "value": NEED}]}},
            {"prompt": "understood", "facts": {"answers": {"need": NEED}}},
        ),
    ],
    ids=["prompt", "prompt of a rep", "prompt with text", "text", "quick reply", "rep", "question", "read-back"],
)
def test_what_goes_without_saying_is_not_kept_and_comes_back(said: dict[str, object], kept: Kept) -> None:
    message = Message(seq=3, at=NOON, **said)  # type: ignore[arg-type]  # the table holds each field's own type

    assert message.kept() == kept
    turn = Turn(chat_id="chat", first=3, last=3, said=[message.kept()], state="asking", at=NOON)
    assert list(messages_of([turn])) == [message]
