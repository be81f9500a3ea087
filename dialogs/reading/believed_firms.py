"""Whether letters that stand where a firm does are its name, or only tell what the firm is.

ひまわり       a name
普通の町工場    what they are
"""

import re
from functools import cache

from dialogs.reading.english_names import names_no_firm
from dialogs.reading.firm_in_front import is_a_trade, is_anybodys, trade_at_the_end
from dialogs.reading.firm_words import DEPARTMENT, PLACE
from dialogs.reading.japanese_words import either, families, kana_words, listed
from dialogs.reading.lexicon import lexicon
from dialogs.reading.names_like_dates import begins_with_a_date
from dialogs.reading.text import Text

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


_OF_A_BODY = re.compile(
    r"(?!都市|市場|地区|学区|地域|全市|省エネ|省庁|官公庁|官庁|自治|町内|町おこし)"
    r"(?:(?:東京都|北海道|京都府|大阪府)|[\u4e00-\u9fff]{1,6}(?:[省庁府県市区町村]|大学|警察|裁判所|消防))[\u4e00-\u9fffァ-ヴー]{2,}(?:本部|[部課室局係])"
)
_SHORTEST_ROOM = 3


def has_an_owner(value: str) -> bool:
    """青山設計室, 外務省報道局: a family or an authority in front makes a firm of what is a department elsewhere."""
    families_room = value.endswith("室") and any(
        value[:size] in families() and len(value) - size >= _SHORTEST_ROOM for size in (2, 3)
    )
    return families_room or _OF_A_BODY.fullmatch(value) is not None


@cache
def _only_a_place() -> re.Pattern[str]:
    return re.compile(
        rf"(?:{PLACE}|{either('town')})(?:市内?|県内?|府内?)?(?:の?(?:本社|支社|支店|営業所|工場|事務所|店舗|方|ほう|あたり|近く|郊外|周辺|辺り))?"
    )


def _is_only_a_place(value: str) -> bool:
    """水戸, 水戸の工場: where they are, and not who."""
    return _only_a_place().fullmatch(value) is not None


@cache
def _trade_in_front() -> re.Pattern[str]:
    return re.compile(rf"{either('trade_in_front')}[・\s]?(?=(?![業師員係長屋のをにでがは]|やっ|って)..)")


_A_VERB = re.compile(r"(?:ます|ません|ました|する|した|して|ない|なる|れる|せる|たい|なった|ている)$")
_AND = re.compile(r"\s(?:and|&)\s")


def may_be_company(value: str, text: Text, *, guessed: bool) -> bool:
    """Whether `value` may be the name; `guessed` when nothing around it says that a firm is named."""
    plain = value.lower()
    if guessed and is_anybodys(value):
        return False  # 普通の町工場
    if guessed and plain.endswith(("で", "に", "は", "も", "が", "から", "ので", "けど")):
        return False
    if not re.search(r"[^\W\d_]", value) or (guessed and re.search(r"[0-9]", value)):
        return False
    if plain in lexicon("firm").words("no_whole_company", text.language).spellings:
        return False
    words = lexicon("firm").words("not_a_company", text.language).spellings
    if text.language == "ja":
        if (_A_DEPARTMENT.fullmatch(value) and not has_an_owner(value)) or _A_VERB.search(value):
            return False
        if guessed and (_is_only_a_place(value) or families().issuperset(value.split("と"))):
            return False  # 水戸, 田中と山田
        named = plain[: len(plain) - trade_at_the_end(value)]
        named = named.removesuffix("研究室") if has_an_owner(value) else named
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
