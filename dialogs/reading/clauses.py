"""Where a clause begins and ends: the words that can speak about an amount, a date, or "not decided yet"."""

import re
from bisect import bisect_left, bisect_right
from functools import lru_cache

from dialogs.reading.found import Language
from dialogs.reading.sought import sought

# は、 and では、 only take a breath: 「売上は、20億です」 is one clause.
_JA_BORDER = re.compile(
    r"(?=[。!?\s;.、,がけしの/])(?:[。!?\n;]|\.(?![0-9])|(?<!は)、|,(?![0-9])"
    r"|(?<=[すだたい])(?:が、?|けど|けれど|けれども|し、)|ので、?"
    r"|(?<=[万億円])\s(?=(?!以|未|前後|程|弱|強|台|税|超|上限|限|位|月額|年額|年間|毎月|一括|初期)[\u4e00-\u9fff])"
    r"|(?<=[^ ])\s(?=[^\s:=]{1,8}[:=])|/(?=[^\s:/0-9]{1,8}:)"
    # 500万円/10月/役員会決裁, but not 5万円/月
    r"|(?<=[^\x00-\x7f])\s?/\s?(?=[^\x00-\x7f]{2}|[0-9]+[月万名人億])(?![月年人名台席店室ヶ]|か月|アカ|ユーザ|ライセ|シート)"
    # Excel管理に限界 予算これから
    r"|(?<=[\u3041-\u9fff])\s(?=(?:予算|時期|決裁|導入|課題|納期|社員|従業員|担当|部長|社長|役員|年内|来期|今期)))"
)
_EN_MARK = re.compile(r"[.!?\n;,](?![0-9])")
_EN_DASH = sought(r"[^\S\n]-+\s")
_EN_TURN = sought(
    r"(?:b(?<![a-z]b)ut|h(?<![a-z]h)owever|a(?<![a-z]a)lthough|t(?<![a-z]t)hough|w(?<![a-z]w)(?:hile|hereas))(?![a-z])"
)
_SENTENCE = re.compile(r"[。!?\n]|\.(?=\s|$)")


@lru_cache(maxsize=16)
def _borders(plain: str, language: Language) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Where borders begin and where they end, for the whole text at once."""
    every = (_JA_BORDER,) if language == "ja" else (_EN_MARK, _EN_DASH, _EN_TURN)
    found = sorted(match.span() for pattern in every for match in pattern.finditer(plain))
    return tuple(start for start, _ in found), tuple(end for _, end in found)


def clause(plain: str, language: Language, start: int, end: int, *, reach: int = 80) -> tuple[int, int]:
    """The clause around `plain[start:end]`, at most `reach` characters to each side."""
    return before(plain, language, start, reach=reach), after(plain, language, end, reach=reach)


def before(plain: str, language: Language, start: int, *, floor: int = 0, reach: int = 80) -> int:
    """Where the clause that reaches `start` begins; never left of `floor`."""
    _, ends = _borders(plain, language)
    at = bisect_right(ends, start)
    return max(floor, start - reach, ends[at - 1] if at else 0)


def after(plain: str, language: Language, end: int, *, ceiling: int | None = None, reach: int = 80) -> int:
    """Where the clause that goes on at `end` stops; never right of `ceiling`."""
    starts, _ = _borders(plain, language)
    at = bisect_left(starts, end)
    stop = min(len(plain) if ceiling is None else ceiling, end + reach)
    return max(end, min(stop, starts[at])) if at < len(starts) else max(end, stop)


@lru_cache(maxsize=16)
def _ends_of_sentences(plain: str) -> tuple[int, ...]:
    return tuple(match.start() for match in _SENTENCE.finditer(plain))


def sentence(plain: str, start: int, end: int) -> tuple[int, int]:
    """The sentence around `plain[start:end]`."""
    ends = _ends_of_sentences(plain)
    first, last = bisect_left(ends, start), bisect_left(ends, end)
    return (ends[first - 1] + 1 if first else 0), (ends[last] if last < len(ends) else len(plain))
