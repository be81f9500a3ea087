"""What little is said when the problem was asked for: yes or no, its subject, a part of their work, any statement.

「シフトかな」, "mostly the website"     a part of their work
"attendance tracking"                 a subject
"nobody can tell where the stock is"  a statement nobody else understood
"""

import re
from collections.abc import Sequence
from functools import cache

from dialogs.reading.clarity import overlaps
from dialogs.reading.found import FAIR, GUESSED, Found, Language
from dialogs.reading.lexicon import lexicon
from dialogs.reading.need_words import STRENGTH, categories, need_found, need_words, of_measure, strength_of
from dialogs.reading.sought import sought
from dialogs.reading.text import Text
from dialogs.reading.vocabulary import Word
from qualification.bant import Need, Strength

_ASKS = re.compile(r"(?:\?|(?<!と)か。?)\s*$|お願いし|ください|いただけ|頂け|please|can you|could you")
_NOUN = re.compile(r"[a-z一-龯々ァ-ヴー]{2,}$")
_STATES = re.compile(
    r"[\u4e00-\u9fffァ-ヴー]{2}.{0,12}(?:が|を|に|で|も|は|と|の)|(?:が|を|に|も|は|と).{0,8}[\u4e00-\u9fff]"
)
_EN_WORDS = 4
_OUR = re.compile(r"(?:we|our|my|the|staff|customers|clients|patients|users) (?!are|do|did|is|have|can)")
# wanting "it" is no need
_WANTS_IT = re.compile(
    r"(?:導入|購入|契約|利用|検討|開始)(?:を|は)?(?:し)?(?:たい|ます|中|予定)"
    r"|\b(?:want|need|buy|start|try) (?:it|this|that|to)\b"
)


_NOT_KNOWN = sought(
    r"(?:誰も|だれも|ほかに|他に)[^。]{0,14}(?:知ら|わから|分から|でき)(?:な|ん|へ)"
    r"|(?:誰が|だれが|何が|どこに|どこで|いつ)[^。]{1,24}か[^。]{0,6}(?:わから|分から|把握|見え|読め)"
    r"|[\u4e00-\u9fffァ-ヴー]{2}[^。]{0,20}(?:か|が|も|は|の)[^。]{0,10}(?:わから|分から|把握|見え|読め)"
    r"|\b(?:we|nobody|no one|they|staff|people)\b.{0,20}(?:can't|cannot|don't|never|knows?) ?(?:tell|know|say)?.{0,16}"
    r"\b(?:what|where|which|who|when|how|if|whether)\b.{6,}"
    r"|\bno (?:idea|clue|way of knowing|way to (?:tell|know|see)) (?:what|where|which|who|when|how|if|whether) .{6,}"
)
_OF_THE_QUESTION = re.compile(
    r"のこと(?:は|まで|については)|課題|困|悩|問題|ニーズ|質問|意味|意図|答え|要望|改善|私|自分"
    r"|problem|issue|need|challenge|you mean|answer|question|to say"
)


def about_work(text: Text) -> bool:
    """Whether a text that sounds like chat is about their work: 「ペットの予約管理」."""
    return _WORK.search(text.plain) is not None


_WORK = re.compile(
    r"管理|システム|業務|予約|受付|対応|客|注文|在庫|発注|手作業|自動|効率|人手|電話に|減ら|増や"
    r"|(?<![a-z])(?:appointments?|bookings?|orders?|customers?|clients?|staff|systems?|tickets?|stock|sales)(?![a-z])"
)


def not_knowing_hurts(text: Text) -> bool:
    """ "Nobody can tell where the stock is" is the problem itself, not a lack of an answer."""
    plain = text.plain
    return _NOT_KNOWN.search(plain) is not None and _OF_THE_QUESTION.search(plain) is None


def guess(text: Text) -> Found[Need] | None:
    """A statement nobody else understood, when the problem was asked for: it is the problem, we ask to confirm it."""
    plain = text.plain.strip()
    if text.language == "ja":
        states = len(plain) >= 6 and _STATES.search(plain) is not None
    else:
        words = len(re.findall(r"[a-z']{2,}", plain))
        states = words >= _EN_WORDS or (words == _EN_WORDS - 1 and _OUR.match(plain) is not None)
    if not states or _ASKS.search(plain) or _WANTS_IT.search(plain):
        return None
    start = len(text.plain) - len(text.plain.lstrip())
    need = Need(present=True, strength=strength_of(text, list(need_words(text, ())), True), categories=categories(text))
    return need_found(text, need, start, start + len(plain), GUESSED, "statement")


_BARE_SUBJECT = re.compile(
    r"(?:(?:just|mostly|mainly|well|um|hmm|maybe|probably|i guess|the|our|it's)[\s,]+)*"
    r"(?:costs?|security|integrations?|compliance)"
    r"(?:[\s,]+(?:mostly|mainly|really|i guess|i think|probably))*[\s.!]*"
)


def only_names_it(text: Text) -> bool:
    """ "Security.", asked for a problem, names it; asked for anything else such a word asks about us."""
    return text.language == "en" and _BARE_SUBJECT.fullmatch(text.plain.strip()) is not None


def short_answer(text: Text) -> Found[Need] | None:
    """Nothing but yes or no."""
    if len(text.plain) > 40 or _only("filler", text.language).fullmatch(text.plain):
        return None
    for section, present in (("no", False), ("yes", True)):
        if _only(section, text.language).match(text.plain):
            whole = _only(section, text.language).fullmatch(text.plain)
            if whole:
                value = Need(present=present, strength=Strength.MEDIUM if present else None)
                return need_found(text, value, 0, len(text.plain), FAIR, section)
    return None


def subject(text: Text, words: Sequence[Word], ignore: Sequence[tuple[int, int]]) -> Found[Need] | None:
    """They were asked for a problem and name its subject: "attendance tracking", 「営業の見える化とか」."""
    if _ASKS.search(text.plain):
        return None
    strong = [word for word in words if word.meaning in STRENGTH and not of_measure(text, word)]
    kinds = categories(text)
    stems = [word for word in words if word.meaning == "stem" and _NOUN.search(text.plain, word.start, word.end)]
    if not (strong or kinds or stems):
        return None
    strength = STRENGTH[strong[-1].meaning] if strong else Strength.MEDIUM
    start, end = (strong[-1].start, strong[-1].end) if strong else (0, len(text.plain))
    if ignore and overlaps(start, end, ignore):
        return None
    value = Need(present=True, strength=strength, categories=kinds)
    return need_found(text, value, start, end, GUESSED, "subject")


def part_of_work(text: Text) -> Found[Need] | None:
    """Nothing but a part of their work, asked for a problem: 「シフトかな」, "mostly the website"."""
    if len(text.plain) > _LONGEST_PART or not (match := _whole_part(text.language).fullmatch(text.plain)):
        return None
    value = Need(present=True, strength=Strength.MEDIUM, categories=categories(text))
    return need_found(text, value, *match.span("part"), GUESSED, "part_of_work")


_LONGEST_PART = 40


@cache
def _whole_part(language: Language) -> re.Pattern[str]:
    parts = lexicon("needs").words("part_of_work", language).glued_source
    if language == "ja":
        lead = (
            r"(?:うーん|えーと|えっと|まあ|そうですね|やっぱり|やはり|しいて言えば|主に|特に|最近は|今は|一番は|とにかく|あと"
            r"|[、。\s])*"
        )
        noun = rf"[\u4e00-\u9fffァ-ヴーa-z0-9]{{0,10}}の?(?:{parts})"
        part = rf"(?P<part>{noun}(?:[とや、・]{noun})*)"
        tail = (
            r"(?:の?(?:あたり|辺り|へん|辺|まわり|周り|関係|関連|面|部分|ところ|とこ|こと|方))?(?:くらい|ぐらい|とか|など|等|が)?"
            r"(?:です|かな|でしょう|だ|かも|全般|全部)*(?:か)?(?:ね|な|よ|ねえ|なあ)?[\s。!~…ー]*"
        )
        return re.compile(lead + part + tail)
    lead = (
        r"(?:(?:um|hmm|well|mostly|mainly|probably|maybe|just|i guess|i'd say|i suppose|it's|its|definitely|honestly|oh"
        r"|our|the|my|all the|all our|more|better|keeping up with|dealing with|handling|managing|doing)[\s,.]+)*"
    )
    part = rf"(?P<part>(?:(?!no|not|any)[a-z-]+\s)?(?:{parts})(?:(?:,|\sand|,\sand)\s(?:[a-z-]+\s)?(?:{parts}))*)"
    tail = r"(?:,?\s(?:stuff|side|mostly|mainly|really|in general|i guess|i think|probably|and so on|etc))*[\s.!]*"
    return re.compile(lead + part + tail)


@cache
def _only(section: str, language: Language) -> re.Pattern[str]:
    """A text that says nothing but these words."""
    source = lexicon("needs").words(section, language).source
    return re.compile(rf"(?:[\s、,。.!~…ー笑]*(?:{source})){{1,6}}[\s、,。.!~…ー笑]*")
