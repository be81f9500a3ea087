"""Which company speaks, and how many people work there.

株式会社サンライズ食品、従業員85名            株式会社サンライズ食品, 85
I'm Kenji Watanabe from Hikari Foods Co., Ltd.   Hikari Foods Co., Ltd.
the group has 20,000 people but our company is 300   300
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from dialogs.reading.clarity import overlaps
from dialogs.reading.clauses import after, before
from dialogs.reading.firm_words import (
    CAME_FROM,
    DEPARTMENT,
    EN_BUSINESS,
    EN_FORM,
    EN_JOB,
    EN_TITLE,
    EN_WHOLE_FIRM,
    JA_BUSINESS,
    JA_FORM,
    JA_TITLE,
    MET,
    OF_ROLES,
    ends_of_businesses,
)
from dialogs.reading.found import Found
from dialogs.reading.lexicon import lexicon
from dialogs.reading.numbers import Number, numbers
from dialogs.reading.places import shows_any
from dialogs.reading.reached import cased
from dialogs.reading.text import MOST, Text
from qualification.bant import Company, Headcount, Topic

SURE, FAIR, GUESSED = 0.95, 0.8, 0.55
"""With its legal form, or a count with its unit; introduced as the company; a bare word or number."""

Ignored = Sequence[tuple[int, int]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Named:
    value: str
    start: int
    end: int
    certainty: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Counted:
    minimum: int | None
    maximum: int | None
    start: int
    end: int
    certainty: float


def find(text: Text, *, asked: Topic | None, ignore: Ignored = (), no_name: Ignored = ()) -> Found[Company] | None:
    """Name (as written, with its legal form) and headcount of the speaker's company; None when neither is said.

    `ignore` are spans of `plain` that are not the person's own statement (a question, an instruction to the bot);
    `no_name` are those where words refuse or do not know: 「非公開です」 is no company's name.
    """
    count = headcount(text, asked, ignore)
    no_name = (*ignore, *no_name)
    name = company(text, asked, (*no_name, (count.start, count.end)) if count else no_name)
    if name is None and count is None:
        return None
    parts = [part for part in (name, count) if part]
    start, end = min(part.start for part in parts), max(part.end for part in parts)
    return Found(
        value=Company(
            name=name.value if name else None,
            headcount=Headcount(minimum=count.minimum, maximum=count.maximum) if count else None,
        ),
        span=text.span(start, end),
        words=text.words(start, end),
        certainty=min(part.certainty for part in parts),
        rule="company." + "+".join(kind for kind, part in (("name", name), ("headcount", count)) if part),
    )


# The name

_LETTER = r"[\u4e00-\u9fff々ァ-ヴーぁ-んa-zA-Z0-9&・.\-]"
_HARD = r"[\u4e00-\u9fff々ァ-ヴーa-zA-Z0-9&・.\-]"
_JA_END = (
    r"(?=です|でして|でござ|でーす|と申|ともうし|といい|と言い|という|って|さん|様|御中|・(?:社員|従業員|職員)|より|から|に勤|に所属|で働|で(?:、|社員|従業員|職員)|は、|は(?:従業員|社員)"
    rf"|の[\u4e00-\u9fff々ァ-ヴー\s]{{1,8}}?(?:です|と申|でご|と言|とい|様|さん|氏(?!名)|{JA_TITLE})"
    r"|に(?:変わ|変更|改|なり|なった|訂正|修正)|へ(?:変更|改称)|が正|じゃな|ではな"
    r"|の[\u4e00-\u9fff々ァ-ヴー\s]{2,8}$|(?=(?:代表取締役(?:社長|会長)?|代表社員|代表理事|代表|社長|取締役|専務|常務"
    r"|部長|課長|係長|店長|所長|工場長|院長)の)"
    r"|の(?:人事|総務|経理|営業|広報|企画|開発|製造|情シス|情報システム|購買|調達|法務|財務|事務|受付|社長|代表|管理)[部課室]?(?:の|、|,|・|\s)|[、。,\s/()「」!?]|$)"
)


@dataclass(frozen=True, kw_only=True)
class _Rule:
    """How people name their company. `signs` are words without which the rule cannot apply; `topics` None is any.

    A name may begin anywhere, so what stands behind it is looked for first: `tail`, or `behind_business` right behind
    a kind of business.
    """

    letters: re.Pattern[str]
    signs: tuple[str, ...] = ("",)
    tail: re.Pattern[str] | None = None
    behind_business: re.Pattern[str] | None = None
    certainty: float = SURE
    topics: frozenset[Topic | None] | None = None


_INTRODUCED = frozenset({Topic.CONTACT, Topic.COMPANY})
_ASKED = frozenset({Topic.COMPANY})
_OF_NOTES = frozenset({None})
_SAYS = r"(?:です|と申し?ます|といいます|と言います|でございます)"
_PLACE = (
    r"(?:東京|大阪|京都|名古屋|横浜|神戸|福岡|札幌|仙台|広島|埼玉|千葉|静岡|新潟|岡山|熊本|鹿児島|沖縄|金沢|浜松|北海道"
    r"|[\u4e00-\u9fff]{1,3}[都道府県市区町村])"
)
_NAMED_WITH = rf"(?:様|さん|氏(?!名)|{JA_TITLE})"


def _of_business(
    ahead: str,
    behind: str,
    topics: frozenset[Topic | None] | None = None,
    letter: str = rf"(?:(?![はがをの]){_LETTER}){{1,16}}?",
) -> _Rule:
    """A name that ends with a kind of business."""
    return _Rule(
        letters=re.compile(rf"{ahead}(?P<name>{letter}{JA_BUSINESS}){behind}"),
        behind_business=re.compile(behind),
        certainty=FAIR,
        topics=topics,
    )


_BEGINS = r"(?:^|(?<=[。、,\s:「/(]))"
_IN_A_DEPARTMENT = (
    rf"[・、\s]{DEPARTMENT}[の\s]?[\u4e00-\u9fff々ァ-ヴー]{{1,6}}{_NAMED_WITH}(?=[とにへ。、\s(]|より|から|$)"
)
_WAS_MET = rf"{_NAMED_WITH}(?:と(?:面談|会|話|商談|通話|接続|電話|打|mtg|MTG)|[にへ](?:架電|電話|訪問|提案)|より|から)"
_JA_RULES = (
    # 日の出建設(有)です
    _Rule(
        signs=("会社", "法人", "(株)", "(有)", "(合)", "(同)"),
        letters=re.compile(rf"(?:{_BEGINS}|(?<=は))(?P<name>(?:(?![はがを]){_LETTER}){{1,20}}?{JA_FORM}){_JA_END}"),
    ),
    # 合同会社ノースフィールドと申します
    _Rule(
        signs=("会社", "法人", "(株)", "(有)", "(合)", "(同)"),
        letters=re.compile(
            rf"(?P<name>{JA_FORM}\s?(?!です|でご|と申|から|より|なので|なんで|[がをの]|[にへ](?:変|改|な)|じゃ|では|でなく){_LETTER}{{1,24}}?){_JA_END}"
        ),
    ),
    # 会社名は青空フーズです
    _Rule(
        signs=("社", "法人名", "勤務先", "所属", "屋号"),
        letters=re.compile(
            rf"(?:会社名|社名|企業名|法人名|勤務先|所属|屋号|会社)(?:は|:|が)\s?(?P<name>{_LETTER}{{2,24}}?){_JA_END}"
        ),
        certainty=FAIR,
    ),
    # 青空商事の山田です
    _of_business(
        r"(?:^|(?<=[。、,\s]))",
        r"の[\u4e00-\u9fff々ァ-ヴー\s]{1,8}(?:です|と申|でござ)",
        letter=rf"{_HARD}{{1,16}}",
    ),
    # 会社名が違います。みどり金属工業です
    _Rule(
        signs=("社",),
        letters=re.compile(
            rf"(?:会社名|社名|企業名|法人名|会社)[^。、]{{0,10}}(?:違|間違|訂正|誤|変わ|修正|書い|書き|古)[^。]{{0,10}}[。、]\s?(?:正しくは、?|正式には、?|今は|現在は|本当は)?"
            rf"(?P<name>{_LETTER}{{2,24}}?)(?=です|でし|になり|が正|に訂|に変|に修|と申|[。\s]|$)"
        ),
        certainty=FAIR,
    ),
    # 大阪の東雲電機産業、購買の西岡と申します; みずき歯科クリニックの受付の者です
    _of_business(
        rf"(?:^|(?<=[。、,\s]))(?:{_PLACE}の)?",
        r"(?:、|,|の)[^。\n]{1,20}?(?:です|と申|でござ|$)",
        topics=frozenset({Topic.CONTACT, Topic.COMPANY, None}),
        letter=rf"(?:(?![はがを]){_LETTER}){{1,16}}?",
    ),
    # ヤマト精機の黒田様と電話
    _of_business(
        rf"{_BEGINS}(?!{OF_ROLES})",
        rf"[の・、\s]?(?:[^\s。、のは]{{1,8}}[の\s])?[\u4e00-\u9fff々ァ-ヴー]{{1,8}}?{_NAMED_WITH}"
        r"(?!(?:から|より|から)?の?ご?紹介)(?=[とにへで、。\s(]|より|から|$)",
        topics=_OF_NOTES,
    ),
    # 訪問。青空堂 総務部 石田様
    _Rule(
        signs=("様", "さん", "氏", "長", "先生", "役", "任"),
        letters=re.compile(
            rf"(?:^|[。、\s:/])(?!{OF_ROLES}|{DEPARTMENT}|{JA_TITLE})(?P<name>(?:(?![はがをのにで]){_LETTER}){{2,16}}?){_IN_A_DEPARTMENT}"
        ),
        tail=re.compile(_IN_A_DEPARTMENT),
        certainty=FAIR,
        topics=_OF_NOTES,
    ),
    # 4/20 訪問 まるや 石田様
    _Rule(
        signs=("様", "さん", "氏", "長", "先生", "役", "任"),
        letters=re.compile(
            rf"^[^。\n]{{0,14}}?{MET}(?:済み?|メモ|記録)?\s?[。:、\s]\s?(?!{OF_ROLES}|{DEPARTMENT}|{JA_TITLE}|{MET}|[0-9])"
            rf"(?P<name>(?:(?![はがをにで]){_HARD}){{2,14}}?)[の・、\s](?:{DEPARTMENT}[の\s]?)?"
            rf"[\u4e00-\u9fff々ァ-ヴー]{{1,6}}(?:様|さん|氏(?!名)|{JA_TITLE})(?=[とにへ。、\s(]|より|から|$)"
        ),
        certainty=FAIR,
        topics=_OF_NOTES,
    ),
    # アクメの黒田部長と商談
    _Rule(
        signs=("様", "さん", "氏", "長", "役", "任", "マネージャー", "リーダー"),
        letters=re.compile(
            rf"{_BEGINS}(?!{OF_ROLES})(?P<name>[ァ-ヴー・]{{3,16}}|[A-Z][A-Za-z&]{{3,16}})の[\u4e00-\u9fff々ァ-ヴー]{{1,8}}?"
            rf"{_WAS_MET}"
        ),
        tail=re.compile(_WAS_MET),
        certainty=FAIR,
        topics=_OF_NOTES,
    ),
    # サンライズ食品様と商談
    _of_business(
        rf"{_BEGINS}(?!{OF_ROLES})",
        r"(?:様|さん)(?=と(?:面談|会|話|商談|通話|接続|電話|打|mtg|MTG)|[をにへ]?(?:架電|電話|訪問|提案)|より|から問)",
        topics=_OF_NOTES,
    ),
    # アクメの山田です
    _Rule(
        signs=("です", "と申", "でござ"),
        letters=re.compile(
            r"(?:^|(?<=[。、,\s]))(?P<name>[ァ-ヴーA-Za-z&・]{2,16})の[\u4e00-\u9fff々]{1,6}(?:です|と申|でござ)"
        ),
        certainty=FAIR,
        topics=_INTRODUCED,
    ),
    # アクメです
    _Rule(
        letters=re.compile(rf"^(?:弊社は|当社は|うちは|私どもは)?(?P<name>{_LETTER}{{2,20}}?){_SAYS}?(?=[。、,\s(]|$)"),
        certainty=GUESSED,
        topics=_ASKED,
    ),
)

_WORD = r"(?:(?:[A-Z]|St|Mt)\.(?!\s[A-Z][a-z]*\s[a-z])|[A-Z](?:[\w'&-]|\.(?=\w))*)"
_FIRM_NAME = rf"(?P<name>{_WORD}(?:\s(?:of|for|de|du|and)\s{_WORD}|\s(?:{_WORD}|&)){{0,4}})"
# the same in small letters, which is found much sooner
_WORKS_AT = re.compile(
    rf"(?:{EN_TITLE}(?:\s(?:of|for)\s[a-z&]{{1,14}})?\s(?:at|@|with|for)|{EN_WHOLE_FIRM}\sof)\s".replace("(?i:", "(?:")
)
_EN_RULES = (
    # Quill & Co Ltd
    _Rule(
        letters=re.compile(
            rf"(?<![\w'])(?P<name>(?!(?:We're|We|I'm|It's|Our|This|From)\s|(?:C[A-Z]O|[A-Z]?VP|MD|GM|Head|Director|Manager|President|Founder|Owner|Partner|Chair)\s(?:of|at|for)\s){_WORD}(?:\s(?:{_WORD}|&|and|of)){{0,5}}?{EN_FORM}{{1,3}})(?!\w)"
        )
    ),
    # I'm Grace, CFO at Windmill Foods; I work for Acme
    _Rule(
        signs=("company", "called", "work", "represent", "from", "behalf", " at ", "with", " of ", "@"),
        letters=re.compile(
            r"\b(?i:company(?: name)?(?: is|:|'s)|we(?:'re| are) called|company is called|work (?:at|for)|i represent"
            r"|(?:here )?from|(?:desk|reception|office|team|department|support) (?:at|of)|on behalf of|i'm with"
            r"|i am with|i'm (?:over )?at|(?:c[a-z]o|vp|manager|director|head|lead|engineer|founder|owner|buyer)"
            r"(?: (?:of|for) [a-zA-Z&]{1,14})? (?:at|with|@)|[a-z]{2,12} @)"
            r"\s(?:the\s)?"
            rf"(?P<name>{_WORD}(?:\s(?:of|for|de|du)\s{_WORD}|\s(?:{_WORD}|&)){{0,4}})"
        ),
        certainty=FAIR,
        topics=frozenset({Topic.COMPANY, Topic.CONTACT, None}),
    ),
    # Tom Reyes (COO, Brightline Solar, 300 people)
    _Rule(
        signs=("(",),
        letters=re.compile(
            r"\((?i:c[a-z]o|vp|svp|md|president|owner|founder|director|head|manager|lead|partner|engineer)"
            rf"(?: (?i:of|for) [a-zA-Z]+)?(?:,| @| at) (?P<name>{_WORD}(?:\s(?:{_WORD}|&)){{0,4}})(?=[,)])"
        ),
        certainty=FAIR,
    ),
    # IT coordinator at Brookfield Schools; Luis Ortega, CFO of Meridian Foods
    _Rule(
        signs=(" at ", " @ ", " of ", " with ", " for "),
        letters=re.compile(
            rf"\b(?:{EN_TITLE}(?:\s(?:of|for)\s[a-zA-Z&]{{1,14}})?\s(?:at|@|with|for)|{EN_WHOLE_FIRM}\sof)\s(?:the\s)?{_FIRM_NAME}"
        ),
        tail=_WORKS_AT,
        certainty=FAIR,
        topics=_OF_NOTES,
    ),
    # Asha Patel, bursar, Brookfield School District, 1,100 employees
    _Rule(
        signs=(",",),
        letters=re.compile(
            rf"^(?:[^.:\n]{{1,40}}[.:]\s)?[^.,\n]{{2,40}},\s{EN_JOB}(?:\s(?:of|for)\s[a-zA-Z&]{{1,14}})?,\s{_FIRM_NAME}(?=,|\.\s|\.?$|\s\()"
        ),
        certainty=FAIR,
        topics=_OF_NOTES,
    ),
    # Helen Osei owns Osei Dental Care
    _Rule(
        signs=(" owns ", " runs ", " founded "),
        letters=re.compile(
            rf"^(?:[^.:\n]{{1,40}}[.:]\s)?(?:{_WORD}\s){{1,3}}(?:owns|runs|founded)\s(?:the\s)?{_FIRM_NAME}"
        ),
        certainty=FAIR,
        topics=_OF_NOTES,
    ),
    # sorry, it's Sanwa Technos now
    _Rule(
        letters=re.compile(
            r"\b(?i:it's|it is|should be|we're|we are|i meant|correct name is)"
            rf"\s(?P<name>{_WORD}(?:\s(?:{_WORD}|&|and|of)){{0,5}})"
            r"(?=\s(?:now|actually)|[.,!]|$)"
        ),
        certainty=FAIR,
        topics=_ASKED,
    ),
    # Okamoto Builders, Keith Okamoto, 503-555-0123
    _Rule(
        letters=re.compile(rf"(?:^|[,/]\s?)(?P<name>(?:{_WORD}\s){{1,3}}{EN_BUSINESS})(?=\s?(?:[,/]|$))"),
        certainty=FAIR,
        topics=_INTRODUCED,
    ),
    # Crestline Robotics, 40-50 employees; also in small letters
    _Rule(
        letters=re.compile(rf"^(?P<name>{_WORD}(?:\s(?:{_WORD}|&|and|of|the)){{0,5}})(?=\s?(?:[,;(]|-\s|$|\.$|\.\s))"),
        certainty=GUESSED,
        topics=_ASKED,
    ),
    _Rule(
        letters=re.compile(r"^(?P<name>[a-z][a-z&'.-]{1,20}(?:\s[a-z&][a-z&'.-]{0,20}){0,3})(?=\s?(?:[,;(]|-\s|$))"),
        certainty=GUESSED,
        topics=_ASKED,
    ),
)
_NOT_OURS = re.compile(
    r"(?:競合|他社|御社|貴社|取引先|親会社|competitor|compete with|supplier|using|vendor|parent company|store|set)"
    r"\s?(?:の|は|is|like|company\s?=)?\s?$"
)


def _may_stand(rule: _Rule, plain: str) -> bool:
    if behind := rule.behind_business:
        return any(behind.match(plain, end) for end in ends_of_businesses(plain))
    return rule.tail is None or rule.tail.search(plain) is not None


def company(text: Text, asked: Topic | None, ignore: Ignored) -> Named | None:
    """The first name that is their company's."""
    for rule in _JA_RULES if text.language == "ja" else _EN_RULES:
        if (
            (rule.topics is None or asked in rule.topics)
            and shows_any(text.plain, rule.signs)
            and _may_stand(rule, text.plain)
        ):
            for match in islice(rule.letters.finditer(cased(text)), MOST):
                if named := _named(text, match, rule.certainty, ignore):
                    return named
    return None


_NO_ABBREVIATION = re.compile(r"(?:LLP|LLC|PLC|plc|GmbH|AG)\.$")
"""Behind them stands no full stop but that of the sentence."""
_GREETS = re.compile(r"(?:hello|hi|hey|this is|i'm|i am|good morning|good afternoon)[,!]?\s$")


_CAME = re.compile(rf"{CAME_FROM}$")
_A_JOB = re.compile(rf"\s?[,(]\s?(?:the\s|an?\s)?{EN_JOB}")


def _named(text: Text, match: re.Match[str], certainty: float, ignore: Ignored) -> Named | None:
    start, end = match.span("name")
    value = match["name"].strip(" -,")
    if _NO_ABBREVIATION.search(value):
        value, end = value[:-1], end - 1
    if " of " in value and _GREETS.search(text.plain, 0, start):
        value = value.partition(" of ")[2]  # "hello, Erin Walsh of Toa Linen Inc. here"
        start = end - len(value)
    if _CAME.search(text.plain, max(0, start - 24), start) and _A_JOB.match(text.plain, end):
        return None  # "enquiry from Lisa Brandt (owner)" names a person
    if overlaps(start, end, ignore) or _NOT_OURS.search(text.plain, max(0, start - 20), start):
        return None
    if certainty == SURE or _may_be_company(value, text, guessed=certainty == GUESSED):
        return Named(value=value, start=start, end=end, certainty=certainty)
    return None


_DATE = re.compile(
    r"(?i)^(?:january|february|march|april|may|june|july|august|september|october|november|december|q[1-4]|h[12]|monday"
    r"|tuesday|wednesday|thursday|friday)\b"
)


def _may_be_company(value: str, text: Text, *, guessed: bool) -> bool:
    plain = value.lower()
    if guessed and plain.endswith(("で", "に", "は", "も", "が", "から", "ので", "けど")):
        return False
    if not re.search(r"[^\W\d_]", value) or (guessed and re.search(r"[0-9]", value)):
        return False
    words = lexicon("firm").words("not_a_company", text.language).spellings
    if text.language == "ja":
        if any(word in plain for word in words if not word.isascii()):
            return False
        return not guessed or re.search(r"[ァ-ヴーa-z]{2}|[\u4e00-\u9fff]{2}", plain) is not None
    if _DATE.match(value):
        return False
    if guessed and value.islower() and plain.split()[-1] in lexicon("firm").words("kind_of_business", "en").spellings:
        return False
    return not set(re.split(r"[\s,.]+", plain)) & set(words) if guessed else plain.split()[0] not in words


# How many

_UNIT = re.compile(
    r"[\s-](?:person|people|man|employee|staff)(?= (?:[a-z]+ ){0,2}"
    r"(?:company|shop|firm|business|agency|startup|studio|practice|office"
    r"|clinic|outfit|operation|charity|school|bakery|restaurant|hotel|brewery|consultancy|manufacturer|nonprofit|factory)(?![a-z]))|"
    r"\s?(?:名|人(?!月|日|件|目|気|材|前|工|的|手|あたり|当たり|につき|分)|にん)"
    r"|\s?\+?[\s-]?(?:or (?:so|more|fewer)\s|odd\s)?(?:full-time\s|permanent\s|total\s|other\s)?"
    r"(?:people|employees|employee|staff(?:ers)?|ppl|emps?|persons|heads|ftes?|headcount|of us|strong|workers"
    r"|folks|souls|personnel|full-?\s?timers?|part-?\s?timers?|permanent)(?![a-z])"
)
# "20 in sales, 140 in total"
_IN_TOTAL = re.compile(r"\s?(?:in total|all told|altogether|overall)(?![a-z])")
_ABOUT = (
    r"(?:about|around|roughly|approximately|approx\.?|over|under|some|nearly|almost|more than|less than|fewer than"
    r"|up to|at least|north of|upwards of|above|in excess of|~)"
)
_LABEL = re.compile(
    r"(?:社員数?|従業員数?|職員数?|スタッフ数?|人数|規模|総勢|全社|全体|パート(?:込み|含め)(?:て|だと|で)?(?:全部で)?)"
    r"(?:は|で|が|:|だと)?(?:だいたい|約|およそ|全部で|ざっと|も)?\s?$"
    r"|(?:firm|company|business|shop|outfit|startup|agency|practice|clinic) of"
    rf"\s?{_ABOUT}?\s?$"
    r"|(?:we're|we are|just|it's|only|us,|as) an? (?:[a-z-]+ ){0,2}"
    r"(?:team|crew|family|group|bunch|band|office|outfit|shop) of"
    rf"\s?{_ABOUT}?\s?$"
    r"|(?:headcount|employees|staff|company size|size|workforce|we are|we're|our company is|company has|company is"
    rf"|we employ|employs|there are)(?:\s(?:is|of|are|count is))?\s?:?\s?{_ABOUT}?\s?$"
)
_FLOOR_BEFORE = re.compile(
    r"(?:over|more than|at least|minimum(?: of)?|upwards of|north of|above|in excess of|最低|少なくとも)(?:\sa)?\s?$"
)
_CEILING_BEFORE = re.compile(
    r"(?:under|fewer than|less than|up to|no more than|not more than|at most|below|maximum(?: of)?"
    r"|max\.?|最大|多くても?)\s?$"
)
_FLOOR_BEHIND = re.compile(
    r"\s?(?:名|人|people|employees|staff)?\s?(?:以上|超|オーバー|より多|\+|or more|plus|and up"
    r"|(?:は|も|を)?(?:優に|軽く|ゆうに|余裕で)?(?:超え|こえ|上回|下ら|くだら))"
)
_CEILING_BEHIND = re.compile(
    r"\s?(?:名|人|people|employees|staff)?\s?"
    r"(?:以下|以内|未満|まで|も?いな|も?いませ|に満たな|に?届か|(?:も|まで)?いかな|or (?:fewer|less)|max|tops)"
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
    rf"(?:{_ABOUT}|約|だいたい|およそ|たぶん|maybe|probably|we're|we are|it's|between|from|just"
    r"|a little|a bit|a touch|slightly|正しくは|正確には|実際は|実は|本当は"
    r"|[0-9]{1,6}(?:名|人)?(?:(?:じゃ|では|で)なくて?|→|->)|[\s、,])*"
)
_BARE_END = re.compile(
    r"(?:です|だ|くらい|ぐらい|程度|ほど|前後|以上|以下|未満|弱|強|かな|ですね|or so|i think|now"
    r"|total|in total|altogether|globally|worldwide|nationwide|overall|company-?wide"
    r"|in the (?:company|firm|business)|across (?:all|the|our|two|three|four) [a-z]{1,12}|here"
    r"|i reckon|i guess|i'd say|give or take|thereabouts|or thereabouts|roughly"
    r"|ish|と思(?:う|います)|やと思(?:う|います)|かと|の間"
    r"|の間違い|の誤り|が正(?:解|しい(?:数字)?)|に(?:訂正|修正)|でした|\+|[\s。.!、])*"
    r"(?:(?:including|incl\.?|counting|plus|with|excluding)\s.{1,40}|(?:込み|含む|含め|入れて).{0,20})?"
)


_GOES_ON = re.compile(r"[^\W\d_ぁ-ん]")
"""A letter behind a bare number makes it another number: "80k", 「80歳」."""
_ONLY_WHO_DECIDES = frozenset({"just me", "only me"})


def headcount(text: Text, asked: Topic | None, ignore: Ignored) -> Counted | None:
    """The count that is the whole company's; a one-person company is 1."""
    plain = text.plain
    one = lexicon("firm").pattern("one_person", text.language).search(plain)
    if (
        one
        and not (asked is Topic.AUTHORITY and one.group() in _ONLY_WHO_DECIDES)
        and not overlaps(*one.span(), ignore)
    ):
        return Counted(minimum=1, maximum=1, start=one.start(), end=one.end(), certainty=FAIR)
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
        begin = before(plain, text.language, count.start, reach=30)
        if _WHOLE.search(plain, begin, after(plain, text.language, count.end, reach=12)):
            return count
    return counts[0]


_ASIDE = re.compile(r"\s?\([^)0-9]{0,16}[0-9]")
_WHOLE = re.compile(r"全体|全部で|合計|総計|の計|総勢|全社|in total|altogether")
_COUNTS = re.compile(
    r"名|人|社員|職員|people|employ|staff|ppl|of us|strong|head|workforce|fte|company is|company has|we are|we're|size"
    r"|in total|all told|altogether|overall"
)


def _might_count(plain: str) -> bool:
    return _COUNTS.search(plain) is not None


def _counts(text: Text, asked: Topic | None) -> Iterator[Counted]:
    found = numbers(text)[:MOST]
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
    return _JOINT.fullmatch(plain, first.end, last.start) is not None


_OF_THE_WORK = re.compile(r"(?<![a-z])(?:takes|take|took|needs|ties up|requires|lost)\s$")
# "it takes three people to do the payroll"


def _counts_people(text: Text, first: Number, last: Number, asked: Topic | None) -> float:
    """How sure it is that this counts the people of the company; 0 when it does not."""
    plain = text.plain
    if _OF_THE_WORK.search(plain, max(0, first.start - 10), first.start):
        return 0
    unit = _UNIT.match(plain, last.end)
    if not unit and _NOT_A_COUNT.match(plain, last.end):
        return 0
    if last.high < 1 or (first.start and plain[first.start - 1] in "$€£¥"):
        return 0
    begin = before(plain, text.language, first.start, reach=24)
    if asked in _INTRODUCES and not unit and not _MEASURED.search(plain):
        unit = _IN_TOTAL.match(plain, last.end)
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
    others = lexicon("firm").pattern("not_the_company", text.language)
    behind = unit.end() if unit else last.end
    if not (unit and _STAFF_OR_ALL.search(plain, begin, first.start)) and (
        others.search(plain, begin, first.start) or others.search(plain, behind, max(behind, min(end, last.end + 30)))
    ):
        return 0
    if unit:
        return SURE
    if labelled and not _GOES_ON.match(plain, last.end):
        named = re.search(r"headcount|employ|staff|size", plain[begin : first.start])
        return FAIR if text.language == "ja" or asked is Topic.COMPANY or named else 0
    begin = before(plain, text.language, first.start, reach=60)
    end = after(plain, text.language, last.end, reach=60)
    alone = _BARE.fullmatch(plain, begin, first.start) and _BARE_END.fullmatch(plain, last.end, end)
    return GUESSED if alone else 0


# 「スタッフ12名で患者は1日80人」, 「店舗が3つで合計45名」
_STAFF_OR_ALL = re.compile(
    r"(?:(?:社員|従業員|職員|スタッフ)(?:数|全員)?(?:は|が|:)?|合計(?:で)?|総勢|全部で|合わせて|全員で)\s?約?$"
)
# 「人数、50じゃなくて500」; "I said 20 people, it's 200", of which the 20 is taken back
_ANOTHER_COUNT = re.compile(r"[0-9] [a-z]{3,16} (?:and|plus|with|&) $")
_BEHIND_WORDS = frozenset(", 、\n\t\u3000")
_CORRECTED = re.compile(
    r"(?:人数|社員数|従業員数|職員数|headcount|head count)[、,]\s?$"
    r"|(?:people|staff|employees),? (?:it's|it is|it was|actually|make it|make that|should be|rather) "
    r"(?:actually |really )?$"
)
_WE_ARE_A_TEAM = re.compile(
    rf"(?:we're|we are|just|it's|only) an? (?:[a-z-]+ ){{0,2}}(?:team|crew|family|bunch) of\s?{_ABOUT}?\s?$"
)


def _bounded(text: Text, first: Number, last: Number, certainty: float) -> Counted:
    plain = text.plain
    low, high = int(first.low), int(last.high)
    if first is not last and first.low < last.low / 100 and last.scale > 1:
        low = int(first.low * last.scale)  # 3〜5千人: the scale is said once
    minimum: int | None = low
    maximum: int | None = high
    front = plain[max(0, first.start - 24) : first.start]
    if _CEILING_BEFORE.search(front) or _CEILING_BEHIND.match(plain, last.end):
        minimum = None
    elif _FLOOR_BEFORE.search(front) or _FLOOR_BEHIND.match(plain, last.end):
        maximum = None
    unit = _UNIT.match(plain, last.end)
    end = unit.end() if unit else last.end
    return Counted(minimum=minimum, maximum=maximum, start=first.start, end=end, certainty=certainty)
