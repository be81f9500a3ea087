"""What a webhook says: what happened, and the lead as GET /api/leads/ID shows it when the webhook leaves.

Of a person whose data was erased nothing is said but the lead's id.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from bot.bootstrap import as_json_text
from bot.lead_json import dossier_json
from bot.words import Words
from qualification.dossier import Dossier, dossier_of
from qualification.leads import LeadNotFound
from qualification.look import Rows
from qualification.outbox import Errand
from qualification.passed_on import line_of
from qualification.policy import Policy
from qualification.records import Lead
from qualification.timeline import Line
from qualification.tombstones import is_erased


def body_of(rows: Rows, errand: Errand, words: Words, *, policy: Policy, now: datetime) -> bytes:
    """The body of an errand of the kind "webhook", from what is known now. Raises LeadNotFound."""
    lead = rows.peek(Lead, errand.lead_id or "")
    if lead is None:
        raise LeadNotFound(errand.lead_id or "")
    if is_erased(rows, lead):
        data: dict[str, Any] = {"lead": {"id": lead.id}}
    else:
        data = _told(errand, dossier_of(rows, lead.id, policy=policy, now=now), words, now)
    return written(errand.payload["event"], errand.id, data, at=errand.created_at)


def written(event: str, delivery_id: str, data: dict[str, Any], *, at: datetime) -> bytes:
    """One event as it goes over the wire: JSON in UTF-8, instants in UTC."""
    return as_json_text({"type": event, "timestamp": at, "id": delivery_id, "data": data}).encode()


def _told(errand: Errand, dossier: Dossier, words: Words, now: datetime) -> dict[str, Any]:
    said = errand.payload
    line = _line(dossier.history, line_of(said["event"]), errand.created_at, said["facts"])
    return {
        "by": said["by"],
        "facts": line.facts if line is not None else said["facts"],
        "lead": dossier_json(dossier, words, now),
    }


def _line(history: Iterable[Line], kind: str, at: datetime, known_by: dict[str, Any]) -> Line | None:
    """The line of the history that tells of it, with the reason in words."""
    of_then = (line for line in history if line.kind == kind and line.at == at)
    return next((line for line in of_then if known_by.items() <= line.facts.items()), None)
