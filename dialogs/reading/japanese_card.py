"""Firm and person in Japanese words that stand beside each other like on a card, without です.

情報収集中です。株式会社リベルタ 広報部 吉野      吉野, behind a department
つばめ介護サービス、職員は約60名                つばめ介護サービス: it ends with a trade, and its people are counted
AQUALINK Inc. の田所 誠です                  AQUALINK Inc., 田所 誠
やまざき ともこ / やまざき畳店                  both: the firm has the name of its owner
"""

import re
from collections.abc import Iterator
from functools import cache

from dialogs.reading.firm_in_front import (
    ENDS_LIKE_A_FIRM,
    FIRM_LETTER,
    KNOWN_AS_A_FIRM,
    is_anybodys,
    may_be_firm,
)
from dialogs.reading.firm_words import DEPARTMENT, JA_BUSINESS, JA_FORM, JA_TITLE
from dialogs.reading.found import Span
from dialogs.reading.japanese_introduction import Head
from dialogs.reading.japanese_names import is_listed
from dialogs.reading.japanese_words import either, kana_words, no_names
from dialogs.reading.places import shows_any
from qualification.bant import Topic

LONGEST_CARD = 200


def shown(written: str, asked: Topic | None) -> Iterator[Head]:
    """The people and firms that stand on their own; each at most once."""
    if len(written) > LONGEST_CARD:
        return
    yield from _abroad(written)
    if asked is not Topic.AUTHORITY:
        yield from _behind_departments(written)
    yield from _signed(written)
    if asked in _MAY_SIGN:
        yield from _owners(written)
    if asked is not None:
        yield from _counted(written)


_MAY_SIGN = frozenset({None, Topic.CONTACT, Topic.COMPANY})

# AQUALINK Inc. の田所 誠です

_FORMS_ABROAD = ("Inc", "Ltd", "LLC", "Corp", "K.K", "GmbH", "Pte")
_ABROAD = re.compile(
    r"(?<![A-Za-z.])(?P<firm>[A-Z][A-Za-z0-9&'-]*(?:\s[A-Z&][A-Za-z0-9&'-]*){0,3}?"
    r",?\s?(?:Co\.,?\s?Ltd|Inc|LLC|Ltd|Corp|K\.K|GmbH|Pte)\.?)"
    rf"\s?(?:の\s?(?:{DEPARTMENT}(?<=[部課室係局])の?\s?)?|{DEPARTMENT}(?<=[部課室係局])[の\s]\s?)"
    r"(?P<person>[\u4e00-\u9fff々]{1,4}(?:\s[\u4e00-\u9fff々ぁ-んァ-ヴー]{1,4})?|[ァ-ヴー・]{2,14})"
    r"(?=です|と申|といい|と言い|でござ)"
)


def _abroad(written: str) -> Iterator[Head]:
    if not shows_any(written, _FORMS_ABROAD):
        return
    for found in _ABROAD.finditer(written):
        if found["person"] in no_names() or found["person"] in kana_words():
            yield Head(firm=found.span("firm"))
        else:
            yield Head(firm=found.span("firm"), person=found.span("person"))


# 株式会社リベルタ 広報部 吉野

_BEHIND = re.compile(
    rf"(?:^|(?<=[\s。、/|]))(?:{DEPARTMENT}(?<=[部課室係局])長?|[\u4e00-\u9fff]{{2,6}}[部課室係局]長?(?=\s)|経理|総務|人事|労務|広報|購買|事務|受付|情シス)"
    rf"[\s・、/]{{1,2}}(?:{JA_TITLE}(?:代理|補佐)?[\s・])?"
    r"(?P<person>[\u4e00-\u9fff々]{1,3}(?:\s(?:[\u4e00-\u9fff々]{1,3}|[ァ-ヴー]{2,6}|(?![がはをにのとも])[ぁ-ん]{2,4}))?)"
    r"(?=[\s。]*$|\s?[、。/|\n(]|\s[(+0a-zA-Z]|\s?(?:です|と申|といい|と言い|でござ))"
)
_APART = (" ", "\n", "/", "、", "・")
_OFFICES = ("部", "課", "室", "係", "局", "経理", "総務", "人事", "労務", "購買", "事務", "受付", "情シス")


def _behind_departments(written: str) -> Iterator[Head]:
    if not shows_any(written, _OFFICES):
        return
    if not shows_any(written, _APART):
        return
    for found in _BEHIND.finditer(written):
        if is_listed(found["person"].partition(" ")[0]):
            yield Head(person=found.span("person"))


# 70万円でお願いします。\nNPO法人ひだまり 大西

_SIGNED = re.compile(
    rf"\n[ ]?(?P<firm>(?:\([株有合同]\))?{FIRM_LETTER}{{2,24}}(?:\([株有合同]\))?) "
    r"(?P<person>[\u4e00-\u9fff々]{1,4}(?: (?:[\u4e00-\u9fff々]{1,3}|[ァ-ヴー]{2,6}|[ぁ-ん]{2,4}))?)[ 。]*(?=\n|$)"
)


def _signed(written: str) -> Iterator[Head]:
    """A firm and a name on a line of their own, below what they have to say."""
    if "\n" not in written:
        return
    for found in _SIGNED.finditer(written):
        if is_listed(found["person"].partition(" ")[0]) and KNOWN_AS_A_FIRM.search(found["firm"]):
            yield Head(firm=found.span("firm"), person=found.span("person"))


# つばめ介護サービス、職員は約60名


_WHOSE = (
    r"(?:正?社員|従業員|職員|スタッフ|パート|アルバイト|講師|教員|看護師|店員|メンバー|全部で|全員で|総勢|全社で|合計)"
)
_COUNT = re.compile(
    rf"[、,\s/・]{{1,3}}(?:{_WHOSE}(?:さん)?[もを]?(?:含め|込み|入れ)[てで]?、?)?{_WHOSE}(?:数|さん)?(?:も|を|込み|含め|入れ)?(?:て|で|は|が|:)?\s?"
    r"(?:約|およそ|だいたい|ざっと|合わせて|全部で)?\s?[0-9一二三四五六七八九十百数]"
)
_OTHERS = re.compile(
    r"(?:取引先|得意先|仕入先|納品先|委託先|親会社|子会社|グループ会社|競合|他社|同業|知人|友人|[近隣])[のは、]?"
)
_WHO_IS_COUNTED = ("社員", "従業員", "職員", "スタッフ", "パート", "講師", "店員", "で", "合計", "総勢", "メンバー")


@cache
def _counted_firm() -> re.Pattern[str]:
    inside = r"(?<=[\u4e00-\u9fffぁ-ん])[はの](?=[\u4e00-\u9fff])"
    letters = rf"(?:(?![はがをの]){FIRM_LETTER}|{inside}){{2,18}}?"
    return re.compile(rf"(?:^|(?<=[\s。、]))(?P<firm>{letters}(?:{JA_BUSINESS}|{either('trade')}))$")


def _counted(written: str) -> Iterator[Head]:
    if not shows_any(written, _WHO_IS_COUNTED):
        return
    for count in _COUNT.finditer(written):
        found = _counted_firm().search(written, max(0, count.start() - 24), count.start())
        if found and may_be_firm(found["firm"]) and not (is_anybodys(found["firm"]) or _OTHERS.match(found["firm"])):
            yield Head(firm=found.span("firm"))


# やまざき ともこ / やまざき畳店

_SPACES = (" ", "\u3000")
_PARTED = ("\n", "/", "、", ",", "|")
_PART = re.compile(r"[^\n/、,|]+")
_OWNER = re.compile(
    r"(?P<family>[ぁ-ん]{2,5}|[\u4e00-\u9fff々]{1,4})[\s](?:[ぁ-ん]{2,5}|[\u4e00-\u9fff々]{1,3}|[ァ-ヴー]{2,6})"
)
_TRADE = re.compile(rf"(?:{either('trade')}|{either('trade_in_front')}|[店屋車園堂])$")
_REST = re.compile(rf"{FIRM_LETTER}{{1,12}}")


def _owners(written: str) -> Iterator[Head]:
    """A name in two words, and in another part a firm that begins with the first of them."""
    if not shows_any(written, _SPACES) or not shows_any(written, _PARTED):
        return
    parts = [_stripped(written, *part.span()) for part in _PART.finditer(written)]
    people = [(place, found["family"]) for place in parts if (found := _OWNER.fullmatch(written, *place))]
    for person, family in people:
        for start, end in parts:
            if (start, end) != person and written.startswith(family, start) and _is_theirs(written[start:end], family):
                yield Head(person=person, firm=(start, end))


def _is_theirs(firm: str, family: str) -> bool:
    rest = firm[len(family) :]
    known = re.search(JA_FORM, firm) or ENDS_LIKE_A_FIRM.search(firm) or _TRADE.search(firm)
    return known is not None and _REST.fullmatch(rest) is not None and may_be_firm(firm)


def _stripped(written: str, start: int, end: int) -> Span:
    """The part without the spaces around it."""
    text = written[start:end]
    return end - len(text.lstrip()), start + len(text.rstrip())
