"""What Prometheus reads: real turns, commits and errands are counted, and nothing of a person stands in it."""

import re
from pathlib import Path

import httpx2

from tests.process import BantlineProcess

KEY = {"Authorization": "Bearer key-of-the-tests"}


def read(web: httpx2.Client) -> dict[str, float]:
    text = web.get("/metrics", headers=KEY).text
    return {name: float(value) for name, value in re.findall(r"^(bantline_\S+) (\S+)$", text, re.MULTILINE)}


def test_a_turn_is_counted_with_its_commit_and_without_a_word_of_the_person(web: httpx2.Client) -> None:
    before = read(web)
    token = web.post("/api/chat/sessions", json={"locale": "ja"}).json()["token"]
    said = {"id": "1", "text": "高橋カナリア 090-1234-5678 手作業で困っています"}
    web.post("/api/chat/messages", json=said, headers={"Authorization": f"Bearer {token}"})
    after = read(web)

    turns = 'bantline_answer_seconds_count{door="chat_message",status="2xx"}'
    assert after[turns] == before.get(turns, 0) + 1
    assert after["bantline_commit_jobs_sum"] >= before["bantline_commit_jobs_sum"] + 2
    assert after['bantline_heartbeat_age_seconds{part="worker"}'] < 60
    assert after["bantline_clock_overdue_seconds"] < 60
    text = web.get("/metrics", headers=KEY).text
    assert "カナリア" not in text
    assert token not in text


def test_made_up_paths_make_no_new_rows(web: httpx2.Client) -> None:
    doors = {name for name in read(web) if "answer_seconds_count" in name}
    for number in range(20):
        web.get(f"/nowhere/{number}")
    assert {name for name in read(web) if "answer_seconds_count" in name} - doors <= {
        'bantline_answer_seconds_count{door="other",status="4xx"}'
    }


def test_the_page_needs_the_key(bantline: BantlineProcess, web: httpx2.Client) -> None:
    assert web.get("/metrics").status_code == 401


def test_the_dashboard_and_the_page_about_it_speak_of_what_is_there(web: httpx2.Client) -> None:
    text = web.get("/metrics", headers=KEY).text
    there = set(re.findall(r"^# TYPE (bantline_\w+) ", text, re.MULTILINE))
    for name in ("grafana.json", "operating.md"):
        page = Path("docs", name).read_text("utf-8")
        named = {re.sub("_(bucket|sum|count)$", "", one) for one in re.findall(r"bantline_\w+", page)}
        assert named <= there, name
    assert {re.sub("_total$", "", one) for one in there} >= {"bantline_errands"}
