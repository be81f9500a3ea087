"""Numbers in English words: twenty-five / one and a half million / a few hundred thousand / tens of thousands."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from dialogs.reading.figures import scale_behind
from dialogs.reading.lexicon import Table, Words, lexicon
from dialogs.reading.number import Number, Pair, add
from dialogs.reading.places import Beginnings
from dialogs.reading.text import Text

_JOINT = r"[\s-]+(?:and[\s-]+a[\s-]+|and[\s-]+|of[\s-]+a[\s-]+|of[\s-]+|o'?[\s-]+|a[\s-]+|point[\s-]+)?"


@dataclass(frozen=True, kw_only=True)
class _EnglishWords:
    start: re.Pattern[str]
    beginnings: Beginnings
    more: re.Pattern[str]
    word: Table
    part: Table
    open: Table
    scale: Table


@cache
def _english() -> _EnglishWords:
    tables = [lexicon("numbers").table(section) for section in ("word", "part", "open", "scale")]
    word, part, loose, scale = tables
    spelled = [each for table in tables for each in table.words.spellings if len(each) > 2]
    every = "|".join(f"(?:{table.words.source})" for table in tables)
    starts = [each for each in spelled if each not in ("thou", "mill", "mils", "mio", "mln", "mil", "bil")]
    return _EnglishWords(
        start=Words.spelled(starts).pattern,
        beginnings=Beginnings.of([each.partition(" ")[0] for each in starts]),
        more=re.compile(rf"({_JOINT})({every})"),
        word=word,
        part=part,
        open=loose,
        scale=scale,
    )


def english_numbers(plain: str) -> Iterator[Number]:
    """From left to right, each with the scale behind it."""
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
            scale_more, end = scale_behind(plain, end)
            yield Number(
                low=low * scale_more, high=high * scale_more, scale=scale * scale_more, start=match.start(), end=end
            )


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


def _run(plain: str, first: re.Match[str], english: _EnglishWords) -> tuple[Sequence[tuple[str, str]], int]:
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


def _two_numbers(before: str, joint: str, word: str, english: _EnglishWords) -> bool:
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


def _evaluate(tokens: Sequence[tuple[str, str]], english: _EnglishWords) -> tuple[Pair, float] | None:
    total: Pair = (0, 0)
    current: Pair | None = None
    scale = 1.0
    for joint, word in tokens:
        if word in english.word.meanings:
            value = float(english.word[word]) / (10 if joint == "point" else 1)
            if word == "dozen" and current:
                current = (current[0] * value, current[1] * value)
            else:
                current = add((value, value), current)
        elif word in english.part.meanings:
            value = float(english.part[word])
            if scale > 1 and current is None:  # a million and a half
                total = add(total, (value * scale, value * scale))
            elif current and not joint.startswith("and"):  # three quarters
                current = (current[0] * value, current[1] * value)
            else:
                current = add((value, value), current)
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
                total = add(total, (low * unit, high * unit))
            current, scale = None, unit
    if tokens[0][1] in english.part.meanings and len(tokens) == 1:
        return None  # "this quarter", "the second half"
    return add(total, current), scale


def is_in_hundreds(text: Text, start: int, end: int) -> bool:
    """Whether an English number says "hundred", which may count for the one in front, too: "two to three hundred"."""
    return text.language == "en" and text.plain.find("hundred", start, end) >= 0
