"""E-mail address and telephone number, as the person wants to be reached.

inoue (at) example.jp        inoue@example.jp
03-9876-5432                 +81398765432
"""

import re
from collections.abc import Iterator, Sequence

from dialogs.reading.asking import Span
from dialogs.reading.text import Text

MOST = 6

_AT = r"(?:@|\s?(?:\(at\)|\[at\]|\{at\}|<at>|\(アット\)|\[アット\]|\(@\)|\[@\]|アットマーク|あっとまーく|アット)\s?|\s(?:at)\s)"
_DOT = r"(?:\.|\s?(?:\(dot\)|\[dot\]|\{dot\}|\(ドット\)|ドット)\s?|\s(?:dot)\s)"
_EMAIL = re.compile(
    rf"(?<![a-z0-9._%+-])[a-z0-9_%+-]{{1,64}}(?:{_DOT}[a-z0-9_%+-]{{1,40}}){{0,4}}{_AT}[a-z0-9-]{{1,63}}(?:{_DOT}[a-z0-9-]{{2,63}}){{1,4}}(?![a-z0-9@])"
)
_PHONE = re.compile(r"(?<![0-9a-z@.,¥$€£])(?:\+|\(\+?|00)?[0-9](?:[0-9]|[\s().・/-]{1,2}(?=[0-9(])){7,20}(?![0-9@%円万億名人])")
_NOT_THEIRS = re.compile(
    r"(?:御社|貴社|そちら|サポート|カスタマー|窓口|他社|競合|コールセンター|代行|問い合わせ先|お客様相談|の広告|スパム|迷惑|fax|ファックス|ファクス|your|support|competitor|their|spam|vendor|helpdesk|help desk|wrong|old|previous|前の|以前の|旧)[^。\n]{0,28}$"
)
_NOT_THEIRS_BEHIND = re.compile(r"\s?(?:は|って|が)?(?:御社|貴社|そちら|他社|競合|サポート|使えな|もう使|古い|以前|旧|に(?:電話|メール|連絡)したが|に(?:電話|メール|送)|から(?:電話|メール|連絡|着信|来)|がつなが|\(fax\)|is (?:your|their|the support|the old|no longer|not working|wrong)|never|doesn't answer|did not answer|called me|keeps)")


def email(text: Text, ignore: Sequence[Span] = ()) -> tuple[str, int, int] | None:
    """The first address that is the speaker's, in lower case, with its place in `plain`."""
    if "@" not in text.plain and "at" not in text.plain and "アット" not in text.plain:
        return None
    for match in _few(_EMAIL.finditer(text.plain)):
        if _ignored(match, ignore) or _not_theirs(text.plain, match):
            continue
        address = _plain_address(match.group())
        if re.fullmatch(r"[a-z]{2,24}", address.rsplit(".", 1)[-1]) and ".." not in address:
            return address, match.start(), match.end()
    return None


def _plain_address(words: str) -> str:
    return re.sub(_DOT, ".", re.sub(_AT, "@", words)).replace(" ", "")


def phone(text: Text, ignore: Sequence[Span] = ()) -> tuple[str, int, int] | None:
    """The first possible number in E.164: a leading 0 is Japan, ten digits without 0 North America."""
    for match in _few(_PHONE.finditer(text.plain)):
        if _ignored(match, ignore) or _not_theirs(text.plain, match):
            continue
        if number := _international(match.group()):
            return number, match.start(), match.end()
    return None


def _few(matches: Iterator[re.Match[str]]) -> Iterator[re.Match[str]]:
    for _, match in zip(range(MOST), matches, strict=False):
        yield match


def _international(words: str) -> str | None:
    from phonenumbers import NumberParseException, PhoneNumberFormat, format_number, is_possible_number, parse

    digits = re.sub(r"[^0-9]", "", words)
    abroad = "+" in words or digits.startswith("00")
    written = f"+{digits.removeprefix('00') if '+' not in words else digits}" if abroad else digits
    if "+" in words:
        written = re.sub(r"\(0\)", "", written if "(0)" not in words else "+" + re.sub(r"[^0-9]", "", words.replace("(0)", "")))
    region = None if abroad else "JP" if digits.startswith("0") else "US"
    if not abroad and region == "US" and not (len(digits) == 10 or (len(digits) == 11 and digits[0] == "1")):
        return None
    if region == "JP" and len(digits) not in (10, 11):
        return None
    if re.fullmatch(r"[0-9]{4}[-/.][0-9]{1,2}[-/.][0-9]{1,2}", words.strip()):
        return None
    try:
        number = parse(written, region)
    except NumberParseException:
        return None
    return format_number(number, PhoneNumberFormat.E164) if is_possible_number(number) else None


def _ignored(match: re.Match[str], ignore: Sequence[Span]) -> bool:
    return any(start < match.end() and match.start() < end for start, end in ignore)


def _not_theirs(plain: str, match: re.Match[str]) -> bool:
    head = re.split(r"[。\n、]|,\s|\.\s", plain[max(0, match.start() - 40) : match.start()])[-1]
    return bool(_NOT_THEIRS.search(head)) or bool(_NOT_THEIRS_BEHIND.match(plain, match.end()))
