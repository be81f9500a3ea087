"""How many people work in the company: its own people, not its guests, teams or licences.

従業員85名                                   85
the group has 20,000 people but our company is 300   300
園児80人の保育園                               nothing
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

from dialogs.reading.clarity import Ignored, overlaps
from dialogs.reading.clauses import after, before
from dialogs.reading.english_numbers import is_in_hundreds
from dialogs.reading.firm_words import JA_BUSINESS
from dialogs.reading.found import FAIR, GUESSED, SURE
from dialogs.reading.japanese_words import either
from dialogs.reading.lexicon import lexicon
from dialogs.reading.number import Number
from dialogs.reading.numbers import numbers
from dialogs.reading.text import Text
from dialogs.reading.workforce import worker, workforce
from qualification.bant import Topic


@dataclass(frozen=True, kw_only=True, slots=True)
class Counted:
    minimum: int | None
    maximum: int | None
    start: int
    end: int
    certainty: float


_KINDS = "|".join(sorted(lexicon("firm").words("kind_of_firm", "en").spellings, key=len, reverse=True))
_STAFF_ABROAD = lexicon("firm").words("staff", "en").spellings
_STAFF = "|".join(sorted(_STAFF_ABROAD, key=len, reverse=True))
_UNIT = re.compile(
    rf"[\s-](?:person|people|man|employee|staff)(?= (?:[a-z-]+ ){{0,3}}?(?:{_KINDS})(?![a-z]))|"
    r"\s?(?:名(?!古屋|前(?!後)|刺|義|簿|称|産|物)|人(?!民|月|日|件|目|気|材|事|前(?!後)|工|的|手|あたり|当たり|につき|分|[0-9一二三四五六七八九十百千万,]{1,7}円)|にん|めい(?=です|でし|くらい|ぐらい|ほど|ていど|ちょっと|[。、\s)]|$))"
    r"|\s?\+?[\s-]?(?:or (?:so|more|fewer)\s|odd\s)?(?:full-time\s|permanent\s|paid\s|total\s|other\s)?"
    r"(?:people|employees|employee|staff(?:ers)?|ppl|empl?s?\.?|persons|heads|ftes?|headcount|of us|strong|workers"
    r"|folks|souls|personnel|full-?\s?timers?|part-?\s?timers?|permanent)(?![a-z])"
    rf"|\s(?:{_STAFF})(?![^\W\d_])"
)
# "20 in sales, 140 in total"
_IN_TOTAL = re.compile(r"\s?(?:in total|all told|altogether|overall)(?![a-z])")
_ABOUT = (
    r"(?:about|around|roughly|approximately|approx\.?|over|under|some|nearly|almost|more than|less than|fewer than"
    r"|up to|at least|north of|upwards of|above|in excess of|~)"
)
_LABEL = re.compile(
    r"(?:非?正規|社員数?|従業員数?|職員数?|スタッフ数?|人数|規模|総勢|全社|全体|パート(?:込み|含め|入れ|も(?:入れ|含め))(?:て|だと|で)?(?:全部で)?)"
    r"(?:は|で|が|:|だと)?(?:だいたい|約|およそ|全部で|ざっと|も)?\s?$"
    r"|(?:firm|company|business|shop|outfit|startup|agency|practice|clinic) of"
    rf"\s?{_ABOUT}?\s?$"
    rf"|^(?:staff|studio|office|family|shop|company|firm) of\s?{_ABOUT}?\s?$"
    r"|(?:(?:we're|we are|just|it's|only|us,|as) |^)an? (?:[a-z-]+ ){0,2}"
    r"(?:team|crew|family|group|bunch|band|office|outfit|shop) of"
    rf"\s?{_ABOUT}?\s?$"
    r"|(?:headcount|employees|staff|company size|size|workforce|we are|we're|our company is|company has|company is"
    rf"|we employ|employs|there are|our own (?:company|firm|business|office|entity)|us alone|our part|our entity)"
    rf"(?:\s(?:is|of|are|count is)|'s)?\s?:?\s?{_ABOUT}?\s?$"
    rf"|(?:^|[/|;,.\n]\s?)(?:people|{_STAFF})\s?:\s?{_ABOUT}?\s?$"
)
_FLOOR_BEFORE = re.compile(
    r"(?:over|more than|at least|minimum(?: of)?|upwards of|north of|above|in excess of|最低|少なくとも)(?:\sa)?\s?$"
)
_CEILING_BEFORE = re.compile(
    r"(?:under|sub|fewer than|less than|up to|no more than|not more than|at most|below|maximum(?: of)?"
    r"|max\.?|最大|多くても?)[\s-]?$"
)
_FLOOR_BEHIND = re.compile(
    r"\s?(?:名|人|people|employees|staff)?\s?(?:以上|超|オーバー|より多|\+(?!\s?(?![名人以])[\u3041-\u9fff])"
    r"|or more|plus(?!\s(?:[0-9]|a |some ))|and up"
    r"|(?:は|も|を)?(?:優に|軽く|ゆうに|余裕で)?(?:超え|こえ|上回|下ら|くだら))"
)
_CEILING_BEHIND = re.compile(
    r"\s?(?:名|人|people|employees|staff)?\s?"
    r"(?:以下|以内|未満|まで|も?いな|も?いませ|も?おりませ|もおらず|に満たな|に?届か|(?:も|まで)?いかな"
    r"|or (?:fewer|less)|max|tops)"
)
_ALONE = frozenset("でがにもし")
"""Behind 一人 they tell of one person's work: 経理が一人で抱えている."""
_WHO_DECIDES_TOGETHER = 6
"""Asked who decides, so few are the ones who decide, and no headcount."""
_INTRODUCES = frozenset({None, Topic.COMPANY, Topic.CONTACT})
_MEASURED = re.compile(r"[$€£¥]|budget|cost|price|spend|hours|units|sites|seats|licen|users|k(?![a-z])")
_JOINT = re.compile(r"\s?(?:名|人)?\s?(?:~|-|から|ないし|か|to|and|or)\s?")
_NOT_A_COUNT = re.compile(
    r"\s?(?:万円|円|万(?!人|名)|億|%|年|月|日|時|ヶ月|か月|週|件|個|台|社|回|本|店|k?\s?(?:usd|eur|yen|dollars|euros)|months?|weeks?"
    r"|years?|days?|hours?)"
)
_BARE = re.compile(
    rf"(?:{_ABOUT}|約|だいたい|およそ|たぶん|maybe|probably|we're|we are|it's|between|from|just|circa|ca\.|c\.|an?"
    r"|sub[\s-]|a little|a bit|a touch|slightly|正しくは|正確には|実際は|実は|本当は"
    r"|[0-9]{1,6}(?:名|人)?(?:(?:じゃ|では|で)なくて?|→|->)|[\s、,])*"
)
_BARE_END = re.compile(
    r"(?:です|だ|くらい|ぐらい|程度|ほど|前後|以上|以下|未満|弱|強|かな|ですね|or so|odd|i think|now"
    r"|total|in total|altogether|globally|worldwide|nationwide|overall|company-?wide"
    r"|in the (?:company|firm|business)|across (?:all|the|our|two|three|four) [a-z]{1,12}|here"
    r"|depending on [a-z ]{1,30}|i reckon|i guess|i'd say|give or take|thereabouts|or thereabouts|roughly"
    r"|ish|と思(?:う|います)|やと思(?:う|います)|かと|の間"
    r"|の間違い|の誤り|が正(?:解|しい(?:数字)?)|に(?:訂正|修正)|でした|\+|[\s。.!、])*"
    r"(?:(?:including|incl\.?|counting|plus|with|excluding)\s.{1,40}|(?:込み|含む|含め|入れて).{0,20})?"
)


_GOES_ON = re.compile(r"[^\W\d_ぁ-ん]")
"""A letter behind a bare number makes it another number: "80k", 「80歳」."""
_ONLY_WHO_DECIDES = frozenset({"just me", "only me", "it's just me", "its just me", "it is just me"})
_AND_ONE_MORE = re.compile(
    r" (?:and|&|plus|n) (?:my|an?) (?:(?!two|three|four|five|\d)[a-z-]+ )?"
    rf"(?:{lexicon('firm').words('relative', 'en').source}|spouse|fianc[eé]e?|girlfriend|boyfriend|friend|mate|buddy"
    rf"|associate|colleague|intern|pa|va|employee|{lexicon('firm').words('worker', 'en').source})"
    r"(?! and)(?![a-z])"
)
"""just me and my wife, my driver; but not my laptop, my dog or my van"""
_NOBODY_ELSE = frozenset({"no staff", "no employees"})


def headcount(text: Text, asked: Topic | None, ignore: Ignored) -> Counted | None:
    """The count that is the whole company's; a one-person company is 1."""
    plain = text.plain
    if (summed := _summed(text, asked) or _made_up_of(plain)) and not overlaps(summed.start, summed.end, ignore):
        return summed
    one = lexicon("firm").pattern("one_person", text.language).search(plain)
    if (
        one
        and not (asked is Topic.AUTHORITY and one.group() in _ONLY_WHO_DECIDES)
        and not (one.group() in _NOBODY_ELSE and _counted_before(text, one.start(), asked))
        and not overlaps(*one.span(), ignore)
    ):
        beside = _AND_ONE_MORE.match(plain, one.end())
        if beside and asked is Topic.AUTHORITY:
            return None
        people = 2 if beside else 1
        return Counted(minimum=people, maximum=people, start=one.start(), end=one.end(), certainty=FAIR)
    if not (_might_count(plain) or asked is Topic.COMPANY):
        return None
    counts = [count for count in _counts(text, asked) if not overlaps(count.start, count.end, ignore)]
    if not counts:
        return None
    words = lexicon("firm")
    last = counts[-1]
    if len(counts) > 1 and words.pattern("repair", text.language).search(plain, counts[-2].end, last.start):
        return last
    for count in counts:
        if _ALL_ITS_PEOPLE.search(plain, max(0, count.start - 16), count.start):
            return count
    for count in counts:
        begin = before(plain, text.language, count.start, reach=30)
        if _WHOLE.search(plain, begin, after(plain, text.language, count.end, reach=12)):
            return count
    return _with_the_other_kinds(text, counts[0]) if text.language == "ja" else counts[0]


def _with_the_other_kinds(text: Text, first: Counted) -> Counted:
    """「正社員20名とパート15名」: the kinds of people who work there, named one beside the other, are 35 together."""
    plain = text.plain
    if not _a_kind_of_staff().search(plain, max(0, first.start - 14), first.start):
        return first
    counted, begins = first, {number.start: number for number in numbers(text)}
    while (label := _another_kind().match(plain, counted.end)) and (number := begins.get(label.end())):
        other = _bounded(text, number, number, FAIR)
        counted = replace(
            counted,
            minimum=_together(counted.minimum, other.minimum),
            maximum=_together(counted.maximum, other.maximum),
            end=other.end,
        )
    return counted


def _together(one: int | None, other: int | None) -> int | None:
    return None if one is None or other is None else one + other


_LABELS_A_KIND = r"(?:さん|の方)?(?:は|が|も|で|数)?\s?:?\s?(?:約|およそ|だいたい)?\s?"


@cache
def _a_kind_of_staff() -> re.Pattern[str]:
    return re.compile(rf"{either('kind_of_staff')}{_LABELS_A_KIND}$")


@cache
def _another_kind() -> re.Pattern[str]:
    """What stands between the counts of two kinds; 「うち」 and brackets name a part of the first."""
    return re.compile(
        r"(?:くらい|ぐらい|ほど|程度|前後|弱|強)?(?:が?い(?:て|まして)|おりまして|です|で)?[\s、,・+&/と]{0,2}"
        rf"(?:および|及び|プラス|あと|ほかに?|他に?|それに|それと|加えて|別に|に|は|が|、)*{either('kind_of_staff')}{_LABELS_A_KIND}"
    )


def _summed(text: Text, asked: Topic | None) -> Counted | None:
    """ "20 full time and 15 part time": the sum, of who is asked for it, or says who works how long."""
    plain = text.plain
    told = asked is Topic.COMPANY or (asked in _INTRODUCES and "full" in plain and "part" in plain)
    if text.language != "en" or not told or _WHOLE.search(plain):
        return None
    if lexicon("firm").pattern("repair", "en").search(plain) or (summed := workforce(text)) is None:
        return None
    return Counted(minimum=summed.minimum, maximum=summed.maximum, start=summed.start, end=summed.end, certainty=FAIR)


_WORKS_IN = r"(?:営業|経理|総務|事務|製造|現場|開発|人事|企画|広報|技術|工場|エンジニア|デザイナー|職人)"
_MADE_UP_OF = re.compile(
    rf"(?:{_WORKS_IN}(?:が|は)?[0-9]{{1,4}}[人名](?:[、,と・]\s?)?)+の(?:小さな|小さい)?(?:会社|企業|事務所|工務店|工場)(?=です|でし|で、|。|$)"
)


def _made_up_of(plain: str) -> Counted | None:
    """「営業10人、経理3人の会社です」: all whom the firm is made up of, though each count is of a department."""
    if "の" not in plain or (firm := _MADE_UP_OF.search(plain)) is None:
        return None
    people = sum(map(int, re.findall(r"[0-9]+", firm.group())))
    return Counted(minimum=people, maximum=people, start=firm.start(), end=firm.end(), certainty=FAIR)


_ALL_ITS_PEOPLE = re.compile(
    r"(?:社員|従業員|職員)総?数(?:は|が|:|、)?\s?(?:およそ|約|だいたい|ざっと|現在)?\s?$|(?:合計|総勢|の計)で?約?$"
)
"""「残業は月40時間、3名で対応。従業員数はおよそ320名」"""
_ASIDE = re.compile(r"\s?\([^)0-9]{0,16}[0-9]")
_WHOLE = re.compile(r"全体|全部で|合計|総計|の計|総勢|全社|in total|altogether")
_COUNTS = re.compile(
    r"名|人|社員|職員|people|person|man(?<=[0-9][ -]man)|empl?s?(?![a-z])|employ|staff|ppl|of us|strong|head"
    r"|workforce|fte|company is|company has|we are|we're|size"
    r"|in total|all told|altogether|overall"
)
_COUNTS_ABROAD = re.compile(rf"[0-9]\+? (?:{_STAFF})(?![^\W\d_])")
_LABELS_ABROAD = re.compile(rf"(?:{_STAFF})\s?:")


def _might_count(plain: str) -> bool:
    return (
        _COUNTS.search(plain) is not None
        or _COUNTS_ABROAD.search(plain) is not None
        or (":" in plain and _LABELS_ABROAD.search(plain) is not None)
    )


def _counts(text: Text, asked: Topic | None) -> Iterator[Counted]:
    found = numbers(text)
    counted: Counted | None = None
    at = 0
    while at < len(found):
        first = last = found[at]
        if at + 1 < len(found) and _joined(text.plain, first, found[at + 1]):
            last = found[at + 1]
            at += 1
        at += 1
        if certainty := _counts_people(text, first, last, asked) or _puts_right(text, counted, first, last):
            counted = _bounded(text, first, last, certainty)
            yield counted


def _puts_right(text: Text, counted: Counted | None, first: Number, last: Number) -> float:
    """ "人数、50じゃなくて500": a bare number behind a count, with words of repair between them, counts as well."""
    if counted is None or first.start - counted.end > _NEAR or _NOT_A_COUNT.match(text.plain, last.end):
        return 0
    between = text.plain[counted.end : first.start]
    if between.rstrip().endswith("not"):
        return 0  # "180, not 80"
    return FAIR if lexicon("firm").pattern("repair", text.language).search(between) else 0


_NEAR = 24


def _joined(plain: str, first: Number, last: Number) -> bool:
    """The two ends of one count: 50〜60人, and 7、8人."""
    if plain[first.end : last.start] in ("、", ",") and last.low == first.low + 1 and last.high < 10:
        return True
    if first.low >= last.high:
        return False  # "20k and 60 staff"
    return _JOINT.fullmatch(plain, first.end, last.start) is not None or _between(plain, first, last)


def _between(plain: str, first: Number, last: Number) -> bool:
    """「10人以上30人未満」 has a floor and a ceiling."""
    return (
        _FLOOR_BEHIND.fullmatch(plain, first.end, last.start) is not None
        and _CEILING_BEHIND.match(plain, last.end) is not None
    )


_OF_THE_WORK = re.compile(
    r"(?<![a-z])(?:takes|take|took|needs|ties up|requires|lost"
    r"|(?:a|per) (?:head|user|seat|person),? (?:for|x|times))\s$"
)
# "it takes three people to do the payroll", "15 a head for 60 people"


def _counts_people(text: Text, first: Number, last: Number, asked: Topic | None) -> float:
    """How sure it is that this counts the people of the company; 0 when it does not."""
    plain = text.plain
    if _OF_THE_WORK.search(plain, max(0, first.start - 18), first.start):
        return 0
    unit = _unit(text, last, asked)
    if not unit and _NOT_A_COUNT.match(plain, last.end):
        return 0
    if last.high < 1 or (first.start and plain[first.start - 1] in "$€£¥"):
        return 0
    begin = before(plain, text.language, first.start, reach=24)
    begin = max(begin, plain.rfind(" / ", begin, first.start) + 1)
    if asked in _INTRODUCES and not unit and (in_total := _IN_TOTAL.match(plain, last.end)):
        unit = None if _MEASURED.search(plain) else in_total
    if unit and last.high == 1 and asked is not Topic.COMPANY and plain[unit.end() : unit.end() + 1] in _ALONE:
        return 0
    corrected = plain[first.start - 1 : first.start] in _BEHIND_WORDS and _CORRECTED.search(
        plain, max(0, first.start - 40), first.start
    )
    if corrected and not _GOES_ON.match(plain, last.end):
        return FAIR
    if asked is Topic.AUTHORITY and last.high < _WHO_DECIDES_TOGETHER:
        return 0
    labelled = unit or _LABEL.search(plain, begin, first.start)
    if not labelled and asked is not Topic.COMPANY:
        return 0
    end = after(plain, text.language, last.end, reach=32)
    if aside := _ASIDE.match(plain, unit.end() if unit else last.end):
        end = aside.start()  # 「1,200名(グループ連結は5,000名)」: what stands in brackets is another count
    if _WE_ARE_A_TEAM.search(plain, max(0, first.start - 40), first.start):
        return FAIR
    if joined := _ANOTHER_COUNT.search(plain, begin, first.start):
        begin = joined.end()  # "900 students and 85 staff"
    if text.language == "ja" and _OF_ANOTHER.search(plain, max(0, first.start - 40), first.start):
        return 0  # 「取引先の大和工業は社員500名」
    others = lexicon("firm").pattern("not_the_company", text.language)
    behind = unit.end() if unit else last.end
    if not (unit and _STAFF_OR_ALL.search(plain, begin, first.start)) and (
        others.search(plain, begin, first.start) or others.search(plain, behind, max(behind, min(end, last.end + 30)))
    ):
        return 0
    if unit:
        return SURE
    if labelled and not _GOES_ON.match(plain, last.end):
        named = re.search(rf"headcount|employ|staff|size|(?:people|{_STAFF})\s?:", plain[begin : first.start])
        return FAIR if text.language == "ja" or asked is Topic.COMPANY or named else 0
    begin = before(plain, text.language, first.start, reach=60)
    end = after(plain, text.language, last.end, reach=60)
    alone = _BARE.fullmatch(plain, begin, first.start) and _BARE_END.fullmatch(plain, last.end, end)
    return GUESSED if alone else 0


def _counted_before(text: Text, end: int, asked: Topic | None) -> bool:
    """ "3 owners, no staff"."""
    return any(number.end <= end and number.low > 1 and _unit(text, number, asked) for number in numbers(text))


def _unit(text: Text, last: Number, asked: Topic | None) -> re.Match[str] | None:
    """What the number counts, when these are people who work somewhere."""
    unit = _UNIT.match(text.plain, last.end)
    if unit is None and asked is Topic.COMPANY and text.language == "en":
        return worker().match(text.plain, last.end)  # "24 teachers"
    return unit


# 「スタッフ12名で患者は1日80人」, 「店舗が3つで合計45名」
_STAFF_OR_ALL = re.compile(
    r"(?:(?:社員|従業員|職員|スタッフ)(?:数|全員)?(?:は|が|:)?|合計(?:で)?|総勢|全部で|(?:合わせ|あわせ|足し)て|全員で|全(?:店|店舗|拠点|校|院)で)\s?約?$"
    r"|(?:支店|店舗|工場|拠点|営業所|パート|アルバイト|バイト)(?:も|を|まで)?(?:含め|入れ|合わせ|込み)(?:て|ると|で)?、?約?$"
)
# 「人数、50じゃなくて500」; "I said 20 people, it's 200", of which the 20 is taken back
_ANOTHER_COUNT = re.compile(r"[0-9] [a-z]{3,16} (?:and|plus|with|&) $")
_BEHIND_WORDS = frozenset(", 、\n\t\u3000")
_CORRECTED = re.compile(
    r"(?:人数|社員数|従業員数|職員数|headcount|head count)[、,]\s?$"
    r"|(?:people|staff|employees)(?: before| earlier| previously| above| earlier on)?[,.;]? "
    r"(?:(?:(?:that|it|which)(?:'s| was| is) (?:wrong|incorrect|a mistake|a typo|not right)|my mistake|my bad|sorry)"
    r"[,.;]? )?(?:now |but )?"
    r"(?:it's|it is|it was|actually|make it|make that|should be|rather|i meant|i mean|meant|we're|we are) "
    r"(?:actually |really |now )?$"
)
_OF_ANOTHER = re.compile(
    r"(?:取引先|得意先|仕入先|納品先|納入先|顧問先|委託先|元請け?|発注元|親会社|競合|他社|同業者?)(?:の[^。、\n0-9をにで]{2,16}|(?:は|が)[^。、\n0-9]{0,12}"
    rf"(?:会社|法人|{JA_BUSINESS})[^。、\n0-9]{{0,10}})(?:は|が|も|で|、)?\s?(?:正?社員|従業員|職員)(?:数|が|は|も)?(?:約|およそ|だいたい)?\s?$"
)
_WE_ARE_A_TEAM = re.compile(
    rf"(?:we're|we are|just|it's|only) an? (?:[a-z-]+ ){{0,2}}(?:team|crew|family|bunch) of\s?{_ABOUT}?\s?$"
)


def _bounded(text: Text, first: Number, last: Number, certainty: float) -> Counted:
    plain = text.plain
    low, high = int(first.low), int(last.high)
    scale = 100 if last.scale == 1 and is_in_hundreds(text, last.start, last.end) else last.scale
    if first is not last and first.low < last.low / 100 and scale > 1:
        low = int(first.low * scale)  # 3〜5千人: the scale is said once
    minimum: int | None = low
    maximum: int | None = high
    front = plain[max(0, first.start - 24) : first.start]
    if first is not last and _between(plain, first, last):
        pass
    elif _CEILING_BEFORE.search(front) or _CEILING_BEHIND.match(plain, last.end):
        minimum = None
    elif _FLOOR_BEFORE.search(front) or _FLOOR_BEHIND.match(plain, last.end):
        maximum = None
    unit = _UNIT.match(plain, last.end)
    end = unit.end() if unit else last.end
    return Counted(minimum=minimum, maximum=maximum, start=first.start, end=end, certainty=certainty)
