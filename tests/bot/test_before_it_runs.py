"""Before anything runs, as an operator meets it: settings, ports, the policy, and what the doctor says."""

import configparser
import json
import resource
import socket
from pathlib import Path

import pytest
from typer.main import get_command

from bot.cli import app
from bot.commands.init import write_settings_file
from tests.command import bantline
from tests.process import QuickBantline


def test_init_writes_settings_that_explain_themselves_and_never_overwrites(tmp_path: Path) -> None:
    assert bantline(tmp_path, "init").returncode == 0
    written = tmp_path.joinpath("bantline.toml").read_text("utf-8")
    assert "SLACK_BOT_TOKEN" in written

    again = bantline(tmp_path, "init")
    assert again.returncode == 2
    assert "exists already" in again.stderr
    assert tmp_path.joinpath("bantline.toml").read_text("utf-8") == written


def test_all_missing_settings_are_named_at_once(tmp_path: Path) -> None:
    done = bantline(tmp_path, "serve", SLACK_BOT_TOKEN="xoxb-1", SMTP_URL="mail.example:25")

    assert done.returncode == 2
    for name in ("SLACK_LEADS_CHANNEL", "SLACK_MANAGERS_CHANNEL", "SLACK_SIGNING_SECRET", "SMTP_URL"):
        assert name in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("nonsense", "sqlite:///FILE"),
        ("mysql://someone:hush@mail.example/x", "postgresql://"),
        ("sqlite:////no/such/folder/x.db", "there is no database"),
        ("postgresql://someone:hush@127.0.0.1:1/x", "does not answer"),
    ],
    ids=["no address", "another kind", "no such folder", "nobody answers"],
)
def test_a_wrong_database_is_said_in_words_and_without_its_password(tmp_path: Path, address: str, said: str) -> None:
    done = bantline(tmp_path, "leads", "list", DATABASE_URL=address)

    assert done.returncode == 2
    assert said in done.stderr
    assert "DATABASE_URL" in done.stderr
    assert "hush" not in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", ["serve", "demo"])
def test_a_taken_port_is_said_before_anything_starts(tmp_path: Path, command: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = bantline(tmp_path, command, "--port", str(port))

    assert done.returncode == 2
    assert f"127.0.0.1:{port}: it is taken" in done.stderr
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_name_in_the_settings_file_is_said(tmp_path: Path) -> None:
    tmp_path.joinpath("bantline.toml").write_text('SLACK_BOT_TOKN = "x"\n')

    done = bantline(tmp_path, "leads", "list")

    assert done.returncode == 2
    assert "SLACK_BOT_TOKN" in done.stderr


def test_a_mistake_in_the_policy_is_answered_with_file_and_line(tmp_path: Path) -> None:
    tmp_path.joinpath("own.toml").write_text(
        '[follow_up.first_contact]\nwithin_minutes = "soon"\nmet_by = "attempt"\ncount = "working"\n'
    )

    done = bantline(tmp_path, "leads", "list", BANTLINE_POLICY="own.toml")

    assert done.returncode == 2
    assert "own.toml:2" in done.stderr


def test_the_doctor_says_what_is_wrong_and_what_to_do(tmp_path: Path) -> None:
    done = bantline(tmp_path, "doctor", "--json", DATABASE_URL=f"sqlite:///{tmp_path}/fresh.db")

    findings = {finding["part"]: finding for finding in json.loads(done.stdout)}
    assert done.returncode == 1
    assert findings["settings"]["well"]
    assert findings["policy"]["well"]
    assert findings["database"]["seen"].startswith("sqlite, empty: `bantline serve` makes its tables")
    assert not (tmp_path / "fresh.db").exists(), "to look makes no file"
    assert not findings["slack"]["well"]
    assert all(finding["advice"] for finding in findings.values() if not finding["well"])


def test_the_doctor_is_content_with_database_and_worker_while_bantline_runs(tmp_path: Path) -> None:
    with QuickBantline(tmp_path) as running:
        running.wait_until_well()
        done = bantline(tmp_path, "doctor", "--json", DATABASE_URL=f"sqlite:///{tmp_path}/test.db")

    findings = {finding["part"]: finding["well"] for finding in json.loads(done.stdout)}
    assert findings["database"]
    assert findings["worker"]


def test_a_command_in_the_wrong_folder_makes_no_database_to_look_at(tmp_path: Path) -> None:
    done = bantline(tmp_path, "leads", "list")
    assert (done.returncode, f"no database {tmp_path}/bantline.db" in done.stderr) == (2, True)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("said", "given"),
    [
        ("did you mean SLACK_LEADS_CHANNEL?\nBANTLINE_LANGUAGE", 'SLACK_LEAD_CHANNEL = "C1"\nBANTLINE_LANGUAGE = "fr"'),
        ("BANTLINE_TEMPLATES: there is no folder", 'BANTLINE_TEMPLATES = "nowhere"'),
        ("cannot be made: there is no folder", 'DATABASE_URL = "sqlite:///nowhere/x.db"'),
    ],
    ids=["every mistake at once", "own templates", "a place for the database"],
)
def test_the_doctor_sees_what_would_only_be_felt_later(tmp_path: Path, said: str, given: str) -> None:
    tmp_path.joinpath("bantline.toml").write_text(given)
    findings = json.loads(bantline(tmp_path, "doctor", "--json").stdout)
    assert [finding for finding in findings if said in finding["seen"] and not finding["well"] and finding["advice"]]


def test_the_systemd_unit_of_the_docs_starts_what_there_is() -> None:
    unit = configparser.ConfigParser(interpolation=None)
    unit.read(Path(__file__).parents[2] / "docs" / "bantline.service", "utf-8")
    program, name, *arguments = unit["Service"]["ExecStart"].split()
    assert program == f"{unit['Service']['WorkingDirectory']}/.venv/bin/bantline"
    get_command(app).commands[name].make_context(name, arguments)  # type: ignore[attr-defined]  # it is a group


def test_no_half_settings_file_is_left_on_a_full_disk(tmp_path: Path) -> None:
    allowed = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, allowed[1]))
    try:
        with pytest.raises(OSError, match="File too large"):
            write_settings_file(str(tmp_path / "bantline.toml"))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, allowed)

    assert list(tmp_path.iterdir()) == []
