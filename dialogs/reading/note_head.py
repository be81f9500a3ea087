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
from functools import cache, lru_cache
from itertools import islice

from dialogs.reading import japanese_card
from dialogs.reading.firm_in_front import (
    BETWEEN_LETTERS,
    FIRM_LETTER,
    KNOWN_AS_A_FIRM,
    LONGEST_FIRM,
    firm_in_front,
    may_be_firm,
    occasions,
    opening_of,
)
from dialogs.reading.firm_words import JA_TITLE, JA_TITLES, MET
from dialogs.reading.found import Language, Span
from dialogs.reading.japanese_introduction import LONGEST_HEAD, Head, introduced
from dialogs.reading.japanese_names import LONGEST_FAMILY, is_listed, name_begins
from dialogs.reading.japanese_words import either
from dialogs.reading.name_forms import SAMA
from dialogs.reading.places import KEPT, shows_any
from qualification.bant import Topic

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
    found = [*islice(japanese_card.shown(written, asked), MOST), *islice(introduced(written, asked), MOST)]
    if asked is None:
        found += [*islice(_labelled_firms(written), MOST), *islice(_people_met(written), MOST)]
        found += _firms_without_a_person(written)
    return tuple(found)


_HONORIFIC = rf"(?:{SAMA}(?![子々式相性])|さん|さま|氏(?!名)|先生|弁護士|税理士|会計士|教授)"
_BEGIN_AN_ADDRESS = "".join(sorted({title[0] for title in JA_TITLES} | set("様さ氏先弁税会教")))
_ADDRESS = re.compile(
    rf"(?=[{_BEGIN_AN_ADDRESS}])"
    rf"(?:(?!担当){JA_TITLE}(?:代理|補佐)?(?:\s?{_HONORIFIC})?|{_HONORIFIC})"
)
_GOES_ON = re.compile(
    r"[。、/\s()」!【|→・]|$|は|ご?本人|ご?自身|ご夫[妻婦]|ほか|他|が(?=電話|対応|応対|出|来)|[にへ](?=お?電話|架電|訪問|往訪|ヒアリング|連絡|お?会|お?話|面談|提案|名刺|tel|TEL|Tel)"
    r"|と(?![^。、]{0,8}(?:相談|決め|協議|合議|判断))|を(?=訪|往訪|お訪ね)|宛|訪問|来[社訪]|対応"
    r"|(?:から|より)(?!の?ご?紹介|承認|許可|指示|了承|言われ)"
)
_KANA = re.compile(r"[ァ-ヴ]")
_BY_HONORIFIC = re.compile(rf"{_HONORIFIC}$")
_GREETS = re.compile(r"[、。]?\s*(?:\n|ご連絡|お世話|いつも|先日|早速|ご返信)")
"""Behind the name in the first line of a mail: it is whom they write to."""


def _people_met(written: str) -> Iterator[Head]:
    for address in _ADDRESS.finditer(written, 0, min(len(written), LONGEST_HEAD)):
        behind = _GOES_ON.match(written, address.end())
        if _is_whom_they_write_to(written, address):
            continue  # 中村様
        end = address.start() - written.endswith(" ", 0, address.start())  # 保科 部長
        end += written.startswith("本部長", end) and is_listed(written[end - 1 : end + 1])  # 山本部長
        start = name_begins(written, end) if behind else None
        if behind is None or start is None:
            continue
        firm = firm_in_front(written, start, guess=behind.group() != "は") or _firm_in_brackets(written, address.end())
        needs_a_firm = behind.group() == "は" or (
            _KANA.match(written, start) and not _BY_HONORIFIC.search(address.group())
        )
        if firm or not needs_a_firm:
            yield Head(person=(start, end), firm=firm)


def _firm_in_brackets(written: str, start: int) -> Span | None:
    """須藤様(ツバメ商会)"""
    found = _IN_BRACKETS.match(written, start)
    return (
        found.span("firm") if found and may_be_firm(found["firm"]) and KNOWN_AS_A_FIRM.search(found["firm"]) else None
    )


_IN_BRACKETS = re.compile(rf"\s?\((?P<firm>{FIRM_LETTER}{{2,24}})\)")


def _is_whom_they_write_to(written: str, address: re.Match[str]) -> bool:
    """In the first line of a mail; 「先方：… 深町氏」 stands behind its label, and nobody writes to a 氏."""
    if "\n" not in written or address.group().endswith("氏") or _GREETS.match(written, address.end()) is None:
        return False
    return shows_any(written[: address.start()], ("\n", ":")) is False


# A firm without a person

_CALLED_ON = (
    rf"(?:さん|さま|様|御中)?(?:(?:[にへを]|から|より|との?|からの)お?(?:{MET}|往訪|連絡|来電|折り?返)|{MET}|往訪)"
)
_ALONE = re.compile(
    rf"(?P<firm>(?:(?![はがを]){FIRM_LETTER}|{BETWEEN_LETTERS}){{2,{LONGEST_FIRM}}}?)"
    rf"(?:(?P<called>{_CALLED_ON})|(?=[。/(|]|$|\s[^A-Za-z\s]))"
)
_SOLD = re.compile(
    r"(?:システム|ソフト|サービス|保険|住宅|設備|デザイン|ホーム|ケア|企画|制作|加工|清掃|会計|水道|ガス|電力|通信|自動車|事務所|看板|楽器|文具|衣料)$"
)
"""What one may ask for as well as what a firm is called."""
_ABROAD = re.compile(r"[ァ-ヴー]{3,}|[A-Z][A-Za-z]{2,}")


def _firms_without_a_person(written: str) -> Iterator[Head]:
    """東山市役所に架電; ピクセル工房さんより資料請求; 11/4 丸福商店/予算..."""
    begins = occasions().match(written)
    found = _ALONE.match(written, begins.end() if begins else 0)
    if found is None:
        return
    start, end = found.span("firm")
    start += opening_of(found["firm"])
    firm = written[start:end]
    if not found["called"] and written.startswith(" ", end) and (found.start() == 0 or _SOLD.search(firm)):
        return  # 「在庫管理システム 導入したい」
    if may_be_firm(firm) and (KNOWN_AS_A_FIRM.search(firm) or (found["called"] and _ABROAD.fullmatch(firm))):
        yield Head(firm=(start, end))


# A firm behind its label


@cache
def _firm_label() -> re.Pattern[str]:
    return re.compile(
        rf"(?:^|(?<=[\s、。/・【\[(■●◆○▼|,>]))(?:{either('firm_label')}\s?[:=】\]]|[会企]?[社業体]名\s)\s?"
    )


_VALUE = re.compile(
    rf"(?:「)?(?P<firm>(?:{FIRM_LETTER}|{BETWEEN_LETTERS})+?)"
    rf"(?:様|さん|御中|殿)?(?=[、。,/|【」(]|\s(?![A-Za-z])|\s(?i:tel|e?-?mail|fax)|{JA_TITLE}|$)"
)


_SIGNS_OF_A_LABEL = (":", "=", "】", "]", "社名 ", "業名 ", "体名 ")


def _labelled_firms(written: str) -> Iterator[Head]:
    """会社:トキワ運送, 【企業名】リベルタ, but not お客様:木内様."""
    if not shows_any(written, _SIGNS_OF_A_LABEL):
        return
    for label in _firm_label().finditer(written):
        value = _VALUE.match(written, label.end())
        if value and may_be_firm(value["firm"]) and (KNOWN_AS_A_FIRM.search(value["firm"]) or not _is_a_person(value)):
            yield Head(firm=value.span("firm"))


def _is_a_person(value: re.Match[str]) -> bool:
    addressed = value.group() != value["firm"] or value.string[value.end() : value.end() + 1] not in (
        "",
        *" \n\t、。,/|【」(",
    )
    return addressed and len(value["firm"]) <= LONGEST_FAMILY
