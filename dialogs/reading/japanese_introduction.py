"""Who introduces themselves in a Japanese text, and their firm: what stands before です and と申します decides.

リンク英語塾の村井です          村井, of リンク英語塾: it ends with a trade
鈴木鮮魚の鈴木です             鈴木, of 鈴木鮮魚: the firm begins with the name
購買部のグエンです             グエン: a kana word of no list, behind a department
竹内農園の竹内、090-0000-1212   竹内, of 竹内農園, without です
情シスのエンジニアです          nobody: a role
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from dialogs.reading.firm_in_front import across_their_work, firm_in_front
from dialogs.reading.found import Span
from dialogs.reading.japanese_names import is_listed, name_begins
from dialogs.reading.japanese_words import kana_words, no_names
from dialogs.reading.offices import across_the_gap, office_begins
from dialogs.reading.places import shows_any
from qualification.bant import Topic


@dataclass(frozen=True, kw_only=True, slots=True)
class Head:
    """Where the firm and the person's name stand, each if said."""

    firm: Span | None = None
    person: Span | None = None


LONGEST_HEAD = 160
"""Who writes, or was met, stands in the first or second sentence; later ones tell of others."""

_SAYS = re.compile(
    r"(?P<named>と申し?|ともうし|といいま|と言いま|って(?:いい|言い)ま)"
    r"|(?<=[\u4e00-\u9fff々ァ-ヴーA-Za-z.)])(?P<is>です(?!よ?[ねか])|っす(?!か)|でーす|でございま)"
)
_TO = re.compile(
    r"(?<=[\u4e00-\u9fff々])(?:(?P<to>宛(?!先|名)|まで(?=[。、\s]|お|ご|に|$))"
    r"|(?P<beside>(?=[\s、,/]{1,3}(?:[+(]?0[0-9]|[A-Za-z0-9._%+-]{1,40}@))))"
)
_SILENT = re.compile(r"の(?P<name>[\u4e00-\u9fff々]{2,4})(?P<silent>(?=[、。\n]|\s?$))")
_SIGNS_OF_AN_ADDRESS = ("宛", "まで", "@", "0")
_SIGNS_OF_SAYING = ("です", "申", "いま", "っす", "もうし", "でーす", "ござい")
_READING = re.compile(r"\s?\([ァ-ヴーぁ-ん・\s]{2,16}\)$")
"""小鳥遊(たかなし)です"""
_SENTENCE = re.compile(r"[。、,!\n]|(?:私|わたし|わたくし|当方|うち|こちら|弊社)[はが]")


def introduced(written: str, asked: Topic | None) -> Iterator[Head]:
    """The people who introduce themselves, each with the firm if it is said."""
    for says in _ways_of_saying(written, asked):
        end = says.start(says.lastgroup or 0)
        if says.lastgroup == "is" and not _may_be_named(written, end):
            continue
        if written[end - 1] == ")" and (reading := _READING.search(written, max(0, end - 20), end)):
            end = reading.start()
        start = name_begins(written, end)
        head = _abroad(written, end, says, asked) if start is None else _believed(written, start, end, says, asked)
        if head:
            yield head


def _ways_of_saying(written: str, asked: Topic | None) -> Iterator[re.Match[str]]:
    """Where somebody may say who they are, as far as the head goes; the name ends where the last group begins."""
    end = min(len(written), LONGEST_HEAD)
    if shows_any(written, _SIGNS_OF_SAYING):
        yield from _SAYS.finditer(written, 1, end)
    if asked in _MAY_BE_BARE and shows_any(written, _SIGNS_OF_AN_ADDRESS):
        yield from _TO.finditer(written, 1, end)
    if asked is not Topic.COMPANY:
        yield from (name for name in _SILENT.finditer(written, 1, end) if _may_be_silent(written, name))


def _may_be_named(written: str, end: int) -> bool:
    """A quick look in front of です: a sign or a particle that parts the name from the rest, or a family we know."""
    ahead = written[max(0, end - 9) : end]
    return (
        shows_any(ahead, _PARTS_A_NAME)
        or is_listed(ahead[-2:])
        or is_listed(ahead[-3:])
        or not ahead.isalpha()
        or ahead[-1] <= "ヿ"
    )


_PARTS_A_NAME = ("の", "、", " ", "・")


def _may_be_silent(written: str, name: re.Match[str]) -> bool:
    return is_listed(name["name"]) or written.find(name["name"], 0, name.start()) >= 0


def _believed(written: str, start: int, end: int, says: re.Match[str], asked: Topic | None) -> Head | None:
    """The person whose name stands there, if what is around it tells that it is one."""
    name, how = written[start:end], says.lastgroup
    if name in kana_words() or name in no_names():
        return None
    known, kana = _is_family(name), name[0] <= "ヿ"
    office = office_begins(written, across_the_gap(written, across_their_work(written, start))) is not None
    if not (known or kana or office or how == "named" or written.find(name, 0, start) >= 0):
        return None  # システムの刷新です
    firm = _firm_of(written, start, name, known=known, how=how)
    owner = firm is not None and len(name) > 1 and written.startswith(name, firm[0])
    match how:
        case "silent":
            beside = firm is not None and firm[1] == start - 1
            believed = beside and (owner or (known and len(name) > 1))
        case "beside":
            believed = known
        case "to":
            believed = known and (firm is not None or office)
        case "named":
            believed = firm is not None
        case _:
            believed = firm is not None and (owner or known or kana or office)
            believed = believed or (office and (known or (kana and asked in _ASKS_WHO)))
    return Head(person=(start, end), firm=firm) if believed else None


_ASKS_WHO = frozenset({Topic.CONTACT, Topic.AUTHORITY, Topic.COMPANY})
_MAY_BE_BARE = frozenset({Topic.CONTACT, None})


def _firm_of(written: str, start: int, name: str, *, known: bool, how: str | None) -> Span | None:
    """The firm in front of the name; one of no known kind only where they say that it is their name."""
    firm = firm_in_front(written, start, guess=False)
    if firm or how not in ("is", "named"):
        return firm
    if (known and len(name) > 1) or how == "named":
        firm = firm_in_front(written, start, guess=True, since=_sentence_begins(written, start))
    return firm or _named_after(written, name, start)


def _abroad(written: str, end: int, says: re.Match[str], asked: Topic | None) -> Head | None:
    """T. Yamamotoと申します, 開発部のMariaです"""
    name = _LATIN_NAME.search(written, max(0, end - 40), end)
    if name is None or says.lastgroup not in ("is", "named"):
        return None
    start = name.start()
    ahead = across_the_gap(written, start)
    firm = firm_in_front(written, start, guess=False) if ahead < start else None
    office = ahead < start and office_begins(written, ahead) is not None
    said = says.lastgroup == "named" and asked is not Topic.COMPANY
    whole = " " in name.group() and asked is Topic.CONTACT
    return Head(person=(start, end), firm=firm) if firm or office or said or whole else None


_LATIN_NAME = re.compile(
    r"(?<![A-Za-z.])[A-Z][A-Za-z'-]*\.?(?:\s(?:(?:van|von|de|da|del|di|la|bin|al)\s)?[A-Z][A-Za-z'-]*\.?){0,3}$"
)


def _is_family(name: str) -> bool:
    """Whether the lists know it, or it ends like most family names."""
    family = name.partition(" ")[0]
    return is_listed(family) or _LIKE_A_FAMILY.fullmatch(family) is not None


_LIKE_A_FAMILY = re.compile(
    r"(?!分野|視野|天井|水田|油田|河川|農村|漁村|半島|農林|森林|電池|語尾|在野|平野|山林|雑木林|乾電池)"
    r"[\u4e00-\u9fff々]{1,2}[田村川河沢澤崎﨑嶋島井野原藤橋塚瀬浦尾沼窪垣柳森林松杉岡谷辺邊渕淵脇倉池坂]"
)


def _sentence_begins(written: str, start: int) -> int:
    """Where the words begin behind the last sign of the text in front of the name."""
    return max((sign.end() for sign in _SENTENCE.finditer(written, 0, start)), default=0)


def _named_after(written: str, name: str, start: int) -> Span | None:
    """鈴木鮮魚 in front of 「の鈴木」: a firm of no known kind that begins with the name."""
    if len(name) < 2 or written[start - 1 : start] not in ("の", "、", " "):
        return None
    begins = _sentence_begins(written, start - 1)
    firm = written[begins : start - 1]
    if firm.startswith(name):
        named = _REST_OF_A_FIRM.fullmatch(firm, len(name))
    else:
        named = _REST_OF_A_FIRM.fullmatch(firm, 0, len(firm) - len(name)) if firm.endswith(name) else None
    return (begins, start - 1) if named else None


_REST_OF_A_FIRM = re.compile(r"[\u4e00-\u9fff々ァ-ヴー]{1,10}|[\u4e00-\u9fff々ァ-ヴーぁ-ん]{3,12}")
