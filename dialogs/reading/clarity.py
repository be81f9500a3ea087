"""When there is no value: "not decided yet" and "there is none", and which question they answer.

予算も時期も未定です      both are undecided
no budget yet          undecided: there will be one
ありません               none, about whatever was asked
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import islice
from typing import Literal, NamedTuple

from dialogs.reading.clauses import clause, sentence
from dialogs.reading.found import Language, Span
from dialogs.reading.lexicon import lexicon
from dialogs.reading.text import MOST, Text
from qualification.bant import Clarity, Topic

Subject = Literal["budget", "timeframe"]
Ignored = Sequence[Span]

_SAID_OF: dict[Subject, tuple[str, str]] = {
    "budget": ("budget_undecided", "budget_none"),
    "timeframe": ("timeframe_undecided", "timeframe_none"),
}
_TOPIC: dict[Subject, Topic] = {"budget": Topic.BUDGET, "timeframe": Topic.TIMEFRAME}
_LINK = re.compile(
    r"[\s、,・:]{0,2}(?:も|と|や|および|及び|and|or|nor|&|/|は|の|our|the|a){0,1}[\s、,・]{0,2}(?:the |our )?"
)


class _Label(NamedTuple):
    """A word that names a topic: budget, timeframe or other."""

    subject: str
    start: int
    end: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Unclear:
    """A topic about which the person says that it is open, or that there is none."""

    clarity: Clarity
    start: int
    end: int
    rule: str

    @property
    def place(self) -> tuple[int, int]:
        return self.start, self.end


def unclear(text: Text, subject: Subject, *, asked: Topic | None, ignore: Ignored = ()) -> Unclear | None:
    """What the text says about `subject` instead of a value; None when it says nothing about it."""
    found = (one for one in _candidates(text, subject, asked) if not overlaps(one.start, one.end, ignore))
    first = None
    for one in found:
        denied = first is not None and first.rule == f"{subject}_none" and overlaps(one.start, one.end, [first.place])
        if one.clarity is Clarity.UNDECIDED and not denied:  # 「導入は考えていません」 is no
            return one
        first = first or one
    return first


def overlaps(start: int, end: int, ignore: Ignored) -> bool:
    return any(start < last and first < end for first, last in ignore)


def _candidates(text: Text, subject: Subject, asked: Topic | None) -> Iterator[Unclear]:
    is_asked = asked is _TOPIC[subject]
    if lexicon("clarity").shows(_SAID_OF[subject], text.language, text.plain):
        for match in _matches(text, f"{subject}_undecided"):
            if asked is Topic.BUDGET and "検討段階" in match.group() and "比較" not in match.group():
                continue  # 「まだ検討段階です」, asked for the money, speaks of that
            yield _unclear(Clarity.UNDECIDED, match, f"{subject}_undecided")
        for match in _matches(text, f"{subject}_none"):
            if subject == "budget" or not _names_another(text, match, subject):
                yield _unclear(_unless_yet(text, match), match, f"{subject}_none")
    if not is_asked and not any(label.subject == subject for label in _labels(text.plain, text.language)):
        return  # the rest counts only for what was asked or is named
    for match in _matches(text, "undecided"):
        if _belongs(text, match, subject, asked) and not _somebody_else_knows(text, match):
            yield _unclear(Clarity.UNDECIDED, match, "undecided")
    for match in _matches(text, "depends"):
        if _belongs(text, match, subject, asked, depends=True):
            yield _unclear(Clarity.UNDECIDED, match, "depends")
    if is_asked and subject == "timeframe":
        for match in _matches(text, "timeframe_none_asked"):
            yield _unclear(_unless_yet(text, match), match, "timeframe_none_asked")
        for match in _matches(text, "timeframe_undecided_asked"):
            yield _unclear(Clarity.UNDECIDED, match, "timeframe_undecided_asked")
    for match in islice(_nothing(text.language).finditer(text.plain), MOST):
        if _belongs(text, match, subject, asked):
            yield _unclear(_unless_yet(text, match), match, "nothing")


_SOMEBODY_TO_ASK = re.compile(
    r"(?:経理|財務|総務|購買|本社|本部|現場|担当|担当者|上司|上|[社部課所店院園]長|専務|常務|役員|オーナー|代表|情シス)(?:さん|の者|の人|の方)?"
    r"に$"
)


def _somebody_else_knows(text: Text, match: re.Match[str]) -> bool:
    """「経理に聞かないとわからない」: nothing is open."""
    asks = match.group().startswith(("聞か", "確認し")) and match.group().endswith(("から", "とも"))
    return asks and _SOMEBODY_TO_ASK.search(text.plain, max(0, match.start() - 8), match.start()) is not None


def _matches(text: Text, section: str) -> Iterator[re.Match[str]]:
    found = islice(lexicon("clarity").pattern(section, text.language).finditer(text.plain), MOST)
    if not decides_with_others(text):
        return found
    return (match for match in found if not _NOT_ALONE.search(text.plain, max(0, match.start() - 8), match.end() + 6))


def decides_with_others(text: Text) -> bool:
    """「私だけでは決められない」 says who decides, not that it is open."""
    return text.language == "ja" and _NOT_ALONE.search(text.plain) is not None


_NOT_ALONE = re.compile(
    r"(?:だけ|一人|ひとり|独り|一存|独断)(?:で|じゃ)は?(?:、)?(?:何とも|なんとも|すぐに?は?|即)?(?:決め(?:られ|れ|か)|判断でき|決定でき|決断でき)"
)


def _unclear(clarity: Clarity, match: re.Match[str], rule: str) -> Unclear:
    return Unclear(clarity=clarity, start=match.start(), end=match.end(), rule=rule)


def _unless_yet(text: Text, match: re.Match[str]) -> Clarity:
    """ "No budget" is none, "no budget yet" is undecided."""
    begin, end = clause(text.plain, text.language, match.start(), match.end(), reach=40)
    yet = lexicon("clarity").pattern("yet", text.language).search(text.plain, begin, end)
    return Clarity.UNDECIDED if yet else Clarity.NONE


def _belongs(text: Text, match: re.Match[str], subject: Subject, asked: Topic | None, *, depends: bool = False) -> bool:
    """Whether it speaks about `subject`: by the words around it, else because that was asked."""
    about = _about(text, match, subject, depends=depends)
    return asked is _TOPIC[subject] if about is None else about


def _about(text: Text, match: re.Match[str], subject: Subject, *, depends: bool) -> bool | None:
    """None when the words around do not say. What something depends on is not what it is about."""
    begin, end = clause(text.plain, text.language, match.start(), match.end())
    first, last = sentence(text.plain, match.start(), match.end())
    labels = [label for label in _labels(text.plain, text.language) if first <= label.start < last]
    before = [label for label in labels if label.end <= match.start() - depends]
    near = [label for label in before if label.start >= begin]
    inside = [label for label in labels if match.start() <= label.start < match.end() and not depends]
    if near or inside:
        return subject in _linked(text.plain, near) or any(label.subject == subject for label in inside)
    if before:
        return before[-1].subject == subject
    behind = [label for label in labels if match.end() <= label.start < end and not depends]
    return any(label.subject == subject for label in behind) if behind else None


def _names_another(text: Text, match: re.Match[str], subject: Subject) -> bool:
    """Whether the clause in front of it is about something else: 「予算の予定はない」 says nothing about the time."""
    begin, _ = clause(text.plain, text.language, match.start(), match.end())
    near = [one for one in _labels(text.plain, text.language) if begin <= one.start and one.end <= match.start()]
    return (
        bool(near) and near[-1].subject != subject and not _STARTS_ANEW.search(text.plain, near[-1].end, match.start())
    )


_STARTS_ANEW = re.compile(r"(?<![a-z])(?:and|but|so) (?:they|we|i|he|she) ")
"""A sentence of its own: "no budget and they are not planning to buy"."""


def _linked(plain: str, labels: Sequence[_Label]) -> set[str]:
    """The last label, and those that are joined to it: 「予算も時期も」, "budget and timeline"."""
    subjects: set[str] = set()
    following: int | None = None
    for label in reversed(labels):
        if following is not None and not _LINK.fullmatch(plain, label.end, following):
            break
        subjects.add(label.subject)
        following = label.start
    return subjects


@lru_cache(maxsize=16)
def _labels(plain: str, language: Language) -> tuple[_Label, ...]:
    """Every word that names a topic."""
    return tuple(
        _Label(subject=str(match.lastgroup), start=match.start(), end=match.end())
        for match in islice(_label(language).finditer(plain), MOST)
    )


@cache
def _label(language: Language) -> re.Pattern[str]:
    words = lexicon("clarity")
    kinds = ("budget", "timeframe", "other")
    return re.compile("|".join(f"(?P<{kind}>{words.words(f'label_{kind}', language).source})" for kind in kinds))


@cache
def _nothing(language: Language) -> re.Pattern[str]:
    """A clause that says no more than "none"."""
    source = lexicon("clarity").words("nothing", language).source
    lead = (
        r"(?:特に|とくに|今のところ|いまのところ|まだ|全く|まったく|ほぼ|ほとんど|完全に|うーん|えーと|いえ|いや|(?:予算|金額|時期)は?"
        r"|no|um|well|just|like|its|it's|basically|honestly|currently|at the moment)"
    )
    tail = (
        r"(?:です|でーす|だ|ですね|かな|かも|ですかね|よ|よね|ね|ですよ"
        r"|yet|at the moment|right now|currently|at present|really|so far|for now|at all|for this"
        r"|(?:left |at all )?(?:for |in )?this (?:financial |fiscal |calendar |tax |school )?"
        r"(?:year|quarter|month|half|fiscal|fy|season|term)"
        r"|(?:un)?till? [a-z0-9 ]{2,20})"
    )
    begin, end = r"(?:(?<=[。.!?\n、,:])|(?<=[a-z] so)|(?<=[a-z] but)|^)\s?", r"(?=\s?(?:[。.!?\n、,]|$))"
    return re.compile(rf"{begin}(?:{lead}[\s、,]{{0,2}}){{0,3}}(?:{source})\s?{tail}?{end}")
