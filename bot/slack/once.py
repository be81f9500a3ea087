"""Slack may deliver everything up to four times: the first delivery acts, the others get its answer (R7).

The key stands in the same commit as the effect. A form that was answered with errors raised, so it left no key.
"""

from collections.abc import Callable
from typing import Any

from qualification.records import Inbound
from qualification.store import Transaction

Json = dict[str, Any]


def once(tx: Transaction, key: str, work: Callable[[], Json | None]) -> Json:
    """Do the work the first time this key comes; give the same answer ever after."""
    if earlier := tx.peek(Inbound, key):
        return earlier.answer
    answer = work() or {}
    tx.add(Inbound(key=key, answer=answer, at=tx.now))
    return answer


def is_news(tx: Transaction, key: str) -> bool:
    """Whether this key has not come before; from now on it has."""
    if tx.peek(Inbound, key):
        return False
    tx.add(Inbound(key=key, answer={}, at=tx.now))
    return True


def inbox_key(body: Json) -> str | None:
    """What makes this payload the same when it comes again; None for what has no effect of its own."""
    if event_id := body.get("event_id"):
        return f"slack:event:{event_id}"
    kind = body.get("type")
    if kind == "block_actions":
        action = (body.get("actions") or [{}])[0]
        return f"slack:press:{_user(body)}:{action.get('action_id')}:{action.get('action_ts')}"
    if kind == "view_submission":
        view = body.get("view") or {}
        return f"slack:{kind}:{view.get('id')}:{view.get('hash')}"
    if kind == "block_suggestion":
        return None
    if trigger := body.get("trigger_id"):
        return f"slack:trigger:{trigger}"
    return None


def _user(body: Json) -> str:
    return str((body.get("user") or {}).get("id", ""))
