"""The head of a Japanese call note or mail: which firm, and whom the rep met there or who writes.

    9/8架電。(株)北陸テクノ製造部の村井課長と     (株)北陸テクノ, 村井
    TEL済 丸福商店 岡本社長/                     丸福商店, 岡本
    東山市役所に架電                             東山市役所
    会社:トキワ運送/担当:総務部 柿沼様            トキワ運送, 柿沼

A person is read from the end: 様 or a title, the name, then leftwards a title, a department and the firm, each if it is
said. A firm of no known kind is believed only where nothing but the occasion stands in front of it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import islice

from dialogs.reading.firm_words import (
    DEPARTMENT,
    JA_BUSINESS,
    JA_FORM,
    JA_TITLE,
    MET,
    OF_ROLES,
    PLACE,
    ends_of_businesses,
)
from dialogs.reading.found import Language
from dialogs.reading.lexicon import lexicon
from dialogs.reading.places import KEPT, shows_any
from qualification.bant import Topic

Span = tuple[int, int]


@dataclass(frozen=True, kw_only=True, slots=True)
class Head:
    """Where the firm and the person's name stand, each if said."""

    firm: Span | None = None
    person: Span | None = None


LONGEST_HEAD = 160
"""Who was met stands in the first or second sentence of a note; later ones tell of others."""
LONGEST_FIRM = 34
LONGEST_NAME = 12
LONGEST_FAMILY = 3
"""Kanji of a family name no list knows."""
MOST = 6


def people(language: Language, written: str, asked: Topic | None) -> list[Span]:
    """Where the names of the people met stand, the first one first; `asked` tells a note from an answer."""
    return [head.person for head in _heads(language, written, asked) if head.person]


def firms(language: Language, written: str, asked: Topic | None) -> list[Span]:
    """Where their firms stand, the first one first."""
    return [head.firm for head in _heads(language, written, asked) if head.firm]


@lru_cache(maxsize=KEPT)
def _heads(language: Language, written: str, asked: Topic | None) -> tuple[Head, ...]:
    if language != "ja":
        return ()
    found = [*islice(_people_who_write(written), MOST)]
    if asked is None:
        found += [*islice(_labelled_firms(written), MOST), *islice(_people_met(written), MOST)]
        found += _firms_without_a_person(written)
    return tuple(found)


# The person

_KANJI = r"[\u4e00-\u9fff々ヶ]"
_NAME = re.compile(rf"(?:(?<![ァ-ヴー])[ァ-ヴー・]{{2,10}}|{_KANJI}{{1,12}})$")
_GIVEN_BEHIND = re.compile(rf"(?P<family>{_KANJI}{{1,3}})\s$")
_HONORIFIC = r"(?:(?<![仕同多異模])様(?![子々式相])|さん|さま|氏(?!名)|先生|弁護士|税理士|会計士|教授)"
_ADDRESS = re.compile(
    rf"(?=[様さ氏先弁税会教代取執副社専常事本部次課係主室支店工所局院理施園塾校師セ組顧グチマリオ])"
    rf"(?:(?!担当){JA_TITLE}(?:代理|補佐)?(?:\s?{_HONORIFIC})?|{_HONORIFIC})"
)
_GOES_ON = re.compile(
    r"[。、/\s()」!【|→]|$|は|ご夫[妻婦]|ほか|他|が(?=電話|対応|応対|出|来)|[にへ](?=お?電話|架電|訪問|往訪|ヒアリング|連絡|お?会|お?話|面談|提案|名刺|tel|TEL|Tel)"
    r"|と(?![^。、]{0,8}(?:相談|決め|協議|合議|判断))|を(?=訪|往訪|お訪ね)|宛|訪問|来[社訪]|対応"
    r"|(?:から|より)(?!の?ご?紹介|承認|許可|指示|了承|言われ)"
)
_KANA = re.compile(r"[ァ-ヴ]")
_BY_HONORIFIC = re.compile(rf"{_HONORIFIC}$")
_GREETS = re.compile(r"[、。]?\s*(?:\n|ご連絡|お世話|いつも|先日|早速|ご返信)")
"""Behind the name in the first line of a mail: it is whom they write to."""
_SAYS = re.compile(r"です(?![がけよねか])|と申し?ま|でございま|といいま|と言いま")


def _people_met(written: str) -> Iterator[Head]:
    for address in _ADDRESS.finditer(written, 0, min(len(written), LONGEST_HEAD)):
        behind = _GOES_ON.match(written, address.end())
        if "\n" in written and _GREETS.match(written, address.end()) and not written[: address.start()].count("\n"):
            continue  # 中村様
        end = address.start() - written.endswith(" ", 0, address.start())  # 保科 部長
        start = _name_begins(written, end) if behind else None
        if behind is None or start is None:
            continue
        firm = _firm_in_front(written, start, guess=behind.group() != "は")
        needs_a_firm = behind.group() == "は" or (
            _KANA.match(written, start) and not _BY_HONORIFIC.search(address.group())
        )
        if firm or not needs_a_firm:
            yield Head(person=(start, end), firm=firm)


_SIGNS_OF_A_FORM = ("会社", "法人", "(株)", "(有)", "(合)", "(同)")


def _people_who_write(written: str) -> Iterator[Head]:
    if not ends_of_businesses(written.lower()) and not shows_any(written, _SIGNS_OF_A_FORM):
        return
    for says in _SAYS.finditer(written, 0, min(len(written), LONGEST_HEAD)):
        start = _name_begins(written, says.start())
        if start is None:
            continue
        name = written[start : says.start()]
        known = name in _families() or says.group() != "です" or ("@" in written and _KANA.match(name))
        if not known and _office(written, _across_the_gap(written, start)) is None:
            continue  # システムの刷新です
        if firm := _firm_in_front(written, start, guess=False):
            yield Head(person=(start, says.start()), firm=firm)


def _name_begins(written: str, end: int) -> int | None:
    """Where the name in front of 様 begins; None when no name stands there."""
    found = _NAME.search(written, max(0, end - LONGEST_NAME), end)
    if found is None:
        return None
    start = found.start() + _glued(found.group())
    name = written[start:end]
    if name in _families():
        return _whole_name_begins(written, start)
    if _KIND.search(written, start, end):
        return None  # ピクセル工房さん
    unknown = name in _no_names() or _NO_NAME.search(name) is not None
    if unknown or not _stands_apart(written, start) or (len(name) > LONGEST_FAMILY and name[0] >= "\u4e00"):
        return None
    begins = _whole_name_begins(written, start)
    return _two_words_begin(written, start) if begins == start and _GIVEN_NAME.fullmatch(name) else begins


_NO_NAME = re.compile(rf"^{DEPARTMENT}$|^{OF_ROLES}|[者員師業係客人社店]$")


def _whole_name_begins(written: str, start: int) -> int:
    """西村 和夫様: a family name in front belongs to it, unless this is one as well."""
    ahead = _GIVEN_BEHIND.search(written, max(0, start - 4), start)
    if ahead is None:
        return start
    known = ahead["family"] in _families() or _title().search(written, max(0, ahead.start() - 16), ahead.start())
    return ahead.start() if known else start


_GIVEN_NAME = re.compile(rf"{_KANJI}{{1,2}}[子美咲恵香奈菜江郎介輔樹斗翔輝也哉彦吾雄夫男]")


def _two_words_begin(written: str, start: int) -> int:
    """遠野 美咲さん, but not 三栄 坂巻さん: a word no list knows in front of a given name is a family name."""
    ahead = _GIVEN_BEHIND.search(written, max(0, start - 4), start)
    if ahead is None or (ahead.start() and written[ahead.start() - 1] not in "、。」\nの"):
        return start
    family = ahead["family"]
    unlike = family in _no_names() or _NO_NAME.search(family) or _known_office().search(family)
    return start if unlike or not _may_be_firm(family) else ahead.start()


@cache
def _title() -> re.Pattern[str]:
    """Behind it a name nobody knows is a family's, and a given name follows: 代表取締役 野々村 誠様."""
    return re.compile(rf"{JA_TITLE}\s$")


def _glued(run: str) -> int:
    """How much of a run of kanji is a firm, a department or a title in front of the name: 総務部石田."""
    if run in _families() or len(run) <= LONGEST_FAMILY:
        return 0
    if office := _OFFICE_AND_NAME.match(run):
        return office.end()
    return next((len(run) - size for size in (3, 2, 1) if run[-size:] in _families()), 0)


_OFFICE_AND_NAME = re.compile(
    rf"(?:.*{JA_BUSINESS}|.*?{DEPARTMENT}(?<=[部課室係局])|.*{JA_TITLE}|.*(?:支店|支社|営業所))(?=.{{1,3}}$)"
)


def _stands_apart(written: str, start: int) -> bool:
    """Whether a name nobody knows begins here: behind a sign, a particle, or what ends a firm, an office or a title."""
    ahead = written[start - 1 : start]
    if not ahead.isalnum() and ahead not in "々ー":
        return True
    if ahead in "のはがにとで":
        return True
    return _office(written, start) is not None or _KIND.search(written, max(0, start - 12), start) is not None


# The firm in front of it

_LETTER = r"[\u4e00-\u9fff々ヶァ-ヴーぁ-んa-zA-Z0-9&・.'\-]"
_RUN = re.compile(rf"(?:(?![はがを]){_LETTER}|(?<=[A-Za-z])\s(?=[A-Za-z])|(?<=会社|法人)\s|\([株有合同医学福社財]\))+$")
_GAP = re.compile(r"(?:の|[\s・、/,]{1,2})$")
_QUOTED = re.compile(rf"「(?P<firm>{_LETTER}{{2,24}})」$")
_KIND = re.compile(rf"(?:{JA_FORM}|{JA_BUSINESS})$")
_KNOWN = re.compile(rf"{JA_FORM}|.{JA_BUSINESS}$")


def _firm_in_front(written: str, start: int, *, guess: bool) -> Span | None:
    """The firm in front of a name, across a title and a department; `guess` also takes one of no known kind."""
    end = start
    for _ in range(4):
        end = _across_the_gap(written, end)
        office = _office(written, end)
        if office is None:
            break
        beyond = _firm_at(written, _across_the_gap(written, office), guess=guess)
        itself = None if beyond else _firm_at(written, end, guess=guess)
        if itself and _MAY_BE_WHOLE.search(written, *itself):
            return itself
        end = office
    return _firm_at(written, end, guess=guess)


_MAY_BE_WHOLE = re.compile(r"(?:センター|室|局|科|工場|事業所|事務局)$")


def _across_the_gap(written: str, end: int) -> int:
    gap = _GAP.search(written, max(0, end - 2), end)
    return gap.start() if gap else end


_APART = r"(?:^|(?<=[\s、。・の/:】)])|(?<=会社|法人))"
_DEPARTMENT = (
    rf"(?:{DEPARTMENT}(?<=[部課室係局])|{_APART}{DEPARTMENT}{{1,2}}"
    rf"|(?:{PLACE}|(?<=[ァ-ヴーa-zA-Z)])[\u4e00-\u9fff]{{2,3}}|本社)?(?:支店|支社|営業所|出張所|事務局)"
    r"|(?<=[\u4e00-\u9fffァ-ヴーa-zA-Z)]{2})本[社店])"
)
_SOME_DEPARTMENT = (
    rf"{_APART}[^\s、。・の/:】]{{1,12}}(?:部|課|室|係|局|科|班|本部|グループ|チーム|センター|工場|事業所|支部)"
)
_SOME_OFFICE = re.compile(rf"{_SOME_DEPARTMENT}長?$")


@cache
def _known_office() -> re.Pattern[str]:
    """A title, a department or a branch at the end: CTO, 製造部, 九州支店, 番頭."""
    return re.compile(
        rf"(?:{JA_TITLE}(?:代理|補佐)?|C[A-Z]{{1,2}}O|[SE]?VP|{_either('master')}|{_either('job')}|{_DEPARTMENT})$"
    )


@cache
def _employed() -> re.Pattern[str]:
    """A department or a job in front of a name, and what somebody says they do there."""
    work = rf"(?:{_DEPARTMENT}|{_SOME_DEPARTMENT}長?|(?<=で){DEPARTMENT}{{1,2}}|{_either('job')})"
    does = r"(?:を|に)?(?:担当|所属|勤務)?(?:して)?(?:おり?ます|いる|います)"
    return re.compile(rf"(?P<work>{work})(?:の?担当者?)?(?:の|[\s・、/]{{1,2}}|(?<=[部課室係局])|{does})$")


def department_of(written: str, name: str) -> Span | None:
    """The department or the job in front of a person's name, who is an employee then: 総務課 吉田, 経理の細谷さん."""
    at = written.find(name)
    found = _employed().search(written, max(0, at - 24), at) if at > 0 else None
    return found.span("work") if found else None


def _office(written: str, end: int) -> int | None:
    """Where the title, the department or the branch that ends here begins; None when there is none."""
    for office in (_known_office(), _SOME_OFFICE):
        if found := office.search(written, max(0, end - 16), end):
            return found.start()
    return None


def _firm_at(written: str, end: int, *, guess: bool) -> Span | None:
    """The firm that ends here."""
    if quoted := _QUOTED.search(written, max(0, end - LONGEST_FIRM), end):
        return quoted.span("firm") if _may_be_firm(quoted["firm"]) else None
    run = _RUN.search(written, max(0, end - LONGEST_FIRM), end)
    if run is None:
        return None
    start = run.start() + _opens(run.group())
    firm = written[start:end]
    if _KIND.search(firm) and (owner := _OF_AN_OWNER.search(written, max(0, start - LONGEST_FIRM), start)):
        start, firm = owner.start("owner"), written[owner.start("owner") : end]
    if not _may_be_firm(firm):
        return None
    if _KNOWN.search(firm):
        return start, end
    believed = guess and _looks_like_a_firm(firm) and _occasions().fullmatch(written, 0, start)
    return (start, end) if believed else None


_OF_AN_OWNER = re.compile(rf"(?:^|[\s。、:/])(?P<owner>(?:医療|学校|社会福祉|宗教)法人{_LETTER}{{1,20}}\s)$")
"""医療法人社団清風会 in front of 清風病院."""


def _opens(run: str) -> int:
    """How much in front of the firm tells of the occasion or the place: 前回の展示会で会った, 大阪の."""
    opening = 0
    for pattern in (_CAME_ABOUT, _at_an_occasion(), _FROM_A_PLACE):
        if found := pattern.match(run, opening):
            opening = found.end()
    form = _FORM_IN_FRONT.search(run, opening)
    return form.start() if form else opening


_FORM_IN_FRONT = re.compile(rf"{JA_FORM}(?=\s?{_LETTER}{{2}})(?!.*{JA_FORM})")
"""弊社サービスの件で株式会社ノーザン"""


_CAME_ABOUT = re.compile(
    r".*(?:訪問した|会った|お会いした|話した|連絡した|架電した|電話した|もらった|頂いた|いただいた|あった|来た|された"
    r"|交換した|経由の|にて|からの)(?=..)"
)
_FROM_A_PLACE = re.compile(rf"(?:(?:{PLACE}){{1,3}}の)?老舗の?(?=..)|(?:{PLACE}){{1,3}}の(?=..)")


@cache
def _occasions() -> re.Pattern[str]:
    """Nothing but when and how they met: 【訪問メモ】, 11/12(木) 14:00 訪問, 展示会で名刺交換。"""
    return re.compile(
        r"(?:[\s。、:/・…→【】\[\]■◆●★□<>~|()\-]|[0-9]+|[年月日時分半頃]|[月火水木金土日]曜?日?|した|ました|あり"
        rf"|から|より|にて|[おごでのにへはと]|{_either('occasion')}|{MET})*"
    )


@cache
def _at_an_occasion() -> re.Pattern[str]:
    return re.compile(rf"(?:{_either('occasion')}|{MET})+(?:での?|に|の|にて|した|済み?の?|後|中)(?=..)")


def _may_be_firm(firm: str) -> bool:
    if len(firm) < 2 or firm in _families() or firm in _words("no_firm") or _NO_FIRM.fullmatch(firm):
        return False
    if _occasions().fullmatch(firm):
        return False
    return not re.match(OF_ROLES, firm) or re.search(JA_FORM, firm) is not None


_NO_FIRM = re.compile(
    rf"[0-9.:/()\-]+|[A-Za-z]社|.?社|{DEPARTMENT}|{JA_TITLE}|{MET}|{PLACE}|{JA_FORM}|{JA_BUSINESS}"
    r"|.*(?:ません|ます|です|した|して|ない|という|との?こと|さん|さま|様|氏).*"
)
_TRADE = re.compile(r"[業師者医士主員係客家人名件年月日時円万]$|たち$|さん$|様$")
"""How a trade or a count ends, and no firm of an unknown kind: 歯医者の田中さん."""
_NAME_LETTERS = re.compile(r"[\u4e00-\u9fff々ァ-ヴーA-Za-z]{2}|[ぁ-ん]{3}|[ぁ-ん]{2}[\u4e00-\u9fff]")


def _looks_like_a_firm(firm: str) -> bool:
    return _TRADE.search(firm) is None and _NAME_LETTERS.search(firm) is not None


# A firm without a person

_CALLED_ON = (
    rf"(?:さん|さま|様|御中)?(?:(?:[にへを]|から|より|との?|からの)お?(?:{MET}|往訪|連絡|来電|折り?返)|{MET}|往訪)"
)
_ALONE = re.compile(
    rf"(?P<firm>(?:(?![はがを]){_LETTER}|(?<=[A-Za-z])\s(?=[A-Za-z])|(?<=会社|法人)\s|\([株有合同医学福社財]\)){{2,{LONGEST_FIRM}}}?)"
    rf"(?:(?P<called>{_CALLED_ON})|(?=[。/(|]|$))"
)
_ABROAD = re.compile(r"[ァ-ヴー]{3,}|[A-Z][A-Za-z]{2,}")


def _firms_without_a_person(written: str) -> Iterator[Head]:
    """東山市役所に架電; ピクセル工房さんより資料請求; 11/4 丸福商店/予算..."""
    begins = _occasions().match(written)
    found = _ALONE.match(written, begins.end() if begins else 0)
    if found is None:
        return
    start, end = found.span("firm")
    start += _opens(found["firm"])
    firm = written[start:end]
    if _may_be_firm(firm) and (_KNOWN.search(firm) or (found["called"] and _ABROAD.fullmatch(firm))):
        yield Head(firm=(start, end))


# Labels


@cache
def _firm_label() -> re.Pattern[str]:
    return re.compile(
        rf"(?:^|(?<=[\s、。/・【\[(■●◆○▼|,>]))(?:{_either('firm_label')}\s?[:=】\]]|[会企]?[社業体]名\s)\s?"
    )


_VALUE = re.compile(
    rf"(?:「)?(?P<firm>(?:{_LETTER}|(?<=[A-Za-z])\s(?=[A-Za-z])|(?<=会社|法人)\s|\([株有合同医学福社財]\))+?)"
    rf"(?:様|さん|御中|殿)?(?=[、。,/|【」(]|\s(?![A-Za-z])|\s(?i:tel|e?-?mail|fax)|{JA_TITLE}|$)"
)


_SIGNS_OF_A_LABEL = (":", "=", "】", "]", "社名 ", "業名 ", "体名 ")


def _labelled_firms(written: str) -> Iterator[Head]:
    """会社:トキワ運送, 【企業名】リベルタ, but not お客様:木内様."""
    if not shows_any(written, _SIGNS_OF_A_LABEL):
        return
    for label in _firm_label().finditer(written):
        value = _VALUE.match(written, label.end())
        if value and _may_be_firm(value["firm"]) and (_KNOWN.search(value["firm"]) or not _is_a_person(value)):
            yield Head(firm=value.span("firm"))


def _is_a_person(value: re.Match[str]) -> bool:
    addressed = value.group() != value["firm"] or value.string[value.end() : value.end() + 1] not in (
        "",
        *" \n\t、。,/|【」(",
    )
    return addressed and len(value["firm"]) <= LONGEST_FAMILY


# Words


@cache
def _words(section: str) -> frozenset[str]:
    return frozenset(lexicon("firm").words(section, "ja").spellings)


def _either(section: str) -> str:
    """The words of a list as one group of a pattern, the longest first."""
    return f"(?i:{'|'.join(map(re.escape, sorted(_words(section), key=len, reverse=True)))})"


@cache
def _families() -> frozenset[str]:
    return frozenset(lexicon("reached").words("family", "ja").spellings)


@cache
def _no_names() -> frozenset[str]:
    return frozenset(lexicon("reached").words("no_name", "ja").spellings) | _words("job")
