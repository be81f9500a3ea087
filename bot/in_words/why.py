"""Why a lead stands where it stands, in words: every point with its evidence, each move, and the way on."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.in_words.history import who_in_words
from bot.words import Words
from qualification.dossier import Dossier
from qualification.events import StageMoved, kind_of
from qualification.policy import Policy
from qualification.scoring import Point
from qualification.taken_back import still_said
from qualification.why import Way, way_to_mql

AXES = ("behaviour", "attributes")
SHOWN_GROUNDS = 5


def why_json(dossier: Dossier, policy: Policy) -> dict[str, Any]:
    """The same for programs: the sum of `points[].points` is `score`."""
    judged, picture = dossier.judged, dossier.picture
    way = way_to_mql(picture, judged, policy)
    moves = [row for row in dossier.history if row.kind == kind_of(StageMoved)]
    standing = still_said(dossier.history, "stage_moved", facts=lambda row: row.facts)
    return {
        "id": dossier.lead.id,
        "score": judged.score,
        "axes": {axis: sum(point.points for point in judged.points if point.axis == axis) for axis in AXES},
        "points": [point_json(point) for point in judged.points],
        "policy": policy.version,
        "segment": judged.segment,
        "stage": dossier.lead.stage,
        "stage_since": dossier.lead.stage_since,
        "moves": [{"at": row.at, "by": row.by, **row.facts, "undone": row not in standing} for row in moves],
        "below_its_line": judged.below_its_line,
        "next_stage": judged.next_stage,
        "missing": list(judged.missing),
        "shortest_way": _way_json(way) if way else None,
        "next_question": dossier.ask_next,
        "conflicts": [topic.value for topic in dossier.known.conflicts],
        "outdated": [topic.value for topic in judged.outdated],
        "trials": dossier.trials,
    }


def point_json(point: Point) -> dict[str, Any]:
    """A rule's points for programs, with the evidence; `full` is what they were before age and caps took some."""
    return {
        "rule": point.rule,
        "points": point.points,
        "full": point.full,
        "held_back": point.held_back,
        "at": point.at,
        "axis": point.axis,
        "hypothesis": point.hypothesis,
        "grounds": [{"what": ground.what, "at": ground.at} for ground in point.grounds],
    }


def _way_json(way: Way) -> dict[str, Any]:
    return {"line": way.line, "points_missing": way.points_missing, "rules": list(way.rules), "brings": way.brings}


def why_lines(dossier: Dossier, policy: Policy, words: Words, language: str) -> Iterator[str]:
    """A line for each thing; what stands in them comes from rules and counts, never from a prospect's text."""
    zone = policy.working_hours.zone
    told = why_json(dossier, policy)

    def says(key: str, **facts: object) -> str:
        return words.label("why", key, language).format(**facts)

    axes = says("axes", **told["axes"])
    segment = words.label("segment", told["segment"], language)
    yield says("score", score=told["score"], axes=axes, policy=policy.version, segment=segment)
    for point in dossier.judged.points:
        yield point_line(point, words, language, zone)
    stage = words.label("stage", told["stage"], language)
    yield says("stage", stage=stage, since=_at(told["stage_since"], zone))
    for move in told["moves"]:
        seen = words.evidence(move.get("evidence") or (), language)
        rule = words.label("rule", move["rule"], language)
        by = who_in_words(move["by"], dossier.names, words, language)
        line = says(
            "move_seen" if seen else "move",
            after=move["after"],
            at=_at(move["at"], zone),
            rule=rule,
            evidence=seen,
            by=by,
        )
        yield says("move_undone", line=line) if move["undone"] else line
    if told["below_its_line"]:
        yield says("below_its_line")
    if told["missing"] and told["next_stage"]:
        yield says("missing", stage=told["next_stage"], missing=words.missing(told["missing"], language))
    if way := told["shortest_way"]:
        rules = words.listed((words.label("point", rule, language) for rule in way["rules"]), language)
        yield says("way", points=way["points_missing"], rules=rules, brings=way["brings"])
    for key, topics in (("ask", [told["next_question"]]), ("conflicts", told["conflicts"]), ("old", told["outdated"])):
        if named := [words.label("topic", topic, language) for topic in topics if topic]:
            yield says(key, topics=words.listed(named, language))
    for name, score in told["trials"].items():
        yield says("trial", name=name, score=score)


def point_line(point: Point, words: Words, language: str, zone: ZoneInfo) -> str:
    """+20  Document requested (2026-05-18 10:00); what age or a cap took away stands beside it."""

    def says(key: str, **facts: object) -> str:
        return words.label("why", key, language).format(**facts)

    moments = [_at(ground.at, zone) for ground in point.grounds if ground.at is not None]
    more = says("and_more", count=len(moments) - SHOWN_GROUNDS) if len(moments) > SHOWN_GROUNDS else ""
    evidence = words.listed(moments[:SHOWN_GROUNDS], language) + more
    line = says("point", points=f"{point.points:+d}", rule=words.label("point", point.rule, language), at=evidence)
    if point.held_back:
        line += says(f"held_back_{point.held_back}", full=f"{point.full:+d}")
    return line + (says("hypothesis") if point.hypothesis else "")


def _at(at: datetime | None, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}" if at else "–"
