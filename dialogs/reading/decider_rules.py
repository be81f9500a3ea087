"""The rules of who decides: what the letters of a text (`decider_letters`) say, the first that fits counting."""

import re
from dataclasses import dataclass

from dialogs.reading.found import FAIR, SURE
from qualification.bant import Role

# SURE, FAIR, GUESSED: said in so many words; concluded from a title or a short answer; a title in passing

PERSON = "[DEFP]"


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A rule over letters; the group "by" is the person asked. The example beside each is its test."""

    name: str
    role: Role
    letters: re.Pattern[str]
    certainty: float = SURE


def _rule(name: str, role: Role, letters: str, certainty: float = SURE) -> Rule:
    return Rule(name=name, role=role, letters=re.compile(letters), certainty=certainty)


_BY = rf"(?P<by>{PERSON}+(?:(?:&x?|w|n|,c?(?=[DPE])){PERSON}+)*(?:&x{PERSON}+)?)"
"""One person, or several who decide together: the CFO and the CTO."""
_END = r"(?=[.,]|z|$)"
RULES: tuple[Rule, ...] = (
    _rule("with_somebody", Role.INFLUENCER, rf"{PERSON}wx?V(?!.*[JN])"),  # 妻と決めます
    _rule(
        "with_each_other",
        Role.INFLUENCER,
        rf"{PERSON}[w&][^.td]{{0,4}}U|Uw{PERSON}+(?=[.,]|$)|U[^.]{{0,3}}{PERSON},?U|^U+D?[xz,]{{0,2}}L"
        rf"|UD[xz,&]{{1,3}}V",
    ),  # 共同経営者と二人の合意で
    _rule(
        "decides_with", Role.INFLUENCER, rf"[IS]t?Mw{PERSON}|SVw{PERSON}"
    ),  # I'm the decision maker along with our CFO
    _rule("need_them_to", Role.NEEDS_APPROVAL, rf"J{_BY}V"),  # one of the directors, but we need the chairman to agree
    _rule("one_of_them", Role.INFLUENCER, r"o"),  # a committee of five, I'm on it
    _rule("not_me_but", Role.NEEDS_APPROVAL, rf"W[tx,.J]{{0,3}}{_BY}"),  # not me, my manager
    _rule("they_not_me", Role.NEEDS_APPROVAL, rf"{_BY}[,x]{{1,2}}W"),  # the owner, not me
    _rule(
        "not_them_but",
        Role.NEEDS_APPROVAL,
        rf"[MV][^.]{{0,6}}(?:N[xl]?{PERSON}+|{PERSON}+[tx]?N)[^.]{{0,4}}{_BY}(?=[.,]|z|$)",
    ),  # 決裁者は部長ではなく本部長です
    _rule(
        "they_do_not_but", Role.NEEDS_APPROVAL, rf"{PERSON}tV[xn]?N[xnt,]{{0,2}}{_BY}(?=tV)"
    ),  # 監督が決めるんじゃなくて購買が決める
    _rule("above_the_limit", Role.NEEDS_APPROVAL, rf"T[tnxlJLc,]{{0,3}}{_BY}"),  # それ以上は本部長
    _rule(
        "corrected_to", Role.NEEDS_APPROVAL, r"M[tlxN]{0,4},x{0,2}(?P<by>[DEP]+)(?=z|[.]|$)"
    ),  # 決裁者は間違いで、正しくは社長です
    _rule("decision_maker_is", Role.NEEDS_APPROVAL, rf"M[tlx]{{0,2}}{_BY}(?!b?M)"),  # 決裁者は専務
    _rule("it_is_who_decides", Role.NEEDS_APPROVAL, rf"{_BY}z?[,t]?MN?$"),  # 社長です、決めるのは
    _rule(
        "not_theirs_but_mine", Role.DECISION_MAKER, rf"N{PERSON}+V+[,.]x?[SG](?!.*[VMJ])"
    ),  # not Dave's call, it's mine
    _rule(
        "decides",
        Role.NEEDS_APPROVAL,
        rf"{_BY}A?(?:,(?=Q))?Q?(?:dU)?[tndl]?[xX]?[tnd]?[Jjc]*x?[cJj]{{0,2}}V(?!n?S|[tndx]{{0,2}}B)",
    ),  # my director needs to sign off
    _rule(
        "theirs_the_right", Role.NEEDS_APPROVAL, rf"(?<!N){_BY}(?:[tndlc]{{0,2}}x?H|[lct]M)(?![tndx]*N)"
    ),  # our MD has the authority
    _rule("is_the_one", Role.NEEDS_APPROVAL, r"(?<!N)(?P<by>P+)M(?![tndx]*N)"),  # Dave's the one who signs
    _rule(
        "nothing_without", Role.NEEDS_APPROVAL, rf"N[^.]{{0,3}}O[lx]?{_BY}"
    ),  # nothing gets bought without the trustees
    _rule("theirs_is_the_right", Role.NEEDS_APPROVAL, rf"Ht{_BY}x(?![^.]*[NS])"),  # 決定権は理事長が持っています
    _rule("decision_of", Role.NEEDS_APPROVAL, rf"Vc?[tlw]?(?:Jl)?{_BY}"),  # 決裁は代表; approval from the CFO
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
    _rule("process_of", Role.NEEDS_APPROVAL, r"(?P<by>[DP])[nd]?C(?![tnx]*(?:B|N))"),  # 社長稟議, 親会社の稟議
    _rule("process", Role.NEEDS_APPROVAL, r"C(?![tnx]*(?:B|N))"),  # 稟議を回します
    _rule(
        "approval_needed", Role.NEEDS_APPROVAL, r"V[tdnx]?J(?!N)|(?<!N)JV|(?<![SNcU])jV|V[td]L(?!N)"
    ),  # 承認が必要です
    _rule("not_alone", Role.NEEDS_APPROVAL, r"S?[nx]?O.{0,3}V.{0,2}N|NVx?O"),  # 私だけでは決められません
    _rule("vote_of", Role.NEEDS_APPROVAL, r"U[lx]{1,2}(?P<by>P+)"),  # majority vote of the committee
    _rule("together", Role.INFLUENCER, r"U.{0,6}[VMH]|[VMH].{0,6}U"),  # 夫婦で決めてます
    _rule("no_right", Role.NONE, r"NM(?=$|[.,])|H[tnxdl]*N|N[xl]?[FP]?H|p|N.{0,2}Z|R[tnxd]*N|Nx?R"),  # 権限はありません
    _rule(
        "the_head_is",
        Role.NEEDS_APPROVAL,
        r"(?:^|[.,])Dt(?P<by>P+)(?=z|[.,]|$)(?!.*S[tndl]?[xc]{0,2}[VHM](?![tnx]*N))(?!.*M[tl]?S)",
    ),  # 社長は母なので私が決めることはできません
    _rule("i_decide_not", Role.NONE, r"S[tnd]?x?N[xc]?V|S[tn]x?V[tx]{0,2}N|VtW|W"),  # I can't decide
    _rule("who_owns_it_decides", Role.DECISION_MAKER, r"(?:^|[x.,])D&VO"),  # Dana is the owner and decides alone
    _rule("mine_and_theirs", Role.INFLUENCER, rf"G[w&]x?{PERSON}+(?=[.,x]|$)"),  # it sits with me and our CFO
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
JAPANESE_ORDER = "asked_first"
NAMED_ALONE = _rule(
    "named_alone", Role.NEEDS_APPROVAL, r"^[NXx,l]{0,3}(?:Px)?(?P<by>P+(?:&P+)*)(?=[z,.]|$|x,|x$|t$)", FAIR
)  # my boss
DEPARTMENT_ALONE = _rule("department_alone", Role.INFLUENCER, r"^P+", FAIR)  # purchasing
NAMES_SOMEBODY = frozenset({"authority.named_alone"})
"""The rules by which a name or a title is somebody's who decides, and may be the speaker's own."""
BY_TITLE = frozenset({"authority.employee_title", "authority.deciding_title", "authority.department"})
"""The rules by which a title alone tells what its holder may decide."""
ANOTHER = _rule(
    "another", Role.NEEDS_APPROVAL, r"^[NWSx,l.c]{0,6}(?P<by>P+)", FAIR
)  # no, that would be Karen in finance
MY_BOSS = _rule(
    "my_boss", Role.NEEDS_APPROVAL, r"^[NWx,l.c]{0,6}(?P<by>F?[DEP]+)(?=[cx]?[.,b]|[cx]?$|xP)", FAIR
)  # no, my supervisor does
THEY_DO = _rule("they_do", Role.NEEDS_APPROVAL, rf"(?:^|[.,N]){_BY}c(?=[,.]|$)")  # the owner does, I'm the manager
TOGETHER_ALONE = _rule("together_alone", Role.INFLUENCER, r"U", FAIR)  # the two of us
ROLES = (
    _rule("hired", Role.INFLUENCER, r"h"),  # 店長やけど雇われなんで
    _rule("said_to_be_an_outsider", Role.NONE, r"Ix?Z"),
    _rule("deciding_title", Role.DECISION_MAKER, r"g"),
    _rule("employee_title", Role.INFLUENCER, r"e|a"),
    _rule("outsider", Role.NONE, r"y"),
    _rule("one_of_those", Role.INFLUENCER, r"^[x,]?I[x]?P(?=$|[.,])", FAIR),  # I'm the bursar
)
