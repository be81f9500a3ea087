"""The line of business of the speaker's own firm, by the names the policy knows (M55, M138-M145).

製造業です、SaaSの会社で働いています          manufacturing, saas
we're a parts manufacturer              manufacturing
製造業のお客様が多い、we sell to retailers    nothing
"""

import re
from collections.abc import Iterable

from dialogs.reading.facts import Facts
from dialogs.reading.found import FAIR, Found
from dialogs.reading.subjects import is_about_another
from dialogs.reading.text import Text
from dialogs.reading.vocabulary import Word
from qualification.bant import Industry, Topic

_INDUSTRIES = {industry.value: industry for industry in Industry}


def find(own: Text, words: Iterable[Word], facts: Facts, *, asked: Topic | None) -> Found[Industry] | None:
    """What they say last that it is; a bare name of a business counts where the firm was asked for, or is said."""
    found: Found[Industry] | None = None
    listed = asked is Topic.COMPANY or facts.company is not None
    says = _says_in_japanese if own.language == "ja" else _says_in_english
    for word in words:
        business = _INDUSTRIES.get(word.meaning)
        if business is None or (found is not None and found.value is business):
            continue
        named = facts.contact is not None and facts.contact.value.name is not None
        if says(own.plain, word, asked, named=named):
            found = own.fact(business, word.start, word.end, certainty=FAIR, rule="industry.said")
        elif listed and _is_an_item(own.plain, word):
            found = own.fact(business, word.start, word.end, certainty=FAIR, rule="industry.listed")
    return found


# 株式会社アサヒ、製造業、50名

_IN_FRONT = re.compile(r"(?:^|[、,/|;:。\n(]\s?|\s-\s|(?<=[社舗所店院\u30a1-\u30ff])\s)$")
_BEHIND = re.compile(r"\s?(?:$|[、,/|;。.\n)!]|\s-\s)|\s(?=[0-9約])")
_OF_OTHERS = re.compile(r"顧客|お客|取引先|得意先|クライアント|向け|業界別|(?<![a-z])(?:customers?|clients?)(?![a-z])")


def _is_an_item(plain: str, word: Word) -> bool:
    stands = _IN_FRONT.search(plain, max(0, word.start - 3), word.start) and _BEHIND.match(plain, word.end)
    return stands is not None and not _OF_OTHERS.search(plain)


# Japanese

_THEIR_FIRM = (
    r"(?:(?:系|関係|関連|業)?の?(?:中小|中堅|大手|老舗)?(?:会社|企業|事業者|事業|法人|工場"
    r"|スタートアップ|ベンチャー|業者|町工場))?"
)
_IS = re.compile(
    rf"{_THEIR_FIRM}(?:です(?!か(?:[?。\s]|$)|ね?[?])|でして|でござい|でや[っら]|なので|なんで|なの(?=[、。]|$)"
    r"|になります|だ(?:けど|が|から|よ|$|[。、])|やけど|やねん|っす|との?こと|に(?:勤|属|所属|従事|分類)"
    r"|を(?:して|やって|手がけて|行って)(?:い[まる]|お[りる])(?!会社(?!です|で[、。]))|を(?:営|経営|運営し)"
    r"|を(?:提供|開発|展開|販売|製造|生産)して(?:います|おります|いまし|いる会社(?:です|で[、。]))"
    r"|の(?:者|人間|社員)(?:です|で、)|(?=[。!\s]*$)"
    r"|で(?=[、,。]|働|勤|(?:経理|営業|人事|総務|事務|情シス|マーケ|広報|開発|購買|企画|調達|法務)(?!.{0,4}(?:探|頼))))"
)
_OF_A_PERSON = re.compile(
    rf"{_THEIR_FIRM}の(?!お?客|顧客|クライアント|取引|得意|案件|事例|現場|課題|問題|話|方|皆|企業"
    rf"|会社)[^\s。、のはがをに]{{1,8}}(?:です|と申|と言い|といい)"
)
_GLUED = re.compile(r"[はがのにをでと・、。,\s:(]$|^$")
_WHOLE_WORDS = frozenset(
    {
        "教育",
        "医療",
        "介護",
        "保険",
        "金融",
        "製造",
        "卸",
        "流通",
        "飲食",
        "証券",
        "塾",
        "福祉",
        "不動産",
        "小売",
        "大学",
        "高校",
        "学校",
    }
)
"""Part of many longer words: 社員教育です, 自動車保険です."""


def _says_in_japanese(plain: str, word: Word, asked: Topic | None, *, named: bool) -> bool:
    if is_about_another(plain, word.start):
        return False
    if plain[word.start : word.end] in _WHOLE_WORDS and not _GLUED.search(plain, max(0, word.start - 1), word.start):
        return False
    goes_on = _IS.match(plain, word.end)
    if goes_on is None:
        return named and _OF_A_PERSON.match(plain, word.end) is not None
    if goes_on.group():
        return (
            _LABEL.search(plain, max(0, word.start - 6), word.start) is not None
            or asked is Topic.COMPANY
            or _tells(plain, word)
        )
    return _LABEL.search(plain, max(0, word.start - 6), word.start) is not None


_LABEL = re.compile(r"(?:業種|業態|業界|本業)\s?(?:は|:)\s?$")


def _tells(plain: str, word: Word) -> bool:
    """Whether a firm is that, and no trouble: 教育です and 物流です, asked for a problem, name one."""
    bare = plain[word.start : word.end] in _TROUBLES
    return not bare or plain.startswith(("業", "系", "の会社", "会社", "関係", "を"), word.end)


_TROUBLES = frozenset(
    {
        "教育",
        "製造",
        "流通",
        "卸",
        "飲食",
        "福祉",
        "介護",
        "医療",
        "保険",
        "金融",
        "証券",
        "web制作",
        "システム開発",
        "アプリ開発",
        "コンサルティング",
        "コンサル",
    }
)


# English

_NO_LINK = (
    r"(?!(?:of|for|and|at|with|to|who|the|an?|from|in|on|by|or|not|no|my|our|your|their|like|as|using"
    r"|selling|serving|looking|losing|building|buying|trying)\s)"
)
_WORDS = rf"(?:{_NO_LINK}[a-z0-9./&%-]+,?\s){{0,5}}"
_WE_ARE = re.compile(
    rf"(?<![a-z])(?:(?:we'?re|we are|i'?m|i am|im)(?: (?:at|with|from|in|part of))?|(?:i|we) (?:work"
    rf"|am working) (?:for|at|in)|(?:work|working) (?:for|at|in)|(?:i|we) (?:run|own|manage|operate"
    rf"|represent)"
    rf"|(?:our|my|the) (?:company|firm|business|industry|sector|employer|organi[sz]ation) is(?: in)?"
    rf"|(?:industry|sector|business)\s?[:=-]|in the)"
    rf"\s(?:basically |mainly |just |only |actually |really |all )?(?:(?:an?|the|our)\s)?{_WORDS}$"
)
_THEY_ARE = re.compile(
    rf"(?:^|[.,;\n]\s?|(?<![a-z])(?:firm|company|with|of|from))\s?(?:they'?re|they are|it'?s|it is|is|,"
    rf"|\()?\s?(?:an?\s){_WORDS}$"
)
_ALONE = re.compile(rf"(?:an?\s){_WORDS}$")
_ENDS = re.compile(
    r"\s{0,2}(?:$|[.,;:!)\n(]|[-/]\s|[0-9]|(?:in|of|with|based|and|from|that|who|making|for|near|outside"
    r"|so|but|located|employing|serving|selling|here|by|since|plus|we|our|company"
    r"|business|firm|group|industry|sector|called|named|around|about|myself)(?![a-z]))"
)
_OTHERS = re.compile(
    r"(?<![a-z])(?:sell|sells|selling|serve|serves|customers?|clients?|competitors?|vendors?"
    r"|suppliers? is|like|need|needs|want|wants|looking|search|evaluat\w+|compar\w+|use|using|bought|buy"
    r"|not|isn'?t|aren'?t|never|used to|formerly|previously)(?![a-z])[^.;!?\n]*$"
)


def _says_in_english(plain: str, word: Word, asked: Topic | None, *, named: bool) -> bool:
    head = plain[max(0, word.start - 90) : word.start]
    if not _ENDS.match(plain, word.end) or _OTHERS.search(head):
        return False
    if plain.startswith(("company ", "business "), word.end + 1) and plain.startswith(
        ("customers", "clients"), word.end + 9
    ):
        return False
    if asked is Topic.COMPANY and _ALONE.match(head):
        return True
    return _WE_ARE.search(head) is not None or (asked is None and named and _THEY_ARE.search(head) is not None)
