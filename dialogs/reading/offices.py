"""Titles, departments, branches and jobs in front of a Japanese name: CTO, 製造部, 九州支店, 番頭."""

import re
from functools import cache

from dialogs.reading.firm_words import DEPARTMENT, JA_TITLE, PLACE
from dialogs.reading.found import Span
from dialogs.reading.japanese_words import either
from dialogs.reading.sought import Ending, ending

_GAP = re.compile(r"(?:の|[\s・、/,]{1,3})$")


def across_the_gap(written: str, end: int) -> int:
    """Where the words end that stand in front of 「の」, a space or a comma, and of what is told aside."""
    gap = _GAP.search(written, max(0, end - 3), end)
    if gap is None:
        return end
    aside = _ASIDE.search(written, max(0, gap.start() - 24), gap.start()) if written[gap.start() - 1] == ")" else None
    return aside.start() if aside else gap.start()


_ASIDE = re.compile(r"(?<=[\u3041-\u9fff々A-Za-z])\([^()]{2,20}\)$")
"""大和印刷(社員40名)の総務"""


_APART = r"(?:^|(?<=[\s、。・の/:】)])|(?<=会社|法人))"
_DEPARTMENT = (
    rf"(?:{DEPARTMENT}(?<=[部課室係局])|{_APART}{DEPARTMENT}{{1,2}}"
    rf"|(?:{PLACE}|(?<=[ァ-ヴーa-zA-Z)])[\u4e00-\u9fff]{{2,3}}|本社)?(?:支店|支社|営業所|出張所|事務局)"
    rf"|(?<=[\u4e00-\u9fffァ-ヴーa-zA-Z)]{{2}})本[社店]|{_APART}会計)"
)
_SOME_DEPARTMENT = (
    rf"{_APART}[^\s、。・の/:】]{{1,12}}(?:部|課|室|係|局|科|班|本部|グループ|チーム|センター|工場|事業所|支部)"
)
_SOME_OFFICE = ending(rf"{_SOME_DEPARTMENT}長?$")


@cache
def known_office() -> Ending:
    """A title, a department or a branch at the end: CTO, 製造部, 九州支店, 番頭."""
    return ending(
        rf"(?:(?:[\u4e00-\u9fff]{{2,5}}兼)?{JA_TITLE}(?:代理|補佐)?|[二三四五六七八九十0-9]{{1,2}}代目|C[A-Z]{{1,2}}O|[SE]?VP|{either('master')}|{either('job')}|{_DEPARTMENT})$"
    )


@cache
def _employed() -> re.Pattern[str]:
    """A department or a job in front of a name, and what somebody says they do there."""
    work = rf"(?:{_DEPARTMENT}|{_SOME_DEPARTMENT}長?|(?<=で){DEPARTMENT}{{1,2}}|{either('job')})"
    glued = "(?<=総務|経理|人事|労務|営業|購買|広報|法務|財務|企画)"  # 総務佐藤さん
    does = r"(?:を|に)?(?:担当|所属|勤務)?(?:して)?(?:おり?ます|いる|います)"
    return re.compile(rf"(?P<work>{work})(?:の?担当者?)?(?:の|[\s・、/]{{1,2}}|(?<=[部課室係局])|{glued}|{does})$")


def department_of(written: str, name: str) -> Span | None:
    """The department or the job in front of a person's name, who is an employee then: 総務課 吉田, 経理の細谷さん."""
    at = written.find(name)
    found = _employed().search(written, max(0, at - 24), at) if at > 0 else None
    return found.span("work") if found else None


def met_in(written: str) -> Span | None:
    """「市役所の情報政策課の方。」 at the head of a note: nobody is named, and an employee was met."""
    found = _met().match(written)
    return found.span("work") if found else None


@cache
def _met() -> re.Pattern[str]:
    return re.compile(
        rf"(?:[^\s。、はがをも]{{1,14}}の)?(?P<work>{DEPARTMENT}(?<=[部課室係局])|[\u4e00-\u9fff]{{2,6}}[課室係])の(?:ご?担当の?)?(?:方|人|者|ご?担当者様?)(?=[。、\s]|と|から|より|に(?:架電|電話)|$)"
    )


def office_begins(written: str, end: int) -> int | None:
    """Where the title, the department or the branch that ends here begins; None when there is none."""
    for office in (known_office(), _SOME_OFFICE):
        if found := office.search(written, max(0, end - 16), end):
            return found.start()
    return None
