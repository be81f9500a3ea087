"""Every number in a text, however it is written: 1,200 / 1億2000万 / 五百万 / 50k / half a million / 数十万.

A number here is not yet money or months: `amounts` and `calendar` look at what stands around it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import NamedTuple

from dialogs.reading.lexicon import Table, Words, lexicon
from dialogs.reading.places import Beginnings
from dialogs.reading.text import Text

SAME_LINE = r"(?:[^\S\n]|\n(?=[a-z]{3,}(?:[\s,;!?]|\.\s|\.?$)))"
"""Between a figure and the word that belongs to it: a mail may break the line in front of "million", but the next line
"k.mori@example.org" begins with no scale."""

Pair = tuple[float, float]
"""Lowest and highest reading; they differ for open numbers only (数百 is 200 to 900)."""

LARGEST = 1e15
"""Larger numbers are no amounts, and would not stay exact."""

KANJI_DIGITS = {kanji: digit for digit, kanji in enumerate("〇一二三四五六七八九")} | {"零": 0}
SMALL_SCALES = {"十": 10, "百": 100, "千": 1_000}
LARGE_SCALES = {"万": 10**4, "億": 10**8, "兆": 10**12}
SEVERAL = "数"

_FIGURES = re.compile(r"[0-9]+(?:[.,][0-9]+|'[0-9]{3}(?![0-9]))*(?: [0-9]{3}(?![0-9]))*")
_KANJI = "0-9〇零一二三四五六七八九十百千万億兆数"
_KANJI_RUN = re.compile(rf"[{_KANJI}](?:[{_KANJI}]|(?<![,.])[,.](?![,.])| {{1,4}}(?=[十百千万億兆]))*")
_LATIN = re.compile("[a-z]{3}")
_HAS_KANJI = re.compile("[一二三四五六七八九十百千万億兆拾]")
_THOUSANDS = re.compile(r"[1-9][0-9]{0,2}(?:([,. ])[0-9]{3})(?:\1[0-9]{3})*(\.[0-9]{1,2})?")
_INDIAN = re.compile(r"[1-9][0-9]?(?:,[0-9]{2})+,[0-9]{3}")
_NEIGHBOURS = re.compile(r"([1-9]),([1-9])")


class Number(NamedTuple):
    """A number and its place in `plain`. `scale` is the last multiplier written (万, k), 1 when there was none."""

    low: float
    high: float
    scale: float
    start: int
    end: int

    @property
    def open(self) -> bool:
        return self.low != self.high


def numbers(text: Text) -> tuple[Number, ...]:
    """All numbers of the text from left to right; none inside a word, a web address or another number."""
    return _numbers(text.plain, text.language == "ja")


_MAY_BE_CALLED = re.compile(r"[0-9](?:[ ().・-]{0,3}[0-9]){6}")
_TELEPHONE = re.compile(
    r"(?<![0-9a-z.,$€£¥-])(?!\(?[0-9]{1,2}[-.][0-9]{1,2}[-.](?:[0-9]{4}|[0-9]{2})(?![0-9]))"
    r"(?:\(?\+\(?[0-9](?:[ ().・/-]{0,3}[0-9]){6,14}"
    r"|\(?0[0-9]{1,4}\)?(?:[ .・-]|(?<=\)))(?:[ .・-]?[0-9]){5,9}"
    r"|\(?[2-9][0-9]{2}(?:\) ?|[ .・-])[0-9]{3}[ .・-][0-9]{4})(?![0-9])"
    r"|(?<![a-z])(?:tel|telephone|phone|mobile|cell|fax|direct|call me (?:on|at)|ph|mob|hp|電話(?:番号)?|携帯)"
    r"[.:]{0,2}\s?(?:no\.?\s|number\s|is\s)?\(?[0-9](?:[ ().・-]{0,3}[0-9]){5,13}"
)
"""What is dialled: +84 28 3822 1234, 06-6123-4567, (415) 555-0123, tel. 555 0123. Its figures count nothing."""


def _telephones(plain: str) -> list[tuple[int, int]]:
    if not _MAY_BE_CALLED.search(plain):
        return []
    return [match.span() for match in _TELEPHONE.finditer(plain)]


@lru_cache(maxsize=16)
def _numbers(plain: str, japanese: bool) -> tuple[Number, ...]:
    taken: list[Number] = []
    if japanese and _HAS_KANJI.search(plain):
        taken.extend(_kanji_numbers(plain))
    if japanese and _SOUNDS.search(plain):
        taken.extend(_spoken_numbers(plain))
    done = {at for number in taken for at in range(number.start, number.end)} if taken else set()
    in_words = _word_numbers(plain) if _LATIN.search(plain) else ()
    for number in (*_figure_numbers(plain), *in_words):
        if number.start not in done:
            taken.append(number)
            done.update(range(number.start, number.end))
    if telephones := _telephones(plain):
        taken = [one for one in taken if not any(start < one.end and one.start < end for start, end in telephones)]
    return tuple(sorted((one for one in taken if one.high <= LARGEST), key=lambda number: number.start))


# Figures: 1,200 / 1.5 / 40.000 / 50 000, with a scale behind them (50k, 1.5 million)


def _figure_numbers(plain: str) -> Iterator[Number]:
    for match in _FIGURES.finditer(plain):
        start, end = match.span()
        if start and plain[start - 1].isascii() and (plain[start - 1].isalpha() or plain[start - 1] in "_@#.-"):
            start = _start_after_currency(plain, start)
            if start < 0:
                continue
        text = match.group()
        if len(text) > 24:
            continue
        if fraction := _FRACTION.match(plain, start):
            scale, end = _scale_behind(plain, fraction.end())
            part = int(fraction[1]) / int(fraction[2]) * scale
            yield Number(low=part, high=part, scale=scale, start=start, end=end)
            continue
        half = _AND_A_HALF.match(plain, end)
        odd = _ODD.match(plain, end)
        scale, end = _scale_behind(plain, half.end() if half else odd.end() if odd else end)
        neighbours = _NEIGHBOURS.fullmatch(text)
        if neighbours and int(neighbours[2]) == int(neighbours[1]) + 1:
            low, high = float(neighbours[1]), float(neighbours[2])
        else:
            low = high = figure_value(text, scaled=scale > 1_000)
        if half:
            low, high = low + 0.5, high + 0.5
        if dozen := _DOZEN.match(plain, end):
            low, high, end = low * 12, high * 12, dozen.end()
        if odd and odd[1] == "something" and low % 10 == 0:
            high = low + 10 - 1 / scale  # "20-something thousand" is up to 29,999
        yield Number(low=low * scale, high=high * scale, scale=scale, start=start, end=end)


_CODE_BEFORE = re.compile(r"(?<![a-z])(?:usd|us|eur|jpy|gbp|yen|cad|aud|chf|sgd|cny|rmb|krw|inr|hkd|nt|rs)$")
_RAND = re.compile(
    r"(?<![a-z0-9])r(?=[0-9]{1,3}(?:[ ,][0-9]{3}(?![0-9])|[0-9.]{0,6}\s?(?:k|m|mil|million|grand)(?![a-z])|[0-9]{2,}))"
)
"""South Africa's currency, in front of more than a few: R150 000, R2.5m."""
_DASH_BEFORE = re.compile(r"(?:[a-z0-9$¥€£%万億円]|[^\x00-\x7f]|\s|^)\s?-$")


def _start_after_currency(plain: str, start: int) -> int:
    """`start` when the figure may stand directly behind what is there ("usd50", "10k-15k"), else -1 ("b2b", "v2")."""
    before = plain[max(0, start - 6) : start]
    if before[-1] == "-":
        return start if _DASH_BEFORE.search(before) else -1
    if before[-1] == ".":
        return start if len(before) > 1 and before[-2] in ".a-z " else -1
    return start if _CODE_BEFORE.search(before) or _RAND.search(plain, max(0, start - 2), start + 12) else -1


def figure_value(text: str, *, scaled: bool = False) -> float:
    """The value of figures. A separator before exactly three digits separates thousands (EUR 40.000 is 40,000);
    in front of a large scale a point is a decimal point (1.250 million)."""
    text = text.replace("'", ",")  # Swiss notation
    if _INDIAN.fullmatch(text):  # 10,00,000
        return float(text.replace(",", ""))
    grouped = _THOUSANDS.fullmatch(text)
    if grouped and not (scaled and grouped[1] == "." and text.count(".") == 1):
        decimals = grouped[2] if grouped[2] and grouped[1] != "." else ""
        whole = text[: len(text) - len(decimals)]
        return float(re.sub("[,. ]", "", whole) + decimals)
    head, _, tail = text.replace(" ", "").replace(",", ".").rpartition(".")
    return float(f"{head.replace('.', '')}.{tail}") if head else float(tail)


@cache
def _scale() -> tuple[re.Pattern[str], Table]:
    table = lexicon("numbers").table("scale")
    # "30 MUSD" is thirty million
    return re.compile(rf"(?:{SAME_LINE}|-)?(?:{table.words.glued_source}|m(?=(?:usd|eur|gbp|jpy)(?![a-z])))"), table


def _scale_behind(plain: str, end: int) -> tuple[float, int]:
    """The product of the scale words directly behind a number, and where they end ("2 hundred k")."""
    pattern, table = _scale()
    product = 1.0
    while (match := pattern.match(plain, end)) and product < 1e15:
        product *= float(table[match.group().lstrip(" -\n\t")])
        end = match.end()
    return product, end


_FRACTION = re.compile(
    r"(?<![0-9/])([13])/([24])(?=\s?(?:an?\s)?(?:million|mil|mill|m|billion|bn|crore|lakh|grand|k)(?![a-z]))"
)
"""1/2 million"""
_DOZEN = re.compile(r"[\s-]dozen(?![a-z])")
_ODD = re.compile(r"[\s-](odd|something)(?=[\s-](?:hundred|thousand|grand|k|mil|million|m)(?![a-z]))")
_AND_A_HALF = re.compile(r"[\s-]+and[\s-]+a[\s-]+half")


# Kanji: 五百万 / 1億2000万 / 数十万 / 二三百万


def _kanji_numbers(plain: str) -> Iterator[Number]:
    if _FORMAL.search(plain):
        plain = _FORMAL.sub(lambda written: written.group().translate(_PLAIN_KANJI), plain)
    for match in _KANJI_RUN.finditer(plain):
        written = match.group().rstrip(" ,.")
        if _HAS_KANJI.search(written):
            number = _read_kanji(written, followed_by=plain[match.start() + len(written) :][:1])
            if number:
                start = match.start()
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


_SOUNDS = re.compile("まん|おく|[うくちいんごにな] ?(?:円|えん|ドル|どる|ユーロ|ゆーろ)")
_MONEY_BEHIND = re.compile(r"\s?(?:円|えん|ドル|どる|ユーロ|ゆーろ)")


def _spoken_numbers(plain: str) -> Iterator[Number]:
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
            low, high = _sum(section, digit) if section != (0, 0) or digit else (1, 1)
            if total != (0, 0) and at and parts[at - 1].group() in LARGE_SCALES:
                total = (total[0] * unit, total[1] * unit)  # 1万億
            else:
                total = _sum(total, (low * unit, high * unit))
            scale = unit * (scale if scale > 1 and digit is None and unit > scale else 1)
            section, digit, last_large = (0, 0), None, unit
        else:
            digit, scale = _digits(word, behind), 1.0
    if last_large >= 10**8 and section != (0, 0) and section[0] % 1_000 == 0 and followed_by != "円" and digit is None:
        section = (section[0] * 10**4, section[1] * 10**4)  # 1億5千 is said for 1億5千万
        scale = 10**4
    low, high = _sum(_sum(total, section), digit)
    return Number(low=low, high=high, scale=scale, start=0, end=parts[-1].end())


def _sum(one: Pair, other: Pair | None) -> Pair:
    return (one[0] + other[0], one[1] + other[1]) if other else one


def _digits(word: str, behind: str) -> Pair:
    """Arabic figures, or kanji digits read by place (二〇二七); neighbours before a scale are a range (二三百万)."""
    neighbours = _NEIGHBOURS.fullmatch(word)
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


# English words: twenty-five / one and a half million / a few hundred thousand / tens of thousands

_JOINT = r"[\s-]+(?:and[\s-]+a[\s-]+|and[\s-]+|of[\s-]+a[\s-]+|of[\s-]+|o'?[\s-]+|a[\s-]+|point[\s-]+)?"


@dataclass(frozen=True, kw_only=True)
class EnglishWords:
    start: re.Pattern[str]
    beginnings: Beginnings
    more: re.Pattern[str]
    word: Table
    part: Table
    open: Table
    scale: Table


@cache
def _english() -> EnglishWords:
    tables = [lexicon("numbers").table(section) for section in ("word", "part", "open", "scale")]
    word, part, loose, scale = tables
    spelled = [each for table in tables for each in table.words.spellings if len(each) > 2]
    every = "|".join(f"(?:{table.words.source})" for table in tables)
    starts = [each for each in spelled if each not in ("thou", "mill", "mils", "mio", "mln", "mil", "bil")]
    return EnglishWords(
        start=Words.spelled(starts).pattern,
        beginnings=Beginnings.of([each.partition(" ")[0] for each in starts]),
        more=re.compile(rf"({_JOINT})({every})"),
        word=word,
        part=part,
        open=loose,
        scale=scale,
    )


def _word_numbers(plain: str) -> Iterator[Number]:
    english = _english()
    done = 0
    for match in english.beginnings.finditer(english.start, plain):
        if match.start() < done or (match.group() == "grand" and not _is_money(plain, *match.span())):
            continue
        tokens, end = _run(plain, match, english)
        value = _evaluate(tokens, english)
        done = end
        if value:
            (low, high), scale = value
            scale_more, end = _scale_behind(plain, end)
            yield Number(
                low=low * scale_more, high=high * scale_more, scale=scale * scale_more, start=match.start(), end=end
            )


def is_in_hundreds(text: Text, start: int, end: int) -> bool:
    """Whether an English number says "hundred", which may count for the one in front, too: "two to three hundred"."""
    return text.language == "en" and text.plain.find("hundred", start, end) >= 0


def _is_money(plain: str, start: int, end: int) -> bool:
    """Whether it is a thousand: "a grand", "grand a month", but neither "we're grand" nor "a grand opening"."""
    return (
        _A_WHOLE.search(plain, max(0, start - 12), start) is not None and _ENDS_A_SUM.match(plain, end) is not None
    ) or _OF_MONEY.match(plain, end) is not None


_A_WHOLE = re.compile(r"(?<![a-z])(?:a|per|about|around|maybe|another)(?: (?:cool|whole|clean|good|full))? $")
_ENDS_A_SUM = re.compile(
    r"(?=\s?(?:[^a-z\s]|$))|'?s? (?:a|an|and|or|per|each|every|to|for|in|on|at|max|maximum|tops|minimum|total|upfront"
    r"|monthly|yearly|annually|if|is|was|would|will|should|i|we|as|but|plus|less|now|then|though|so|maybe|once|one-off|from|up"
    r"|of (?:our|my|the)|please|mate|lol|ish|top|easily|approx|roughly|extra|more|either)(?![a-z])"
)
_OF_MONEY = re.compile(
    r" (?:a|per|each|every) (?:mo|month|year|yr|week|quarter)(?![a-z])|-?ish| or (?:two|so|more|less|three)(?![a-z])"
)


def _run(plain: str, first: re.Match[str], english: EnglishWords) -> tuple[Sequence[tuple[str, str]], int]:
    """The number words that belong together, each with the joint in front of it, and where they end."""
    tokens = [("", first.group())]
    end = first.end()
    between = plain[max(0, first.start() - 10) : first.start()].rstrip().endswith("between")
    while len(tokens) < 12 and (match := english.more.match(plain, end)):
        joint, word = match[1].strip(), match[2]
        if joint == "and" and (between or tokens[-1][1] not in english.scale.meanings):
            break
        if not joint.startswith("point") and _two_numbers(tokens[-1][1], joint, word, english):
            break
        tokens.append((joint, word))
        end = match.end()
    return tokens, end


def _two_numbers(before: str, joint: str, word: str, english: EnglishWords) -> bool:
    """Whether a number ends between these words: "five ten" is two numbers, "fifty five" and "two dozen" are one."""
    if word == "dozen" and before in english.word.meanings:
        return bool(joint)
    if word == "dozen" and (before == "half" or before in english.open.meanings):
        return False
    if word in english.part.meanings:
        return "and" not in joint and before not in english.word.meanings
    if word not in english.word.meanings or joint == "a":
        return joint == "a" and word not in english.scale.meanings
    if before in english.word.meanings:
        return not (float(english.word[before]) >= 20 and float(english.word[word]) < 10)
    return before not in english.scale.meanings


def _evaluate(tokens: Sequence[tuple[str, str]], english: EnglishWords) -> tuple[Pair, float] | None:
    total: Pair = (0, 0)
    current: Pair | None = None
    scale = 1.0
    for joint, word in tokens:
        if word in english.word.meanings:
            value = float(english.word[word]) / (10 if joint == "point" else 1)
            if word == "dozen" and current:
                current = (current[0] * value, current[1] * value)
            else:
                current = _sum((value, value), current)
        elif word in english.part.meanings:
            value = float(english.part[word])
            if scale > 1 and current is None:  # a million and a half
                total = _sum(total, (value * scale, value * scale))
            elif current and not joint.startswith("and"):  # three quarters
                current = (current[0] * value, current[1] * value)
            else:
                current = _sum((value, value), current)
        elif word in english.open.meanings:
            least, most = english.open[word].split("-")
            current = (float(least), float(most))
        else:
            unit = float(english.scale[word])
            low, high = current or ((2, 9) if word.endswith("s") and len(word) > 4 else (1, 1))
            if unit == 100:
                current = (low * 100, high * 100)
                continue
            if current is None and unit > scale > 1:  # a thousand million
                total = (total[0] * unit, total[1] * unit)
            else:
                total = _sum(total, (low * unit, high * unit))
            current, scale = None, unit
    if tokens[0][1] in english.part.meanings and len(tokens) == 1:
        return None  # "this quarter", "the second half"
    return _sum(total, current), scale
