"""E-mail addresses and telephone numbers that are the speaker's own.

anna (at) example.org, sales at acme dot com    anna@example.org, sales@acme.com
03-9876-5432, (415) 555-0132                    +81398765432, +14155550132
I already wrote to support@vendor.example       nothing: that is not theirs
"""

import re
from collections.abc import Sequence
from functools import cache
from itertools import islice

from dialogs.reading.clarity import Ignored, overlaps
from dialogs.reading.found import SURE, Language, Part
from dialogs.reading.lexicon import lexicon
from dialogs.reading.places import shows_any
from dialogs.reading.sought import sought
from dialogs.reading.text import MOST, Text

# E-mail

_DOT = r"(?:\.|\s?[(\[{]dot[)\]}]\s?|\sdot\s|\s?(?:ドット|どっと)\s?)"
_STARS = "★☆●■◎◆"
_AT = (
    r"(?:\s?@\s?|\s?[(\[{<「『【](?:at|a|@|アットマーク|アット|あっとまーく|あっと|[★☆●■◎◆])[)\]}>」』】]\s?|\sat\s"
    rf"|\s?(?:アットマーク|アット|あっとまーく|あっと)\s?|(?<=[a-z0-9])(?:[{_STARS}]|_at_|-at-)(?=[a-z0-9]))"
)
_SPELLED = (
    r"(?:\s(?:dot|dash|hyphen|underscore)\s|\s?[(\[{](?:dot|dash|hyphen|underscore)[)\]}]\s?"
    r"|\s?(?:ドット|ハイフン|アンダーバー|アンダースコア)\s?)"
)
_SPELLED_SIGN = re.compile(_SPELLED)
_SIGNS = {"dot": ".", "ドット": ".", "dash": "-", "hyphen": "-", "ハイフン": "-"}
"""How people spell a sign in words; any other word is an underscore."""
_EMAIL = sought(
    rf"(?<![a-z0-9._%+'-])(?P<local>[a-z0-9][a-z0-9._%+'-]{{0,63}}(?:{_SPELLED}[a-z0-9]{{1,30}}){{0,3}})(?P<at>{_AT})"
    rf"(?P<domain>[a-z0-9][a-z0-9-]{{0,62}}(?:{_DOT}[a-z0-9][a-z0-9-]{{0,62}}){{0,8}}{_DOT}[a-z]{{2,24}})(?![a-z0-9@])"
)


_MAY_HOLD_A_DOMAIN = re.compile(rf"[@t)\]}}>」』】トクとく{_STARS}_-]\s?[a-z0-9][a-z0-9-]{{0,62}}{_DOT}[a-z0-9]")
"""Behind a sign or a word for "at": most texts that say "at" name a place."""
_SIGNS_OF_AT = ("@", " at ", "(at", "[at", "{at", "<at", "(a)", "[a]", "_at_", "-at-", "アット", "あっと", *_STARS)


def email(text: Text, ignore: Ignored) -> Part | None:
    """The first address that is theirs."""
    plain = text.plain
    if not (shows_any(plain, _SIGNS_OF_AT) and _MAY_HOLD_A_DOMAIN.search(plain)):
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


# Telephone

_PHONE = re.compile(r"(?<![0-9a-z@.,$€£¥+_-])[+(]{0,2}[0-9](?:[ ().・/ー-]{0,3}[0-9]){8,16}(?![0-9a-z@%円万億名人])")
_NINE_FIGURES = re.compile(r"[0-9](?:[ ().・/ー-]{0,3}[0-9]){8}")
_NORTH_AMERICAN = re.compile(r"(?:1[ .-]*)?\(?[2-9][0-9]{2}\)?[ .-]*[0-9]{3}[ .-]*[0-9]{4}")
_WITHOUT_ITS_ZERO = re.compile(r"\(?[5789]0\)?[ .・ー-]{0,3}[0-9]{4}[ .・ー-]{0,3}[0-9]{4}")
"""A Japanese mobile number behind a spreadsheet, which takes it for a number: 9012345678; 907-555-0147 is Alaska."""
_COUNTRY_OF_ZERO = "JP"
_COUNTRY_OF_TEN = "US"
_WITH_ITS_COUNTRY = 11
"""So many figures behind a known country are a number, whatever its plan says: +234 1 555 0123 is still Lagos."""


def phone(text: Text, ignore: Ignored) -> Part | None:
    """The first number that is theirs and can be a telephone number."""
    if not _NINE_FIGURES.search(text.plain):
        return None
    found: list[Part] = []
    for match in islice(_PHONE.finditer(text.plain), MOST):
        start, end = match.span()
        if overlaps(start, end, ignore) or not _theirs(text, start, end):
            continue
        if number := _international(match.group(), text.language):
            found.append(Part(value=number, start=start, end=end, certainty=SURE))
    # "020 7946 0123, so +44 20 7946 0123 for you": with its country it is sure
    abroad = [part for part in found if text.plain[part.start : part.end].lstrip("(").startswith("+")]
    return _nearest_to_them(text, abroad or found)


def _nearest_to_them(text: Text, numbers: Sequence[Part]) -> Part | None:
    """ "The front desk is on 415-555-0100, my cell is 415-555-0132": of several the one they call their own."""
    if len(numbers) > 1 and text.language == "en":
        ahead = [text.plain[max(0, part.start - 32) : part.start] for part in numbers]
        own = [part for part, words in zip(numbers, ahead, strict=True) if _MINE.search(words)]
        not_of_a_desk = [part for part, words in zip(numbers, ahead, strict=True) if not _OF_A_DESK.search(words)]
        numbers = own or not_of_a_desk or numbers
    return numbers[0] if numbers else None


_MINE = re.compile(
    r"(?<![a-z])(?:(?:i'm|im|i am)(?: on| at)?|mine(?:'s| is)?"
    r"|my (?:own|cell|mobile|direct|personal)(?: (?:line|number|phone))?(?:'s| is| on)?"
    r"|(?:reach|get|call|ring|text|try) me (?:on|at|direct on))\s?:?\s?$"
)
_OF_A_DESK = re.compile(
    r"(?<![a-z])(?:help ?desk|(?:front|service|support|info) ?desk|support|switchboard|reception|help ?line|hotline"
    r"|call cent(?:er|re)|fax)(?: (?:number|line|team))?(?:'s| is| are)?(?: on| at)?\s?:?\s?$"
)


def _international(written: str, language: Language) -> str | None:
    """E.164: a leading 0 is Japan, ten digits without it North America, or a mobile of a Japanese list."""
    digits = re.sub(r"[^0-9]", "", written)
    if written.lstrip("(").startswith("+"):
        region = None
    elif digits.startswith("00"):
        region, digits = None, digits[2:]  # how much of the world dials abroad
    elif digits.startswith("0") or (language == "ja" and _WITHOUT_ITS_ZERO.fullmatch(written)):
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
    written_whole = region is None and len(digits) >= _WITH_ITS_COUNTRY
    if not (phonenumbers.is_possible_number(number) or written_whole):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


# Whose it is


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
