"""The title and the department of who speaks, or of whom a rep's note tells (M55, M112).

情報システム部 部長の佐藤です        情報システム部, 部長
佐藤部長と通話                    部長
Jane Doe, Head of IT at Acme     Head of IT, IT
部長の承認が必要です                nothing: somebody else's
"""

import re
from functools import cache

from dialogs.reading.decider_rules import BY_TITLE
from dialogs.reading.english_names import firm_words, job
from dialogs.reading.facts import Facts
from dialogs.reading.firm_words import EN_WHOLE_FIRM, JA_TITLES, OFFICE
from dialogs.reading.found import FAIR, Found, Span
from dialogs.reading.introductions import job_of
from dialogs.reading.subjects import is_about_another
from dialogs.reading.text import Text, cased
from dialogs.reading.who_decides import is_a_title
from qualification.bant import Role, Topic

Place = tuple[Found[str] | None, Found[str] | None]
LONGEST = 60
"""Letters in front of what told who decides, and behind it, among which their own title may stand."""


def find(own: Text, facts: Facts, *, asked: Topic | None) -> Place | None:
    """Title and department, as they are written; only beside the speaker's name, or where a title tells who decides."""
    name = facts.contact.value.name if facts.contact else None
    who = facts.authority
    written = cased(own)
    by_title = who is not None and who.rule in BY_TITLE
    sentence: Span | None = None
    if who and (own.language == "en" or by_title or who.value.role is Role.DECISION_MAKER):
        start, end = own.inside(who.span)
        sentence = (max(0, start - LONGEST), end + LONGEST)
    if own.language == "ja":
        title, department = _beside_the_name(written, name) if name else (None, None)
        if sentence or not name:
            title, department = (title, department) if title or department else _said_of_oneself(written, sentence)
    else:
        title, department = _in_english(own, written, sentence, name, asked, by_title=by_title)
    if not (title or department):
        return None
    return _fact(own, title, "title.own"), _fact(own, department, "department.own")


def _fact(own: Text, place: Span | None, rule: str) -> Found[str] | None:
    return own.fact(own.words(*place), *place, certainty=FAIR, rule=rule) if place else None


# Japanese

_NO_TITLE = frozenset({"担当"})
_RANK = (
    rf"(?:{'|'.join(title for title in JA_TITLES if title not in _NO_TITLE)}|ディレクター|チーフ|ヘッド"
    rf"|C[A-Z]O|CEO|GM|VP)"
)
_OFFICE = (
    rf"(?:{OFFICE}|[\u4e00-\u9fffァ-ヴーA-Za-z0-9]{{1,8}}(?:事業部|本部|部門|部|課|室|係|局|グループ"
    rf"|チーム|センター))"
)
_TITLE = (
    rf"(?:{_OFFICE}長|(?:{_OFFICE})?(?:副|統括|(?:常務|専務|代表)(?=取締役|執行|理事)|上級|シニア"
    rf"|ゼネラル|チーフ|プロジェクト|プロダクト|エリア|執行役員\s?兼?\s?|取締役\s?兼?\s?)?{_RANK}(?:代理"
    rf"|補佐|代行|心得)?(?:兼\s?{_RANK})?)"
)
_AHEAD = re.compile(
    r"(?:^|(?<=[\s。、,の/:|)）「])|(?<=会社|法人))"
    rf"(?:(?P<department>{_OFFICE})(?:の?担当者?)?(?:の|[\s・/:、]){{0,2}})??(?P<title>{_TITLE})?(?:の|[\s・:/]){{0,2}}$"
)
_AFTER = re.compile(
    rf"(?:様|さん"
    rf"|氏)?\s?[(（]?\s?(?:(?P<department>{_OFFICE})[\s・の]{{0,2}})??(?P<title>{_TITLE})(?![のが][^。、]{{0,6}}(?:承認"
    rf"|決裁|許可|判断))(?:\s?[(（](?P<office>{_OFFICE})[)）])?"
)


def _beside_the_name(written: str, name: str) -> tuple[Span | None, Span | None]:
    at = written.find(name)
    if at < 0:
        return None, None
    ahead = _AHEAD.search(written, max(0, at - 30), at) if at else None
    behind = _AFTER.match(written, at + len(name))
    if behind is None and (ahead is None or ahead.lastgroup is None):
        return None, None
    title, department = _span(behind, "title"), _span(behind, "department") or _span(behind, "office")
    return _in_one_word(written, title or _span(ahead, "title"), _span(ahead, "department") or department)


def _span(found: re.Match[str] | None, name: str) -> Span | None:
    return found.span(name) if found and found[name] else None


_OF_AN_OFFICE = re.compile(rf"(?P<department>{_OFFICE}(?<=[部課室係局]))(?:長|副?{_RANK})")


def _in_one_word(written: str, title: Span | None, department: Span | None) -> tuple[Span | None, Span | None]:
    """営業部長: 営業部 is the department; 事業部長 and 本部長 name none."""
    if title is None or department is not None:
        return title, department
    words = written[slice(*title)]
    office = _OF_AN_OFFICE.match(words)
    if office is None or office["department"] in _NO_OFFICE:
        return title, department
    return title, (title[0], title[0] + office.end("department"))


_NO_OFFICE = frozenset({"事業部", "本部", "部", "課", "室", "係", "局", "センター", "グループ", "チーム"})
_IS = (
    r"(?=です|でござ|で(?:[、。\s]|す)|でして|なので|をして|をつとめ|を務め|を勤め|をやって|を担|を拝命"
    r"|だ(?:けど|が|よ|$|[。、])|と申|になります|やけど|[。、\s/)]|$)"
)
_OWN_TITLE = re.compile(
    rf"(?:^|(?<=[\s。、,の/:はがも)])|(?<=会社|法人))(?:(?P<department>{_OFFICE})(?:の|で"
    rf"|[\s・/]){{0,2}})??(?P<title>{_TITLE}){_IS}"
)
_OWN_OFFICE = re.compile(
    rf"(?:^|(?<=[\s。、,の/:はも)])|(?<=会社|法人))(?P<department>{_OFFICE})(?:の(?:者|人間|方|担当者?"
    rf"|担当)|担当者?)?(?:{_IS}|(?=に(?:所属|勤務|い(?:ます|る)|おり))|(?=所属))"
)
_SAYS_WHERE = re.compile(
    rf"(?:^|(?<=[\s。、,の/:はも])|(?<=会社|法人))(?P<department>{_OFFICE})(?:を担当(?=して(?:い|お)(?:ま"
    rf"|り)|で|、|。|$)|に(?:所属|勤務)(?=して(?:い|お)(?:ま|り)|で|、|。|$)|の者(?=です|で、|で、?ご))"
)


def _said_of_oneself(written: str, sentence: Span | None) -> tuple[Span | None, Span | None]:
    """「情シスの課長です」: what a sentence about themselves says."""
    found = _OWN_TITLE.search(written, *sentence) if sentence else None
    if found and not is_about_another(written, found.start()):
        return _in_one_word(written, found.span("title"), _span(found, "department"))
    found = _OWN_OFFICE.search(written, *sentence) if sentence else _SAYS_WHERE.search(written)
    return None, _span(found, "department")


# English

_ARTICLE = re.compile(r"(?i:(?:i'?m|i am|as|the|an?|our|their|in|from|runs|my|is)\s)+")


@cache
def _i_am() -> re.Pattern[str]:
    return re.compile(
        r"(?i:(?<![a-z])(?:i'?m|i am|im|as|i work as|working as|i serve as|(?:my|his|her) (?:role|title"
        r"|position|job)(?: title)? is|title:|role:|position:|he'?s|she'?s|he is|she is)"
        rf"\s(?:currently |just |only |also |actually )?(?:the |an? |our |their )?)(?P<title>{job()})"
    )


@cache
def _works_in() -> re.Pattern[str]:
    return re.compile(
        rf"(?i:(?<![a-z])(?:i'?m|i am|im|i work|we work|work|working|sits?|i'?m calling"
        rf"|based)\s(?:here\s)?(?:in|from|for)\s(?:the\s"
        rf"|our\s)?)(?P<department>(?i:{_areas()}))(?![a-z])"
    )


def _areas() -> str:
    return "|".join(sorted(map(re.escape, firm_words("department")), key=len, reverse=True)).replace(r"\ ", r"\s")


_OF = re.compile(r"(?i)\b(?:of|for)\s(?P<department>[A-Za-z&][A-Za-z& ]{1,30})$")


def _in_english(
    own: Text, written: str, sentence: Span | None, name: str | None, asked: Topic | None, *, by_title: bool
) -> tuple[Span | None, Span | None]:
    place = job_of(own, asked, name) if name else None
    if place is None and sentence:
        found = _i_am().search(written, *sentence) or (_alone().fullmatch(written) if by_title else None)
        place = found.span("title") if found else None
    if place is not None:
        return _told_apart(written, place)
    return None, _span(_works_in().search(written), "department") if sentence or not name else None


def _told_apart(written: str, place: Span) -> tuple[Span | None, Span | None]:
    """A job is a title, or names a department; the firm behind it is no part of it."""
    start, end = place
    if article := _ARTICLE.match(written, start, end):
        start = article.end()
    if firm := _AT_A_FIRM.search(written, start, end):
        end = firm.start()
    if (of := _OF.search(written, start, end)) and not _is_a_department(of["department"]):
        whole = written[start : of.start()].rstrip()
        end = start + len(whole) if " " in whole or re.fullmatch(EN_WHOLE_FIRM, whole) else end
    words = written[start:end].lower()
    if words in firm_words("department"):
        return None, (start, end)
    return ((start, end), _department_in(written, (start, end))) if is_a_title(words) else (None, None)


_AT_A_FIRM = re.compile(r"\s?(?:@|,)|\s(?:at|with|from)\s")


@cache
def _alone() -> re.Pattern[str]:
    return re.compile(rf"\s*(?P<title>{job()}(?:\s(?i:{_areas()}))?)[\s.!]*")


def _department_in(written: str, title: Span) -> Span | None:
    """Head of IT: it leads the IT department."""
    of = _OF.search(written, *title)
    return of.span("department") if of and _is_a_department(of["department"]) else None


def _is_a_department(words: str) -> bool:
    return words.lower() in firm_words("department")
