"""The ways a date is written in figures: 6/30, 2027-04-01, FY27, 27年3月期, 15日, (木). What each part of it means."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from dialogs.reading.kanji_numbers import kanji_value


class Token(NamedTuple):
    """One word of a date: what kind of word, its value, and its place in `plain`.

    A `weak` word ("may", "sat") is a date only together with others.
    """

    kind: str
    value: int | str
    start: int
    end: int
    weak: bool = False

    @property
    def number(self) -> int:
        return int(self.value)


@dataclass(frozen=True, kw_only=True)
class Form:
    """A way to write a date in figures. Tried only when the text holds one of its `hints`.

    A pattern better starts with a letter it needs than with a look behind: then `re` can skip to the next such letter.
    """

    example: str
    hints: tuple[str, ...]
    pattern: re.Pattern[str]
    read: Callable[[re.Match[str]], Iterator[Token]]


def one(kind: str, value: int, match: re.Match[str]) -> Iterator[Token]:
    yield Token(kind=kind, value=value, start=match.start(), end=match.end())


def _year_month_day(match: re.Match[str]) -> Iterator[Token]:
    if 1 <= int(match[2]) <= 12:
        yield from full(*match.span(), int(match[1]), int(match[2]), int(match[3]) if match[3] else None)


def _month_day(match: re.Match[str]) -> Iterator[Token]:
    month, day = int(match[1]), int(match[2])
    if month > 12 >= day >= 1:
        month, day = day, month
    if 1 <= month <= 12 and 1 <= day <= 31 and match.group() != "24/7":
        yield from full(*match.span(), full_year(match[3]) if match[3] else None, month, day)


def _day_behind_a_month(match: re.Match[str]) -> Iterator[Token]:
    if 1 <= int(match[1]) <= 31:
        yield Token(kind="day", value=int(match[1]), start=match.start(1), end=match.end())


def _month_year(match: re.Match[str]) -> Iterator[Token]:
    if 1 <= int(match[1]) <= 12:
        yield from full(*match.span(), int(match[2]), int(match[1]), None)


def _year_quarter(match: re.Match[str]) -> Iterator[Token]:
    year, number = (match[1], match[2]) if len(match[1]) > 1 else (match[2], match[1])
    start, end = match.span()
    yield Token(kind="year", value=full_year(year), start=start, end=start + 1)
    yield Token(kind="quarter", value=int(number), start=start + 1, end=end)


def _fiscal_year(match: re.Match[str]) -> Iterator[Token]:
    return one("fiscal_year", full_year(str(kanji_value(match[1]))), match)


def _closing_year(match: re.Match[str]) -> Iterator[Token]:
    """2027年3月期 closes in March 2027 and so is the fiscal year 2026; 12月期 is the year itself."""
    year = full_year(str(kanji_value(match[1])))
    return one("fiscal_year", year - 1, match) if "3" in (match[2], match[3]) else one("calendar_year", year, match)


def year(match: re.Match[str]) -> Iterator[Token]:
    return one("year", full_year(str(kanji_value(match[1]))), match)


_ERAS = {"令和": 2018, "r": 2018, "平成": 1988}


def _era(kind: str) -> Callable[[re.Match[str]], Iterator[Token]]:
    return lambda match: one(kind, _ERAS[match[1]] + (1 if match[2] == "元" else kanji_value(match[2])), match)


def _era_month_day(match: re.Match[str]) -> Iterator[Token]:
    if 1 <= int(match[2]) <= 12 and (match[3] is None or 1 <= int(match[3]) <= 31):
        yield from full(*match.span(), _ERAS["r"] + int(match[1]), int(match[2]), int(match[3]) if match[3] else None)


def within(kind: str, most: int) -> Callable[[re.Match[str]], Iterator[Token]]:
    def read(match: re.Match[str]) -> Iterator[Token]:
        if 1 <= kanji_value(match[1]) <= most:
            yield from one(kind, kanji_value(match[1]), match)

    return read


def full(start: int, end: int, year: int | None, month: int, day: int | None) -> Iterator[Token]:
    """Tokens for a date in figures; they share its place between them, the year last: it is of no date in front."""
    parts = [("month", month), ("day", day), ("year", year)]
    said = [(kind, value) for kind, value in parts if value is not None]
    for at, (kind, value) in enumerate(said, start):
        yield Token(kind=kind, value=value, start=at, end=end if at == start + len(said) - 1 else at + 1)


def full_year(written: str) -> int:
    return int(written) if len(written) == 4 else 2000 + int(written)


_KANJI = re.compile("[\u4e00-\u9fff]")
_BEFORE_SEASON = "年度初来翌今"
_AFTER_SEASON = "以過中明前後末半始開導稼本終頃先口入内"


_OF_A_NAME = re.compile(r"[\u4e00-\u9fff](?:さん|様|氏|(?:社|部|課|店|会|院|所|係|室|園)長|専務|常務)")
"""夏川さん, 秋本社長"""


def _season_tokens(match: re.Match[str]) -> Iterator[Token]:
    """「秋頃」, 「来春」 and both of 「秋冬に」 are seasons, 「秋田」, 「春日」 and those of 「秋冬物」 are not."""
    plain, (start, end) = match.string, match.span()
    if _TWO_SEASONS.match(plain, end - 1) or _TWO_SEASONS.match(plain, max(0, start - 1)):
        yield Token(kind="season", value=_SEASON_MONTH[match[1]], start=start, end=end)
        return
    before, after = plain[start - 1 : start] if start else "", plain[end : end + 1]
    if before not in _BEFORE_SEASON and _KANJI.match(before):
        return
    if _OF_A_NAME.match(plain, end):
        return
    if before not in ("来", "翌", "今") and after and after not in _AFTER_SEASON and _KANJI.match(after):
        return
    if before in ("来", "翌"):
        yield Token(kind="relative_year", value=1, start=start - 1, end=start)
    yield Token(kind="season", value=_SEASON_MONTH[match[1]], start=start, end=end)


_TWO_SEASONS = re.compile(
    r"(?<![\u4e00-\u9fff])(?:春夏|夏秋|秋冬|冬春)(?=の?(?:間|シーズン|期)?(?:に(?![^。、\n]{1,10}[がもは])|頃|ごろ|くらい|あたり|から|まで|で|か|が|を?目|[、。\s]|$))"
)


def _season_in_kana(match: re.Match[str]) -> Iterator[Token]:
    yield Token(kind="season", value=_SEASON_MONTH[match[1]], start=match.start(1), end=match.end(1))


_SEASON_MONTH = {"春": 3, "夏": 6, "秋": 9, "冬": 12, "はる": 3, "なつ": 6, "あき": 9, "ふゆ": 12}
_WEEKDAYS = "月火水木金土日"
_FIGURE = "0-9一二三四五六七八九十"
_N = rf"[{_FIGURE}](?<![{_FIGURE}].)[{_FIGURE}]{{0,2}}"
YEAR = r"(?:19|20)(?<![0-9/.,]..)[0-9]{2}"
_KANJI_YEAR = "二〇[〇一二三四五六七八九]{2}"
_TWO_OR_FOUR = r"[0-9二](?<![0-9].)(?:[0-9](?:(?<=19|20)[0-9]{2})?|(?<=二)〇[〇一二三四五六七八九]{2})"
COUNTED_BEHIND = r"\s?(?:usd|eur|dollars|euros|people|employees|users|seats)"
_DAY_END = (
    r"(?!間|市|町|坊主|天下|が?つぶ|が?潰|が?かり|がかり|仕事|じゅう|かけて|月[^、。\s次々曜]|数|で?も早|付(?!け?で)|本|当た|曜)"
    r"(?:\s?\(?[月火水木金土日](?:曜日?)?\)?(?=[)\s、。にま]|$))?"
)

FORMS = (
    Form(
        example="2027/4/1, 2027-04-01, 2027.4",
        hints=("/", "-", "."),
        pattern=re.compile(rf"({YEAR})[/.-]([0-9]{{1,2}})(?:[/.-]([0-9]{{1,2}}))?(?![0-9]|[.,/][0-9])"),
        read=_year_month_day,
    ),
    Form(
        example="6/30, 6/30/2027",
        hints=("/",),
        pattern=re.compile(
            r"([0-9](?<![0-9/.,].)[0-9]?)/([0-9]{1,2})(?:/([0-9]{4}|[0-9]{2}))?"
            r"(?![0-9]|[/.,][0-9]|%|\s?(?:million|billion|thousand|of|the))"
        ),
        read=_month_day,
    ),
    Form(
        example="4/2027",
        hints=("/",),
        pattern=re.compile(r"([0-9](?<![0-9/.,-].)[0-9]?)/((?:19|20)[0-9]{2})(?![0-9])"),
        read=_month_year,
    ),
    Form(
        example="2027q4, 27q4",
        hints=("q",),
        pattern=re.compile(r"([0-9][0-9](?:(?<=20)[0-9]{2})?)[\s-]?q([1-4])(?![0-9a-z])"),
        read=_year_quarter,
    ),
    Form(
        example="q4'27",
        hints=("q",),
        pattern=re.compile(r"q(?<![0-9a-z]q)([1-4])[\s-]?'([0-9]{2})(?![0-9a-z])"),
        read=_year_quarter,
    ),
    Form(
        example="R9.4, and nothing else",
        hints=(".", "/"),
        pattern=re.compile(r"^\s*r([1-9][0-9]?)[./]([0-9]{1,2})(?:[./]([0-9]{1,2}))?(?=\s*[~-]?\s*$)"),
        read=_era_month_day,
    ),
    Form(
        example="fy27, fiscal 2027",
        hints=("fy", "fiscal", "financial"),
        pattern=re.compile(r"f(?<![a-z]f)(?:y|iscal year|iscal|inancial year)[\s'-]{0,2}((?:20)?[0-9]{2})(?![0-9])"),
        read=_fiscal_year,
    ),
)
JAPANESE_FORMS = (
    Form(
        example="2027年3月期, 27/12期",
        hints=("期",),
        pattern=re.compile(rf"({_TWO_OR_FOUR})(?:年(3|12)月|/(3|12)月?)期(?!間)"),
        read=_closing_year,
    ),
    Form(
        example="2027年度, 27年度",
        hints=("年度",),
        pattern=re.compile(rf"({_TWO_OR_FOUR})\s?年度"),
        read=_fiscal_year,
    ),
    Form(
        example="令和9年度",
        hints=("年度",),
        pattern=re.compile(r"(令和|r)([0-9]{1,2}|元|[一二三四五六七八九十]{1,3})年度"),
        read=_era("fiscal_year"),
    ),
    Form(
        example="2027年",
        hints=("年",),
        pattern=re.compile(rf"(1(?<![0-9].)9[0-9]{{2}}|2(?<![0-9].)0[0-9]{{2}}|{_KANJI_YEAR})\s?年(?![度間])"),
        read=year,
    ),
    Form(
        example="2027から2028年",
        hints=("20",),
        pattern=re.compile(r"(20(?<![0-9.,/-]..)[0-9]{2})(?=\s?(?:から|~|・|、|以降|年?[春夏秋冬]))"),
        read=year,
    ),
    Form(
        example="2027 and nothing else",
        hints=("19", "20"),
        pattern=re.compile(r"^\s*((?:19|20)[0-9]{2})\s*[。.]?\s*$"),
        read=year,
    ),
    Form(
        example="27年4月",
        hints=("年",),
        pattern=re.compile(r"([23](?<![0-9].)[0-9])年(?=\s?(?:[0-9]{1,2}月|[春夏秋冬]|末|初|第))"),
        read=year,
    ),
    Form(
        example="令和9年",
        hints=("令和", "平成"),
        pattern=re.compile(r"(令和|平成)([0-9]{1,2}|元|[一二三四五六七八九十]{1,3})年(?!度)"),
        read=_era("year"),
    ),
    Form(
        example="R9年4月",
        hints=("年",),
        pattern=re.compile(r"(r)(?<![a-z].)([0-9]{1,2})年(?!度)"),
        read=_era("year"),
    ),
    Form(
        example="R9.4頃, R9/4/1から",
        hints=("r",),
        pattern=re.compile(r"r(?<![a-z].)([1-9][0-9]?)[./]([0-9]{1,2})(?:[./]([0-9]{1,2}))?(?![0-9./%])"),
        read=_era_month_day,
    ),
    Form(
        example="4月, 十二月",
        hints=("月", "がつ"),
        pattern=re.compile(rf"({_N})\s?(?:月(?![額次給間曜商々]|女(?![性子]))|がつ)"),
        read=within("month", 12),
    ),
    Form(
        example="the 6 of 6〜8月",
        hints=("月",),
        pattern=re.compile(r"([0-9](?<![0-9./].)[0-9]?)(?=\s?(?:~|-|、|,|・|/|か|から|ー)\s?[0-9]{1,2}月)"),
        read=within("month", 12),
    ),
    Form(
        example="the 9 of 9末",
        hints=("末",),
        pattern=re.compile(r"([0-9](?<![0-9./].)[0-9]?)(?=末(?:[、。\s納稼導頃ごにでま]|$))"),
        read=within("month", 12),
    ),
    Form(
        example="15日, 15日(木)",
        hints=("日",),
        pattern=re.compile(rf"({_N})日{_DAY_END}"),
        read=within("day", 31),
    ),
    Form(
        example="秋頃, 来春",
        hints=("春", "夏", "秋", "冬"),
        pattern=re.compile(r"([春夏秋冬])(?:先|口|頃|ごろ|季|場)?"),
        read=_season_tokens,
    ),
    Form(
        example="来年のはる, らいねん なつごろ",
        hints=("はる", "なつ", "あき", "ふゆ"),
        pattern=re.compile(
            r"(?:年|ねん|ことし)\s?の?\s?(はる|なつ|あき|ふゆ)(?=ごろ|頃|くらい|ぐらい|あたり|に|から|まで|以降|か|で|です|[、。\s]|$)"
        ),
        read=_season_in_kana,
    ),
    Form(
        example="6月15 without 日",
        hints=("月",),
        pattern=re.compile(r"月(?<=[0-9].)([0-9]{1,2})(?=頃|ごろ|くらい|ぐらい|まで|から|以降|[、。\s]|$)"),
        read=_day_behind_a_month,
    ),
    Form(
        example="(木)",
        hints=("(",),
        pattern=re.compile(r"\(([月火水木金土日])\)"),
        read=lambda match: one("weekday", _WEEKDAYS.index(match[1]), match),
    ),
)
