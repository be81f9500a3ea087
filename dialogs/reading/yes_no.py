"""Whether a message agrees or refuses: はい, そのとおりです, yes please, no that won't work."""

from dialogs.reading.phrases import Hit, load
from dialogs.reading.text import Text


def yes_or_no(text: str) -> bool | None:
    """True for a yes, False for a no, None for neither. The first word decides: "yes... I said no onions" is a yes."""
    return agreement(Text.of(text))


def agreement(text: Text) -> bool | None:
    plain, words = text.plain.strip(" 　「\"'"), load("yes_no")
    languages = ("ja", "en") if text.language == "ja" else ("en",)
    if first := _said_first(plain, languages, 0):
        agreed, _ = first
        refuses_behind = agreed and plain.startswith("agree") and words.says("no_inside", plain, ("en",))
        return False if refuses_behind else agreed
    if words.says("no_inside", plain, languages):
        return False
    return True if words.says("yes_inside", plain, languages) else None


def beginning(text: Text) -> tuple[bool, int, int] | None:
    """The yes or no with which the message begins, and its place in `plain`."""
    start = len(text.plain) - len(text.plain.lstrip(" 　「\"'\n"))
    languages = ("ja", "en") if text.language == "ja" else ("en",)
    first = _said_first(text.plain, languages, start)
    return (first[0], first[1].start, first[1].end) if first else None


def _said_first(plain: str, languages: tuple[str, ...], start: int) -> tuple[bool, Hit] | None:
    """The longer of the two where both begin: "definitely not" refuses, "no doubt about it" agrees."""
    words = load("yes_no")
    both = [
        (answer, hit)
        for name, answer in (("no_first", False), ("yes_first", True))
        if (hit := words.first(name, plain, languages, start, start + 1))
    ]
    return max(both, key=lambda one: one[1].end) if both else None
