"""Numbers in kanji, and as they sound: 五百万 / 1億2000万 / 数十万 / 二三百万 / ごひゃくまん."""

import re
from collections.abc import Iterator
from math import inf

from dialogs.reading.figures import figure_value
from dialogs.reading.number import NEIGHBOURS, Number, Pair, add

KANJI_DIGITS = {kanji: digit for digit, kanji in enumerate("〇一二三四五六七八九")} | {"零": 0}
SMALL_SCALES = {"十": 10, "百": 100, "千": 1_000}
LARGE_SCALES = {"万": 10**4, "億": 10**8, "兆": 10**12}
SEVERAL = "数"
_KANJI = "0-9〇零一二三四五六七八九十百千万億兆数"
_KANJI_RUN = re.compile(rf"[{_KANJI}](?:[{_KANJI}]|(?<![,.])[,.](?![,.])| {{1,4}}(?=[十百千万億兆]))*")
LONGEST_WRITTEN = 60
"""Letters of one number: 九百九十九兆九千九百九十九億… takes half of them, and whatever is longer counts nothing."""
HAS_KANJI = re.compile("[一二三四五六七八九十百千万億兆拾]")


def kanji_numbers(plain: str) -> Iterator[Number]:
    """From left to right, also as cheques write them (金壱百万円也)."""
    if _FORMAL.search(plain):
        plain = _FORMAL.sub(lambda written: written.group().translate(_PLAIN_KANJI), plain)
    for match in _KANJI_RUN.finditer(plain):
        written = match.group().rstrip(" ,.")
        if HAS_KANJI.search(written):
            start, end = match.start(), match.start() + len(written)
            if len(written) > LONGEST_WRITTEN:
                yield Number(low=inf, high=inf, scale=1, start=start, end=end)
            elif number := _read_kanji(written, followed_by=plain[end : end + 1]):
                yield number._replace(start=start + number.start, end=start + number.end)


_FORMAL = re.compile(
    "[壱弐参伍]?拾[壱弐参伍]?(?=[万億円])|[壱弐参伍](?=[百千万億円])|何(?=[十百千万億])|(?<![ァ-ヶー])[ニハ](?=[十百千万億])"
)
_PLAIN_KANJI = str.maketrans("壱弐参伍拾何ニハ", "一二三五十数二八")
"""金壱百万円也, 五拾万円 as cheques write them; 何十万 is 数十万; and the katakana ニ for 二 is a slip of the keys."""


def kanji_value(written: str) -> int:
    """The value of a short number in figures or kanji (12, 十二, 二〇二七); -1 when it is none."""
    if written.isdecimal():
        return int(written)
    number = _read_kanji(written, followed_by="")
    return round(number.low) if number else -1


_SPOKEN = {
    "いち": "一", "いっ": "一", "に": "二", "さん": "三", "よん": "四", "ご": "五", "ろく": "六", "ろっ": "六",
    "なな": "七", "はち": "八", "はっ": "八", "きゅう": "九", "じゅう": "十", "じゅっ": "十", "ひゃく": "百",
    "びゃく": "百", "ぴゃく": "百", "せん": "千", "ぜん": "千", "まん": "万", "おく": "億", "すう": "数",
}  # fmt: skip
_SPOKEN_RUN = re.compile(f"(?:{'|'.join(_SPOKEN)}){{1,12}}")
_SOUND = re.compile("|".join(_SPOKEN))


SOUNDS = re.compile("まん|おく|[うくちいんごにな] ?(?:円|えん|ドル|どる|ユーロ|ゆーろ)")
_MONEY_BEHIND = re.compile(r"\s?(?:円|えん|ドル|どる|ユーロ|ゆーろ)")


def spoken_numbers(plain: str) -> Iterator[Number]:
    """Numbers as they sound: ごひゃくまん, ろくドル. Only with 万, 億 or money behind: に and ご are everywhere."""
    for match in _SPOKEN_RUN.finditer(plain):
        start, end = match.span()
        if _BY_THE_MONTH.match(match.group()) and plain.endswith(_TIMES, 0, start):
            start += 1
        sounds = plain[start:end]
        if (sounds.endswith(("まん", "おく")) and len(sounds) > 2) or _MONEY_BEHIND.match(plain, end):
            written = _SOUND.sub(lambda sound: _SPOKEN[sound.group()], sounds)
            if number := _read_kanji(written, followed_by=""):
                yield number._replace(start=start, end=end)


_BY_THE_MONTH = re.compile("に(?!まん|おく)")
_TIMES = ("つき", "月", "ねん", "とし", "年", "げつ")
"""「つきにさんまんえん」 is thirty thousand a month, 「つきにひゃくまん」 a million: the に belongs to the month."""


_KANJI_PART = re.compile(r"[0-9]+(?:[.,][0-9]+)*|[〇零一二三四五六七八九]+|[十百千万億兆数]")


def _read_kanji(written: str, followed_by: str) -> Number | None:
    total: Pair = (0, 0)
    section: Pair = (0, 0)
    digit: Pair | None = None
    scale = 1.0
    last_large = 0
    parts = list(_KANJI_PART.finditer(written))
    if not parts or (len(parts) == 1 and parts[0].group() in (SEVERAL, *LARGE_SCALES)):
        return None
    for at, part in enumerate(parts):
        word = part.group()
        behind = parts[at + 1].group() if at + 1 < len(parts) else ""
        if word == SEVERAL:
            if behind not in SMALL_SCALES and behind not in LARGE_SCALES:
                return None
            digit, scale = (2, 9), 1.0
        elif word in SMALL_SCALES:
            unit = SMALL_SCALES[word]
            low, high = digit or (1, 1)
            section = (section[0] + low * unit, section[1] + high * unit)
            digit, scale = None, scale * unit if scale > 1 and at and parts[at - 1].group() in SMALL_SCALES else unit
        elif word in LARGE_SCALES:
            unit = LARGE_SCALES[word]
            low, high = add(section, digit) if section != (0, 0) or digit else (1, 1)
            if total != (0, 0) and at and parts[at - 1].group() in LARGE_SCALES:
                total = (total[0] * unit, total[1] * unit)  # 1万億
            else:
                total = add(total, (low * unit, high * unit))
            scale = unit * (scale if scale > 1 and digit is None and unit > scale else 1)
            section, digit, last_large = (0, 0), None, unit
        else:
            digit, scale = _digits(word, behind), 1.0
    if last_large >= 10**8 and section != (0, 0) and section[0] % 1_000 == 0 and followed_by != "円" and digit is None:
        section = (section[0] * 10**4, section[1] * 10**4)  # 1億5千 is said for 1億5千万
        scale = 10**4
    low, high = add(add(total, section), digit)
    return Number(low=low, high=high, scale=scale, start=0, end=parts[-1].end())


def _digits(word: str, behind: str) -> Pair:
    """Arabic figures, or kanji digits read by place (二〇二七); neighbours before a scale are a range (二三百万)."""
    neighbours = NEIGHBOURS.fullmatch(word)
    if neighbours and behind and int(neighbours[2]) == int(neighbours[1]) + 1:
        return float(neighbours[1]), float(neighbours[2])
    if word[0] not in KANJI_DIGITS:
        value = figure_value(word, scaled=bool(behind))
        return value, value
    digits = [KANJI_DIGITS[kanji] for kanji in word]
    if len(digits) == 2 and behind and digits[1] == digits[0] + 1 and digits[0]:
        return float(digits[0]), float(digits[1])
    value = float("".join(map(str, digits)))
    return value, value
