"""What a policy gets wrong although every value is fine by itself is said with file and line (N20, M78, M81)."""

from pathlib import Path

import pytest

from qualification.policies.check import check
from qualification.policy import BadPolicy, load_policy, shipped_policy
from tests.qualification.test_policy import written

RULES = """[score.rules]
seminar = { points = 80, when = [{ did = ["seminar_attended"] }] }
"""
NO_ORIGINS = "stages.mql]\nscore = 60\npriority_score = 70\nwith_activity = 'document_requested'\norigins = []\n"
TEMPERATURE = "[temperature]\nhot_score = {hot}\nhot_activities = []\nwarm_score = {warm}\nwarm_days = {days}\n"


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
        (f"[{NO_ORIGINS}", 5, "no lead becomes an MQL by its points: name inbound, outbound or both"),
        # duties nobody hears of
        ("[follow_up.first_contact]\nreminders = []\nladder = []\n", 1, "nobody ever hears of it"),
        ("[follow_up.ours]\nstarts = 'document_requested'\nwithin_minutes = 60\n", 1, "or switch it off"),
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
        # stages, temperatures and promises that can never be met, or are told to nobody
        ("[stages.tql]\nconversations = []\nreachable = true\n", 2, "name chat, call or both"),
        (TEMPERATURE.format(hot=20, warm=70, days=90), 4, "with 20 points a lead is hot already"),
        ("[follow_up.first_contact]\nwithin_minutes = 60\nmet_by = 'decision'\n", 3, "no contact would ever meet it"),
        ("[follow_up.first_contact]\nwithin_minutes = 60\nstarts = 'offered'\n", 3, 'write starts = "qualified"'),
        ("[follow_up.first_contact]\nmet_by = 'reached'\nevidence = ['mail']\n", 3, "a mail alone is never 'reached'"),
        (
            "[follow_up.first_contact]\nreminders = [\n  { name = 'last', before_minutes = 30 },\n"
            "  { name = 'first', after_minutes = 60 },\n]\n",
            2,
            "'first' comes too late",
        ),
        ("version = ' '\n", 1, "give it a name"),
        # numbers nobody can mean
        ("[silence]\ninterview_minutes = 30\nnurture_after_working_days = -1\n", 3, "write 0 or more"),
        ("[silence]\ninterview_minutes = 30\nnurture_after_working_days = 1000000\n", 3, "write 1000 or less"),
        ("[silence]\ninterview_minutes = 10000000000\nnurture_after_working_days = 10\n", 2, "write 525600 or less"),
        ("[answers]\nvalid_days = 10000000\n", 2, "write 36500 or less"),
        ("[answers]\nvalid_days = 0\n", 2, "write 1 or more"),
        (TEMPERATURE.format(hot=70, warm=20, days=10**10), 5, "write 36500 or less"),
        (TEMPERATURE.format(hot=70, warm=-20, days=90), 4, "write 0 or more"),
        ("[stages.mql]\nscore = -5\npriority_score = 70\nwith_activity = 'document_requested'\n", 2, "write 0 or more"),
        ("[stages.sql]\nwithin_months = 0\nrequired = ['need']\n", 2, "write 1 or more"),
        ("[stages.sql]\nwithin_months = 1000000\nrequired = ['need']\n", 2, "write 1200 or less"),
        ("[contact]\nhours_between_mails = 1000000000000\n", 2, "write 876000 or less"),
        ("[live]\nanswer_minutes = 10000000000\n", 2, "write 525600 or less"),
        ("[retention]\nunqualified_chat_days = 1000000000\n", 2, "write 36500 or less"),
        ("[retention]\nquiet_lead_months = 100000000\n", 2, "write 1200 or less"),
        ("[follow_up.first_contact]\nwithin_minutes = 100000000\n", 2, "write 525600 or less"),
        ("[follow_up.first_contact]\nrenotify_minutes = 100000000\n", 2, "write 525600 or less"),
        ("[follow_up.ours]\nwithin_working_days = 100000\n", 2, "write 1000 or less"),
        (
            "[follow_up.ours]\nwithin_minutes = 9\nladder = [\n"
            "  { name = 'a', late_minutes = 100000000, tells = 'manager' },\n]\n",
            4,
            "write 525600 or less",
        ),
        (
            RULES + 'x = { points = 5, when = [{ did = ["page_viewed"], within_days = 100000000000 }] }\n',
            3,
            "write 36500 or less",
        ),
        (RULES + 'x = { points = 5, half_life_days = 0, when = [{ did = ["page_viewed"] }] }\n', 3, "write 1 or more"),
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


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (f"[segments.small]\nheadcount_to = 20\n[segments.small.{NO_ORIGINS}", "no lead becomes an MQL by its points"),
        ("[follow_up.first_contact]\nladder = []\n", "nobody hears that it is late"),
        (
            "[follow_up.ours]\nstarts = 'offered'\nmet_by = 'decision'\nwithin_minutes = 60\n",
            "nobody ever hears of it",  # sales is asked all the same
        ),
    ],
)
def test_what_may_be_meant_is_only_pointed_out(tmp_path: Path, text: str, says: str) -> None:
    (found,) = check(load_policy(written(tmp_path, text)))
    assert found.level == "hint"
    assert says in found.problem
