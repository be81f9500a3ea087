"""What is no fact though a rule has read one: a guess in words that refuse to tell, or do not know."""

import re
from collections.abc import Sequence
from typing import Any

from dialogs.reading.found import UNSURE, Found, Span, T
from dialogs.reading.text import Text
from qualification.bant import Budget, Clarity, Need, Timeframe


def unless_withheld(
    text: Text, refused: Sequence[Span], unknown: Sequence[Span], fact: Found[T] | None
) -> Found[T] | None:
    """A guess in words that refuse or do not know is no fact."""
    if fact is None or not (refused or unknown):
        return fact
    guessed = fact.certainty < UNSURE
    if isinstance(fact.value, Need) and (
        guessed
        or _NAMES_THE_QUESTION.fullmatch(fact.words)
        or _WHICH_PROBLEM.search(text.plain)
        or (fact.value.present and _overlaps(text, fact, refused))
    ):
        return None  # 「悩みについては後日お話しします」, "we're unable to discuss that"
    if guessed and _overlaps(text, fact, [*refused, *unknown]):
        return None
    put_off = isinstance(fact.value, Budget | Timeframe) and fact.value.clarity is Clarity.UNDECIDED
    # 「まだ何とも言えません」 is not decided yet, no refusal
    return None if put_off and not _NOTHING_TO_SAY.search(fact.words) and _overlaps(text, fact, refused) else fact


_NAMES_THE_QUESTION = re.compile(r"(?:お?(?:困りごと|困り事|悩み(?:ごと|事)?)|課題|問題|ニーズ|ペイン)(?:点|感)?")
_WHICH_PROBLEM = re.compile("(?:課題|困りごと|困り事|悩み|問題点?)(?:は|が|って)?(?:何|なに|どこ|どれ)(?:な|か|に|だ)")
"""「課題が何なのか自分でもよく分からなくて」"""
_NOTHING_TO_SAY = re.compile("まだ.*(?:何|なん)とも")


def _overlaps(text: Text, fact: Found[Any], places: Sequence[Span]) -> bool:
    return any(start <= fact.span[1] and fact.span[0] < end for start, end in (text.span(*one) for one in places))
