"""Numbers in figures: 1,200 / 1.5 / 40.000 / 50 000, with a scale behind them (50k, 1.5 million)."""

import re
from collections.abc import Iterator
from functools import cache

from dialogs.reading.lexicon import Table, lexicon
from dialogs.reading.number import NEIGHBOURS, Number

SAME_LINE = r"(?:[^\S\n]|\n(?=[a-z]{3,}(?:[\s,;!?]|\.\s|\.?$)))"
"""Between a figure and the word that belongs to it: a mail may break the line in front of "million", but the next line
"k.mori@example.org" begins with no scale."""
_FIGURES = re.compile(r"[0-9]+(?:[.,][0-9]+|'[0-9]{3}(?![0-9]))*(?: [0-9]{3}(?![0-9]))*")
_THOUSANDS = re.compile(r"[1-9][0-9]{0,2}(?:([,. ])[0-9]{3})(?:\1[0-9]{3})*(\.[0-9]{1,2})?")
_INDIAN = re.compile(r"[1-9][0-9]?(?:,[0-9]{2})+,[0-9]{3}")


def figure_numbers(plain: str) -> Iterator[Number]:
    """From left to right, none behind a letter that makes it a name (b2b, v2)."""
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
            scale, end = scale_behind(plain, fraction.end())
            part = int(fraction[1]) / int(fraction[2]) * scale
            yield Number(low=part, high=part, scale=scale, start=start, end=end)
            continue
        half = _AND_A_HALF.match(plain, end)
        odd = _ODD.match(plain, end)
        scale, end = scale_behind(plain, half.end() if half else odd.end() if odd else end)
        neighbours = NEIGHBOURS.fullmatch(text)
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


def scale_behind(plain: str, end: int) -> tuple[float, int]:
    """The product of the scale words directly behind a number, and where they end ("2 hundred k")."""
    pattern, table = _scale()
    product = 1.0
    while (match := pattern.match(plain, end)) and product < 1e15:
        product *= float(table[match.group().lstrip().lstrip("-")])
        end = match.end()
    return product, end


_FRACTION = re.compile(
    r"(?<![0-9/])([13])/([24])(?=\s?(?:an?\s)?(?:million|mil|mill|m|billion|bn|crore|lakh|grand|k)(?![a-z]))"
)
"""1/2 million"""
_DOZEN = re.compile(r"[\s-]dozen(?![a-z])")
_ODD = re.compile(r"[\s-](odd|something)(?=[\s-](?:hundred|thousand|grand|k|mil|million|m)(?![a-z]))")
_AND_A_HALF = re.compile(r"[\s-]+and[\s-]+a[\s-]+half")
