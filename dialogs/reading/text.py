"""What a person typed, made easy to match: one spelling of each character, and the way back to the original.

raw    ご予算は５００万〜ＡＳＡＰ
plain  ご予算は500万~asap        every rule reads this
span   positions in plain -> positions in raw, so we can show people their own words
"""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from dialogs.reading.found import Found, Language, T
from dialogs.reading.places import KEPT

MOST = 40
"""Amounts, dates or phrases of one kind we look at in one message: a person says a few, the rest is an attack."""

LONGEST = 4_000
"""Characters of one message we read (the widget and the doors cut there); later ones are not looked at."""

_SAME_CHARACTER = str.maketrans(
    {
        "〜": "~",
        "∼": "~",
        "–": "-",
        "—": "-",
        "―": "-",
        "−": "-",
        "‐": "-",
        "‑": "-",
        "─": "-",
        "’": "'",
        "‘": "'",
        "“": '"',
        "”": '"',
        "⁄": "/",
        "ヵ": "ヶ",
        "萬": "万",
        "﨑": "崎",
        "𠮷": "吉",
        "\u200b": "",
        "\u200c": "",
        "\u200d": "",
        "\ufeff": "",
        "\u00ad": "",
    }
)
_ODD = re.compile("[" + "".join(map(chr, _SAME_CHARACTER)) + "]")

_FIGURE = "[0-9〇零一二三四五六七八九○◯]"
_SHORTEST_NUMBER = 10
_SPOKEN_NUMBER = re.compile(
    r"[0〇零○◯](?<![0-9〇零一二三四五六七八九○◯.].)(?:(?<!0)(?![〇○◯])|(?=[0-9]{1,4}の[0-9]{1,4}の[0-9]{4}))"
    rf"(?:[ の・ー()~\u2010-\u2015\u2212-]{{0,2}}{_FIGURE}){{9,10}}(?!{_FIGURE}|[年月日円万億人名])"
)
"""A telephone number in kanji, or with 「の」 between its parts: 〇三の一二三四の五六七八, 03の1234の5678."""
_DIALLED = str.maketrans("〇零○◯一二三四五六七八九のー・", "0000123456789---")

_JAPANESE = re.compile(r"[\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff々〆〇]")
# A character and the marks that belong to it (half-width ﾊﾞ is two characters, and one sound). The bound keeps
# a text of nothing but accents linear.
_LETTER_WITH_MARKS = re.compile(r"(?s:.)[\u0300-\u036f\u3099\u309a\uff9e\uff9f]{0,8}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Text:
    """One message, ready to be read. Make it with `Text.of`.

    `plain` is NFKC, lower case, with one kind of dash and quote; rules match on it.
    `language` is "ja" as soon as there is one kana or kanji.
    """

    raw: str
    plain: str
    language: Language
    _origin: tuple[int, ...] | None = field(repr=False)

    @classmethod
    def of(cls, raw: str) -> "Text":
        raw = raw[:LONGEST]
        plain, origin = _plain(raw)
        return cls(raw=raw, plain=plain, language="ja" if _JAPANESE.search(plain) else "en", _origin=origin)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where `plain[start:end]` stands in `raw`."""
        if self._origin is None:
            return start, end
        first = self._origin[start]
        # A plain position inside one raw character (㌦ is read as ドル) reaches to that character's end.
        while start < end < len(self._origin) - 1 and self._origin[end] == self._origin[end - 1]:
            end += 1
        return first, self._origin[end]

    def inside(self, span: tuple[int, int]) -> tuple[int, int]:
        """Where a place of `raw` stands in `plain`."""
        if self._origin is None:
            return span
        return bisect_left(self._origin, span[0]), bisect_left(self._origin, span[1])

    def words(self, start: int, end: int) -> str:
        """The person's own words behind `plain[start:end]`."""
        first, last = self.span(start, end)
        return self.raw[first:last]

    def fact(self, value: T, start: int, end: int, *, certainty: float, rule: str) -> Found[T]:
        """The value as found in `plain[start:end]`, by the rule of this name ("budget.amount")."""
        return Found(
            value=value, span=self.span(start, end), words=self.words(start, end), certainty=certainty, rule=rule
        )

    def without(self, places: Sequence[tuple[int, int]], *, blank: str = "\n") -> "Text":
        """The same message with these places of `plain` blank, so that every position stays where it is."""
        return replace(self, plain=blanked(self.plain, places, blank=blank)) if places else self

    def rewritten(self, places: Sequence[tuple[int, int, str]]) -> "Text":
        """The same message with other words at these places of `plain`, each behind the one before."""
        if not places:
            return self
        pieces: list[str] = []
        origin: list[int] = []
        before = self._origin or range(len(self.plain) + 1)
        done = 0
        for start, end, words in places:
            pieces += (self.plain[done:start], words)
            origin += before[done:start]
            origin += [before[start]] * len(words)
            done = end
        pieces.append(self.plain[done:])
        origin += before[done:]
        return replace(self, plain="".join(pieces), _origin=tuple(origin))


def blanked(plain: str, places: Sequence[tuple[int, int]], *, blank: str = "\n") -> str:
    """The same words with these places blank, so that every position stays where it is."""
    if not places:
        return plain
    pieces: list[str] = []
    done = 0
    for start, end in sorted(places):
        if end > done:
            first = start if start > done else done
            pieces += (plain[done:first], blank * (end - first))
            done = end
    return "".join((*pieces, plain[done:]))


def _plain(raw: str) -> tuple[str, tuple[int, ...] | None]:
    """The normal form, and for each of its positions the position in `raw` (None when they are the same)."""
    if raw.isascii():
        return raw.lower(), None
    # Most messages change only one character for one; then the positions need no map.
    direct = _unify(raw)
    if len(direct) == len(raw) and max(map(len, map(_normal, set(raw)))) == 1:
        return direct, None
    pieces: list[str] = []
    origin: list[int] = []
    for at, letter in _letters(raw):
        normal = _normal(letter)
        pieces.append(normal)
        origin.extend([at] * len(normal))
    origin.append(len(raw))
    return "".join(pieces), tuple(origin)


def _letters(raw: str) -> Iterator[tuple[int, str]]:
    for match in _LETTER_WITH_MARKS.finditer(raw):
        yield match.start(), match.group()


@lru_cache(maxsize=4_096)
def _normal(letter: str) -> str:
    return _unify(letter)


def _unify(raw: str) -> str:
    normal = unicodedata.normalize("NFKC", raw)
    if len(normal) >= _SHORTEST_NUMBER:
        normal = _SPOKEN_NUMBER.sub(lambda number: number.group().translate(_DIALLED), normal)
    if _ODD.search(normal):
        normal = normal.translate(_SAME_CHARACTER)
    return normal.lower()


_LETTERS_OF_NAMES = (("﨑", "崎"), ("𠮷", "吉"), ("萬", "万"))
"""In a name they stay; everywhere else the rules read the usual ones."""


def as_typed(text: Text, name: str) -> str:
    """山﨑 and 𠮷田 with the letters the person wrote: the rules read 山崎 and 吉田."""
    for theirs, usual in _LETTERS_OF_NAMES:
        if theirs in text.raw and usual in name and (typed := name.replace(usual, theirs)) in text.raw:
            name = typed
    return name


def cased(text: Text) -> str:
    """`plain` with the capitals the person wrote."""
    return text.raw if text.raw.isascii() else _with_capitals(text.raw, text.plain)


@lru_cache(maxsize=KEPT)
def _with_capitals(raw: str, plain: str) -> str:
    same = unicodedata.normalize("NFKC", raw)
    lower = same.lower()
    if lower == plain:
        return same
    if lower == same or len(same) != len(plain):
        return plain
    letters = zip(same, plain, strict=True)
    return "".join([one if one == other or one.lower() == other else other for one, other in letters])
