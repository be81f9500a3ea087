"""A Slack that fails at random: about one post in ten is refused with 429, or taken without an answer."""

import json
import random
from collections import Counter
from datetime import timedelta

from bot.sandbox.faults import Fault, FaultKind, Faults
from bot.sandbox.workspace import Workspace

POST = "chat.postMessage"


class Shaky(Faults):
    """Half of the trouble is a 429 that asks for a second, half a post that is kept while its answer is lost."""

    def __init__(self, one_in: int, seed: int, lag: float = 0.0) -> None:
        super().__init__()
        self.lag_history(timedelta(seconds=lag))
        self.counts: Counter[str] = Counter()
        self._dice, self._chance = random.Random(seed), 0.5 / one_in

    def take(self, method: str, *kinds: FaultKind) -> Fault | None:
        if method == POST and kinds == ("status",) and self._strikes("refused"):
            retry = {"Retry-After": "1"}
            return Fault(kind="status", method=POST, http_status=429, headers=retry, error="ratelimited")
        if method == POST and kinds == ("accept_then_drop",) and self._strikes("unanswered"):
            return Fault(kind="accept_then_drop", method=POST)
        return super().take(method, *kinds)

    def _strikes(self, kind: str) -> bool:
        struck = self._dice.random() < self._chance
        self.counts[kind] += struck
        return struck


def hanging(team: Workspace) -> Counter[str]:
    """How often each key can be read at the receiver."""
    posted = (message for messages in team.messages.values() for message in messages)
    return Counter(message.metadata["event_payload"]["key"] for message in posted if message.metadata)


def accepted(team: Workspace) -> dict[str, list[str]]:
    """Each key with every post of it that Slack ever took, as "when, what it said"."""
    posts: dict[str, list[str]] = {}
    for call in team.calls:
        if call.method == POST and call.error is None:
            given = call.args["metadata"]
            metadata = json.loads(given) if isinstance(given, str) else given
            key = metadata["event_payload"]["key"]
            posts.setdefault(key, []).append(f"{call.at:%M:%S.%f} by {call.args['text']}")
    return posts
