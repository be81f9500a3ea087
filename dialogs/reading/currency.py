"""The currency of amounts that carry none themselves, where the text says it elsewhere.

40k. Euros.                              EUR
our turnover is €4m, we could spend 30k  EUR
50k. We bill our clients in euros.       none
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from dialogs.reading.found import Span
from dialogs.reading.lexicon import lexicon
from dialogs.reading.terms import Term
from dialogs.reading.text import Text


def currency_named(text: Text, amounts: Sequence[Span]) -> str | None:
    """The currency code that an English text names for these amounts; None where it names none."""
    table = lexicon("money").table("currency")
    for named in table.words.pattern.finditer(text.plain):
        if _is_theirs(text, named, amounts):
            return table[named.group()]
    return None


def _is_theirs(text: Text, named: re.Match[str], amounts: Sequence[Span]) -> bool:
    """Whether it is the currency of a sum, or of what they speak of: "all figures in GBP", not "euro pallets"."""
    plain, start, end = text.plain, named.start(), named.end()
    if not named.group().isalpha():
        return True
    if _WEIGHS.match(plain, start) or _NAMES_A_KIND.match(plain, start) or _is_in_a_name(text, start, end):
        return False
    if _BEHIND_A_SUM.search(plain, max(0, start - 16), start) or _IN_FRONT_OF_A_SUM.match(plain, end):
        return True
    clause = _clause(plain, start, end)
    if end == clause[1] and _SO_THEN.search(plain, clause[0], start):
        return True  # "we're in Germany so euros"
    if any(clause[0] <= amount[0] and amount[1] <= clause[1] for amount in amounts):
        return _OF_OTHERS.search(plain, *clause) is None
    if plain.startswith("?", clause[1]):
        return False  # "dollars or euros?"
    return all(word in _said_of_sums() for word in _WORD.findall(plain, *clause))


def _is_in_a_name(text: Text, start: int, end: int) -> bool:
    """Euro Pallets, Sterling Road"""
    return text.words(start, start + 1).isupper() and _ANOTHER_CAPITAL.match(text.words(end, end + 3)) is not None


def _clause(plain: str, start: int, end: int) -> Span:
    begins = max((mark.end() for mark in _PARTS.finditer(plain, 0, start)), default=0)
    stops = _PARTS.search(plain, end)
    return begins, stops.start() if stops else len(plain)


@cache
def _said_of_sums() -> frozenset[str]:
    words = lexicon("money")
    names = (word for spelling in words.table("currency").words.spellings for word in spelling.split())
    return frozenset((*words.words("said_of_sums", "en").spellings, *names))


_SO_THEN = re.compile(
    r"(?:(?:we|i)(?:'re| are|'m| am)|based|located|hq) [^.;]*(?<![a-z])so (?:it's |that's |in |all in |we use )?$"
)
_ANOTHER_CAPITAL = re.compile(r"\s[A-Z][a-z]")
_WEIGHS = re.compile(
    r"pounds? (?:of|per|each|heavy|weight|a (?:day|week|head))(?![a-z])"
    r"|(?:pound|dollar|euro|yen|rupee) (?:is|was|has been|keeps|being) (?:so |very |too |really |getting )?"
    r"(?:weak|strong|low|high|down|up|falling|dropping|volatile|expensive)(?![a-z])"
)
"""Weight, and the rate of exchange."""
_NAMES_A_KIND = re.compile(
    r"(?:dollar|euro|pound|buck|rand|sterling)[ -](?!budget|budgets|amount|amounts|figure|figures|terms|price|limit"
    r"|cap|total|or|and|is|max|please)[a-z]"
)
"""In front of a noun it is no unit: "dollar store", "a million dollar question", "the euro zone"."""
_BEHIND_A_SUM = re.compile(
    r"(?:[0-9]|[0-9]\s?(?:k|m|mil|bn)|grand|hundred|thousand|million|billion|lakhs?|crores?|couple of|few"
    r"|thousands of)[\s-]?$"
)
_IN_FRONT_OF_A_SUM = re.compile(r"\s?[0-9]")
_PARTS = re.compile(r"[.,;:!?()\n]\s|[.,;!?()\n]$|[()\n]|\s-+\s")
_OF_OTHERS = re.compile(
    r"(?<![a-z])(?:bills?|billing|invoices?|invoicing|sells?|selling|sold|charge|charges|exports?|imports?|trade|trades|earn|earns|paid"
    r"|customers?|clients?|suppliers?|invoices|reports?|handle|handles|support|supports)(?![a-z])"
)
_WORD = re.compile(r"[a-z']+")


def in_their_currency(text: Text, found: Sequence[tuple[Term, bool]]) -> Sequence[tuple[Term, bool]]:
    """「米ドルで5千」, 「5万(ドル)」 and 「初期は500ドル、月5万」 are dollars, 「予算5万、本社とはドルで取引」 yen."""
    if text.language != "ja":
        return found
    if rates := [rate.span() for rate in _RATE_OF_EXCHANGE.finditer(text.plain)]:
        found = [each for each in found if not any(start <= each[0].start < end for start, end in rates)]
    if all(core.currency for core, _ in found):
        return found
    table = lexicon("money").table("currency")
    said = [(match.span(), table[match.group()]) for match in table.words.pattern.finditer(text.plain)]
    if not said:
        return found
    of_another = next((core.currency for core, _ in found if core.currency not in (None, "JPY")), None)
    return [
        (core if core.currency else replace(core, currency=_beside(text.plain, core, said) or of_another), span)
        for core, span in found
    ]


_RATE_OF_EXCHANGE = re.compile(
    r"(?<![0-9.])1(?:米ドル|ドル|ユーロ|ポンド|元|ウォン|豪ドル)(?:は|が|=|、|あたり|につき)?(?:約|だいたい)?[0-9.]+円"
)
"""「1ユーロ160円なので」 is no amount."""


def _beside(plain: str, core: Term, said: Sequence[tuple[tuple[int, int], str]]) -> str | None:
    """The currency that leads to an amount, or stands behind it."""
    for (start, end), currency in said:
        leads = end <= core.start and _LEADS_TO_IT.fullmatch(plain, end, core.start)
        behind = core.end <= start and _BEHIND_IT.fullmatch(plain, core.end, start) and _NOTHING_ELSE.match(plain, end)
        if leads or behind:
            return currency
    return None


_LEADS_TO_IT = re.compile(
    r"(?:建て|だて|ベース|換算|払い)?(?:で(?:の?お?支払(?:い|います)(?:になります|です)?|払います)?|なら|だと|でいうと|で言うと|での?予算(?:です)?)?[、。,:(\s]{0,2}"
    r"(?:ご?予算|費用|金額|初期費用|投資額?)?(?:[はがで:]|として)?\s?"
    r"(?:だいたい|大体|約|およそ|ざっと|上限|下限|最大|最低|最高|月額?|年額?|年間|毎月|月々|総額|合計|せいぜい|たぶん|概ね|おおむね|ざっくり|[はがで、])*\s?"
)
_BEHIND_IT = re.compile(
    r"(?:くらい|ぐらい|ほど|程度|前後|以内|まで|以下|以上)?(?:です|だ|かな|で)?[、。(\s]{0,3}(?:単位は|通貨は)?"
)


_NOTHING_ELSE = re.compile(r"(?:建て|ベース|換算)?(?:で(?:す|お願い|[。、\s]|$)|だ|ね|かな|の予定|[)。、!\s]|$)")
