"""What a text told us: the facts in it, and what a bare yes or no means where nothing else was said."""

from typing import Any, NamedTuple

from dialogs import named_decider
from dialogs.asides import LONGEST, Aside, aside_in
from dialogs.reading.decider_rules import BY_TITLE
from dialogs.reading.found import UNSURE, Act, Found, Reading
from dialogs.reading.phrases import Hit
from dialogs.reading.yes_no import yes_or_no
from dialogs.short_words import is_nothing_but, left_beside, places_of, plain_of, says
from dialogs.who_they_are import told_beside
from qualification.answers import with_what_is_unsaid
from qualification.bant import Clarity, Topic, Value

PARTS = tuple((topic, topic.value) for topic in Topic)  # of what was read, a fact each
NO_ANSWER = frozenset({Act.QUESTION, Act.NOISE})
SAID_ALONE = (Aside.LANGUAGE, Aside.PAUSE)  # which count for more than a guess at a problem
EMAIL, PHONE = "email", "phone"
LONGEST_NAMING = 40  # characters
LONGEST_BARE_WORD = {"ja": 10, "en": 16}  # characters: 「いいえ、遠慮します」, "no, thank you"


class Fact(NamedTuple):
    """One fact they told, and how sure the reading was; in the whole text where the reader names no words of it."""

    topic: Topic
    value: Value
    words: str
    certainty: float
    by_title: bool = False
    """Whether a title alone told it, or where they work: "Ann Lee, HR manager"."""
    is_bare: bool = False
    """Whether it is a mere yes or no, taken for an answer to who decides."""


def topic_named(text: str) -> Topic | None:
    """Which one answer a short text names: "the budget is wrong"; None for none, or for several.

    「会社の名前」 is the firm's and no contact: of words inside longer ones the longer count.
    """
    plain = plain_of(text)
    if len(plain) > LONGEST_NAMING:
        return None
    named = [(topic, hit) for topic in Topic for hit in places_of(f"names_{topic}", plain)]
    topics = {topic for topic, hit in named if not any(_is_inside(hit, other) for _, other in named)}
    return topics.pop() if len(topics) == 1 else None


def calls_the_need_wrong(text: str) -> bool:
    """ "The problem is wrong", which is no problem of theirs."""
    return is_nothing_but(plain_of(text), "wrong_need")


def _is_inside(hit: Hit, other: Hit) -> bool:
    return other.start <= hit.start and hit.end <= other.end and (hit.start, hit.end) != (other.start, other.end)


def wants_a_copy(text: str) -> bool:
    """ "Please send me a copy", 「送ってください」: of the talk, not of a brochure or a quote."""
    plain = plain_of(text)
    return len(plain) <= LONGEST and says("copy_wanted", plain) and not says("not_a_copy", plain)


def goes_on(text: str) -> bool:
    """ "Let's go on with the questions", and nothing else."""
    plain = plain_of(text)
    return len(plain) <= LONGEST and is_nothing_but(plain, "goes_on", "beside_going_on")


def only_refuses(text: str) -> bool:
    """ "No thanks", 「いいえ、結構です」, and nothing else: what was asked is refused, and no more than that."""
    plain = plain_of(text)
    return is_nothing_but(plain, "polite_no", "beside_thanks", "you_are_welcome") and not says("good_bye", plain)


def tells_own_name(text: str) -> bool:
    """ "I'm Jo", 「田所です」; a remark to whoever calls is no name."""
    return says("own_name", plain_of(text))


def has_said_all(text: str) -> bool:
    """ "That's all", 「これで結構です」, which ends nothing where nothing more is asked."""
    return is_nothing_but(plain_of(text), "all_said", "beside_all_said")


def is_no_message(text: str) -> bool:
    """ "That's all", 「わかりました」: heard, and nothing for a colleague in it."""
    return has_said_all(text) or heard_it(text)


def thanks(text: str) -> bool:
    """ "Thanks", 「よろしくお願いします」, alone or after "I see"."""
    return says("you_are_welcome", plain_of(text))


def takes_leave(text: str) -> bool:
    """ "Thanks, bye", 「ありがとうございました」, behind which no question is wanted."""
    return says("takes_leave", plain_of(text))


def wants_it_sooner(text: str) -> bool:
    """ "Hurry, please", 「急いでいます」, and nothing else: in words what its button says."""
    return is_nothing_but(plain_of(text), "sooner_please", "beside_thanks", "you_are_welcome")


def says_nobody_called(text: str) -> bool:
    """ "Nobody has called me yet": in words what the menu offers."""
    plain = plain_of(text)
    return len(plain) <= LONGEST and says("nobody_called", plain)


def asks_when(text: str) -> bool:
    """ "When will you call me?", which our promise answers."""
    plain = plain_of(text)
    return len(plain) <= LONGEST and says("when_called", plain)


def may_change_what_was_said(text: str) -> bool:
    """ "No, …", 「やっぱり…」: whether it is worth another reading, as the answer before."""
    plain = plain_of(text)
    return len(plain) <= LONGEST and says("changes_mind", plain)


def number_alone(text: str) -> str:
    """The number of "actually 30", which may count anything; empty where there is more to it."""
    left = left_beside(plain_of(text), "changes_mind", "beside_a_change")
    return left if left.isdecimal() else ""


def changes_what_was_said(text: str, words: str) -> bool:
    """ "No, 30k" and 「やっぱり未定で」: beside these words of an answer before, nothing but that it changes.

    A bare "no" changes none, nor does a bare number: "actually 30" may be how many they are.
    """
    plain, told = plain_of(text), plain_of(words)
    if not left_beside(told, "changes_mind", "beside_a_change").strip("0123456789"):
        return False
    around = plain.replace(told, " ", 1).strip(" 、。,.!~") if told else plain
    if not around:
        return len(plain) <= LONGEST_NAMING and says("changes_mind", plain)
    return told in plain and is_nothing_but(around, "changes_mind", "beside_a_change")


def wants_a_change(text: str) -> bool:
    """ "Can I change something?", 「修正できますか」, and not what."""
    plain = plain_of(text)
    return len(plain) <= LONGEST_NAMING and says("wants_a_change", plain)


def only_gathers(words: str) -> bool:
    """ "I'm just collecting information", which names no time."""
    return says("only_gathers", plain_of(words))


def tells_another_problem(reading: Reading) -> bool:
    """ "The real problem is security", 「実は…」: one in the place of the first, not beside it."""
    return reading.need is not None and says("another_problem", plain_of(reading.need.words))


def counts_a_team(text: str) -> bool:
    """「2名で担当しています」: not how many the firm is."""
    return says("counts_a_team", plain_of(text))


def heard_it(text: str) -> bool:
    """ "I see", 「わかりました」, and nothing else."""
    return is_nothing_but(plain_of(text), "heard_it", "beside_thanks", "you_are_welcome")


def ways_left(text: str) -> list[str]:
    """Who would rather give no number may have an address, and the other way round; both where they refuse both."""
    plain = plain_of(text)
    return [way for way in (EMAIL, PHONE) if says(f"prefers_{way}", plain)] if len(plain) <= LONGEST else []


def still_waits(text: str) -> bool:
    """ "Anyone there?", 「まだですか」: to the person they wait for."""
    plain = plain_of(text)
    return len(plain) <= LONGEST and (says("still_waits", plain) or says("nobody_called", plain))


def leaves_it(text: str) -> bool:
    """ "Never mind", and nothing else, after they wanted to correct something."""
    return is_nothing_but(plain_of(text), "leaves_it", "beside_leaving_it")


def names_no_firm(text: str) -> bool:
    """ "No company", wherever it is said: a firm is denied, and not a say in the decision."""
    return has_no_firm(text) and topic_named(text) is Topic.COMPANY


def has_no_firm(text: str) -> bool:
    """「個人です」, "I'm a freelancer": there is no firm to ask for."""
    plain = plain_of(text)
    return len(plain) <= LONGEST_NAMING and is_nothing_but(plain, "no_firm", "beside_no_firm")


def refuses(reading: Reading, asked: Topic | None) -> bool:
    """A bare "no" to a question about who they are, however strongly put: "no thanks" ends nothing there."""
    return asked in (Topic.COMPANY, Topic.CONTACT) and only_denies(reading)


def only_denies(reading: Reading) -> bool:
    """A bare no, with no fact in it: of a question it answers nothing, so they would rather not."""
    return _is_bare(reading) and yes_or_no(reading.text) is False


def only_agrees(reading: Reading) -> bool:
    """A bare yes, with no fact in it."""
    return _is_bare(reading) and yes_or_no(reading.text) is True


def is_short(reading: Reading) -> bool:
    """Whether there is room for no more than a yes or no."""
    return len(reading.text.strip()) <= LONGEST_BARE_WORD[reading.language]


def _is_bare(reading: Reading) -> bool:
    return is_short(reading) and not facts_of(reading)


def aside_of(reading: Reading) -> Aside | None:
    """What is said to the bot itself: a text that is neither an answer nor a wish; what says it alone beats a guess."""
    if reading.act in NO_ANSWER:
        return aside_in(reading.text)
    if reading.act is Act.DECLINE:  # "in a meeting, later", but not a mere "later"
        return Aside.PAUSE if aside_in(reading.text) is Aside.PAUSE else None
    aside = aside_in(reading.text) if _is_a_guess(reading) else None
    return aside if aside in SAID_ALONE else None


def _is_a_guess(reading: Reading) -> bool:
    """ "English, please", where we asked for a problem, or "back later", where we asked for a time."""
    guessed = reading.need is not None and reading.need.certainty < UNSURE
    open_ended = reading.timeframe is not None and reading.timeframe.value.clarity is Clarity.UNDECIDED
    return (guessed or open_ended) and len(facts_of(reading)) == 1


def facts_of(reading: Reading, asked: Topic | None = None) -> list[Fact]:
    """The facts of a reading in the order of the topics, each with the person's own words.

    `asked` counts where our question is another than the reader's: who decides, and not whether they do.
    """
    read: list[tuple[Topic, Found[Any] | None]] = [(topic, getattr(reading, name)) for topic, name in PARTS]
    if asked is Topic.AUTHORITY:
        who = named_decider.as_asked(reading)
        read = [(topic, who if topic is Topic.AUTHORITY else one) for topic, one in read]
    facts = [_fact(topic, one, reading.text) for topic, one in read if one is not None]
    if reading.attributes is None:
        return facts
    beside = told_beside(reading, asked)
    return [_with(fact, beside[fact.topic][0]) if fact.topic in beside else fact for fact in facts]


def facts_beside(reading: Reading, asked: Topic | None) -> list[Fact]:
    """What they say of themselves that stands beside no name and no firm."""
    if reading.attributes is None:
        return []
    told = {fact.topic for fact in facts_of(reading, asked)}
    return [
        Fact(topic, value, found.words, found.certainty)
        for topic, (value, found) in told_beside(reading, asked).items()
        if topic not in told
    ]


def _with(fact: Fact, beside: Value) -> Fact:
    """Their name with their title, their firm with its line of business."""
    return fact._replace(value=with_what_is_unsaid(fact.value, beside))


def _fact(topic: Topic, found: Found[Any], text: str) -> Fact:
    return Fact(
        topic,
        found.value,
        found.words or text,
        found.certainty,
        by_title=found.rule in BY_TITLE,
        is_bare=found.rule in named_decider.BARE,
    )
