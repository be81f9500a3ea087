"""Which words of a text ask something: an amount or a date inside a question is not what the person has.

500万で足りますか              all of it asks
予算は500万ですが、足りますか     the first clause states, the second asks
300万くらいですかね             a hesitant answer, not a question
could we start in June?      all of it asks
"""

import re
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import islice, pairwise
from operator import attrgetter

from dialogs.reading.found import Language, Span
from dialogs.reading.phrases import Hit, heard
from dialogs.reading.places import KEPT
from dialogs.reading.sought import sought
from dialogs.reading.text import Text
from dialogs.reading.their_work import WISHES_TO_KNOW

_SENTENCE = re.compile(r"[^。!?\n.]+(?:\.(?![\s.]|$)[^。!?\n.]*)*[。!?\n.]*")
_ECHO = re.compile(
    r"^\W*(?:ご)?(?:予算|時期|導入時期|決裁|決裁者|課題|会社名|ニーズ|名前|"
    r"budget|timeline|timeframe|authority|need|who decides|"
    r"who signs|who|when|how much|いつ|いくら|誰が決める(?:か|の)?|決めるの(?:は)?"
    r"|決める人|決定権|権限|決裁権|人数|社員数|従業員数?|職員数)"
    r"(?:は|って|ですか|か|ね)?\s*\?+"
)
_ECHOES_THE_NEED = re.compile(r"お?(?:困り(?:ごと|事)|悩み(?:ごと|事)?)(?:は|って|ですか|か|ね)?\s*\?+")

# Japanese: how a question ends, and the words that ask by themselves.
_JA_ENDS_ASKING = sought(
    r"(?<!をどうにかし)(?<!をなんとかし)(?<!を何とかし)(?<!を楽にし)(?<!をなくし)(?:ます|ません|です|でしょう|ました|んだ|ない|た|る|れる|える|う|の|ん|あり|可能|無料|有料|必要|対応|ok|大丈夫)か(?:ね|い|な)?[\s?!。.]*$"
    r"|(?:(?<!な)ります|できます|ません|[らえけべせてれげね]ます|間に合います|済みます|[付つ]きます|ある|できる|[えけせてれめ]る|いける|あり|足り(?:る|ます)|収まる|おさまる|済む|間に合う|(?:じゃ|では)(?:無理|厳しい|きつい|足りない|だめ|ダメ)(?:です)?(?:よね|かな)?)\?+\s*$"
    r"|(?:かしら|っけ|の|(?:の|って)(?:こと|話)|かい|だい|ん)\?+\s*$"
    r"|どない(?:や|です|でしょう)(?:ろ|ねん|か)?(?:ね|な)?[\s?。]*$"
    r"|たり(?:する|します)(?:の|ん|か|のかな|んです)?[\s?。]*$"
    r"|って[^。、]{0,6}(?:どこ|いつ|誰|だれ|どう|どんな|何)[^。、]{1,16}[んの]でしょう[\s?。]*$"
    r"|って[^。、]{1,14}(?:ある|する|できる|なる|いる|使える|かかる|もらえる)(?:の|ん|のかな|んかな|んやろ)[\s?。]*$"
)
_JA_ASKS = sought(
    r"いくら(?!でも)|おいくら|何(?!も|とか|でも|度も|か月|ヶ月|卒|より|かと)|なに(?!も|とか|か)|なん(?:です|でしょう|の|で)|どう(?!しても|も|ぞ|にか|やら|せ|でも|"
    r"いたし)|どこ(?!か|も|でも)|どの|どれ(?!も|でも)|どんな(?!に)|どちら(?!も|でも|か)|どっち|誰(?!も|か|でも)|だれ(?!も|か)|いつ(?!も|か|でも|まで|ごろに|"
    r"頃に)|なぜ|どうして|どういう|どなた"
)
# 「どんなに高くても120万」, 「いくら急いでも秋」 ask nothing
_JA_CONCEDES = sought(
    r"(?:どんなに|どれだけ|どれほど|いくら|なんぼ|どこまで|どこを|どう|何が|何を|誰が)[^。、?]{0,10}?(?:[てで]も|とも|ようと|ろうと)"
)
_JA_HESITANT = re.compile(
    r"(?:くらい|ぐらい|程度|ほど|頃|ごろ|あたり|前後|以内|まで|以上|以下|未満|円|万|億|ドル|月|年|末|中|期|週|日|秋|春|夏|冬|ところ|とこ|感じ|もの|予定|名|人|部|課|長|会|"
    r"後|てから)、?(?:です|でしょう|になります|になるん|になりそうです|だと思い|なん)?(?:か(?:ね|な|と|も|なぁ|なあ|しら)?|かなと|かと思)?[\s?!。.ー~…あぁ]*$"
)
_JA_MUSING = re.compile(
    r"(?:ですかね|ますかね|かな[ぁあー]?|かも|かと|かなと|のかな|でしょうかね|だろうか|かしら|じゃないかな|ではないかと)[\s?!。.ー~]*$"
)
# 「8桁いくかいかないか」 weighs, and asks nobody
_JA_EITHER = re.compile(
    r"か[^か、。]{0,8}(?:ない|ません)か(?:くらい|ぐらい|程度|ってところ)?(?:です|だ)?(?:かね|ね|な)?[\s。.]*$"
)
# 「200万あれば足りますかね」 asks what ours costs, with a question mark or without
_JA_ENOUGH = re.compile(
    r"(?:[万億円千]|[0-9])(?:も|程度|くらい|ぐらい|ほど)?(?:あれば|で|なら|だと)、?"
    r"(?:何とか|なんとか|十分|充分)?(?:です|足り|間に合[いう]|収ま|おさま|賄え|まかなえ|でき|いけ|入れられ|頼め|買え)?る?(?:ます|んです|のでしょう|でしょう)?かね[\s?。]*$"
    # 「1000万あれば基幹ごと入れ替えられるものですか」
    r"|[万億円]あれば[^。、]{1,16}[えけせてねめれげべ]る(?:もの|もん|ん|の)(?:です|でしょう)か[\s?。]*$"
)
# 「…ってあるんですかね?」 asks us; 「…くらいですかね?」 thinks aloud
_JA_WHETHER = re.compile(
    r"(?:ある|あり|できる|でき|可能|使える|もらえる|いける|対応して(?:い|)る|要る|いる|かかる|なる)"
    r"(?:ん|の|もの)?(?:です|ます)?か(?:ね|な)\??$"
)
# 「お試し期間ってありますかね」 asks us without a question mark; 「集計に時間がかかることですかね」 thinks aloud
_JA_OF_OURS = re.compile(
    r"(?:って|とか|とかって)(?!困|悩)[^。、?]{0,10}(?:あり|ある|でき|かか[りる]|つい[てき]|付い[てき]|使え|もらえ|要り|いり|必要)"
    r"[^。、?]{0,6}(?:です|ます)かね[えぇー]?[\s。]*$"
    r"|(?:使え|試せ|もらえ|いただけ|頂け|つなげ|つながり|見られ|対応(?:して(?:い)?|でき))(?:る?(?:ん|の)です|ます)かね[えぇー]?[\s。]*$"
)
_JA_STATES = re.compile(
    r"(?:です|ます|ました|ません|んです|なん|だ|た|る|い)(?:が|けど|けれど|けれども|ので|のですが|し)$|(?:あり|おり|して|いて|決まって|考えて)$|(?:なので|ですので|"
    r"ため|だけど|だが)$|んですが$"
)
_JA_LABELLED = re.compile(
    r"^\s*(?:ご)?(?:予算|社員|従業員|時期|導入時期|決裁|決裁者|課題|会社|氏名|名前|担当)(?:数|者|名)?[はが:]?\s*[^、]{1,20}$(?<!って)(?<!とは)"
)
_JA_CLAUSE = re.compile(
    r"[、,;]|(?<=です)が|(?<=ます)が|(?<=した)が|(?<=せん)が|けれども|けれど|けど|(?<=[ないすたる])ので(?!す|しょ)"
)

# English: a verb before its subject, or a word that asks.
_EN_FILLER = (
    r"(?:(?:ok|okay|so|and|but|well|um|uh|hi|hello|hey|sure|thanks|thank you|great|please|also|yes|no|sorry|oh|"
    r"hmm|first|actually|wait|alright|quick question|one question|question|before that|just|cool|good|maybe|"
    r"right|now|then|or|by the way|btw|excuse me)[\s,.:!-]+){0,4}"
)
_EN_INVERTED = re.compile(
    rf"^\s*{_EN_FILLER}(?!have\sa\s(?:good|nice|great|lovely)\s[a-z]+\W*$)"
    rf"(?!ha(?:s|d|ve)\s(?:[$€£¥0-9]|(?:the\s)?(?:final|last)\s(?:say|word)|to\s)|had\s(?:an?|another)\s[^?\n]*+(?!\?)|were\san?\s[^?\n]*+(?!\?))(?:(?:is|are|was|were|do|does|did|can|could|would|will|should|shall|"
    rf"may(?!\s(?:[0-9]|(?:the|your|you|this|it|they|all)\s[^?\n]*+(?!\?)))|might|has|"
    rf"have|had|isn't|aren't|don't|doesn't|can't|couldn't|won't|wouldn't)\s(?:(?:it|there|you|u|this|that|"
    rf"these|those|the|your|they|we|i|our|my|he|she|someone|anyone|anybody|a|an|pricing|data|support)(?![a-z])"
    r"|\$|€|£|¥|[0-9])"
    # "when the budget allows" tells, "when the trial ends?" asks
    r"|(?!when\s(?:the|our|we|my|they|it)\s[^?]*$)(?:what|how|why|when|where|who|which|whose|whats|what's|how's|who's|where's|when's|what'll)\s?(?:'s|"
    r"s|'re|'ll|is|are|do|does|did|can|could|would|will|should|kind|sort|type|about|much|many|long|often|"
    r"fast|soon|big|if|the|your|happens|else|exactly|of|plan|plans|features|languages|integrations|to|have|"
    r"has|was|were|makes|comes|other|data|company|am|kinds|time|options|it|that|this|now)(?![a-z])"
    r"|what\s[a-z]+\s(?:do|does|did|can|could|would|will)\s(?:you|u|it|this|your)(?![a-z])|r\s(?:u|you|ya)\s"
    r"|any\s(?:chance|idea\s(?:how|what|when)|discount|discounts|free)|am\si\s|what\?|why\?|"
    r"how\?|huh\?|how\scome)"
)
# with a question mark any subject may follow: "would December be too late?"
_EN_AUXILIARY = re.compile(
    r"^\s*(?:and |but |so |ok |well )?(?:is|are|was|were|do|does|did|can|could|would|will|should|has|have|isn't|aren't"
    r"|won't|doesn't|wouldn't|couldn't)\s[a-z]+\s[a-z]"
)
_EN_IF_THEN = re.compile(
    r"\s*(?:and |but |so |ok |well )?(?:if|assuming|suppose|supposing|once|when) [^,?]{4,60}, "
    r"(?:is|are|do|does|can|could|will|would|should|might) [a-z]+ [a-z]"
)
""" "If we signed in August, would we be live by October?" """
_EN_WORD_ASKS = re.compile(
    r"(?<![a-z])(?:what|how|why|when|where|who|which|whose|what's|is it|are you|do you|can you|can i|"
    r"can we|could you|could we|would it|would that|will it|does it|does that|is that|is there|are there|"
    r"do i|do we|should we|should i|is this|have you|will you|may i)(?![a-z])"
)
_EN_CLAUSE = re.compile(r",\s|;|\s-+\s|(?<![a-z])(?:but|so|and)(?![a-z])")
_EN_STATES = re.compile(
    r"(?<![a-z])(?:we|i|our|my|it|budget|there|he|she|they)(?:'re|'m|'ve|'d|'s|\s+(?:only\s|currently\s|"
    r"just\s|really\s|also\s|probably\s|[a-z]+\s){0,2}?(?:have|has|are|am|is|need|needs|want|would|can|"
    r"could|got|plan|use|work|run|set|decides?|approves?|signs?|spend|had|must|will|prefer))(?![a-z])"
)
_EN_SUPPOSES = re.compile(
    r"^\s*(?:and |so |but |ok |well )?(?:if|when|with|for|assuming|suppose|supposing|say|given|in case|"
    r"let's say|imagine|what if|how|would|could|can|is|do|does)(?![a-z])"
)


MOST_SENTENCES = 400
"""Of a text made of nothing but "か?" or "i?" the rest counts as one sentence: a person's message has far fewer."""


@lru_cache(maxsize=KEPT)
def sentences(plain: str) -> Sequence[Span]:
    """Each sentence with its closing mark; a dot inside a number or an address closes nothing."""
    every = (match.span() for match in _SENTENCE.finditer(plain) if not match.group().isspace())
    found = [*islice(every, MOST_SENTENCES)]
    return found if next(every, None) is None else [*found[:-1], (found[-1][0], len(plain))]


def questions(text: Text, *, hesitant_answer: Callable[[], bool]) -> list[Span]:
    """The places that ask. `hesitant_answer` tells that the text holds a value for what was asked: "50k?"."""
    found: list[Span] = []
    known: list[bool] = []

    def hesitates() -> bool:
        """Asked once a text: thousands of sentences may want to know."""
        if not known:
            known.append(hesitant_answer())
        return known[0]

    may_correct = {"correct", "correct_request"} <= heard("acts", text.plain, _ALONE[text.language]).keys()
    japanese = text.language == "ja"
    latin = _LATIN.search(text.plain) is not None
    for start, end in sentences(text.plain):
        if may_correct and _asks_to_correct(text, start, end):
            continue
        place = _ja_question(text.plain, start, end, hesitates) if japanese else None
        if place is None and (latin or not japanese):
            place = _en_question(text, start, end, hesitates)
        if place:
            found.append(place)
    return [] if _only_echoes(text.plain, found) else found


_LATIN = re.compile("[a-z]")


def _asks_to_correct(text: Text, start: int, end: int) -> bool:
    """ "Can you change the date to June?" tells the new date."""
    plain, language = text.plain, text.language
    return (
        _says("correct", plain, language, start, end) is not None
        and _says("correct_request", plain, language, start, end) is not None
        and _says("not_corrected", plain, language, start, end) is None
    )


_ALONE: dict[Language, tuple[Language]] = {"ja": ("ja",), "en": ("en",)}


def _says(name: str, plain: str, language: Language, start: int, end: int) -> Hit | None:
    hits = heard("acts", plain, _ALONE[language]).get(name)
    if not hits:
        return None
    at = bisect_left(hits, start, key=_BEGINS)
    return hits[at] if at < len(hits) and hits[at].start < end else None


_BEGINS = attrgetter("start")


def _of_their_work(plain: str, language: Language, start: int, end: int) -> bool:
    """ "We want to see our stock", 「在庫を把握したい」: they wish to know their own work, and ask us nothing."""
    return (
        _says("not_question", plain, language, start, end) is not None
        or WISHES_TO_KNOW[language].pattern.search(plain, start, end) is not None
    )


def labels(text: Text) -> Text:
    """「予算？300。決めるの？俺。」 answers its own questions: "?" means ":" in front of what is known."""
    text = _with_colons(text)
    plain, ends = text.plain, []
    if "?" not in plain:
        return text
    for (start, end), (begin, stop) in pairwise(sentences(plain)):
        repeats = plain[end - 1] == "?" and _ECHO.fullmatch(plain[start:end].strip())
        if repeats and stop - begin <= _LONGEST_ANSWER and not plain[begin:stop].rstrip().endswith("?"):
            known = not any(
                _says(name, plain, text.language, begin, stop) for name in ("dont_know", "decline", "redirect")
            )
            if known and _VALUE.search(plain, begin, stop):
                ends.append(end - 1)
    for at in ends:
        word = len(_POLITELY.sub("", plain[:at]))
        plain = plain[:word] + ":".ljust(at + 1 - word) + plain[at + 1 :]
    return replace(text, plain=plain) if ends else text


def _with_colons(text: Text) -> Text:
    """ "budget - 50 lakh, need - ERP, timeline - 3 months": a dash behind two labels of a note means a colon."""
    if text.language != "en" or text.plain.count(" - ") < _FEWEST_LABELS:
        return text
    dashes = [label.end("dash") - 3 for label in _LABEL_WITH_A_DASH.finditer(text.plain)]
    if len(dashes) < _FEWEST_LABELS:
        return text
    plain = text.plain
    for at in dashes:
        plain = f"{plain[:at]}:  {plain[at + 3 :]}"
    return replace(text, plain=plain)


_FEWEST_LABELS = 2
_LABEL_WITH_A_DASH = re.compile(
    r"(?:^|[,;/|.\n]\s?)(?:budget|bgt|authority|needs?|pains?|problem|time ?line|timing|time ?frame|when"
    r"|decision[ -]maker|dm)(?P<dash> - )"
)
_LONGEST_ANSWER = 24
_POLITELY = re.compile(r"(?:ですか|って|は|ね|か)$")
_VALUE = re.compile(
    r"ない|なし|ありません|ゼロ|[0-9一二三四五六七八九十百千万億春夏秋冬]|[今来再]?[月期年]|私|俺|僕|自分|わたし|[社部課係]長|専務|常務|代表|役員|上司"
    r"|(?<![a-z])(?:none|no|zero|me|i|my|the|our|q[1-4]|asap|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
)


def echoes(text: Text) -> list[Span]:
    """「決裁者？知らんなあ」 repeats the question: the words it repeats state nothing."""
    if "?" not in text.plain:
        return []
    repeated = (one for one in sentences(text.plain) if text.plain[slice(*one)].strip()[-1:] == "?")
    return [one for one in repeated if _repeats(text.plain[slice(*one)].strip()) and text.plain[one[1] :].strip()]


def _repeats(sentence: str) -> bool:
    return (_ECHO.fullmatch(sentence) or _ECHOES_THE_NEED.fullmatch(sentence)) is not None


def _only_echoes(plain: str, found: list[Span]) -> bool:
    """「予算？さあ」 repeats the question and asks nothing; 「予算？」 alone asks what was meant."""
    return bool(found) and all(_repeats(plain[start:end].strip()) and plain[end:].strip() for start, end in found)


def _ja_question(plain: str, start: int, end: int, hesitant_answer: Callable[[], bool]) -> Span | None:
    sentence = plain[start:end].rstrip()
    if sentence.endswith("?") and _says("off_topic", plain, "ja", start, end):
        return start, end
    asking = _asking_words(plain, start, end)
    request = _says("question", plain, "ja", start, end)
    conceded = [words.span() for words in _JA_CONCEDES.finditer(sentence)] if asking or request else []
    wonders = any(not _within(word - start, conceded) for word in asking)
    if "かね" in sentence and _JA_OF_OURS.search(sentence) and not hesitant_answer():
        return start, end
    marked = sentence.endswith("?")
    ends_asking = _JA_ENDS_ASKING.search(sentence)
    if request and not _within(request.start - start, conceded) and not _of_their_work(plain, "ja", start, end):
        return start + _ja_first_asking(sentence, request.start - start), end
    if not (marked or ends_asking):
        return (start, end) if wonders and _bare_ja_question(sentence) else None
    if _JA_EITHER.search(sentence):
        return None
    if _JA_ENOUGH.search(sentence):
        return start + _ja_first_asking(sentence, len(sentence)), end
    if not wonders and _JA_MUSING.search(sentence) and not (marked and _JA_WHETHER.search(sentence)):
        return None
    if not wonders and _JA_HESITANT.search(sentence) and hesitant_answer():
        return None
    if marked and not ends_asking and not wonders and hesitant_answer():
        return None
    return start + _ja_first_asking(sentence, len(sentence)), end


def _asking_words(plain: str, start: int, end: int) -> Sequence[int]:
    """Where words stand in this sentence that ask by themselves."""
    every = _every_asking_word(plain)
    return every[bisect_left(every, start) : bisect_left(every, end)] if every else every


@lru_cache(maxsize=KEPT)
def _every_asking_word(plain: str) -> Sequence[int]:
    return [word.start() for word in _JA_ASKS.finditer(plain)]


def _within(place: int, spans: list[Span]) -> bool:
    return any(first <= place < last for first, last in spans)


_BARE_JA = re.compile(r"^[^、。]{0,24}(?:いくら|何|なに|なん|どう|どこ|どれ|誰|いつ|どんな[^、。]{1,10}|なぜ)[?。\s]*$")


def _bare_ja_question(sentence: str) -> bool:
    return _BARE_JA.search(sentence) is not None


def _ja_first_asking(sentence: str, asking_at: int) -> int:
    """Where the asking part begins: clauses in front that state something are not part of it."""
    begin = last = 0
    for border in _JA_CLAUSE.finditer(sentence):
        if border.end() >= min(asking_at, len(sentence.rstrip("?。 "))):
            break
        clause = sentence[last : border.start()] + border.group().rstrip("、,; ")
        last = border.end()
        if _JA_STATES.search(clause) or _JA_LABELLED.search(clause):
            begin = border.end()
    return begin


# "just curious what AI could do for us" tells a need; "curious what it costs" asks
_CURIOUS = re.compile(
    r"\W*+(?:well|nothing urgent|not much|nothing really|we're|we are|i'm|i am|just|mostly|mainly|only|merely"
    r"|kind of|kinda|sort of|a bit|bit|a little|[\s,])*curious(?![a-z])"
)
_OF_OURS = re.compile(
    r"(?<![a-z])(?:you|your|cost|costs|price|prices|pricing|expensive|cheap|charge|fee|fees|demo|trial)(?![a-z])"
)


_ONE_WORD = 32
"""Characters; "costs" and "security" ask about us, unless a problem was asked for."""


def _en_question(text: Text, start: int, end: int, hesitant_answer: Callable[[], bool]) -> Span | None:
    sentence = text.plain[start:end].rstrip()
    if _EN_GREETING.fullmatch(sentence):
        return None
    inverted = _EN_INVERTED.search(sentence)
    if text.language == "ja" and not inverted:
        return None
    marked = sentence.endswith("?")
    if not marked and _CURIOUS.match(sentence) and not _OF_OURS.search(sentence):
        return None
    request = _says("question", text.plain, "en", start, end)
    if request and not marked and _of_their_work(text.plain, "en", start, end):
        request = None
    if request and not marked and len(sentence) <= _ONE_WORD and not inverted and hesitant_answer():
        return None
    inverted = inverted or (_EN_AUXILIARY.match(sentence) or _EN_IF_THEN.match(sentence) if marked else None)
    if not (marked or inverted or request):
        later = _en_asks_later(sentence, start, end)
        return None if later and _proposes_a_date(sentence) and hesitant_answer() else later
    if marked and not (inverted or request or _EN_WORD_ASKS.search(sentence)) and hesitant_answer():
        return None
    if _proposes_a_date(sentence) and hesitant_answer():
        return None
    asking_at = len(sentence) if marked or not request else request.start - start
    return start + _en_first_asking(text, start, sentence, asking_at, hesitant_answer), end


_EN_GREETING = re.compile(r"\W*+(?:hello+|hi+|hey+|hiya|yo|good (?:morning|afternoon|evening))\W*")
"""hello?"""


_EN_DATE_BEGINS = (
    r"(?:(?:maybe|perhaps|say|sometime|some time|around|about|early|late|mid|end of|the|this|this coming|in|on|by|for"
    r"|from|before|after|until|starting|beginning|a)[\s-]){0,4}"
    r"(?:[0-9]{1,2}(?:st|nd|rd|th|[/-][0-9]|\s(?:day|week|month|quarter|year)s?(?![a-z])|\s?(?:jan|feb|mar|apr|may|jun"
    r"|jul|aug|sep|oct|nov|dec))|20[0-9]{2}|next|first|second|third|last|jan|feb|mar|apr|may(?![a-z])|jun|jul|aug|sep"
    r"|oct|nov|dec|mon|tue|wed|thu|fri|sat|sun|spring|summer|autumn|fall|winter|tomorrow|today|day after tomorrow"
    r"|q[1-4]|h[12]|week|month|quarter|year|christmas|easter|end of|beginning of|start of)"
)
_EN_PROPOSES = sought(
    r"^(?!.*(?<![a-z])(?:pric|cost|discount|free|fee|trial|support|quote|rate))"
    rf"\s*{_EN_FILLER}(?:how|what)(?:'s|\sis)?\sabout\s(?:(?:in|at)\s[a-z]+\s)?{_EN_DATE_BEGINS}"
    rf"|(?<![a-z])(?:can|could|would|will) you (?:please )?(?:try to )?(?:schedule|book|put|pencil|plan|set|make)"
    rf"\s(?:it|that|this|something|everything|us)\s(?:up\s|down\s|in\s)?(?:for|on|around)\s{_EN_DATE_BEGINS}"
)


def _proposes_a_date(sentence: str) -> bool:
    """ "How about the 9th?" and "could you make it for 3 May?" name a day; "can you do it by May?" asks."""
    return _EN_PROPOSES.search(sentence) is not None


def _en_asks_later(sentence: str, start: int, end: int) -> Span | None:
    """ "fine, and how much is it" asks behind its first clause, without a question mark."""
    later = next((border.end() for border in _EN_CLAUSE.finditer(sentence) if _asks_from(sentence, border.end())), None)
    return (start + later, end) if later else None


_EN_RELATIVE = re.compile(r"\s*(?:which|who|where|when)\s(?!.*\?)")


_EN_TELLS_A_JOB = re.compile(
    r"\s*(?:is|was) (?:the|an?) (?:[a-z-]+ )?"
    r"(?:owner|founder|director|manager|ceo|cfo|coo|cto|buyer|partner|decision[ -]maker)"
    r"(?: and |[\s.]*$)(?!.*\?)"
)
"""A note leaves out the person: "runs three car washes, is the owner and decides alone"."""


def _asks_from(sentence: str, at: int) -> bool:
    """ "45k, which is too much" tells."""
    if at and (_EN_RELATIVE.match(sentence[at:]) or _EN_TELLS_A_JOB.match(sentence[at:])):
        return False
    return _EN_INVERTED.match(sentence[at : at + 80]) is not None


def _en_first_asking(text: Text, start: int, sentence: str, asking_at: int, hesitant_answer: Callable[[], bool]) -> int:
    """Where the asking part begins: a clause in front that states something is not part of it."""
    begin = last = 0
    last_asked = max((match.start() for match in _EN_WORD_ASKS.finditer(sentence)), default=-1)
    for border in _EN_CLAUSE.finditer(sentence):
        if border.end() > asking_at:
            break
        clause = sentence[last : border.start()]
        at = last = border.end()
        if _EN_SUPPOSES.search(clause):
            continue
        if not _EN_STATES.search(clause) and not (_only_a_value(clause, sentence, at) and hesitant_answer()):
            continue
        if (
            at <= last_asked
            or _asks_from(sentence, at)
            or _says("question", text.plain, "en", start + at, start + len(sentence))
        ):
            begin = at
    return begin


def _only_a_value(clause: str, sentence: str, at: int) -> bool:
    """ "8k euros a month, but do you support Dutch invoices?": the question speaks of something else than the value."""
    return (
        _EN_A_VALUE.match(clause) is not None
        and _EN_OF_SOMETHING_ELSE.match(sentence, at) is not None
        and _EN_OF_THE_VALUE.search(sentence, at, at + _LONGEST_QUESTION) is None
        and not (_EN_A_DATE.match(clause) and _EN_OF_A_TALK.match(sentence, at, at + _LONGEST_QUESTION))
    )


_EN_LEADS_IN = (
    r"\s*(?:(?:yes|yeah|yep|well|um|ok|okay|about|around|roughly|maybe|probably|say|up to|max|only|i think)[\s,]+){0,4}"
)
_EN_A_DATE = re.compile(_EN_LEADS_IN + _EN_DATE_BEGINS)
_EN_OF_A_TALK = re.compile(
    r"\s*(?!(?:but|and|so) ).*(?<![a-z])(?:talk|call|speak|meet|meeting|chat|demo|ring|phone|visit|come|discuss|connect"
    r"|contact|reach|write|e-?mail|send|show|see|get back|catch up|go through|word|zoom|teams|free"
    r"|available|time)(?![a-z])"
)
""" "June 3rd, can you call me?": the date is the talk's; "by Q3, and can we have a demo first?" has two parts."""
_EN_A_VALUE = re.compile(
    rf"{_EN_LEADS_IN}(?:[$€£¥]?[0-9]|{_EN_DATE_BEGINS})(?!.*(?<![a-z])(?:you|your|enough|too)(?![a-z]))"
)
_LONGEST_QUESTION = 120
_EN_OF_SOMETHING_ELSE = re.compile(
    r"\s*(?:but |and |so )?(?:do|does|did|can|could|will|are|have|what|how|why|when|where|who|which|is there) "
)
_EN_OF_THE_VALUE = re.compile(
    r"(?<![a-z])(?:that|it|this|then|enough|realistic|possible|feasible|doable|sufficient|more|less|cheaper|earlier|later"
    r"|sooner|by|in time)(?![a-z])|[0-9]"
    r"|(?<![a-z])(?:can|could|will|would) (?:you|we) (?:do|go|make|manage|accept|take|match|work with|settle) "
)
