"""What hurts, or what they want to become better; how hard it presses; and what kind of problem it is.

人が足りなくて非常に困っています            -> a need, high, staffing
used to be a nightmare, now it's minor   -> a need, low: the later clause wins
need it by March                         -> nothing: a date alone is no need
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import islice

from dialogs.reading.clarity import overlaps
from dialogs.reading.clauses import clause, sentence
from dialogs.reading.found import Found, Language
from dialogs.reading.lexicon import lexicon
from dialogs.reading.sought import sought
from dialogs.reading.text import MOST, Text
from dialogs.reading.vocabulary import Word, vocabulary
from qualification.bant import Need, Strength, Topic

SURE, FAIR, GUESSED = 0.95, 0.8, 0.55
"""Said in so many words; a short answer; only the subject of a problem was named."""

HURTS = frozenset({"pain", "severe", "goal", "curious"})
STRENGTH = {"severe": Strength.HIGH, "high": Strength.HIGH, "low": Strength.LOW, "curious": Strength.LOW}
_EARLY = 15
"""Characters before "nothing really" at most: later in a text it is about something else."""
_STRONGER = 10
"""Characters between "very" and what it makes stronger: 非常に困って, 本当に毎日つらい."""

# Behind a stem of getting better: 自動化 + したい, 減ら + したい, 改善 + が急務
_WISHED = re.compile(
    r"(?:を|も|に|が|は|の|化)?(?:し|図り|図る|進め|はかり|でき|せ|なり|なる|ち|ぎ|き)?"
    r"(?:たい|たく|たけ|ないと|なければ|なきゃ|てほしい|て欲しい|てもらいたい|れば|られれば|よう|ことが(?:目的|目標|課題)|ため|必要|急|目的|目標|希望|検討|狙|最優先|必須|課題|テーマ|ニーズ|した方|できないか|といい|と嬉し|と助か)"
)
_THING_IN_FRONT = re.compile(r"([a-z0-9一-龯々ァ-ヴー]{2,})(?:の?(?:よう|みたい)なもの|とか|など|等)?$")
_ASKS = re.compile(r"(?:\?|(?<!と)か。?)\s*$|お願いし|ください|いただけ|頂け|please|can you|could you")
_NOUN = re.compile(r"[a-z一-龯々ァ-ヴー]{2,}$")
_MEASURE = re.compile(
    r"[0-9](?:万|億|円|k\b|m\b|bn\b|月|年|日|ヶ月)(?!(?:間|以上|ほど|くらい|ぐらい|近く|も)?(?:かか|要し))|[$€£¥]\s?[0-9]|予算|金額|費用|時期|納期|budget|deadline|timeline|january|february|march|april|june|july"
    r"|august|september|october|november|december|\bq[1-4]\b"
)


def find(text: Text, *, asked: Topic | None, ignore: Sequence[tuple[int, int]] = ()) -> Found[Need] | None:
    """The need a text states, or that there is none; None when it says nothing about it.

    `ignore` are spans of `plain` that are not the person's own statement (a question, an instruction to the bot).
    """
    is_asked = asked is Topic.NEED
    if asked is None and _nobody_was_reached(text.plain):
        return None
    words = list(_words(text, ignore))
    telling = [word for word in words if _tells(text, word, is_asked)]
    if telling:
        last = telling[-1]
        if last.meaning.startswith("absent") and not _outweighed(telling):
            return _found(text, Need(present=False), last.start, last.end, SURE, "absent")
        if asked not in (None, Topic.NEED) and _says_little(text, telling):
            return None
        return _present(text, words, telling, is_asked)
    if not is_asked:
        return _pressing(text, words) or _wished(text, ignore) or (_noted(text, words) if asked is None else None)
    return _short_answer(text) or _subject(text, words, ignore) or _wished(text, ignore) or _part_of_work(text)


def _nobody_was_reached(plain: str) -> bool:
    """A note of calls that reached nobody tells no need: "left two voicemails, nobody picks up, no reply so far"."""
    signs = {match.lastgroup for match in islice(_MISSED_CALL.finditer(plain), MOST)}
    return len(signs) >= _SIGNS_OF_A_MISSED_CALL and not _THEIR_CALLERS.search(plain)


_THEIR_CALLERS = re.compile(r"(?<![a-z])(?:we|our|customers?|clients?|patients?|callers?|guests?|tenants?)(?![a-z])")
"""Those who reach nobody are the prospect's own: "customers left messages, the line was busy, no reply"."""

_MISSED_CALL = sought(
    r"(?<![a-z])(?:(?P<message>(?:left|leaving) (?:an? |the |two |three |another )?(?:vm|voicemail|message)s?)"
    r"|(?P<busy>line (?:was |is )?busy|engaged tone)|(?P<rang>rang out|no voicemail)"
    r"|(?P<again>(?:second|third|next|2nd|3rd) try|tried again)"
    r"|(?P<menu>automated menu|switchboard|cut off)|(?P<bounced>(?:e-?mail|mail|it) bounced)"
    r"|(?P<silent>no (?:reply|answer|response)|nobody (?:picks up|picked up|answered|has replied|replied))"
    r"|(?P<nothing>nothing (?:new|learned|learnt|to report)))(?![a-z])"
)
_SIGNS_OF_A_MISSED_CALL = 3
_LITTLE = 40


def _says_little(text: Text, telling: Sequence[Word]) -> bool:
    """ "Nobody has told me", "it's on hold": in a short answer to something else, one such word is no problem."""
    short = len(text.plain) <= (_LITTLE if text.language == "en" else _LITTLE // 2)
    return short and {word.meaning for word in telling} == {"pain"} and not _categories(text)


_STATES = re.compile(
    r"[\u4e00-\u9fffァ-ヴー]{2,}.{0,12}(?:が|を|に|で|も|は|と|の)|(?:が|を|に|も|は|と).{0,8}[\u4e00-\u9fff]"
)
_EN_WORDS = 4
_OUR = re.compile(r"(?:we|our|my|the|staff|customers|clients|patients|users) (?!are|do|did|is|have|can)")
# wanting "it" is no need
_WANTS_IT = re.compile(
    r"(?:導入|購入|契約|利用|検討|開始)(?:を|は)?(?:し)?(?:たい|ます|中|予定)"
    r"|\b(?:want|need|buy|start|try) (?:it|this|that|to)\b"
)


_NOT_KNOWN = sought(
    r"[\u4e00-\u9fffァ-ヴー]{2,}[^。]{0,20}(?:か|が|も|は|の)[^。]{0,10}(?:わから|分から|把握|見え)"
    r"|\b(?:we|nobody|no one|they|staff|people)\b.{0,20}(?:can't|cannot|don't|never|knows?) ?(?:tell|know|say)?.{0,16}"
    r"\b(?:what|where|which|who|when|how|if|whether)\b.{6,}"
    r"|\bno (?:idea|clue|way of knowing|way to (?:tell|know|see)) (?:what|where|which|who|when|how|if|whether) .{6,}"
)
_OF_THE_QUESTION = re.compile(
    r"課題|困|悩|問題|ニーズ|質問|意味|意図|答え|要望|改善|私|自分"
    r"|problem|issue|need|challenge|you mean|answer|question|to say"
)


# 「固定電話を廃止したい」, "we want to double online sales": something is done to a thing, with a verb nobody listed
_WISH_JA = sought(
    r"(?P<thing>[a-z0-9一-龯々ァ-ヴー]{2,24})(?:など|とか|等|の(?:方|件))?(?:を|が|も|に)(?P<verb>[^。、!?\n]{0,11}?"
    r"[いきしちにひみりぎじびえけせてねへめれげぜべ見])"
    r"(?:たい|たく|てほしい|て欲しい|てもらいたい|[らえけせ]れるように)"
)
_WISH_EN = sought(
    r"(?<![a-z])(?<!n't )(?<!not )(?<!never )(?:wants?|wanted|would like|would love|'d like|'d love"
    r"|hop(?:e|es|ing)|needs?|trying|aim(?:s|ing)?|goal is|objective is|target is|idea is|looking|keen|eager) to "
    r"(?P<verb>[a-z]+) (?P<thing>[a-z0-9$%'-]+)"
)


def _wished(text: Text, ignore: Sequence[tuple[int, int]]) -> Found[Need] | None:
    """A wish about their work in words of its own; talking to us, buying and deciding are no such wish."""
    pattern = _WISH_JA if text.language == "ja" else _WISH_EN
    not_a_wish = lexicon("needs").pattern("not_a_wish", text.language)
    for match in islice(pattern.finditer(text.plain), MOST):
        start, end = match.span()
        if overlaps(start, end, ignore) or not_a_wish.search(text.plain, *match.span("verb")):
            continue
        thing = match["thing"]
        named = not _names_nothing(thing) if text.language == "ja" else _names_a_thing(text, match.start("thing"))
        if named and not _MEASURE.search(text.plain, *clause(text.plain, text.language, start, end)):
            value = Need(
                present=True, strength=_strength(text, list(_words(text, ignore)), False), categories=_categories(text)
            )
            return _found(text, value, start, end, GUESSED, "wish")
    return None


_NOTED = sought(
    r"(?:^|[。、,\n:・/\s])\s?(?P<thing>[^。、,\n:・/\s]{2,16}?)の?(?:更新|刷新|導入|入替|入れ替え|リプレース|リプレイス|見直し|効率化|自動化|電子化"
    r"|デジタル化|見える化|可視化|省力化|ペーパーレス化|一元化|一元管理|改善|削減|短縮|強化|解消|移行|構築|統合|集約|内製化|dx)"
    r"(?:希望|検討中?|ニーズ|案件|を希望|を検討中?|したいとのこと|が課題|がテーマ)?(?=[。、,\n/\s]|と[^。、\n\s]{2,14}(?:[。、,\n/\s]|$)|$)"
)
_LABELLED = sought(
    r"(?:(?<![a-z])(?:needs?|pains?|pain points?|problems?|challenges?|issues?|goals?|use case)"
    r"|課題|ニーズ|困り(?:ごと|事)|悩み|要望|目的|ペイン)\s?:(?!\s?(?:tbd|tbc|n/a|\?|unknown|未|不明|-|確認))\s?(?P<thing>[^。.\n、,/;]{2,40})"
)
_NOTHING = re.compile(r"(?:none|no\b|nothing|nil|特?になし|なし|無し|ない|ありません)")
_NOT_NOTED = sought(
    r"契約|ライセンス|保守|サポート|予算|本格|試験|本番|年|月|日|期|時期|社|うち|pj|プロジェクト|正式|新規|早期|段階|一括|先行|全社|本社|製品|サービス|弊社|当社"
    r"|関係|待遇|給与|検討|承認|稟議|登録|情報"
)


def _noted(text: Text, words: Sequence[Word]) -> Found[Need] | None:
    """An item of a call note that only names what is to be done: 「ナースコールの更新、予算800万」."""
    if match := _LABELLED.search(text.plain):
        if _NOTHING.match(match["thing"]):
            return _found(text, Need(present=False), *match.span(), FAIR, "labelled_absent")
        value = Need(present=True, strength=_strength(text, words, False), categories=_categories(text))
        return _found(text, value, *match.span(), FAIR, "labelled")
    if text.language != "ja":
        return None
    for match in islice(_NOTED.finditer(text.plain), MOST):
        if not _NOT_NOTED.search(match["thing"]):
            value = Need(present=True, strength=_strength(text, words, False), categories=_categories(text))
            return _found(text, value, match.start("thing"), match.end(), GUESSED, "noted")
    return None


_POLITE = re.compile(r"ください|下さい|お願い|ほしい|欲しい|くれ|です|ます")
_FAR = 14


def hurts_behind(text: Text, start: int, end: int) -> bool:
    """Whether `plain[start:end]` is only what a need is about: 「配信停止の処理が手作業」, 「退会を減らしたい」."""
    _, stop = clause(text.plain, text.language, start, end)
    return any(
        word.meaning in ("pain", "severe", "goal")
        and start <= word.start < min(stop, end + _FAR)
        and word.end >= end
        and not _POLITE.search(text.plain, end, word.start)
        for word in _words(text, ())
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
    need = Need(present=True, strength=_strength(text, list(_words(text, ())), True), categories=_categories(text))
    return _found(text, need, start, start + len(plain), GUESSED, "statement")


def _tells(text: Text, word: Word, is_asked: bool) -> bool:
    """Whether the word speaks of a need at all: 「予算が足りない」 and "40k is too much" speak of money."""
    if word.meaning in ("severe", "curious", "absent"):
        return True
    if word.meaning == "absent_asked":
        return is_asked and word.start - (len(text.plain) - len(text.plain.lstrip())) <= _EARLY
    if not is_asked and text.plain.startswith(("何とか", "なんとか"), word.start) and _until(text, word.start):
        return False  # 「一年以内には何とかしたい」
    if word.meaning == "goal" and not is_asked and _only_starts(text, word):
        return False
    if word.meaning in ("goal", "want"):
        return is_asked or not _of_the_purchase(text, word)
    return word.meaning == "pain" and (is_asked or not _of_measure(text, word))


def _only_starts(text: Text, word: Word) -> bool:
    """「3週間以内に使えるようにしたい」 says when, not what: nothing is named that they want to use."""
    start = (
        word.start - 2 if text.plain.endswith(("立ち", "稼働", "利用", "導入", "運用"), 0, word.start) else word.start
    )
    if not _STARTS.match(text.plain, start):
        return False
    begin, _ = clause(text.plain, text.language, start, word.end)
    return _ITS_OBJECT.search(text.plain, begin, start) is None


_STARTS = re.compile("使え|使い|動かせ|動け|始め|(?:稼働|利用|導入|運用)?(?:でき|開始)|立ち上げ|切り替え")
_ITS_OBJECT = re.compile("[をがも]|(?<![月年週日間])で|[^に]は")


def _until(text: Text, end: int) -> bool:
    return _UNTIL.search(text.plain, max(0, end - 6), end) is not None


_UNTIL = re.compile(r"(?:以内|まで|年内|月中|期中|月末)に?は?$")


def _outweighed(telling: Sequence[Word]) -> bool:
    """ "No, we're good" answers the question; "手作業が多いので問題ないとは" does not. The first sentence decides."""
    return telling[-1].meaning == "absent_asked" and any(word.meaning in HURTS for word in telling)


def _present(text: Text, words: Sequence[Word], telling: Sequence[Word], is_asked: bool) -> Found[Need]:
    first = next(word for word in telling if not word.meaning.startswith("absent"))
    strength = _strength(text, words, is_asked)
    return _found(
        text,
        Need(present=True, strength=strength, categories=_categories(text)),
        first.start,
        max(word.end for word in telling),
        SURE if first.meaning != "want" else FAIR,
        first.meaning,
    )


def _pressing(text: Text, words: Sequence[Word]) -> Found[Need] | None:
    """ "Compliance reporting is a must-have" is a need although nobody asked; "a decision is urgent" is not."""
    for word in words:
        if word.meaning == "high":
            begin, end = clause(text.plain, text.language, word.start, word.end)
            if not _MEASURE.search(text.plain, begin, end) and (kinds := _categories(text, begin, end)):
                value = Need(present=True, strength=Strength.HIGH, categories=kinds)
                return _found(text, value, word.start, word.end, FAIR, "pressing")
    nice = [word for word in words if word.meaning == "low" and "nice" in text.plain[word.start : word.end]]
    if nice:
        value = Need(present=True, strength=Strength.LOW, categories=_categories(text))
        return _found(text, value, nice[-1].start, nice[-1].end, FAIR, "nice_to_have")
    return None


_BARE_SUBJECT = re.compile(
    r"(?:(?:just|mostly|mainly|well|um|hmm|maybe|probably|i guess|the|our|it's)[\s,]+)*"
    r"(?:costs?|security|integrations?|compliance)"
    r"(?:[\s,]+(?:mostly|mainly|really|i guess|i think|probably))*[\s.!]*"
)


def only_names_it(text: Text) -> bool:
    """ "Security.", asked for a problem, names it; asked for anything else such a word asks about us."""
    return text.language == "en" and _BARE_SUBJECT.fullmatch(text.plain.strip()) is not None


def _short_answer(text: Text) -> Found[Need] | None:
    """Nothing but yes or no."""
    if len(text.plain) > 40 or _only("filler", text.language).fullmatch(text.plain):
        return None
    for section, present in (("no", False), ("yes", True)):
        if _only(section, text.language).match(text.plain):
            whole = _only(section, text.language).fullmatch(text.plain)
            if whole:
                value = Need(present=present, strength=Strength.MEDIUM if present else None)
                return _found(text, value, 0, len(text.plain), FAIR, section)
    return None


def _subject(text: Text, words: Sequence[Word], ignore: Sequence[tuple[int, int]]) -> Found[Need] | None:
    """They were asked for a problem and name its subject: "attendance tracking", 「営業の見える化とか」."""
    if _ASKS.search(text.plain):
        return None
    strong = [word for word in words if word.meaning in STRENGTH and not _of_measure(text, word)]
    kinds = _categories(text)
    stems = [word for word in words if word.meaning == "stem" and _NOUN.search(text.plain, word.start, word.end)]
    if not (strong or kinds or stems):
        return None
    strength = STRENGTH[strong[-1].meaning] if strong else Strength.MEDIUM
    start, end = (strong[-1].start, strong[-1].end) if strong else (0, len(text.plain))
    if ignore and overlaps(start, end, ignore):
        return None
    value = Need(present=True, strength=strength, categories=kinds)
    return _found(text, value, start, end, GUESSED, "subject")


def _part_of_work(text: Text) -> Found[Need] | None:
    """Nothing but a part of their work, asked for a problem: 「シフトかな」, "mostly the website"."""
    if len(text.plain) > _LONGEST_PART or not (match := _whole_part(text.language).fullmatch(text.plain)):
        return None
    value = Need(present=True, strength=Strength.MEDIUM, categories=_categories(text))
    return _found(text, value, *match.span("part"), GUESSED, "part_of_work")


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


def _strength(text: Text, words: Sequence[Word], is_asked: bool) -> Strength:
    """The last word that says how hard it presses; a word about an amount or a date does not."""
    found = Strength.MEDIUM
    adverb: Word | None = None
    for word in words:
        if word.meaning == "adverb":
            adverb = word
        elif word.meaning == "pain" and adverb and word.start - adverb.end <= _STRONGER:
            found = Strength.HIGH
        elif word.meaning in ("severe", "curious") or (word.meaning in STRENGTH and _speaks_of_need(text, words, word)):
            found = STRENGTH[word.meaning]
    return found


def _speaks_of_need(text: Text, words: Sequence[Word], word: Word) -> bool:
    begin, end = clause(text.plain, text.language, word.start, word.end)
    if any(
        other.meaning in HURTS or other.meaning in ("want", "stem") for other in words if begin <= other.start < end
    ):
        return True
    return not _MEASURE.search(text.plain, begin, end)


_PURCHASE = re.compile(r"予算|金額|時期|納期|budget|deadline|timeline")


def _of_the_purchase(text: Text, word: Word) -> bool:
    """ "We want to raise the budget" is no need; "we want to cut churn by March" is one."""
    begin, stop = clause(text.plain, text.language, word.start, word.end)
    front = max(begin, word.start - 12)
    back = word.end + 12 if text.language == "en" else min(stop, word.end + 12)
    return bool(_PURCHASE.search(text.plain, front, back) or _TO_AN_AMOUNT.search(text.plain[front : word.start]))


_TO_AN_AMOUNT = re.compile(
    r"[0-9千](?:万|億|円|ドル|ユーロ)円?(?:台|以内|以下|前後)?(?:くらい|ぐらい|程度|ほど)?(?:に|まで)?$"
)
"""In front of a wish: 「40万くらいに抑えたい」 is the budget."""


_SUBJECT, _ENDING = 16, 3


def _of_measure(text: Text, word: Word) -> bool:
    begin, end = clause(text.plain, text.language, word.start, word.end)
    if text.language == "ja":  # what is short stands in front: 「予算が足りない」, but 「人が足りない月30万で」
        goes_on = text.plain.startswith(("が", "は", "で", "の", "を", "だと", "も"), word.end)
        begin, end = max(begin, word.start - _SUBJECT), min(end, word.end + (_SUBJECT if goes_on else _ENDING))
    return _MEASURE.search(text.plain, begin, end) is not None


# Words


_FAILED = sought(
    r"(?<![a-z])(?:fail(?:ed|ing|s)?|flunk(?:ed|ing)?)\s(?:[a-z0-9'-]+\s){0,4}?"
    r"(?:audits?|inspections?|certification|recertification|pen(?:etration)?[ -]?tests?|compliance check)(?![a-z])"
)


_COUNT = r"(?:a|an|one|two|three|four|five|six|seven|ten|several|many|[0-9]{1,3})"
_LATE = sought(
    r"(?<![a-z])(?:answered|replied to|returned|handled|processed|dealt with|resolved|fixed|shipped|delivered|paid"
    rf"|updated|sent out|approved|entered|booked) (?:only )?after (?:about |around )?{_COUNT}(?: (?:or|to) {_COUNT})?"
    r" (?:hours?|days?|weeks?|months?)(?![a-z])"
)
_SPELLED_OUT = (("severe", _FAILED), ("pain", _LATE))


def _listed(text: Text) -> Iterator[Word]:
    """The words of the lists; a failed audit is severe whatever it was about, what is done late hurts."""
    found = vocabulary("needs", "word").find(text.plain)
    if text.language == "ja":
        return iter(found)
    every = ((meaning, pattern.search(text.plain)) for meaning, pattern in _SPELLED_OUT)
    more = [Word(meaning=meaning, start=match.start(), end=match.end()) for meaning, match in every if match]
    return iter(sorted([*found, *more], key=lambda word: word.end) if more else found)


def _words(text: Text, ignore: Sequence[tuple[int, int]]) -> Iterator[Word]:
    for word in _listed(text):
        if ignore and overlaps(word.start, word.end, ignore):
            continue
        if (
            word.meaning == "severe"
            and text.plain.startswith("main ", word.start)
            and text.plain.startswith(":", word.end)
        ):
            word = word._replace(meaning="pain")  # "Main issue: ..." in a call note is a label
        if word.meaning == "stem" and (wished := _WISHED.match(text.plain, word.end)):
            yield Word(meaning="goal", start=word.start, end=wished.end())
        elif word.meaning in ("pain", "low") and _is_no_pain(text.plain, word):
            continue
        elif word.meaning != "else" and (word.meaning != "want" or _has_thing(text, word.start, word.end)):
            yield word


def _is_no_pain(plain: str, word: Word) -> bool:
    """「ファックスですが03-...」, 「ニシムラ紙器」, and what the rep still has to do: 「引き継ぎ欄に転記しておく」."""
    if _NUMBER_BEHIND.match(plain, word.end) or _A_CHORE.search(plain, *sentence(plain, word.start, word.end)):
        return True
    ahead = plain[word.start - 1 : word.start]
    return bool(_SHORT_KANA.fullmatch(plain, word.start, word.end)) and "ァ" <= ahead <= "ヴ"


_SHORT_KANA = re.compile("[ァ-ヴー]{2}")
_A_CHORE = re.compile(
    "(?:し|入れ|送っ|書い|伝え|残し)ておく(?:こと|予定)?(?:。|$)|伝言(?:のみ|は残|だけ|を残)|留守電(?:だった|に)|切電|会議中でつなが"
    "|開封され|別案件|別の(?:案件|プロジェクト)|失注した先|掘り起こし|(?:聞く|伺う|確認する)(?:つもり|予定)"
)
"""What the rep did when nobody was reached, or will do."""
_NUMBER_BEHIND = re.compile(r"[^0-9。、,]{0,6}[+(]?[0-9]{2,5}[)-][0-9]{2,4}[)-]?[0-9]")


def _has_thing(text: Text, start: int, end: int) -> bool:
    """Whether there is something wanted: "looking for a CRM", 「名刺管理ツールを探して」, but not "need it by June"."""
    if text.plain[end - 1].isascii():
        return _names_a_thing(text, end)
    thing = _THING_IN_FRONT.search(text.plain, max(0, start - 20), start)
    if thing is None:
        return False
    return not _names_nothing(thing.group(1))


def _names_nothing(thing: str) -> bool:
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
}


NAMES_A_TOOL = re.compile(
    r"(?:\s[a-z-]+){0,2}\s(?:tools?|software|systems?|apps?|platforms?|solutions?|chatbot|portal|module|engine"
    r"|dashboard|tracker|tracking|schedulers?|scheduling|generator|builder|recorder|recording|transcription|routing"
    r"|management|automation)(?![a-z])"
)
"""Behind a word that alone is no thing to want: "a quote generator", "an appointment reminder tool"."""


def _names_a_thing(text: Text, at: int) -> bool:
    behind = text.plain[at : at + 50].lstrip()
    if not behind or not behind[0].isalpha():
        return False
    nothing = lexicon("needs").pattern("not_a_thing", "en").match(behind)
    return nothing is None or NAMES_A_TOOL.match(behind, nothing.end()) is not None


@cache
def _not_things() -> tuple[str, ...]:
    return lexicon("needs").words("not_a_thing_ja", "ja").spellings


def _categories(text: Text, start: int = 0, end: int | None = None) -> tuple[str, ...]:
    """Every kind of problem that the words touch, in the order of the lexicon."""
    named = {
        word.meaning
        for word in vocabulary("needs", "category").find(text.plain, start, end)
        if not (
            text.plain[word.start : word.end] in _COUNTED
            and _COUNTS.search(text.plain, max(0, word.start - 6), word.start)
        )
    }
    return tuple(kind for kind in lexicon("needs").sections["category"] if kind in named)


_COUNTED = frozenset({"staff", "time"})
_COUNTS = re.compile(r"(?:[0-9]\+?|one|full|part|first)[\s-]$")
"""In front of such a word they name no kind of problem: "14 staff", "one-time", "part-time"."""


@cache
def _only(section: str, language: Language) -> re.Pattern[str]:
    """A text that says nothing but these words."""
    source = lexicon("needs").words(section, language).source
    return re.compile(rf"(?:[\s、,。.!~…ー笑]*(?:{source})){{1,6}}[\s、,。.!~…ー笑]*")


def _found(text: Text, value: Need, start: int, end: int, certainty: float, rule: str) -> Found[Need]:
    return Found(
        value=value,
        span=text.span(start, end),
        words=text.words(start, end),
        certainty=certainty,
        rule=f"need.{rule}",
    )
