"""The name of the speaker's company, as written.

アクメの山田です                       アクメ
I'm Grace, CFO at Windmill Foods    Windmill Foods
"""

import re
from functools import cache
from itertools import islice

from dialogs.reading import note_head
from dialogs.reading.believed_firms import may_be_company
from dialogs.reading.clarity import Ignored, overlaps
from dialogs.reading.english_firms import ENGLISH_FIRMS
from dialogs.reading.firm_in_front import owner_in_front
from dialogs.reading.firm_rule import FirmRule
from dialogs.reading.firm_words import CAME_FROM, EN_JOB, ends_of_businesses, firm_corrected
from dialogs.reading.found import FAIR, GUESSED, SURE, Language, Part
from dialogs.reading.introductions import introductions
from dialogs.reading.japanese_firms import JAPANESE_FIRMS
from dialogs.reading.japanese_names import is_listed
from dialogs.reading.text import MOST, Text, cased
from qualification.bant import Topic


def _may_stand(rule: FirmRule, plain: str) -> bool:
    behind = rule.behind_business
    return behind is None or any(behind.match(plain, end) for end in ends_of_businesses(plain))


@cache
def _rules(language: Language, asked: Topic | None) -> tuple[FirmRule, ...]:
    rules = JAPANESE_FIRMS if language == "ja" else ENGLISH_FIRMS
    return tuple(rule for rule in rules if rule.topics is None or asked in rule.topics)


def firm_name(text: Text, asked: Topic | None, ignore: Ignored) -> Part | None:
    """The first name that is their company's."""
    written = cased(text)
    if (corrected := firm_corrected(written)) and not overlaps(*corrected, ignore):
        start, end = corrected
        return Part(value=written[start:end], start=start, end=end, certainty=FAIR)
    for start, end in note_head.firms(text.language, written, asked):
        start = owner_in_front(written, start)
        if _is_ours(text, start, end, ignore):
            return Part(value=written[start:end], start=start, end=end, certainty=FAIR)
    for who in introductions(text, asked):
        if who.firm and _is_ours(text, *who.firm, ignore):
            start, end = who.firm
            end += bool(_DOTTED_FORM.search(written, start, end)) and written.startswith(".", end)
            return Part(value=written[start:end], start=start, end=end, certainty=FAIR)
    for rule in _rules(text.language, asked):
        if rule.letters.look.finds(text.plain) and _may_stand(rule, text.plain):
            for match in islice(rule.letters.named_in(written, text.plain), MOST):
                if named := _named(text, match, rule.certainty, ignore):
                    return named
    return None


_DOTTED_FORM = re.compile(r"(?i)\s(?:sp\.\s?z\s?o\.\s?o|s\.r\.(?:l|o)|d\.o\.o|a\.s|s\.p\.a|s\.a|b\.v|n\.v)$")
"""Behind them the last dot is of the name: S.r.l."""
_NO_ABBREVIATION = re.compile(r"(?:LLP|LLC|PLC|plc|GmbH|AG)\.$")
"""Behind them stands no full stop but that of the sentence."""
_GREETS = re.compile(r"(?:hello|hi|hey|this is|i'm|i am|good morning|good afternoon)[,!]?\s$")


_SOFT_PERSON = re.compile(r"(?<=..)の([\u4e00-\u9fff々]{1,3})\s?[ぁ-ん]{2,4}$")
_CAME = re.compile(rf"{CAME_FROM}$")
_A_JOB = re.compile(rf"\s?[,(]\s?(?:the\s|an?\s)?{EN_JOB}")


def _named(text: Text, match: re.Match[str], certainty: float, ignore: Ignored) -> Part | None:
    start, end = match.span("name")
    value = match["name"].strip(" -,")
    if _NO_ABBREVIATION.search(value):
        value, end = value[:-1], end - 1
    if " of " in value and _GREETS.search(text.plain, 0, start):
        value = value.partition(" of ")[2]  # "hello, Erin Walsh of Toa Linen Inc. here"
        start = end - len(value)
    if text.language == "ja" and (person := _SOFT_PERSON.search(value)) and is_listed(person[1]):
        value, end = value[: person.start()], end - len(person.group())  # 株式会社グリーンテックの田中ゆい
    if _CAME.search(text.plain, max(0, start - 24), start) and _A_JOB.match(text.plain, end):
        return None  # "enquiry from Lisa Brandt (owner)" names a person
    if not _is_ours(text, start, end, ignore):
        return None
    if certainty == SURE or may_be_company(value, text, guessed=certainty == GUESSED):
        return Part(value=value, start=start, end=end, certainty=certainty)
    return None


def _is_ours(text: Text, start: int, end: int, ignore: Ignored) -> bool:
    if overlaps(start, end, ignore) or text.plain.startswith(_OUR_OWN, start) or _NO_LONGER.match(text.plain, end):
        return False
    return _NOT_OURS.search(text.plain, max(0, start - 48), start) is None


_OUR_OWN = "bantline"
_NO_LONGER = re.compile(r"(?:じゃ|では|で)なく(?:て)?、?\s?[^\s。、はが]{2,}")
"""「株式会社ミナミではなく株式会社ミナミホールディングスです」"""


_NOT_OURS = re.compile(
    r"(?:競合|他社|御社|貴社|取引先|親会社|competitor|compete with|supplier|using|vendor|parent company|store|set)"
    r"\s?(?:の|は|is|like|company\s?=)?\s?$"
    r"|(?:heard|learned|read|recommended|referred|switch|switched|switching|moving|moved|migrating|migrated|quote|offer|invoice)"
    r"\b[^.\n]{0,16}\sfrom\s$"
    r"|(?:introduced|referred|referral|recommended) by [^.\n]{1,24}\s(?:from|at|of)\s$"
    r"|(?:approver|decision[ -]maker|decider|signatory)\s?:[^.\n]{1,30}\s(?:of|at)\s$"
)
