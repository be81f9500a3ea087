"""Whether a message agrees or refuses: はい, そのとおりです, yes please, no that won't work."""

from dialogs.reading.phrases import load
from dialogs.reading.text import Text


def yes_or_no(text: str) -> bool | None:
    """True for a yes, False for a no, None for neither. The first word decides: "yes... I said no onions" is a yes."""
    return agreement(Text.of(text))


def agreement(text: Text) -> bool | None:
    plain, words = text.plain.strip(" 　「\"'"), load("yes_no")
    languages = ("ja", "en") if text.language == "ja" else ("en",)
    said_first = [
        (hit.start, answer)
        for name, answer in (("no_first", False), ("yes_first", True))
        if (hit := words.first(name, plain, languages, 0, 1))
    ]
    if said_first:
        refuses_behind = said_first[0][1] and plain.startswith("agree") and words.says("no_inside", plain, ("en",))
        return False if refuses_behind else said_first[0][1]
    if words.says("no_inside", plain, languages):
        return False
    return True if words.says("yes_inside", plain, languages) else None


def beginning(text: Text) -> tuple[bool, int, int] | None:
    """The yes or no with which the message begins, and its place in `plain`."""
    start = len(text.plain) - len(text.plain.lstrip(" 「\"'\n"))
    languages = ("ja", "en") if text.language == "ja" else ("en",)
    for name, answer in (("no_first", False), ("yes_first", True)):
        hit = load("yes_no").first(name, text.plain, languages, start, start + 1)
        if hit:
            return answer, hit.start, hit.end
    return None
