"""Whose title it is: that of the speaker, or of somebody the text is about.

情シスの課長です           the speaker's
課長が出してくれれば         somebody's the text is about
"""

import re

from dialogs.reading.decider_letters import Line
from dialogs.reading.english_names import firm_words
from qualification.bant import Topic

OWN = {"D": "g", "E": "e", "F": "e", "A": "a", "Z": "y"}
"""The letter of a title, and its letter when it is the speaker's own."""


def with_own_titles(line: Line, plain: str, asked: Topic | None) -> Line:
    """Titles that are the speaker's own become small: g decides; e, a role or a department, does not."""
    letters = list(line.letters)
    for at, letter in enumerate(letters):
        if letter in OWN and asked is Topic.AUTHORITY and _acts_elsewhere(plain, *line.places[at]):
            continue  # "the regional manager needs to be convinced"
        if letter == "E" and asked in _WHO_THEY_ARE and _names_a_firm(plain, *line.places[at]):
            continue  # "riverside physio"
        if letter in OWN and (
            _SAY_SO.match(plain, line.places[at][1]) or _MACHINE.search(plain, 0, line.places[at][0])
        ):
            continue  # 「社長いわく80万」, "AI assistant reading this"
        if letter in OWN and plain.startswith("'s ", line.places[at][1]):
            continue  # "I'd want my accountant's opinion"
        if letter in OWN and _FOR_THEM.search(plain, max(0, line.places[at][0] - 24), line.places[at][0]):
            continue  # "collecting quotes for my supervisor"
        if letter in OWN and _THEIRS.search(plain, max(0, line.places[at][0] - 40), line.places[at][0]):
            letters[at] = "P"  # "Tom Baker, our CFO", "my boss Tom, CFO"
            continue
        if letter in OWN and (asked is Topic.AUTHORITY or _is_own(line, plain, at, asked)):
            letters[at] = OWN[letter]
    return Line(letters="".join(letters), places=line.places)


_WISHES = re.compile(
    r"\s(?:wants|asked|has asked|is asking|insists|expects|keeps asking|is pushing|is keen"
    r"|gave (?:us|me)|has given (?:us|me)|gives us|told (?:us|me))(?![a-z])"
)
_WE_SPEAK = re.compile(r"(?<![a-z])(?:we|we've|we're|our|us|my)(?![a-z])")
"""We are 85 people, MD wants a solution this year: the MD is not who writes."""
_WHO_THEY_ARE = frozenset({Topic.COMPANY, Topic.CONTACT})


def _names_a_firm(plain: str, start: int, end: int) -> bool:
    """Whether a job ends the name of a firm as well, with a word in front that tells no rank."""
    ahead = _WORD_AHEAD.search(plain, max(0, start - 24), start)
    return plain[start:end] in firm_words("ends_a_firm") and ahead is not None and not _RANKS.match(ahead[1])


_WORD_AHEAD = re.compile(r"(?:^|[\s,;:])([a-z][a-z'&-]+) $")
_RANKS = re.compile(
    r"(?:senior|junior|lead|head|chief|principal|deputy|assistant|trainee|an?|the|as|i'm|im|am|our|my|just|only|staff)$"
)


def _acts_elsewhere(plain: str, start: int, end: int) -> bool:
    return _DOES.match(plain, end) is not None and _SOMEBODYS.search(plain, max(0, start - 30), start) is not None


_DOES = re.compile(
    r"\s(?:needs|has to|have to|must|will have|would have|wants|makes|handles|looks after|takes care)(?![a-z])"
)
_SOMEBODYS = re.compile(r"(?<![a-z])(?:the|our|my) (?:[a-z]+ ){0,2}$")
_THEIRS = re.compile(
    r"(?<!me)[,;]\s(?:our|their|his|her) (?:[a-z]+ )?$|;\sthe (?:[a-z]+ )?$"
    r"|(?<![a-z])(?:my|our) "
    r"(?:boss|manager|supervisor|line manager|superior|chief|wife|husband|father|mother|brother|sister)"
    r" [a-z'-]{2,}(?: [a-z'-]{2,})?,? (?:the |our )?$"
)
_SAY_SO = re.compile(
    r"(?:さん|様)?(?:いわく|曰く|によ(?:ると|れば)|が(?:言う|いう|言って)|から(?:は|も)?[^。、\n]{0,24}(?:言われ|いわれ|聞いて|指示|お達し))"
)
_MACHINE = re.compile(r"(?<![a-z])(?:ai|virtual|digital) $")
_FOR_THEM = re.compile(
    r"(?<![a-z])(?:(?:for|behalf of|tell|asked by|told by|assist|support|help) (?:my|our)"
    r"|(?:advise|advising|report to|reporting to|work for|working for|work under) (?:the|my|our|an?)) (?:[a-z]+ )?$"
)
_INTRODUCES = re.compile(
    r"(?:^|[.,、。:(【】\s])(?:met|spoke|spoken|talked|talking|call|called|meeting|mtg|chat|chatted|demo|follow-?\s?up|catch-?\s?up|w/"
    r"|(?:put|passed|connected|transferred|patched)(?: me)? (?:through|over|on)?)(?:\s*(?:to|with|w/))?"
    r"(?:\s+[a-z.'-]+){0,4}\s*[(]?\s*(?:the\s+|an?\s+)?$"
)
_TALKED_TO_US = re.compile(
    r"\s(?:himself |herself )?(?:(?:took|answered|joined|returned) (?:the|my|our) (?:call|phone)|picked up)(?![a-z])"
)
_NOT_ABOUT_ME = frozenset("がはにへも:")
"""Behind a title they tell that it is somebody the text is about: 社長が出してくれれば."""
_WITH_NAME = re.compile(
    r"の[^\s。、,.はがをにで]{1,10}(?:です|と申|といい|でござい|と言い|様|さん|氏)|と(?:面談|話|会|商談|通話|接続|電話|打|mtg|やりとり)|\s[\u4e00-\u9fff々]{1,4}\s[\u4e00-\u9fff々ぁ-んァ-ヴー]{1,4}\s?(?:様|さん|さま|氏)|に(?:お?話を?(?:聞|うかが|伺)|ヒアリング)|が(?:対応|応対|電話に|出られ)|[)\]]"
)
_A_MEMBER = re.compile(r"の(?:者|人間)で(?:す(?!か)|ご|、)")
"""「経理部の者です」"""
_OPENS = re.compile(
    r"(?:^|[。.、,:(（\n!?→】/|・]|です|ます|ました)\s*"
    r"(?:私は|i'?m|i am|it'?s|my (?:job )?title(?:'s| is)|as|hi|hello)?\s*(?:the |an? )?"
    r"(?:(?!(?:get|call|ask|need|want|my|our|your|send|tell|me|need|with|to|for|and)\s)[a-z&-]+\s){0,1}$"
)
_COMPANY_IN_FRONT = re.compile(r"(?:の|業、?|[\u3400-\u9fffァ-ヴー])\s?$|[ぁ-ん](?<![はがもにへとでをたるすい])\s$")


def _is_own(line: Line, plain: str, at: int, asked: Topic | None) -> bool:
    """Whether a title, when nobody asked, is that of the speaker and not of somebody the text is about."""
    letter, start, end = line.letters[at], *line.places[at]
    before, after = line.letters[:at], line.letters[at + 1 :]
    if before.endswith("I") or (letter == "A" and re.search(r"[SI][tx]?$", before)):
        return True
    if _WISHES.match(plain, end) and _WE_SPEAK.search(plain):
        return False
    if asked is Topic.NEED and after[:1] == "x" and letter != "D":
        return False  # "high employee turnover"
    if plain[end : end + 1].isdigit() or plain.startswith(("からは", "からも", "より、", "しか"), end):
        return False
    if letter == "F" and _A_MEMBER.search(plain, start, end + 3):
        return True
    if letter in "AF" or plain[end : end + 1] in _NOT_ABOUT_ME:
        return _WITH_NAME.match(plain, end) is not None and letter not in "AF"
    if after.startswith(("E", "nE", "D", "nD", "&D", "lF", "F")) and not before.endswith(("t", "l", "d")):
        introduced = _INTRODUCES.search(plain, max(0, start - 60), start)
        return bool(introduced or _OPENS.search(plain, max(0, start - 30), start))
    if re.search(r"S[tn]x?$", before) and after[:1] in ("z", "", ",", "."):
        return True
    if _INTRODUCES.search(plain, max(0, start - 60), start) or _TALKED_TO_US.match(plain, end):
        return True
    opens = _OPENS.search(plain, max(0, start - 30), start) or re.search(r"[EFDeg][nx]?$", before)
    if _WITH_NAME.match(plain, end):
        return True
    if after[:1] == "z":
        return not before.endswith(("t", "l"))
    company = line.places and _COMPANY_IN_FRONT.search(plain, max(0, start - 3), start)
    return bool(opens or company) and after[:1] in ("", ",", ".", "l", "b", "x", "&") and not before.endswith("t")
