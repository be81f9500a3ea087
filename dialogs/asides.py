"""What people say to the bot itself, which neither answers a question nor concerns a colleague.

    "are you a bot?"  "do I have to answer that?"  "what do you mean?"  "why do you ask?"  "how many more?"  "hello"
    "in Japanese, please"  "let me think"

The bot answers these by itself and goes on where it was; no try is counted, and nobody is told. How people say them
stands in reading/lexicons/talk.toml.
"""

from enum import StrEnum

from dialogs.short_words import is_nothing_but, places_of, plain_of, says

LONGEST = 70
"""Characters: a longer text has more to say than one of these."""


class Aside(StrEnum):
    """Each is the key of the prompt that answers it, and the name of the list that says it."""

    WHO = "i_am_a_bot"
    OPTIONAL = "you_may_skip"
    MEANING = "what_we_mean"
    PURPOSE = "what_it_is_for"
    LEFT = "how_much_longer"
    LANGUAGE = "in_your_language"
    HELLO = "hello_too"
    PAUSE = "take_your_time"
    THANKS = "you_are_welcome"


ANYWHERE = (Aside.WHO, Aside.OPTIONAL, Aside.MEANING, Aside.PURPOSE, Aside.LEFT)
ALONE: tuple[tuple[Aside, tuple[str, ...]], ...] = (  # the list that says it, and what may stand beside it
    (Aside.MEANING, ("what_we_mean_alone",)),
    (Aside.LANGUAGE, ("in_your_language", "beside_language")),
    (Aside.HELLO, ("hello_too",)),
    (Aside.PAUSE, ("take_your_time", "beside_pause")),
    (Aside.THANKS, ("you_are_welcome", "beside_thanks")),
)


def aside_in(text: str) -> Aside | None:
    """Which of these the text is, if it is nothing else. Either language, whichever the talk is in."""
    plain = plain_of(text)
    if len(plain) > LONGEST:
        return None
    said_anywhere = (aside for aside in ANYWHERE if says(aside, plain))
    said_alone = (aside for aside, lists in ALONE if is_nothing_but(plain, *lists))
    return next(said_anywhere, None) or next(said_alone, None)


def opens_with_a_pardon(text: str) -> bool:
    """「失礼します」, which comes in as well as it leaves."""
    return is_nothing_but(plain_of(text), "pardon")


def language_named(text: str) -> str:
    """Of a wish to go on in another language: in which."""
    plain = plain_of(text)
    wishes = [plain[hit.start : hit.end] for hit in places_of("in_your_language", plain)]
    return "en" if wishes and says("names_english", wishes[-1]) else "ja"


def asks_about_privacy(text: str) -> bool:
    """Whether a question is about what becomes of their data: our purpose is said, and a person answers the rest."""
    return says("privacy", plain_of(text))
