"""The budget in a text: which of the amounts is theirs to spend, and what it is when there are several.

他社さんの見積は900万でした。こっちは700万しかないです     -> 7,000,000 yen
200万、最大でも300万                                -> 2,000,000 to 3,000,000 yen
no budget yet                                    -> undecided
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from dialogs.reading import clauses
from dialogs.reading.amounts import COUNTED_PERIODS, Amount, Mark, amounts
from dialogs.reading.clarity import Ignored, overlaps, unclear
from dialogs.reading.currency import currency_named
from dialogs.reading.found import FAIR, GUESSED, SURE, Found
from dialogs.reading.lexicon import lexicon
from dialogs.reading.text import Text
from qualification.bant import Budget, Clarity, Period, Sum, Topic

# SURE: a stated amount; FAIR: one we had to choose, or that is open; GUESSED: the unit is ours (500 for 500万円)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Offer:
    """An amount with the words around it: `ahead` up to the amount in front, `behind` up to the next one."""

    amount: Amount
    ahead: tuple[int, int]
    behind: tuple[int, int]


def find(
    text: Text, *, asked: Topic | None = None, today: date | None = None, ignore: Ignored = ()
) -> Found[Budget] | None:
    """The budget a text states, or that it is undecided or none; None when it says nothing about it.

    `ignore` are spans of `plain` that are not the person's own statement (a question, an instruction to the bot).
    """
    text = _without_ish(text)
    offers = _offers(text, asked, ignore)
    if chosen := _choose(text, offers):
        return chosen
    if ("半" in text.plain or "half" in text.plain) and (half := _half_of_that(text, asked, ignore)):
        return half
    if found := unclear(text, "budget", asked=asked, ignore=ignore):
        certainty = SURE if found.rule.startswith("budget") else FAIR
        value = Budget(clarity=found.clarity)
        return text.fact(value, found.start, found.end, certainty=certainty, rule=f"budget.{found.rule}")
    return None


def _without_ish(text: Text) -> Text:
    """ "20kish" is about 20k."""
    if text.language != "en" or "ish" not in text.plain:
        return text
    return replace(text, plain=_GLUED_ISH.sub(r"\1   ", text.plain))


_GLUED_ISH = re.compile(r"(?<=[0-9])(k|m)ish(?![a-z])")


# Whose money


def _offers(text: Text, asked: Topic | None, ignore: Ignored) -> list[_Offer]:
    """The amounts that are theirs to spend. Everything else (revenue, quotes, what they pay today) is left out."""
    found = amounts(text, bare_numbers=asked is Topic.BUDGET)
    if not found or lexicon("money").pattern("other_sentence", text.language).search(text.plain):
        return []
    offers = [_below_that(text, _offer(text, found, at)) for at in range(len(found))]
    return [
        offer
        for offer in offers
        if not overlaps(*offer.amount.core, ignore) and Mark.DENIED not in offer.amount.marks and _theirs(text, offer)
    ]


def _offer(text: Text, found: Sequence[Amount], at: int) -> _Offer:
    amount = found[at]
    floor = found[at - 1].end if at else 0
    ceiling = found[at + 1].start if at + 1 < len(found) else len(text.plain)
    ahead = clauses.before(text.plain, text.language, amount.core[0], floor=floor)
    behind = clauses.after(text.plain, text.language, max(amount.end, amount.core[1]), ceiling=ceiling)
    return _Offer(amount=amount, ahead=(ahead, amount.core[0]), behind=(amount.core[1], behind))


_NEXT_CLAUSE = 24


def _below_that(text: Text, offer: _Offer) -> _Offer:
    """「今の契約が年120万なので、それより安ければ」: what they pay today becomes the most they would pay.

    「他社は年240万なので、うちも同じくらいを」 makes it theirs.
    """
    start = offer.amount.core[1]
    pattern = lexicon("money").pattern("below_that", text.language)
    if pattern.search(text.plain, start, min(len(text.plain), start + _NEXT_CLAUSE + (text.language == "en") * 28)):
        marks = offer.amount.marks - {Mark.EARLIER, Mark.LOWER} | {Mark.UPPER, Mark.OWN}
        return replace(offer, amount=replace(offer.amount, marks=marks))
    if lexicon("money").pattern("same_as_that", text.language).search(text.plain, start, start + 2 * _NEXT_CLAUSE):
        return replace(offer, amount=replace(offer.amount, marks=offer.amount.marks | {Mark.OWN}))
    return offer


def _theirs(text: Text, offer: _Offer) -> bool:
    if Mark.OWN in offer.amount.marks:
        return True
    words, language, plain = lexicon("money"), text.language, text.plain
    if words.pattern("past", language).search(plain, *offer.ahead):
        begin, end = offer.behind
        if words.pattern("still_there", language).search(plain, begin, min(end, begin + 24)):
            return not (_EARNED.search(plain, *offer.ahead) or _OPEN_NOW.search(plain, begin, begin + 40))
        spent = words.pattern("other_after", language).match(plain, offer.amount.end)
        return spent is None and words.pattern("as_before", language).search(plain, *offer.ahead) is not None
    other = _last(_others(text, offer))
    if language == "en" and not _TO_SPEND_ALL_THE_SAME.match(plain, offer.amount.core[1]):
        other = max(other, _last(_PAID_OR_EARNED.finditer(plain, *offer.ahead)))
        if offer.amount.low >= _OF_OTHERS and _is_managed(plain, offer):
            return False
    label = _last(words.pattern("label", language).finditer(plain, *offer.ahead))
    if _is_paid_now(text, offer) and label < 0:
        return False
    if other > 0 and other >= label:
        return False  # "our current spend" is no budget, although "spend" alone may be
    begin, end = offer.behind
    end = min(end, begin + 40)
    if language == "ja" and (field := _NEXT_LABEL.search(plain, begin, end)):
        end = field.start()  # 「B：300万\nA：部長決裁」
    foreign = words.pattern("other_after", language).search(plain, begin, end)
    if foreign and (_was_told_own_limit(text, offer, foreign) or _says_who_decides(plain, offer, foreign)):
        return True
    own = words.pattern("own_after", language).search(plain, begin, end)
    if foreign and own is None and language == "en":
        own = _GRANTED_STILL.search(plain, begin, begin + 60)
    return foreign is None or (own is not None and own.start() <= foreign.start())


_EARNED = re.compile("売り?上げ?|年商|月商|利益|粗利|補助金|融資")
_OPEN_NOW = re.compile(
    r"(?:今年度?|今期|今回|今度|来年度?|来期|次)(?:の予算|の分|分)?[はがも](?:まだ|まったく|全く|全然)?"
    r"(?:未定|わから|分から|決ま(?:ら|って(?:い)?(?:な|ま))|不明|白紙|これから|読めな|何とも|なんとも|どうな)"
)
"""「去年は300万で承認されたが今年は未定」: what was granted then is not granted now."""


def _is_paid_now(text: Text, offer: _Offer) -> bool:
    """「現状、月80万」, but not 「現状、300万くらいで考えています」"""
    return (
        Mark.UPPER not in offer.amount.marks
        and text.plain.endswith(_PAID_NOW, 0, offer.ahead[0])
        and _MEANT.match(text.plain, offer.amount.core[1]) is None
    )


_PAID_NOW = ("現状、", "現行、")
_PAID_OR_EARNED = re.compile(
    r"(?<![a-z])(?:(?:set|sets|setting|knocks|knocked) us back|(?:bill|invoice)(?:s|d|ed|ing)? us"
    r"|(?:company|business|firm|group|organi[sz]ation|practice|shop)"
    r" (?:(?:does|did)(?! (?:pay|spend|have|want|allow|set))"
    r"|makes|made|grosses|grossed|earns|earned)"
    r"|we (?:did|raised))(?![a-z])"
)
"""The tool sets us back 1200 a year; the firm makes 5m"""


def _is_managed(plain: str, offer: _Offer) -> bool:
    """ "A PE shop managing $400m", but not "I handle a 2m budget"."""
    return _MANAGED.search(plain, *offer.ahead) is not None and not plain.startswith(" budget", offer.amount.core[1])


_OF_OTHERS = 1_000_000
_MANAGED = re.compile(
    r"(?<![a-z])(?:(?:manag|oversee|administer|process|handl|insur|lend)(?:e|es|s|ing)?|look(?:s|ing)? after"
    r"|(?:our|the) (?:fund|portfolio|loan book|book|balance sheet)(?: size)? (?:is|=|:))"
    r" (?:about |around |over |roughly |nearly |almost |some |up to |more than |an? )?$"
)
_TO_SPEND_ALL_THE_SAME = re.compile(
    r"[^.;!?\n]{0,12}(?: (?:available|free)(?![a-z])|(?:and|but|so|which)(?: that's| it's| that is| is|'s| would be)"
    r" (?:still |about |perfectly |quite )?"
    r"(?:(?:our|my|the|a hard) (?:limit|max|maximum|cap|ceiling|budget)|fine|ok|okay|all right|alright|doable"
    r"|acceptable|affordable|within budget))"
)
"""The practice makes 20k available; they bill us 3k a month and that's our limit"""
_GRANTED_STILL = re.compile(
    r"(?<![a-z])(?:(?:approved|agreed|signed off|granted|allocated|budgeted) last year and (?:(?:it|it's|that"
    r"|that's) )?(?:is )?still"
    r"|(?:left|carried|rolled) (?:over|forward) from last year"
    r"|last year,? (?:(?:and|so|it's|probably|likely) )?(?:the )?same (?:again|this year|for this year"
    r"|amount))(?![a-z])"
)
"""20k was approved last year and is still there"""
_NEXT_LABEL = re.compile(r"[\s/|、【][^\s:、。】]{1,8}[:】]")
_AT_PRESENT = frozenset({"今は", "いまは", "現状", "現在は", "現在"})
_MEANT_FOR_IT = re.compile("確保|出せ|使え|用意|想定|考え|取って|取れて|もらえ|いただけ|もらって")
_MEANT = re.compile(
    r"(?:円|くらい|ぐらい|ほど|程度|前後)?[をでのはが]?(?:想定|予定|確保|検討|考え|用意|見込|申請|計上|出せ|使え|残って|枠|予算)"
)
"""「現状確保できているのは80万」, 「現在80万を想定」 is no price they pay today."""
_IS_THE_BUDGET = re.compile("予算(?:枠|額|感)?[はが]?$")
"""「予算は現在300万円です」"""
_UNLESS_A_LIMIT = _AT_PRESENT | {"1人", "一人", "1名", "一名"}
_WAS_ONCE = re.compile(r"(?:当初|最初は|もともと|元々|元の予算)[^。]{0,24}、$")
"""「当初600万、今は400万」"""
_UNLIKE_BEFORE = ("けど", "けど、", "けれど", "けれど、", "たが", "たが、", "すが", "すが、")
"""「昔は200万出せたけど今は80万」"""


def _others(text: Text, offer: _Offer) -> Iterable[re.Match[str]]:
    """Words that name other money in front of the amount.

    「人件費込みで」 only says what theirs has to cover, and 「今は500万が限界」 is a limit, not what they pay today.
    """
    words = lexicon("money")
    covered = words.pattern("covered", text.language)
    bounded = bool(offer.amount.marks & {Mark.UPPER, Mark.LOWER})
    for match in words.pattern("other_before", text.language).finditer(text.plain, *offer.ahead):
        if covered.match(text.plain, _behind(text, match)) is not None:
            continue
        present = match.group() in _AT_PRESENT
        unlike = present and (
            text.plain[: match.start()].endswith(_UNLIKE_BEFORE)
            or _WAS_ONCE.search(text.plain, max(0, match.start() - 32), match.start()) is not None
            or _IS_THE_BUDGET.search(text.plain, 0, match.start()) is not None
            or _MEANT_FOR_IT.search(text.plain, match.end(), offer.ahead[1]) is not None
            or _MEANT.match(text.plain, offer.amount.core[1]) is not None
        )
        if not unlike and not (bounded and match.group() in _UNLESS_A_LIMIT):
            yield match


def _behind(text: Text, match: re.Match[str]) -> int:
    return match.end() + text.plain.startswith(" ", match.end())


def _was_told_own_limit(text: Text, offer: _Offer, foreign: re.Match[str]) -> bool:
    """「上限は180万と言われています」: somebody told them, and yet it is what they may spend."""
    words = lexicon("money")
    if words.pattern("told", text.language).match(text.plain, foreign.start()) is None:
        return False
    own = words.pattern("own_limit", text.language).search(text.plain, *offer.ahead)
    return own is not None or Mark.UPPER in offer.amount.marks


_WHO_DECIDES = re.compile("決裁(?:権(?:あり|有|は|:)|者(?:は|:|=)?|:|は)")
"""「予算120万円(一括) 決裁権あり」"""
_MY_CALL = frozenset({"it's me", "it's my call", "i decide", "i sign"})


def _says_who_decides(plain: str, offer: _Offer, foreign: re.Match[str]) -> bool:
    """ "Within six months, $20k, it's my call" lists answers; "up to 20k, it's my call" is a limit of approval."""
    beside = plain.endswith((", ", " and "), 0, foreign.start()) and foreign.group() in _MY_CALL
    listed = plain.endswith((" ", "、", "/"), 0, foreign.start()) and _WHO_DECIDES.match(plain, foreign.start())
    return bool(beside or listed) and Mark.UPPER not in offer.amount.marks


def _last(matches: Iterable[re.Match[str]]) -> int:
    return max((match.end() for match in matches), default=-1)


def _half_of_that(text: Text, asked: Topic | None, ignore: Ignored) -> Found[Budget] | None:
    """「他社は400万、その半分なら出せます」: half of somebody else's amount, or of last year's, is theirs."""
    half = _HALF.search(text.plain)
    if half is None or overlaps(*half.span(), ignore):
        return None
    before = [one for one in amounts(text, bare_numbers=asked is Topic.BUDGET) if one.end <= half.start()]
    if not before:
        return None
    whole, place = before[-1], half.span()
    marks = whole.marks & _PERIODS | ({Mark.UPPER} if half["most"] else set())
    amount = replace(
        whole, low=whole.low / 2, high=whole.high / 2, marks=marks, core=place, start=place[0], end=place[1]
    )
    return _found(
        text, _combine(text, [_Offer(amount=amount, ahead=(place[0], place[0]), behind=(place[1], place[1]))])
    )


_HALF = re.compile(
    r"(?:その|それの|この)半(?:分|額)(?P<most>以下|以内|まで|しか|未満|が限界|が上限|が精一杯)?(?:くらい|ぐらい|程度|ほど)?"
    r"(?=[がでにをしなだ、。\s]|出せ|使え|払え|$)(?!が(?!限界|上限|予算|精)|に(?:なり|なっ)|を(?:占|人件|払っ))"
    r"|(?<![a-z])half (?:of )?(?:that|it)(?![a-z])(?! (?:goes|went|is for|was|is spent|is gone|on|to the))"
)


# Which of several


def _choose(text: Text, offers: list[_Offer]) -> Found[Budget] | None:
    offers = _without_rivals(text, offers) if len(offers) > 1 else offers
    return _found(text, _combine(text, offers)) if offers else None


def _without_rivals(text: Text, offers: list[_Offer]) -> list[_Offer]:
    """The amounts that count when there are several."""
    offers = _after_repair(text, offers)
    offers = _prefer(offers, lambda offer: Mark.EARLIER not in offer.amount.marks)
    offers = _prefer(offers, lambda offer: Mark.REFUSED not in offer.amount.marks)
    offers = _from_label(text, offers)
    offers = _prefer(offers, lambda offer: _says(text, offer, "total"))
    offers = _prefer(offers, lambda offer: not _is_multiplied(text, offer))
    offers = _prefer(offers, lambda offer: offer.amount.high > 0)  # 「初期費用は0円で、月2万以内」
    if any(_period(text, offer) is Period.ONCE for offer in offers):
        offers = _prefer(offers, lambda offer: _period(text, offer) not in (Period.MONTH, Period.YEAR))
    offers = _prefer(offers, lambda offer: not offer.amount.bare or _is_labelled(text, offer))
    return _prefer(offers, lambda offer: not offer.amount.open)


def _is_multiplied(text: Text, offer: _Offer) -> bool:
    """「1000円×30人で3万」"""
    return text.plain.startswith("×", offer.behind[0]) or text.plain.endswith("×", 0, offer.ahead[1])


def _is_labelled(text: Text, offer: _Offer) -> bool:
    """「BGT:150前後」: a figure directly behind the label needs no unit."""
    return _LABEL_ENDS.search(text.plain, *offer.ahead) is not None


_LABEL_ENDS = re.compile(r"(?:予算|(?<![a-z])(?:budget|bgt))\s?[:=]\s?$")


def _prefer(offers: list[_Offer], better: Callable[[_Offer], bool]) -> list[_Offer]:
    return [offer for offer in offers if better(offer)] or offers


def _after_repair(text: Text, offers: list[_Offer]) -> list[_Offer]:
    """ "50k, no wait, 60k": a repair drops what was said before it."""
    repair = lexicon("money").pattern("repair", text.language)
    first = 0
    for at in range(1, len(offers)):
        end, amount = offers[at - 1].amount.core[1], offers[at].amount
        if repair.search(text.plain, end, amount.core[0]) or _has_become(text, end, amount):
            first = at
    if not first or _period(text, offers[first]):
        return offers[first:]
    # 「月12万、いや13万です」: still a month
    amount = offers[first].amount
    still = next((before.amount.marks & _PERIODS for before in offers[first - 1 :: -1] if before.amount.period), None)
    if still is None:
        return offers[first:]
    return [replace(offers[first], amount=replace(amount, marks=amount.marks | still)), *offers[first + 1 :]]


def _has_become(text: Text, start: int, amount: Amount) -> bool:
    """「600万を見込んでいたけど400万に落ちました」: the amount in front is no more."""
    between = text.plain[start : amount.core[0]]
    if text.language == "ja":
        return bool(_UNLIKE_NOW.search(between) and _BECAME.match(text.plain, amount.core[1]))
    return bool(_NO_BUT.fullmatch(between) or _WENT_TO.search(between))


_UNLIKE_NOW = re.compile(r"(?:(?:た|でし|だっ|です)(?:が|けど|けれど|けども|ものの)|たのに|んですが|のが)")
_BECAME = re.compile(
    r"(?:円|くらい|ぐらい|ほど|程度)*(?:に|まで)"
    r"(?:落ち(?:た|て|まし)|減(?:った|って|りまし|らさ|額さ)|下が(?:った|って|りまし)|下げられ|削られ|削減され|カットされ|縮小され|引き下げられ"
    r"|増え(?:た|て|まし)|増額され|上が(?:った|って|りまし)|なった|なって|なりまし)"
)
_WENT_TO = re.compile(
    r"(?:but|and|then|though|however)[^.;!?]{0,24}?"
    r"(?:dropped|fell|cut|reduced|lowered|trimmed|slashed|shrunk|(?:went|came|gone) (?:down|up)|raised|increased)"
    r" (?:back )?(?:down |up )?to (?:about |around |roughly |just |only )?$"
)
""" "We planned 60k but it dropped to 40k" """
_NO_BUT = re.compile(r",\s?no,?\s")
""" "10k, no 15k" """
_PERIODS = frozenset({Mark.MONTH, Mark.YEAR, Mark.ONCE})


def _from_label(text: Text, offers: list[_Offer]) -> list[_Offer]:
    """Amounts from the first one that is called the budget."""
    label = lexicon("money").pattern("called", text.language)
    for at, offer in enumerate(offers):
        if label.search(text.plain, *offer.ahead):
            return offers[at:]
    return offers


def _says(text: Text, offer: _Offer, section: str) -> bool:
    pattern = lexicon("money").pattern(section, text.language)
    begin, end = offer.behind
    return bool(pattern.search(text.plain, *offer.ahead) or pattern.search(text.plain, begin, end))


def _period(text: Text, offer: _Offer) -> Period | None:
    if offer.amount.period:
        return offer.amount.period
    for section, period in (("once_wide", Period.ONCE), ("month_wide", Period.MONTH), ("year_wide", Period.YEAR)):
        if _says_period(text, offer, section):
            return period
    return None


def _says_period(text: Text, offer: _Offer, section: str) -> bool:
    """「初期費用込みで100万」 and 「3年間で500万」 name no period."""
    pattern, plain = lexicon("money").pattern(section, text.language), text.plain
    return any(
        not _INCLUDED.match(plain, match.end())
        and not COUNTED_PERIODS.search(plain, max(0, match.start() - 3), match.start())
        for region in (offer.ahead, offer.behind)
        for match in pattern.finditer(plain, *region)
    )


_INCLUDED = re.compile("(?:も|を)?(?:込|含)")


@dataclass(frozen=True, kw_only=True, slots=True)
class _Whole:
    minimum: Sum | None
    maximum: Sum | None
    period: Period | None
    parts: tuple[Amount, ...]


def _combine(text: Text, offers: list[_Offer]) -> _Whole:
    """The first amount, with a floor or ceiling stated beside it."""
    first = offers[0]
    amount, period = first.amount, _period(text, first)
    whole = _Whole(minimum=amount.minimum, maximum=amount.maximum, period=period, parts=(amount,))
    for offer in offers[1:]:
        if period and (other := _period(text, offer)) and other is not period:
            continue
        whole = _with(whole, offer.amount, period or _period(text, offer))
    return whole


def _with(whole: _Whole, amount: Amount, period: Period | None) -> _Whole:
    """ "30k, 40k max": a bound beside an amount closes the side that is open."""
    least, most = amount.minimum, amount.maximum
    parts = (*whole.parts, amount)
    if whole.minimum is None and whole.maximum is not None:
        if least is None and most is not None:  # two ceilings
            return _Whole(minimum=None, maximum=min(most, whole.maximum), period=period, parts=parts)
        if least is not None and least < whole.maximum and (most is None or not amount.span):
            return _Whole(minimum=least, maximum=whole.maximum, period=period, parts=parts)
    raised = whole.minimum is not None and least is None and most is not None and most > whole.minimum
    if raised and (whole.maximum is None or not whole.parts[0].span):
        return _Whole(minimum=whole.minimum, maximum=most, period=period, parts=parts)
    return whole


def _found(text: Text, whole: _Whole) -> Found[Budget]:
    start = min(part.start for part in whole.parts)
    end = max(part.end for part in whole.parts)
    # 「1円も出せません」, 「1円もありません」
    refused = any(Mark.REFUSED in part.marks or text.plain.startswith("も", part.core[1]) for part in whole.parts)
    nothing = max(whole.minimum or 0, whole.maximum or 0) <= (1 if refused else 0)
    value = (
        Budget(clarity=Clarity.NONE)
        if nothing
        else Budget(
            minimum=whole.minimum,
            maximum=whole.maximum,
            currency=_currency(text, whole.parts),
            period=whole.period,
        )
    )
    rule = "budget." + "+".join(sorted({_rule(part) for part in whole.parts}))
    return text.fact(value, start, end, certainty=_certainty(whole.parts, value), rule=rule)


def _currency(text: Text, parts: Sequence[Amount]) -> str | None:
    """Their own currency, else yen when they write Japanese, else one named anywhere in the text."""
    own = next((part.currency for part in parts if part.currency), None)
    if own or text.language == "ja":
        return own or "JPY"
    return currency_named(text, [part.core for part in parts])


def _certainty(parts: Sequence[Amount], value: Budget) -> float:
    if any(part.bare and value.currency and not part.currency for part in parts):
        return GUESSED
    return FAIR if len(parts) > 1 or any(part.open for part in parts) else SURE


def _rule(part: Amount) -> str:
    bound = next((mark for mark in (Mark.REFUSED, Mark.UPPER, Mark.LOWER) if mark in part.marks), None)
    return str(bound or ("range" if part.span else "amount"))
