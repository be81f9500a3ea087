"""Who may be the same person: names and numbers brought into one spelling, so that widths and kana do not matter.

ｱｻﾋ製作所(株) 佐藤 健一  ==  株式会社アサヒ製作所 佐藤健一        Asahi Tools, Inc. == ASAHI TOOLS
"""

import re
import unicodedata
from typing import NamedTuple

_TO_KATAKANA = {code: code + 0x60 for code in range(0x3041, 0x3097)}
_HIRAGANA = re.compile("[\u3041-\u3096]")
_LEGAL_FORMS = re.compile(
    r"株式会社|有限会社|合同会社|合資会社|合名会社|(?:一般|公益)?(?:社団|財団)法人|\((?:株|有|同|合|資|名)\)"
    r"|[\s,.]+(?:incorporated|inc|corporation|corp|company|co|limited|ltd|llc|llp|lp|plc|gmbh|ag|kk|pty|bv|sa|srl)\b"
    r"|\bk\.k\."
)
_TITLES = re.compile(r"(?:サン|様|氏|殿)$|^(?:mr|mrs|ms|miss|dr|prof)\b\.?\s*")
_NO_LETTER = re.compile(r"[^\w]|_")


def same_spelling(text: str) -> str:
    """One width, one case, one kana, no spaces or marks: what remains is what was meant."""
    return _NO_LETTER.sub("", _one_width(text))


def _one_width(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).casefold().strip()
    return plain.translate(_TO_KATAKANA) if _HIRAGANA.search(plain) else plain


def company_key(name: str) -> str:
    """The company without its legal form, before or after the name."""
    return same_spelling(_LEGAL_FORMS.sub(" ", " " + _one_width(name) + " "))


def person_key(name: str) -> str:
    """The person without title; "Sato Kenichi" and "Kenichi Sato" are one, for nobody knows which was the family."""
    plain = _TITLES.sub("", _one_width(name))
    return (
        "".join(sorted(part for word in plain.split() if (part := same_spelling(word))))
        if plain.isascii()
        else (same_spelling(plain))
    )


class Folded(NamedTuple):
    """Names as a search looks for their beginnings; `family` is the last word of a name in Latin letters."""

    company: str | None = None
    person: str | None = None
    family: str | None = None


def folded(company: str | None, person: str | None) -> Folded:
    """Firm and person in one spelling, without legal form and title; None for what nobody knows."""
    plain = _TITLES.sub("", _one_width(person or ""))
    words = plain.split() if plain.isascii() else []
    family = same_spelling(words[-1]) if len(words) > 1 else ""
    return Folded(company_key(company or "") or None, same_spelling(plain) or None, family or None)


def name_key(company: str | None, person: str | None) -> str | None:
    """The key of this person at this company; None unless both are known, for one name alone is many people."""
    if not company or not person:
        return None
    firm, somebody = company_key(company), person_key(person)
    return f"{firm}|{somebody}" if firm and somebody else None
