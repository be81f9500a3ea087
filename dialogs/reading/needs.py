"""What hurts, or what they want to become better; how hard it presses; and what kind of problem it is.

人が足りなくて非常に困っています            -> a need, high, staffing
used to be a nightmare, now it's minor   -> a need, low: the later clause wins
need it by March                         -> nothing: a date alone is no need
"""

import re
from bisect import bisect_left
from collections.abc import Sequence
from functools import lru_cache
from operator import attrgetter

from dialogs.reading.clauses import clause, sentence
from dialogs.reading.found import FAIR, SURE, Found
from dialogs.reading.need_words import (
    AMOUNT_OR_DATE,
    HURTS,
    categories,
    need_found,
    need_words,
    of_measure,
    strength_of,
)
from dialogs.reading.noted_needs import nobody_was_reached, noted
from dialogs.reading.places import KEPT
from dialogs.reading.short_needs import part_of_work, short_answer, subject
from dialogs.reading.sought import sought
from dialogs.reading.text import Text
from dialogs.reading.vocabulary import Word
from dialogs.reading.wishes import wished
from qualification.bant import Need, Strength, Topic

_EARLY = 15
"""Characters before "nothing really" at most: later in a text it is about something else."""


def find(text: Text, *, asked: Topic | None, ignore: Sequence[tuple[int, int]] = ()) -> Found[Need] | None:
    """The need a text states, or that there is none; None when it says nothing about it.

    `ignore` are spans of `plain` that are not the person's own statement (a question, an instruction to the bot).
    """
    is_asked = asked is Topic.NEED
    if asked is None and nobody_was_reached(text.plain):
        return None
    words = list(need_words(text, ignore))
    telling = [word for word in words if _tells(text, word, is_asked)]
    if telling:
        last = telling[-1]
        if last.meaning.startswith("absent") and not _outweighed(telling):
            return need_found(text, Need(present=False), last.start, last.end, SURE, "absent")
        if asked not in (None, Topic.NEED) and _says_little(text, telling):
            return None
        return _present(text, words, telling, is_asked)
    if not is_asked:
        return _pressing(text, words) or wished(text, ignore) or (noted(text, words) if asked is None else None)
    return short_answer(text) or subject(text, words, ignore) or wished(text, ignore) or part_of_work(text)


_LITTLE = 40


def _says_little(text: Text, telling: Sequence[Word]) -> bool:
    """ "Nobody has told me", "it's on hold": in a short answer to something else, one such word is no problem."""
    if _KEEPS.search(text.plain):
        return False  # "we keep losing track of invoices"
    if text.language == "ja" and all(_BUSY.match(text.plain, word.start) for word in telling):
        return True  # 「来春ですかねえ、今は夏休みでバタバタなので」
    short = len(text.plain) <= (_LITTLE if text.language == "en" else _LITTLE // 2)
    return short and {word.meaning for word in telling} == {"pain"} and not categories(text)


_BUSY = re.compile(
    "バタバタ|ばたばた|ドタバタ|てんやわんや|立て込|たてこ|忙し|いそがし|多忙|手一杯|手いっぱい|手が離せ|把握|余裕が?な|パンパン|繁忙期"
)
"""Why it has to wait, when they were asked for something else."""
_KEEPS = sought(
    r"(?<![a-z])(?:we|they|people|staff|customers|things|it|orders|invoices) (?:always |constantly )?"
    r"keeps? [a-z]+ing(?![a-z])"
)
_POLITE = re.compile(r"ください|下さい|お願い|ほしい|欲しい|くれ|です|ます")
_FAR = 14


def hurts_behind(text: Text, start: int, end: int) -> bool:
    """Whether `plain[start:end]` is only what a need is about: 「配信停止の処理が手作業」, 「退会を減らしたい」."""
    _, stop = clause(text.plain, text.language, start, end)
    words = _words_by_place(text)
    first = bisect_left(words, start, key=_START)
    behind = bisect_left(words, min(stop, end + _FAR), lo=first, key=_START)
    return any(
        word.meaning in ("pain", "severe", "goal")
        and word.end >= end
        and not _POLITE.search(text.plain, end, word.start)
        for word in words[first:behind]
    )


_START = attrgetter("start")


@lru_cache(maxsize=KEPT)
def _words_by_place(text: Text) -> Sequence[Word]:
    """Found once for a text, however many words in it may be about something else."""
    return sorted(need_words(text, ()), key=_START)


def _tells(text: Text, word: Word, is_asked: bool) -> bool:
    """Whether the word speaks of a need at all: 「予算が足りない」 and "40k is too much" speak of money."""
    if word.meaning == "absent" and _fits_what_they_have(text, word):
        return False
    if word.meaning in ("severe", "curious", "absent"):
        return True
    if word.meaning == "pain" and _COUNTS_THEM.search(text.plain, max(0, word.start - 4), word.start + 2):
        return False
    if word.meaning == "pain" and not is_asked and _A_PRICE.match(text.plain, word.start):
        return False
    if word.meaning == "absent_asked":
        return is_asked and word.start - (len(text.plain) - len(text.plain.lstrip())) <= _EARLY
    if not is_asked and text.plain.startswith(("何とか", "なんとか"), word.start) and _until(text, word.start):
        return False  # 「一年以内には何とかしたい」
    if word.meaning == "goal" and not is_asked and _only_starts(text, word):
        return False
    if word.meaning in ("goal", "want"):
        return is_asked or not _of_the_purchase(text, word)
    return word.meaning == "pain" and (is_asked or not of_measure(text, word))


_COUNTS_THEM = re.compile(r"(?:[5-9]|[0-9]{2})人も$")
"""「50人もいません」 tells the size of a firm, 「対応できる人が1人もいません」 what hurts."""
_A_PRICE = re.compile(r"cost(?:s|ing) us (?:(?:about|around|roughly|nearly|almost|over|some) )?[$€£¥]?[0-9]")
""" "The old one costs us 5,000", asked for something else, tells a price."""


def _fits_what_they_have(text: Text, word: Word) -> bool:
    """ "Mid-April works for us", "20k is fine for now": a date or a sum suits them, nothing is said of a problem."""
    return (
        text.plain.startswith(_FITS, word.start)
        and _A_DATE_OR_SUM.search(text.plain, max(0, word.start - 24), word.start) is not None
    )


_FITS = ("works", "suits", "fine", "good", "ok")
_A_DATE_OR_SUM = re.compile(
    r"(?:[0-9][0-9.,]*(?:k|m|st|nd|rd|th)?|(?<![a-z])(?:q[1-4]|h[12]|jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov"
    r"|dec|(?:jan|febr)uary|march|april|august|(?:septem|octo|novem|decem)ber|spring|summer|autumn|fall|winter|christmas"
    r"|easter|(?:mon|tues|wednes|thurs|fri)day|dollars|euros|pounds|bucks|quid|(?:that|this|the|next|a|any) (?:date|day"
    r"|week|month|quarter|year|time|budget|price|figure|amount|range)))"
    r"(?: (?:a|per|or|so|is|are|would|be|month|year|onwards?|latest|also|probably|both))*\s$"
)


def _only_starts(text: Text, word: Word) -> bool:
    """「3週間以内に使えるようにしたい」 says when, not what: nothing is named that they want to use."""
    start = (
        word.start - 2 if text.plain.endswith(("立ち", "稼働", "利用", "導入", "運用"), 0, word.start) else word.start
    )
    if not _STARTS.match(text.plain, start):
        return False
    begin, _ = clause(text.plain, text.language, start, word.end)
    return _ITS_OBJECT.search(text.plain, begin, start) is None


_STARTS = re.compile("使え|使い|動かせ|動け|始め|(?:稼働|利用|導入|運用)?(?:でき|開始)|立ち上げ|切り替え")
_ITS_OBJECT = re.compile("[をがも]|(?<![月年週日間ま])で|[^に]は")


def _until(text: Text, end: int) -> bool:
    return _UNTIL.search(text.plain, max(0, end - 6), end) is not None


_UNTIL = re.compile(r"(?:以内|まで|年内|月中|期中|月末)に?は?$")


def _outweighed(telling: Sequence[Word]) -> bool:
    """ "No, we're good" answers the question; "手作業が多いので問題ないとは" does not. The first sentence decides."""
    return telling[-1].meaning == "absent_asked" and any(word.meaning in HURTS for word in telling)


def _present(text: Text, words: Sequence[Word], telling: Sequence[Word], is_asked: bool) -> Found[Need]:
    first = next(word for word in telling if not word.meaning.startswith("absent"))
    strength = strength_of(text, words, is_asked)
    return need_found(
        text,
        Need(present=True, strength=strength, categories=categories(text)),
        first.start,
        max(word.end for word in telling),
        SURE if first.meaning != "want" else FAIR,
        first.meaning,
    )


def _pressing(text: Text, words: Sequence[Word]) -> Found[Need] | None:
    """ "Compliance reporting is a must-have" is a need although nobody asked; "a decision is urgent" is not."""
    for word in words:
        if word.meaning == "high":
            begin, end = clause(text.plain, text.language, word.start, word.end)
            if not AMOUNT_OR_DATE.search(text.plain, begin, end) and (kinds := categories(text, begin, end)):
                value = Need(present=True, strength=Strength.HIGH, categories=kinds)
                return need_found(text, value, word.start, word.end, FAIR, "pressing")
    musts = [word for word in words if word.meaning == "high" and _A_MUST.search(text.plain, 0, word.end)]
    if musts:
        value = Need(present=True, strength=Strength.HIGH, categories=categories(text))
        return need_found(text, value, musts[0].start, musts[0].end, FAIR, "pressing")
    nice = [word for word in words if word.meaning == "low" and "nice" in text.plain[word.start : word.end]]
    if nice:
        value = Need(present=True, strength=Strength.LOW, categories=categories(text))
        return need_found(text, value, nice[-1].start, nice[-1].end, FAIR, "nice_to_have")
    return None


_A_MUST = re.compile(r"[a-z]{3} (?:(?:is|are) )?a must[ -]have$|[a-z]{3}:? must-haves?$")
""" "Appointment reminders a must-have", but "we must have it by June" says when."""
_PURCHASE = re.compile(r"予算|金額|時期|納期|budget|deadline|timeline")


def _of_the_purchase(text: Text, word: Word) -> bool:
    """ "We want to raise the budget" is no need; "we want to cut churn by March" is one."""
    begin, stop = clause(text.plain, text.language, word.start, word.end)
    front = max(begin, word.start - 12)
    back = min(sentence(text.plain, word.start, word.end)[1] if text.language == "en" else stop, word.end + 12)
    return bool(_PURCHASE.search(text.plain, front, back) or _TO_AN_AMOUNT.search(text.plain[front : word.start]))


_TO_AN_AMOUNT = re.compile(
    r"[0-9千](?:万|億|円|ドル|ユーロ)円?(?:台|以内|以下|前後)?(?:くらい|ぐらい|程度|ほど)?(?:に|まで)?$"
)
"""In front of a wish: 「40万くらいに抑えたい」 is the budget."""
