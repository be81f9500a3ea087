"""Whether words of wanting name a thing: "looking for a CRM" does, "need it by June" does not."""

import re
from functools import cache

from dialogs.reading.lexicon import lexicon
from dialogs.reading.text import Text

_THING_IN_FRONT = re.compile(r"([a-z0-9一-龯々ァ-ヴー]{2,})(?:の?(?:よう|みたい)なもの|とか|など|等)?$")


def has_thing(text: Text, start: int, end: int) -> bool:
    """Whether there is something wanted: "looking for a CRM", 「名刺管理ツールを探して」, but not "need it by June"."""
    if text.plain[end - 1].isascii():
        return names_a_thing(text, end)
    thing = _THING_IN_FRONT.search(text.plain, max(0, start - 20), start)
    if thing is None:
        return False
    return not names_nothing(thing.group(1)) or _KIND_OF_THING.search(text.plain, max(0, start - 20), start) is not None


_KIND_OF_THING = re.compile(
    r"[\u4e00-\u9fffァ-ヴー]{2,}(?<!導入)(?<!検討)(?<!契約)(?<!御社)(?<!貴社)(?<!他社)(?<!競合)(?<!同様)の(?:サービス|ツール|システム|ソフト|アプリ|仕組み)$"
)
"""電話対応のサービス"""


def names_nothing(thing: str) -> bool:
    """「見積書」 and 「6月導入」 are no thing to want; 「電子契約」 is."""
    return any(
        thing.endswith(word) and (len(thing) - len(word) < _MORE_THAN_A_PREFIX or word in _NEVER_A_THING)
        for word in _not_things()
    )


_MORE_THAN_A_PREFIX = 2
_NEVER_A_THING = frozenset("期月年中頃人方") | {
    "予算",
    "導入",
    "稼働",
    "開始",
    "時期",
    "金額",
    "費用",
    "以内",
    "年度",
    "年内",
    "月末",
    "早々",
}


NAMES_A_TOOL = re.compile(
    r"(?:\s[a-z-]+){0,2}\s(?:tools?|software|systems?|apps?|platforms?|solutions?|chatbot|portal|module|engine"
    r"|dashboard|tracker|tracking|schedulers?|scheduling|generator|builder|recorder|recording|transcription|routing"
    r"|management|automation)(?![a-z])"
)
"""Behind a word that alone is no thing to want: "a quote generator", "an appointment reminder tool"."""


def names_a_thing(text: Text, at: int) -> bool:
    """Whether English words from `plain[at]` on name a thing: "a CRM" and "a quote generator", but not "a quote"."""
    behind = text.plain[at : at + 50].lstrip()
    if not behind or not behind[0].isalpha():
        return False
    nothing = lexicon("needs").pattern("not_a_thing", "en").match(behind)
    return nothing is None or NAMES_A_TOOL.match(behind, nothing.end()) is not None


@cache
def _not_things() -> tuple[str, ...]:
    return lexicon("needs").words("not_a_thing_ja", "ja").spellings
