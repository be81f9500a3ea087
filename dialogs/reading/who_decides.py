"""Who decides: the speaker, somebody else, several together, or nobody who is here.

The words we know become letters, what stands between them becomes small letters, and a rule reads the letters:

    私が推薦して、CTOが決めます         StA,DtV      ->  needs approval of "CTO"
    the CEO and I decide             D&SV        ->  they decide together, the speaker among them
    課長の私が決裁します               EnStV       ->  the speaker decides
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import islice
from typing import NamedTuple

from dialogs.reading.clarity import overlaps
from dialogs.reading.found import Found, Language
from dialogs.reading.lexicon import lexicon
from dialogs.reading.text import MOST, Text
from dialogs.reading.vocabulary import vocabulary
from qualification.bant import Authority, Role, Topic

SURE, FAIR, GUESSED = 0.95, 0.8, 0.55
"""Said in so many words; concluded from a title or a short answer; a title in passing."""

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
}
SAYS_SOMETHING = frozenset("DEAFPVMHGUZRCWfpOo")
"""A text without any of these says nothing about who decides."""

# What stands between two words we know. The first that fits names it.
GAPS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (".", re.compile(r"[。!?\n]|\.(?:\s|$)")),
    ("", re.compile(r"(?:\s|の?(?:方|ほう)|様|さん|氏|the|a|an|our|my|his|her|their|'s|s'|'|only|just|\"|「|」)*")),
    ("&", re.compile(r"\s*(?:,\s*)?(?:and|&|plus|\+)(?:\s+(?:then|the|my|our|a))*\s*")),
    (",", re.compile(r"[^a-z]*[、,;/／・|].*|.*[、,;].*|.*\b(?:but|though|although|however)\b.*", re.DOTALL)),
    ("b", re.compile(r"\s*[(\[]\s*(?:の)?")),
    (
        "l",
        re.compile(
            r"\s*(?:[:=]|->|-|is|are|was|will be|would be|'s)(?:\s+(?:the|our|my|a|an|with|from|by|of|to|made))*\s*"
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
            r"(?:\s|様|さん|側|陣|の?(?:方|ほう)|自身|に)*(?:が|は|も|って|こそ|:|=)[、\s]?(?:一応|必ず|全て|すべて|全部|基本|最後に|結局|まず)?"
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

PERSON = "[DEFP]"
_TITLE_OF_SPEAKER = re.compile(
    rf"{PERSON}+(?=[nz]?S)|[DE]+(?=[tl]S(?:[z.,]|$))|(?<=I)[DEF]+|(?<=St)[nx]?[DEF]+(?=z)|(?<=Stx)[DEF]+(?=z)"
)
_TOGETHER = re.compile(rf"[SI](?:[wl&])V?{PERSON}+|{PERSON}+(?:[w&])[SI]|SV[wl]{PERSON}|SV,?U")
_ALREADY = re.compile(rf"(?:{PERSON}+[tndc]?)?(?:(?:C|V)+[tnxd]*K|K[tl]?V)|{PERSON}+cK")


@dataclass(frozen=True, kw_only=True)
class _Rule:
    """A rule over letters; the group "by" is the person asked. The example beside each is its test."""

    name: str
    role: Role
    letters: re.Pattern[str]
    certainty: float = SURE


def _rule(name: str, role: Role, letters: str, certainty: float = SURE) -> _Rule:
    return _Rule(name=name, role=role, letters=re.compile(letters), certainty=certainty)


_BY = rf"(?P<by>{PERSON}+(?:(?:&x?|w|n|,c?(?=[DPE])){PERSON}+)*(?:&x{PERSON}+)?)"
"""One person, or several who decide together: the CFO and the CTO."""
_END = r"(?=[.,]|z|$)"
RULES: tuple[_Rule, ...] = (
    _rule("with_somebody", Role.INFLUENCER, rf"{PERSON}wx?V(?!.*[JN])"),  # 妻と決めます
    _rule(
        "with_each_other", Role.INFLUENCER, rf"{PERSON}w[^.td]{{0,4}}U|U[^.]{{0,3}}{PERSON},?U|^U+D?[xz,]{{0,2}}L"
    ),  # 共同経営者と二人の合意で
    _rule("one_of_them", Role.INFLUENCER, r"o"),  # a committee of five, I'm on it
    _rule("not_me_but", Role.NEEDS_APPROVAL, rf"W[tx,.J]{{0,3}}{_BY}"),  # not me, my manager
    _rule("they_not_me", Role.NEEDS_APPROVAL, rf"{_BY}[,x]{{1,2}}W"),  # the owner, not me
    _rule(
        "not_them_but",
        Role.NEEDS_APPROVAL,
        rf"[MV][^.]{{0,6}}(?:N[xl]?{PERSON}+|{PERSON}+[tx]?N)[^.]{{0,4}}{_BY}(?=[.,]|z|$)",
    ),  # 決裁者は部長ではなく本部長です
    _rule("above_the_limit", Role.NEEDS_APPROVAL, rf"T[tnxlJc,]{{0,3}}{_BY}"),  # それ以上は本部長
    _rule(
        "corrected_to", Role.NEEDS_APPROVAL, r"M[tlxN]{0,4},x{0,2}(?P<by>[DEP]+)(?=z|[.]|$)"
    ),  # 決裁者は間違いで、正しくは社長です
    _rule("decision_maker_is", Role.NEEDS_APPROVAL, rf"M[tlx]{{0,2}}{_BY}(?!b?M)"),  # 決裁者は専務
    _rule("it_is_who_decides", Role.NEEDS_APPROVAL, rf"{_BY}z?[,t]?MN?$"),  # 社長です、決めるのは
    _rule(
        "decides", Role.NEEDS_APPROVAL, rf"{_BY}A?Q?(?:dU)?[tndl]?[xX]?[tnd]?[Jjc]*x?[cJj]{{0,2}}V(?!n?S)"
    ),  # my director needs to sign off
    _rule("decision_of", Role.NEEDS_APPROVAL, rf"V[tl]?{_BY}"),  # 決裁は代表; approval from the CFO
    _rule("theirs_needed", Role.NEEDS_APPROVAL, rf"{_BY}[,n]V[tdnx]?J(?!N)"),  # 局長と理事長、両方の印鑑が要ります
    _rule("the_others_call", Role.NEEDS_APPROVAL, rf"VN?[lx]{{1,2}}{_BY}{_END}"),  # the decision is the COO's
    _rule("asked_first", Role.NEEDS_APPROVAL, rf"{_BY}[tdwn]?x?L"),  # 上司に相談して
    _rule(
        "has_to_be_asked", Role.NEEDS_APPROVAL, r"(?P<by>P+)t[^.SO]{0,8}Lx?J"
    ),  # 家内が経理をみているので相談しないと
    _rule("they_talk", Role.NEEDS_APPROVAL, rf"{_BY}[td]x?U"),  # 理事会で話し合って決まります
    _rule("subject_to_the_holder", Role.NEEDS_APPROVAL, r"L[lx]?(?P<by>M)"),  # subject to budget holder approval
    _rule("goes_to", Role.NEEDS_APPROVAL, rf"(?:L|CL)[lx]?{_BY}"),  # run it by my boss
    _rule("has_the_last_word", Role.NEEDS_APPROVAL, rf"{_BY}X(?=[.,]|x?$)"),  # CEO final
    _rule("finally", Role.NEEDS_APPROVAL, rf"X[tl]?{_BY}"),  # 最終的には役員会です
    _rule(
        "i_cannot_they_can", Role.NEEDS_APPROVAL, rf"S[tNx]{{0,2}}NV[x]?[,.&]{_BY}c"
    ),  # I can't approve this, my director can
    _rule("with_others", Role.INFLUENCER, r"[SI].{0,4}U|U.{0,6}[SI]"),  # 合議制で、私も一票
    _rule("labelled_role", Role.INFLUENCER, r"Hl[EFA]"),  # Authority: VP Ops
    _rule("nobodys_approval", Role.DECISION_MAKER, r"f|[VCLQY][tndxY]{0,3}B"),  # no approvals needed
    _rule("process_up_to", Role.NEEDS_APPROVAL, rf"C[tl]{_BY}(?=[d.,]|$)"),  # 稟議は常務まで
    _rule("process_of", Role.NEEDS_APPROVAL, r"(?P<by>[DP])C(?![tnx]*(?:B|N))"),  # 社長稟議
    _rule("process", Role.NEEDS_APPROVAL, r"C(?![tnx]*(?:B|N))"),  # 稟議を回します
    _rule(
        "approval_needed", Role.NEEDS_APPROVAL, r"V[tdnx]?J(?!N)|(?<!N)JV|(?<![SNc])jV|V[td]L(?!N)"
    ),  # 承認が必要です
    _rule("not_alone", Role.NEEDS_APPROVAL, r"S?[nx]?O.{0,3}V.{0,2}N|NVx?O"),  # 私だけでは決められません
    _rule("vote_of", Role.NEEDS_APPROVAL, r"U[lx]{1,2}(?P<by>P+)"),  # majority vote of the committee
    _rule("together", Role.INFLUENCER, r"U.{0,6}[VMH]|[VMH].{0,6}U"),  # 夫婦で決めてます
    _rule("no_right", Role.NONE, r"H[tnxdl]*N|N[xl]?[FP]?H|p|N.{0,2}Z|R[tnxd]*N|Nx?R"),  # 権限はありません
    _rule("i_decide_not", Role.NONE, r"S[tnd]?x?N[xc]?V|S[tn]x?V[tx]{0,2}N|VtW|W"),  # I can't decide
    _rule(
        "my_decision", Role.DECISION_MAKER, r"G|X[tlx]?S|S[tndl]?[xXc]{0,2}[VHM]|[VHM][tnldx]{0,2}S|IM|HxS"
    ),  # 決裁権は私にあります
    _rule(
        "the_one_who_decides", Role.DECISION_MAKER, r"M[zb]?(?:$|[.,z])|[DEFP]bM|H(?![tnxd]*[N])|M$"
    ),  # met CFO (decision maker)
)
_NAMED_ALONE = _rule("named_alone", Role.NEEDS_APPROVAL, r"^[Nx,l]{0,3}(?P<by>P+)(?=[z,.]|$|x,|x$)", FAIR)  # my boss
_ANOTHER = _rule(
    "another", Role.NEEDS_APPROVAL, r"^[NWSx,l.c]{0,6}(?P<by>P+)", FAIR
)  # no, that would be Karen in finance
_MY_BOSS = _rule(
    "my_boss", Role.NEEDS_APPROVAL, r"^[NWx,l.c]{0,6}(?P<by>[DEP]+)(?=[cx]?[.,]|[cx]?$)", FAIR
)  # no, my supervisor does
_NO_MY = re.compile(r"\W*(?:no|nope|nah|not me|negative|not really)[\s,.-]+(?:[a-z' ]{1,14} )?(?:my|our|the) ")
_TOGETHER_ALONE = _rule("together_alone", Role.INFLUENCER, r"U", FAIR)  # the two of us
_ROLES = (
    _rule("deciding_title", Role.DECISION_MAKER, r"g"),
    _rule("employee_title", Role.INFLUENCER, r"e|a"),
    _rule("outsider", Role.NONE, r"y"),
)


class _Word(NamedTuple):
    letter: str
    start: int
    end: int


@dataclass(frozen=True, kw_only=True, slots=True)
class _Line:
    """A text as letters; `places[i]` is where the i-th letter stands in `plain`."""

    letters: str
    places: tuple[tuple[int, int], ...]

    def span(self, match: re.Match[str], group: int | str = 0) -> tuple[int, int]:
        start, end = match.span(group)
        return self.places[start][0], self.places[end - 1][1]

    def replaced(self, pattern: re.Pattern[str], into: dict[str, str]) -> "_Line":
        """The same places under other letters, letter by letter."""
        table = str.maketrans(into)
        return _Line(
            letters=pattern.sub(lambda match: match.group().translate(table), self.letters), places=self.places
        )


def find(text: Text, *, asked: Topic | None, ignore: Sequence[tuple[int, int]] = ()) -> Found[Authority] | None:
    """Who decides, as the text says or a bare yes or no to that question says; None when it says nothing.

    `ignore` are spans of `plain` that are not the person's own statement (a question, an instruction to the bot).
    """
    if asked is Topic.AUTHORITY and (found := _yes_or_no(text)):
        return found
    words = [word for word in _words(text) if not ignore or not overlaps(word.start, word.end, ignore)]
    if asked is Topic.AUTHORITY or any(word.letter in "VM" for word in words):
        words = _with_named(text, words)
    if not any(word.letter in SAYS_SOMETHING for word in words):
        return (_opening(text, ignore) or _unlisted(text)) if asked is Topic.AUTHORITY else None
    found = _read(text, _line(text, words), asked) or (_unlisted(text) if asked is Topic.AUTHORITY else None)
    return _opening(text, ignore) if found is None and asked is Topic.AUTHORITY else found


_THEY = (
    r"(?P<by>(?!(?:i|we|you|it|this|that|there|he|she|who|what|which|nobody|everything|something|price|budget|cost"
    r"|timing|money)\b)"
    r"[a-z'-]+(?: (?!(?:and|or|but|that|who|i|we)\b)[a-z'-]+){0,2}?)"
)
_SOMEBODY_HAS_TO = re.compile(
    rf"(?:^|[,;.]\s|(?<![a-z])(?:the|our|my|because|but|since|though|and)\s)(?:(?:the|our|my)\s)?{_THEY}\s"
    r"(?:has to|have to|needs to|need to|must|will have to|would have to|gets to|get to|will need to|would need to)"
    r"\s[a-z]+"
    r"|(?:nod|ok|okay|approval|permission|blessing|go-ahead|sign-off|yes)\sfrom\s(?:the|our|my)\s"
    r"(?P<giver>[a-z'-]+(?:\s(?!and|or|but|that|who)[a-z'-]+)?)(?=[\s.,!]*$)"
    r"|(?:comes|come|made|happens|taken|handed down|handled)\s(?:down\s)?(?:from|by|in|at)\s(?:the|our|my)\s"
    r"(?P<of>[a-z'-]+(?:\s(?!and|or|but|that|who)[a-z'-]+)?)(?=[\s.,!]*$)"
)
_UNLISTED_ROLE = re.compile(
    r"\W*(?:i'm |i am |just |only )?(?:an? |the )?(?:(?!not|no|my|ask|maybe|talk|it|some|any|i|we|you)[a-z&/-]+ ){0,3}"
    r"(?!(?:answer|whatever|rather|either|another|remember|consider|together|number|matter|however|whenever|computer|letter"
    r"|weather|error|color|colour|favor|favour|neither|forever|wherever|whichever|bother|offer|summer|winter|quarter"
    r"|september|october|november|december|later|never|other|order|after|under|over|prefer|person|human|sooner|earlier)\b)"
    r"[a-z-]{2,}(?:er|or|ist|ian|eer|man|woman|keeper|clerk|nurse|secretary|worker|accountant|consultant|assistant)[\s.!]*"
)


_ME_AND_ANOTHER = re.compile(r"(?<![a-z])(?:me and (?:my )?[a-z]+|(?!you)[a-z]+ and (?:me|i|myself))(?![a-z])")


def _unlisted(text: Text) -> Found[Authority] | None:
    """Asked who decides, people name persons and jobs no list holds: "the bank has to clear it", "choir conductor"."""
    if text.language != "en":
        return None
    if match := _SOMEBODY_HAS_TO.search(text.plain):
        group = next(name for name in ("by", "giver", "of") if match[name])
        value = Authority(role=Role.NEEDS_APPROVAL, approver=text.words(*match.span(group)))
        return _guessed(text, value, match.start(group), match.end(), "somebody_has_to")
    if match := _ME_AND_ANOTHER.search(text.plain):
        return _guessed(text, Authority(role=Role.INFLUENCER), *match.span(), "me_and_another")
    if len(text.plain) <= _LONGEST_ROLE and _UNLISTED_ROLE.fullmatch(text.plain):
        return _guessed(text, Authority(role=Role.INFLUENCER), 0, len(text.plain), "unlisted_role")
    return None


_LONGEST_ROLE = 40


def _guessed(text: Text, value: Authority, start: int, end: int, rule: str) -> Found[Authority]:
    return Found(
        value=value,
        span=text.span(start, end),
        words=text.words(start, end),
        certainty=GUESSED,
        rule=f"authority.{rule}",
    )


def _read(text: Text, line: _Line, asked: Topic | None) -> Found[Authority] | None:
    line = line.replaced(_ALREADY, dict.fromkeys("CVKDEFP", "x"))
    if re.search(r"(?<![DEFP])Q[txndl]{0,2}[VMH](?!l[SDEFP])", line.letters) and "B" not in line.letters:
        return None
    line = line.replaced(_TITLE_OF_SPEAKER, OWN)
    together = line.replaced(_TOGETHER, dict.fromkeys("SIDEFPwl&", "U"))
    for rule in RULES:
        if match := rule.letters.search(together.letters):
            return _found(text, together, rule, match)
    if asked is Topic.AUTHORITY and (match := _TOGETHER_ALONE.letters.search(together.letters)):
        return _found(text, together, _TOGETHER_ALONE, match)
    if (
        asked is Topic.AUTHORITY
        and _SOMEBODY_ELSE.match(text.plain)
        and (match := _ANOTHER.letters.search(together.letters))
    ):
        return _found(text, together, _ANOTHER, match)
    if asked is Topic.AUTHORITY and _NO_MY.match(text.plain) and (match := _MY_BOSS.letters.search(together.letters)):
        return _found(text, together, _MY_BOSS, match)
    own = _with_own_titles(together, text.plain, asked)
    for rule in _ROLES:
        if match := rule.letters.search(own.letters):
            return _found(text, own, rule, match)
    if asked is Topic.AUTHORITY and (match := _NAMED_ALONE.letters.search(together.letters)):
        return _found(text, together, _NAMED_ALONE, match)
    return None


def _found(text: Text, line: _Line, rule: _Rule, match: re.Match[str]) -> Found[Authority]:
    start, end = line.span(match)
    approver = None
    if "by" in match.groupdict():
        first, last = line.span(match, "by")
        first = _with_name(text.plain, first)
        start = min(start, first)
        approver = _trimmed(text.words(first, last))
        if approver.lower() in _PRONOUNS:
            approver = next((text.words(*place) for letter, place in _before(line, match) if letter in "DEFP"), None)
    return Found(
        value=Authority(role=rule.role, approver=approver),
        span=text.span(start, end),
        words=text.words(start, end),
        certainty=rule.certainty,
        rule=f"authority.{rule.name}",
    )


def _before(line: _Line, match: re.Match[str]) -> Iterator[tuple[str, tuple[int, int]]]:
    """The letters in front of the person asked, the nearest first."""
    end = match.start("by")
    return zip(reversed(line.letters[:end]), reversed(line.places[:end]), strict=True)


# Letters


def _words(text: Text) -> Iterator[_Word]:
    last = ""
    theirs: bool | None = None
    for word in vocabulary("who_decides", "word").find(text.plain):
        letter, start = LETTER[word.meaning], word.start
        if letter == "E" and _NAMES_THE_CONTACT.match(text.plain, start):
            continue  # 「担当 大河内」 under a telephone number
        if letter == "S" and theirs is None:
            theirs = _OF_THE_SPEAKER.search(text.plain) is not None
        if letter == "S" and not theirs and text.plain.startswith("they", start):
            continue  # "they decide in March", said of the prospect
        if letter == "S" and theirs and text.plain[start : word.end] in _PRONOUNS:
            letter = "P"  # "I report to the CFO and he'd approve"
        if letter in "DE" and (assistant := _ASSISTANT_OF.match(text.plain, word.end)):
            letter, word = "E", word._replace(end=assistant.end())  # "I'm the CEO's assistant"
        if letter == "K" and _STILL_TO_COME.match(text.plain, word.end):
            continue  # 「承認が下りてから」: it is not there yet
        if letter == "D" and _BESIDE_A_NUMBER.search(text.plain, max(0, start - 3), start):
            continue  # 「03-3555-0199 代表です」 is the main line
        if letter == "A" and last == "V" and (source := _FROM_A_TEAM.match(text.plain, start)):
            letter, start = "F", source.end()  # "sign-off from the ops team"
        if letter == "P" and word.end - start > _HIGHER_UPS and text.plain.startswith(("上に", "上と", "上へ"), start):
            yield _Word(letter="P", start=start, end=start + 1)
            letter, start = "L", start + 2  # 上に相談してから
        yield _Word(letter=letter, start=start, end=word.end)
        last = letter
        if letter == "V" and _SPENT_ALREADY.search(text.plain, start, min(len(text.plain), word.end + 16)):
            last = "K"
            yield _Word(letter=last, start=word.end, end=word.end)


_STILL_TO_COME = re.compile(r"から(?!は)|ら[、。\sばで]|次第")
_ASSISTANT_OF = re.compile(r"'s (?:executive |personal |right-hand )?(?:assistant|secretary|pa|ea|office)(?![a-z])")
_HIGHER_UPS = 2
# "the board signed off on 250k", "finance approved $40,000": nobody is left to ask
_SPENT_ALREADY = re.compile(
    r"(?:signed off(?: on)?|approved|okayed|ok'd|cleared|released|green-?\s?lit|authori[sz]ed|agreed(?: on| to)?)"
    r"\s(?:about |around |up to |a |us )?[$€£¥]?[0-9]"
)
_PRONOUNS = frozenset({"he", "she", "he'd", "she'd", "he'll", "she'll", "they", "they'd", "they'll"})
_OF_THE_SPEAKER = re.compile(r"(?<![a-z])(?:i|i'm|i've|i'd|i'll|my|me|our|we)(?![a-z])")
_NAMES_THE_CONTACT = re.compile(r"担当者?[\s:][\u4e00-\u9fff]{1,6}(?=$|[\s/、,(])")
_BESIDE_A_NUMBER = re.compile(r"[0-9][)\s(]{0,2}$")
_FROM_A_TEAM = re.compile(r"(?:from|with) (?:the )?")


_CALLED = re.compile(
    r"(?P<ja>[\u4e00-\u9fff々ァ-ヴー]{1,6}(?:さん|氏|くん))(?=が|の|は|に|次第|です|。|、|$)"
    r"|(?<![a-z])(?P<first>[a-z][a-z'.-]+(?: [a-z][a-z'.-]+)?)"
    r"(?= (?:decides|signs|approves|makes the|has the final|has final|calls the shots|has to|needs to|will decide)\b)"
    r"|(?<![a-z])(?P<does>[a-z][a-z'.-]+)(?= (?:(?:in|from|at|over in) [a-z]+ )?(?:does|would|will)(?=\s?(?:[.,!]|$)))"
    r"|(?<![a-z])(?:the|our|my) (?P<noun>(?!price|budget|cost|team|whole|we )[a-z]+"
    r"(?: (?!and|or|who|that|will|also|always|then)[a-z]+)?)"
    r"(?= (?:(?:in|at|from) [a-z]+ )?(?:(?:all )?decides?|signs?|approves?|makes? the (?:decision|call)"
    r"|(?:has|have) (?:the )?final|calls? the shots|does(?=\s?(?:[.,!]|$)))\b)"
    r"|(?P<ja_their>(?:[\u4e00-\u9fffァ-ヴー]{2,8}|[国県市区町村省庁])(?:さん|様|先生|氏)?)"
    r"(?=の(?:承認|許可|ok|決裁|了解|了承|ハンコ|判子|サイン|同意|合意|ゴーサイン|許し)(?:が|を|も|は|次第|なし|待ち))"
    r"|(?:the|our|my) (?P<their>[a-z]+)'s "
    r"(?=(?:ok|okay|approval|sign-off|blessing|permission|go-ahead|signature|consent)\b)"
    r"|(?:the rest|anything (?:else|over|above|more)|above that|over that|beyond that)(?: it)?"
    r"(?: is|'s| goes to| needs|,) (?P<rest>[a-z][a-z'.-]+)"
    r"|(?<![a-z])(?P<whose>[a-z][a-z'.-]*[a-z])(?='s (?:decision|call|choice|job|responsibility|department)\b)"
    r"|(?<![a-z])(?P<giver>[a-z][a-z'.-]+)(?: (?:in|from|at) [a-z]+)?"
    r"(?= (?:says (?:yes|ok|okay|go)|gives (?:the|a|their|her|his) (?:ok|okay|nod|green light|go-ahead|blessing)"
    r"|okays)\b)"
    r"|(?:that would be|that'd be|it would be|it'd be|that will be|that'll be|would be|that's|it's|that is|it is)"
    r" (?![a-z.-]+'s )(?P<that>[a-z][a-z'.-]+(?: [a-z][a-z'.-]+)?)(?=\s?(?:[,.(]|$|in |from |at |who ))"
    r"|(?:sits|lies|rests|stays|is|comes) (?:with|from|up to|by) (?:the|our|my) (?P<holder>[a-z]+)"
    r"|(?:run (?:it|this|that) (?:by|past)|check with|permission (?:from|of)|ok from|go-ahead from|blessing of)"
    r" (?:the|our|my) (?P<asked>[a-z]+)"
    r"|(?:decision[ -]maker|approver|decider|economic buyer|dm)\s?(?:is|:|=)\s?"
    r"(?P<after>[a-z][a-z'-]+(?: [a-z][a-z'-]+)?)(?=\s?(?:[(,.;/]|$))"
)


def _with_named(text: Text, words: Sequence[_Word]) -> list[_Word]:
    """Persons who are only named: "Sandra decides", 「田中さんが決めます」. In English a capital tells a name."""
    called = [*words]
    for match in islice(_CALLED.finditer(text.plain), MOST):
        group = str(match.lastgroup)
        start, end = match.span(group)
        if group == "that" and not _SOMEBODY_ELSE.search(text.plain, 0, start):
            continue
        if group not in ("ja", "ja_their", "noun", "holder", "asked", "their"):
            start, end = _capitals(text, start, end)
        if (
            start == end
            or text.plain[start:end] in _NO_PERSON
            or _PLACE_AHEAD.search(text.plain, max(0, start - 6), start)
        ):
            continue
        if not any(word.start < end and start < word.end and word.letter not in "NY" for word in words):
            called.append(_Word(letter="P", start=start, end=end))
    return sorted(called, key=lambda word: word.start)


def _capitals(text: Text, start: int, end: int) -> tuple[int, int]:
    """Where the words with a capital begin: "but Sandra" -> "Sandra"."""
    while start < end and not text.words(start, start + 1).isupper():
        following = text.plain.find(" ", start, end)
        start = end if following < 0 else following + 1
    return start, end


_SOMEBODY_ELSE = re.compile(
    r"\W*(?:no|nope|nah|not|sorry|unfortunately|actually|negative|i don't|i do not|i'm not|i can't|i won't)\b"
    r"|n't|(?<![a-z])not(?![a-z])"
)
_PLACE_AHEAD = re.compile(r"(?<![a-z])(?:in|at|of|from) $")
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


def _line(text: Text, words: Sequence[_Word]) -> _Line:
    letters: list[str] = []
    places: list[tuple[int, int]] = []
    end = 0
    for word in words:
        for letter in _gap(text.plain[end : word.start]) if letters or word.start else "":
            letters.append(letter)
            places.append((end, word.start))
        letters.append(word.letter)
        places.append((word.start, word.end))
        end = word.end
    for letter in _gap(text.plain[end:]):
        letters.append(letter)
        places.append((end, len(text.plain)))
    return _Line(letters="".join(letters), places=tuple(places))


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


def _with_own_titles(line: _Line, plain: str, asked: Topic | None) -> _Line:
    """Titles that are the speaker's own become small: g decides; e, a role or a department, does not."""
    letters = list(line.letters)
    for at, letter in enumerate(letters):
        if letter in OWN and asked is Topic.AUTHORITY and _acts_elsewhere(plain, *line.places[at]):
            continue  # "the regional manager needs to be convinced"
        if letter in OWN and _FOR_THEM.search(plain, max(0, line.places[at][0] - 24), line.places[at][0]):
            continue  # "collecting quotes for my supervisor"
        if letter in OWN and (asked is Topic.AUTHORITY or _is_own(line, plain, at, asked)):
            letters[at] = OWN[letter]
    return _Line(letters="".join(letters), places=line.places)


def _acts_elsewhere(plain: str, start: int, end: int) -> bool:
    return _DOES.match(plain, end) is not None and _SOMEBODYS.search(plain, max(0, start - 30), start) is not None


_DOES = re.compile(
    r"\s(?:needs|has to|have to|must|will have|would have|wants|makes|handles|looks after|takes care)(?![a-z])"
)
_SOMEBODYS = re.compile(r"(?<![a-z])(?:the|our|my) (?:[a-z]+ ){0,2}$")
_FOR_THEM = re.compile(
    r"(?<![a-z])(?:for|behalf of|tell|asked by|told by|assist|support|help) (?:my|our) (?:[a-z]+ )?$"
)
OWN = {"D": "g", "E": "e", "F": "e", "A": "a", "Z": "y"}
_INTRODUCES = re.compile(
    r"(?:^|[.,、。:(【】\s])(?:met|spoke|spoken|talked|talking|call|called|meeting|mtg|chat|chatted|demo|w/)(?:\s*(?:to|with|w/))?"
    r"(?:\s+[a-z.]+){0,3}\s*[(]?\s*(?:the\s+|an?\s+)?$"
)
_NOT_ABOUT_ME = frozenset("がはにへも:")
"""Behind a title they tell that it is somebody the text is about: 社長が出してくれれば."""
_WITH_NAME = re.compile(
    r"の[^\s。、,.はがをにで]{1,10}(?:です|と申|といい|でござい|と言い|様|さん|氏)|と(?:面談|話|会|商談|通話|接続|電話|打|mtg|やりとり)|[)\]]"
)
_OPENS = re.compile(
    r"(?:^|[。.、,:(（\n!?→】/|・]|です|ます|ました)\s*(?:私は|i'm|i am|it's|as|hi|hello)?\s*(?:the |an? )?"
    r"(?:(?!(?:get|call|ask|need|want|my|our|your|send|tell|me|need|with|to|for|and)\s)[a-z&-]+\s){0,1}$"
)
_COMPANY_IN_FRONT = re.compile(r"(?:の|業、?|[\u3400-\u9fffァ-ヴー])\s?$")


def _is_own(line: _Line, plain: str, at: int, asked: Topic | None) -> bool:
    """Whether a title, when nobody asked, is that of the speaker and not of somebody the text is about."""
    letter, start, end = line.letters[at], *line.places[at]
    before, after = line.letters[:at], line.letters[at + 1 :]
    if before.endswith("I") or (letter == "A" and re.search(r"[SI][tx]?$", before)):
        return True
    if asked is Topic.NEED and after[:1] == "x" and letter != "D":
        return False  # "high employee turnover"
    if plain[end : end + 1].isdigit() or plain.startswith(("からは", "からも", "より、"), end):
        return False
    if letter in "AF" or plain[end : end + 1] in _NOT_ABOUT_ME:
        return _WITH_NAME.match(plain, end) is not None and letter not in "AF"
    if after.startswith(("E", "nE", "D", "nD", "&D", "lF", "F")) and not before.endswith(("t", "l", "d")):
        return bool(_OPENS.search(plain, max(0, start - 30), start))
    if re.search(r"S[tn]x?$", before) and after[:1] in ("z", "", ",", "."):
        return True
    if _INTRODUCES.search(plain, max(0, start - 60), start):
        return True
    opens = _OPENS.search(plain, max(0, start - 30), start) or re.search(r"[EFDeg][nx]?$", before)
    if _WITH_NAME.match(plain, end):
        return True
    if after[:1] == "z":
        return not before.endswith(("t", "l"))
    company = line.places and _COMPANY_IN_FRONT.search(plain, max(0, start - 3), start)
    return bool(opens or company) and after[:1] in ("", ",", ".", "l", "b", "x", "&") and not before.endswith("t")


def _with_name(plain: str, start: int) -> int:
    """鈴木専務, 経理部長, "regional director": the approver with the name or division in front of the title."""
    if kind := _KIND.search(plain, max(0, start - 40), start):
        return kind.start("kind")
    name = re.compile(r"[\u3400-\u9fff々ァ-ヴー]{1,6}$").search(plain, max(0, start - 6), start)
    return name.start() if name else start


_KIND = re.compile(
    r"(?<![a-z])(?:the|our|my|a|an) "
    r"(?P<kind>(?!same|one|other|actual|only|final)[a-z]{3,}(?: (?!and |but |who )[a-z]{3,})?) $"
)


def _trimmed(words: str) -> str:
    return words.strip().removesuffix("の").removesuffix("が").removesuffix("に")


# Yes and no


@cache
def _only(section: str, language: Language) -> re.Pattern[str]:
    """A text that says nothing but these words."""
    source = lexicon("who_decides").words(section, language).source
    return re.compile(rf"(?:[\s、,。.!~…w笑]*(?:{source}))+[\s、,。.!~…ー笑]*")


def _yes_or_no(text: Text) -> Found[Authority] | None:
    if len(text.plain) > 40:
        return None
    for section, role in (("no", Role.NONE), ("yes", Role.DECISION_MAKER)):
        if _only(section, text.language).fullmatch(text.plain):
            end = len(text.plain)
            return Found(
                value=Authority(role=role),
                span=text.span(0, end),
                words=text.words(0, end),
                certainty=FAIR,
                rule=f"authority.{section}",
            )
    return None


def _opening(text: Text, ignore: Sequence[tuple[int, int]]) -> Found[Authority] | None:
    """A yes or no to the question before they go on: "yes, and we want it live by October"."""
    for section, role in (("opening_no", Role.NONE), ("opening_yes", Role.DECISION_MAKER)):
        pattern = lexicon("who_decides").pattern(section, text.language)
        match = pattern.match(text.plain)
        if match and text.plain[match.end() : match.end() + 1] in _STOPS and not overlaps(*match.span(), ignore):
            start, end = match.span()
            return Found(
                value=Authority(role=role),
                span=text.span(start, end),
                words=text.words(start, end),
                certainty=FAIR,
                rule=f"authority.{section}",
            )
    return None


_STOPS = frozenset(",.!、。;")
