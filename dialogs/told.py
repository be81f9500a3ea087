"""What a text told us: the facts in it, and what a bare yes or no means where nothing else was said."""

import re
from typing import Any, NamedTuple

from dialogs.asides import Aside, aside_in
from dialogs.reading.found import Act, Found, Reading
from dialogs.reading.yes_no import yes_or_no
from qualification.bant import Topic, Value

PARTS = tuple((topic, topic.value) for topic in Topic)  # of what was read, a fact each
LONGEST_BARE_WORD = {"ja": 10, "en": 16}  # characters: 「いいえ、遠慮します」, "no, thank you"


class Fact(NamedTuple):
    """One fact they told, and how sure the reading was; in the whole text where the reader names no words of it."""

    topic: Topic
    value: Value
    words: str
    certainty: float


_NAMES = {
    topic: re.compile(words)
    for topic, words in {
        Topic.NEED: r"困りごと|課題|ニーズ|要望|(?<![a-z])(?:needs?|problem)(?![a-z])",
        Topic.TIMEFRAME: r"時期|日程|期日|(?<![a-z])(?:timing|time ?frame|dates?|start)(?![a-z])",
        Topic.AUTHORITY: r"立場|決裁|承認|(?<![a-z])(?:role|decision|approval)(?![a-z])",
        Topic.BUDGET: r"予算|金額|(?<![a-z])(?:budget|amount)(?![a-z])",
        Topic.COMPANY: r"会社|社名|社員|(?<![a-z])(?:company|firm|headcount)(?![a-z])",
        Topic.CONTACT: r"連絡先|(?<!会社の)名前|氏名|メール|アドレス|電話"
        r"|(?<![a-z])(?:(?<!company )(?<!firm )name|e-?mail|phone|number|contact)(?![a-z])",
    }.items()
}
_LONGEST_NAMING = 40  # characters
_NO_FIRM = re.compile(
    r"(?:(?:会社|法人|企業)(?:では|じゃ|には)(?:ない|ありません|属して(?:い)?ません)|個人(?:事業主|利用)?|フリーランス|自営(?:業)?|無職)"
    r"(?:です|なのです|になります|です(?:が|けど|ので))?[。!、\s]*"
    r"|(?=.*(?:freelanc|self|trader|private|no company|just me))(?:(?:i'm|i am|it's|just|only|a|an|no company|me"
    r"|freelancer?|self[- ]employed|sole trader|private person)[,.!\s]*)+"
)


def topic_named(text: str) -> Topic | None:
    """Which one answer a short text names: "the budget is wrong"; None for none, or for several."""
    plain = text.lower()
    named = [topic for topic, words in _NAMES.items() if words.search(plain)] if len(plain) <= _LONGEST_NAMING else []
    return named[0] if len(named) == 1 else None


def has_no_firm(text: str) -> bool:
    """「個人です」, "I'm a freelancer": there is no firm to ask for."""
    plain = text.strip().lower()
    return len(plain) <= _LONGEST_NAMING and _NO_FIRM.fullmatch(plain) is not None


def refuses(reading: Reading, asked: Topic | None) -> bool:
    """A bare "no" to a question about who they are. To the others it may be an answer."""
    return asked in (Topic.COMPANY, Topic.CONTACT) and _is_bare(reading) and yes_or_no(reading.text) is False


def only_agrees(reading: Reading) -> bool:
    """A bare yes, with no fact in it."""
    return _is_bare(reading) and yes_or_no(reading.text) is True


def is_short(reading: Reading) -> bool:
    """Whether there is room for no more than a yes or no."""
    return len(reading.text.strip()) <= LONGEST_BARE_WORD[reading.language]


def _is_bare(reading: Reading) -> bool:
    return is_short(reading) and not facts_of(reading)


def aside_of(reading: Reading) -> Aside | None:
    """What is said to the bot itself: a text that is neither an answer nor a wish."""
    return aside_in(reading.text) if reading.act in (Act.QUESTION, Act.NOISE) else None


def facts_of(reading: Reading) -> list[Fact]:
    """The facts of a reading in the order of the topics, each with the person's own words."""
    read: list[tuple[Topic, Found[Any] | None]] = [(topic, getattr(reading, name)) for topic, name in PARTS]
    return [Fact(topic, one.value, one.words or reading.text, one.certainty) for topic, one in read if one is not None]
