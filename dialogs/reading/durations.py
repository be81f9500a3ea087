"""Lengths of time in a text: 3ヶ月, 半年〜1年, 2 to 4 weeks, a month and a half."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from itertools import islice

from dialogs.reading.calendar import add_months
from dialogs.reading.kanji_numbers import kanji_value
from dialogs.reading.lexicon import lexicon
from dialogs.reading.sought import Sought, sought
from dialogs.reading.text import MOST, Text

DAY, WEEK, MONTH = "day", "week", "month"


@dataclass(frozen=True, kw_only=True, slots=True)
class Length:
    """`count` units; a unit is a day, a week or a month (a year is twelve, a quarter three), and `days` more."""

    count: float
    unit: str
    days: int = 0

    def after(self, today: date) -> date:
        """The day this length ends when it begins today: calendar months, or days; half a month is 15 days."""
        if self.unit == MONTH:
            return add_months(today, min(self.count, 2_400)) + timedelta(days=self.days)
        days = self.count * (7 if self.unit == WEEK else 1)
        return today + timedelta(days=min(round(days), 73_000))

    def before(self, end: date) -> date:
        """The day on which this length begins when it ends on `end`."""
        if self.unit == MONTH:
            return add_months(end, -min(self.count, 1_200)) - timedelta(days=self.days)
        return end - timedelta(days=min(round(self.count * (7 if self.unit == WEEK else 1)), 36_500))


@dataclass(frozen=True, kw_only=True, slots=True)
class Duration:
    """From `least` to `most`, and its place in `plain`. `open` for a few weeks, 数ヶ月; `at_least` for 3+ months.

    `ahead` when it begins today: "two upcoming months".
    """

    least: Length
    most: Length
    start: int
    end: int
    open: bool = False
    at_least: bool = False
    ahead: bool = False


FEW = (2.0, 6.0)
"""What "a few" and 数 mean for time."""

_JA_NUMBER = r"(?:[0-9]+(?:\.[0-9]+)?|[一二三四五六七八九十百]{1,4}|数|何|ひと|ふた|半)"
_JA_UNIT = (
    r"((?:ヶ|か|カ|ケ|箇|ヵ|個)月|四半期|(?<=[ひふ]と)月|(?<=ふた)月|(?<=半)月|週|日(?!月[^、。]|締|払い)|年|営業日)"
)
_JA = sought(
    rf"(?<![0-9.,/第])({_JA_NUMBER})\s?(?:{_JA_UNIT}?(半)?間?\s?(?:~|-|から|、|,|か|ないし|ー|・|or)\s?({_JA_NUMBER}))?"
    rf"\s?{_JA_UNIT}(?:間)?(半)?(?:間)?(?:と?([0-9]{{1,2}})(?:ヶ|か|カ|ケ)月)?"
)
_JA_HINTS = re.compile("[年月週日期]")
_SOUNDS = {
    "にさん": (2.0, 3.0), "さんよん": (3.0, 4.0), "いち": (1.0, 1.0), "いっ": (1.0, 1.0), "に": (2.0, 2.0),
    "さん": (3.0, 3.0), "よん": (4.0, 4.0), "ご": (5.0, 5.0), "ろっ": (6.0, 6.0), "ろく": (6.0, 6.0),
    "なな": (7.0, 7.0), "はち": (8.0, 8.0), "はっ": (8.0, 8.0), "きゅう": (9.0, 9.0), "じゅっ": (10.0, 10.0),
    "すう": FEW,
}  # fmt: skip
_SPELLED = re.compile(
    rf"({'|'.join(_SOUNDS)})(?:(かげつ|ヶ月|か月)|(しゅうかん)|(ねん)(?=はん|かん|ご|いない|以内|後|先|くらい|ぐらい|ほど|[、。\s]|$))"
    r"(はん)?(?:かん)?"
)
"""さんかげつ, いっしゅうかん, いちねんはん"""
_JA_UNIT_OF = {"四半期": (3.0, MONTH), "週": (1.0, WEEK), "日": (1.0, DAY), "営業日": (1.4, DAY), "年": (12.0, MONTH)}

_EN_UNITS = {
    "day": (1.0, DAY), "week": (1.0, WEEK), "wk": (1.0, WEEK), "fortnight": (2.0, WEEK), "month": (1.0, MONTH),
    "mo": (1.0, MONTH), "mth": (1.0, MONTH),
    "mnth": (1.0, MONTH), "quarter": (3.0, MONTH), "qtr": (3.0, MONTH), "year": (12.0, MONTH),
    "yr": (12.0, MONTH), "business day": (1.4, DAY), "working day": (1.4, DAY), "night": (1.0, DAY),
    "decade": (120.0, MONTH),
}  # fmt: skip
_EN_UNIT = (
    r"(business day|working day|day|night|week|wk|fortnight|month|mth|mnth|mo|quarter|qtr|year|yr|decade)s?(?![a-z])"
)


_PRICE = re.compile(
    r"(?:[0-9][km]?|[$€£¥]|usd|eur|euros?|dollars|bucks|yen|pounds|quid|thousand|million|grand|once|twice|times"
    r"|[0-9][0-9,.]{0,6}k? (?:[a-z-]+ )?[a-z-]{2,}s)\s$"
)
"""In front of "a month": so much, so often or so many each month is no length of time."""


@cache
def _english() -> Sought:
    words = "|".join(sorted(lexicon("numbers").table("word").words.spellings, key=len, reverse=True))
    number = (
        r"(?:[0-9]+(?:\.[0-9]+)?|half an?|half|a half|an?|another|(?:a )?(?:couple|cpl)(?: of)?|(?:a )?few|several"
        r"|some(?=\s[a-z]+s(?![a-z]))"
        rf"|twenty[\s-](?:{words})|{words})"
    )
    return sought(
        rf"(?<![a-z0-9$€£¥.,/])({number})(\+)?"
        rf"(?:(?:\s?(?:{_EN_UNIT})?\s?(?:-|~|to|or)\s?|\sand\s(?!a\s|half))({number}))?"
        # "two upcoming months"
        r"(?:[\s-]|\sand a half\s|\s(?:(upcoming|coming|next)|more|additional|further|full|whole|calendar)\s)?"
        rf"{_EN_UNIT}(\sand (?:a )?half)?(\sor two|\sor so)?"
    )


def durations(text: Text) -> list[Duration]:
    """All lengths of time from left to right. Whether one is a time to start, `timeframe` decides."""
    found = list(islice(_japanese(text), MOST)) if text.language == "ja" and _JA_HINTS.search(text.plain) else []
    if text.language == "ja" and _IN_KANA.search(text.plain):
        found += islice(_spelled(text), MOST)
    if _EN_HINTS.search(text.plain):
        taken = {at for one in found for at in range(one.start, one.end)}
        found += (one for one in islice(_in_english(text), MOST) if one.start not in taken)
    return list(_together(text.plain, sorted(found, key=lambda one: one.start))) if found else []


_AND = re.compile(r"(?:,|,?\sand)?\s")


def _together(plain: str, found: list[Duration]) -> Iterator[Duration]:
    """ "2 years and 3 months" is one length."""
    at = 0
    while at < len(found):
        one = found[at]
        at += 1
        while at < len(found) and _adds(plain, one, found[at]):
            more = found[at].most
            one = replace(one, least=_sum(one.least, more), most=_sum(one.most, more), end=found[at].end)
            at += 1
        yield one


def _sum(length: Length, more: Length) -> Length:
    if more.unit == MONTH:
        return replace(length, count=length.count + more.count)
    return replace(length, days=length.days + round(more.count * (7 if more.unit == WEEK else 1)))


def _adds(plain: str, one: Duration, other: Duration) -> bool:
    if one.most.unit != MONTH or _AND.fullmatch(plain, one.end, other.start) is None:
        return False
    if other.most.unit == MONTH:
        return other.most.count < 12 <= one.most.count and not one.most.days
    return other.most.count * (7 if other.most.unit == WEEK else 1) < 31


_IN_KANA = re.compile("かげつ|ねん|しゅうかん")


def _spelled(text: Text) -> Iterator[Duration]:
    for match in _SPELLED.finditer(text.plain):
        least, most = _SOUNDS[match[1]]
        size, unit = (1.0, MONTH) if match[2] else (1.0, WEEK) if match[3] else (12.0, MONTH)
        half = 0.5 if match[5] else 0.0
        yield Duration(
            least=Length(count=(least + half) * size, unit=unit),
            most=Length(count=(most + half) * size, unit=unit),
            start=match.start(),
            end=match.end(),
            open=match[1] == "すう",
        )


def _japanese(text: Text) -> Iterator[Duration]:
    for match in _JA.finditer(text.plain):
        low, low_unit, low_half, high, unit, half, more = match.groups()
        if unit == "月" and low not in ("ひと", "ふた", "半"):
            continue
        if unit == "年" and (low.isdecimal() and (int(low) > 99 or text.plain[match.end() : match.end() + 1] == "度")):
            continue
        size, kind = _JA_UNIT_OF.get(unit, (1.0, MONTH))
        low_size, low_kind = _JA_UNIT_OF.get(low_unit, (1.0, MONTH)) if low_unit else (size, kind)
        least, most = _japanese_count(low)
        if high:
            most = _japanese_count(high)[1]
        extra = 0.5 if half else 0.0
        if high and low_unit:  # 1年か1年半
            least, most, extra = least + (0.5 if low_half else 0.0), most + extra, 0.0
        months = float(more) / size if more and kind == MONTH else 0.0
        yield Duration(
            least=Length(count=(least + extra + (0.0 if high else months)) * low_size, unit=low_kind),
            most=Length(count=(most + extra + months) * size, unit=kind),
            start=match.start(),
            end=match.end(),
            open=least != most and not high,
        )


def _japanese_count(written: str) -> tuple[float, float]:
    if written in ("数", "何"):
        return FEW
    if written == "半":
        return 0.5, 0.5
    if written in ("ひと", "ふた"):
        value = 1.0 if written == "ひと" else 2.0
        return value, value
    if len(written) == 2 and written in ("一二", "二三", "三四", "四五", "五六", "六七", "七八", "八九"):
        return float(kanji_value(written[0])), float(kanji_value(written[1]))
    value = float(written) if written[0].isdecimal() else float(kanji_value(written))
    return value, value


_FIGURE_AND_LETTER = r"[0-9]\s?[dwy](?![a-z0-9])"
_IN_LETTERS = re.compile(_FIGURE_AND_LETTER)
_BEHIND_A_FIGURE = r"(?:(?<=[0-9].)|(?<=[0-9]\s.))(?![a-z0-9])"
_EN_HINTS = re.compile(
    rf"d(?:ay|ecade|{_BEHIND_A_FIGURE})|w(?:eek|k|{_BEHIND_A_FIGURE})|y(?:ear|r|{_BEHIND_A_FIGURE})|mo|mn?th|quarter|qtr|night"
)
_COMING = sought(r"(?<=the )(?:coming|next|following) (day|week|month|quarter|year)s(?![a-z])")
_LETTERS = re.compile(
    r"(?=[\s0-9])(?:(?<=for )|(?<=within )|(?<=about )|(?<=next )|(?<=in )(?![23]d)|^\s*)"
    r"([0-9]{1,3})\s?([dwy])(?![a-z0-9])"
)
_FORTNIGHT = sought(
    r"(?<![a-z])(?:in|within|over|inside) the (?:coming|next) fortnight(?![a-z])|^\W*fortnight(?![a-z])"
)
_OR_SO = re.compile(r"\W*(?:(?:in|within|maybe|about|probably|another)\s)?(week|month|year) or (so|two)(?![a-z])")


def _in_english(text: Text) -> Iterator[Duration]:
    for match in _COMING.finditer(text.plain):  # "in the coming months" names no number: a few
        size, kind = _EN_UNITS[match[1]]
        few, many = (Length(count=count * size, unit=kind) for count in FEW)
        yield Duration(least=few, most=many, start=match.start(1), end=match.end(), open=True)
    for match in _FORTNIGHT.finditer(text.plain):
        two_weeks = Length(count=2.0, unit=WEEK)
        yield Duration(least=two_weeks, most=two_weeks, start=match.start(), end=match.end(), ahead=True)
    if alone := _OR_SO.match(text.plain):  # "year or so", without a number in front
        size, kind = _EN_UNITS[alone[1]]
        one, many = (Length(count=count * size, unit=kind) for count in (1.0, 2.0 if alone[2] == "two" else 1.0))
        yield Duration(least=one, most=many, start=alone.start(1), end=alone.end())
    for match in _LETTERS.finditer(text.plain) if _IN_LETTERS.search(text.plain) else ():  # "in 10d", "2w"
        size, kind = _EN_UNITS[{"d": "day", "w": "week", "y": "year"}[match[2]]]
        letters = Length(count=float(match[1]) * size, unit=kind)
        yield Duration(least=letters, most=letters, start=match.start(), end=match.end())
    for match in _english().finditer(text.plain):
        low, plus, low_unit, high, ahead, unit, half, more = match.groups()
        if unit == "day" and text.plain.startswith(" off", match.end()):
            continue
        if low in ("a", "an") and _PRICE.search(text.plain, max(0, match.start() - 30), match.start()):
            continue  # "$900 a month" is a price
        size, kind = _EN_UNITS[unit]
        least, most = _english_count(low)
        is_open = least != most
        if "and a half" in match.group() or half:
            least, most = least + 0.5, most + 0.5
        if high:
            most = _english_count(high)[1]
        if more and more.endswith("two"):
            most = 2.0
        first_size, first_kind = _EN_UNITS[low_unit] if low_unit else (size, kind)
        yield Duration(
            least=Length(count=least * first_size, unit=first_kind),
            most=Length(count=most * size, unit=kind),
            start=match.start(),
            end=match.end(),
            open=is_open,
            at_least=plus is not None,
            ahead=ahead is not None,
        )


def _english_count(written: str) -> tuple[float, float]:
    if "few" in written or written in ("several", "some"):
        return FEW
    if "couple" in written or "cpl" in written:
        return 2.0, 2.0
    if "half" in written:
        return 0.5, 0.5
    if written in ("a", "an", "another"):
        return 1.0, 1.0
    if written[0].isdecimal():
        return float(written), float(written)
    table = lexicon("numbers").table("word")
    tens, _, ones = written.replace("-", " ").partition(" ")
    value = float(table[tens]) + (float(table[ones]) if ones else 0.0)
    return value, value
