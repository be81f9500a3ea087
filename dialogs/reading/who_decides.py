"""Who decides: the speaker, somebody else, several together, or nobody who is here.

The words we know become letters, what stands between them becomes small letters, and a rule reads the letters:

    私が推薦して、CTOが決めます         StA,DtV      ->  needs approval of "CTO"
    the CEO and I decide             D&SV        ->  they decide together, the speaker among them
    課長の私が決裁します               EnStV       ->  the speaker decides
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from dialogs.reading.acting_persons import with_acting
from dialogs.reading.clarity import overlaps
from dialogs.reading.counted_among import two_in_a_list, with_those_counted
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
from dialogs.reading.decider_rules import (
    ANOTHER,
    DEPARTMENT_ALONE,
    JAPANESE_ORDER,
    MY_BOSS,
    NAMED_ALONE,
    PERSON,
    ROLES,
    RULES,
    THEY_DO,
    TOGETHER_ALONE,
    Rule,
)
from dialogs.reading.decider_yes_no import me_after_all, no_the_boss, opening_yes_or_no, yes_or_no
from dialogs.reading.english_names import firm_words
from dialogs.reading.firm_words import EN_TITLE, MET
from dialogs.reading.found import Found
from dialogs.reading.japanese_names import is_listed
from dialogs.reading.own_titles import OWN, with_own_titles
from dialogs.reading.sought import sought
from dialogs.reading.text import Text
from dialogs.reading.unlisted_deciders import is_a_department, unlisted, works_in_a_department
from qualification.bant import Authority, Role, Topic

_TITLE_OF_SPEAKER = re.compile(
    rf"{PERSON}+(?=[nz]?S)|[DE]+(?=[tl]S(?:[z.,]|$))|(?<=I)[DEF]+|(?<=St)[nx]?[DEF]+(?=z)|(?<=Stx)[DEF]+(?=z)"
    rf"|^[FP]?E+(?=,[DP][cJjx]*V)"
)
_TOGETHER = re.compile(
    rf"[SI](?:[wl&])V?{PERSON}+|{PERSON}+(?:[w&])[SI]|SV[wl]{PERSON}|SVU[wlx]{{1,2}}{PERSON}|SV,?U|S,{PERSON}+&{PERSON}+|SP+&P+"
)
_ALREADY = re.compile(rf"(?:{PERSON}+[tndc]?)?(?:(?:C|V)+[tnxd]*K|K[tl]?V|Kl?{PERSON}+)|{PERSON}+c?K")


_THAT_WOULD_BE = re.compile(r"\W*(?:that|it)(?:'d| would|'ll| will)(?: probably)? be (?!(?:me|myself|us|i)(?![a-z]))")
_NO_MY = re.compile(
    r"\W*(?:(?:no|nope|nah|not me|negative|not really)[\s,.-]+(?:[a-z' ]{1,14} )?"
    r"|(?:that|it)(?: would|'d| will|'ll) be |(?:that's|that is) )(?:my|our|the) "
    r"|\W*my (?=(?:[a-z]+ )?(?:manager|director|supervisor|head|lead|leader|chief|ceo|cfo|coo|cto|md|gm|vp|president"
    r"|principal|owner)[\s.,!]*(?:$|,))"
)


def find(text: Text, *, asked: Topic | None, ignore: Sequence[tuple[int, int]] = ()) -> Found[Authority] | None:
    """Who decides, as the text says or a bare yes or no to that question says; None when it says nothing.

    `ignore` are spans of `plain` that are not the person's own statement (a question, an instruction to the bot).
    """
    text = _without_accents(text)
    if asked is Topic.AUTHORITY and (found := me_after_all(text) or yes_or_no(text) or no_the_boss(text)):
        return found
    if grants := [grant.span() for grant in _A_GRANT.finditer(text.plain)]:
        ignore = [*ignore, *grants]
    words = [word for word in words_of(text, asked=asked) if not ignore or not overlaps(word.start, word.end, ignore)]
    if asked is None and text.language == "ja" and (label := _A_LABEL.search(text.plain)):
        words = sorted([*words, Word("M", label.start("a"), label.end())], key=lambda word: word.start)
    if asked is Topic.AUTHORITY and text.language == "en":
        over = [Word("T", *place.span()) for place in _OVER_A_SUM.finditer(text.plain)]
        kept = [word for word in words if not overlaps(word.start, word.end, [(one.start, one.end) for one in over])]
        words = sorted([*kept, *over], key=lambda word: word.start) if over else words
    if asked is None and text.language == "en" and (call := _THE_CONTACTS_CALL.search(text.plain)):
        words = [
            Word("G", *call.span()),
            *(word for word in words if not overlaps(word.start, word.end, [call.span()])),
        ]
        words.sort(key=lambda word: word.start)
    if (
        text.language == "en"
        and (":" in text.plain or "=" in text.plain)
        and (label := _AUTHORITY_LABEL.search(text.plain) or _A_IN_ENGLISH.search(text.plain))
    ):
        said = Word("M", *label.span(label.lastgroup or "a"))
        words = sorted(
            [*(word for word in words if word.start >= said.end or word.end <= said.start), said],
            key=lambda word: word.start,
        )
    words = [*with_those_counted(text, words, asked)]
    if asked is None and text.language == "ja" and (side := _OTHER_SIDE_IS.search(text.plain)):
        words = [Word("I", *side.span()), *(word for word in words if word.start >= side.end())]
    if asked is Topic.AUTHORITY or any(word.letter in "VM" for word in words):
        words = with_acting(text, with_named(text, words), asked=asked)
    if not any(word.letter in SAYS_SOMETHING for word in words):
        return (opening_yes_or_no(text, ignore) or unlisted(text)) if asked is Topic.AUTHORITY else None
    if asked is Topic.AUTHORITY and text.language == "en" and (pair := two_in_a_list(text, words)):
        return pair
    found = _read(text, line_of(text, words), asked) or (unlisted(text) if asked is Topic.AUTHORITY else None)
    if found and _decides_small_things(text, found, words):
        found = replace(found, value=Authority(role=Role.INFLUENCER))
    if found and asked is None and _is_whom_they_met(text, found):
        found = replace(found, value=Authority(role=Role.DECISION_MAKER))
    return opening_yes_or_no(text, ignore) if found is None and asked is Topic.AUTHORITY else found


def speaks_of_it(words: str) -> bool:
    """Whether the words speak of who decides: "I decide"."""
    return any(word.letter in "VMG" for word in words_of(Text.of(words)))


def _decides_small_things(text: Text, found: Found[Authority], words: Sequence[Word]) -> bool:
    """「師長です。備品くらいなら私でも決められます」: what we sell is no such thing; a title that decides stays one."""
    return (
        found.value.role is Role.DECISION_MAKER
        and not any(word.letter == "D" for word in words)
        and _SMALL_THINGS.search(text.plain) is not None
        and _AND_LARGE_ONES.search(text.plain) is None
    )


_SMALL_THINGS = sought(
    r"(?:備品|消耗品|文房具|文具|事務用品|日用品|コピー用紙|雑費|小物|少額|小額|小口|(?:小さ[いな]|細かい|ちょっとした|安い)(?:もの|物|の|買い物|金額))"
    r"(?:の(?:もの|購入|買い物|金額))?(?:くらい|ぐらい|程度|レベル|だけ|とか|など)?(?:のもの|の金額)?(?:なら|だったら|であれば|は|まで(?:なら|は))"
    r"[^。\n]{0,4}(?:私|自分|僕|俺|わたし)(?:で|が|の|だけで|一人で|ひとりで)"
)


_AND_LARGE_ONES = re.compile(
    r"大き[いな](?:もの|物|の|買い物|金額)も|高額(?:な(?:もの|の))?も|(?:今回|この件|これ)も|何でも|なんでも"
)
"""「小さなものは私が、大きなものも私が決めます」"""


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
    r"(?:^|[\s/、,|・?。】])(?P<a>a\s?[:.]\s?)(?=[\u4e00-\u9fff々ァ-ヴー]{0,8}(?:[部局課次室]長|(?:支店|工場|事務)長|[専常]務|役員会|理事会"
    r"|取締役会)(?![\u4e00-\u9fff]))"
)
"""「B:300万 A:事務局長」"""
_THE_CONTACTS_CALL = re.compile(
    r"(?<![a-z])(?:(?:it's|it is|this is|decision is|all) (?:entirely |all |solely )?(?:his|her) (?:own )?(?:call"
    r"|decision|choice)|(?:decision|it) is (?:his|hers) alone)(?![a-z])"
)
"""A rep's note: "says it's her call"."""
_OVER_A_SUM = re.compile(
    r"(?<![a-z])(?:over|above|beyond|more than|past) [$€£¥]?[0-9][0-9.,]*k?(?= (?:the|my|our"
    r"|it's|its|is|goes)(?![a-z]))"
)
_DECIDERS_TITLE = (
    r"(?:the |their |his |her |our )?(?:[cfm](?:e|f|t|o|i"
    r"|m)?[od]\b|gm\b|board|boss|committee|partners"
    r"|finance|procurement|hq\b|head office|management|leadership|managing|chief|steering|trustees|governors"
    r"|council|parent|group|corporate)"
)
_ENDS_THE_ANSWER = (
    r"(?: (?:of [a-z0-9]+|directors?|team|committee|group|board|company|office|partners?|officer|exec[a-z]*|head"
    r"|members?|manager|department|dept|trustees|governors|council|c[a-z]o|md|fd|gm))*"
    r"(?: (?:signs?|decides?|approves?)(?: off| it| everything)?| only)?\s*(?:$|[.,;/|(\n]|[bnt]\s?[:=])"
)
_AUTHORITY_LABEL = re.compile(
    rf"(?:^|[\s/,|;])(?P<a>(?:auth|authority|eb|economic buyer)\s?[:=]\s?)(?={_DECIDERS_TITLE})"
)
_A_IN_ENGLISH = re.compile(
    r"(?:(?:who [^?\n]{0,30}(?:decide|sign|approv|authori|call|say|hold|own|pay)|authority|decision|sign-?off|approv)"
    rf"[^?\n]{{0,40}}\?\s*(?P<a>a\s?[:=]\s?)(?={_DECIDERS_TITLE}))"
    rf"|(?:(?:^|[\n/,|;])[^\S\n]*|(?<![a-z])[bnt]\s?[:=][^\n]{{0,60}}\s)(?P<alone>a\s?[:=]\s?)"
    rf"(?={_DECIDERS_TITLE}{_ENDS_THE_ANSWER})"
)
"""A: CFO. Who is only named there decides, and is not whom they met."""
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


def _read(text: Text, line: Line, asked: Topic | None) -> Found[Authority] | None:
    line = line.replaced(_ALREADY, dict.fromkeys("CVKDEFP", "x"))
    if re.search(r"(?<![DEFPSW])(?<![DEFP],)Q[txndl]{0,2}[VMH](?!l[SDEFP])", line.letters) and "B" not in line.letters:
        return None
    line = line.replaced(_TITLE_OF_SPEAKER, OWN)
    together = line.replaced(_TOGETHER, dict.fromkeys("SIDEFPwl&", "U"))
    for rule in RULES:
        if rule.name == JAPANESE_ORDER and text.language == "en":
            continue  # "parents call to ask": in English who asks stands in front
        if match := rule.letters.search(together.letters):
            return _found(text, together, rule, match)
    both = asked is Topic.COMPANY and line.letters == "S&D"  # "Me and the CFO"
    if (asked is Topic.AUTHORITY or both) and (match := TOGETHER_ALONE.letters.search(together.letters)):
        return _found(text, together, TOGETHER_ALONE, match)
    if (
        asked is Topic.AUTHORITY
        and (SOMEBODY_ELSE.match(text.plain) or _THAT_WOULD_BE.match(text.plain))
        and (match := ANOTHER.letters.search(together.letters))
    ):
        return _found(text, together, ANOTHER, match)
    if asked is Topic.AUTHORITY and (match := THEY_DO.letters.search(together.letters)):
        return _found(text, together, THEY_DO, match)
    if asked is Topic.AUTHORITY and _NO_MY.match(text.plain) and (match := MY_BOSS.letters.search(together.letters)):
        return _found(text, together, MY_BOSS, match)
    own = with_own_titles(together, text.plain, asked)
    for rule in ROLES:
        if match := rule.letters.search(own.letters):
            return _found(text, own, rule, match)
    if asked is Topic.AUTHORITY and text.language == "ja" and (works := works_in_a_department(text)):
        return works
    if asked is Topic.AUTHORITY and (match := NAMED_ALONE.letters.search(own.letters)):
        if is_a_department(text) and (alone := DEPARTMENT_ALONE.letters.search(own.letters)):
            return _found(text, own, DEPARTMENT_ALONE, alone)
        return _found(text, own, NAMED_ALONE, match)
    return None


def is_a_title(job: str) -> bool:
    """Whether the words name a rank: "Head of Procurement", not "accounts" or "baker"."""
    return job.lower() not in firm_words("department") and re.search(rf"\b{EN_TITLE}", job) is not None


def title_decides(job: str) -> bool:
    """Whether who has this job decides: an owner does, a bursar does not."""
    found = find(Text.of(job), asked=Topic.AUTHORITY)
    return found is not None and found.value.role is Role.DECISION_MAKER


def _found(text: Text, line: Line, rule: Rule, match: re.Match[str]) -> Found[Authority]:
    start, end = line.span(match)
    approver = None
    if "by" in match.groupdict():
        first, last = line.span(match, "by")
        first = _with_name(text.plain, first)
        start = min(start, first)
        own = _OWN_ROLE.match(text.plain, first, last) if _ROLE_IN_FRONT.fullmatch(text.plain, 0, first) else None
        if own and is_a_title(own["role"]):
            first = own.end()  # "finance controller, the parent company has to approve"
        if clause := _CLAUSE_IN_FRONT.match(text.plain, first, last):
            first = clause.end()  # 専務が気に入り、社長
        if contrast := _BUT.search(text.plain, first, last):
            first = contrast.end()  # "headteacher here, but the governors have to approve"
        if text.plain.endswith(" of", first, last) and (field := _OF_WHAT.match(text.plain, last)):
            last = field.end()  # "head of" IT
        if he_is := _HE_IS.match(text.plain, first, last):
            first = he_is.end()
        approver = _trimmed(text.words(first, last))
        if approver.lower() in PRONOUNS:
            approver = next((text.words(*place) for letter, place in _around(line, match) if letter in "DEFP"), None)
    value = Authority(role=rule.role, approver=approver)
    return text.fact(value, start, end, certainty=rule.certainty, rule=f"authority.{rule.name}")


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
_HE_IS = re.compile(r"s?he(?:'s| is) (?:the |our |my )?")
_BUT = re.compile(r".*(?:;|\s(?:but|though|although|however),?)\s(?:(?:the|our|my|it's|an?)\s)?")
_CLAUSE_IN_FRONT = re.compile(r"[^、]*[がはもで][^、]*[ぁ-ん]、")
_AND_THEY = re.compile(r"(?i)(?:,? and |, )(?:they|he|she)$")


def _trimmed(words: str) -> str:
    return _AND_THEY.sub("", words.strip()).removesuffix("の").removesuffix("が").removesuffix("に")
