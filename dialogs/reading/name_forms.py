"""How people give their name: 「佐々木と申します」, "this is Marta Nowak", or, asked for it, the bare name."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice

from dialogs.reading.english_names import either
from dialogs.reading.firm_words import DEPARTMENT, EN_TITLE, JA_TITLE
from dialogs.reading.found import FAIR, GUESSED, SURE, Language
from dialogs.reading.japanese_words import families
from dialogs.reading.lexicon import lexicon
from dialogs.reading.sought import Sought, sought
from dialogs.reading.text import MOST, Text
from qualification.bant import Topic

_KANJI_NAME = (
    r"[\u4e00-\u9fff々](?:[\u4e00-\u9fff々]|(?:[ノツ]|ヶ(?![月年所国条村間]))(?=[\u4e00-\u9fff])){0,4}(?:\s(?:[\u4e00-\u9fff々]{1,3}|[ぁ-ん]{2,4}|[ァ-ヴー]{2,6})"
    r"(?!(?!様|氏)[\u4e00-\u9fffァ-ヴー:は]))?"
)
# 松田さくら; FAMILY stands for the family names of the lexicon
_SOFT_GIVEN = (
    r"FAMILY(?!です|でし|でご|まで|さん|さま|より|から|とい|とも|とお|にな|まし|では|はな)[ぁ-ん]{2,4}"
    r"(?=$|[。、,\s/]|です|と申|といい)"
)
_KANA_NAME = (
    r"(?:[ァ-ヴー]{2,10}|[ァ-ヴ](?=・[ァ-ヴ]))"
    r"(?:[・\s=](?!メール|アドレス|メアド|ファックス|スマホ|デンワ|ケイタイ|ケータイ|テル(?:$|[:\s]))[ァ-ヴー]{1,12}){0,3}"
)
_JA_NAME = rf"(?P<name>{_SOFT_GIVEN}|{_KANJI_NAME}|{_KANA_NAME})"
_NO_VERB = r"(?![うくぐすつぬむるいえけせてめれっらりしきみとへに])"
"""担当が違う, 担当は変わりました: what goes on in kana like this is a verb."""
_JA_END = r"(?=です|まで|宛|でーす|でございま|でした|と申|ともうし|といい|と言い|$|[。、,/|(<\s])"


@dataclass(frozen=True, kw_only=True)
class NameForm:
    """How people give their name. `topics` None is any.

    A name may begin anywhere: where `tail`, what stands behind it, is known, only the places in front of it are tried.
    """

    letters: str
    needs: str = ""
    """A shorter pattern that fits wherever `letters` does, where they have many signs."""
    tail: re.Pattern[str] | None = None
    certainty: float = SURE
    topics: frozenset[Topic | None] | None = None
    listed: bool = False
    """Only a family name our lists know: 「登録は会社名でお願いします」 names nobody."""


_SAYS = r"(?:です|でございま|と申|でした|でーす)"
_FIRM = r"(?:(?:株式会社|有限会社|合同会社|法人|\([株有]\))[^\s。、の]{1,20}|社|\([株有]\))"
SAMA = r"(?<![仕同異模])(?<!(?<![本喜波])多)様"
"""本多様, but no 多様"""
_WITH_HONORIFIC = rf"(?:{JA_TITLE})?(?:{SAMA}|氏(?!名))"
_LATIN = r"[A-Z][A-Za-z'-]*\.?"
_LATIN_NAME = rf"(?P<name>{_LATIN}(?:\s(?:(?:van|von|de|da|del|di|la|bin|al)\s)?{_LATIN}){{0,3}})"
JA_FORMS = (
    # お名前：Ken Tanaka
    NameForm(
        letters=rf"(?:名前|氏名|担当名|担当者名|(?i:name))(?:は|:|(?=\s))\s?{_LATIN_NAME}(?=[\s、。,/(|]|です|と|$)",
    ),
    # 氏名：大野 健一
    NameForm(
        letters=rf"(?:(?<![店社園院塾館品]の)名前|フルネーム|本名|姓名|氏名|担当名|担当者名|登録者?名|宛名|(?<![\u4e00-\u9fff])名義|ご?担当者?|名字|苗字|(?<![旧同改])姓(?=\s?:))(?:は|:|が|→|⇒|=|(?=\s))\s?{_JA_NAME}(?![ァ-ヴー]|と(?:同|一緒)){_NO_VERB}",
        needs="名|担当|フルネーム|苗字|姓",
    ),
    # 佐々木と申します、三浦さんという者
    NameForm(
        letters=rf"(?<![\u4e00-\u9fffァ-ヴーa-z]){_JA_NAME}(?:さん)?\s?(?:と申|ともうし|といいま|と言いま|って(?:いい|言い)ま|という者|と名乗)",
        topics=frozenset({None, *Topic} - {Topic.COMPANY}),
    ),
    # 課長の中村です、株式会社オリーブの清水です
    NameForm(letters=rf"(?:{JA_TITLE}|{_FIRM})の{_JA_NAME}(?:{_SAYS}|\({JA_TITLE}\))"),
    NameForm(
        letters=rf"の{_JA_NAME}{_SAYS}",
        certainty=FAIR,
        topics=frozenset({Topic.CONTACT}),
    ),
    # 斎藤じゃなくて齋藤です
    NameForm(
        letters=r"(?:FAMILY)(?:じゃ|では|で)なく(?:て)?、?(?P<name>FAMILY)(?=です|でし|と|。|$)",
    ),
    # 佐藤様（常務）、上田様より
    NameForm(
        letters=rf"{_JA_NAME}{_WITH_HONORIFIC}",
        tail=re.compile(_WITH_HONORIFIC),
        certainty=FAIR,
        topics=frozenset({None, Topic.CONTACT, Topic.COMPANY}),
    ),
    # 名刺：有限会社まるふく商店 代表 福田 功
    NameForm(
        letters=rf"(?:^|[\s、,/]){JA_TITLE}[\s/](?P<name>[\u4e00-\u9fff々]{{1,4}}\s?[\u4e00-\u9fff々ぁ-んァ-ヴー]{{1,4}})(?=$|[\s、,/])",
        certainty=FAIR,
        topics=frozenset({None, Topic.CONTACT, Topic.COMPANY}),
    ),
    # 営業部の飯塚。固定より携帯が
    NameForm(
        letters=rf"^(?:[^\s。、]{{1,20}}の)?{DEPARTMENT}の{_JA_NAME}(?=[。、\s]|$)",
        certainty=FAIR,
        topics=frozenset({Topic.CONTACT}),
    ),
    # 登録は高梨でお願いします、高梨の名義で申し込みます
    NameForm(
        letters=r"(?:登録|予約|宛先|窓口|申し?込み|名義|受付)名?は(?P<name>[\u4e00-\u9fff々]{1,4})"
        r"(?=(?:の(?:名前|名義)|名義)?で(?:の?登録)?(?:を|は)?(?:お願い|おねがい|す(?!が)|頼))",
        needs="(?:登録|予約|宛先|窓口|込み|名義|受付)名?は",
        certainty=FAIR,
        topics=frozenset({None, Topic.CONTACT}),
        listed=True,
    ),
    # 高梨でお願いします、小林あてにお願いします
    NameForm(
        letters=r"(?:^|[。、,\s!])(?P<name>[\u4e00-\u9fff々]{1,4})(?=(?:の名前|の名義|名義)?で(?:の?(?:登録|予約|申し?込み?|記入|入力)(?:を|は)?)?"
        r"(?:お願い|おねがい|頼み)|(?:あて|宛て?)(?:に|で|へ)?(?:お願い|おねがい|ご?連絡|お?電話))",
        needs="でお願い|でおねがい|で頼み|で登録|での登録|で予約|で申|で記入|で入力|あて|宛",
        certainty=FAIR,
        topics=frozenset({Topic.CONTACT}),
        listed=True,
    ),
    # フリーランスでデザインをしている早川です
    NameForm(
        letters=rf"(?:(?:して|やって|営んで|勤めて|働いて|務めて)(?:いる|います|おります|る|ます)|[部課室係局店所院園校]に(?:います|いる|おります|おる)|[にで](?:所属|勤務|在籍)(?:する|して(?:います|いる|おります|おる))){_JA_NAME}{_SAYS}",
        certainty=FAIR,
    ),
    # (株)東和パック 営業企画 中野 里奈 nakano@...
    NameForm(
        letters=r"(?:^|[\s、,/])(?P<name>FAMILY\s(?:[\u4e00-\u9fff々]{1,3}|[ぁ-ん]{2,4}|[ァ-ヴー]{2,6}))(?=$|[\s、,/])",
        certainty=FAIR,
        topics=frozenset({Topic.CONTACT}),
    ),
    # 担当は木下に変わりました
    NameForm(
        letters=r"(?:担当|担当者|窓口|連絡先)(?:は|が|を)(?P<name>FAMILY)(?:さん)?に(?:変わ|代わ|替わ|変更|なりまし|交代)",
        certainty=FAIR,
    ),
    # 黒田いいます
    NameForm(
        letters=r"(?:^|[。、,\s!])(?P<name>FAMILY)(?:いいます|言います|申します|ゆいます|(?:いう|言う|ゆう)(?:もん|者))",
        certainty=FAIR,
        topics=frozenset({None, Topic.CONTACT}),
    ),
    # 株式会社ミドリ 45名、山本といいます
    NameForm(
        letters=r"[。、,]\s?(?P<name>FAMILY)(?:といいま|と言いま)",
        certainty=FAIR,
        topics=frozenset({Topic.COMPANY}),
    ),
    # 漢字が違いました。「渡辺」です
    NameForm(
        letters=r"「(?P<name>FAMILY(?:\s?[\u4e00-\u9fff々ぁ-ん]{1,3})?)」(?=です|でし|が正)",
        certainty=FAIR,
        topics=frozenset({Topic.CONTACT}),
    ),
    # 担当の佐野さん曰く
    NameForm(
        letters=r"(?<![\u4e00-\u9fffァ-ヴー])(?<!社の)担当者?の(?P<name>FAMILY)(?:さん|様|氏)(?=曰く|いわく|によ|の話|が言|から|と|に|、|。|$)",
        certainty=FAIR,
        topics=frozenset({None}),
    ),
    # 大阪の田村やけど、経理の服部どす
    NameForm(
        letters=r"の(?P<name>FAMILY)(?:や(?:で|けど|ねん)?|じゃ(?:けど)?|だ(?:けど|よ)|ばい|どす|っす)(?=[。、,\s!]|$)",
        certainty=FAIR,
        topics=frozenset({Topic.CONTACT, None}),
    ),
    # 岡田や。06-6666-7777
    NameForm(
        letters=r"(?:^|[。、,\s!]|けど)(?P<name>FAMILY)(?:や(?:で|て|けど|ねん)?|じゃ(?:けど)?|だ(?:けど|よ)?|ばい|っす)(?=[。、,\s!]|$)",
        certainty=FAIR,
        topics=frozenset({Topic.CONTACT}),
    ),
    # 田中と山田です: the first of two speaks
    NameForm(letters=rf"(?:^|[。、,\s!の])(?P<name>FAMILY)と(?:FAMILY){_SAYS}", certainty=FAIR),
    # その前に名乗ってませんでした、長谷川です
    NameForm(
        letters=rf"(?:^|[。、,\s!の]|(?:私|わたし|わたくし|僕|こちら)は)(?P<name>FAMILY(?:\s?(?!と(?:FAMILY))[\u4e00-\u9fff々ぁ-ん]{{1,3}})?){_SAYS}",
        certainty=FAIR,
    ),
)
_JA_BARE = (
    # たなかです, やまだたろう
    r"^(?:はい、?\s?)?(?P<name>KANA(?:\s?(?!です|でし|でご|だよ|だけ|やで|っす|とい|とも|さん|さま|まで)[ぁ-ん]{2,4})?)"
    r"(?=です|でーす|でご|と申|ともうし|といい|っす|だよ|[。、,\s!/]|$)",
    r"^(?:はい、?\s?)?(?P<name>(?!そう|うち|ここ|こちら|これ|それ)[ぁ-ん]{3,6})(?=です。?\s?[+(]?0[0-9])",
    rf"^[\u4e00-\u9fffァ-ヴーa-zA-Z0-9]{{1,12}}の{_JA_NAME}(?:まで|宛)(?:に|お願い.{{0,6}})?[。\s]*$",
    r"^[^\s、。の]{2,14}の(?P<name>FAMILY(?:[\u4e00-\u9fff々]{1,3}(?<![店社院所園校会館部課室局業県市町村区駅庁組屋堂]))?)"
    r"[。\s]*$",
    r"^(?P<name>[ぁ-ん]{2,6}[\s・][ぁ-ん]{2,6})(?=\s?(?:です|と申|といい|$|[。、,/]|[A-Za-z0-9._%+-]{1,40}@|[+(]?0[0-9]))",
    r"^(?P<name>[\u4e00-\u9fff々]{1,4}[ぁ-ん]{2,4})(?=[\s、,/]{1,3}(?:[a-z0-9._%+-]{1,40}@|[+(]?0[0-9]))",
    rf"^{_JA_NAME}\s(?:e-?)?(?:mail|メール|メアド|tel|電話|デンワ|でんわ|携帯|ケータイ|ケイタイ|email)(?![a-z])",
    rf"^{_JA_NAME}{_JA_END}",
    rf"\({_JA_NAME}\)[。\s]*$",
    r"(?:[0-9]|@[a-z0-9.-]{3,60})[\s、,/]{1,2}(?P<name>KANA)(?:です)?[。\s]*$",
    rf"[、,/]\s?{_JA_NAME}(?=\s?[、,/])",
    rf"[\s、,/|。・](?:[\u4e00-\u9fffァ-ヴーa-zA-Z]{{1,8}}の)?{_JA_NAME}(?:です|まで|宛|でございます)?[。\s]*$",
)

_CAP = r"(?:[^\W\d_a-z]\.(?!\w)|[^\W\d_a-z](?:[\w'-]|\.(?=\w))*)"
_EN_NAME = rf"(?P<name>{_CAP}(?: (?:(?:van|von|de|da|del|di|la|bin|al|der|den|dos|du|le|el|ter) ){{0,2}}{_CAP}){{0,3}})"
_SOFT_WORD = r"(?:[od]')?[^\W\d_](?:-?[^\W\d_]){1,14}"
_SOFT_NAME = rf"(?P<name>{_SOFT_WORD}(?:\s{_SOFT_WORD}){{0,2}})"
_HONORIFIC = r"(?:(?:[Mm]r|[Mm]rs|[Mm]s|[Mm]iss|[Dd]r|[Pp]rof|MR|MS|DR)\.?\s)?"
EN_FORMS = (
    # my name is Laura Bennett; Name: Olivia Grant; also in small letters
    NameForm(
        letters=rf"\b(?i:my (?:good |full )?name is|my name's|name\s?:|(?:the )?name's|call me|ask for|myself)"
        rf"\s?{_HONORIFIC}{_EN_NAME}",
    ),
    NameForm(
        letters=rf"\b(?i:my (?:good |full )?name is|my name's|name\s?:|the name's)\s?{_SOFT_NAME}"
        r"(?=\s?(?:[,.;/(|-]|$|and\b|from\b))",
    ),
    # I'm Grace, CFO at Windmill; this is Marta Nowak
    NameForm(
        letters=rf"\b(?i:i'm|i am|im|this is|you're talking to)\s{_HONORIFIC}{_EN_NAME}(?![\w'])",
    ),
    # register me as Anna Keller
    NameForm(
        letters=rf"\b(?i:(?:register|list|save|enter|file|note|put|sign|book) me (?:down |in |up )?as)"
        rf"\s{_HONORIFIC}{_EN_NAME}(?![\w'])",
        certainty=FAIR,
    ),
    NameForm(
        letters=rf"\b(?i:it's|it is)\s{_HONORIFIC}{_EN_NAME}(?![\w'])",
        topics=frozenset({None, *Topic} - {Topic.COMPANY}),
    ),
    # He liked it. Name is Bogdan Ilic.
    NameForm(
        letters=rf"(?:[.;!,\n]\s?)(?i:name is)\s{_HONORIFIC}{_EN_NAME}",
        certainty=FAIR,
        topics=frozenset({None, *Topic} - {Topic.COMPANY}),
    ),
    # hi, Samir here
    NameForm(
        letters=rf"(?:^|[,.!]\s?){_HONORIFIC}{_EN_NAME}\s(?:here|speaking)\b(?=\s?[,.!:;(-]|\s(?:from|at|with|of|and|again|in)\s|$)",
    ),
    # CEO and CTO decide together, says Anil (the CTO)
    NameForm(
        letters=rf"[,.;]\s(?i:says|said|according to|confirms|confirmed by)\s{_HONORIFIC}{_EN_NAME}"
        rf"(?=\s?\((?:the\s|their\s|our\s)?[\w\s&-]{{0,24}}{EN_TITLE}|,\s(?:the|their)\s|\s?\.?\s*$|\.\s)",
        certainty=FAIR,
        topics=frozenset({None}),
    ),
    # spoke w/ Dave, ops mgr; inbound: Greg from Pinecrest
    NameForm(
        letters=r"(?:\b(?i:met(?: with| w/)?|(?:spoke|talked|chatted|spoken) (?:to|with|w/)"
        r"|reached|phoned|dialled|got hold of|got through to|connected with|caught up with|caught|heard (?:back )?from"
        r"|interviewed"
        r"|(?:the )?person i (?:spoke|talked) (?:to|with) (?:is|was)|(?:my|our|main) contact(?: there)? (?:is|was)"
        r"|(?:call|meeting|mtg|demo|chat|intro|visit|zoom|teams|session|coffee|lunch|follow-?\s?up|catch-?\s?up|min|mins|minutes)"
        r"(?: (?:(?:mon|tue|wed|thu|fri)[a-z]*|today|yesterday|[0-9]{1,2}/[0-9]{1,2}))? (?:with|w/)"
        r"|(?:(?<!company )(?<!firm )(?<!business )called|emailed|visited|rang|saw)"
        r"|demo for|contact is)\s|(?i:inbound|card|contact|attn|lead|prospect|notes?|recap|summary)\s?:\s?)"
        rf"{_HONORIFIC}{_EN_NAME}",
        certainty=FAIR,
        topics=frozenset({None, Topic.CONTACT}),
    ),
)
_EN_BARE = (
    (
        rf"^(?:(?i:hi|hello|hey)[,!]?\s)?{_HONORIFIC}{_EN_NAME}"
        r"(?=\s?(?:[,;/|(:]|-\s|-$|$|\.\s|\.$|from\b|with\b|at\s[A-Z]|[a-z0-9._+-]+@|\+?[0-9]"
        r"|(?i:in\s(?:the\s|our\s)?DEPARTMENT)\s?(?:[,;./|(-]|$|\+?[0-9])))"
    ),
    rf"^{_EN_NAME}'s the name",
    rf"^(?i:to|for|attn)\s{_HONORIFIC}{_EN_NAME}(?=\s?(?:please|pls)?\s?[:,])",
    rf",\s?{_HONORIFIC}{_EN_NAME}(?=\s?,)",
    rf"\({_HONORIFIC}{_EN_NAME}\)\.?$",
    rf"[,/|;-]\s?(?:(?i:attn|c/o|contact|care of)[.:]?\s)?{_HONORIFIC}{_EN_NAME}\.?$",
)
_EN_BESIDE = (rf"(?:[0-9]|@[\w.-]{{3,60}}),\s?{_EN_NAME}\.?$",)
"""Behind a number or an address, whatever was asked: "ring me, 312-555-0147, Agnieszka"."""
_WILLING = (
    r"(?i:(?:(?:sure|ok|okay|yes|yep|yeah|of course|certainly|no problem|np|absolutely|gladly|alright)"
    r"(?:\s(?:sure|thing|of course))?"
    r"\s?[,.!:-]{1,2}\s){1,2}(?:(?:it's|its|i'm|im|this is|name's|my name is)\s)?)"
)
"""In front of a name without capitals, asked for: "sure - dwayne okafor, dwayne@..."."""
_EN_SOFT = (
    rf"^{_SOFT_NAME}\s?[.!]?$",
    rf"^(?i:it's|its|i'm|im|this is|i am)\s{_SOFT_NAME}(?=\s?(?:[,;/|.]|$))",
    rf"^(?P<name>{_SOFT_WORD}\s{_SOFT_WORD})(?=\s(?:in|from)\s(?:the\s|our\s)?DEPARTMENT\s?(?:[,;./|(-]|$|\+?[0-9]))",
    rf"^(?:(?i:it's|its|i'm|im|this is|i am|name's|names)\s)?{_SOFT_NAME}\s?(?:[,;/|-]|\s)\s?"
    r"(?=[A-Za-z0-9._+-]+@|\+?[0-9(])",
    rf"^{_WILLING}{_SOFT_NAME}\s?[,;/|-]\s?(?=[a-z0-9._+-]+@|\+?[0-9(])",
)


def named_by_form(
    text: Text, written: str, asked: Topic | None, *, reachable: bool
) -> Iterator[tuple[re.Match[str], float]]:
    """Where names may stand, as the group `name`, and how sure each is; a bare one when `reachable` or asked for."""
    for form, seeks in _forms(text.language, asked):
        if seeks.look.finds(text.plain):
            for match in islice(_matches(form, seeks, text.plain, written), MOST):
                if not form.listed or match["name"] in families():
                    yield match, form.certainty
    for letters in _bare_forms(text.language, asked, reachable=reachable):
        if found := with_families(letters).pattern.search(written):
            yield found, FAIR if reachable else GUESSED


def _bare_forms(language: Language, asked: Topic | None, *, reachable: bool) -> Sequence[str]:
    if asked is Topic.CONTACT or (reachable and asked is None):
        return _JA_BARE if language == "ja" else (*_EN_BARE, *(_EN_SOFT if asked is Topic.CONTACT else ()))
    return _EN_BESIDE if reachable and language == "en" else ()


@cache
def _forms(language: Language, asked: Topic | None) -> Sequence[tuple[NameForm, Sought]]:
    """The forms for what was asked, each with what it seeks."""
    forms = (*JA_FORMS, *EN_FORMS) if language == "ja" else EN_FORMS
    return [
        (form, with_families(form.letters, form.needs)) for form in forms if form.topics is None or asked in form.topics
    ]


def _matches(form: NameForm, seeks: Sought, plain: str, written: str) -> Iterator[re.Match[str]]:
    if form.tail is None:
        yield from seeks.named_in(written, plain)
        return
    for tail in islice(form.tail.finditer(written), MOST):
        starts = range(max(0, tail.start() - _LONGEST_NAME), tail.start())
        if match := next((found for at in starts if (found := seeks.pattern.match(written, at))), None):
            yield match


_LONGEST_NAME = 38
"""Three words of kana: アレハンドロ・ゴンザレス・フェルナンデス."""


@cache
def with_families(letters: str, needs: str = "") -> Sought:
    """A form with the family names of the lexicon in their place, in kanji or in kana."""
    if "DEPARTMENT" in letters:
        return sought(letters.replace("DEPARTMENT", either("department")))
    if "KANA" in letters:
        return sought(letters.replace("KANA", f"(?:{lexicon('reached').words('family_in_kana', 'ja').source})"))
    family = lexicon("reached").words("family", "ja").source
    return sought(letters.replace("FAMILY", f"(?:{family})"), needs=needs or letters.replace("FAMILY", ".+"))
