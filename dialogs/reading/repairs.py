"""What a person takes back: 「50人と言いましたが、150人です」 leaves only the 150."""

import re

from dialogs.reading.asking import Span
from dialogs.reading.phrases import load
from dialogs.reading.text import Text

_JA_TOLD = re.compile(
    r"(?P<old>(?:[0-9,.]{1,14}[一-龥a-z%]{0,4}|[^\s、。はがをもにで0-9]{1,10}))(?=(?:くらい|ぐらい|程度|だ|です)?(?:と|って)(?:言い|"
    r"言っ|申し|申し上げ|答え|お答えし|伝え|お伝えし|書き|書い|入力し|話し|お話しし|いい|いっ|回答し)(?:まし)?た"
    # 「60万といったところ」 takes nothing back
    r"(?!ところ|とこ|感じ|あたり|規模|具合|レベル|範囲|線))"
)
_EN_TOLD = re.compile(
    r"(?<![a-z])(?:i|we) (?:just |already |earlier |previously |originally |had )?(?:said|told you|"
    r"mentioned|wrote|stated|answered|put(?! (?:an?|my|in|forward|together|it) )|typed"
    r"|gave)\s(?!(?:earlier|before|previously|just now|above)\b)(?P<old>[^.;:!?\n]{1,40}?)(?=\s(?:before|earlier|"
    r"previously|but|make|though|however|and|a moment|by mistake|just now|instead)|,|\s-+\s|[.;!?\n]|$)"
)
# the verbs alone: most messages have none of them
_JA_TOLD_BY = re.compile("(?:と|って)(?:言|申|答|お答|伝|お伝|書|入力し|話し|お話|い[いっ]|回答し)")
_EN_TOLD_BY = re.compile("said|told|mentioned|wrote|stated|answered|put|typed|gave")
AHEAD = 40
"""Characters in front of the first verb where what was told may begin."""
_VALUE = re.compile(
    r"[0-9]|[一二三四五六七八九十百千万億]|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*|q[1-4]|[今来]月|来[期年週]"
)
_WITHIN = re.compile(
    r"(?:やっぱ|やはり)|(?<![a-z])(?:actually|sorry|wait|hold on|make that|make it|i mean|i meant)(?![a-z])"
    r"|じゃなく|ではなく"
)


def taken_back(text: Text) -> list[Span]:
    """Places in `plain` that quote an earlier answer."""
    told, told_by = (_JA_TOLD, _JA_TOLD_BY) if text.language == "ja" else (_EN_TOLD, _EN_TOLD_BY)
    said = told_by.search(text.plain)
    if not said:
        return []
    every = told.finditer(text.plain, max(0, said.start() - AHEAD))
    return [(match.start("old"), _behind_the_number(match)) for match in every]


_COUNTED = re.compile(r"[0-9](?=\s(?:people|staff|employees)$)")


def _behind_the_number(match: re.Match[str]) -> int:
    """ "I said 20 people, it's 200": what is counted goes on."""
    number = _COUNTED.search(match["old"])
    return match.start("old") + number.end() if number else match.end("old")


def repairs_itself(text: Text, *, answers: bool) -> bool:
    """「300万、やっぱり400万」 puts right what the same message said; no earlier turn is corrected.

    `answers` tells that the message holds a value for what was asked: 「人数、50じゃなくて500でした」 about the
    timeframe speaks of an earlier answer.
    """
    languages = ("ja", "en") if text.language == "ja" else ("en",)
    hits = [hit for name in ("correct_with_fact", "correct") for hit in load("acts").every(name, text.plain, languages)]
    return bool(hits) and all(
        _WITHIN.search(text.plain, hit.start, hit.end + 4)
        and (answers or not text.plain.endswith(("でした", "だった"), hit.start, hit.end))
        and _VALUE.search(text.plain[: hit.start])
        for hit in hits
    )
