"""A bare yes or no to the question who decides, and one in front of more: "yes, and we want it live by October"."""

import re
from collections.abc import Sequence
from functools import cache

from dialogs.reading.clarity import overlaps
from dialogs.reading.found import FAIR, Found, Language
from dialogs.reading.lexicon import lexicon
from dialogs.reading.text import Text
from qualification.bant import Authority, Role

_ME = "(?:私|わたし|自分|僕|俺)"
_LONGEST_NO = 60


@cache
def _only(section: str, language: Language) -> re.Pattern[str]:
    """A text that says nothing but these words."""
    source = lexicon("who_decides").words(section, language).source
    return re.compile(rf"(?:[\s、,。.!~…w笑]*(?:{source}))+[\s、,。.!~…ー笑]*")


_IN_PASSING = re.compile(
    r"(?<![a-z])(?:really|pretty much|more or less|ultimately|basically|technically|mostly|usually|mainly"
    r"|generally|essentially"
    r"|effectively|at the end of the day|for the most part|in the end|in (?:this|that|our|most) cases?"
    r"|in (?:principle|practice|theory|effect)"
    r"|officially|formally|for (?:anything|something|things|purchases|tools|software|stuff) like (?:this|that)"
    r"|for (?:this|that) (?:kind|sort|type) of [a-z]+|for this|on this(?: one)?"
    r"|i (?:think|guess|suppose|believe)|i'd say|honestly|tbh|actually|here|alone|entirely|completely|and only|so"
    r"|well|then|mate|lol|haha)(?![a-z])"
)


_NO_ME = re.compile(
    rf"\W*(?:(?:いいえ|いえ|いや|ううん|違います|あ|すみません|やっぱり)[、,。!\s]*)+(?:決めるのは|実際は)?(?P<me_ja>{_ME}(?:自身)?)"
    r"(?:です|でした|だった|になります)[ねよ]?[。!\s]*"
    r"|\W*(?:(?:no|nope|nah|wait|sorry|actually|oh)[\s,.!-]+)+(?:it's |it is |it was |that's |that would be )?"
    r"(?P<me_en>me|just me|myself|i do|i decide)\W*"
)


def me_after_all(text: Text) -> Found[Authority] | None:
    """ "No, I do", 「いえ、私でした」: the no is to what was understood, and not to who decides."""
    match = _NO_ME.fullmatch(text.plain) if len(text.plain) <= _LONGEST_NO else None
    if match is None:
        return None
    place = match.span("me_ja" if match["me_ja"] else "me_en")
    return text.fact(Authority(role=Role.DECISION_MAKER), *place, certainty=FAIR, rule="authority.me_after_all")


def yes_or_no(text: Text) -> Found[Authority] | None:
    if len(text.plain) > 40 or _ends_another_sentence(text):
        return None
    bare = _IN_PASSING.sub("", text.plain) if text.language == "en" else text.plain
    for section, role in (("no", Role.NONE), ("yes", Role.DECISION_MAKER)):
        only = _only(section, text.language)
        if only.fullmatch(text.plain) or (bare.strip() and only.fullmatch(bare)):
            return text.fact(Authority(role=role), 0, len(text.plain), certainty=FAIR, rule=f"authority.{section}")
    return None


def _ends_another_sentence(text: Text) -> bool:
    """「一度お話ししたいです」: without the wish for a person 「です」 is left, which is no yes."""
    begin = len(text.plain) - len(text.plain.lstrip("\n"))
    return begin > 0 and text.words(begin - 1, begin) not in _BETWEEN_SENTENCES


_BETWEEN_SENTENCES = frozenset("。.?？!！、, \u3000\n")


_NO_THE_BOSS = re.compile(
    r"(?:\W*(?:(?:いいえ|いえ|いや|ううん|違います|違う|ちがいます|ちがう|ちゃいます|ちゃう)[、,。!\s]*)+"
    rf"|[^。]{{0,24}}{_ME}が[^。、]{{1,10}}と(?:言|申|伝|答|お答|お伝|書)[^。、]{{0,8}}た(?:が|けど|けれど)、?"
    rf"|[^。]{{0,20}}{_ME}(?:では|じゃ)な(?:く|かった)[^。、]{{0,6}}[。、]?"
    r"|[^。]{0,24}(?:と|って)(?:言|申|伝|答|お答|お伝|書)[^。、]{0,8}た(?:が|けど|けれど)、?(?=実際は|本当は|正しくは|実は))"
    r"\s?(?:実際は|本当は|正しくは|実は|うちの|弊社の|当社の|決めるのは)?"
    r"(?P<by>[^\s、。はがもでの]{0,8}?(?:(?<!市)(?<!町)[\u4e00-\u9fff]長|専務|常務|オーナー|代表|役員)(?:さん|様)?)"
    r"(?:が|です(?:ね|よ|わ|けど|が)?|でした|だ(?:よ|ね)?|や(?:で|な|ね)?)?[、。…\s!]*"
)


def no_the_boss(text: Text) -> Found[Authority] | None:
    """「いいえ、社長です」, 「先ほど私が決裁すると言いましたが部長でした」: who takes it back names somebody else."""
    if text.language != "ja" or len(text.plain) > _LONGEST_NO or not (match := _NO_THE_BOSS.fullmatch(text.plain)):
        return None
    value = Authority(role=Role.NEEDS_APPROVAL, approver=text.words(*match.span("by")))
    return text.fact(value, *match.span("by"), certainty=FAIR, rule="authority.the_boss")


def opening_yes_or_no(text: Text, ignore: Sequence[tuple[int, int]]) -> Found[Authority] | None:
    """A yes or no to the question before they go on: "yes, and we want it live by October"."""
    for section, role in (("opening_no", Role.NONE), ("opening_yes", Role.DECISION_MAKER)):
        pattern = lexicon("who_decides").pattern(section, text.language)
        match = pattern.match(text.plain)
        if match and text.plain[match.end() : match.end() + 1] in _STOPS and not overlaps(*match.span(), ignore):
            return text.fact(Authority(role=role), *match.span(), certainty=FAIR, rule=f"authority.{section}")
    return None


_STOPS = frozenset(",.!、。;")
