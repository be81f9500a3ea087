"""The speaker counted among those who decide: "committee of 5 incl. me", "me; the CFO".

Asked who decides only, "team of 4 incl. me" decides as well; asked for the firm it tells how many they are.
"""

import re
from collections.abc import Sequence

from dialogs.reading.clarity import overlaps
from dialogs.reading.decider_letters import Word
from dialogs.reading.found import FAIR, Found
from dialogs.reading.text import Text
from qualification.bant import Authority, Role, Topic

_HOW_MANY = r"(?:[0-9]{1,2}|two|three|four|five|six|seven|eight|nine|ten)"
_DECIDE = r"(?:decides?|deciding|votes?|signs?|approves?|chooses?|agrees?)"
_INCLUDED = r"[,\s(]{1,3}(?:incl|inc|including|includes|counting)\.? (?:me|myself)(?![a-z])"
_SIZE = (
    rf"(?:(?: of|,)? ?\(?{_HOW_MANY}(?: (?:people|ppl|members|directors|partners|heads|of us))?)?"
    rf"(?:,? (?:that |who )?{_DECIDE})?"
)
_BODIES = r"(?:committee|panel|board|steering group|working group|task force|jury|council)"
_PEOPLE = r"(?:group|team|people|ppl|of us|directors|partners|owners|founders|shareholders|trustees|managers|heads)"
_OF_A_BODY = re.compile(
    rf"(?<![a-z])(?:{_BODIES}{_SIZE}|{_DECIDE}){_INCLUDED}|{_DECIDE}[,\s(]{{1,3}}(?:me|myself) incl?(?![a-z])"
)
_OF_SOME_PEOPLE = re.compile(rf"(?<![a-z]){_PEOPLE}{_SIZE}{_INCLUDED}")


def with_those_counted(text: Text, words: Sequence[Word], asked: Topic | None) -> Sequence[Word]:
    """The words, with one for "committee of 5 incl. me" in place of "committee" and "me"."""
    if text.language != "en" or "inc" not in text.plain:
        return words
    found = _OF_A_BODY.search(text.plain)
    if found is None and asked is Topic.AUTHORITY:
        found = _OF_SOME_PEOPLE.search(text.plain)
    if found is None:
        return words
    kept = [word for word in words if not overlaps(word.start, word.end, [found.span()])]
    return sorted([*kept, Word("o", *found.span())], key=lambda word: word.start)


_TWO = re.compile(r"[\w\s',.-]{2,40}(?P<sign>[;/])[\w\s',.-]{2,40}")


def two_in_a_list(text: Text, words: Sequence[Word]) -> Found[Authority] | None:
    """ "me; the CFO" are two who decide; "head of IT; CFO" says who speaks and who decides; asked only."""
    pair = _TWO.fullmatch(text.plain) if ";" in text.plain or "/" in text.plain else None
    if pair is None or not words:
        return None
    at = pair.start("sign")
    ahead = "".join(word.letter for word in words if word.end <= at)
    behind = [word for word in words if word.start > at]
    if len(behind) != 1 or behind[0].letter not in "DEFP":
        return None
    if ahead == "S":
        return _listed(text, Authority(role=Role.INFLUENCER), pair)
    if pair["sign"] == ";" and ahead in ("E", "EF", "EA", "FE") and behind[0].letter in "DP":
        approver = text.words(behind[0].start, behind[0].end)
        return _listed(text, Authority(role=Role.NEEDS_APPROVAL, approver=approver), pair)
    return None


def _listed(text: Text, value: Authority, pair: re.Match[str]) -> Found[Authority]:
    return text.fact(value, *pair.span(), certainty=FAIR, rule="authority.two_in_a_list")
