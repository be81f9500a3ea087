"""What a person takes back: 「50人と言いましたが、150人です」 leaves only the 150."""

import re

from dialogs.reading.found import Span
from dialogs.reading.intent import acts_in
from dialogs.reading.phrases import Hit
from dialogs.reading.text import Text, blanked

_JA_TOLD = re.compile(
    r"(?P<old>(?:[0-9,.]{1,14}[一-龥a-z%]{0,4}|[^\s、。はがをもにで0-9]{1,10}(?<![様氏長任役])(?<!さん|代表)))(?=(?:くらい|ぐらい|程度|だ"
    r"|です)?(?:と|って|て|(?<=[万億円名人月日年])(?=言う|ゆう))(?:言い|言っ|言う|ゆう|申し|申し上げ|答え|お答えし|伝え|お伝えし"
    r"|書き|書い|入力し|話し|お話しし|いい|いっ|いう|回答し)(?:まし)?た"
    # 「60万といったところ」 takes nothing back
    r"(?!ところ|とこ|感じ|あたり|規模|具合|レベル|範囲|線))"
)
# 「先ほど上司の承認がいると申しましたが誤りで、私が決めます」
_JA_WRONGLY_TOLD = re.compile(
    r"(?:先ほど|先程|さきほど|さっき|前に|以前)[は、]?(?P<old>[^、。]{2,24}?)と(?:申し|言い|言っ|お伝えし|伝え|お答えし|答え)[^、。]{1,6}たが、?"
    r"[^。]{0,4}(?:誤り|間違い|まちがい|違い|訂正)"
)
_EN_TOLD = re.compile(
    r"(?<![a-z])(?:i|we) (?:just |already |earlier |previously |originally |had )?(?:said|told (?:you|u|ya)|"
    # "we put 2.5k aside" is a budget
    r"mentioned|wrote|stated|answered|put(?! (?:an?|my|in|forward|together|it) |(?:[^,;:!?\n]|,(?=[0-9])){1,24}"
    r" (?:aside|away|by|towards?|in the pot|in$)(?![a-z]))|typed|gave)\s"
    r"(?!(?:earlier|before|previously|just now|above)\b)"
    r"(?P<old>(?:[^.;:!?\n]|\.(?=[0-9])){1,40}?)(?=\s(?:before|earlier|"
    r"previously|above|but|make|though|however|and|a moment|by mistake|just now|instead)|,(?![0-9]{3})|\s-+\s"
    r"|\.(?![0-9])"
    r"|[;!?\n]|$)"
)
# the verbs alone: most messages have none of them
_JA_TOLD_BY = re.compile("言うた|ゆうた|(?:と|って|て)(?:言|ゆ|申|答|お答|伝|お伝|書|入力し|話し|お話|い[いっ]|回答し)")
_EN_TOLD_BY = re.compile("said|told|mentioned|wrote|stated|answered|put|typed|gave")
AHEAD, BEHIND = 40, 60
"""Characters in front of the first verb where what was told may begin, and behind the last where the words may end."""
_VALUE = re.compile(
    r"[0-9]|[一二三四五六七八九十百千万億]|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*|q[1-4]|[今来]月|来[期年週]"
)
_WITHIN = re.compile(
    r"(?:やっぱ|やはり)|(?<![a-z])(?:actually|sorry|wait|oops|whoops|hold on|make that|make it|i mean|i meant)(?![a-z])"
    r"|じゃなく|ではなく"
)


def taken_back(text: Text) -> list[Span]:
    """Places in `plain` that quote an earlier answer."""
    told, told_by = (_JA_TOLD, _JA_TOLD_BY) if text.language == "ja" else (_EN_TOLD, _EN_TOLD_BY)
    named = (
        [match.span(str(match.lastgroup)) for match in _NAMES_THE_OLD.finditer(text.plain)]
        if "correct" in acts_in(text)
        else []
    )
    said = [match.start() for match in told_by.finditer(text.plain)]
    if not said:
        return named
    found = told.finditer(text.plain, max(0, said[0] - AHEAD), said[-1] + BEHIND)
    every = [match for match in found if not _OF_THE_SAME.match(text.plain, match.end())]
    if not _something_else(text, [match.span("old") for match in every]):
        return named
    places = [*named, *((match.start("old"), _behind_the_number(match)) for match in every)]
    wrong = _JA_WRONGLY_TOLD.search(text.plain) if text.language == "ja" else None
    return [*places, wrong.span("old")] if wrong else places


def _something_else(text: Text, told: list[Span]) -> bool:
    """ "We put our spend at 12k" takes nothing back, unless it is corrected or another value stands beside it."""
    if not told or not acts_in(text).keys().isdisjoint(("correct", "correct_with_fact", "decline", "dont_know")):
        return True
    if text.language == "ja" and not _IN_A_PAPER.search(text.plain):
        return True
    return _VALUE.search(blanked(text.plain, told)) is not None


_IN_A_PAPER = re.compile(
    r"(?:書|表|計画|シート|システム|帳|案|資料|excel|エクセル)(?:に|で)は?[^。、「」]{0,16}(?:と|って)(?:書|入力し|申請し)"
)
"""「稟議書には150万と書きました」"""
_EARLIER_JA = "(?:さっき|先ほど|先程|さきほど|前回|一つ前|ひとつ前)"
_A_SLIP_JA = "(?:間違い|まちがい|誤り|書き間違|打ち間違|言い間違|入力ミス|ミス)"
_NAMES_THE_OLD = re.compile(
    # さっきの月5万、年間5万の間違いでした
    rf"{_EARLIER_JA}の(?P<ja_old>[^、。\n]{{2,16}}?)(?:は|って|、)(?=[^、。\n]{{2,16}}の{_A_SLIP_JA})"
    # the start date I mentioned before to 15 October
    r"|(?<![a-z])(?:i|we) (?:mentioned|gave|said|quoted|wrote|sent|put|told (?:you|u))"
    r"(?P<then> (?:before|earlier|previously|above))(?=\s(?:to|is|was|should)(?![a-z]))"
    # 課題の回答を直したい
    r"|(?P<ja_question>(?:お?困り(?:ごと|事)|お?悩み(?:ごと|事)?|課題|ニーズ)の(?:質問|設問|回答|答え|項目|欄|ところ|とこ|部分))"
    # can I redo the question about our problems?
    r"|(?<![a-z])(?P<question>(?:question|answer|one|part|bit|step|section) (?:about|on|regarding|for|to do with)"
    r" (?:our|my|the|your|any) (?:biggest |main |current )?(?:problem|issue|pain point|pain|challenge|need|struggle"
    r"|trouble|headache)s?)(?![a-z])"
)


_OF_THE_SAME = re.compile(
    r"[.,;]?\s(?:and )?(?:it's|its|it is|that's|that is) (?:per|a|an|each|every|monthly|yearly|annual)(?![a-z])"
)
""" "I told you 20k. It's per year" adds to what was told."""
_SLIP = re.compile(
    r"[0-9万千百億][万千百億円月日年名人末頃台]{0,3}(?:です)?[、,。…\s]{1,3}"
    r"(?P<slip>(?:すみません|すいません|ごめん(?:なさい)?|失礼(?:しました)?|あっ?|いや|おっと)[、,]?\s?"
    r"(?:(?:桁|単位|数字|数|ゼロ|0|月|年|日付)(?:の数)?[をがの]?(?:1つ|一つ|ひとつ)?)?"
    r"(?:打ち間違|間違|まちが|書き間違|入力ミス|ミス|違[いう]|ちが[いう]))"
)
"""「30万、すみません打ち間違い、80万です」, 「150万、あっ桁まちがえた、15万円です」"""


def _in_one_breath(plain: str, hit: Hit) -> bool:
    """The old value stands right in front of the slip, the new one behind."""
    slip = _SLIP.search(plain, max(0, hit.start - 32), hit.end + 4)
    inside = slip is not None and slip.start("slip") <= hit.start < slip.end()
    return inside and _VALUE.search(plain, hit.end) is not None


_COUNTED = re.compile(r"[0-9](?=\s(?:people|staff|employees)$)")


def _behind_the_number(match: re.Match[str]) -> int:
    """ "I said 20 people, it's 200": what is counted goes on."""
    number = _COUNTED.search(match["old"])
    if number:
        return match.start("old") + number.end()
    then = _BACK_THEN.match(match.string, match.end("old"))
    return then.end() if then else match.end("old")


_BACK_THEN = re.compile(
    r"\s(?:before|earlier|previously|above|just now)"
    r"(?=\s(?:to|is|was|should|and|but|please|as|again)(?![a-z])|\s?[,.;:!?)]|\s?$)"
)
""" "Change the go-live I gave you before to 1 December": the new date is no "before"."""


def repairs_itself(text: Text, *, answers: bool) -> bool:
    """「300万、やっぱり400万」 puts right what the same message said; no earlier turn is corrected.

    `answers` tells that the message holds a value for what was asked: 「人数、50じゃなくて500でした」 about the
    timeframe speaks of an earlier answer.
    """
    acts = acts_in(text)
    hits = [*acts.get("correct_with_fact", ()), *acts.get("correct", ())]
    return bool(hits) and all(
        (_WITHIN.search(text.plain, hit.start, hit.end + 4) or _in_one_breath(text.plain, hit))
        and (answers or not text.plain.endswith(("でした", "だった"), hit.start, hit.end))
        and _VALUE.search(text.plain[: hit.start])
        for hit in hits
    )
