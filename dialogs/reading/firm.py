"""Which company speaks, and how many people work there.

株式会社サンライズ食品、従業員85名            株式会社サンライズ食品, 85
I'm Kenji Watanabe from Hikari Foods Co., Ltd.   Hikari Foods Co., Ltd.
the group has 20,000 people but our company is 300   300
"""

import re
from dataclasses import dataclass, replace
from functools import cache
from itertools import islice

from dialogs.reading import note_head
from dialogs.reading.clarity import Ignored, overlaps
from dialogs.reading.english_names import names_no_firm
from dialogs.reading.firm_in_front import is_a_trade, is_anybodys, owner_in_front, trade_at_the_end
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
    OF_ROLES,
    PLACE,
    ends_of_businesses,
    firm_corrected,
)
from dialogs.reading.found import FAIR, GUESSED, SURE, Found, Language, Part, Span
from dialogs.reading.headcount import Counted, headcount
from dialogs.reading.introductions import introductions
from dialogs.reading.japanese_names import is_listed
from dialogs.reading.japanese_words import either, kana_words, listed
from dialogs.reading.lexicon import lexicon
from dialogs.reading.names_like_dates import begins_with_a_date
from dialogs.reading.sought import Sought, sought
from dialogs.reading.text import MOST, Text, cased
from qualification.bant import Company, Headcount, Topic


def find(text: Text, *, asked: Topic | None, ignore: Ignored = (), no_name: Ignored = ()) -> Found[Company] | None:
    """Name (as written, with its legal form) and headcount of the speaker's company; None when neither is said.

    `ignore` are spans of `plain` that are not the person's own statement (a question, an instruction to the bot);
    `no_name` are those where words refuse or do not know: 「非公開です」 is no company's name.
    """
    count = headcount(text, asked, ignore)
    no_name = (*ignore, *no_name)
    if count and _in_words(text, count) and (named := _with_a_count(count, company(text, asked, no_name))):
        count = headcount(text, asked, (*ignore, named))
    name = company(text, asked, (*no_name, (count.start, count.end)) if count else no_name)
    if name and text.language == "ja":
        name = _with_its_house(cased(text), name)
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


def _in_words(text: Text, count: Counted) -> bool:
    """Whether a count may be of a firm's name: "Twenty Four", but never 24."""
    return text.language == "en" and text.plain[count.start].isalpha()


def _with_a_count(count: Counted, name: Part | None) -> Span | None:
    """Where the name of a firm stands whose words count nobody: "Twenty Four Seven Couriers Ltd"."""
    inside = name and name.certainty == SURE and name.start <= count.start and count.end <= name.end
    return (name.start, name.end) if name and inside else None


# The name

_OWNER = r"(?:社会医療|医療|学校|社会福祉|宗教)法人(?:社団|財団)?\s?[\u4e00-\u9fff々ァ-ヴーぁ-ん]{1,12}?"
_HOUSE = (
    r"[\u4e00-\u9fff々ァ-ヴーぁ-んa-zA-Z]{1,16}?"
    r"(?:病院|医院|クリニック|診療所|歯科|高校|高等学校|中学校|小学校|学校|大学|幼稚園|保育園|こども園|老人ホーム[ぁ-んァ-ヴー]{0,8}|苑|荘|ケアセンター|寺|神社)"
)
_ITS_HOUSE = re.compile(rf"(?:\s|の){_HOUSE}(?=です|でござ|と申|の|で[、は]|[。、,\s/()]|$)")


def _with_its_house(written: str, name: Part) -> Part:
    """医療法人みどり会 八千代中央病院: who runs a house and the house are one name."""
    if not re.fullmatch(_OWNER, name.value):
        return name
    house = _ITS_HOUSE.match(written, name.end)
    return replace(name, value=written[name.start : house.end()], end=house.end()) if house else name


_LETTER = r"[\u4e00-\u9fff々ァ-ヴーぁ-んa-zA-Z0-9&・.\-]"
_JA_END = (
    r"(?=です|でして|でござ|でーす|と申|ともうし|といい|と言い|という|って|さん|様|御中|・(?:社員|従業員|職員)|より|から|に勤|に所属|で働|いう(?:とこ|もん|者)|ゆう(?:とこ|もん)|で(?:、|社員|従業員|職員)|(?:従業員|社員|職員)数|は、|は(?:従業員|社員)"
    rf"|の(?!(?:里|会|家|丘|杜|風|輪|郷|宿|湯|木|実|花|空|海|国|村|園|舎|家族|食卓)(?:です|と申|でご|$))[\u4e00-\u9fff々ァ-ヴー\s]{{1,8}}?(?:です|と申|でご|と言|とい|様|さん|氏(?!名)|\({JA_TITLE}|{JA_TITLE})"
    r"|で[\u4e00-\u9fffァ-ヴー]{2,10}を?(?:して|担当|務め|やって)|の[\u4e00-\u9fffァ-ヴー]{2,8}に(?:おり|勤め|勤務|所属|いま)"
    r"|に(?:変わ|変更|改|なり|なった|訂正|修正)|へ(?:変更|改称)|が正|じゃな|ではな"
    r"|の[\u4e00-\u9fff々ァ-ヴー\s]{2,8}$|(?=(?:代表取締役(?:社長|会長)?|代表社員|代表理事|代表|社長|取締役|専務|常務"
    r"|部長|課長|係長|店長|所長|工場長|院長)の)"
    r"|の(?:人事|総務|経理|営業|広報|企画|開発|製造|情シス|情報システム|購買|調達|法務|財務|事務|受付|社長|代表|管理|採用|労務|教育|施設|設備|品質|生産|物流|商品)(?:部|課|室|担当者?|責任者)?(?:の|、|,|・|\s)|[、。,\s/()「」!?]|$)"
)


@dataclass(frozen=True, kw_only=True)
class _Rule:
    """How people name their company. `topics` None is any.

    A name may begin anywhere, so what stands behind it is looked for first: `tail`, or `behind_business` right behind
    a kind of business.
    """

    letters: Sought
    tail: Sought | None = None
    behind_business: re.Pattern[str] | None = None
    certainty: float = SURE
    topics: frozenset[Topic | None] | None = None


_INTRODUCED = frozenset({Topic.CONTACT, Topic.COMPANY})
_ASKED = frozenset({Topic.COMPANY})
_OF_NOTES = frozenset({None})
_SAYS = r"(?:です|と申し?ます|といいます|と言います|でございます)"
_NAMED_WITH = rf"(?:様|さん|先生|氏(?!名)|{JA_TITLE})"


def _of_business(
    ahead: str,
    behind: str,
    topics: frozenset[Topic | None] | None = None,
    letter: str = rf"(?:(?![はがをの]){_LETTER}){{1,16}}?",
) -> _Rule:
    """A name that ends with a kind of business."""
    return _Rule(
        letters=sought(rf"{ahead}(?P<name>{letter}{JA_BUSINESS}){behind}"),
        behind_business=re.compile(behind),
        certainty=FAIR,
        topics=topics,
    )


_BEGINS = r"(?:^|(?<=[。、,\s:「/(]))"
_JA_RULES = (
    # 日の出建設(有)です
    _Rule(
        letters=sought(
            rf"(?:{_BEGINS}|(?<=は))(?P<name>(?!{JA_FORM})(?:[A-Za-z0-9][A-Za-z0-9&.'-]{{0,18}}\s){{0,4}}(?:(?![はがを]){_LETTER}){{1,20}}?{JA_FORM}){_JA_END}"
        ),
    ),
    # 屋号は「アトリエこもれび」
    _Rule(
        letters=sought(
            r"(?:会社名|社名|企業名|法人名|団体名|屋号|店名|園名|会社|店|うち|弊社|当社)(?:の名前)?[は:が、,]?\s?[「『](?P<name>[^「」『』\n]{2,24})[」』]"
        ),
        certainty=FAIR,
    ),
    # 「まるごと野菜市」という八百屋をやっております
    _Rule(
        letters=sought(
            r"[「『](?P<name>[^「」『』\n]{2,24})[」』](?:という[^、。\n]{0,10}?(?:です|で?をやって|を経営|を営|を運営|と申|でやって)|を(?:経営|営|運営)|と(?:いいます|申します|言います))"
        ),
        certainty=FAIR,
    ),
    # cafe tsumugiという店です
    _Rule(
        letters=sought(
            r"^(?P<name>[^、。「」『』\n]{2,24}?)という(?:名前の|屋号の|名の)?[^、。\n]{0,6}?(?:会社|法人|団体|店|社|事務所|工房|屋)(?:です|をやって|を経営|を営|を運営|と申|でやって)"
        ),
        certainty=FAIR,
        topics=_INTRODUCED,
    ),
    # 合同会社ノースフィールドと申します
    _Rule(
        letters=sought(
            rf"(?P<name>{JA_FORM}\s?(?!です|でご|と申|から|より|なので|なんで|従業員|社員|職員|[がをの]|[にへ](?:変|改|な)|じゃ|では|でなく)(?:[A-Za-z0-9&.'-]{{1,20}}(?:\s[A-Z&][A-Za-z0-9&.'-]{{0,20}}){{1,4}}|{_LETTER}{{1,45}}?)){_JA_END}"
        ),
    ),
    # 会社名は青空フーズです
    _Rule(
        letters=sought(
            rf"(?:会社名|社名|企業名|法人名|勤務先|所属|屋号|店名|[店社園院塾館]の名前|(?<![\u4e00-\u9fffァ-ヴー])会社)(?:は|:|が|→|⇒|=)\s?(?P<name>{_LETTER}{{2,24}}?){_JA_END}"
        ),
        certainty=FAIR,
    ),
    # 会社名言ってなかった、田中商店です
    _Rule(
        letters=sought(
            rf"(?:会社名|社名|企業名|法人名|団体名|屋号|店名|[店社園院塾]の名前)[^。、]{{0,6}}(?:言|伝え|名乗|書い|書き|入れ|忘れ|抜け|漏れ|まだで)[^。、]{{0,14}}[。、]\s?(?:正しくは、?|今は|現在は)?"
            rf"(?P<name>{_LETTER}{{2,24}}?)(?=です|でし|になり|と申|といい|と言い|[。\s]|$)"
        ),
        certainty=FAIR,
    ),
    # 会社名が違います。みどり金属工業です
    _Rule(
        letters=sought(
            rf"(?:会社名|社名|企業名|法人名|会社)[^。、]{{0,10}}(?:違|間違|訂正|誤|変わ|修正|書い|書き|古)[^。]{{0,10}}[。、]\s?(?:正しくは、?|正式には、?|今は|現在は|本当は)?"
            rf"(?P<name>{_LETTER}{{2,24}}?)(?=です|でし|になり|が正|に訂|に変|に修|と申|[。\s]|$)"
        ),
        certainty=FAIR,
    ),
    # 大阪の東雲電機産業、購買の西岡と申します; みずき歯科クリニックの受付の者です
    _of_business(
        rf"(?:^|(?<=[。、,\s]))(?:{PLACE}の)?",
        r"(?:、|,|の)[^。\n]{1,20}?(?:です|と申|でござ|$)",
        topics=frozenset({Topic.CONTACT, Topic.COMPANY, None}),
        letter=rf"(?:(?![はがを]){_LETTER}){{1,16}}?",
    ),
    # ヤマト精機の黒田様と電話
    _of_business(
        rf"{_BEGINS}(?!{OF_ROLES})",
        rf"[の・、\s]?(?:[^\s。、のは]{{1,8}}[の、\s])?[\u4e00-\u9fff々ァ-ヴー]{{1,8}}?{_NAMED_WITH}"
        r"(?!(?:から|より|から)?の?ご?紹介)(?=[とにへで、。\s(]|より|から|$)",
        topics=_OF_NOTES,
    ),
    # takeda@... (武田商店)
    _of_business(r"(?<=\()(?!自宅|兼|元|旧|現|前|同|実家|当|元請)", r"(?=\))", topics=frozenset({Topic.CONTACT, None})),
    # 大和田工業 総務部長 大和田
    _of_business(
        rf"{_BEGINS}(?!{OF_ROLES})",
        rf"\s(?:{DEPARTMENT})?{JA_TITLE}\s[\u4e00-\u9fff々]{{1,4}}(?=[\s、,/]|$)",
        topics=frozenset({Topic.CONTACT}),
    ),
    # 06-4321-8765 ローズ美容室まで
    _of_business(
        rf"(?:(?<=[0-9]\s)|(?<=[0-9]、))(?!{OF_ROLES})",
        r"(?=まで(?:[。\s]|に|お|ご|$)|宛)",
        topics=frozenset({Topic.CONTACT, None}),
    ),
    # アクメの山田です
    _Rule(
        letters=sought(
            r"(?:^|(?<=[。、,\s]))(?P<name>[ァ-ヴーA-Za-z&・]{2,16})の[\u4e00-\u9fff々]{1,6}(?:です|と申|でござ)"
        ),
        certainty=FAIR,
        topics=_INTRODUCED,
    ),
    # アクメです
    _Rule(
        letters=sought(
            rf"^\n*(?:弊社は|当社は|うちは|私どもは)?(?:{PLACE}の)?(?P<name>{_LETTER}{{2,20}}?)"
            rf"(?:(?:と|って)?(?:いう|ゆう)(?:とこ(?:ろ)?|もの|もん|者))?{_SAYS}?(?=[。、,\s(!]|$)"
        ),
        certainty=GUESSED,
        topics=_ASKED,
    ),
)

_WORD = r"(?!Sp\.\sz|GmbH\s&\sCo)(?:(?:[A-Z]|St|Mt)\.(?!\s[A-Z][a-z]*\s[a-z])|[A-Z](?:[\w'&-]|\.(?=\w))*)"
_FIRM_NAME = rf"(?P<name>{_WORD}(?: (?:of|for|de|du|and) {_WORD}| (?:{_WORD}|&)){{0,4}})"
_KINDS = "|".join(lexicon("firm").words("kind_of_firm", "en").spellings)
_EN_RULES = (
    # Quill & Co Ltd
    _Rule(
        letters=sought(
            r"(?<![\w'])(?P<name>(?!(?:We're|We|I'm|It's|Our|This|From)\s|(?:C[A-Z]O|[A-Z]?VP|MD|GM|Head|Director|Manager"
            rf"|President|Founder|Owner|Partner|Chair)\s(?:of|at|for)\s){_WORD}(?: (?:{_WORD}|&|and|of)){{0,5}}?"
            rf"{EN_FORM}{{1,3}})(?!\w)"
        )
    ),
    # I'm Grace, CFO at Windmill Foods; I work for Acme
    _Rule(
        letters=sought(
            r"\b(?i:company(?: name)?(?: is|:|'s)|(?:we(?:'re| are)|it's|it is) called"
            r"|(?:company|firm|business|shop|place|pub|cafe|restaurant|school|charity|agency|studio|practice|clinic|salon"
            r"|startup|bakery|consultancy|outfit|gym|hotel)(?:'s| is|) called"
            r"|(?:purchases|purchasing) at"
            r"|work (?:at|for)"
            r"|(?:calling|writing|asking|here) (?:for|at)|(?<![a-z])we at|i represent"
            r"|(?:here )?from|here (?:at|with)|(?:desk|reception|office|team|department|support|sales|marketing"
            r"|operations|ops|finance|hr|it|purchasing|procurement|logistics|admissions|accounting|accounts|legal"
            r"|engineering|payroll|facilities|admin|production|maintenance|communications) (?:at|of)"
            r"|on behalf of|(?:i'm|we're|i am|we are) with|i'm (?:over )?at"
            r"|(?:c[a-z]o|vp|manager|director|head|lead|engineer|founder|owner|buyer)"
            r"(?: (?:of|for) [a-zA-Z&]{1,14})? (?:at|with|@)|[a-z]{2,12} @)"
            r"\s(?:the\s)?"
            rf"(?P<name>{_WORD}(?: (?:of|for|de|du) {_WORD}| (?:{_WORD}|&)){{0,4}})"
        ),
        certainty=FAIR,
        topics=frozenset({Topic.COMPANY, Topic.CONTACT, None}),
    ),
    # I head IT at a private school (Harrow Lane School, 110 staff)
    _Rule(
        letters=sought(rf"\b(?:at|for|of|from) (?:an?|the) (?:[a-z-]+ ){{0,2}}(?:{_KINDS})\s\({_FIRM_NAME}(?=[,)])"),
        certainty=FAIR,
        topics=frozenset({Topic.COMPANY, Topic.CONTACT, None}),
    ),
    # IT coordinator at Brookfield Schools; Luis Ortega, CFO of Meridian Foods
    _Rule(
        letters=sought(
            rf"\b(?:{EN_TITLE}(?:\s(?:of|for)\s[a-zA-Z&]{{1,14}})?\s(?:at|@|with|for)|{EN_WHOLE_FIRM}\sof)\s(?:the\s)?{_FIRM_NAME}"
        ),
        certainty=FAIR,
        topics=_OF_NOTES,
    ),
    # St Brigid's primary school, 24 teachers
    _Rule(
        letters=sought(
            rf"^(?:(?i:it's|we're|we are)\s)?(?:[Tt]he\s)?"
            rf"(?P<name>(?:{_WORD}\s){{0,2}}(?:{_WORD}'s|(?:St|Mt)\.?\s{_WORD}|{_WORD}\s{_WORD})(?:\s[a-z]{{3,12}})?"
            rf"\s(?:{_KINDS}))(?=\s?(?:[,;(.]|-\s|$))"
        ),
        certainty=FAIR,
        topics=_ASKED,
    ),
    # sorry, it's Sanwa Technos now
    _Rule(
        letters=sought(
            r"\b(?i:it's|it is|should be|we're|we are|i meant|correct name is)"
            rf"\s(?P<name>{_WORD}(?:\s(?:{_WORD}|&|and|of)){{0,5}})"
            r"(?=\s(?:now|actually)|[.,!]|$)"
        ),
        certainty=FAIR,
        topics=_ASKED,
    ),
    # Okamoto Builders, Keith Okamoto, 503-555-0123
    _Rule(
        letters=sought(rf"(?:^|[,/]\s?)(?P<name>(?:{_WORD}\s){{1,3}}{EN_BUSINESS})(?=\s?(?:[,/]|$))"),
        certainty=FAIR,
        topics=_INTRODUCED,
    ),
    # Crestline Robotics, 40-50 employees; also in small letters
    _Rule(
        letters=sought(
            rf"^(?:M/s\.?\s)?(?P<name>{_WORD}(?:\s(?:{_WORD}|&|and|of|the)){{0,5}})"
            r"(?=\s?(?:[,;(]|-\s|$|\.$|\.\s)|\sin\s[A-Z])"
        ),
        certainty=GUESSED,
        topics=_ASKED,
    ),
    _Rule(
        letters=sought(
            r"(?:company|firm|business)(?:\sname(?:'s|\sis|\s?:)|(?:'s|\sis)\scalled|\s?:)\s"
            r"(?P<name>(?!(?:an?|the|not|very|in|on|based|called|confidential|secret|private|small|big|large|family|growing"
            r"|just|about|around|still|under|over)\b)[a-z][a-z&'.-]{1,20}(?:\s[a-z&][a-z&'.-]{0,20}){0,3})(?=\s?(?:[,;(]|-\s|\.?$))"
        ),
        certainty=GUESSED,
        topics=_ASKED,
    ),
    _Rule(
        letters=sought(
            r"^(?!(?:one|two|three|four|five|six|seven|eight|nine|ten|several|both|many|a few) (?:of )?"
            r"(?:[a-z]{1,16} )?[a-z]{1,20}s\s?(?:[,;(]|$)|(?:dozens|hundreds|individual|freelance|nobody)\b)"
            r"(?P<name>[a-z][a-z&'.-]{1,20}(?:\s[a-z&][a-z&'.-]{0,20}){0,3})(?=\s?(?:[,;(]|-\s|$))"
        ),
        certainty=GUESSED,
        topics=_ASKED,
    ),
)
_NOT_OURS = re.compile(
    r"(?:競合|他社|御社|貴社|取引先|親会社|competitor|compete with|supplier|using|vendor|parent company|store|set)"
    r"\s?(?:の|は|is|like|company\s?=)?\s?$"
    r"|(?:heard|learned|read|recommended|referred|switch|switched|switching|moving|moved|migrating|migrated|quote|offer|invoice)"
    r"\b[^.\n]{0,16}\sfrom\s$"
    r"|(?:introduced|referred|referral|recommended) by [^.\n]{1,24}\s(?:from|at|of)\s$"
    r"|(?:approver|decision[ -]maker|decider|signatory)\s?:[^.\n]{1,30}\s(?:of|at)\s$"
)


def _may_stand(rule: _Rule, plain: str) -> bool:
    if behind := rule.behind_business:
        return any(behind.match(plain, end) for end in ends_of_businesses(plain))
    return rule.tail is None or rule.tail.search(plain) is not None


@cache
def _rules(language: Language, asked: Topic | None) -> tuple[_Rule, ...]:
    rules = _JA_RULES if language == "ja" else _EN_RULES
    return tuple(rule for rule in rules if rule.topics is None or asked in rule.topics)


def company(text: Text, asked: Topic | None, ignore: Ignored) -> Part | None:
    """The first name that is their company's."""
    written = cased(text)
    if (corrected := firm_corrected(written)) and not overlaps(*corrected, ignore):
        start, end = corrected
        return Part(value=written[start:end], start=start, end=end, certainty=FAIR)
    for start, end in note_head.firms(text.language, written, asked):
        start = owner_in_front(written, start)
        if _is_ours(text, start, end, ignore):
            return Part(value=written[start:end], start=start, end=end, certainty=FAIR)
    for who in introductions(text, asked):
        if who.firm and _is_ours(text, *who.firm, ignore):
            start, end = who.firm
            end += bool(_DOTTED_FORM.search(written, start, end)) and written.startswith(".", end)
            return Part(value=written[start:end], start=start, end=end, certainty=FAIR)
    for rule in _rules(text.language, asked):
        if rule.letters.look.finds(text.plain) and _may_stand(rule, text.plain):
            for match in islice(rule.letters.named_in(written, text.plain), MOST):
                if named := _named(text, match, rule.certainty, ignore):
                    return named
    return None


_DOTTED_FORM = re.compile(r"(?i)\s(?:sp\.\s?z\s?o\.\s?o|s\.r\.(?:l|o)|d\.o\.o|a\.s|s\.p\.a|s\.a|b\.v|n\.v)$")
"""Behind them the last dot is of the name: S.r.l."""
_NO_ABBREVIATION = re.compile(r"(?:LLP|LLC|PLC|plc|GmbH|AG)\.$")
"""Behind them stands no full stop but that of the sentence."""
_GREETS = re.compile(r"(?:hello|hi|hey|this is|i'm|i am|good morning|good afternoon)[,!]?\s$")


_SOFT_PERSON = re.compile(r"(?<=..)の([\u4e00-\u9fff々]{1,3})\s?[ぁ-ん]{2,4}$")
_CAME = re.compile(rf"{CAME_FROM}$")
_A_JOB = re.compile(rf"\s?[,(]\s?(?:the\s|an?\s)?{EN_JOB}")


def _named(text: Text, match: re.Match[str], certainty: float, ignore: Ignored) -> Part | None:
    start, end = match.span("name")
    value = match["name"].strip(" -,")
    if _NO_ABBREVIATION.search(value):
        value, end = value[:-1], end - 1
    if " of " in value and _GREETS.search(text.plain, 0, start):
        value = value.partition(" of ")[2]  # "hello, Erin Walsh of Toa Linen Inc. here"
        start = end - len(value)
    if text.language == "ja" and (person := _SOFT_PERSON.search(value)) and is_listed(person[1]):
        value, end = value[: person.start()], end - len(person.group())  # 株式会社グリーンテックの田中ゆい
    if _CAME.search(text.plain, max(0, start - 24), start) and _A_JOB.match(text.plain, end):
        return None  # "enquiry from Lisa Brandt (owner)" names a person
    if not _is_ours(text, start, end, ignore):
        return None
    if certainty == SURE or _may_be_company(value, text, guessed=certainty == GUESSED):
        return Part(value=value, start=start, end=end, certainty=certainty)
    return None


def _is_ours(text: Text, start: int, end: int, ignore: Ignored) -> bool:
    if overlaps(start, end, ignore) or text.plain.startswith(_OUR_OWN, start) or _NO_LONGER.match(text.plain, end):
        return False
    return _NOT_OURS.search(text.plain, max(0, start - 48), start) is None


_OUR_OWN = "bantline"
_NO_LONGER = re.compile(r"(?:じゃ|では|で)なく(?:て)?、?\s?[^\s。、はが]{2,}")
"""「株式会社ミナミではなく株式会社ミナミホールディングスです」"""


_DATE = re.compile(
    r"(?i)^(?:january|february|march|april|may|june|july|august|september|october|november|december|q[1-4]|h[12]|monday"
    r"|tuesday|wednesday|thursday|friday)\b"
)


_NAME_LETTERS = re.compile(r"[ァ-ヴーa-z]{2}|[\u4e00-\u9fff]{2}")
_SOFT_NAME = re.compile(r"[ぁ-ん]{3,10}(?<![しなたさきごか]い)(?<![くにて])")


def _a_soft_name(plain: str) -> bool:
    """ひまわり, all in hiragana, but neither ふつう nor ちいさい."""
    return _SOFT_NAME.fullmatch(plain) is not None and plain not in listed("no_soft_name")


_A_DEPARTMENT = re.compile(
    rf"(?:{DEPARTMENT}|[\u4e00-\u9fffァ-ヴーA-Za-z]{{1,10}}(?<!倶楽)(?<!俱楽)[部課係])(?:[一二三四五六七八九0-9]課|所属|勤務)?"
    r"(?:[でに](?:おる|おり|いる|い)?|の私)?|.{2,8}の私"
)
"""財務部, 営業二課, 教務課所属: where they work, and no firm."""


@cache
def _trade_in_front() -> re.Pattern[str]:
    return re.compile(rf"{either('trade_in_front')}[・\s]?(?=(?![業師員係長屋のをにでがは]|やっ|って)..)")


_A_VERB = re.compile(r"(?:ます|ません|ました|する|した|して|ない|なる|れる|せる|たい|なった|ている)$")
_AND = re.compile(r"\s(?:and|&)\s")


def _may_be_company(value: str, text: Text, *, guessed: bool) -> bool:
    plain = value.lower()
    if guessed and is_anybodys(value):
        return False  # 普通の町工場
    if guessed and plain.endswith(("で", "に", "は", "も", "が", "から", "ので", "けど")):
        return False
    if not re.search(r"[^\W\d_]", value) or (guessed and re.search(r"[0-9]", value)):
        return False
    words = lexicon("firm").words("not_a_company", text.language).spellings
    if text.language == "ja":
        if _A_DEPARTMENT.fullmatch(value) or _A_VERB.search(value):
            return False
        named = plain[: len(plain) - trade_at_the_end(value)]
        if front := _trade_in_front().match(named):
            named = named[front.end() :]  # 居酒屋とりよし
        if any(word in named for word in words if not word.isascii()) or is_a_trade(value) or value in kana_words():
            return False
        by_its_letters = _NAME_LETTERS.search(plain) is not None or _a_soft_name(plain)
        return not guessed or by_its_letters or named != plain
    dated = begins_with_a_date(value)
    if (_DATE.match(value) and not dated) or set(_AND.split(plain)) <= set(
        lexicon("firm").words("place", "en").spellings
    ):
        return False
    if names_no_firm(plain):
        return False
    kinds = lexicon("firm").words("kind_of_business", "en").spellings
    if guessed and (plain in kinds or (value.islower() and plain.split()[-1] in kinds)):
        return False
    return dated or not set(re.split(r"[\s,.]+", plain)) & set(words) if guessed else plain.split()[0] not in words
