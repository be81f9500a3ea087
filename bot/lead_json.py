"""A lead as JSON: the shape of GET /api/leads and of `bantline leads list --json`. Instants are UTC."""

from datetime import datetime
from typing import Any

from bot.in_words.clock import clock_json
from bot.in_words.why import point_json
from bot.words import Words
from qualification.bant import CRITERIA, Topic, to_json
from qualification.clock_rules import FIRST_CONTACT
from qualification.dossier import Dossier
from qualification.records import Lead
from qualification.stages import Stage, phase_of


def summary_json(lead: Lead) -> dict[str, Any]:
    """One line of the list."""
    return {
        "id": lead.id,
        "stage": lead.stage,
        "stage_since": lead.stage_since,
        "temperature": lead.temperature,
        "phase": phase_of(Stage(lead.stage), is_cold=lead.temperature == "cold"),
        "score": lead.score,
        "owner": lead.owner_id,
        "company": lead.company,
        "person": lead.person,
        "language": lead.language,
        "origin": lead.origin,
        "created_at": lead.created_at,
        "last_activity_at": lead.last_activity_at,
    }


def dossier_json(dossier: Dossier, words: Words, now: datetime) -> dict[str, Any]:
    """Everything about one lead, with the reasons; `follow_up` is the first contact, `clocks` every duty."""
    clocks = [clock_json(clock, words, now) for clock in dossier.clocks]
    lead, judged = dossier.lead, dossier.judged
    return {
        **summary_json(lead),
        "owner_name": dossier.owner_name,
        "email": lead.email,
        "phone": lead.phone,
        "do_not_contact": lead.do_not_contact,
        "on_offer": dossier.is_offered,
        "bant": {topic.value: _answer_json(dossier, topic) for topic in CRITERIA},
        "conflicts": [topic.value for topic in dossier.known.conflicts],
        "points": [point_json(point) for point in judged.points],
        "segment": judged.segment,
        "below_its_line": judged.below_its_line,
        "outdated": [topic.value for topic in judged.outdated],
        "next_stage": judged.next_stage,
        "missing": list(judged.missing),
        "follow_up": next((clock for clock in clocks if clock["rule"] == FIRST_CONTACT), None),
        "clocks": clocks,
        "history": [{"kind": row.kind, "by": row.by, "at": row.at, **row.facts} for row in dossier.history],
    }


def _answer_json(dossier: Dossier, topic: Topic) -> dict[str, Any] | None:
    answer = dossier.known.about(topic)
    if answer is None:
        return None
    return {
        "value": to_json(topic, answer.value),
        "words": answer.words,
        "certainty": answer.certainty,
        "said_by": answer.said_by,
        "via": answer.via,
        "at": answer.at,
    }
