"""How to reach the person, and their name: what a prospect writes under "your contact details", or a rep notes down.

inoue (at) example.jp / 03-9876-5432       inoue@example.jp, +81398765432
株式会社オリーブの清水です                   清水
I already wrote to support@vendor.example   nothing: that is not theirs
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from itertools import islice

from dialogs.reading import english_head, english_signature, note_head, signature
from dialogs.reading.clarity import overlaps
from dialogs.reading.english_names import Introduced, names_something_else
from dialogs.reading.firm_words import (
    DEPARTMENT,
    EN_BUSINESS,
    JA_BUSINESS,
    JA_TITLE,
    firm_corrected,
)
from dialogs.reading.found import Found, Language
from dialogs.reading.lexicon import lexicon
from dialogs.reading.places import KEPT, shows_any
from dialogs.reading.sought import Sought, sought
from dialogs.reading.text import MOST, Text
from qualification.bant import Contact, Topic

SURE, FAIR, GUESSED = 0.95, 0.8, 0.55
"""An address, a number or a name they introduce; a name beside them; a bare word."""

Ignored = Sequence[tuple[int, int]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """One thing they gave us, ready to keep, and where it stands in `plain`."""

    value: str
    start: int
    end: int
    certainty: float


def find(text: Text, *, asked: Topic | None, ignore: Ignored = (), no_name: Ignored = ()) -> Found[Contact] | None:
    """Name, e-mail (lower case) and phone (E.164) of the speaker; None when the text gives none of them.

    `ignore` are spans of `plain` that are not the person's own statement (a question, an instruction to the bot);
    `no_name` are those where words refuse or do not know.
    """
    address, number = email(text, ignore), phone(text, ignore)
    who = name(text, asked, (*ignore, *no_name), [part for part in (address, number) if part])
    parts = [part for part in (who, address, number) if part]
    if not parts:
        return None
    start, end = min(part.start for part in parts), max(part.end for part in parts)
    return Found(
        value=Contact(
            name=who.value if who else None,
            email=address.value if address else None,
            phone=number.value if number else None,
        ),
        span=text.span(start, end),
        words=text.words(start, end),
        certainty=min(part.certainty for part in parts),
        rule="contact."
        + "+".join(kind for kind, part in (("name", who), ("email", address), ("phone", number)) if part),
    )


# E-mail: anna@example.org / anna (at) example.org / sales at acme dot com

_DOT = r"(?:\.|\s?[(\[{]dot[)\]}]\s?|\sdot\s|\s?(?:ドット|どっと)\s?)"
_AT = r"(?:\s?@\s?|\s?[(\[{<](?:at|@|アット)[)\]}>]\s?|\sat\s|\s?(?:アットマーク|アット)\s?)"
_SPELLED = (
    r"(?:\s(?:dot|dash|hyphen|underscore)\s|\s?[(\[{](?:dot|dash|hyphen|underscore)[)\]}]\s?"
    r"|\s?(?:ドット|ハイフン|アンダーバー|アンダースコア)\s?)"
)
_SPELLED_SIGN = re.compile(_SPELLED)
_SIGNS = {"dot": ".", "ドット": ".", "dash": "-", "hyphen": "-", "ハイフン": "-"}
"""How people spell a sign in words; any other word is an underscore."""
_EMAIL = sought(
    rf"(?<![a-z0-9._%+'-])(?P<local>[a-z0-9][a-z0-9._%+'-]{{0,63}}(?:{_SPELLED}[a-z0-9]{{1,30}}){{0,3}})(?P<at>{_AT})"
    rf"(?P<domain>[a-z0-9][a-z0-9-]{{0,62}}(?:{_DOT}[a-z0-9][a-z0-9-]{{0,62}}){{0,4}}{_DOT}[a-z]{{2,24}})(?![a-z0-9@])"
)


_SIGNS_OF_AT = ("@", " at ", "(at", "[at", "{at", "<at", "アット")


def email(text: Text, ignore: Ignored) -> Part | None:
    """The first address that is theirs."""
    plain = text.plain
    if not shows_any(plain, _SIGNS_OF_AT):
        return None
    for match in islice(_EMAIL.finditer(plain), MOST):
        start, end = match.span()
        if match["at"] == " at " and match["local"] in _no_locals():
            continue
        if not overlaps(start, end, ignore) and _theirs(text, start, end):
            domain = re.sub(_DOT, ".", match["domain"])
            local = _SPELLED_SIGN.sub(lambda sign: _SIGNS.get(sign.group().strip(" ()[]{}"), "_"), match["local"])
            return Part(value=f"{local.strip('.')}@{domain}", start=start, end=end, certainty=SURE)
    return None


@cache
def _no_locals() -> frozenset[str]:
    """What stands before "at" when it is no address: "I work at acme.com"."""
    return frozenset(lexicon("reached").words("not_an_address", "en").spellings)


# Phone: 090-1234-5678 / (415) 555-0132 / +44 20 7946 0958

_PHONE = re.compile(r"(?<![0-9a-z@.,$€£¥+_-])[+(]{0,2}[0-9](?:[ ().・/ー-]{0,3}[0-9]){8,16}(?![0-9a-z@%円万億])")
_TWO_FIGURES = re.compile(r"[0-9]{2}|[0-9][ -][0-9]")
_NORTH_AMERICAN = re.compile(r"(?:1[ .-]*)?\(?[2-9][0-9]{2}\)?[ .-]*[0-9]{3}[ .-]*[0-9]{4}")
_COUNTRY_OF_ZERO = "JP"
_COUNTRY_OF_TEN = "US"


def phone(text: Text, ignore: Ignored) -> Part | None:
    """The first number that is theirs and can be a telephone number."""
    if not _TWO_FIGURES.search(text.plain):
        return None
    found: list[Part] = []
    for match in islice(_PHONE.finditer(text.plain), MOST):
        start, end = match.span()
        if overlaps(start, end, ignore) or not _theirs(text, start, end):
            continue
        if number := _international(match.group()):
            found.append(Part(value=number, start=start, end=end, certainty=SURE))
    # "020 7946 0123, so +44 20 7946 0123 for you": with its country it is sure
    abroad = (part for part in found if text.plain[part.start : part.end].lstrip("(").startswith("+"))
    return next(abroad, found[0] if found else None)


def _international(written: str) -> str | None:
    """E.164: a leading 0 is Japan, ten digits without it North America."""
    digits = re.sub(r"[^0-9]", "", written)
    if written.lstrip("(").startswith("+"):
        region = None
    elif digits.startswith("00"):
        region, digits = None, digits[2:]  # how much of the world dials abroad
    elif digits.startswith("0"):
        region = _COUNTRY_OF_ZERO
    elif _NORTH_AMERICAN.fullmatch(written):
        region = _COUNTRY_OF_TEN
    else:
        return None
    # phonenumbers loads its tables on first use; most messages hold no number
    import phonenumbers

    try:
        number = phonenumbers.parse(("+" if region is None else "") + digits, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _theirs(text: Text, start: int, end: int) -> bool:
    """Not an address they talk about: "I already wrote to ...", 「御社のサポート 0120-...」."""
    words, plain = lexicon("reached"), text.plain
    border = max((plain.rfind(sign, 0, start) for sign in "。\n、;,"), default=-1)
    before = max(border + 1, start - 40)
    if words.pattern("not_theirs_before", text.language).search(plain, before, start):
        return _REACH_ME.search(plain, before, start) is not None
    return words.pattern("not_theirs_behind", text.language).match(plain[end : end + 30].lstrip()) is None


# "could one of your sales people write to me at"
_REACH_ME = re.compile(
    r"(?<![a-z])(?<!not )(?<!n't )(?:contact|reach|e-?mail|call|phone|ring|text|message"
    r"|write(?: to)?|back to|touch with|out to)"
    r" (?:me|us) (?:back )?(?:at|on|via|under)\s?:?\s?$"
)

# Names

_KANJI_NAME = (
    r"[\u4e00-\u9fff々]{1,5}(?:\s(?:[\u4e00-\u9fff々]{1,3}|[ぁ-ん]{2,4}|[ァ-ヴー]{2,6})"
    r"(?!(?!様|氏)[\u4e00-\u9fffァ-ヴー:は]))?"
)
# 松田さくら; FAMILY stands for the family names of the lexicon
_SOFT_GIVEN = (
    r"FAMILY(?!です|でし|でご|まで|さん|さま|より|から|とい|とも|とお|にな|まし|では|はな)[ぁ-ん]{2,4}"
    r"(?=$|[。、,\s/]|です|と申|といい)"
)
_KANA_NAME = r"[ァ-ヴー]{2,10}(?:[・\s=][ァ-ヴー]{2,12}){0,2}"
_JA_NAME = rf"(?P<name>{_SOFT_GIVEN}|{_KANJI_NAME}|{_KANA_NAME})"
_NO_VERB = r"(?![うくぐすつぬむるいえけせてめれっらりしきみとへに])"
"""担当が違う, 担当は変わりました: what goes on in kana like this is a verb."""
_JA_END = r"(?=です|まで|宛|でーす|でございま|でした|と申|ともうし|といい|と言い|$|[。、,/|(<\s])"


@dataclass(frozen=True, kw_only=True)
class _Rule:
    """How people give their name. `topics` None is any.

    A name may begin anywhere: where `tail`, what stands behind it, is known, only the places in front of it are tried.
    """

    letters: str
    tail: re.Pattern[str] | None = None
    certainty: float = SURE
    topics: frozenset[Topic | None] | None = None


_OF_NOTES = frozenset({None})
_SAYS = r"(?:です|でございま|と申|でした|でーす)"
_FIRM = r"(?:(?:株式会社|有限会社|合同会社|法人|\([株有]\))[^\s。、の]{1,20}|社|\([株有]\))"
_WITH_HONORIFIC = rf"(?:{JA_TITLE})?(?:様|氏(?!名))"
_JA_RULES = (
    # 氏名：大野 健一
    _Rule(
        letters=rf"(?:名前|氏名|担当名|担当者名|ご?担当者?|名字|苗字)(?:は|:|が|(?=\s))\s?{_JA_NAME}{_NO_VERB}",
    ),
    # 佐々木と申します、三浦さんという者
    _Rule(
        letters=rf"(?<![\u4e00-\u9fffァ-ヴーa-z]){_JA_NAME}(?:さん)?(?:と申|ともうし|といいま|と言いま|という者|と名乗)",
        topics=frozenset({None, *Topic} - {Topic.COMPANY}),
    ),
    # 課長の中村です、株式会社オリーブの清水です
    _Rule(letters=rf"(?:{JA_TITLE}|{_FIRM})の{_JA_NAME}{_SAYS}"),
    _Rule(
        letters=rf"の{_JA_NAME}{_SAYS}",
        certainty=FAIR,
        topics=frozenset({Topic.CONTACT}),
    ),
    # 斎藤じゃなくて齋藤です
    _Rule(
        letters=r"(?:FAMILY)(?:じゃ|では|で)なく(?:て)?、?(?P<name>FAMILY)(?=です|でし|と|。|$)",
    ),
    # 佐藤様（常務）、上田様より
    _Rule(
        letters=rf"{_JA_NAME}{_WITH_HONORIFIC}",
        tail=re.compile(_WITH_HONORIFIC),
        certainty=FAIR,
        topics=frozenset({None, Topic.CONTACT, Topic.COMPANY}),
    ),
    # 名刺：有限会社まるふく商店 代表 福田 功
    _Rule(
        letters=rf"(?:^|[\s、,/]){JA_TITLE}[\s/](?P<name>[\u4e00-\u9fff々]{{1,4}}\s?[\u4e00-\u9fff々ぁ-んァ-ヴー]{{1,4}})(?=$|[\s、,/])",
        certainty=FAIR,
        topics=frozenset({None, Topic.CONTACT, Topic.COMPANY}),
    ),
    # 営業部の飯塚。固定より携帯が
    _Rule(
        letters=rf"^(?:[^\s。、]{{1,20}}の)?{DEPARTMENT}の{_JA_NAME}(?=[。、\s]|$)",
        certainty=FAIR,
        topics=frozenset({Topic.CONTACT}),
    ),
    # フリーランスでデザインをしている早川です
    _Rule(
        letters=rf"(?:して|やって|営んで|勤めて|働いて|務めて)(?:いる|います|おります|る|ます){_JA_NAME}{_SAYS}",
        certainty=FAIR,
    ),
    # (株)東和パック 営業企画 中野 里奈 nakano@...
    _Rule(
        letters=r"(?:^|[\s、,/])(?P<name>FAMILY\s(?:[\u4e00-\u9fff々]{1,3}|[ぁ-ん]{2,4}|[ァ-ヴー]{2,6}))(?=$|[\s、,/])",
        certainty=FAIR,
        topics=frozenset({Topic.CONTACT}),
    ),
    # その前に名乗ってませんでした、長谷川です
    _Rule(
        letters=rf"(?:^|[。、,\s!の])(?P<name>FAMILY(?:\s?[\u4e00-\u9fff々ぁ-ん]{{1,3}})?){_SAYS}",
        certainty=FAIR,
    ),
)
_JA_BARE = (
    rf"^[\u4e00-\u9fffァ-ヴーa-zA-Z0-9]{{1,12}}の{_JA_NAME}(?:まで|宛)(?:に|お願い.{{0,6}})?[。\s]*$",
    r"^(?P<name>[ぁ-ん]{2,6}[\s・][ぁ-ん]{2,6})(?=\s?(?:です|と申|といい|$|[。、,/]|[A-Za-z0-9._%+-]{1,40}@|[+(]?0[0-9]))",
    r"^(?P<name>[\u4e00-\u9fff々]{1,4}[ぁ-ん]{2,4})(?=[\s、,/]{1,3}(?:[a-z0-9._%+-]{1,40}@|[+(]?0[0-9]))",
    rf"^{_JA_NAME}\s(?:e-?)?(?:mail|メール|メアド|tel|電話|携帯|email)(?![a-z])",
    rf"^{_JA_NAME}{_JA_END}",
    rf"\({_JA_NAME}\)[。\s]*$",
    rf"[、,/]\s?{_JA_NAME}(?=\s?[、,/])",
    rf"[\s、,/|。・](?:[\u4e00-\u9fffァ-ヴーa-zA-Z]{{1,8}}の)?{_JA_NAME}(?:です|まで|宛|でございます)?[。\s]*$",
)

_CAP = r"(?:[^\W\d_a-z]\.(?!\w)|[^\W\d_a-z](?:[\w'-]|\.(?=\w))*)"
_EN_NAME = rf"(?P<name>{_CAP}(?: (?:(?:van|von|de|da|del|di|la|bin|al) )?{_CAP}){{0,3}})"
_SOFT_WORD = r"(?:[od]')?[^\W\d_](?:-?[^\W\d_]){1,14}"
_SOFT_NAME = rf"(?P<name>{_SOFT_WORD}(?:\s{_SOFT_WORD}){{0,2}})"
_HONORIFIC = r"(?:(?:[Mm]r|[Mm]rs|[Mm]s|[Mm]iss|[Dd]r|[Pp]rof|MR|MS|DR)\.?\s)?"
_EN_RULES = (
    # my name is Laura Bennett; Name: Olivia Grant; also in small letters
    _Rule(
        letters=rf"\b(?i:my (?:good |full )?name is|my name's|name\s?:|(?:the )?name's|call me|ask for)"
        rf"\s?{_HONORIFIC}{_EN_NAME}",
    ),
    _Rule(
        letters=rf"\b(?i:my (?:good |full )?name is|my name's|name\s?:|the name's)\s?{_SOFT_NAME}"
        r"(?=\s?(?:[,.;/(|-]|$|and\b|from\b))",
    ),
    # I'm Grace, CFO at Windmill; this is Marta Nowak
    _Rule(
        letters=rf"\b(?i:i'm|i am|im|this is|you're talking to)\s{_HONORIFIC}{_EN_NAME}(?![\w'])",
    ),
    _Rule(
        letters=rf"\b(?i:it's|it is)\s{_HONORIFIC}{_EN_NAME}(?![\w'])",
        topics=frozenset({None, *Topic} - {Topic.COMPANY}),
    ),
    # He liked it. Name is Bogdan Ilic.
    _Rule(
        letters=rf"(?:[.;!\n]\s?)(?i:name is)\s{_HONORIFIC}{_EN_NAME}",
        certainty=FAIR,
        topics=frozenset({None, Topic.CONTACT}),
    ),
    # hi, Samir here
    _Rule(
        letters=rf"(?:^|[,.!]\s?){_HONORIFIC}{_EN_NAME}\s(?:here\b|speaking\b)",
    ),
    # spoke w/ Dave, ops mgr; inbound: Greg from Pinecrest
    _Rule(
        letters=r"(?:\b(?i:met(?: with| w/)?|(?:spoke|talked|chatted|spoken) (?:to|with|w/)"
        r"|reached|phoned|dialled|got hold of|got through to|connected with|caught up with|caught|heard (?:back )?from"
        r"|interviewed"
        r"|(?:the )?person i (?:spoke|talked) (?:to|with) (?:is|was)|(?:my|our|main) contact(?: there)? (?:is|was)"
        r"|(?:call|meeting|mtg|demo|chat|intro|visit|zoom|teams|session|coffee|lunch|follow-?\s?up|catch-?\s?up|min|mins|minutes)"
        r"(?: (?:(?:mon|tue|wed|thu|fri)[a-z]*|today|yesterday|[0-9]{1,2}/[0-9]{1,2}))? (?:with|w/)"
        r"|(?:(?<!company )(?<!firm )(?<!business )called|emailed|visited|rang|saw)"
        r"|demo for|contact is)\s|(?i:inbound|card|contact|attn|lead|prospect|notes?|recap|summary)\s?:\s?)"
        rf"{_HONORIFIC}{_EN_NAME}",
        certainty=FAIR,
        topics=frozenset({None, Topic.CONTACT}),
    ),
)
_EN_BARE = (
    (
        rf"^(?:(?i:hi|hello|hey)[,!]?\s)?{_HONORIFIC}{_EN_NAME}"
        r"(?=\s?(?:[,;/|(:]|-\s|-$|$|\.\s|\.$|from\b|with\b|at\s[A-Z]|[a-z0-9._+-]+@|\+?[0-9]))"
    ),
    rf"^{_EN_NAME}'s the name",
    rf"^(?i:to|for|attn)\s{_HONORIFIC}{_EN_NAME}(?=\s?(?:please|pls)?\s?[:,])",
    rf",\s?{_HONORIFIC}{_EN_NAME}(?=\s?,)",
    rf"\({_HONORIFIC}{_EN_NAME}\)\.?$",
    rf"[,/|;-]\s?(?:(?i:attn|c/o|contact|care of)[.:]?\s)?{_HONORIFIC}{_EN_NAME}\.?$",
)
_EN_BESIDE = (rf"(?:[0-9]|@[\w.-]{{3,60}}),\s?{_EN_NAME}\.?$",)
"""Behind a number or an address, whatever was asked: "ring me, 312-555-0147, Agnieszka"."""
_EN_SOFT = (
    rf"^{_SOFT_NAME}\s?[.!]?$",
    rf"^(?i:it's|i'm|im|this is|i am)\s{_SOFT_NAME}(?=\s?[,;/|.])",
    rf"^{_SOFT_NAME}\s?(?:[,;/|-]|\s)\s?(?=[a-z0-9._+-]+@|\+?[0-9(])",
)
_JA_FIRM_END = re.compile(
    r"(?:工務店|商店|書店|薬局|クリニック|医院|病院|事務所|製作所|研究所|工業|建設|商事|産業|興業|物産|サービス|センター|組合|学園|商会|会社|電機|食品|印刷|運輸|運送)$"
)
_A_BUSINESS = re.compile(JA_BUSINESS)
_COMPANY_FORM = re.compile(
    rf"\b{EN_BUSINESS}$|\b(?:Inc|LLC|Ltd|GmbH|Corp|Co|PLC|Limited|Corporation|Company|LLP|KK|Pvt|Pty|AG|BV)\b"
)


_OF_A_DEPARTMENT = re.compile(rf"{DEPARTMENT}(?<=[部課室係局])(?=[\u4e00-\u9fff々ァ-ヴー]{{1,6}}$)")
_DECIDES = re.compile(
    r"(?:決裁|承認|最終判断|決定|決めるの|決める人)(?:者|権者)?(?:は|:)[^。、,]{0,10}$"
    r"|(?:decision[ -]maker|decider|approver|signatory|sponsor|boss)\s?(?::|is|=|-)\s?$"
)
"""In front of a name: it is the one who decides, not the one who speaks: 決裁は代表の木村です."""
_YOURS = ("御社の", "貴社の", "競合の", "他社の")
"""In front of a name: somebody of ours or of others."""


_ONE_OF_US = re.compile(r"\s(?:here\s|calling\s)?(?:from|at|with|of)\s(?:(?i:bantline)|(?:our|your)\s)")


def name(text: Text, asked: Topic | None, ignore: Ignored, others: Sequence[Part] = ()) -> Part | None:
    """The person's name as written, without titles; a bare one only beside `others` or when it was asked."""
    written = cased(text)
    firm = firm_corrected(written) if text.language == "ja" else None
    taken = (*ignore, *((part.start, part.end) for part in others), *((firm,) if firm else ()))
    first: Part | None = None
    for start, end, certainty in _places(text, written, asked, reachable=bool(others)):
        value = written[start:end].strip(" .-'").removesuffix("様")
        if text.language == "ja" and (department := _OF_A_DEPARTMENT.match(value)):
            value, start = value[department.end() :], start + department.end()  # 総務部石田
        if _DECIDES.search(text.plain, max(0, start - 20), start) or text.plain.endswith(_YOURS, 0, start):
            continue
        if _ONE_OF_US.match(written, end):
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


def _places(text: Text, written: str, asked: Topic | None, *, reachable: bool) -> Iterator[tuple[int, int, float]]:
    """Where names may stand, those we believe first."""
    for start, end in note_head.people(text.language, written, asked):
        yield start, end, FAIR
    for who in introductions(text, asked):
        if who.person:
            yield *who.person, FAIR
    for match, certainty in _names(text, written, asked, reachable=reachable):
        yield *match.span("name"), certainty
    if text.language == "ja" and asked in _MAY_SIGN and (signed := signature.name_on_a_line(written)):
        yield *signed, FAIR


_MAY_SIGN = frozenset({None, Topic.CONTACT})


@lru_cache(maxsize=KEPT)
def introductions(text: Text, asked: Topic | None) -> tuple[Introduced, ...]:
    """Who is introduced at the head of an English text, and who signed it."""
    if text.language != "en":
        return ()
    written = cased(text)
    head: Introduced | None
    if asked in _MAY_INTRODUCE:
        head = english_head.introduced(written, text.plain, note=asked is None)
    else:
        head = english_head.introduces_itself(written)
        head = head if head and head.person and head.firm else None
    if head and asked is Topic.COMPANY and not (head.person and head.firm):
        head = None  # "it's Sanwa Technos"
    return tuple(who for who in (head, english_signature.signed(written, len(text.plain.rstrip()))) if who)


_MAY_INTRODUCE = frozenset({None, Topic.CONTACT, Topic.COMPANY})


def _names(text: Text, written: str, asked: Topic | None, *, reachable: bool) -> Iterator[tuple[re.Match[str], float]]:
    for rule, seeks in _rules(text.language, asked):
        if seeks.look.search(text.plain):
            for match in islice(_matches(rule, seeks, text.plain, written), MOST):
                yield match, rule.certainty
    if asked is Topic.CONTACT or (reachable and asked is None):
        bare = _JA_BARE if text.language == "ja" else (*_EN_BARE, *(_EN_SOFT if asked is Topic.CONTACT else ()))
    else:
        bare = _EN_BESIDE if reachable and text.language == "en" else ()
    if bare:
        for letters in bare:
            if found := _sought(letters).pattern.search(written):
                yield found, FAIR if reachable else GUESSED


@cache
def _rules(language: Language, asked: Topic | None) -> Sequence[tuple[_Rule, Sought]]:
    """The rules for what was asked, each with what it seeks."""
    rules = (*_JA_RULES, *_EN_RULES) if language == "ja" else _EN_RULES
    return [(rule, _sought(rule.letters)) for rule in rules if rule.topics is None or asked in rule.topics]


def _matches(rule: _Rule, seeks: Sought, plain: str, written: str) -> Iterator[re.Match[str]]:
    if rule.tail is None:
        yield from seeks.named_in(written, plain)
        return
    for tail in rule.tail.finditer(written):
        starts = range(max(0, tail.start() - _LONGEST_NAME), tail.start())
        if match := next((found for at in starts if (found := seeks.pattern.match(written, at))), None):
            yield match


_LONGEST_NAME = 38
"""Three words of kana: アレハンドロ・ゴンザレス・フェルナンデス."""


@cache
def _sought(letters: str) -> Sought:
    """A rule with the family names of the lexicon in their place."""
    family = lexicon("reached").words("family", "ja").source
    return sought(letters.replace("FAMILY", f"(?:{family})"), needs=letters.replace("FAMILY", ".+"))


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
        if ahead.endswith(("会社", "法人", ")", "組合")) or plain.startswith(("株式会社", "有限会社", "合同会社")):
            return False
        return plain not in words and not _JA_FIRM_END.search(value) and not _A_BUSINESS.fullmatch(value)
    if _KEYS_AT_RANDOM.search(plain) or names_something_else(plain):
        return False
    common = [word.strip(".,'").removesuffix("'s") in words for word in plain.split()]
    # Will Smith and April Jones are people, Sales Manager and IT are not
    return not (all(common) or (any(common) and value.islower()) or (common[0] and len(common) > 2))


_A_DEPARTMENT = re.compile(DEPARTMENT)
_AN_OFFICE = re.compile(rf"[部課室]\s{JA_TITLE}$")
_A_DAY = re.compile(r"昨日|今日|明日|本日|先日|先週|来週|今週|前回|今回|次回|毎日|毎週|毎月")
_NO_NAME_END = re.compile(
    r"(?:ください|下さい|です|ます|ません|ました|ほしい|欲しい|たい|から|まで|なら|だと|ので|けど"
    r"|電話|携帯|番号|スマホ|ファックス|ファクス|fax|アドレス|メアド|メール|直通|内線|宛て?)$"
)
_KEYS_AT_RANDOM = re.compile(r"(?<![a-z])[b-df-hj-np-tv-xz]{4,}(?![a-z])|asdf|qwer|zxcv|hjkl|(.)\1{3}")


@cache
def _no_names(language: str) -> frozenset[str]:
    return frozenset(lexicon("reached").words("no_name", "ja" if language == "ja" else "en").spellings)


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
