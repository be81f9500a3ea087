"""How many people work at the company: 社員約300名, 50-100 people, more than 5,000 employees, just me.

Counts of a team, of users, seats or customers are not the company's headcount.
"""

import re
from collections.abc import Sequence

from dialogs.reading.asking import Span
from dialogs.reading.found import Found
from dialogs.reading.phrases import load
from dialogs.reading.text import Text
from qualification.bant import Headcount, Topic

_KANJI = {"〇": 0, "零": 0, "一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_KANJI_SCALE = {"十": 10, "百": 100, "千": 1_000, "万": 10_000}
_WORDS = {
    word: number
    for number, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen".split()
    )
} | {word: 10 * number for number, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)}
_EN_SCALE = {"hundred": 100, "thousand": 1_000, "k": 1_000, "dozen": 12, "million": 1_000_000}

_DIGITS = r"[0-9]{1,3}(?:,[0-9]{3}){1,3}|[0-9]{1,7}(?:\.[0-9])?"
_WORD = "|".join(sorted(_WORDS, key=len, reverse=True))
_JA_NUMBER = rf"(?:{_DIGITS})[十百千万]{{0,2}}|[一二三四五六七八九〇十百千万]{{1,7}}"
_EN_NUMBER = rf"(?:{_DIGITS})\s?(?:k|thousand|hundred|dozen)?(?![a-z])|(?:(?:a|an|{_WORD})[\s-]?)(?:(?:{_WORD}|hundred|thousand|dozen|and)[\s-]?){{0,5}}(?![a-z])"
_TO_JA = r"\s?(?:名|人)?\s?(?:~|-|から|か|ないし|、)\s?"
_TO_EN = r"\s?(?:-|~|to|and|or)\s?"

_JA = re.compile(
    rf"(?P<about>約|およそ|だいたい|大体|ざっと|計)?\s?(?P<low>最低|少なくとも)?(?:(?P<vague>数)(?P<scale>[十百千万]{{1,2}})|(?P<first>{_JA_NUMBER})(?:{_TO_JA}(?P<second>{_JA_NUMBER}))?)\s?"
    r"(?P<unit>名|人|にん|めい)(?!日|目|様|気|工|件|月|材|手|間|事|前|乗|分|称|生)(?P<after>[^、。\n]{0,6})"
)
_EN = re.compile(
    rf"(?P<before>(?:(?:about|around|roughly|approximately|approx|approx\.|some|nearly|almost|circa|~|over|more than|at least|under|fewer than|less than|up to|below|above|between|max|maximum|minimum|just|only|close to|no more than|upwards of|north of|not more than|a little over|just over|just under)\s?){{0,2}})"
    rf"(?:(?P<vague>(?:a few|several|some) (?:hundred|thousand|dozen)|(?:hundreds|thousands|dozens) of|a couple of (?:hundred|thousand|dozen)|a couple (?:hundred|thousand|dozen)|a handful of)|(?P<first>{_EN_NUMBER})(?:{_TO_EN}(?P<second>{_EN_NUMBER}))?)(?P<plus>\s?\+)?"
    r"(?P<gap>[\s-]{1,2}(?:or more\s|or so\s|or fewer\s|full-time\s|full time\s|total\s|permanent\s|in-house\s|[a-z]+\s)?)(?P<unit>employees|employee|people|staff members|staff|headcount|ftes|fte|persons|person|workers|heads|personnel|team members|strong|folks|members of staff)(?![a-z])(?P<after>[^,.;\n]{0,24})"
)
_EN_LABELLED = re.compile(
    rf"(?:headcount|employees|staff|workforce|company size|team size|number of employees|size|people|we're|we are|we employ|employs|employing|staff of|workforce of|company of|firm of|business of|shop of|startup of|headcount of|we have)\s?(?:is|of|:|=|at|count)?\s?(?P<before>(?:about|around|roughly|approximately|approx|some|nearly|almost|over|more than|at least|under|fewer than|less than|up to|between)?)\s?(?P<first>{_DIGITS})(?P<tail>\s?k)?(?:{_TO_EN}(?P<second>{_DIGITS}))?(?P<plus>\+)?(?=\s?(?:$|[,.;\n!)]|and|in total|total|strong|right now|now|people|employees))"
)
_JA_LABELLED = re.compile(
    rf"(?:社員数|従業員数|人数|社員|従業員|規模|職員数|スタッフ数)\s?(?:は|が|:|=|規模は|の規模は)?\s?(?P<about>約|およそ|だいたい|ざっと)?(?P<first>{_JA_NUMBER})(?:{_TO_JA}(?P<second>{_JA_NUMBER}))?(?P<after>(?:くらい|ぐらい|程度|ほど|前後|以上|以下|未満|超|弱|強)?)(?=$|[、。\n\s,]|です|で|ぐらい|くらい|程度|以上|以下)"
)
_BARE = re.compile(
    rf"^\D{{0,12}}?(?P<first>{_JA_NUMBER}|{_EN_NUMBER})(?:(?:{_TO_JA}|{_TO_EN})(?P<second>{_DIGITS}))?(?P<plus>\+)?(?P<after>\D{{0,10}})$"
)


def find(text: Text, *, asked: Topic | None, ignore: Sequence[Span] = ()) -> Found[Headcount] | None:
    plain = text.plain
    for start, end in ignore:
        plain = plain[:start] + "\n" * (end - start) + plain[end:]
    readers = (_japanese, _english, _one_person) if text.language == "ja" else (_english, _one_person)
    for reader in readers:
        if found := reader(plain, asked):
            return _found(text, *found)
    if asked is Topic.COMPANY and (bare := _BARE.match(plain.strip())) and not re.search(r"[円$€£¥]|年|月|億|歳|階|丁目|番", plain):
        offset = len(plain) - len(plain.lstrip())
        value = _bounds(bare["first"], bare["second"], "", (bare["after"] or "") + (bare["plus"] or ""))
        if value:
            return _found(text, value, offset + bare.start("first"), offset + bare.end("first"), "bare")
    return None


def _found(text: Text, value: Headcount, start: int, end: int, rule: str) -> Found[Headcount]:
    span = text.span(start, end)
    return Found(value=value, span=span, words=text.raw[span[0] : span[1]], certainty=0.9, rule=f"headcount.{rule}")


_Read = tuple[Headcount, int, int, str]


def _japanese(plain: str, asked: Topic | None) -> _Read | None:
    words = load("people")
    best: _Read | None = None
    for match in _JA.finditer(plain):
        head = re.split(r"[、。,\n/]", plain[max(0, match.start() - 14) : match.start()])[-1]
        after = match["after"]
        people = words.says("counts_people", head, ("ja",))
        if re.match(r"(?:で|が|の)?(?:決め|決定|判断|決裁|回し|やって|チーム|体制|ライセンス|アカウント|ユーザー|分|の?営業|の?部|が退職|退職|辞め|採用|の退職|募集|の新人|足り|の意見|参加|合議|一緒|とも|とで)", after):
            continue
        other = words.says("counts_other", head, ("ja",))
        if other and not people or re.search(r"(?:チーム|部|課|営業|ユーザー|グループ|拠点|月)[はがに:の]?$", head) or re.search(r"グループ|連結|ユーザー|ライセンス", head):
            continue
        if "社員" in head and re.search(r"退職|採用|辞め|増や|減", plain[match.end() : match.end() + 6]):
            continue
        if not people and re.fullmatch(r"(?:二|三|2|3|一|1)", match["first"] or "x") and not re.match(r"規模|の会社|体制|です", after):
            continue
        value = (
            Headcount(minimum=2 * _number(match["scale"]), maximum=9 * _number(match["scale"]))
            if match["vague"]
            else _bounds(match["first"], match["second"], match["low"] or "", after)
        )
        if value is None:
            continue
        read = (value, match.start(), match.end("unit"), "people")
        if people:
            return read
        best = best or read
    if best is None and (match := _JA_LABELLED.search(plain)):
        value = _bounds(match["first"], match["second"], "", match["after"])
        return (value, match.start(), match.end(), "labelled") if value else None
    return best


_EN_OTHER_BEHIND = re.compile(
    r"\s*(?:on (?:the|my|our) (?:sales|support|it|marketing|[a-z]+ )?\s?(?:team|committee|board)|in (?:the|my|our) (?:team|department|sales|it|marketing|support|division|group)|(?:who|that|to) (?:decide|sign|approve|vote|need|use|will use|would use)|use|per|using|decide|in sales|in support|in it|quit|left|resigned|a day|a month|at (?:the|our) parent|group-wide|across the group|team|committee|worldwide in the group|for (?:it|this)|have to|need|must|daily)"
)
_EN_OTHER_BEFORE = re.compile(
    r"(?:team (?:is|of|has)|sales team[a-z ]{0,6}|department (?:is|of|has)|for|my team[a-z ]{0,6}|users?:?|seats?:?|hire|hiring|hired|lost|losing|group (?:has|of)|parent (?:company )?(?:has|of)|division (?:of|has)|committee of|one of|with a team of|serves?|serving|customers?:?|manage|managing|lead|leading|supervise|oversee|i run a team of|need|train|onboard)\s*$"
)


def _english(plain: str, asked: Topic | None) -> _Read | None:
    for match in _EN.finditer(plain):
        head = plain[max(0, match.start() - 30) : match.start()]
        if _EN_OTHER_BEHIND.match(match["after"]) or _EN_OTHER_BEFORE.search(head):
            continue
        if re.search(r"sales|support|it|marketing|engineering|tech|dev|field|customer|real|more|other|key|right|wrong|new|our|those|these|of", (match["gap"] or "").strip()) and match["gap"].strip() not in ("", "or more", "or so"):
            continue
        if match["unit"] == "person" and not re.match(r"\s(?:company|business|shop|startup|firm|team|operation|studio|agency|outfit|organization|organisation|office)", match["after"]):
            continue
        if match["unit"] == "person" and match["after"].startswith(" team"):
            continue
        if match["vague"]:
            value: Headcount | None = _vague(match["vague"])
        else:
            value = _bounds(match["first"], match["second"], match["before"], (match["plus"] or "") + match["gap"])
        if value:
            return value, match.start(), match.end("unit"), "people"
    for match in _EN_LABELLED.finditer(plain):
        if match.group().startswith(("we have", "size", "we're", "we are")) and not re.match(r"\s?(?:strong|people|employees|in total|total)", plain[match.end() :]) and asked is not Topic.COMPANY:
            continue
        if plain[max(0, match.start() - 6) : match.start()].strip() in ("team", "sales"):
            continue
        value = _bounds(match["first"] + (match["tail"] or ""), match["second"], match["before"], match["plus"] or "")
        if value:
            return value, match.start(), match.end(), "labelled"
    return None


def _one_person(plain: str, asked: Topic | None) -> _Read | None:
    languages = ("ja", "en") if re.search(r"[ぁ-んァ-ヶ一-龥]", plain) else ("en",)
    hit = load("people").first("one_person", plain, languages)
    if hit is None:
        return None
    words = plain[hit.start : hit.end]
    if asked is not Topic.COMPANY and re.match(r"just me|only me|it's me|myself|(?:私|自分|僕)", words) and asked is Topic.AUTHORITY:
        return None
    if asked is not Topic.COMPANY and not re.search(r"会社|法人|社長|企業|事業|company|business|solo|employee|alone|band|show|shop|startup|operation|firm|just me", words):
        return None
    return Headcount(minimum=1, maximum=1), hit.start, hit.end, "one_person"


_ONLY_MORE = re.compile(r"以上|超|は超|オーバー|よりは?多|を超|\+|or more|plus|強の")
_ONLY_LESS = re.compile(r"以下|未満|以内|まで|より少な|を切|に満た|or fewer|or less|足らず|いかない|いない")


def _bounds(first: str, second: str | None, before: str, after: str) -> Headcount | None:
    low, high = _number(first), _number(second) if second else None
    if low is None or low > 5_000_000:
        return None
    if high is not None:
        if high < low and re.search(r"[百千万k]|hundred|thousand", second or ""):
            low = low * (10 ** (len(str(high)) - 1)) if low < 10 else low
        return Headcount(minimum=min(low, high), maximum=max(low, high))
    if re.search(r"over|more than|at least|above|minimum|upwards|north of|最低|少なくとも", before) or _ONLY_MORE.search(after):
        return None if low == 0 else Headcount(minimum=low, maximum=None)
    if re.search(r"(?<!just )under|fewer|less than|up to|below|max|no more than|not more", before) or _ONLY_LESS.search(after):
        return Headcount(minimum=None, maximum=low)
    return Headcount(minimum=low, maximum=low) if low else None


def _vague(words: str) -> Headcount:
    scale = next((size for word, size in (("hundred", 100), ("thousand", 1_000), ("dozen", 12)) if word in words), 1)
    if "couple" in words:
        return Headcount(minimum=2 * scale, maximum=2 * scale)
    return Headcount(minimum=2 * scale, maximum=9 * scale)


def _number(words: str) -> int:
    """A count in digits, kanji or English words; 0 when it is none."""
    words = words.strip().replace(",", "")
    if match := re.match(r"[0-9]+(?:\.[0-9])?", words):
        rest = words[match.end() :].strip()
        scale = 1
        for sign in rest if rest and rest[0] in _KANJI_SCALE else ():
            scale *= _KANJI_SCALE.get(sign, 1)
        return round(float(match.group()) * scale * _EN_SCALE.get(rest, 1))
    if words and words[0] in (_KANJI.keys() | _KANJI_SCALE.keys()):
        return _kanji(words)
    return _english_words(words)


def _kanji(words: str) -> int:
    if all(sign in _KANJI for sign in words) and len(words) > 1:
        return int("".join(str(_KANJI[sign]) for sign in words))
    total = part = digit = 0
    for sign in words:
        if sign in _KANJI:
            digit = _KANJI[sign]
        elif sign == "万":
            total, part, digit = (total + part + digit or 1) * 10_000, 0, 0
        else:
            part, digit = part + (digit or 1) * _KANJI_SCALE[sign], 0
    return total + part + digit


def _english_words(words: str) -> int:
    total = part = 0
    for word in re.findall(r"[a-z]+", words):
        if word in _WORDS:
            part += _WORDS[word]
        elif word in ("hundred", "dozen"):
            part = (part or 1) * _EN_SCALE[word]
        elif word == "thousand":
            total, part = total + (part or 1) * 1_000, 0
    return total + part
