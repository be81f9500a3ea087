"""Who decides: the speaker, somebody else, several together, or nobody who is here.

The words we know become letters, what stands between them becomes small letters, and a rule reads the letters:

    私が推薦して、CTOが決めます         StA,DtV      ->  needs approval of "CTO"
    the CEO and I decide             D&SV        ->  they decide together, the speaker among them
    課長の私が決裁します               EnStV       ->  the speaker decides
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from dialogs.reading.acting_persons import with_acting
from dialogs.reading.clarity import overlaps
from dialogs.reading.decider_letters import (
    PRONOUNS,
    SAYS_SOMETHING,
    SOMEBODY_ELSE,
    Line,
    Word,
    line_of,
    with_named,
    words_of,
)
from dialogs.reading.english_names import either, firm_words
from dialogs.reading.firm_words import EN_TITLE, MET
from dialogs.reading.found import FAIR, GUESSED, SURE, Found, Language
from dialogs.reading.japanese_names import is_listed
from dialogs.reading.lexicon import lexicon
from dialogs.reading.own_titles import OWN, with_own_titles
from dialogs.reading.sought import sought
from dialogs.reading.text import Text
from qualification.bant import Authority, Role, Topic

# SURE, FAIR, GUESSED: said in so many words; concluded from a title or a short answer; a title in passing

PERSON = "[DEFP]"
_TITLE_OF_SPEAKER = re.compile(
    rf"{PERSON}+(?=[nz]?S)|[DE]+(?=[tl]S(?:[z.,]|$))|(?<=I)[DEF]+|(?<=St)[nx]?[DEF]+(?=z)|(?<=Stx)[DEF]+(?=z)"
    rf"|^[FP]?E+(?=,[DP][cJjx]*V)"
)
_TOGETHER = re.compile(rf"[SI](?:[wl&])V?{PERSON}+|{PERSON}+(?:[w&])[SI]|SV[wl]{PERSON}|SV,?U|S,{PERSON}+&{PERSON}+")
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
        "with_each_other",
        Role.INFLUENCER,
        rf"{PERSON}[w&][^.td]{{0,4}}U|Uw{PERSON}+(?=[.,]|$)|U[^.]{{0,3}}{PERSON},?U|^U+D?[xz,]{{0,2}}L|UD[xz,&]{{1,3}}V",
    ),  # 共同経営者と二人の合意で
    _rule("decides_with", Role.INFLUENCER, rf"[IS]t?Mw{PERSON}"),  # I'm the decision maker along with our CFO
    _rule("one_of_them", Role.INFLUENCER, r"o"),  # a committee of five, I'm on it
    _rule("not_me_but", Role.NEEDS_APPROVAL, rf"W[tx,.J]{{0,3}}{_BY}"),  # not me, my manager
    _rule("they_not_me", Role.NEEDS_APPROVAL, rf"{_BY}[,x]{{1,2}}W"),  # the owner, not me
    _rule(
        "not_them_but",
        Role.NEEDS_APPROVAL,
        rf"[MV][^.]{{0,6}}(?:N[xl]?{PERSON}+|{PERSON}+[tx]?N)[^.]{{0,4}}{_BY}(?=[.,]|z|$)",
    ),  # 決裁者は部長ではなく本部長です
    _rule("above_the_limit", Role.NEEDS_APPROVAL, rf"T[tnxlJLc,]{{0,3}}{_BY}"),  # それ以上は本部長
    _rule(
        "corrected_to", Role.NEEDS_APPROVAL, r"M[tlxN]{0,4},x{0,2}(?P<by>[DEP]+)(?=z|[.]|$)"
    ),  # 決裁者は間違いで、正しくは社長です
    _rule("decision_maker_is", Role.NEEDS_APPROVAL, rf"M[tlx]{{0,2}}{_BY}(?!b?M)"),  # 決裁者は専務
    _rule("it_is_who_decides", Role.NEEDS_APPROVAL, rf"{_BY}z?[,t]?MN?$"),  # 社長です、決めるのは
    _rule(
        "decides", Role.NEEDS_APPROVAL, rf"{_BY}A?(?:,(?=Q))?Q?(?:dU)?[tndl]?[xX]?[tnd]?[Jjc]*x?[cJj]{{0,2}}V(?!n?S)"
    ),  # my director needs to sign off
    _rule(
        "theirs_the_right", Role.NEEDS_APPROVAL, rf"(?<!N){_BY}(?:[tndlc]{{0,2}}x?H|[lc]M)(?![tnd]*N)"
    ),  # our MD has the authority
    _rule(
        "nothing_without", Role.NEEDS_APPROVAL, rf"N[^.]{{0,3}}O[lx]?{_BY}"
    ),  # nothing gets bought without the trustees
    _rule("theirs_is_the_right", Role.NEEDS_APPROVAL, rf"Ht{_BY}x(?![^.]*[NS])"),  # 決定権は理事長が持っています
    _rule("decision_of", Role.NEEDS_APPROVAL, rf"V[tlw]?(?:Jl)?{_BY}"),  # 決裁は代表; approval from the CFO
    _rule("theirs_needed", Role.NEEDS_APPROVAL, rf"{_BY}[,n]V[tdnx]?J(?!N)"),  # 局長と理事長、両方の印鑑が要ります
    _rule("the_others_call", Role.NEEDS_APPROVAL, rf"VN?[lx]{{1,2}}{_BY}{_END}"),  # the decision is the COO's
    _rule("asked_first", Role.NEEDS_APPROVAL, rf"{_BY}[tdwn]?x?L"),  # 上司に相談して
    _rule(
        "has_to_be_asked", Role.NEEDS_APPROVAL, r"(?P<by>P+)t[^.SO]{0,8}Lx?J"
    ),  # 家内が経理をみているので相談しないと
    _rule("they_talk", Role.NEEDS_APPROVAL, rf"{_BY}[td]x?U"),  # 理事会で話し合って決まります
    _rule("subject_to_the_holder", Role.NEEDS_APPROVAL, r"L[lx]?(?P<by>M)"),  # subject to budget holder approval
    _rule("goes_to", Role.NEEDS_APPROVAL, rf"(?:L|CL)[lxw]?{_BY}"),  # run it by my boss
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
        "approval_needed", Role.NEEDS_APPROVAL, r"V[tdnx]?J(?!N)|(?<!N)JV|(?<![SNcU])jV|V[td]L(?!N)"
    ),  # 承認が必要です
    _rule("not_alone", Role.NEEDS_APPROVAL, r"S?[nx]?O.{0,3}V.{0,2}N|NVx?O"),  # 私だけでは決められません
    _rule("vote_of", Role.NEEDS_APPROVAL, r"U[lx]{1,2}(?P<by>P+)"),  # majority vote of the committee
    _rule("together", Role.INFLUENCER, r"U.{0,6}[VMH]|[VMH].{0,6}U"),  # 夫婦で決めてます
    _rule("no_right", Role.NONE, r"NM(?=$|[.,])|H[tnxdl]*N|N[xl]?[FP]?H|p|N.{0,2}Z|R[tnxd]*N|Nx?R"),  # 権限はありません
    _rule("i_decide_not", Role.NONE, r"S[tnd]?x?N[xc]?V|S[tn]x?V[tx]{0,2}N|VtW|W"),  # I can't decide
    _rule("who_owns_it_decides", Role.DECISION_MAKER, r"(?:^|[x.,])D&VO"),  # Dana is the owner and decides alone
    _rule(
        "my_decision", Role.DECISION_MAKER, r"G|X[tlx]?S|S[tndl]?Q?[xXc]{0,2}[VHM]|[VHM][tnldx]{0,2}S|IM|HxS"
    ),  # 決裁権は私にあります
    _rule(
        "the_one_who_decides",
        Role.DECISION_MAKER,
        r"(?:^|[.,])VO(?![^.]*P)|M[zb]?(?:$|[.,z])|[DEFP]bM|H(?![tnxd]*[N])|M$",
    ),  # met CFO (decision maker)
    _rule("their_firm", Role.NEEDS_APPROVAL, r"(?<!w)(?P<by>P+)lD", FAIR),  # my father is the owner, I manage
)
_JAPANESE_ORDER = "asked_first"
_NAMED_ALONE = _rule(
    "named_alone", Role.NEEDS_APPROVAL, r"^[NXx,l]{0,3}(?:Px)?(?P<by>P+)(?=[z,.]|$|x,|x$)", FAIR
)  # my boss
_DEPARTMENT_ALONE = _rule("department_alone", Role.INFLUENCER, r"^P+", FAIR)  # purchasing
NAMES_SOMEBODY = frozenset({"authority.named_alone"})
"""The rules by which a name or a title is somebody's who decides, and may be the speaker's own."""
BY_TITLE = frozenset({"authority.employee_title", "authority.deciding_title", "authority.department"})
"""The rules by which a title alone tells what its holder may decide."""
_ANOTHER = _rule(
    "another", Role.NEEDS_APPROVAL, r"^[NWSx,l.c]{0,6}(?P<by>P+)", FAIR
)  # no, that would be Karen in finance
_MY_BOSS = _rule(
    "my_boss", Role.NEEDS_APPROVAL, r"^[NWx,l.c]{0,6}(?P<by>F?[DEP]+)(?=[cx]?[.,b]|[cx]?$|xP)", FAIR
)  # no, my supervisor does
_THEY_DO = _rule("they_do", Role.NEEDS_APPROVAL, rf"(?:^|[.,N]){_BY}c(?=[,.]|$)")  # the owner does, I'm the manager
_THAT_WOULD_BE = re.compile(r"\W*(?:that|it)(?:'d| would|'ll| will)(?: probably)? be (?!(?:me|myself|us|i)(?![a-z]))")
_NO_MY = re.compile(
    r"\W*(?:(?:no|nope|nah|not me|negative|not really)[\s,.-]+(?:[a-z' ]{1,14} )?"
    r"|(?:that|it)(?: would|'d| will|'ll) be |(?:that's|that is) )(?:my|our|the) "
    r"|\W*my (?=(?:[a-z]+ )?(?:manager|director|supervisor|head|lead|leader|chief|ceo|cfo|coo|cto|md|gm|vp|president"
    r"|principal|owner)[\s.,!]*(?:$|,))"
)
_TOGETHER_ALONE = _rule("together_alone", Role.INFLUENCER, r"U", FAIR)  # the two of us
_ROLES = (
    _rule("said_to_be_an_outsider", Role.NONE, r"Ix?Z"),
    _rule("deciding_title", Role.DECISION_MAKER, r"g"),
    _rule("employee_title", Role.INFLUENCER, r"e|a"),
    _rule("outsider", Role.NONE, r"y"),
    _rule("one_of_those", Role.INFLUENCER, r"^[x,]?I[x]?P(?=$|[.,])", FAIR),  # I'm the bursar
)


def find(text: Text, *, asked: Topic | None, ignore: Sequence[tuple[int, int]] = ()) -> Found[Authority] | None:
    """Who decides, as the text says or a bare yes or no to that question says; None when it says nothing.

    `ignore` are spans of `plain` that are not the person's own statement (a question, an instruction to the bot).
    """
    text = _without_accents(text)
    if asked is Topic.AUTHORITY and (found := _yes_or_no(text)):
        return found
    if grants := [grant.span() for grant in _A_GRANT.finditer(text.plain)]:
        ignore = [*ignore, *grants]
    words = [word for word in words_of(text, asked=asked) if not ignore or not overlaps(word.start, word.end, ignore)]
    if asked is None and text.language == "ja" and (label := _A_LABEL.search(text.plain)):
        words = sorted([*words, Word("M", label.start("a"), label.end())], key=lambda word: word.start)
    if asked is None and text.language == "ja" and (side := _OTHER_SIDE_IS.search(text.plain)):
        words = [Word("I", *side.span()), *(word for word in words if word.start >= side.end())]
    if asked is Topic.AUTHORITY or any(word.letter in "VM" for word in words):
        words = with_acting(text, with_named(text, words), asked=asked)
    if not any(word.letter in SAYS_SOMETHING for word in words):
        return (_opening(text, ignore) or _unlisted(text)) if asked is Topic.AUTHORITY else None
    found = _read(text, line_of(text, words), asked) or (_unlisted(text) if asked is Topic.AUTHORITY else None)
    if found and asked is None and _is_whom_they_met(text, found):
        found = replace(found, value=Authority(role=Role.DECISION_MAKER))
    return _opening(text, ignore) if found is None and asked is Topic.AUTHORITY else found


def _without_accents(text: Text) -> Text:
    """An English text with "Siobhan" for "Siobhán": every letter stays where it is, and our rules know a to z."""
    if text.language != "en" or text.plain.isascii():
        return text
    return replace(text, plain="".join(map(_base, text.plain)))


@lru_cache(maxsize=1_024)
def _base(letter: str) -> str:
    base = unicodedata.normalize("NFD", letter)[0]
    return base if base.isascii() and base.isalpha() else _NO_ACCENT.get(letter, letter)


_NO_ACCENT = {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ı": "i", "æ": "e", "œ": "e", "ß": "s", "þ": "t"}


def _is_whom_they_met(text: Text, found: Found[Authority]) -> bool:
    """「宮下社長ご本人と通話できた。…最終的な判断は社長ご自身でされる」: the rep met the one who decides."""
    title, start = found.value.approver, text.inside(found.span)[0]
    if (
        text.language != "ja"
        or not title
        or not _A_TITLE.fullmatch(title)
        or not 0 < (at := text.plain.find(title)) < start
    ):
        return False
    met = _MET.match(text.plain, at + len(title))
    return (
        met is not None
        and met.end() <= start
        and (is_listed(text.plain[at - 2 : at]) or is_listed(text.plain[max(0, at - 3) : at]))
    )


_A_LABEL = re.compile(
    r"(?:^|[\s/、,|・?。】])(?P<a>a\s?[:.]\s?)(?=[\u4e00-\u9fff々ァ-ヴー]{0,8}(?:[部局課次室]長|(?:支店|工場|事務)長|[専常]務|役員会|理事会|取締役会)(?![\u4e00-\u9fff]))"
)
"""「B:300万 A:事務局長」"""
_OTHER_SIDE_IS = sought(
    r"(?:^|(?<=[。\s、]))(?:お?相手|お話しした方|話した方|面談者|対応者)は"
    r"(?=(?:(?!承認|決裁|判断|許可|稟議|了承|相談|次第)[^。、がはに]){2,16}(?:[。、(]|で、|$))"
)
"""「相手は個人事業主のカメラマン。」"""
_A_TITLE = re.compile(r"[\u4e00-\u9fff]{1,3}[長者締務]|代表|オーナー")
_MET = re.compile(rf"(?:ご本人|本人|様|さん)?(?:と|に|へ|を)(?:お?{MET}|話|会)[^。\n]{{0,40}}[。\n]")
_A_GRANT = sought(
    r"(?:補助金|助成金|給付金|補助事業)[^。、\n]{0,6}?(?:採択|交付|審査|決定|認定|結果|申請)[^。、\n]{0,6}"
)
"""Who gives it decides nothing here: 「補助金の採択結果待ち」."""
_THEY = (
    r"(?P<by>(?!(?:i|we|you|it|this|that|there|he|she|who|what|which|nobody|everything|something|price|budget|cost"
    r"|timing|money)\b)"
    r"[a-z'-]+(?: (?!(?:and|or|but|that|who|i|we)\b)[a-z'-]+){0,2}?)"
)
_SOMEBODY_HAS_TO = sought(
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
    r"(?!(?:answer|tender|whatever|rather|either|another|remember|consider|together|number|matter|however|whenever|computer|letter"
    r"|weather|error|color|colour|favor|favour|neither|forever|wherever|whichever|bother|offer|summer|winter|quarter"
    r"|september|october|november|december|later|never|other|order|after|under|over|prefer|person|human|sooner|earlier)\b)"
    r"[a-z-]{2,}(?:er|or|ist|ian|eer|man|woman|keeper|clerk|nurse|secretary|worker|accountant|consultant|assistant)[\s.!]*"
)


_MANAGES = re.compile(
    r"\W*(?:(?:well|so|hi|no|not really|yes and no)\W+)?i (?:just |only |mainly |mostly |currently )?"
    r"(?:manage|lead|run|head|head up|oversee|supervise|coordinate|co-ordinate|look after|work (?:in|for|as|at|on)"
    r"|teach|assist|support)"
    r" (?!with)[a-z]"
    r"|\W*(?:i )?do (?:all )?the (?:books|accounts|payroll|admin|paperwork|invoices|invoicing|filing|phones|bookings)"
    r"|\W*(?:i'm |im |i am )?(?:in charge of|responsible for) (?:the |our |all )?"
    r"(?!business|company|firm|place|whole|show|lot|shop|decision|buying|purchas|spend|budget|everything|all|it\b|this"
    r"|that)[a-z]"
)
_ME_AND_ANOTHER = sought(
    r"(?<![a-z])(?:me (?:and|plus|&|n|'?n'?) (?:my )?(?!nobody|no\b)[a-z]+"
    r"|(?!you)[a-z]+ and (?:me|i|myself))(?![a-z])"
)


_APPROVAL = r"(?:approvals?|sign-?\s?offs?|signatures?|authori[sz]ation|go-ahead|green light)"


def _unlisted(text: Text) -> Found[Authority] | None:
    """Asked who decides, people name persons and jobs no list holds: "the bank has to clear it", "choir conductor"."""
    if text.language != "en":
        return _works_in_a_department(text)
    if match := _SOMEBODY_HAS_TO.search(text.plain):
        group = next(name for name in ("by", "giver", "of") if match[name])
        value = Authority(role=Role.NEEDS_APPROVAL, approver=text.words(*match.span(group)))
        return _guessed(text, value, match.start(group), match.end(), "somebody_has_to")
    if match := _AWAITED.search(text.plain):
        return _guessed(text, Authority(role=Role.NEEDS_APPROVAL), *match.span(), "awaited")
    if match := _ME_AND_ANOTHER.search(text.plain):
        return _guessed(text, Authority(role=Role.INFLUENCER), *match.span(), "me_and_another")
    if match := _IN_PART.fullmatch(text.plain):
        return _guessed(text, Authority(role=Role.INFLUENCER), *match.span(), "in_part")
    if match := _OF_A_TEAM.fullmatch(text.plain):
        return _guessed(text, Authority(role=Role.INFLUENCER), *match.span(), "of_a_team")
    if match := _where_they_work().fullmatch(text.plain):
        return _guessed(text, Authority(role=Role.INFLUENCER), *match.span(), "place_of_work")
    if match := _MANAGES.match(text.plain):
        return _guessed(text, Authority(role=Role.INFLUENCER), *match.span(), "manages")
    if len(text.plain) <= _LONGEST_ROLE and _UNLISTED_ROLE.fullmatch(text.plain):
        return _guessed(text, Authority(role=Role.INFLUENCER), 0, len(text.plain), "unlisted_role")
    return None


@cache
def _where_they_work() -> re.Pattern[str]:
    """ "Accounts payable, that's me", "im in accounts": a department and nothing else."""
    department = either("department")
    lead = (
        r"\W*(?:(?:i'm|im|i am|i work|just|only|hi|hello|well)[\s,]+)*"
        r"(?:(?:in|from|with|on|for|at|over in)\s(?:the\s|our\s)?)?"
    )
    mine = (
        r"(?:that'?s|that'd be|that is|that would be|it's|its) (?:me|us|my (?:bit|job|area|department|side|role|thing))"
    )
    return re.compile(
        rf"{lead}{department}(?:(?:\s(?:and|&)\s|/|,\s){department})?(?:\s(?:dept|department|team|desk|side))?"
        rf"(?:[\s,-]+(?:here|me|us|{mine}))*[\s.!]*"
    )


_LONGEST_ROLE = 40
_OF_A_TEAM = re.compile(
    r"\W*(?:i'm |im |i am |i work |just |only )*(?:in |from |with |for |part of )?(?:the |our )?"
    r"(?!(?:whole|entire|management|leadership|executive|exec|senior)\b)[a-z&/-]+(?: [a-z&/-]+)?"
    r" (?:dept|department|team|desk|division|unit)(?: here)?[\s.!]*"
)
_IN_PART = re.compile(
    r"\W*(?:(?:well|yes|yeah|only)\W+)?(?:sort of|kind of|kinda|partly|partially|in part"
    r"|to (?:some|an|a certain) (?:extent|degree)|to a degree|somewhat|half and half|more or less)\W*"
)
_AWAITED = re.compile(
    r"(?<![a-z])(?:waiting (?:on|for)|wait for|awaiting|pending|subject to|dependent on|depends on|conditional on"
    r"|only with|not without|until (?:we|i) (?:get|have)|once (?:we|i) (?:get|have))"
    r" (?:the |an? |our |final |formal |internal )*"
    rf"{_APPROVAL}(?![a-z])|(?<![a-z]){_APPROVAL} (?:is )?(?:still )?(?:pending|outstanding|missing)(?![a-z])"
)


def _guessed(text: Text, value: Authority, start: int, end: int, rule: str) -> Found[Authority]:
    return Found(
        value=value,
        span=text.span(start, end),
        words=text.words(start, end),
        certainty=GUESSED,
        rule=f"authority.{rule}",
    )


def _read(text: Text, line: Line, asked: Topic | None) -> Found[Authority] | None:
    line = line.replaced(_ALREADY, dict.fromkeys("CVKDEFP", "x"))
    if re.search(r"(?<![DEFPSW])(?<![DEFP],)Q[txndl]{0,2}[VMH](?!l[SDEFP])", line.letters) and "B" not in line.letters:
        return None
    line = line.replaced(_TITLE_OF_SPEAKER, OWN)
    together = line.replaced(_TOGETHER, dict.fromkeys("SIDEFPwl&", "U"))
    for rule in RULES:
        if rule.name == _JAPANESE_ORDER and text.language == "en":
            continue  # "parents call to ask": in English who asks stands in front
        if match := rule.letters.search(together.letters):
            return _found(text, together, rule, match)
    both = asked is Topic.COMPANY and line.letters == "S&D"  # "Me and the CFO"
    if (asked is Topic.AUTHORITY or both) and (match := _TOGETHER_ALONE.letters.search(together.letters)):
        return _found(text, together, _TOGETHER_ALONE, match)
    if (
        asked is Topic.AUTHORITY
        and (SOMEBODY_ELSE.match(text.plain) or _THAT_WOULD_BE.match(text.plain))
        and (match := _ANOTHER.letters.search(together.letters))
    ):
        return _found(text, together, _ANOTHER, match)
    if asked is Topic.AUTHORITY and (match := _THEY_DO.letters.search(together.letters)):
        return _found(text, together, _THEY_DO, match)
    if asked is Topic.AUTHORITY and _NO_MY.match(text.plain) and (match := _MY_BOSS.letters.search(together.letters)):
        return _found(text, together, _MY_BOSS, match)
    own = with_own_titles(together, text.plain, asked)
    for rule in _ROLES:
        if match := rule.letters.search(own.letters):
            return _found(text, own, rule, match)
    if asked is Topic.AUTHORITY and text.language == "ja" and (works := _works_in_a_department(text)):
        return works
    if asked is Topic.AUTHORITY and (match := _NAMED_ALONE.letters.search(own.letters)):
        if _is_a_department(text) and (alone := _DEPARTMENT_ALONE.letters.search(own.letters)):
            return _found(text, own, _DEPARTMENT_ALONE, alone)
        return _found(text, own, _NAMED_ALONE, match)
    return None


def _works_in_a_department(text: Text) -> Found[Authority] | None:
    """「施設課におります」: where they work is all they say of themselves."""
    match = _WORKS_IN.search(text.plain)
    return _guessed(text, Authority(role=Role.INFLUENCER), *match.span(), "department") if match else None


_SOME_DEPARTMENT = (
    r"[\u4e00-\u9fffァ-ヴーa-z]{1,10}(?:課|部|室|係|局)(?<![全一内外幹大入退]部)(?<![教個]室)(?<!薬局|結局|当局|関係|日課)"
    r"(?<!応接室|会議室|事務室|診察室|待合室|休憩室|更衣室|郵便局|放送局|倶楽部)"
)
_WORKS_IN = sought(
    rf"{_SOME_DEPARTMENT}(?:に(?:おり?ま|い(?:ます|る)|所属|在籍|勤め|勤務|配属|いるだけ)|で(?:働|勤務|仕事|事務)|(?:所属|勤務)(?:です|の|で)"
    rf"|の(?:者|人間|職員|一員|社員|メンバー)(?:です|でして|だ|$))|^\s*{_SOME_DEPARTMENT}(?:です(?!か)|でして|だ)?[。\s]*$"
)


def is_a_title(job: str) -> bool:
    """Whether the words name a rank: "Head of Procurement", not "accounts" or "baker"."""
    return job.lower() not in firm_words("department") and re.search(rf"\b{EN_TITLE}", job) is not None


def title_decides(job: str) -> bool:
    """Whether who has this job decides: an owner does, a bursar does not."""
    found = find(Text.of(job), asked=Topic.AUTHORITY)
    return found is not None and found.value.role is Role.DECISION_MAKER


def _is_a_department(text: Text) -> bool:
    """Whether all they say is where they work, or as what: "purchasing", "bursar"."""
    words = text.plain.strip(" .,!").removesuffix(" here")
    return (
        words in firm_words("department")
        or re.fullmatch(EN_TITLE, words) is not None
        or _where_they_work().fullmatch(text.plain) is not None
    )


def _found(text: Text, line: Line, rule: _Rule, match: re.Match[str]) -> Found[Authority]:
    start, end = line.span(match)
    approver = None
    if "by" in match.groupdict():
        first, last = line.span(match, "by")
        first = _with_name(text.plain, first)
        start = min(start, first)
        own = _OWN_ROLE.match(text.plain, first, last) if _ROLE_IN_FRONT.fullmatch(text.plain, 0, first) else None
        if own and is_a_title(own["role"]):
            first = own.end()  # "finance controller, the parent company has to approve"
        if contrast := _BUT.search(text.plain, first, last):
            first = contrast.end()  # "headteacher here, but the governors have to approve"
        if text.plain.endswith(" of", first, last) and (field := _OF_WHAT.match(text.plain, last)):
            last = field.end()  # "head of" IT
        approver = _trimmed(text.words(first, last))
        if approver.lower() in PRONOUNS:
            approver = next((text.words(*place) for letter, place in _around(line, match) if letter in "DEFP"), None)
    return Found(
        value=Authority(role=rule.role, approver=approver),
        span=text.span(start, end),
        words=text.words(start, end),
        certainty=rule.certainty,
        rule=f"authority.{rule.name}",
    )


def _around(line: Line, match: re.Match[str]) -> Iterator[tuple[str, tuple[int, int]]]:
    """The letters in front of the person asked, the nearest first, and then those behind: "he decides, our CEO"."""
    start, end = match.span("by")
    yield from zip(reversed(line.letters[:start]), reversed(line.places[:start]), strict=True)
    yield from zip(line.letters[end:], line.places[end:], strict=True)


def _with_name(plain: str, start: int) -> int:
    """鈴木専務, 経理部長, "regional director": the approver with the name or division in front of the title."""
    if kind := _KIND.search(plain, max(0, start - 40), start):
        return kind.start("kind")
    name = re.compile(r"[\u3400-\u9fff々ァ-ヴー]{1,6}$").search(plain, max(0, start - 6), start)
    return name.start() if name else start


_OF_WHAT = re.compile(r" [a-z&-]+(?: and [a-z&-]+)?")
_KIND = re.compile(
    r"(?<![a-z])(?:the|our|my|a|an) "
    r"(?P<kind>(?!same|one|other|actual|only|final)[a-z]{3,}(?: (?!and |but |who )[a-z]{3,})?) $"
)


_ROLE_IN_FRONT = re.compile(r"\W*(?:(?:i'm|im|i am) )?(?:an? )?(?:[a-z&-]+ ){0,2}")
_OWN_ROLE = re.compile(r"(?P<role>[a-z /&-]+), (?:the|our|my) (?!.*(?<![a-z])and(?![a-z]))")
_BUT = re.compile(r".*\s(?:but|though|although|however),?\s(?:(?:the|our|my|it's|an?)\s)?")
_AND_THEY = re.compile(r"(?i)(?:,? and |, )(?:they|he|she)$")


def _trimmed(words: str) -> str:
    return _AND_THEY.sub("", words.strip()).removesuffix("の").removesuffix("が").removesuffix("に")


# Yes and no


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
    r"|for this|on this(?: one)?"
    r"|i (?:think|guess|suppose|believe)|i'd say|honestly|tbh|actually|here|alone|entirely|completely|and only|so"
    r"|well|then|mate|lol|haha)(?![a-z])"
)


def _yes_or_no(text: Text) -> Found[Authority] | None:
    if len(text.plain) > 40 or _ends_another_sentence(text):
        return None
    bare = _IN_PASSING.sub("", text.plain) if text.language == "en" else text.plain
    for section, role in (("no", Role.NONE), ("yes", Role.DECISION_MAKER)):
        only = _only(section, text.language)
        if only.fullmatch(text.plain) or (bare.strip() and only.fullmatch(bare)):
            end = len(text.plain)
            return Found(
                value=Authority(role=role),
                span=text.span(0, end),
                words=text.words(0, end),
                certainty=FAIR,
                rule=f"authority.{section}",
            )
    return None


def _ends_another_sentence(text: Text) -> bool:
    """「一度お話ししたいです」: without the wish for a person 「です」 is left, which is no yes."""
    begin = len(text.plain) - len(text.plain.lstrip("\n"))
    return begin > 0 and text.words(begin - 1, begin) not in _BETWEEN_SENTENCES


_BETWEEN_SENTENCES = frozenset("。.?？!！、, \u3000\n")


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
