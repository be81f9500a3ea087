"""When they want to start: dates and lengths of time with the words that bound them, and which of several counts.

来期入ったら               from its first month
by the end of Q3         from today to its last day
PoCは来月、本番は1月        the go-live beats the trial
年内は無理、4月以降          what they reject does not count
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from dialogs.reading import calendar, clauses
from dialogs.reading.calendar import Grain
from dialogs.reading.clarity import Ignored, overlaps, unclear
from dialogs.reading.date_marks import BOUNDS, Mark
from dialogs.reading.found import FAIR, GUESSED, SURE, Found
from dialogs.reading.lexicon import lexicon
from dialogs.reading.named_dates import HOLIDAYS
from dialogs.reading.soon import soon
from dialogs.reading.sought import sought
from dialogs.reading.text import Text
from dialogs.reading.times import times_of
from dialogs.reading.when import When
from qualification.bant import Clarity, Timeframe, Topic

TIE = 48
"""Characters in front of a date, and behind it, that can belong to it."""

_UNTIL_THEN, _AFTER_THEN = "until then", "after then"


def find(text: Text, *, asked: Topic | None = None, today: date, ignore: Ignored = ()) -> Found[Timeframe] | None:
    """The time a text states, or that it is undecided or that they will not buy; None when it says nothing.

    `today` is the speaker's date. `ignore` are spans of `plain` that are not the person's own statement.
    """
    text = _without_ish(text)
    if asked is Topic.TIMEFRAME and (nothing := _NOTHING_THEN.fullmatch(text.plain)):
        return text.fact(Timeframe(clarity=Clarity.NONE), *nothing.span(), certainty=FAIR, rule="timeframe.nothing")
    times = times_of(text, asked, today)
    times = [_until_then(text, time, times, today) for time in times]
    places = [time.place for time in times]
    times = [time for time in times if not overlaps(*time.core, ignore) and _theirs(text, time, times, asked, today)]
    times = times or [time for time in soon(text, asked, today) if not overlaps(*time.core, ignore)]
    if times:
        return _choose(text, sorted(times, key=lambda time: time.core), today)
    # "a time to meet later this month" puts nothing off
    if found := unclear(text, "timeframe", asked=asked, ignore=[*ignore, *places]):
        certainty = SURE if found.rule.startswith("timeframe") else FAIR
        value = Timeframe(clarity=found.clarity)
        return text.fact(value, found.start, found.end, certainty=certainty, rule=f"timeframe.{found.rule}")
    return None


def _without_ish(text: Text) -> Text:
    """ "q3ish" and "septemberish" are about then."""
    if text.language != "en" or "ish" not in text.plain:
        return text
    return replace(text, plain=_GLUED_ISH.sub(r"\1   ", text.plain))


_GLUED_ISH = re.compile(
    r"(?<![a-z])(q[1-4]|h[12]|(?:jan|febr)uary|march|april|may|june|july|august|(?:septem|octo|novem|decem)ber|jan"
    r"|feb|mar|apr|jun|jul|aug"
    r"|sept?|oct|nov|dec|spring|summer|autumn|fall|winter|christmas|easter|(?:day|week|month|quarter"
    r"|year)s?)ish(?![a-z])"
)


# Whose date


def _theirs(text: Text, when: When, times: Sequence[When], asked: Topic | None, today: date) -> bool:
    """Whether it is the time of their purchase: not a contract's end, a call-back, or how long something takes."""
    words, language, plain = lexicon("timeframe"), text.language, text.plain
    ahead, behind = _around(text, when, times)
    own = max(_last(text, "golive", ahead), _last(text, "label", ahead))
    binds = asked is Topic.TIMEFRAME or Mark.AHEAD in when.marks
    place = when.place[0] if binds else ahead[1]  # "as of March" binds the date, when asked for it
    other = _last(text, "other_before", (ahead[0], max(ahead[0], place)))
    if Mark.LATER in when.marks:
        other = max(other, _last(text, "work", (ahead[0], max(ahead[0], place))))
    if when.place[1] > when.core[1] and any(_says_when(text, when, time) for time in times):
        return False
    if plain.endswith("earlier ", 0, when.core[0]) and plain.startswith("this ", when.core[0]):
        return False  # "earlier this year we had 200"
    if Mark.AHEAD in when.marks and language == "en" and _TOLD_OF_BACK_THEN.match(plain, when.core[1]):
        return False  # "before the move in May we lost files"
    if _OPENS_THEN.match(plain, when.core[1]) and when.rule != _UNTIL_THEN and times[-1].core > when.core:
        return False  # 「11月オープンなので10月中に」
    if (
        language == "en"
        and _BUDGET_WAS_SET.look.finds(plain)
        and _BUDGET_WAS_SET.pattern.search(plain, max(0, when.core[0] - TIE - TIE), when.core[0])
    ):
        return False  # "we fixed our budget at 30k in March"
    if asked is None and _DAY_OF_A_NOTE.match(plain, when.core[1]) and not plain[: when.core[0]].strip(_OPENS_A_NOTE):
        return False
    if when.end == today and asked is not Topic.TIMEFRAME and not when.marks & BOUNDS and own < 0:
        return False  # "today" is mostly the day of speaking
    if asked is not Topic.TIMEFRAME and not when.marks & BOUNDS and own < 0 and when.rule.split()[-1] in HOLIDAYS:
        return False  # "the shop breaks down on Black Friday"
    if asked is not Topic.TIMEFRAME and own < 0 and _dates_money(text, when, ahead, behind):
        return False
    if asked is not Topic.TIMEFRAME and language == "ja" and _IS_WITHOUT_MONEY.match(plain, when.core[1]):
        return False
    if asked is Topic.BUDGET and language == "en" and own < 0 and _without_money_until(text, when):
        return False
    if asked is Topic.BUDGET and when.lasting and own < 0 and _IS_OPEN.search(plain, *_clause_of(text, when)):
        return False  # "last year 50k, this year is still open"
    over = when.marks & {Mark.PAST_IT, Mark.AHEAD} and not plain.startswith("が終わ", when.core[1])
    over = over or (Mark.DEADLINE in when.marks and plain.startswith("の", when.core[1]))  # 「年末の繁忙期までに」
    bound = when.place[1] if over else behind[0]  # 「3月決算後」
    near = (bound, max(bound, min(behind[1], behind[0] + 30)))
    foreign = other > own and not any(map(str.isdecimal, _TELEPHONE.sub("", plain[max(other, 0) : when.core[0]])))
    if foreign and _MET.match(plain, other) and _SETS_UP.match(plain, when.core[1]):
        foreign = False  # 「初回コールにて10月稼働希望」
    if foreign and language == "ja" and _OF_WORK.match(plain, other) and _IS_OVER.search(plain, other, when.core[0]):
        foreign = False  # 「棚卸が終わった2月頃」
    if not foreign and Mark.LATER in when.marks:
        lasts = words.pattern("work", language).search(plain, *near)
        foreign = lasts is not None and not plain.startswith("に契約", lasts.start() - 1)
    if not foreign and own < 0:
        found = words.pattern("other_after", language).search(plain, *near)
        golive = words.pattern("golive", language).search(plain, *near)
        foreign = found is not None and (golive is None or found.start() <= golive.start())
    tied = words.pattern("tied", language).search(plain, when.core[1], min(len(plain), when.core[1] + TIE))
    if tied and _MEETS_AGAIN.search(plain, when.core[1], tied.start()):
        tied = None
    return not foreign or tied is not None or when.rule in (_UNTIL_THEN, _AFTER_THEN)


def _without_money_until(text: Text, when: When) -> bool:
    """ "Zilch this year", "budget's zero til April then 20k": it tells how long there is no money."""
    begin, _ = _clause_of(text, when)
    return _NO_MONEY_THEN.search(text.plain, max(0, begin - TIE), when.core[0]) is not None


_NO_MONEY_THEN = re.compile(
    r"(?<![a-z0-9.,$€£¥])(?:0|zero|nil|nothing|nada|zip|zilch|none|nowt|broke|frozen|locked"
    r"|not a (?:penny|cent|dime|bean)"
    r"|(?:no|zero) (?:budget|money|funds|cash)|(?:can't|cannot|cant|won't) (?:spend|pay|buy)"
    r" (?:anything|a (?:penny|thing|cent)))"
    r"(?: (?:at all|left|available|to spend|for (?:it|this)))?,?"
    r" (?:(?:un)?till?|before|for|in)? ?(?:(?:the|our|this|new|next|end of|start of|early|late|mid) ?)*$"
)
_NOTHING_THEN = re.compile(
    r"\W*(?:nothing|none|zilch|nada|zip|nowt|nil)(?: at all| left| planned)? (?:for |in )?"
    r"this (?:financial |fiscal |calendar )?(?:year|quarter|month|half|fy)\W*"
)
_TOLD_OF_BACK_THEN = re.compile(
    r",? (?:we|i|they|it|everything|everybody|everyone|things|nobody|sales|our [a-z]+|the [a-z]+) (?:all |just "
    r"|always |only |still )?(?:used(?! to need)|lost|had(?! to| hoped| planned)|was|were(?! hoping| planning)|did"
    r"|got|went|kept|ran|made|took|saw|spent|sold|paid|knew|wrote|worked|tracked|handled|managed|relied|struggled"
    r"|couldn't|didn't|wasn't|weren't)(?![a-z'])"
)
_MONEY_SET = r"(?:budget|spend|spending|spending limit|money|funds|funding)"
_WAS_SET = (
    r"(?:set|fixed|agreed|approved|signed off|released|granted|allocated|decided|confirmed|capped|settled|cleared)"
)
_BUDGET_WAS_SET = sought(
    r"(?<![a-z])(?:(?:fixed|set|capped|agreed|approved|settled|granted|allocated|put)(?: on)? (?:our|the|a|my|this)"
    rf" (?:[a-z]+ )?{_MONEY_SET}"
    rf"|{_MONEY_SET}(?: (?:of|at|for) [^.;!?\n]{{1,16}}?)?,? (?:was|were|got|has been|have been)"
    rf" (?:finally |already |only )?{_WAS_SET})(?: (?:at|to|of|for|as|on|by)| off)?"
    r"(?:(?! (?:and|but|so|to|start|starting|live|want|need|launch|then)(?![a-z]))[^.;,!?\n]){0,32}"
    r" (?:in|at|during|on|back in|early in|late in)\s(?:the )?$",
    needs="budget|spend|money|fund",
)
""" "The budget of 40k was signed off in January" dates the money."""
_MET = re.compile(r"アポ|コール|架電|電話|面談|訪問|打ち?合わせ|問い合わせ|展示会|セミナー|ウェビナー")
_SETS_UP = re.compile(
    r"(?:に|には|から|までに|の)?(?:本?稼働|導入|運用開始|利用開始|本番|入れ(?:たい|替え))(?!済|し(?:た|まし)|され|の(?:相談|説明|打ち?合わせ|話|件))"
)
_OF_WORK = re.compile(
    "リース|繁忙期|忙しい時期|ピーク|棚卸|決算|会議|展示会|オフィス移転|説明会|セミナー|入稿|異動|組織変更|予算編成|休み|休暇"
)
_IS_OVER = re.compile(
    r"(?:終わった|終わる|終わって|済んだ|済む|済んで|明けた|明ける|アップ|落ち着く|落ち着いた|を避けて|を過ぎた|あと|後|前)の?、?\s?$"
)
_OPENS_A_NOTE = " 【[(■●・!\n"
_DAY_OF_A_NOTE = re.compile(
    r"\s?(?:\([月火水木金土日]\))?\s?(?:[0-9]{1,2}(?::[0-9]{2}|時)"
    r"|[にの]?(?:再|初回?)?(?:架電|電話|コール|tel|訪問|往訪|来社|来店|来電|入電|受電|面談|商談|mtg|打ち?合わせ|名刺交換))"
)
"""「11/12(木) 14:00 訪問」, 「4/2架電。」 is when the rep met them."""

_ON_A_DATE = re.compile(r"\s(?:in|on|at|around|every)\s(?:the )?")


def _says_when(text: Text, when: When, time: When) -> bool:
    """ "Our fiscal year ends in June" tells a day of June, and nothing behind the fiscal year."""
    ends = when.place[1]
    return _ON_A_DATE.fullmatch(text.plain, ends, max(ends, time.core[0])) is not None


_TELEPHONE = re.compile(r"[+(]?[0-9][0-9 ().-]{7,20}")
"""Between "call me on" and a date it does not part them, as another figure does."""

_MONEY = re.compile(r"[$€£¥円万億]|[0-9]k(?![a-z])|(?<![a-z])(?:budget|million|thousand)|予算|半[分額]|使い(?:切|果た)")


def _dates_money(text: Text, when: When, ahead: tuple[int, int], behind: tuple[int, int]) -> bool:
    """「今期は200万しかない」 and "$1M over three years" say how long the money lasts, not when they start."""
    if when.lasting and _PAID_FROM.match(text.plain, when.core[1]):
        return True
    if when.marks & (BOUNDS - {Mark.SINCE}) or not when.lasting:
        return False
    golive = lexicon("timeframe").pattern("golive", text.language)
    return any(_MONEY.search(text.plain, *region) for region in (ahead, behind)) and not any(
        _SPENDS.search(text.plain, max(0, match.start() - 6), match.end()) is None
        for region in (ahead, behind)
        for match in golive.finditer(text.plain, *region)
    )


def _clause_of(text: Text, when: When) -> tuple[int, int]:
    begin = clauses.before(text.plain, text.language, when.core[0])
    return begin, clauses.after(text.plain, text.language, when.core[1])


_IS_OPEN = re.compile(
    r"(?<![a-z])(?:still open|is open|open|tb[acd]|undecided|unclear|not (?:yet )?(?:set|decided|confirmed|approved"
    r"|fixed|agreed|known)"
    r"|isn't (?:set|decided|confirmed|approved|fixed|agreed)|(?:nothing|none)(?: is)? (?:confirmed|approved|agreed"
    r"|decided|set|allocated)"
    r"|same again|the same|same amount)(?![a-z])"
)
_PAID_FROM = re.compile(r"(?:から|以降)は?、?(?:年額?|年間|月額?|毎[年月])?\s?[0-9一二三四五六七八九十百千]")
"""「初年度200万、翌年から50万」"""
_SPENDS = re.compile(r"[円万億千](?:を|まで|くらい|ぐらい|ほど|程度|は|が)?使え(?:る)?$")
"""「来年度は300万使えます」 puts nothing to use but the money."""


def _until_then(text: Text, when: When, times: Sequence[When], today: date) -> When:
    """ "The licence runs out in August, so before then": somebody else's date becomes the deadline.

    So it does in "by the time our lease ends in March".
    """
    words, reach = lexicon("timeframe"), min(len(text.plain), when.core[1] + TIE)
    found = words.pattern("until_then", text.language).search(text.plain, when.core[1], reach)
    if when.end is None:
        return when
    ahead, behind = _around(text, when, times)
    if words.pattern("until_it_ends", text.language).search(text.plain, *ahead):
        return replace(when, start=today, marks=when.marks | {Mark.DEADLINE}, rule=_UNTIL_THEN)
    if found is None:
        return _after_then(text, when, reach)
    if _MEETS_AGAIN.search(text.plain, when.core[1], found.start()):
        return when
    begins = _OPENS_THEN.match(text.plain, when.core[1]) is not None
    close = (behind[0], min(behind[1], behind[0] + 10))
    if not begins and any(_last(text, "golive", region) >= 0 for region in (ahead, close)):
        return when
    return replace(
        when, start=today, place=(when.place[0], found.end()), marks=when.marks | {Mark.DEADLINE}, rule=_UNTIL_THEN
    )


_IS_WITHOUT_MONEY = re.compile(
    r"(?:いっぱい|中)?(?:まで)?(?:は|も|の)?、?(?:もう|まだ|全く|まったく|本当に|特に|うちの|会社の)?"
    r"(?:予算(?:は|が|も)?(?:ゼロ|0(?![0-9.])|な(?:い|し|く|か)|無[いしく]|あり?ません|つ[いき]て?(?:ない|ませ|おら)|[付つ]か(?:な|ず)|取れ(?:な|ま|ず)|もらえ(?:な|ま))"
    r"|(?:一銭|びた一文|一円|1円|一文|お金)(?:も|が|は)?(?:一切|全く|まったく|もう)?(?:出|使え|使わ|ない|無い|なく|あり?ませ|かけ|払え))"
)
"""「今年は一銭も出せない」 dates the money; 「今年中に入れたいが予算がない」 their wish."""
_OPENS_THEN = re.compile(
    r"(?:に|の)?(?:新店|新店舗|店)?の?(?:オープン|開店|開業|開校|開園|開院)(?:な|する|予定な|です)?(?:ので|ため|から|で、)"
)
"""「7月オープンなのでそれまでに」"""


def _after_then(text: Text, when: When, reach: int) -> When:
    """「決算が6月なのでその後」: somebody else's date opens the time of theirs."""
    found = lexicon("timeframe").pattern("after_then", text.language).search(text.plain, when.core[1], reach)
    if found is None or when.end is None:
        return when
    begin, place = when.end + timedelta(days=1), (when.place[0], found.end())
    return replace(when, start=begin, end=None, place=place, marks=when.marks | {Mark.PAST_IT}, rule=_AFTER_THEN)


_MEETS_AGAIN = re.compile(r"もう一度|再度|改めて|あらためて|再[訪架ア提]|ご?連絡")
"""「来年の夏にもう一度ご連絡、それまでは」 ties the date to a call, not to the purchase."""


def _last(text: Text, section: str, region: tuple[int, int]) -> int:
    if region[0] >= region[1]:
        return -1
    pattern = lexicon("timeframe").pattern(section, text.language)
    return max((match.start() for match in pattern.finditer(text.plain, *region)), default=-1)


def _around(text: Text, when: When, times: Sequence[When]) -> tuple[tuple[int, int], tuple[int, int]]:
    """The words of the clause before and behind a date, up to the dates beside it."""
    floor = max((time.core[1] for time in times if time.core[1] <= when.core[0]), default=0)
    ceiling = min((time.core[0] for time in times if time.core[0] >= when.core[1]), default=len(text.plain))
    begin = clauses.before(text.plain, text.language, when.core[0], floor=floor)
    stop = clauses.after(text.plain, text.language, when.core[1], ceiling=ceiling)
    return (begin, when.core[0]), (when.core[1], stop)


# Which of several


def _choose(text: Text, times: list[When], today: date) -> Found[Timeframe]:
    times = _after_repair(text, times)
    if all(Mark.REJECTED in time.marks for time in times):
        only = times[0]
        if following := _the_next_one(text, only):
            return _found(text, following, Timeframe(earliest=following.start, latest=following.end))
        return _found(text, replace(only, rule="rejected", sure=GUESSED), Timeframe(clarity=Clarity.NONE))
    times = [time for time in times if Mark.REJECTED not in time.marks]
    times = [time for time in times if Mark.BUSY not in time.marks] or times
    if len(times) > 1:
        ranks = [_milestone(text, time, times) for time in times]
        times = [time for time, rank in zip(times, ranks, strict=True) if rank == max(ranks)]
    chosen = _narrower(times)
    for other in times[1:]:
        if _closes(text, chosen, other):
            chosen = replace(chosen, end=other.end, rule=f"{chosen.rule} to {other.rule}", sure=FAIR)
    if now := _NOW_OR.search(text.plain, max(0, chosen.core[0] - TIE), chosen.core[0]):
        chosen = replace(chosen, start=today, place=(now.start(), chosen.place[1]), sure=FAIR)
    if len(times) > 1:
        chosen = replace(chosen, sure=min(chosen.sure, FAIR))
    return _found(text, chosen, Timeframe(earliest=chosen.start, latest=chosen.end, rough=chosen.rough))


_NOW_OR = re.compile(
    r"(?<![a-z])(?:now|right away|right now|immediately|straight away|asap|at once),? or (?:[a-z]+ ){0,3}$"
    r"|(?:すぐ|今すぐ|即)か(?:、|または)?$"
)
""" "Now or maybe next year" begins today."""
_NEXT_ONE = re.compile(
    r"(?<![a-z])(?:the )?(?:next|following) one|the one after"
    r"|(?:その)?次(?:の(?:期|年度|年|四半期|月|期間))?(?:に|で|から|です|かな|$)"
)


def _the_next_one(text: Text, when: When) -> When | None:
    """ "Not this fiscal year, the next one" names the one behind it."""
    length = next((months for kind, months in _MONTHS_OF if when.rule.endswith(kind)), None)
    said = _NEXT_ONE.search(text.plain, when.core[1])
    if said is None or length is None or when.end is None:
        return None
    start = when.end + timedelta(days=1)
    end = calendar.add_months(start, length) - timedelta(days=1)
    return replace(when, start=start, end=end, place=(when.place[0], said.end()), marks=frozenset(), sure=FAIR)


_MONTHS_OF = ((f" {Grain.FISCAL_YEAR}", 12), (f" {Grain.YEAR}", 12), (f" {Grain.QUARTER}", 3), (f" {Grain.MONTH}", 1))


def _closes(text: Text, chosen: When, other: When) -> bool:
    """ "Not before June, by September at the latest"; and, said in one breath, "April, May at the outside" and
    "autumn, October at the latest".
    """
    if other.end is None or chosen.start is None or not other.marks & {Mark.DEADLINE, Mark.AHEAD}:
        return False
    if chosen.end is None:
        return other.end > chosen.start
    if _IS_THE_LATEST.match(text.plain, chosen.core[1], other.core[0]):  # 「3か月以内か、遅くても半年以内」
        return other.end > chosen.end
    between = other.core[0] - chosen.core[1]
    if other.place[0] < other.core[0]:  # 「10月が理想、遅くとも12月」
        between = min(between, other.place[0] - chosen.place[1])
    at_once = Mark.DEADLINE in other.marks and 0 <= between <= len(", or ")
    return at_once and not chosen.marks & BOUNDS and other.end > chosen.start and other.end != chosen.end


_IS_THE_LATEST = re.compile(
    r"[^。.;!?\n0-9]{0,6}(?:遅くても|遅くとも|最悪でも)|,? (?:or )?at the (?:very )?latest,? (?:by |within )?$"
)


def _narrower(times: Sequence[When]) -> When:
    """The first; but of 「秋の収穫が終わったら、11月から」 the month in that season."""
    first = times[0]
    if first.rule.endswith(f" {Grain.SEASON}") and first.start and first.end:
        for other in times[1:]:
            if other.start and other.end and first.start <= other.start and other.end <= first.end:
                return other
    return first


def _after_repair(text: Text, times: list[When]) -> list[When]:
    """ "March, no wait, April": a repair drops what was said before it."""
    repair = lexicon("money").pattern("repair", text.language)
    first = 0
    for at in range(1, len(times)):
        between = times[at - 1].core[1], times[at].core[0]
        repaired = repair.search(text.plain, *between) or _REALISTICALLY.search(text.plain[slice(*between)])
        if repaired and Mark.REJECTED not in times[at].marks:
            first = at
    return times[first:]


_REALISTICALLY = re.compile(
    r"(?<![a-z])(?:realistically|in reality|in practice|more likely?)(?![a-z])"
    r"|^,? (?:so|meaning|i\.?e\.?),? (?:say |probably |in |around )?$"
)
"""ASAP but realistically March; after Ramadan, so April"""
_DONE_BEFORE = re.compile(
    r"(?:契約|決定|決裁|選定|発注|検討|承認|判断|検証|試験|テスト|トライアル|締結|調整|準備)して、?|決めて、?|試して、?|選んで、?"
)
_GOES_ON = re.compile(r"\s(?:and|then)\s|,\s")


def _milestone(text: Text, when: When, times: Sequence[When]) -> int:
    """2 for going live, 0 for a trial, a contract or a decision, 1 when it does not say."""
    ahead, behind = _around(text, when, times)
    close = (behind[0], min(behind[1], behind[0] + 6))
    if text.language == "ja":
        done = max((match.end() for match in _DONE_BEFORE.finditer(text.plain, *ahead)), default=ahead[0])
        ahead = (done, ahead[1])  # 「年内に契約して4月から」
    if text.language == "en" and (goes_on := _GOES_ON.search(text.plain, *behind)):
        behind = (behind[0], goes_on.start())  # "kick off in February and be live by May"
    for region in (close, ahead, behind):
        if _last(text, "golive_strong", region) > _last(text, "lesser", region):
            return 2
        if _last(text, "lesser", region) >= 0:
            return 0
    return 1


def _found(text: Text, when: When, value: Timeframe) -> Found[Timeframe]:
    return text.fact(value, *when.place, certainty=when.sure, rule=f"timeframe.{when.rule}")
