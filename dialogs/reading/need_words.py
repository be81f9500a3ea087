"""The words of a text that speak of a need: what each means, how hard it presses, and which kind of problem it names.

「非常に困って」          a pain, made stronger
failed an audit        severe, whatever it was about
ファックスですが03-...     nothing: that is a number
"""

import re
from collections.abc import Iterator, Sequence

from dialogs.reading.clarity import overlaps
from dialogs.reading.clauses import clause, sentence
from dialogs.reading.found import Found
from dialogs.reading.lexicon import lexicon
from dialogs.reading.sought import sought
from dialogs.reading.text import Text
from dialogs.reading.vocabulary import Word, vocabulary
from dialogs.reading.wanted_things import has_thing
from qualification.bant import Need, Strength

HURTS = frozenset({"pain", "severe", "goal", "curious"})
STRENGTH = {"severe": Strength.HIGH, "high": Strength.HIGH, "low": Strength.LOW, "curious": Strength.LOW}
_STRONGER = 10
"""Characters between "very" and what it makes stronger: 非常に困って, 本当に毎日つらい."""

# Behind a stem of getting better: 自動化 + したい, 減ら + したい, 改善 + が急務
_WISHED = re.compile(
    r"(?:を|も|に|が|は|の|化)?(?:し|図り|図る|進め|はかり|でき|せ|なり|なる|ち|ぎ|き)?"
    r"(?:たい|たく|たけ|ないと|なければ|なきゃ|たら(?=$|[。、\s]|な(?:$|[。、あぁと])|いい|良い|うれ|嬉|助|と思)|てほしい|て欲しい|てもらいたい|れば|られれば|よう|ことが(?:目的|目標|課題)|ため|必要|急|目的|目標|希望|検討|狙|最優先|必須|課題|テーマ|ニーズ|した方|できないか|といい|と嬉し|と助か)"
)
AMOUNT_OR_DATE = re.compile(
    r"[0-9](?:万|億|円|k\b|m\b|bn\b|月|年|日|ヶ月)(?!(?:間|以上|ほど|くらい|ぐらい|近く|も)?(?:かか|要し)|に?[0-9何数])|[$€£¥]\s?[0-9]|予算|金額|費用|時期|納期|budget|deadline|timeline|january|february|march|april|june|july"
    r"|[0-9]\s(?:dollars|pounds|euros|bucks|quid)|[0-9]\s(?:a|per)\s(?:month|year)"
    r"|august|september|october|november|december|\bq[1-4]\b"
)
"""In its clause even a strong word is no need: 「予算が足りない」, "urgent, by March"."""


def strength_of(text: Text, words: Sequence[Word], is_asked: bool) -> Strength:
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


_OF_A_DATE = re.compile(
    r"(?:は|、|\s)?(?:[今来再][年月週期春夏秋冬来]|[0-9]{1,4}[年月日/]|[春夏秋冬]|年(?![配上下寄齢季輩長])|早[いくめ]|すぐ|なる(?:べく|はや))"
)
"""Behind such a word it is the date that is wished for: 「できれば来年のお盆までに整えたい」."""


_OF_A_THING = re.compile(
    r"(?:(?:年配|高齢|離れた|変わった|特殊な|珍しい|若い|若めの|大きい|大きな|大きめの|小さい|小さな|小さめの|古い|古めの|遠い|広い|狭い|長い)"
    r"の?(?!問題|課題|悩み|困り|トラブル)(?=[\u4e00-\u9fffァ-ヴ])|前(?:から|より))"
)
"""Behind such a word it says how old or large something is: 「少し年配の社員が多い」 is no small trouble."""


def _speaks_of_need(text: Text, words: Sequence[Word], word: Word) -> bool:
    if word.meaning == "low" and (_OF_A_DATE.match(text.plain, word.end) or _OF_A_THING.match(text.plain, word.end)):
        return False
    begin, end = clause(text.plain, text.language, word.start, word.end)
    if any(
        other.meaning in HURTS or other.meaning in ("want", "stem") for other in words if begin <= other.start < end
    ):
        return True
    return not AMOUNT_OR_DATE.search(text.plain, begin, end)


_SUBJECT, _ENDING = 16, 3


def of_measure(text: Text, word: Word) -> bool:
    """Whether the word speaks of an amount or a date and of no problem: 「予算が足りない」."""
    begin, end = clause(text.plain, text.language, word.start, word.end)
    if text.language == "ja":  # what is short stands in front: 「予算が足りない」, but 「人が足りない月30万で」
        if _SECURED.search(text.plain, begin, word.start):
            return True
        goes_on = text.plain.startswith(("が", "は", "で", "の", "を", "だと", "も"), word.end)
        begin, end = max(begin, word.start - _SUBJECT), min(end, word.end + (_SUBJECT if goes_on else _ENDING))
    elif AMOUNT_OR_DATE.search(text.plain, begin, end) is None:
        return False
    else:  # "keyed in by hand and we want that automated by June" parts the problem from its date
        parts = [part.span() for part in _GOES_ON.finditer(text.plain, begin, end)]
        begin = max((stop for _, stop in parts if stop <= word.start), default=begin)
        end = min((start for start, _ in parts if start >= word.end), default=end)
    return AMOUNT_OR_DATE.search(text.plain, begin, end) is not None


_GOES_ON = re.compile(r"a(?<![a-z]a)nd (?=(?:i|we|they|he|she)(?:'[a-z]+)? )")
_SECURED = re.compile(r"(?<![をがも])確保$")
"""「まだ確保できていない」 is said of the money, 「人を確保できていない」 is not."""
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
_WANTS_IT_DONE = sought(
    r"(?<![a-z])(?:wants?|wanted|needs?|(?:would|'d) (?:like|love)) (?:it|them|that|this|those|these|everything"
    r"|all (?:of )?(?:it|them|that)) (?:all )?(?:automated|integrated|connected|merged|unified|combined|linked|synced"
    r"|consolidated|streamlined|simplified|replaced|(?:central|digit|modern)i[sz]ed"
    r"|in (?:one|a single) (?:place|system|tool))"
    r"(?![a-z])"
)
""" "Wants them integrated" tells what is to be done with what was named before; "wants it installed" buys."""
_ENDS_THERE = r"(?=\s*(?:[.,;!\n]|$|(?:now|already|since)(?![a-z])))"
_NOT_FOR_LONG = r"(?!\s?(?:now)?[.,;]?\s(?:but|though|although|yet|until|however)(?![a-z])(?!,? (?:thank|cheers)))"
_IS_OVER = sought(
    r"(?<![a-z])(?:problem|issue) (?:is|was|has been|is now|has now been) "
    r"(?:gone|solved|fixed|resolved|sorted|dealt with)"
    rf"{_ENDS_THERE}{_NOT_FOR_LONG}"
    r"|(?<![a-z])(?:do(?:es)?n'?t|do not) have (?:the|that|this) (?:problem|issue|trouble) now(?![a-z])"
    rf"{_NOT_FOR_LONG}"
    rf"|(?<![a-z])(?:isn'?t|is not) an? (?:problem|issue) now(?![a-z]){_NOT_FOR_LONG}"
)
""" "The problem is solved" and "this isn't an issue now", not "the issue is fixed pricing" or "now, but it will be"."""
_SPELLED_OUT = (("severe", _FAILED), ("pain", _LATE), ("goal", _WANTS_IT_DONE), ("absent", _IS_OVER))


def _listed(text: Text) -> Iterator[Word]:
    """The words of the lists; a failed audit is severe whatever it was about, what is done late hurts."""
    found = vocabulary("needs", "word").find(text.plain)
    if text.language == "ja":
        return iter(found)
    every = ((meaning, pattern.search(text.plain)) for meaning, pattern in _SPELLED_OUT)
    more = [Word(meaning=meaning, start=match.start(), end=match.end()) for meaning, match in every if match]
    return iter(sorted([*found, *more], key=lambda word: word.end) if more else found)


def need_words(text: Text, ignore: Sequence[tuple[int, int]]) -> Iterator[Word]:
    """The words outside `ignore` that mean something here, from left to right, by the sections of `needs.toml`."""
    for word in _listed(text):
        if ignore and overlaps(word.start, word.end, ignore):
            continue
        if (
            word.meaning == "severe"
            and text.plain.startswith("main ", word.start)
            and text.plain.startswith(":", word.end)
        ):
            word = word._replace(meaning="pain")  # "Main issue: ..." in a call note is a label
        if text.plain.endswith(_OVER_OR_UNDER, 0, word.start) and text.plain.startswith("回ら", word.start):
            continue  # 「目標を下回らない」
        if word.meaning == "stem" and (wished := _WISHED.match(text.plain, word.end)):
            yield Word(meaning="goal", start=word.start, end=wished.end())
        elif word.meaning in ("pain", "low") and _is_no_pain(text.plain, word):
            continue
        elif word.meaning != "else" and (word.meaning != "want" or has_thing(text, word.start, word.end)):
            yield word


_OVER_OR_UNDER = ("上", "下")


def _is_no_pain(plain: str, word: Word) -> bool:
    """「ファックスですが03-...」, 「ニシムラ紙器」, and what the rep still has to do: 「引き継ぎ欄に転記しておく」."""
    if _NUMBER_BEHIND.match(plain, word.end) or _A_CHORE.search(plain, *sentence(plain, word.start, word.end)):
        return True
    ahead = plain[word.start - 1 : word.start]
    return bool(_SHORT_KANA.fullmatch(plain, word.start, word.end)) and "ァ" <= ahead <= "ヴ"


_SHORT_KANA = re.compile("[ァ-ヴー]{2}")
_A_CHORE = re.compile(
    "(?:し|入れ|送っ|書い|伝え|残し)ておく(?:こと|予定)?(?:。|$)|伝言(?:のみ|は残|だけ|を残)|留守電(?:だった|に)|切電|会議中でつなが"
    "|(?:架電|テレアポ)[^。]{0,12}受付[でに](?:止ま|止め|断|ブロック|切)(?![^。]*(?:困|悩|課題|多|減ら))"
    "|開封され|別案件|別の(?:案件|プロジェクト)|失注した先|掘り起こし|(?:聞く|伺う|確認する)(?:つもり|予定)"
)
"""What the rep did when nobody was reached, or will do."""
_NUMBER_BEHIND = re.compile(r"[^0-9。、,]{0,6}[+(]?[0-9]{2,5}[)-][0-9]{2,4}[)-]?[0-9]")


def categories(text: Text, start: int = 0, end: int | None = None) -> tuple[str, ...]:
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


def need_found(text: Text, value: Need, start: int, end: int, certainty: float, rule: str) -> Found[Need]:
    """The need with its place `plain[start:end]`; `rule` is its name without the topic."""
    return text.fact(value, start, end, certainty=certainty, rule=f"need.{rule}")
