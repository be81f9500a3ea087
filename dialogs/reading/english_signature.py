"""Who signed an English mail: the name and the firm in the lines at its end.

    Kind regards,                            Claire Dubois, Atelier Nord
    Claire Dubois
    Project Coordinator | Atelier Nord
    claire.dubois@ateliernord.example

    We start in May. Best, Samir             Samir

A block begins behind a word that closes the mail, or, without one, where the last lines are a name and what belongs to
it: a job, an address, a firm.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from dialogs.reading.english_names import HONORIFIC, RUN, Introduced, Looks, firm_words, job, looks, may_be_firm
from dialogs.reading.found import Span

LONGEST_BLOCK = 600
"""Letters at the end of a mail that may be its signature."""
MOST_LINES = 9
LONGEST_LINE = 80
_CLOSING = (
    r"(?i:(?:(?:with\s|my\s)?(?:best|kind|kindest|warm|warmest|many|sincere)\s)?(?:regards|wishes|thanks)(?:\sand\s(?:regards|thanks)|\sin\sadvance|\sagain)?"
    r"|all\sthe\sbest|best|thank\syou(?:\s(?:very|so)\smuch)?|thanks\s?(?:again|so\smuch|a\slot|in\sadvance|and\sregards)?|thx|cheers"
    r"|(?:yours\s)?(?:sincerely|faithfully|truly)(?:\syours)?|yours|respectfully|cordially|warmly|take\scare|talk\ssoon"
    r"|(?:looking\sforward[^\n]{0,40})|br|rgds|kr|mit\sfreundlichen\sgr(?:ü|ue)(?:ß|ss)en|(?:viele|beste|liebe)\sgr(?:ü|ue)(?:ß|ss)e"
    r"|cordialement|(?:bien\s)?à\svous|saludos(?:\scordiales)?|un\ssaludo|atentamente|cordiali\ssaluti|met\svriendelijke\sgroet)"
)
_BEGINS = r"[\n.!?](?:(?<=\n)|(?<!\n)\s)[ \t]*"
_CLOSES_A_LINE = re.compile(rf"{_BEGINS}(?:{_CLOSING}\s?[,.!-]*|--|—)[ \t]*(?=\n)")
_CLOSES = re.compile(rf"{_BEGINS}{_CLOSING}\s?[,-]\s?(?={HONORIFIC}?{RUN})|\n\s?[-~]{{1,2}}\s?(?={RUN}\s*$)")
_GREETED = re.compile(rf"\W*(?i:hi|hello|hey|dear|good\s\w+)\s(?P<name>{RUN})(?=\s?[,!:\n-])")
_NOTHING = re.compile(r"(?i)\s*(?:sent from my|get outlook|p\.?s\.?[ :]|this e-?mail|confidential|www\.|https?:)")
_SENT_FROM = re.compile(r"(?i)\n\s*sent from my [^\n]{1,30}\n")
_REACHED = re.compile(r"@|(?:[0-9][ ().-]{0,2}){7}|(?i:^\W*(?:tel|phone|mobile|cell|fax|e-?mail|m|t|p)\b\s?[:.])")
_APART = re.compile(r"\s*(?:[|•·;,(](?!\s?(?:Inc|LLC|Ltd|GmbH|Corp|KK|SA|BV|AG)\b)|\s[-/]{1,2}(?=\s)|\n)\s*")
_DEGREE = re.compile(r"[A-Z]{2,5}|Ph\.?D|B\.?Sc|M\.?Sc|Dipl.*")
_OFFICE = re.compile(r"(?i)(?:department|dept|division|faculty|office|team|school of|head of)\b")
_SENTENCE = re.compile(r"[.!?:]\s*$|[.!?]\s+[A-Z]")


_NAME_ALONE = re.compile(r"[.!?]\s(?P<name>[A-Z][a-z]{2,})[\s.]*$")
"""Could someone ring me on +61 412 555 019? Jodie"""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Part:
    start: int
    end: int
    first: bool
    """Whether a line begins with it."""


def signed(written: str, end: int) -> Introduced | None:
    """Who signed what was written up to `end`; None for a text that is no mail, or whose end names nobody."""
    if alone := _NAME_ALONE.search(written, max(0, end - 32), end):
        last = Introduced(person=alone.span("name"))
        if (
            end > LONGEST_LINE
            and alone["name"].lower() in firm_words("given", "reached")
            and not _is_greeted(written, last)
        ):
            return last
    for begins, closed in _blocks(written, end):
        who = _who(written, begins, end, closed=closed)
        if who and not _is_greeted(written, who):
            return who
    return None


def department_of(written: str, name: str) -> Span | None:
    """Where the line below the signed name says in which department they work: "Purchasing, Mirabel Cosmetics SAS"."""
    at = written.rfind(f"\n{name}")
    below = _BELOW_THE_NAME.match(written, at + 1 + len(name)) if at >= 0 else None
    named = below and below["place"].lower().removesuffix(" team").removesuffix(" department")
    return below.span("place") if below and named in firm_words("department") else None


_BELOW_THE_NAME = re.compile(r"[ ,]*\n(?P<place>[A-Z][A-Za-z& ]{1,30}?)(?=\s?(?:[,|\n]|$|\s[-/]\s))")


def _blocks(written: str, end: int) -> Iterator[tuple[int, bool]]:
    """Where the signature may begin, and whether a closing word stands in front."""
    floor = max(0, end - LONGEST_BLOCK)
    for closing in (_CLOSES_A_LINE, _CLOSES):
        closings = [*closing.finditer(written, floor, end)]
        if closings and closings[-1].start() > 0:
            yield closings[-1].end(), True
    if sent := _SENT_FROM.search(written, floor, end):
        yield sent.end(), False
    blank = written.rfind("\n\n", floor, len(written[:end].rstrip()))
    if blank > 0:
        yield blank + 2, False
    elif end < LONGEST_LINE * 3 and "\n" in written[:end]:
        yield 0, False


def _who(written: str, start: int, end: int, *, closed: bool) -> Introduced | None:
    parts = [*_parts(written, start, end)]
    if not parts or len(parts) > MOST_LINES:
        return None
    name = re.compile(rf"{HONORIFIC}?(?P<name>{RUN})\W{{0,2}}$").match(written, parts[0].start, parts[0].end)
    if name is None:
        return _small_name(written, parts) if closed else None
    seems = looks(name["name"])
    if seems in (Looks.FIRM, Looks.NEITHER) or "bantline" in written[start:end].lower():
        return None
    told, firms = False, []
    for part in parts[1:]:
        words = written[part.start : part.end]
        if re.fullmatch(job(), words) or _REACHED.search(words):
            told = True
        elif not _OFFICE.match(words) and (span := _firm(written, part)):
            firms.append(span)
    known = (span for span in firms if looks(written[slice(*span)]) is Looks.FIRM)
    firm = next(known, firms[0] if firms else None)
    if closed or (told and len(parts) > 1) or (firm and looks(written[slice(*firm)]) is Looks.FIRM):
        return Introduced(person=name.span("name"), firm=firm)
    return None


def _parts(written: str, start: int, end: int) -> Iterator[_Part]:
    """The lines of the block, cut at the signs between a job and a firm; none when one of them is a sentence."""
    at = start
    for line in written[start:end].split("\n"):
        if line.strip() and not _NOTHING.match(line):
            if len(line) > LONGEST_LINE and line.count("|") < 2:
                return
            yield from _cut(written, at, at + len(line))
        at += len(line) + 1


def _cut(written: str, start: int, end: int) -> Iterator[_Part]:
    first = True
    start += len(written[start:end]) - len(written[start:end].lstrip())
    for apart in _APART.finditer(written, start, end):
        if apart.start() > start:
            yield _Part(start=start, end=apart.start(), first=first)
        start, first = apart.end(), False
    if start < end:
        yield _Part(start=start, end=end, first=first)


def _firm(written: str, part: _Part) -> Span | None:
    found = re.compile(rf"(?:(?:at|@|for)\s)?(?P<name>{RUN})\W{{0,2}}$").match(written, part.start, part.end)
    if found is None or _DEGREE.fullmatch(found["name"]) or not may_be_firm(found["name"]):
        return None
    return found.span("name")


def _small_name(written: str, parts: list[_Part]) -> Introduced | None:
    """thanks!\\njoanna"""
    first = parts[0]
    name = written[first.start : first.end].strip(" .!")
    known = len(parts) == 1 and name.isalpha() and name in firm_words("given", "reached")
    return Introduced(person=(first.start, first.start + len(name))) if known else None


def _is_greeted(written: str, who: Introduced) -> bool:
    """ "Hi Sam, ... Thanks, Sam" thanks the one who is greeted."""
    greeted = _GREETED.match(written)
    return bool(greeted and who.person and written[slice(*who.person)].startswith(greeted["name"]))
