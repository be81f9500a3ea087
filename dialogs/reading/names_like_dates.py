"""Names of people and firms with the word of a date or of a sum in them: there it is neither.

June Marsh, 555-0147          a person, nothing of June
Blue Monday Records           a firm, nothing of Monday
April decides                 who approves
百万石食品の三日月です           a firm and a person
"""

import re

from dialogs.reading.english_names import Looks, firm_words, looks
from dialogs.reading.firm_in_front import KNOWN_AS_A_FIRM
from dialogs.reading.found import FAIR, Found, Span
from dialogs.reading.japanese_names import is_listed
from dialogs.reading.text import Text, cased
from qualification.bant import Authority, Company, Contact, Topic

MONTHS = frozenset({
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
})  # fmt: skip
_MONTH_OR_DAY = (
    rf"(?:{'|'.join(sorted(MONTHS))}"
    r"|monday|tuesday|wednesday|thursday|friday|saturday|sunday|spring|summer|autumn|fall|winter|christmas|easter)"
)
_NUMBER = (
    r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|sixty|hundred"
    r"|thousand|million|grand|half|quarters?|first|second|third)"
)
_DATE_OR_SUM = re.compile(rf"(?<![a-z])(?:{_MONTH_OR_DAY}|{_NUMBER})(?![a-z])")
_ENDS_WITH_ONE = re.compile(rf"(?<![a-z]){_MONTH_OR_DAY}$")
_FIRST_WORD = re.compile(rf"{_MONTH_OR_DAY}(?![a-z])")
_OF_A_COLLEAGUE = re.compile(
    r"(?<![a-z])(?:ask|tell|e-?mail|ring|contact|(?:speak|talk) (?:to|with)|check with) "
    rf"(?P<who>{_MONTH_OR_DAY})(?![a-z]|\s[0-9])"
    rf"|(?<![a-z])(?P<whom>{_MONTH_OR_DAY}) (?:in|from|over in) (?:the )?"
    r"(?:accounts|finance|hr|purchasing|procurement|sales|marketing|admin|payroll|legal|head office)(?![a-z]| season)"
)
"""Ask June, April in accounts"""
_COUNTS_ON = re.compile(r"(?:st|nd|rd|th)?\s?[0-9]|\s(?:the\s|at\s)?[0-9]")


def names_like_dates(
    own: Text,
    company: Found[Company] | None,
    contact: Found[Contact] | None,
    who: Found[Authority] | None,
    asked: Topic | None,
) -> list[Span]:
    """Where names with such a word stand, so that no other rule reads them."""
    if own.language == "ja":
        return [place for place in names_told(own, company, contact) if _JAPANESE_DATE_OR_SUM.search(own.plain, *place)]
    written = cased(own)
    named = [name for name in (_person(contact, asked), _firm(company), _approver(who)) if name]
    places = [(start, start + len(name)) for name in named if (start := written.find(name)) >= 0]
    places += _address(own, contact)
    if asked is Topic.TIMEFRAME:
        places += _colleagues(own.plain, written)
    return [(start, end) for start, end in places if not behind_a_month(own.plain, end)]


def names_told(own: Text, company: Found[Company] | None, contact: Found[Contact] | None) -> list[Span]:
    """Where the names of a Japanese firm and person stand, which tell of no problem: 「ムラタ電機」 of no ムラ."""
    if own.language != "ja":
        return []
    told = company is not None and (company.certainty >= FAIR or KNOWN_AS_A_FIRM.search(company.value.name or ""))
    firm_name = company.value.name if company and told else None
    person = contact.value.name if contact else None
    if contact and person and contact.certainty < FAIR and not is_listed(person.partition(" ")[0]):
        person = None
    written = cased(own)
    places = ((written.find(name), len(name)) for name in (firm_name, person) if name)
    return [(start, start + length) for start, length in places if start >= 0]


_JAPANESE_DATE_OR_SUM = re.compile("[一二三四五六七八九十百千万億兆月日年春夏秋冬]|あす|ドル|まん|おく")
"""あすか工業, 三日月, 百万石食品"""


def _colleagues(plain: str, written: str) -> list[Span]:
    """ "You'd need to ask June", "April in accounts would know": with a capital."""
    found = (match.span(str(match.lastgroup)) for match in _OF_A_COLLEAGUE.finditer(plain))
    return [(start, end) for start, end in found if written[start].isupper()]


def _address(own: Text, contact: Found[Contact] | None) -> list[Span]:
    """june.marsh@example.org"""
    user = contact.value.email.partition("@")[0] if contact and contact.value.email else ""
    start = own.plain.rfind(user) if user and _DATE_OR_SUM.search(user) else -1
    return [(start, start + len(user))] if start >= 0 else []


def behind_a_month(plain: str, end: int) -> bool:
    """Whether the word that ends here is a month with its day behind it: "Met Anna May 4"."""
    return _COUNTS_ON.match(plain, end) is not None and _ENDS_WITH_ONE.search(plain, max(0, end - 10), end) is not None


def _person(contact: Found[Contact] | None, asked: Topic | None) -> str | None:
    """A single word is a name where a name was asked for, or in a call note: "Spoke to April"."""
    name = contact.value.name if contact else None
    if name is None or not _DATE_OR_SUM.search(name.lower()):
        return None
    return name if " " in name or asked in (Topic.CONTACT, None) else None


def begins_with_a_date(name: str) -> bool:
    """Whether it is a firm that is called so: March Hare Cafe, September Films."""
    words = name.split()
    capitals = all(word[0].isupper() or word in ("and", "of", "the", "&") for word in words)
    return (
        len(words) > 1
        and capitals
        and _FIRST_WORD.match(name.lower()) is not None
        and words[-1].lower() in firm_words("ends_a_firm")
    )


def _firm(company: Found[Company] | None) -> str | None:
    name = company.value.name if company else None
    if company is None or name is None or not _DATE_OR_SUM.search(name.lower()):
        return None
    return name if company.certainty >= FAIR or begins_with_a_date(name) or looks(name.title()) is Looks.FIRM else None


def _approver(who: Found[Authority] | None) -> str | None:
    approver = who.value.approver if who else None
    return approver if approver and approver[0].isupper() and _FIRST_WORD.match(approver.lower()) else None
