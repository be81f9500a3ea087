"""Whether a contestant keeps what it answered: killed in the middle of a talk, it must go on with the next question."""

import json
import signal
import tempfile
import urllib.request
from pathlib import Path

from benchmarks.crowd import FINISHED, OPENING, messages
from benchmarks.peers.contestants import Contestant
from benchmarks.peers.match import Ring, database_for, settings_for
from benchmarks.peers.server import Server

BEFORE_THE_KILL = 3


def goes_on_after_a_kill(contestant: Contestant, installed: Path | None, ring: Ring) -> bool:
    """Three messages, kill -9, a new process on the same database, and the rest of the messages end the talk."""
    with tempfile.TemporaryDirectory() as name, database_for(contestant, Path(name), ring) as (database, _):
        command, settings = contestant.command(installed, database), settings_for(database)
        said = messages()
        with Server(command, Path(name), settings) as server:
            bearer = json.loads(_post(server.url, "sessions", OPENING))["token"]
            for body in said[:BEFORE_THE_KILL]:
                _post(server.url, "messages", body, bearer)
            server.end(signal.SIGKILL)
        with Server(command, Path(name), settings) as server:
            answers = [_post(server.url, "messages", body, bearer) for body in said[BEFORE_THE_KILL:]]
    ended = [any(sign in answer for sign in FINISHED) for answer in answers]
    return ended == [False] * (len(ended) - 1) + [True]


def _post(url: str, place: str, body: bytes, bearer: str = "") -> bytes:
    headers = {"content-type": "application/json", "authorization": f"Bearer {bearer}"}
    request = urllib.request.Request(f"{url}/api/chat/{place}", body, headers)
    with urllib.request.urlopen(request) as answer:
        content: bytes = answer.read()
    return content
