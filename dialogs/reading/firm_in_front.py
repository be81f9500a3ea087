"""The firm in front of a Japanese name, and what tells a firm from a trade, a role or an occasion there.

(株)北陸テクノ製造部の村井課長    (株)北陸テクノ, across the department
前回の展示会で会った丸福商店      丸福商店: the occasion is no part of it
歯医者の田中さん                nothing: a trade
"""

import re
from functools import cache

from dialogs.reading.firm_words import (
    DEPARTMENT,
    JA_BUSINESS,
    JA_BUSINESS_WORDS,
    JA_FORM,
    JA_TITLE,
    MET,
    OF_ROLES,
    PLACE,
)
from dialogs.reading.found import Span
from dialogs.reading.japanese_words import either, families, kana_words, listed
from dialogs.reading.offices import across_the_gap, office_begins

LONGEST_FIRM = 50
FIRM_LETTER = r"[\u4e00-\u9fff々ヶァ-ヴーぁ-んa-zA-Z0-9&・.'\-]"
BETWEEN_LETTERS = r"(?<=[A-Za-z])\s(?=[A-Za-z])|(?<=会社|法人)\s|\([株有合同医学福社財]\)"
"""What may stand between the letters of a firm: Blue Harbor, 医療法人 清風会, (株)."""
_RUN = re.compile(rf"(?:(?:^|(?<=[\s。、「/:]))は(?=[ぁ-ん]))?(?:(?![はがを]){FIRM_LETTER}|{BETWEEN_LETTERS})+$")
_QUOTED = re.compile(rf"[「『](?P<firm>{FIRM_LETTER}{{2,24}})[」』]$")
ENDS_LIKE_A_FIRM = re.compile(rf"(?:{JA_FORM}|{JA_BUSINESS})$")
KNOWN_AS_A_FIRM = re.compile(rf"{JA_FORM}|.{JA_BUSINESS}$")


def firm_in_front(written: str, start: int, *, guess: bool, since: int = 0) -> Span | None:
    """The firm in front of a name, across what they do there, a title and a department.

    `guess` also takes one of no known kind, where nothing but the occasion stands between `since` and it.
    """
    end = across_their_work(written, start)
    for _ in range(4):
        end = across_the_gap(written, end)
        office = office_begins(written, end)
        if office is None:
            break
        beyond = _firm_at(written, across_the_gap(written, office), guess=guess, since=since)
        itself = None if beyond else _firm_at(written, end, guess=guess, since=since)
        if itself and _MAY_BE_WHOLE.search(written, *itself):
            return itself
        end = office
    return _firm_at(written, end, guess=guess, since=since)


_MAY_BE_WHOLE = re.compile(r"(?:センター|室|局|科|倶楽部|消防本部|工場|事業所|事務局)$")
_WORK = re.compile(
    r"(?:(?:[をにで]|、)?(?:担当|所属|勤務|経営|運営|主宰|兼務)?(?:して|務めて|勤めて|やって|営んで|率いて|預かって|働いて)"
    r"(?:おり?ます|います|おる|いる|る|ます)|を(?:営む|経営する|運営する|主宰する|預かる|営みます|営業する)|(?<=[長任者当])で|に(?:おり?ます|おる|います|いる))[、\s]?$"
)
"""経理を担当しております, 院長をしている, を営む, 店長で"""


def across_their_work(written: str, start: int) -> int:
    """Where the words end that stand in front of what somebody says they do there."""
    work = _WORK.search(written, max(0, start - 16), start)
    if work is None:
        return start
    office = office_begins(written, work.start())
    if office and written[office - 1 : office] in ("で", "に"):
        return office - 1
    area = _AREA.search(written, max(0, work.start() - 14), work.start())
    return area.start() if area else work.start()


_AREA = re.compile(r"で[\u4e00-\u9fffァ-ヴーA-Za-z]{2,12}$")
"""株式会社リンガフルでマーケティングを担当"""


def _firm_at(written: str, end: int, *, guess: bool, since: int) -> Span | None:
    """The firm that ends here."""
    if quoted := _QUOTED.search(written, max(0, end - LONGEST_FIRM), end):
        return quoted.span("firm") if may_be_firm(quoted["firm"]) else None
    run = _RUN.search(written, max(0, end - LONGEST_FIRM), end)
    if run is None:
        return None
    start = run.start() + opening_of(run.group())
    if written[start - 1 : start] == "は" and (trade := _a_trade_before().search(written, 0, start - 1)):
        start = trade.start()  # 福祉作業所はばたき
    elif written[start - 1 : start] == "は" and _only_trades(written[start:end]):
        owner = _OWNER_IN_HIRAGANA.search(written, max(0, start - 8), start)
        start = (
            owner.start("owner") if owner and owner["owner"] not in listed("no_owner") else start
        )  # きりは内科クリニック
    firm = written[start:end]
    if ENDS_LIKE_A_FIRM.search(firm):
        start = owner_in_front(written, start)
        firm = written[start:end]
    if not may_be_firm(firm):
        return None
    if KNOWN_AS_A_FIRM.search(firm) or _tells_its_trade().search(firm):
        return start, end
    believed = guess and _looks_like_a_firm(firm) and occasions().fullmatch(written, min(since, start), start)
    return (start, end) if believed else None


@cache
def _tells_its_trade() -> re.Pattern[str]:
    """リンク英語塾 ends with a trade, 居酒屋とりまる begins with one."""
    return re.compile(
        rf"(?:..|[^ぁ-ん]){either('trade')}$|^{either('trade_in_front')}[・\s]?(?![のをにでとがは])[^業師員係長屋]{{2}}"
    )


_OWNER_IN_HIRAGANA = re.compile(r"(?:^|(?<=[\s。、「/:]))(?P<owner>[ぁ-ん]{1,5})は$")
_OF_AN_OWNER = re.compile(rf"(?:^|[\s。、:/])(?P<owner>(?:医療|学校|社会福祉|宗教)法人{FIRM_LETTER}{{1,20}}\s)$")
"""医療法人社団清風会 in front of 清風病院."""


def owner_in_front(written: str, start: int) -> int:
    """Where 医療法人みどり会 begins in front of the hospital it owns; `start` where nobody is named."""
    owner = _OF_AN_OWNER.search(written, max(0, start - LONGEST_FIRM), start)
    return owner.start("owner") if owner else start


def opening_of(run: str) -> int:
    """How much in front of the firm tells of the occasion or the place: 前回の展示会で会った, 大阪の."""
    opening = 0
    for pattern in (_CAME_ABOUT, _at_an_occasion(), _FROM_A_PLACE, _anybodys()):
        if found := pattern.match(run, opening):
            opening = found.end()
    form = _FORM_IN_FRONT.search(run, opening)
    return form.start() if form else opening


_FORM_IN_FRONT = re.compile(rf"{JA_FORM}(?=\s?{FIRM_LETTER}{{2}})(?!.*{JA_FORM})")
"""弊社サービスの件で株式会社ノーザン"""


_CAME_ABOUT = re.compile(
    r".*(?:訪問した|会った|お会いした|話した|連絡した|架電した|電話した|もらった|頂いた|いただいた|あった|来た|された"
    r"|交換した|経由の|にて|からの|の件で|の関係で|のことで|切れる|切れの|切れで|満了の|満了する|終わる|迎える|使って(?:い)?る|検討して(?:い)?る|検討中の"
    r"|取引のある|担当(?:して(?:い)?)?る|お世話になって(?:い)?る)(?=..)"
)
_FROM_A_PLACE = re.compile(rf"(?:(?:{PLACE}){{1,3}}の)?老舗の?(?=..)|(?:{PLACE}){{1,3}}[ので](?=..)")


@cache
def occasions() -> re.Pattern[str]:
    """Nothing but when and how they met: 【訪問メモ】, 11/12(木) 14:00 訪問, 展示会で名刺交換。"""
    return re.compile(
        r"(?:[\s。、:/・…→【】\[\]■◆●★□<>~|()\-]|[0-9]+|[年月日時分半頃]|[月火水木金土日]曜?日?|した|ました|あり"
        rf"|から|より|にて|[おごでのにへはと]|{either('occasion')}|{MET})*"
    )


@cache
def _at_an_occasion() -> re.Pattern[str]:
    return re.compile(rf"(?:{either('occasion')}|{MET})+(?:での?|に|の|にて|した|済み?の?|後|中)(?=..)")


@cache
def _anybodys() -> re.Pattern[str]:
    return re.compile(f"{either('anybodys')}(?=..)")


@cache
def _a_trade_before() -> re.Pattern[str]:
    return re.compile(rf"(?:^|(?<=[\s。、「/:])){either('trade_in_front')}$")


@cache
def _trades() -> re.Pattern[str]:
    return re.compile(f"{JA_BUSINESS}|{either('trade')}|{either('trade_in_front')}")


def _only_trades(words: str) -> bool:
    first = _trades().match(words)
    return first is not None and (first.end() == len(words) or _trades().fullmatch(words, first.end()) is not None)


def is_anybodys(words: str) -> bool:
    """Words that tell a business of many from another, and no name: 普通の町工場."""
    return _anybodys().match(words) is not None


def trade_at_the_end(firm: str) -> int:
    """How many letters at the end of a name tell its trade, behind two of its own: the こども園 of みどりこども園."""
    most = min(len(firm) - 2, _LONGEST_TRADE)
    return next((size for size in range(most, 0, -1) if firm[-size:] in _kinds_of_trade()), 0)


_LONGEST_TRADE = 12


@cache
def _kinds_of_trade() -> frozenset[str]:
    return frozenset(JA_BUSINESS_WORDS) | listed("trade")


def is_a_trade(words: str) -> bool:
    """A kind of business without a name: 美容室, 学習塾."""
    return _trades().fullmatch(words) is not None


def may_be_firm(firm: str) -> bool:
    """Whether these letters can name a firm: no person, no department, no occasion, no verb."""
    if len(firm) < 2 or firm.removesuffix("と") in families() or firm in listed("no_firm") or _NO_FIRM.fullmatch(firm):
        return False
    if occasions().fullmatch(firm) or is_a_trade(firm) or firm in kana_words():
        return False
    return not re.match(OF_ROLES, firm) or re.search(JA_FORM, firm) is not None


_NO_FIRM = re.compile(
    rf"[0-9.:/()\-]+|(?:内線|外線|直通)[0-9]*|[A-Za-z]社|.?社|{DEPARTMENT}|{JA_TITLE}|{MET}|{PLACE}|{JA_FORM}|{JA_BUSINESS}"
    r"|.*(?:の私|の者|[0-9]店舗?|ません|ます|です|した|して|ない|なかった|言っ|忘れ|なくて?|という|との?こと|さん|さま|様|氏).*"
)
_TRADE = re.compile(r"[業師者医士主員係客家人名件年月日時円万]$|たち$|さん$|様$")
"""How a trade or a count ends, and no firm of an unknown kind: 歯医者の田中さん."""
_NAME_LETTERS = re.compile(r"[\u4e00-\u9fff々ァ-ヴーA-Za-z]{2}|[ぁ-ん]{3}|[ぁ-ん]{2}[\u4e00-\u9fff]")


def _looks_like_a_firm(firm: str) -> bool:
    return _TRADE.search(firm) is None and _NAME_LETTERS.search(firm) is not None
