"""What a turn keeps of its messages, and that it comes back as it was said."""

from datetime import UTC, datetime

import pytest

from dialogs.messages import Kept, Message, last_asked, messages_of
from dialogs.playbook import SKIP, shipped_playbook
from dialogs.records import Turn
from dialogs.reply import quick_replies

NOON = datetime(2026, 5, 18, 3, 0, tzinfo=UTC)
NEED = {"categories": ["efficiency"]}
BY_WHEN = quick_replies(shipped_playbook().question("by_when")).as_json()
OTHERS = {"of": "by_when", "values": ["undecided", "skip"]}


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ({"sender": "bot", "prompt": "greeting"}, "greeting"),
        ({"sender": "rep", "prompt": "greeting"}, {"by": "rep", "prompt": "greeting"}),
        ({"sender": "bot", "prompt": "note", "text": "a"}, {"prompt": "note", "text": "a"}),
        ({"sender": "bot", "prompt": "text"}, {"prompt": "text"}),
        ({"sender": "prospect", "text": "greeting"}, "> greeting"),
        ({"sender": "prospect", "text": ""}, "> "),
        ({"sender": "prospect", "text": "> by_when?\n"}, "> > by_when?\n"),
        ({"sender": "prospect", "facts": {"of": "common", "value": "confirm"}}, {"chosen": ["common", "confirm"]}),
        ({"sender": "prospect", "text": "a", "facts": {"of": "b"}}, {"text": "a", "facts": {"of": "b"}}),
        (
            {"sender": "rep", "text": "hello", "facts": {"name": "Yuki"}},
            {"by": "rep", "text": "hello", "facts": {"name": "Yuki"}},
        ),
        ({"sender": "bot", "prompt": "by_when", "choices": BY_WHEN}, "by_when?"),
        ({"sender": "bot", "prompt": "by_when_again", "choices": BY_WHEN}, "by_when_again?"),
        ({"sender": "bot", "prompt": "by_when", "facts": {"a": 1}, "choices": BY_WHEN}, {"by_when?": {"a": 1}}),
        (
            {"sender": "bot", "prompt": "by_when", "choices": OTHERS},
            {"by_when": {}, "choices": ["by_when", "undecided", "skip"]},
        ),
        (
            {"sender": "bot", "prompt": "who_decides", "choices": BY_WHEN},
            {"who_decides": {}, "choices": ["by_when", *BY_WHEN["values"]]},
        ),
        (
            {"sender": "bot", "prompt": "understood", "facts": {"answers": [{"topic": "need", "value": NEED}]}},
            {"understood": {"answers": {"need": NEED}}},
        ),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_goes_without_saying_is_not_kept_and_comes_back(said: dict[str, object], kept: Kept) -> None:
    message = Message(seq=3, at=NOON, **said)  # type: ignore[arg-type]  # the table holds each field's own type

    assert message.kept(shipped_playbook()) == kept
    turn = Turn(chat_id="chat", first=3, last=3, said=[kept], state="asking", at=NOON)
    assert list(messages_of([turn], shipped_playbook())) == [message]


def test_the_quick_replies_of_a_question_are_its_own_and_to_skip_it() -> None:
    """Kept talks only name the question: what was offered then must not change with the program."""
    question = shipped_playbook().question("by_when")

    assert quick_replies(question).values == (*(choice.value for choice in question.choices), SKIP)
    assert SKIP == "skip"


def test_a_playbook_that_has_gone_takes_no_word_along() -> None:
    turn = Turn(chat_id="chat", first=1, last=2, said=["greeting", "by_when?"], state="asking", at=NOON)

    assert [(message.prompt, message.choices) for message in messages_of([turn], None)] == [
        ("greeting", None),
        ("by_when", None),
    ]


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        (["greeting", "what_problem?"], "need"),
        (["> by_when?"], None),
        (["> ok", {"how_to_reach?": {"known": {}}}], "contact"),
        (["by_when_again?"], "timeframe"),
        (["by_when"], None),
        ([{"by": "rep", "text": "by_when?"}], None),
        ([], None),
    ],
)
def test_what_is_asked_last_is_known_from_the_words(said: list[Kept], asked: str | None) -> None:
    assert last_asked(said, shipped_playbook()) == asked
