"""Where a Japanese person's name begins in front of 様 or a title.

総務部石田様        石田: the department is glued to it
西村 和夫様        西村 和夫
ピクセル工房さん     nothing: a firm
"""

import re
from functools import cache

from dialogs.reading.firm_in_front import ENDS_LIKE_A_FIRM, may_be_firm
from dialogs.reading.firm_words import DEPARTMENT, JA_BUSINESS, JA_TITLE, OF_ROLES
from dialogs.reading.japanese_words import families, no_names, one_kanji_families
from dialogs.reading.offices import known_office, office_begins

LONGEST_NAME = 12
LONGEST_FAMILY = 3
"""Kanji of a family name no list knows."""

_KANJI = r"[\u4e00-\u9fff々ヶ]"
_NAME = re.compile(rf"(?:(?<![ァ-ヴー])[ァ-ヴー・]{{2,10}}|(?:{_KANJI}(?:[ノツ](?=[\u4e00-\u9fff]))?){{1,12}})$")
"""一ノ瀬 as well as 石田."""
_GIVEN_BEHIND = re.compile(rf"(?P<family>{_KANJI}{{1,3}})\s$")


def name_begins(written: str, end: int) -> int | None:
    """Where the name in front of 様 begins; None when no name stands there."""
    found = _NAME.search(written, max(0, end - LONGEST_NAME), end)
    if found is None:
        return None
    start = found.start() + _glued(found.group())
    name = written[start:end]
    if name in families():
        return _whole_name_begins(written, start)
    if ENDS_LIKE_A_FIRM.search(written, start, end):
        return None  # ピクセル工房さん
    if written[start - 1 : start] == "の" and _is_in_full(name):
        return start  # 株式会社みなと物流の鈴木花子様
    long = len(name) > LONGEST_FAMILY and name[0] >= "\u4e00"
    if long or name in no_names() or _NO_NAME.search(name) or not _stands_apart(written, start):
        return None
    begins = _whole_name_begins(written, start)
    return _two_words_begin(written, start) if begins == start and _GIVEN_NAME.fullmatch(name) else begins


def is_listed(family: str) -> bool:
    """Whether our lists know the family name."""
    return family in families() or family in one_kanji_families()


def _is_in_full(name: str) -> bool:
    """Whether it is a family name we know with a given name glued to it."""
    return any(name[:size] in families() and 0 < len(name) - size <= _LONGEST_GIVEN for size in (3, 2))


_LONGEST_GIVEN = 2
_NO_NAME = re.compile(rf"^{DEPARTMENT}$|^{OF_ROLES}|[者員師業係客人社店]$")


def _whole_name_begins(written: str, start: int) -> int:
    """西村 和夫様: a family name in front belongs to it, unless this is one as well."""
    ahead = _GIVEN_BEHIND.search(written, max(0, start - 4), start)
    if ahead is None:
        return start
    known = is_listed(ahead["family"]) or _title().search(written, max(0, ahead.start() - 16), ahead.start())
    return ahead.start() if known else start


_GIVEN_NAME = re.compile(rf"{_KANJI}{{1,2}}[子美咲恵香奈菜江郎介輔樹斗翔輝也哉彦吾雄夫男]")


def _two_words_begin(written: str, start: int) -> int:
    """遠野 美咲さん, but not 三栄 坂巻さん: a word no list knows in front of a given name is a family name."""
    ahead = _GIVEN_BEHIND.search(written, max(0, start - 4), start)
    if ahead is None or (ahead.start() and written[ahead.start() - 1] not in "、。」\nの"):
        return start
    family = ahead["family"]
    unlike = family in no_names() or _NO_NAME.search(family) or known_office().search(family, 0, len(family))
    return start if unlike or not (may_be_firm(family) or is_listed(family)) else ahead.start()


@cache
def _title() -> re.Pattern[str]:
    """Behind it a name nobody knows is a family's, and a given name follows: 代表取締役 野々村 誠様."""
    return re.compile(rf"{JA_TITLE}\s$")


def _glued(run: str) -> int:
    """How much of a run of kanji is a firm, a department or a title in front of the name: 総務部石田."""
    if run in families() or len(run) <= LONGEST_FAMILY or run[0] <= "ヿ":
        return 0
    if office := _OFFICE_AND_NAME.match(run):
        return office.end()
    return next((len(run) - size for size in (3, 2, 1) if run[-size:] in families()), 0)


_OFFICE_AND_NAME = re.compile(
    rf"(?:.*{JA_BUSINESS}|.*?{DEPARTMENT}(?<=[部課室係局])|.*{JA_TITLE}|.*(?:支店|支社|営業所))(?=.{{1,3}}$)"
)


def _stands_apart(written: str, start: int) -> bool:
    """Whether a name nobody knows begins here: behind a sign, a particle, or what ends a firm, an office or a title."""
    ahead = written[start - 1 : start]
    if not ahead.isalnum() and ahead not in "々ー":
        return True
    if ahead in "のはがにとで":
        return True
    return (
        office_begins(written, start) is not None
        or ENDS_LIKE_A_FIRM.search(written, max(0, start - 12), start) is not None
    )
