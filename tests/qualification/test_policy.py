"""The policy text: the shipped one loads, a firm's own replaces what it names, a mistake names file and line."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from qualification.clock_rules import FIRST_CONTACT
from qualification.policy import FIRMS_OWN, BadPolicy, Policy, load_policy, shipped_policy
from tests.clock import jst


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "own.toml"
    path.write_text(text, "utf-8")
    return path


def test_the_shipped_policy_says_what_the_mission_says(policy: Policy) -> None:
    mql, rule = policy.stages.mql, policy.follow_up[FIRST_CONTACT]
    assert (mql.score, mql.with_activity, mql.priority_score) == (60, "document_requested", 70)  # M11, M51
    assert policy.stages.sql.within_months == 6  # M17
    assert (rule.within_minutes, rule.met_by, rule.count) == (180, "attempt", "working")  # M91, D10, D11
    assert [(step.after_minutes, step.tells) for step in rule.reminders] == [(90, "owner"), (150, "owner")]  # D12
    assert [(step.late_minutes, step.tells) for step in rule.ladder] == [(0, "manager"), (60, "managers_manager")]
    call = policy.follow_up["document_call"]
    assert (call.within_working_days, call.attempts, call.evidence) == (3, 1, ("call",))  # M93, D14
    assert policy.silence.nurture_after_working_days == 10  # D15
    assert not policy.stages.auto_accept
    assert policy.stages.offer_when == "tql"  # D16


def test_the_shipped_hours_are_those_of_a_japanese_office(policy: Policy) -> None:
    assert policy.working_hours.is_open(jst("2026-05-18 09:00"))
    assert not policy.working_hours.is_open(jst("2026-05-18 18:00"))
    assert not policy.working_hours.is_open(jst("2026-05-05 10:00"))  # Children's Day
    assert not policy.working_hours.is_open(jst("2026-12-30 10:00"))
    assert policy.working_hours.is_open(jst("2026-05-18 12:30"))  # lunch is a switch, off


def test_every_point_that_is_only_our_guess_is_marked_as_one(policy: Policy) -> None:
    """M47, M48, M49 are published; every other number is ours (D4)."""
    published = {name for name, rule in policy.score.rules.items() if not rule.hypothesis}

    assert published == {"document_requested", "price_list_viewed", "newsletter_opened"}
    segments = [own.score.rules for own in policy.of_segment.values()]
    assert all(rule.hypothesis for rules in segments for name, rule in rules.items() if name not in published)


def test_an_own_file_replaces_the_tables_it_names_and_no_other(tmp_path: Path) -> None:
    own = load_policy(
        written(
            tmp_path,
            """
version = "asahi-3"
[stages.sql]
within_months = 12
required = ["need"]
[activities]
own = ["waved_at_us"]
[score.rules]
waved_at_us = { points = 99, when = [{ did = ["waved_at_us"] }] }
[hours]
zone = "Europe/Berlin"
always = true
""",
        )
    )
    shipped = shipped_policy()

    assert (own.version, own.stages.sql.within_months, list(own.score.rules)) == ("asahi-3", 12, ["waved_at_us"])
    assert own.working_hours.is_open(jst("2026-05-17 03:00"))
    assert (own.stages.mql, own.stages.tql, own.score.groups) == (
        shipped.stages.mql,
        shipped.stages.tql,
        shipped.score.groups,
    )
    assert own.follow_up == shipped.follow_up


def test_one_switch_is_enough_of_a_table(tmp_path: Path) -> None:
    own = load_policy(written(tmp_path, "[stages]\nauto_accept = true\n"))

    assert own.stages.auto_accept
    assert own.stages.mql == shipped_policy().stages.mql


@pytest.mark.parametrize(
    ("text", "due", "reminders"),
    [
        ("within_minutes = 120", 120, ["half_time"]),  # the other one would fall after it
        ("within_minutes = 60", 60, []),
        ("met_by = 'reached'", 180, ["half_time", "last_call"]),
        ("within_working_days = 1", None, []),
        ("reminders = [{ name = 'soon', before_minutes = 10 }]", 180, ["soon"]),
    ],
)
def test_what_a_firm_does_not_say_of_its_promise_is_as_shipped_so_that_managers_hear(
    tmp_path: Path, text: str, due: int | None, reminders: list[str]
) -> None:
    """M91, D12."""
    rule = load_policy(written(tmp_path, f"[follow_up.first_contact]\n{text}\n")).follow_up[FIRST_CONTACT]
    assert (rule.within_minutes, [step.name for step in rule.reminders]) == (due, reminders)
    assert rule.ladder == shipped_policy().follow_up[FIRST_CONTACT].ladder


DUTY = "[follow_up.first_contact]\nwithin_minutes = 90\n"
MISTAKES_IN_A_DUTY = [
    (
        DUTY + "reminders = [\n  { name = 'a', after_minutes = 5 },\n  { name = 'b', after_minutes = -5 },\n]\n",
        5,
        "after_",
    ),
    (DUTY + "reminders = [{ name = 'a', after_minutes = 5 }, { name = 'b', after_minutes = 4 }]\n", 1, "in the order"),
    (DUTY + "reminders = [{ name = 'a', after_minutes = 90 }]\n", 1, "make it earlier, or move it to the ladder"),
    (DUTY + "reminders = [{ name = 'a' }]\n", 3, "one of after_minutes"),
    (DUTY + "reminders = [{ name = 'a', after_minutes = 5, tells = 'boss' }]\n", 3, "'owner', 'backup', 'channel'"),
    (DUTY + "ladder = [{ name = 'a', late_minutes = 0, tells = 'ceo' }]\n", 3, "'managers_manager'"),
    (
        DUTY + "ladder = [{ name = 'a', late_minutes = 0, tells = 'manager' },"
        "{ name = 'b', late_minutes = 0, tells = 'manager' }]\n",
        1,
        "ladder out of order: 'b' must fall later",
    ),
    (
        DUTY + "ladder = [{ name = 'a', late_minutes = 0, tells = 'manager' },"
        "{ name = 'b', late_minutes = 9, tells = 'owner' }]\n",
        1,
        "which is below manager",
    ),
    (
        DUTY + "reminders = [{ name = 'a', after_minutes = 5 }]\n"
        "ladder = [{ name = 'a', late_minutes = 0, tells = 'manager' }]\n",
        1,
        "'a' stands there twice",
    ),
    (DUTY + "within_working_days = 3\n", 1, "either within_minutes or within_working_days"),
    (DUTY + "steps = []\n", 3, "there is no such key"),
    (DUTY + "starts = 'whenever'\n", 3, "'document_requested'"),
    (DUTY + "met_by = 'decision'\nattempts = 2\n", 1, "neither evidence nor attempts"),
    ("[follow_up.first_contact]\non = false\n", 1, "cannot be switched off"),
    (
        "[follow_up.ours]\nwithin_working_days = 2\nreminders = [{ name = 'a', on_working_day = 3 }]\n",
        1,
        "after the dead",
    ),
    ("[people.U1]\ncalendar = 'osaka'\n", 2, "write a table [calendars.osaka]"),
    ("[people.U1]\nzone = 'Osaka'\n", 2, "people.U1.zone"),
    ("[calendars.osaka]\nzone = 'Asia/Tokyo'\nmon = [['09:00', '25:00']]\n", 3, "calendars.osaka.mon"),
    ("[routing.calendars]\nen = 'london'\n", 2, "there is no calendar 'london'"),
]


def test_a_ladder_may_tell_the_same_people_twice(tmp_path: Path) -> None:
    """D12: once more, to the next level or to the managers again."""
    twice = [f"{{ name = '{name}', late_minutes = {late}, tells = 'manager' }}" for name, late in (("a", 0), ("b", 60))]
    own = load_policy(written(tmp_path, f"{DUTY}reminders = []\nladder = [{', '.join(twice)}]\n"))

    assert [step.tells for step in own.follow_up[FIRST_CONTACT].ladder] == ["manager", "manager"]


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("[stages]\nauto_acept = true\n", 2, "stages.auto_acept"),
        ("[stages.sql]\nwithin_months = 6\n", 1, "stages.sql.required"),
        ("[stages.sql]\nwithin_months = 'six'\nrequired = []\n", 2, "stages.sql.within_months"),
        ("[stages.sql]\nwithin_months = 6\nrequired = ['money']\n", 3, "stages.sql.required"),
        ("# ours\n\nversion = 3\n", 3, "version"),
        ("version = 'x'\n[temprature]\nhot_score = 1\n", 2, "temprature"),
        ("[follow_up.first_contact]\nwithin_minutes = 0\nmet_by = 'claim'\ncount = 'working'\n", 3, "met_by"),
        *MISTAKES_IN_A_DUTY,
        # what the calendar refuses is a mistake of the policy like any other
        ("[hours]\nzone = 'Tokyo'\nmon = [['09:00', '18:00']]\n", 2, "hours.zone"),
        ("[hours]\nzone = 'Asia/Tokyo'\n\nmon = [['09:00', '18:00'], ['17:00', '19:00']]\n", 4, "overlaps"),
        ("[hours]\nzone = 'Asia/Tokyo'\n", 1, "never opens"),
        ("version = 'x'\n[closed]\ncountry = 'XX'\n", 3, "closed.country"),
        ("[closed]\ndates = ['2026-13-01']\n", 2, "closed.dates"),
        ("version = 'x'\nversion = 'y'\n", 2, "overwrite"),
        ("version = 'x'\nzone = ", 2, "Invalid value"),
    ],
)
def test_a_mistake_names_its_file_and_line(tmp_path: Path, text: str, line: int, says: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(BadPolicy) as caught:
        load_policy(path)

    message = str(caught.value)
    assert says in message
    assert f"{path}:{line}:" in message


def test_all_mistakes_are_named_at_once(tmp_path: Path) -> None:
    with pytest.raises(BadPolicy) as caught:
        load_policy(written(tmp_path, "version = 3\n[stages]\nauto_acept = 1\n"))
    assert len(str(caught.value).splitlines()) == 2


def test_a_file_that_is_not_there_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(BadPolicy, match=r"none\.toml"):
        load_policy(tmp_path / "none.toml")


def test_a_file_in_another_encoding_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "sjis.toml"
    path.write_bytes("\nversion = '標準'".encode("cp932"))
    with pytest.raises(BadPolicy, match=r"sjis\.toml:2: .*save it as UTF-8"):
        load_policy(path)


def test_the_mark_that_editors_on_windows_put_in_front_is_no_mistake(tmp_path: Path) -> None:
    path = tmp_path / "notepad.toml"
    path.write_text('version = "mine"\n', "utf-8-sig")
    assert load_policy(path).version == "mine"


@pytest.mark.parametrize("text", ["version = " + "[" * 5_000, "version = " + "9" * 5_000], ids=["deep", "without end"])
def test_a_value_nobody_can_read_is_a_mistake_in_the_file(tmp_path: Path, text: str) -> None:
    path = tmp_path / "odd.toml"
    path.write_text(text)
    with pytest.raises(BadPolicy, match=r"odd\.toml"):
        load_policy(path)


def test_a_changed_copy_of_the_policy_counts_with_its_own_hours_and_not_those_laid_out_before(policy: Policy) -> None:
    at_night = datetime(2026, 5, 18, 15, tzinfo=UTC)

    changed = policy.model_copy(update={"hours": {"zone": "Asia/Tokyo", "always": True}})

    assert not policy.working_hours.is_open(at_night)
    assert changed.working_hours.is_open(at_night)
    assert changed.mark_of(FIRMS_OWN) != policy.mark_of(FIRMS_OWN)
