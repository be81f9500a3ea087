"""What a policy gets wrong although every value is fine by itself is said with file and line (N20, M78, M81)."""

from pathlib import Path

import pytest

from qualification.policy import BadPolicy, load_policy, shipped_policy
from qualification.policy_check import check
from tests.qualification.test_policy import written

RULES = """[score.rules]
seminar = { points = 80, when = [{ did = ["seminar_attended"] }] }
"""


def test_nothing_is_wrong_with_the_shipped_policy() -> None:
    assert check(shipped_policy()) == ()


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        # names nobody knows
        (RULES + 'opened = { points = 5, when = [{ did = ["newsleter_opened"] }] }\n', 3, "newsleter_opened"),
        ("[stages.mql]\nscore = 60\npriority_score = 70\nwith_activity = 'waved'\n", 4, "'waved' is no activity"),
        (RULES + 'x = { points = 5, when = [{ has = "industry", one_of = ["farming"] }] }\n', 3, "never farming"),
        (RULES + 'x = { points = 5, when = [{ has = "headcount" }] }\n', 3, "needs at_least or at_most"),
        (RULES + 'x = { points = 5, group = "some", when = [{ did = ["page_viewed"] }] }\n', 3, "'some' has no cap"),
        (
            RULES + 'x = { points = 5, when = [{ did = ["answered_us", "page_viewed"], within_minutes = 60 }] }\n',
            3,
            "it goes with answered_us alone",
        ),
        # lines nobody reaches
        ("[stages.mql]\nscore = 60\npriority_score = 999\nwith_activity = 'document_requested'\n", 3, "can reach 999"),
        (
            "[score.rules]\nseminar = { points = 65, when = [{ did = ['seminar_attended'] }] }\n",
            1,
            "no lead can reach 70 points: all rules together bring 65",
        ),
        ("[stages.mql]\nscore = 70\npriority_score = 70\nwith_activity = 'document_requested'\n", 3, "never matters"),
        ("[stages.judges]\nSAL = []\n", 2, "nobody may judge that a lead is an SAL"),
        # rules that never count, or count twice
        (RULES + 'x = { points = 0, when = [{ did = ["page_viewed"] }] }\n', 3, "it has no points"),
        (
            RULES + 'x = { points = 5, when = [{ has = "headcount", at_least = 10, at_most = 5 }] }\n',
            3,
            "no headcount is at least 10 and at most 5",
        ),
        (
            RULES
            + 'x = { points = 5, when = [{ has = "role", one_of = ["none"] }, { has = "role", one_of = ["influencer"] }] }\n',
            3,
            "no role is all of these at once",
        ),
        (RULES + 'again = { points = 5, when = [{ did = ["seminar_attended"] }] }\n', 3, "those of 'seminar'"),
        (
            RULES + 'x = { points = 5, in_order = true, when = [{ did = ["page_viewed"] }] }\n',
            3,
            "in_order needs at least two",
        ),
        # segments
        (
            "[segments.a]\nindustry = ['it', 'saas']\n[segments.b]\nindustry = ['it']\n",
            3,
            "no lead gets here: 'a' stands before it",
        ),
        ("[segments.a]\nheadcount_from = 9\nheadcount_to = 5\n", 2, "no headcount lies between"),
        (
            "[segments.a]\norigin = ['inbound']\n[segments.a.stages.mql]\nscore = 'x'\n",
            4,
            "segments.a.stages.mql.score",
        ),
        (
            "[segments.a]\norigin = ['inbound']\n[segments.a.stages.mql]\nscore = 50\npriority_score = 998\n",
            5,
            "can reach 998",
        ),
        ("[trials.b.score.rules]\nx = { points = 5, when = [{ did = ['waved'] }] }\n", 2, "'waved' is no activity"),
    ],
)
def test_a_policy_that_cannot_work_is_refused_with_file_and_line(
    tmp_path: Path, text: str, line: int, says: str
) -> None:
    path = written(tmp_path, text)
    with pytest.raises(BadPolicy) as caught:
        load_policy(path)

    lines = [said for said in str(caught.value).splitlines() if says in said]
    assert lines, str(caught.value)
    assert lines[0].startswith(f"{path}:{line}:"), lines[0]


def test_a_group_nobody_uses_is_only_a_hint(tmp_path: Path) -> None:
    own = load_policy(written(tmp_path, RULES))

    assert {finding.level for finding in check(own)} == {"hint"}


def test_a_segment_may_switch_a_rule_off(tmp_path: Path) -> None:
    """M81, M145, M146."""
    text = """
[segments.small]
headcount_to = 20
[segments.small.score.rules]
newsletter_opened = { points = 0, when = [{ did = ["newsletter_opened"] }] }
"""
    own = load_policy(written(tmp_path, text))

    assert own.of_segment["small"].score.rules["newsletter_opened"].points == 0
    assert own.score.rules["newsletter_opened"].points == 10
