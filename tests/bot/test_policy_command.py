"""`bantline policy`: mistakes with their line, the rules in words, what would change; exit codes for programs."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.commands.replay import Plan, comparison_json, run
from bot.definition import Definition
from bot.words import Words
from qualification import leads
from qualification.activities import Seen
from qualification.policy import BadPolicy, load_policy, shipped_policy
from tests.business import Business

RUN = CliRunner()
LOWER = '[stages.mql]\nscore = 50\nwith_activity = "document_requested"\npriority_score = 70\n'


@pytest.fixture
def own(tmp_path: Path) -> Path:
    path = tmp_path / "own.toml"
    path.write_text(LOWER, "utf-8")
    return path


def test_a_good_policy_ends_with_0_hints_with_1_mistakes_with_2(own: Path) -> None:
    assert RUN.invoke(app, ["policy", "check", str(own)]).exit_code == 0

    own.write_text('[score.rules]\nx = { points = 80, when = [{ did = ["seminar_attended"] }] }\n', "utf-8")
    assert RUN.invoke(app, ["policy", "check", str(own)]).exit_code == 1

    own.write_text(LOWER.replace("70", "999"), "utf-8")
    done = RUN.invoke(app, ["policy", "check", str(own), "--json"])
    (finding,) = json.loads(done.stdout)["findings"]
    assert done.exit_code == 2
    assert f"{own}:4:" in finding["says"]


def test_a_difference_is_named_and_ends_with_1(own: Path) -> None:
    """M79, M150: what changes from one review to the next."""
    done = RUN.invoke(app, ["policy", "diff", str(own), "--before", "shipped", "--json"])

    assert done.exit_code == 1
    assert json.loads(done.stdout)["changes"] == [{"place": "stages.mql.score", "before": 60, "after": 50}]
    assert RUN.invoke(app, ["policy", "diff", "shipped", "--before", "shipped"]).exit_code == 0


@pytest.mark.parametrize(("language", "says"), [("en", "50 points together"), ("ja", "50点以上かつ資料請求")])
def test_a_policy_is_said_in_words(own: Path, language: str, says: str) -> None:
    """M148."""
    done = RUN.invoke(app, ["policy", "explain", str(own), "--language", language])

    assert done.exit_code == 0
    assert says in done.stdout


@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_rule_of_every_segment_has_its_line(language: str) -> None:
    policy = shipped_policy()
    definition = Definition(policy, Words(policy.working_hours.zone), language)
    lines = [line for section in definition.sections() for line in section.lines]

    for own in (policy, *policy.of_segment.values()):
        for name, rule in own.score.rules.items():
            label = Words(policy.working_hours.zone).label("point", name, language)
            assert any(f"{rule.points:+d} {label}" in line for line in lines), name


BIG = """
version = "own-1"
[follow_up.first_contact]
within_working_days = 1
reminders = []
ladder = [{ name = "due", late_minutes = 0, tells = "manager" }]
[segments.big]
headcount_from = 300
[segments.big.temperature]
hot_score = 90
[segments.big.stages]
qualified_from = "TQL"
[segments.big.stages.sql]
required = ["need", "timeframe", "budget", "authority"]
[segments.big.stages.tql]
conversations = ["call"]
[segments.big.follow_up.first_contact]
met_by = "two_way"
"""


def test_the_definition_says_every_promise_and_whatever_a_segment_has_of_its_own(tmp_path: Path) -> None:
    """M26, M93, M101, M145: nobody has to know the file to know the rules."""
    path = tmp_path / "own.toml"
    path.write_text(BIG)
    policy = load_policy(path)
    told = {one.title: one.lines for one in Definition(policy, Words(policy.working_hours.zone), "en").sections()}

    promises = " ".join(told["Hand-over and first contact"])
    for said in ("first contact within a working day;", "asks for a document", "tried again within 5", "hands it back"):
        assert said in promises
    own = [line for line in told["Segments"] if line.startswith("- ")]
    assert [line.split(maxsplit=2)[1] for line in own] == ["TQL:", "SQL:", "Hot:", "A", "Only"]
    assert "Authority" in own[1]


def test_who_agreed_stands_in_the_definition(tmp_path: Path) -> None:
    """M26, M155."""
    path = tmp_path / "own.toml"
    path.write_text('version = "asahi-3"\n[agreed]\nmarketing = "Sato 2026-05-01"\nsales = "Suzuki 2026-05-02"\n')
    policy = load_policy(path)
    first = Definition(policy, Words(policy.working_hours.zone), "en").sections()[0]

    assert first.lines == ("Version asahi-3", "Agreed by marketing: Sato 2026-05-01; by sales: Suzuki 2026-05-02")


def test_the_policy_of_the_documentation_has_nothing_wrong(tmp_path: Path) -> None:
    page = Path(__file__).parents[2].joinpath("docs", "policy.md").read_text("utf-8")
    path = tmp_path / "own.toml"
    path.write_text(page.split("<!-- checked policy -->\n```toml\n")[1].split("```")[0], "utf-8")

    assert RUN.invoke(app, ["policy", "check", str(path)]).exit_code == 0


def test_a_replay_tells_programs_who_would_stand_elsewhere(firm: Business, database_url: str, own: Path) -> None:
    """M79, M106, N6: three documents and a newsletter are 45 points; the line would be 50 or 40."""
    lead = firm.has_lead()
    for kind in ("document_requested", "price_list_viewed", "newsletter_opened"):
        firm.does(leads.see_activity, lead, Seen(source="site", id=kind, kind=kind))
    own.write_text(LOWER.replace("50", "40"), "utf-8")
    plan = Plan(database_url=database_url, before="shipped", after=str(own), trial=None, now=firm.clock())

    told = run(plan, processes=2)

    (changed,) = told.changed
    assert (changed.lead_id, changed.before[0], changed.after[0]) == (lead, "LEAD", "MQL")
    assert comparison_json(told, plan.policies())["alerts"][1]["count"] == 1
    assert firm.lead(lead).stage == "LEAD", "nothing is written"


def test_a_trial_that_is_not_there_is_named(own: Path) -> None:
    plan = Plan(database_url="", before=str(own), after=None, trial="none", now=datetime.now(UTC))

    with pytest.raises(BadPolicy, match=r"trials\.none"):
        plan.policies()
