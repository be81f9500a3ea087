"""A text about who decides as letters: each word we know is one, and so is what stands between two of them.

私が推薦して、CTOが決めます         StA,DtV
the CEO and I decide             D&SV
課長の私が決裁します               EnStV
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from dialogs.reading.japanese_names import is_listed
from dialogs.reading.places import shows_any
from dialogs.reading.sought import either
from dialogs.reading.text import MOST, Text
from dialogs.reading.vocabulary import vocabulary
from qualification.bant import Topic

LETTER = {
    "me": "S",
    "i_am": "I",
    "decider": "D",
    "employee": "E",
    "voice": "A",
    "department": "F",
    "other": "P",
    "decide": "V",
    "consult": "L",
    "need": "J",
    "must": "j",
    "free": "f",
    "unknown": "u",
    "decision_maker": "M",
    "power": "H",
    "mine": "G",
    "powerless": "p",
    "alone": "O",
    "nobody": "Y",
    "not": "N",
    "not_me": "W",
    "not_needed": "B",
    "done": "K",
    "together": "U",
    "outsider": "Z",
    "involved": "R",
    "over": "T",
    "last": "X",
    "process": "C",
    "who": "Q",
    "can": "c",
    "else": "x",
    "one_of_them": "o",
    "hired": "h",
}
SAYS_SOMETHING = frozenset("DEAFPVMHGUZRCWfpOoh")
"""A text without any of these says nothing about who decides."""

# What stands between two words we know. The first that fits names it.
GAPS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (".", re.compile(r"[。!?\n]|\.(?:\s|$)")),
    (
        "",
        re.compile(
            r"(?:\s|の?(?:方|ほう)|様|さん|氏|the|a|an(?!\s+(?:my|our|the)\s)|our|my|his|her|their|'s|s'|'|only|just|\"|「|」)*"
        ),
    ),
    (
        "&",
        re.compile(
            r"\s*(?:,\s*)?(?:and|&|plus|\+|'?n'?(?=\s)|an(?=\s(?:my|our|the)\s))(?:\s+(?:then|the|my|our|a|his|her))*\s*"
        ),
    ),
    ("w", re.compile(r"\s*(?:together |along |jointly )?(?:with|w/)(?:\s+(?:the|our|my|his|her|an?))*\s*")),
    (",", re.compile(r"[^a-z]*[、,;/／・|].*|.*(?:[、,;]|\s/\s).*|.*\b(?:but|though|although|however)\b.*", re.DOTALL)),
    ("b", re.compile(r"\s*[(\[]\s*(?:の)?")),
    (
        "l",
        re.compile(
            r"\s*(?:[:=]|->|-|is|are|was|will be|would be|be|'d be|'ll be|'s)"
            r"(?:\s+(?:the|our|my|a|an|with|from|by|of|to|made|taken|given))*\s*"
        ),
    ),
    (
        "l",
        re.compile(
            r"\s*(?:(?:lies|rests|sits|stays|is|comes|belongs|made|taken|needed|required)\s+)?"
            r"(?:with|by|from|of|to|for|comes from|on)"
            r"(?:\s+(?:the|our|my|a|an|all))*\s*"
        ),
    ),
    (
        "t",
        re.compile(
            r"(?:\s|様|さん|側|陣|の?(?:方|ほう)|自身|に)*(?:が|は|も|って|こそ|:|=)[、\s]?(?:実質(?:的[なに])?の?|事実上の?|一応|必ず|全て|すべて|全部|基本|最後に|結局|まず)?"
        ),
    ),
    ("t", re.compile(r"\s*は[\u4e00-\u9fff々]{1,4}")),  # 最終決裁は森専務
    ("n", re.compile(r"\s*(?:様|さん|側|陣)?の")),
    ("w", re.compile(r"\s*(?:様|さん|たち|達)?(?:と|や|および|及び)[、\s]?")),
    ("d", re.compile(r"\s*(?:様|さん|側|会|会議)?(?:に|へ|で|から|まで|を)(?:も|は)?")),
    (
        "z",
        re.compile(
            r"(?:です|でして|でし|だ|をし|をや|やって|やら|なので|なん|ですが|として|として|であ|を務|を担|レベル|クラス|の立場).*",
            re.DOTALL,
        ),
    ),
)
LONGEST_GAP = 24
"""Characters two words may stand apart and still speak of each other."""


class Word(NamedTuple):
    letter: str
    start: int
    end: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A text as letters; `places[i]` is where the i-th letter stands in `plain`."""

    letters: str
    places: tuple[tuple[int, int], ...]

    def span(self, match: re.Match[str], group: int | str = 0) -> tuple[int, int]:
        start, end = match.span(group)
        return self.places[start][0], self.places[end - 1][1]

    def replaced(self, pattern: re.Pattern[str], into: dict[str, str]) -> "Line":
        """The same places under other letters, letter by letter."""
        table = str.maketrans(into)
        return Line(letters=pattern.sub(lambda match: match.group().translate(table), self.letters), places=self.places)


def words_of(text: Text, *, asked: Topic | None = None) -> Iterator[Word]:
    """The words we know. Asked who decides, "she" is never the speaker; in a call note she is the contact."""
    last = ""
    theirs: bool | None = True if asked is Topic.AUTHORITY else None
    for word in vocabulary("who_decides", "word").find(text.plain):
        letter, start = LETTER[word.meaning], word.start
        if text.plain.startswith("@", word.end):
            continue  # boss@fern.example
        if text.plain.startswith(_BEHIND_A_NAME, start) and is_listed(text.plain[start - 1 : start + 1]):
            letter, word, start = "D", word._replace(end=start + 3), start + 1  # 橋本社長
        if letter in "DP" and (of_which := _OF_WHICH.search(text.plain, max(0, start - 14), start)):
            start = of_which.start()  # the group CEO
        if letter == "P" and _WHO_THEY_ARE.match(text.plain, start):
            letter, word = "I", word._replace(end=word.end + 1)
        if letter == "G" and _WORKS_IN_IT.match(text.plain, start):
            yield Word(letter="I", start=start, end=start + 3)
            letter, start = "E", start + 4  # "I'm IT support here"
        if letter == "P" and text.plain.startswith(("法人", "事務所"), word.end):
            continue  # 税理士法人あかつき
        if letter == "E" and _NAMES_THE_CONTACT.match(text.plain, start):
            continue  # 「担当 大河内」 under a telephone number
        if letter == "V" and asked is not Topic.AUTHORITY and _is_work_left_to_others(text.plain, start):
            continue
        if letter == "S" and theirs is None:
            theirs = _OF_THE_SPEAKER.search(text.plain) is not None
        if letter == "S" and not theirs and text.plain.startswith("they", start):
            continue  # "they decide in March", said of the prospect
        if letter == "S" and theirs and text.plain[start : word.end] in PRONOUNS:
            letter = "P"  # "I report to the CFO and he'd approve"
        if letter == "I" and asked is Topic.AUTHORITY and (other := _HE_IS.match(text.plain, start)):
            letter, word = "P", word._replace(end=other.end())  # asked who decides, "he's the boss" is somebody else
        if letter in "DE" and (assistant := _ASSISTANT_OF.match(text.plain, word.end)):
            letter, word = "E", word._replace(end=assistant.end())  # "I'm the CEO's assistant"
        if letter in "DP" and (assists := _ASSISTS.search(text.plain, max(0, start - 28), start)):
            letter, start = "E", assists.start()  # "I'm PA to the CEO"
        if letter == "V" and (cleft := _WHO_DECIDES_IS.match(text.plain, start)):
            letter, word = "M", word._replace(end=cleft.end())  # 「決めるの部長です」
        if letter == "L" and asked is not Topic.AUTHORITY and text.plain.startswith("that sits", start):
            continue  # "that sits with finance today and it's slow"
        if letter in "fG" and _ENDS_THERE.match(text.plain, start) and _GOES_ON.match(text.plain, word.end):
            continue  # "nobody to check with suppliers", "A: me and my team lose time"
        if letter == "K" and _STILL_TO_COME.match(text.plain, word.end):
            continue  # 「承認が下りてから」: it is not there yet
        if letter == "D" and _BESIDE_A_NUMBER.search(text.plain, max(0, start - 3), start):
            continue  # 「03-3555-0199 代表です」 is the main line
        if letter == "A" and last == "V" and (source := _FROM_A_TEAM.match(text.plain, start)):
            letter, start = "F", source.end()  # "sign-off from the ops team"
        if (
            letter in "AF"
            and text.plain[start : word.end] in _NOT_THE_DEPARTMENT
            and not _is_written_it(text, word.end)
        ):
            continue  # "go ahead with it"
        if letter == "P" and word.end - start > _HIGHER_UPS and text.plain.startswith(("上に", "上と", "上へ"), start):
            yield Word(letter="P", start=start, end=start + 1)
            letter, start = "L", start + 2  # 上に相談してから
        yield Word(letter=letter, start=start, end=word.end)
        last = letter
        if letter == "V" and _SPENT_ALREADY.search(text.plain, start, min(len(text.plain), word.end + 16)):
            last = "K"
            yield Word(letter=last, start=word.end, end=word.end)
        elif letter == "V" and _CANNOT.match(text.plain, word.end - 1):
            yield Word(letter="N", start=word.end, end=word.end + 1)


def _is_work_left_to_others(plain: str, start: int) -> bool:
    """「発注は店長に任せています」 says nothing about who decides."""
    return _LEFT_TO.match(plain, start) is not None and not _A_DECISION.search(plain)


_OF_WHICH = re.compile(
    r"(?<![a-z])(?:group|divisional|regional|global|country|national|deputy|interim|acting|outgoing|incoming) $"
)
_WHO_DECIDES_IS = re.compile(
    r"決め(?:る|てる|ている|ん)の(?=(?:うちの|弊社の|当社の|本社の)?"
    r"(?:[\u4e00-\u9fffァ-ヴーa-z]{0,8}(?:[長務締]|取締役|役員|代表|理事|上司|オーナー|会社|本社|本部|[cfo][efot]o)"
    r"|上|私|僕|俺|自分|わたし|ぼく|おれ)(?:さん|様)?(?:です|でし|だ|や|なん|っす|になり|[。、!\s]|$))"
)
"""Without its は; 「決めるの大変です」 names nobody."""
_ENDS_THERE = re.compile(r"(?:nobody|no one) (?:else )?to (?!ask)|(?:a|auth|authority): ")
_GOES_ON = re.compile(
    r" (?!(?:here|really|anyway|anyhow|now|but|so|then|at all|alone|only|on this"
    r"|(?:about|for) (?:this|it|that))(?![a-z])"
    r"|and (?:i|the|our) )[a-z]"
)
_WORKS_IN_IT = re.compile(
    r"i'm it (?:support|admin[a-z]*|manager|guy|person|lead|staff|tech[a-z]*|ops|officer|coordinator|specialist"
    r"|help ?desk)(?![a-z])"
)
_LEFT_TO = re.compile("お?任せ")
_A_DECISION = re.compile("決裁|決定|判断|決め|導入|購入|契約")
_NOT_THE_DEPARTMENT = frozenset({"it", "with it", "from it"})


def _is_written_it(text: Text, end: int) -> bool:
    return text.words(end - 2, end) == "IT"


_BEHIND_A_NAME = ("本社長", "本店長")
_STILL_TO_COME = re.compile(r"から(?!は)|ら(?!し)|次第")
_ASSISTANT_OF = re.compile(r"'s (?:executive |personal |right-hand )?(?:assistant|secretary|pa|ea|office)(?![a-z])")
_HE_IS = re.compile(r"s?he(?=(?:'s| is))")
_CANNOT = re.compile(r"[れき]ん(?![とな])")
"""「わし一人では決められん」"""
_ASSISTS = re.compile(
    r"(?<![a-z])(?:pa|ea|(?:personal |executive )?assistant|secretary|advis[eo]r|deputy|aide"
    r"|right[ -]hand(?: man| woman)?) to (?:the |our |an? )?$"
)
_HIGHER_UPS = 2
# "the board signed off on 250k", "finance approved $40,000": nobody is left to ask
_SPENT_ALREADY = re.compile(
    r"(?:signed off(?: on)?|approved|okayed|ok'd|cleared|released|green-?\s?lit|authori[sz]ed|agreed(?: on| to)?)"
    r"\s(?:about |around |up to |a |us )?[$€£¥]?[0-9]"
)
PRONOUNS = frozenset({"he", "she", "he'd", "she'd", "he'll", "she'll", "they", "they'd", "they'll"})
_OF_THE_SPEAKER = re.compile(r"(?<![a-z])(?:i|i'm|i've|i'd|i'll|my|me|our|we)(?![a-z])")
_NAMES_THE_CONTACT = re.compile(r"担当者?[\s:][\u4e00-\u9fff]{1,6}(?=$|[\s/、,(])")
_BESIDE_A_NUMBER = re.compile(r"[0-9][)\s(]{0,2}$")
_FROM_A_TEAM = re.compile(r"(?:from|with) (?:the )?")


_CALLED = either(
    r"(?P<ja>[\u4e00-\u9fff々ァ-ヴー]{1,6}(?:さん|氏|くん))(?=が|の|は|に|次第|です|。|、|$)",
    r"(?<![a-z])(?P<first>[a-z][a-z'.-]+(?: [a-z][a-z'.-]+)?)"
    r"(?= (?:decides|signs|approves|makes the|has the final|has final|calls the shots|has to|needs to|will decide)\b)",
    r"(?<![a-z])(?P<does>[a-z][a-z'.-]+)(?= (?:(?:in|from|at|over in) [a-z]+ )?(?:does|would|will)(?=\s?(?:[.,!]|$)))",
    r"(?<![a-z])(?:the|our|my) (?P<noun>(?!price|budget|cost|team|whole|we )[a-z]+"
    r"(?: (?!and|or|who|that|will|also|always|then|needs?\b|wants?\b|requires?\b|must\b|gets?\b)[a-z]+)?)"
    r"(?= (?:(?:in|at|from) [a-z]+ )?(?:(?:all )?decides?|signs?|approves?|makes? the (?:decision|call)"
    r"|(?:has|have) (?:the )?final|calls? the shots|does(?=\s?(?:[.,!]|$)))\b)",
    r"(?P<ja_their>(?:[おご]?[\u4e00-\u9fffァ-ヴー]{2,8}|お客|向こう|むこう|あちら|[国県市区町村省庁])(?:さん|様|先生|氏)?)"
    r"(?=の(?:承認|許可|認可|認定|ok|決裁|了解|了承|ハンコ|判子|サイン|同意|合意|ゴーサイン|許し)(?:が|を|も|は|次第|なし|待ち))",
    r"(?:決裁|承認|判断|決定|決めるの)は(?P<ja_up>上)(?=です|だ|や|、|。|$)",
    r"(?P<ja_body>[おご]?[\u4e00-\u9fffァ-ヴーa-z]{1,12}(?<!課長)(?<!部長)(?:会議?|組合|[課部室局署]))"
    r"(?=(?:に|へ|で|の議題|の指示|との?協議)(?:に|へ)?(?:諮|はか[るりらっ]|図[るりらっ]|かけ|掛け|上程|付議|上げ|審議(?!官)|協議|議論し|待ち|議決|決議|承認|了承|通さ))",
    r"(?:the|our|my) (?P<their>[a-z]+)'s "
    r"(?=(?:ok|okay|approval|sign-off|blessing|permission|go-ahead|signature|consent)\b)",
    r"(?:the rest|anything (?:else|over|above|more)|above that|over that|beyond that)(?: it)?"
    r"(?: is|'s| goes to| needs|,) (?P<rest>[a-z][a-z'.-]+)",
    r"(?<![a-z])(?P<whose>[a-z][a-z'.-]*[a-z])"
    r"(?='s (?:decision|call|choice|say[ -]so|shout|job|responsibility|department)\b)",
    r"(?:ultimately|in the end|at the end of the day|the buck stops with|(?:that one|this one|it)(?:'s| is) on)"
    r",? (?:its |it's |it is )?(?P<last>(?![a-z.-]+'s )[a-z][a-z'.-]+(?: [a-z][a-z'-]+)?)(?=\s?(?:[.,!]|$))",
    r"(?<![a-z])(?P<one>[a-z][a-z'.-]*[a-z])(?='s the (?:one|person|man|woman|guy|lady|decision[ -]maker|boss|budget))",
    r"(?<![a-z])(?P<giver>[a-z][a-z'.-]+)(?: (?:in|from|at) [a-z]+)?"
    r"(?= (?:says (?:yes|ok|okay|go)|gives (?:the|a|their|her|his) (?:ok|okay|nod|green light|go-ahead|blessing)"
    r"|okays)\b)",
    r"(?:(?:that|it)(?: would| will|'d|'ll) be|thatd be|would be|that's|it's|that is|it is)"
    r" (?![a-z.-]+'s )(?P<that>[a-z][a-z'.-]+(?: [a-z][a-z'.-]+)?)(?=\s?(?:[,.(]|$|in |from |at |who ))",
    r"(?:sits|lies|rests|stays|is|comes) (?:with|from|up to|by) (?:the|our|my) (?P<holder>[a-z]+)",
    r"(?:green light|nod|go-ahead|sign-?off|approval|ok|okay|blessing|permission|buy-in) from (?:the|our|my) "
    r"(?P<from_whom>[a-z]+ (?:team|office|people|guys|side|group|department|dept|branch|entity))",
    r"(?:sits|lies|rests|stays) with (?P<lies_with>[a-z][a-z'.-]+(?: [a-z][a-z'-]+)?)",
    r"(?:run (?:it|this|that) (?:by|past)|check with|permission (?:from|of)|ok from|go-ahead from|blessing of)"
    r" (?:the|our|my) (?P<asked>[a-z]+)",
    r"(?:decision[ -]maker|approver|decider|economic buyer|dm|sign-?\s?off (?:person|authority|owner)|signatory"
    r"|signing authority|budget[ -](?:holder|owner)|(?:approving|approval|signing) (?:person|officer))\s?(?:is|:|=)\s?"
    r"(?P<after>[a-z][a-z'-]+(?: [a-z][a-z'-]+)?)(?=\s?(?:[(,.;/]|$))",
)


_CALL = re.compile(r"'s (?P<call>(?:final )?(?:call|choice|say[ -]so|shout|decision))(?![a-z])")
_LATIN = re.compile(r"[a-z]{3}")
_GIVEN_BY = ("承認", "許可", "ok", "決裁", "了", "ハ", "判", "サ", "同", "合", "ゴ", "許")
_BODIES = ("会", "会議", "組合", "課", "部", "室", "局", "署")
_JA_CALLED_SIGNS = (
    "さん",
    "氏",
    "は上",
    "くん",
    *(f"の{given}" for given in _GIVEN_BY),
    *(f"{body}{to}" for body in _BODIES for to in "にへでのと"),
)
"""Without one of these, and without a Latin word, nobody is named."""


def with_named(text: Text, words: Sequence[Word]) -> list[Word]:
    """Persons who are only named: "Sandra decides", 「田中さんが決めます」. In English a capital tells a name."""
    called = [*words]
    if not (_LATIN.search(text.plain) or shows_any(text.plain, _JA_CALLED_SIGNS)):
        return called
    for match in islice(_CALLED.finditer(text.plain), MOST):
        group = str(match.lastgroup)
        start, end = match.span(group)
        if group == "that" and not (_WOULD_BE.match(text.plain) or SOMEBODY_ELSE.search(text.plain, 0, start)):
            continue
        if group not in ("ja", "ja_their", "ja_up", "ja_body", "noun", "holder", "asked", "their"):
            start, end = _capitals(text, start, end)
        if (
            start == end
            or text.plain[start:end] in _NO_PERSON
            or (group == "ja_body" and text.plain.endswith(_NO_BODIES, start, end))
            or (group == "ja_their" and text.plain.endswith(_WHAT_IS_APPROVED, start, end))
            or _PLACE_AHEAD.search(text.plain, max(0, start - 6), start)
        ):
            continue
        if not any(word.start < end and start < word.end and word.letter not in "NY" for word in words):
            called.append(Word(letter="P", start=start, end=end))
            if group == "whose" and (call := _CALL.match(text.plain, end)):
                called.append(Word(letter="V", start=call.start("call"), end=call.end()))
    called += (Word(letter="S", start=start, end=end) for start, end in _contact_again(text, called))
    return sorted(called, key=lambda word: word.start)


_OPENING = re.compile(r"[^.,;:!?\n]{2,48}")
_AND_ANOTHER = re.compile(r" (?:and|&|together with|along with) (?:the|his|her|their|our) ")


def _contact_again(text: Text, words: Sequence[Word]) -> Iterator[tuple[int, int]]:
    """ "Vera Novak, Alpenhof Hotels. Vera and the GM decide": who is named first is the contact of a call note."""
    opening = _OPENING.match(text.plain) if text.language == "en" else None
    if opening is None:
        return
    for match in islice(_AND_ANOTHER.finditer(text.plain, opening.end()), MOST):
        start, end = text.plain.rfind(" ", 0, match.start()) + 1, match.start()
        again = text.plain[start:end] in opening.group().split(" ") and text.words(start, start + 1).isupper()
        if again and not any(word.start < end and start < word.end for word in words):
            yield start, end


def _capitals(text: Text, start: int, end: int) -> tuple[int, int]:
    """Where the words with a capital begin: "but Sandra" -> "Sandra"."""
    while start < end and not text.words(start, start + 1).isupper():
        following = text.plain.find(" ", start, end)
        start = end if following < 0 else following + 1
    return start, end


SOMEBODY_ELSE = re.compile(
    r"\W*(?:no|nope|nah|not|sorry|unfortunately|actually|negative|i don't|i do not|i'm not|i can't|i won't)\b"
    r"|n't|(?<![a-z])not(?![a-z])"
)
_WOULD_BE = re.compile(r"\W*(?:(?:well|oh|um|ah)[,\s]+)?(?:that|it)(?: would| will|'d|'ll|d) be ")
_PLACE_AHEAD = re.compile(r"(?<![a-z])(?:in|at|of|from) $")
_NO_BODIES = (
    *("展示会", "説明会", "勉強会", "懇親会", "交流会", "講演会", "発表会", "商談会", "内覧会", "見学会", "相談会"),
    *("研修会", "講習会", "忘年会", "新年会", "飲み会", "宴会", "歓迎会", "送別会", "同窓会", "運動会", "面会", "再会"),
    *("大会", "司会", "社会", "都会", "機会"),
)
"""Where people meet and nobody decides; 社会 and 機会 are no meeting at all."""
_WHAT_IS_APPROVED = (
    *(
        "購入",
        "導入",
        "発注",
        "契約",
        "支払い",
        "支払",
        "投資",
        "支出",
        "経費",
        "費用",
        "案件",
        "本件",
        "金額",
        "更新",
        "入替",
    ),
    *(
        "入れ替え",
        "採用",
        "見積",
        "見積もり",
        "書類",
        "申請",
        "仕入れ",
        "仕入",
        "物品",
        "備品",
        "設備",
        "変更",
        "取引",
        "計画",
    ),
)
"""In front of 「の承認は部長です」 it is what 部長 approves, and nobody."""
_NO_PERSON = frozenset(
    {
        "社内",
        "最終",
        "予算",
        "稟議",
        "今回",
        "会社",
        "関係者",
        "it",
        "this",
        "that",
        "he",
        "she",
        "they",
        "who",
        "everyone",
        "what",
        "i",
        "we",
        "you",
    }
)


_WHO_THEY_ARE = re.compile(
    r"先方は(?=(?:(?!承認|決裁|判断|許可|稟議|了承|相談|次第)[^。、はがの]){2,8}"
    r"(?:の(?:(?!承認|決裁|判断|許可|稟議|了承|相談|次第)[^。、はがの]){2,6})?(?:[。、]|です|でした|だ|$))"
)
"""「先方は個人事業主の行政書士。」: what the contact of a call note is."""


def line_of(text: Text, words: Sequence[Word]) -> Line:
    letters: list[str] = []
    places: list[tuple[int, int]] = []
    end = 0
    for word in words:
        apart = letters or word.start
        if (
            letters
            and letters[-1] in "DEFP"
            and word.letter in "VJj"
            and _names_them(text.plain, places[-1], word.start)
        ):
            apart = 0
        for letter in _gap(text.plain[end : word.start]) if apart else "":
            letters.append(letter)
            places.append((end, word.start))
        letters.append(word.letter)
        places.append((word.start, word.end))
        end = word.end
    for letter in _gap(text.plain[end:]):
        letters.append(letter)
        places.append((end, len(text.plain)))
    return Line(letters="".join(letters), places=tuple(places))


def _names_them(plain: str, title: tuple[int, int], verb: int) -> bool:
    """Whether only a name stands between: "our MD, Mr Okafor, has the final say"."""
    return (
        _APPOSITION.fullmatch(plain, title[1], verb) is not None
        and _FINITE.match(plain, verb) is not None
        and _SOMEBODYS.search(plain, max(0, title[0] - 16), title[0]) is not None
    )


_APPOSITION = re.compile(r", (?:(?:mr|mrs|ms|dr|prof)\.? )?[a-z'-]+(?: [a-z'-]+)?, ")
_FINITE = re.compile(r"(?:has|have|signs|decides|approves|makes|gets|holds|calls|takes|needs|must|will)(?![a-z])")
_SOMEBODYS = re.compile(r"(?<![a-z])(?:our|my|the) (?:[a-z]+ )?$")


@lru_cache(maxsize=4_096)
def _gap(between: str) -> str:
    """What stands between two words, as one letter; "x" for words that mean nothing here."""
    if not between:
        return ""
    if len(between) > LONGEST_GAP:
        return "." if re.search(r"[。!?\n]|\.\s", between) else "x,"
    if re.search(r"[。!?\n]|\.(?:\s|$)", between):
        return "."
    return next((letter for letter, pattern in GAPS if pattern.fullmatch(between)), "x")
