"""For whom somebody asks: their studies, themselves, or, where they say that they do neither, a firm (M61).

学生です、卒論のため               student
for my own personal use          private
フリーランスです                  business: who trades alone decides for a business
学生向けサービスの会社、個人情報      nothing
"""

import re
from collections.abc import Iterable

from dialogs.reading.found import FAIR, Found
from dialogs.reading.subjects import is_about_another
from dialogs.reading.text import Text
from dialogs.reading.vocabulary import Word
from qualification.bant import Standing, Topic

_MEANS = {
    "student": Standing.STUDENT,
    "studies": Standing.STUDENT,
    "private": Standing.PRIVATE,
    "for_oneself": Standing.PRIVATE,
    "business": Standing.BUSINESS,
}


def find(own: Text, words: Iterable[Word], *, asked: Topic | None) -> Found[Standing] | None:
    """What they say last; what they deny makes them a business: 学生ではありません, "I'm not a student"."""
    found: Found[Standing] | None = None
    mine = [word for word in words if word.meaning in _MEANS]
    if not mine or _RUNS_A_BUSINESS.search(own.plain):
        return None
    says = _says_in_japanese if own.language == "ja" else _says_in_english
    for word in mine:
        end = says(own.plain, word, asked)
        denied = 0 if end else _denied(own, word)
        meant = _MEANS[word.meaning] if end else Standing.BUSINESS
        if (end or denied) and (found is None or found.value is not meant):
            found = own.fact(meant, word.start, end or denied, certainty=FAIR, rule=f"standing.{word.meaning}")
    return found


_RUNS_A_BUSINESS = re.compile(
    r"起業|開業|会社を(?:経営|設立|やって)|(?:店|事業|教室|サロン|塾|工房)を(?:経営|営|やって|開い)|創業|屋号"
    r"|(?<![a-z])(?:founder|co-?founder|start-?up|my own (?:company|business)|(?:i|we) (?:run|own) (?:a|an|my|our) )"
)
"""A student who runs a firm asks for the firm."""


# Japanese

_IS = re.compile(
    r"(?:さん)?(?:です(?!か(?:[?。\s]|$)|と[言答])|で(?=[、,。\s]|すが)|でして|でござい|なので|なんで"
    r"|なの(?=で|[、。]|$)|の身(?:です|な|で)|として"
    r"|だ(?:けど|が|から|よ|$|[。、])|やけど|やねん|や(?=[。、]|$)|っす|(?=[。!\s]*$)|[。!]|と(?:のこと"
    r"|の事|申し|いう立場)|の[^\s。、のはがをに]{1,6}(?:です|と申し))"
)
_FOR_STUDIES = re.compile(
    r"(?:の)?(?:ため|為|関係|一環|参考|調査|資料|題材|テーマ|研究|下調べ|データ集め|取材)|で(?!す?きな"
    r"|は|も)|に(?:使|必要|関|向け|載せ|役立|活)|を(?:書|やって|進め|して)|用|として|です|なの"
    r"|[。、\s]*$"
)
_NOT_MINE = re.compile(
    r"(?:学生|生徒|院生|学生さん|ゼミ生|子供|子ども|息子|娘)(?:さん|たち|達)?(?:の|が|に|向け)[^。、]{0,6}$"
)


def _says_in_japanese(plain: str, word: Word, asked: Topic | None) -> int:
    """Where their words of it end; 0 when this is said of nobody, or of somebody else."""
    if is_about_another(plain, word.start):
        return 0
    if word.meaning == "for_oneself":
        return 0 if _TAKEN_BACK.match(plain, word.end) else word.end
    if word.meaning == "studies":
        goes_on = None if _NOT_MINE.search(plain, max(0, word.start - 12), word.start) else _FOR_STUDIES
    else:
        goes_on = _IS
    behind = goes_on.match(plain, word.end) if goes_on else None
    if behind is None or (word.meaning == "private" and not behind.group() and not _stands_alone(plain, word)):
        return 0
    return max(behind.end(), word.end)


_TAKEN_BACK = re.compile(
    r"[^。、]{0,10}(?:では|じゃ|わけで)(?:な|あり)|[^。、]{0,8}(?:ません|ない(?![と])|人|方|お客|ユーザー)"
)


def _stands_alone(plain: str, word: Word) -> bool:
    return not plain[: word.start].strip(" 、。は私") and not plain[word.end :].strip(" 。!")


# English

_NO_LINK = (
    r"(?!(?:of|for|and|at|with|to|who|the|an?|from|in|on|by|or|not|no|my|our|your|their|his|her|every"
    r"|each|another)\s)"
)
_WORDS = rf"(?:{_NO_LINK}(?:[a-z0-9./&-]+|(?:master|bachelor)'s),?\s){{0,4}}"
_SOFTLY = r"(?:(?:just|only|still|currently|actually|really|also|simply|basically|asking|here|writing)\s)*"
_I_AM = re.compile(
    rf"(?:(?<![a-z])(?:i'?m|i am|im|me[:,]?|(?:^|(?<=[,.;]\s))as|(?:asking|looking|writing|this is) as"
    rf"|it'?s|it is|it would be|this is"
    rf"|for|we'?re|we are|(?:i|we) am)|(?<=\s)as|^|(?<=[.!?\n]\s)|(?<=[.!?\n,]))\s?{_SOFTLY}(?:(?:an?|two"
    rf"|three|a group of|a team of)\s)?{_WORDS}$"
)
_THEY_ARE = re.compile(rf"(?<![a-z])(?:he|she|they)(?:'s|'re| is| are)\s{_SOFTLY}(?:an?\s)?{_WORDS}$")
_ENDS = re.compile(
    r"\s{0,2}(?:$|[.,;:!)\n-](?![a-z])|(?:at|of|in|from|and|doing|writing|working|so|but|who|here"
    r"|studying|researching|looking|trying|with|on|not"
    r"|myself|right|now|rather|then|currently|only|thanks|please|for|thesis|about|this|i|i'm)(?![a-z]))"
)
_FOR_MY = re.compile(
    rf"(?<![a-z])(?:for|writing|write|working on|work on|do|doing|part of|finish|finishing|complete"
    rf"|completing|help with|helps? (?:me )?with|research(?:ing)? for)"
    rf"\s(?:my|our|a|an|this|some)\s{_WORDS}$|(?<![a-z])(?:it'?s|this is|for)\s(?:just\s"
    rf"|only\s)?(?:for\s)?(?:my\s|our\s|a\s|an\s)?{_WORDS}$"
)
_OTHERS = re.compile(
    r"(?<![a-z])(?:customers?|clients?|users?|buyers|members|audience|employees|staff|people|patients"
    r"|tenants|guests|they|he|she|his|her|their|son|daughter|kids?|children"
    r"|hire|hires|hired|hiring|need|teach|sell|sells|selling|serve|serves|in business|work|working"
    r"|decide|speak|see|check)(?![a-z])[^.;!?\n]*$"
)
_NEGATED = re.compile(r"(?<![a-z])(?:not|isn'?t|aren'?t|never|wasn'?t|was|were)(?![a-z])[^,.;!?\n]*$")
_IS_ANOTHERS = re.compile(
    r"\s(?:and (?:my|the|our) (?:team|staff|colleagues|company|firm|boss|business)|by|of (?:our"
    r"|the) (?:staff|team|employees))(?![a-z])"
)


def _says_in_english(plain: str, word: Word, asked: Topic | None) -> int:
    """The same in English."""
    head = plain[max(0, word.start - 80) : word.start]
    notes = asked is None and _THEY_ARE.search(head) is not None and word.meaning in ("student", "private")
    if _NEGATED.search(head) or (_OTHERS.search(head) and not (notes and not _FAMILY.search(plain))):
        return 0
    if word.meaning == "for_oneself":
        return 0 if _IS_ANOTHERS.match(plain, word.end) or not _FOR_ONE.search(head) else word.end
    if word.meaning == "business" and plain.startswith("for ", word.start):
        return word.end
    if not _ENDS.match(plain, word.end):
        return 0
    leads = _FOR_MY if word.meaning == "studies" else _I_AM
    return word.end if notes or leads.search(head) else 0


_FAMILY = re.compile(r"(?<![a-z])(?:son|daughter|kids?|child(?:ren)?|wife|husband|brother|sister)(?![a-z])")
_FOR_ONE = re.compile(
    r"(?:^|[.,;!?\n]\s?|(?<![a-z])(?:just|only|purely|mainly|it'?s|it is|its|this is|it would be|be|it"
    r"|one|something|this|that|use|looking|asking|buy|bought|is|solely|strictly|home|tool"
    r"|software))\s{0,2}$"
)


# Both

_DENIED_JA = re.compile(r"(?:では|じゃ)(?:な|あり|ござ)")
_DENIED_EN = re.compile(
    rf"(?<![a-z])(?:i'?m|i am|im|it'?s|it is|this is)(?: not|n'?t)\s{_SOFTLY}(?:an?\s|for\s)?{_WORDS}$"
)
_DENIABLE = frozenset({"student", "private", "for_oneself"})


def _denied(own: Text, word: Word) -> int:
    """Where they say that they are not that; 0 when they do not."""
    if word.meaning not in _DENIABLE or is_about_another(own.plain, word.start):
        return 0
    if own.language == "ja":
        behind = _DENIED_JA.match(own.plain, word.end)
        return behind.end() if behind else 0
    ahead = _DENIED_EN.search(own.plain, max(0, word.start - 60), word.start)
    return word.end if ahead and _ENDS.match(own.plain, word.end) else 0
