"""The name of the person who speaks, or of whom a rep's note tells.

株式会社オリーブの清水です        清水
hi, Samir here               Samir
決裁は代表の木村です             nothing: 木村 decides, somebody else speaks
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache

from dialogs.reading import note_head, signature
from dialogs.reading.clarity import Ignored, overlaps
from dialogs.reading.english_names import firm_words, names_something_else
from dialogs.reading.firm_words import DEPARTMENT, EN_BUSINESS, JA_BUSINESS, JA_TITLE, firm_corrected
from dialogs.reading.found import FAIR, Part
from dialogs.reading.introductions import introductions
from dialogs.reading.japanese_names import is_listed
from dialogs.reading.japanese_words import kana_words
from dialogs.reading.lexicon import lexicon
from dialogs.reading.name_forms import named_by_form
from dialogs.reading.names_like_dates import MONTHS, behind_a_month
from dialogs.reading.text import Text, cased
from dialogs.reading.vocabulary import vocabulary
from qualification.bant import Topic

_A_BUSINESS = re.compile(rf"(?:{JA_BUSINESS}|センター|会社)$")
_COMPANY_FORM = re.compile(
    rf"\b{EN_BUSINESS}$|\b(?:Inc|LLC|Ltd|GmbH|Corp|Co|PLC|Limited|Corporation|Company|LLP|KK|Pvt|Pty|AG|BV)\b"
)


_OF_A_DEPARTMENT = re.compile(rf"{DEPARTMENT}(?<=[部課室係局])(?=[\u4e00-\u9fff々ァ-ヴー]{{1,6}}$)")
_DECIDES = re.compile(
    r"(?:決裁|承認|最終判断|決定|決めるの|決める人)(?:者|権者)?(?:は|:)[^。、,]{0,10}$"
    r"|(?:decision[ -]maker|decider|approver|signatory|sponsor|boss)\s?(?::|is|=|-)\s?$"
)
"""In front of a name: it is the one who decides, not the one who speaks: 決裁は代表の木村です."""
_DECIDES_ONLY = re.compile(r" who (?:decides|signs|approves|makes|has the|chooses|picks|calls the)(?![a-z])")


def _decides_only(plain: str, value: str, end: int) -> bool:
    """ "It's Dave who decides", "it's Dave's call": whose decision it is, not who speaks."""
    return value.endswith("'s") or _DECIDES_ONLY.match(plain, end) is not None


_MODESTLY = re.compile(
    r"(?:(?i:just|only|simply|plain)\s)?(?P<name>[^\W\d_a-z][\w'-]+)"
    r"(?P<enough>\s(?:is|will be) (?:fine|ok|okay|enough|good|plenty))?"
)
"""just Bob; Bob is fine"""
_IT_IS = ("it's ", "its ", "it is ")
"""In front of a month it is one: "it's June"."""
_ITS = re.compile(r"^(?:it's|its|it is) $")
_YOURS = ("御社の", "貴社の", "競合の", "他社の")
"""In front of a name: somebody of ours or of others."""


_LAND = re.compile(r"(?:自宅|家|裏|裏山|裏手|庭|公園|川沿い|敷地)の$")
_AROUND_THE_PLACE = re.compile(r"(?:うち|駅前|駅裏|隣|となり|近所|近く|商店街|村|町外れ)の$")
_SAID_IN_PASSING = ("や", "だ", "じゃ")


def _is_land(plain: str, start: int, end: int) -> bool:
    """「駅前の林だよ」, 「裏山の森です」: what stands there, while 「うちの森です」 presents somebody."""
    if end - start > 1:
        return False
    if _AROUND_THE_PLACE.search(plain, max(0, start - 6), start):
        return plain.startswith(_SAID_IN_PASSING, end)
    return _LAND.search(plain, max(0, start - 6), start) is not None


_ONE_OF_US = re.compile(
    r"(?:さん|様|氏)?\((?:当社|弊社|自社)|\s(?:here\s|calling\s)?(?:from|at|with|of)\s(?:(?i:bantline)|(?:our|your)\s)"
)


def name(text: Text, asked: Topic | None, ignore: Ignored, others: Sequence[Part] = ()) -> Part | None:
    """The person's name as written, without titles; a bare one only beside `others` or when it was asked."""
    written = cased(text)
    firm = firm_corrected(written) if text.language == "ja" else None
    alone = [who.firm for who in introductions(text, asked) if who.firm and not who.person]  # "Marlow Tiles here"
    taken = (*ignore, *((part.start, part.end) for part in others), *((firm,) if firm else ()), *alone)
    first: Part | None = None
    if text.language == "ja" and (both := _IN_TWO_FIELDS.search(written)) and not overlaps(*both.span(), taken):
        return Part(value=f"{both[1]} {both[2]}", start=both.start(1), end=both.end(2), certainty=FAIR)
    for start, end, certainty in _places(text, written, asked, reachable=bool(others)):
        value = written[start:end].strip(" .-'").removesuffix("様")
        if text.language == "ja" and (department := _OF_A_DEPARTMENT.match(value)):
            value, start = value[department.end() :], start + department.end()  # 総務部石田
        if text.language == "ja" and (whole_name := _READING_BEHIND.fullmatch(value)):
            value, end = whole_name[1], start + whole_name.end(1)  # 山田太郎 ヤマダタロウ
        if text.language == "en" and (modest := _MODESTLY.fullmatch(value)):
            unsure = modest["enough"] or (value != modest["name"] and value.endswith("ing"))
            if unsure and modest["name"].lower() not in firm_words("given", "reached"):
                continue  # "Texting is fine", "Just Browsing"
            start, end = start + modest.start("name"), start + modest.end("name")
            value = modest["name"]
        if value.islower() and _ITS.search(text.plain, 0, start) and not _may_follow_its(value):
            continue  # "its urgent, ring me"
        if text.language == "en" and text.plain.startswith(" in ", end) and not _may_work_there(value):
            continue  # "problems in dispatch"
        if _DECIDES.search(text.plain, max(0, start - 20), start) or text.plain.endswith(_YOURS, 0, start):
            continue
        if _is_land(text.plain, start, end):
            continue
        if _ONE_OF_US.match(written, end) or (text.language == "en" and _decides_only(text.plain, value, end)):
            continue
        if text.plain[end + 1 : end + 2].isdigit() and behind_a_month(text.plain, end):
            value = value.rpartition(" ")[0]  # "Met Anna May 4"
            end = start + len(value)
        if asked is not Topic.CONTACT and value.lower() in MONTHS and text.plain.endswith(_IT_IS, 0, start):
            continue
        if overlaps(start, end, taken) or not _is_name(
            value, text, written[max(0, start - 4) : start], written[end : end + 12]
        ):
            continue
        if whole := signature.in_full(written, value):
            value, start, end = written[slice(*whole)], *whole
        if first is None:
            first = Part(value=value, start=start, end=end, certainty=certainty)
        elif value.startswith(f"{first.value} ") and all(word[0].isupper() for word in value.split()):
            return replace(first, value=value, start=start, end=end)  # "This is Samir Haddad. ... Best, Samir"
        if text.language == "ja" or " " in first.value:
            break
    return first


_READING_BEHIND = re.compile(r"([\u4e00-\u9fff々]{3,5})\s[ァ-ヴー]{4,14}(?:\s[ァ-ヴー]{2,8})?")
_IN_TWO_FIELDS = re.compile(
    r"(?<![旧同改])(?:姓|名字|苗字|せい|セイ)\s?[:=]\s?([\u4e00-\u9fff々ァ-ヴーぁ-ん]{1,8})[\s、,/|]{1,3}"
    r"(?:名|名前|めい|メイ)\s?[:=]\s?([\u4e00-\u9fff々ァ-ヴーぁ-ん]{1,8})"
)
"""姓:田中 名:太郎"""


def _places(text: Text, written: str, asked: Topic | None, *, reachable: bool) -> Iterator[tuple[int, int, float]]:
    """Where names may stand, those we believe first."""
    for start, end in note_head.people(text.language, written, asked):
        yield start, end, FAIR
    for who in introductions(text, asked):
        if who.person:
            yield *who.person, FAIR
    for match, certainty in named_by_form(text, written, asked, reachable=reachable):
        yield *match.span("name"), certainty
    if text.language == "ja" and asked in _MAY_SIGN and (signed := signature.name_on_a_line(written)):
        yield *signed, FAIR


_MAY_SIGN = frozenset({None, Topic.CONTACT})


def _may_follow_its(value: str) -> bool:
    """ "its tom", "its may lin", but not "its urgent"."""
    return " " in value or value in firm_words("given", "reached")


def _may_work_there(value: str) -> bool:
    """ "Owen Price in admissions", "raj in accounts", but not "double entry in accounts"."""
    first, *others = value.split()
    return first.lower() in firm_words("given", "reached") or (bool(others) and not value.islower())


def _is_name(value: str, text: Text, ahead: str, behind: str) -> bool:
    if not value or _COMPANY_FORM.search(value) or re.match(r"[\s,]{0,2}(?:Inc|LLC|Ltd|GmbH|Corp|Co)\b", behind):
        return False
    words = _no_names("ja" if text.language == "ja" else "en")
    plain = value.lower()
    if text.language == "ja" and not value.isascii():
        if (
            _A_DEPARTMENT.fullmatch(value)
            or _NO_NAME_END.search(plain)
            or _A_DAY.match(plain)
            or _AN_OFFICE.search(plain)
        ):
            return False
        if plain.startswith("何") and not is_listed(value.partition(" ")[0]):
            return False  # 「どの担当が何件抱えているか」
        if ahead.endswith(("会社", "法人", ")", "組合")) or "会社" in value or value in kana_words():
            return False
        if _A_HOUSE.search(value) and not is_listed(value.partition(" ")[0]):
            return False  # 市立図書館 司書, 真言宗 宝蔵寺
        if len(value) == 1 and not is_listed(value) and not _ADDRESSED.match(behind):
            return False  # つむぎの里
        return plain not in words and (is_listed(value) or not _A_BUSINESS.search(value))
    if (
        len(plain) == 1
        or plain.endswith("'s")
        or _NO_PART_OF_A_NAME.search(plain)
        or _KEYS_AT_RANDOM.search(plain)
        or names_something_else(plain)
        or _is_a_job(plain)
    ):
        return False
    common = [word.strip(".,'").removesuffix("'s") in words for word in plain.split()]
    # Will Smith and April Jones are people, Sales Manager and IT are not
    return not (all(common) or (any(common) and value.islower()) or (common[0] and len(common) > 2))


def _is_a_job(plain: str) -> bool:
    """ "Headteacher here": what they do, unless it is a given name as well, as Dean is."""
    words = vocabulary("who_decides", "word").find(plain)
    known = any(word.meaning in _JOBS and (word.start, word.end) == (0, len(plain)) for word in words)
    if (heads := _HEADS_A_TEAM.fullmatch(plain)) and _is_of_work(heads["behind"] or heads["ahead"]):
        return True
    return (known or plain in firm_words("job")) and plain not in firm_words("given", "reached")


_HEADS_A_TEAM = re.compile(
    r"(?:[se]?vp|(?:vice[- ])?president|dir(?:ector)?|head|chief|lead) (?:of |for )?(?P<behind>[a-z&/]{2,16})"
    r"|(?P<ahead>[a-z&/]{2,16}) (?:vp|director|dir|manager|mgr|coordinator|supervisor|administrator|assistant|asst)"
)
"""VP Ops, sales director"""


def _is_of_work(word: str) -> bool:
    """Whether a title of this is one: VP Ops, sales director, but Lead Smith and Grace Manager are people."""
    kinds = ("department", "sector", "kind_of_firm", "kind_of_business", "ends_a_firm", "first_of_no_firm")
    given = word in firm_words("given", "reached")
    return not given and (word in _no_names("en") or any(word in firm_words(kind) for kind in kinds))


_JOBS = frozenset({"decider", "employee", "department"})
_ADDRESSED = re.compile(rf"\s?(?:様|さん|さま|氏|{JA_TITLE})")
_A_DEPARTMENT = re.compile(DEPARTMENT)
_AN_OFFICE = re.compile(rf"[部課室]\s{JA_TITLE}$")
_A_DAY = re.compile(r"(?:昨|今|明|本|先|来|再来|前|次|翌|毎)(?:日|週|月|年|期|回)|月末|年内|年末|年度")
_NO_NAME_END = re.compile(
    r"(?:ください|下さい|です|ます|ません|ました|ほしい|欲しい|たい|から|まで|なら|だと|ので|けど"
    r"|電話|デンワ|ケータイ|ケイタイ|バンゴウ|携帯|番号|スマホ|ファックス|ファクス|fax|アドレス|メアド|メール|直通|内線|宛て?)$"
)
_A_HOUSE = re.compile(r"[館院校園署庁宗寺]\s|\s[\u4e00-\u9fff々]+[館院校園署庁寺社]$")
_NO_PART_OF_A_NAME = re.compile(r"(?<![a-z'-])(?:is|are|was|their|its|it's|your|our)(?![a-z'-])")
"""their helpdesk is 415-555-0100"""
_KEYS_AT_RANDOM = re.compile(r"(?<![a-z])[b-df-hj-np-tv-xz]{4,}(?![a-z])|asdf|qwer|zxcv|hjkl|(.)\1{3}")


@cache
def _no_names(language: str) -> frozenset[str]:
    return frozenset(lexicon("reached").words("no_name", "ja" if language == "ja" else "en").spellings)
