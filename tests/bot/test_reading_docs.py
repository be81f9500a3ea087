"""The page that tells what Bantline understands is made from the reader itself, and the committed one is current."""

from pathlib import Path

import pytest

from bot.commands.reading_docs import LEXICONS, reading_page
from bot.commands.reading_examples import ACTS, FACTS, TODAY
from dialogs.reading import read
from dialogs.reading.found import Act
from qualification.bant import Topic

DOCS = Path(__file__).resolve().parents[2] / "docs"
LEXICON_FILES = Path(__file__).resolve().parents[2] / "dialogs" / "reading" / "lexicons"


def test_the_committed_page_is_current() -> None:
    assert DOCS.joinpath("reading.md").read_text("utf-8") == reading_page(), "run python -m bot.commands.docs"


def test_every_lexicon_is_on_the_page() -> None:
    assert set(LEXICONS) == {file.stem for file in LEXICON_FILES.glob("*.toml")}


@pytest.mark.parametrize("act", list(Act))
def test_each_act_is_shown_by_examples_that_are_that_act(act: Act) -> None:
    for asked, *texts in ACTS[act]:
        assert {text: read(text, question=asked, now=TODAY).act for text in texts} == dict.fromkeys(texts, act)


@pytest.mark.parametrize("topic", list(Topic))
def test_each_example_of_a_topic_gives_a_fact(topic: Topic) -> None:
    for text in (text for pair in FACTS[topic] for text in pair):
        assert getattr(read(text, question=topic, now=TODAY), topic.value) is not None, text
