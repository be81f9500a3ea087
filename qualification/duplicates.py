"""The same person twice: how we notice, and how two records become one and two again (D29).

Nothing is merged by itself: the same address is a suggestion to a rep, never a decision. Facts move to the
kept lead, the other stays as a closed record that points to it, and a merge can be undone.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import partial
from typing import Any, NamedTuple

from qualification import activities, leads, ownership
from qualification.bant import Company, Contact
from qualification.contact import Grade
from qualification.events import KeptApart, LeadsMerged, MergeUndone
from qualification.followup import (
    DECISION,
    Status,
    cancel,
    cancel_follow_ups,
    hand_on,
    latest_follow_up_of,
    never_ran,
    open_follow_up,
    open_follow_up_of,
    open_follow_ups_of,
    resume,
    waits_for_a_decision,
)
from qualification.identity import name_key
from qualification.kept_rules import rule_of
from qualification.look import Rows
from qualification.one_person import records_of
from qualification.records import Activity, Answer, FollowUp, History, Lead, Merge
from qualification.silence import contact_of, tries_in, watch_anew
from qualification.stages import Reason, Stage, is_at_least
from qualification.store import Transaction
from qualification.taken_back import still_said
from qualification.tombstones import living

MERGED = "merged"
ACCEPTED = frozenset({Stage.SAL, Stage.SQL})
DECIDED = ACCEPTED | {Stage.NURTURE}  # no rule may judge the facts of both before
KEPT_APART = "kept_apart"
KEEP_APART = "keep_apart"  # the deed of whoever says it, which may be undone


class Sign(StrEnum):
    """By what two records look like one person."""

    EMAIL = "email"
    PHONE = "phone"
    NAME = "name"


@dataclass(frozen=True, kw_only=True)
class Likeness:
    """A lead that may be the same person, and why we think so; the strongest reason first."""

    lead_id: str
    ways: tuple[Sign, ...]


@dataclass(frozen=True, kw_only=True)
class Alike:
    """The record that looks most like the same person, and by what."""

    lead: Lead
    ways: tuple[Sign, ...]


class AtStage(NamedTuple):
    """A stage, and since when."""

    stage: Stage
    since: datetime

    @classmethod
    def of(cls, place: Mapping[str, Any]) -> "AtStage":
        return cls(Stage(place["stage"]), datetime.fromisoformat(place["stage_since"]))


class SameLead(ValueError):
    """A lead cannot be merged with itself."""


class AlreadyMerged(ValueError):
    """This lead is merged already; undo that first."""


class NotMerged(LookupError):
    """These two leads are not merged."""


def likenesses(
    rows: Rows, company: Company, contact: Contact, *, other_than: str | None = None
) -> tuple[Likeness, ...]:
    """Open records with the same e-mail, phone, or company and name in any spelling."""
    signs = {
        Sign.EMAIL: ("email", contact.email),
        Sign.PHONE: ("phone", contact.phone),
        Sign.NAME: ("name_key", name_key(company.name, contact.name)),
    }
    found: dict[str, list[Sign]] = {}
    for way, (column, value) in signs.items():
        for lead in rows.find(Lead, column, value) if value else ():
            if lead.id != other_than and lead.merged_into is None:
                found.setdefault(lead.id, []).append(way)
    return tuple(Likeness(lead_id=lead_id, ways=tuple(ways)) for lead_id, ways in found.items())


def duplicates_of(rows: Rows, lead: Lead) -> tuple[Likeness, ...]:
    """Who else may be this lead."""
    return likenesses(
        rows,
        Company(name=lead.company),
        Contact(name=lead.person, email=lead.email, phone=lead.phone),
        other_than=lead.id,
    )


def alike_of(rows: Rows, lead: Lead) -> Alike | None:
    """Who looks most like this lead, among those of whom nobody has said that they are somebody else."""
    if lead.merged_into is not None or Stage(lead.stage) is Stage.DISQUALIFIED:
        return None
    likes = duplicates_of(rows, lead)
    others = kept_apart_from(rows, lead.id) if likes else frozenset()
    left = [like for like in likes if like.lead_id not in others]
    if not left:
        return None
    most = max(left, key=lambda like: len(like.ways))
    other = rows.peek(Lead, most.lead_id)
    return Alike(lead=other, ways=most.ways) if other else None


def kept_apart_from(rows: Rows, lead_id: str) -> frozenset[str]:
    """The records of which a person said that they are somebody else."""
    history = rows.find(History, "lead_id", lead_id)
    apart = still_said(history, KEPT_APART, deed=KEEP_APART, facts=lambda row: row.data)
    return frozenset(str(row.data["other_id"]) for row in apart)


def standing_merge_of(rows: Rows, other: Lead) -> Merge | None:
    """The merge by which this record became part of another."""
    return next((one for one in rows.find(Merge, "merged_id", other.id) if one.undone_at is None), None)


def keep_apart(tx: Transaction, lead: Lead, other: Lead, *, by: str) -> bool:
    """They look alike and are two: nobody is asked again. Whether that is news; raises SameLead."""
    if lead.id == other.id:
        raise SameLead(SameLead.__doc__)
    news = [
        KeptApart(lead_id=one.id, by=by, other_id=another.id)
        for one, another in ((lead, other), (other, lead))
        if another.id not in kept_apart_from(tx, one.id)
    ]
    for apart in news:
        tx.record(apart)
    return bool(news)


def stands_at(kept: AtStage, other: AtStage) -> AtStage:
    """Where one person stands of whom two records say different things (D7): where they have come farthest.

    Whom somebody has put aside since then stays aside. Who is aside on one record, and only a LEAD on the other, is
    aside: what was known by then lifts nobody (M28). A disqualified record stays so (D1).
    """
    if kept.stage is Stage.DISQUALIFIED:
        return kept
    if other.stage is Stage.NURTURE:
        is_later = kept.stage is Stage.NURTURE and other.since > kept.since
        return other if is_later or kept.stage is Stage.LEAD else kept
    if kept.stage is Stage.NURTURE and kept.since > other.since:
        return kept
    return other if is_at_least(other.stage, Stage.MQL) and not is_at_least(kept.stage, other.stage) else kept


def merge(tx: Transaction, kept: Lead, other: Lead, *, by: str) -> Merge:
    """Everything the other record knows goes to the kept one; the duty to call goes with it.

    Whoever was promised a first contact on the other record is promised no second one (D9).
    A wish not to be contacted counts for both. Raises SameLead, AlreadyMerged and DataErased.
    """
    if kept.id == other.id:
        raise SameLead(SameLead.__doc__)
    for lead in (kept, other):
        if lead.merged_into is not None:
            raise AlreadyMerged(f"{lead.id} is merged into {lead.merged_into} already; undo that first")
        living(tx, lead)
    same = next((like.ways for like in duplicates_of(tx, kept) if like.lead_id == other.id), ())
    before = {"other": _place(tx, other), "kept": _place(tx, kept)}
    was_promised = leads.is_qualified(tx, other) and _had_a_first_contact_promised(tx, other)
    over_at = max(filter(None, (kept.deal_over_at, other.deal_over_at)), default=None)
    moved = _move_facts(tx, other, kept)
    _pass_on(tx, other, kept, by=by)
    kept.deal_over_at = _still_over(tx, kept, other, over_at)
    other.merged_into = kept.id
    tx.record(LeadsMerged(lead_id=kept.id, by=by, merged_id=other.id, same=same))
    if Stage(other.stage) is not Stage.DISQUALIFIED:
        leads.put_aside(tx, other, Stage.DISQUALIFIED, rule=MERGED, words=kept.id, by=by)
    _sum_up_behaviour(tx, other)
    leads.judge(tx, other)
    _sum_up(tx, kept)
    stood = AtStage.of(before["other"])
    if stood.stage in DECIDED:
        _stand_with(tx, kept, other, stood, by=by, was_promised=was_promised)
    leads.watch_their_time(tx, kept)
    leads.reassess(tx, kept, was_promised=was_promised)
    _stand_with(tx, kept, other, stood, by=by, was_promised=was_promised)
    _leave_no_decision_open(tx, kept, by=by)
    kept.deal_over_at = _still_over(tx, kept, other, over_at)
    for lead in (kept, other):
        watch_anew(tx, lead)
    return tx.add(
        Merge(
            id=tx.ordered_id(),
            kept_id=kept.id,
            merged_id=other.id,
            by=by,
            at=tx.now,
            moved={**moved, **before, "kept_after": _place(tx, kept)},
        )
    )


def _had_a_first_contact_promised(tx: Transaction, lead: Lead) -> bool:
    """On this record or on one that went into it. Who is qualified may have none: the policy's line came down since."""
    if latest_follow_up_of(tx, lead) is not None:
        return True
    went_in = [tx.get(Lead, one.merged_id) for one in tx.find(Merge, "kept_id", lead.id) if one.undone_at is None]
    return any(_had_a_first_contact_promised(tx, other) for other in went_in)


def _move_facts(tx: Transaction, other: Lead, kept: Lead) -> dict[str, Any]:
    """The answers and activities that go over, by id: they keep their dates, so the newer one counts."""
    answers, activities = tx.find(Answer, "lead_id", other.id), tx.find(Activity, "lead_id", other.id)
    moved = {"answers": [row.id for row in answers], "activities": [row.id for row in activities]}
    for row in (*answers, *activities):
        row.lead_id = kept.id
    return moved


def _place(tx: Transaction, lead: Lead) -> dict[str, Any]:
    """Where it stands, for the way back; its running clocks by id."""
    return {
        "stage": lead.stage,
        "stage_since": lead.stage_since.isoformat(),
        "owner_id": lead.owner_id,
        "do_not_contact": lead.do_not_contact,
        "reached": lead.reached,
        "wants_person_at": lead.wants_person_at.isoformat() if lead.wants_person_at else None,
        "mailed_by": lead.mailed_by,
        "deal_over_at": lead.deal_over_at.isoformat() if lead.deal_over_at else None,
        "clocks": [clock.id for clock in open_follow_ups_of(tx, lead)],
    }


def _sum_up(tx: Transaction, lead: Lead) -> None:
    """What the lead's own row says of its facts, after they changed hands."""
    leads.show(lead, leads.known_of(tx, lead))
    _sum_up_behaviour(tx, lead)


def _sum_up_behaviour(tx: Transaction, lead: Lead) -> None:
    activities.keep(lead, activities.sum_of(tx.find(Activity, "lead_id", lead.id), tx.policy), tx.policy)


def _stand_with(tx: Transaction, kept: Lead, other: Lead, stood: AtStage, *, by: str, was_promised: bool) -> None:
    """The kept record stands where the other one `stood`, if that says where the person stands."""
    before = AtStage(Stage(kept.stage), kept.stage_since)
    if kept.do_not_contact or stands_at(before, stood) is not stood:
        return
    if stood.stage in ACCEPTED and before.stage not in ACCEPTED and other.owner_id is not None:
        ownership.assign(tx, kept, to=other.owner_id, by=by)
    evidence = ("accepted",) if stood.stage in ACCEPTED else ()
    reason = Reason(rule=MERGED, policy=tx.policy.version, evidence=evidence, words=other.id)
    leads.carry_over(tx, kept, stood.stage, by=by, reason=reason, was_promised=was_promised)
    if stood.stage is Stage.NURTURE:
        kept.stage_since = stood.since  # what they said before is no news


def _pass_on(tx: Transaction, other: Lead, kept: Lead, *, by: str) -> None:
    """Owner, opt-out, the wish for a person, a mail to be answered, a running clock and the channel that hears of it:
    none may be lost by tidying up.
    """
    kept.channel = other.channel if kept.channel is None else kept.channel
    if kept.owner_id is None and other.owner_id is not None:
        ownership.assign(tx, kept, to=other.owner_id, by=by)
    if other.do_not_contact:
        leads.opt_out(tx, kept, words="", by=by)
    kept.wants_person_at = kept.wants_person_at or other.wants_person_at
    kept.mailed_by = _mailed_last(tx, kept, other)
    kept.reached = kept.reached or other.reached
    kept.last_activity_at = max(kept.last_activity_at, other.last_activity_at)
    if not kept.do_not_contact and Stage(kept.stage) is not Stage.DISQUALIFIED:
        _pass_on_clocks(tx, other, kept, by=by)
    cancel_follow_ups(tx, other, reason=MERGED, by=by)


def _still_over(tx: Transaction, kept: Lead, other: Lead, over_at: datetime | None) -> datetime | None:
    """Since when the deal with this person is won or lost, on whichever record; None where more was owed since."""
    if over_at is None:
        return None
    records = (*records_of(tx, kept), *records_of(tx, other))
    clocks = [clock for one in records for clock in tx.find(FollowUp, "lead_id", one.id)]
    return None if any(_was_owed_after(clock, over_at) for clock in clocks) else over_at


def _was_owed_after(clock: FollowUp, instant: datetime) -> bool:
    """Whether it began later, still runs, or was met later; what was called off was owed no longer."""
    if clock.status == Status.UNDONE:
        return False
    was_met_later = clock.status == Status.MET and clock.ended_at is not None and clock.ended_at > instant
    return clock.status == Status.OPEN or clock.started_at > instant or was_met_later


def _is_owed_more_since(tx: Transaction, lead: Lead, instant: datetime) -> bool:
    clocks = tx.find(FollowUp, "lead_id", lead.id)
    return any(clock.started_at > instant and clock.status != Status.UNDONE for clock in clocks)


def _mailed_last(tx: Transaction, kept: Lead, other: Lead) -> str | None:
    """Who of ours wrote to this person last, on either record, and has no answer yet."""
    if kept.mailed_by is None or other.mailed_by is None:
        return kept.mailed_by or other.mailed_by
    records = (*records_of(tx, kept), *records_of(tx, other))  # what was written before an earlier merge stayed there
    told = [row for one in records for row in tx.find(History, "lead_id", one.id) if row.kind == "mail_accepted"]
    last = max(told, key=lambda row: (row.at, row.id or 0), default=None)
    return last.by if last else kept.mailed_by


def _pass_on_clocks(tx: Transaction, other: Lead, kept: Lead, *, by: str) -> None:
    """Of one duty on both records the earlier promise counts; who was contacted since it began waits no more."""
    for own in open_follow_ups_of(tx, kept):
        if _was_met_on(tx, other, own):
            cancel(tx, kept, own, reason=MERGED, by=by)
    for running in open_follow_ups_of(tx, other):
        if _was_met_on(tx, kept, running):
            continue
        own_one = open_follow_up_of(tx, kept, running.rule)
        if own_one is not None and own_one.started_at <= running.started_at:
            continue
        if own_one is not None:
            cancel(tx, kept, own_one, reason=MERGED, by=by)
        hand_on(tx, running, before=other, after=kept)


def _was_met_on(tx: Transaction, lead: Lead, running: FollowUp) -> bool:
    """Whether this duty of another record was met here since it began: as the same duty, or by a contact that is enough
    for it.
    """
    records = records_of(tx, lead)
    ended = [clock for one in records for clock in tx.find(FollowUp, "lead_id", one.id) if clock.status == Status.MET]
    met = [clock for clock in ended if clock.ended_at is not None and clock.ended_at >= running.started_at]
    if any(clock.rule == running.rule for clock in met):
        return True
    tries = tries_in(row for one in records for row in tx.find(History, "lead_id", one.id))
    contacts = [contact_of(row) for row in tries if row.at >= running.started_at]
    spoke = [clock for clock in met if clock.grade != DECISION]
    contacts += [(clock.evidence["kind"], Grade(clock.grade)) for clock in spoke if clock.evidence and clock.grade]
    rule = rule_of(tx, running)
    return any(rule.counts(kind) and rule.is_met_by(grade, running.attempts + 1) for kind, grade in contacts)


def _leave_no_decision_open(tx: Transaction, lead: Lead, *, by: str) -> None:
    """Sales decides about what is on offer; a record accepted before is not offered once more."""
    if Stage(lead.stage) is not Stage.TQL:
        for clock in open_follow_ups_of(tx, lead):
            if waits_for_a_decision(tx, clock):
                cancel(tx, lead, clock, reason=MERGED, by=by)


def undo_merge(tx: Transaction, kept: Lead, other: Lead, *, by: str) -> None:
    """Two records again: each has its own facts, stage, owner and clocks back. Raises NotMerged and AlreadyMerged.

    What was done with the kept one since, by hand or by new facts, stands. A wish to be left alone, or for a person,
    holds for both: nobody knows which of the two said it.
    """
    if kept.merged_into is not None:  # by now what both knew is there
        raise AlreadyMerged(f"{kept.id} is merged into {kept.merged_into} itself; undo that first")
    merged = _standing_merge(tx, kept, other)
    merged.undone_at, other.merged_into = tx.now, None
    for row in tx.find(Answer, "lead_id", kept.id):
        if row.id in merged.moved["answers"]:
            row.lead_id = other.id
    for did in tx.find(Activity, "lead_id", kept.id):
        if did.id in merged.moved["activities"]:
            did.lead_id = other.id
    since = {row.kind: row for row in _told_while_one(tx, kept, other)}
    for one, another in ((kept, other), (other, kept)):
        tx.record(MergeUndone(lead_id=one.id, by=by, merged_id=another.id))
    answered = {"mailed_by": None} if "prospect_replied" in since else {}
    for lead in (kept, other):  # a clock that starts anew runs by the rules of its own record's segment
        _sum_up(tx, lead)
        leads.judge(tx, lead)
    runs_no_more: dict[str, Any] = {"clocks": []} if "opted_out" in since else {}
    _put_back(tx, other, merged.moved["other"] | answered | runs_no_more, merged)
    _put_back_what_stands(tx, kept, merged, since)
    _hear_what_was_wished(tx, other, since)
    for lead in (kept, other):
        leads.watch_their_time(tx, lead)
        leads.reassess(tx, lead)
        watch_anew(tx, lead)


def _told_while_one(tx: Transaction, kept: Lead, other: Lead) -> list[History]:
    """What happened to the two while they were one, oldest first."""
    told = sorted(tx.find(History, "lead_id", kept.id), key=lambda row: row.id or 0)
    while_one: list[History] = []
    for row in told:
        is_this_merge = row.kind == "leads_merged" and row.data["merged_id"] == other.id
        while_one = [] if is_this_merge else [*while_one, row]
    return while_one


def _hear_what_was_wished(tx: Transaction, other: Lead, since: Mapping[str, History]) -> None:
    """A stop counts for this one as well; a wish for a person starts a clock of its own, the kept one's goes on."""
    if stop := since.get("opted_out"):
        leads.opt_out(tx, other, words=stop.data["words"], by=stop.by, deletion=stop.data["deletion"])
    elif (wish := since.get("person_wanted")) and not _was_met_after(wish, since.get("follow_up_met")):
        leads.want_person(tx, other, words=wish.data["words"])


def _was_met_after(wish: History, met: History | None) -> bool:
    """Whether who asked for a person has spoken with one since."""
    return met is not None and (met.id or 0) > (wish.id or 0)


def _put_back_what_stands(tx: Transaction, kept: Lead, merged: Merge, since: Collection[str]) -> None:
    """What the merge made of the kept record, as far as nobody has changed it since; a mail since then waits on it, and
    a deal to which something was owed since is not over.
    """
    before, after, now = merged.moved["kept"], merged.moved["kept_after"], _place(tx, kept)
    for clock in open_follow_ups_of(tx, kept):
        if clock.id in after["clocks"] and clock.id not in before["clocks"]:
            never_ran(tx, kept, clock)
    if now["stage_since"] != after["stage_since"]:
        before = before | {name: now[name] for name in ("stage", "stage_since")}
    if "opted_out" in since:  # also of whom the merge had made so before they said it
        before = before | {name: now[name] for name in ("stage", "stage_since", "do_not_contact")}
    if _is_owed_more_since(tx, kept, merged.at) and "deal_over_at" in before:
        before = before | {"deal_over_at": now["deal_over_at"]}
    if "mail_accepted" in since:
        before = before | {"mailed_by": now["mailed_by"]}
    unchanged = {name: value if now[name] == after[name] else now[name] for name, value in before.items()}
    _put_back(tx, kept, {**unchanged, "clocks": before["clocks"]}, merged)


def _put_back(tx: Transaction, lead: Lead, place: dict[str, Any], merged: Merge) -> None:
    lead.stage, lead.stage_since = place["stage"], datetime.fromisoformat(place["stage_since"])
    lead.owner_id, lead.do_not_contact = place["owner_id"], place["do_not_contact"]
    lead.reached, wanted = place["reached"], place["wants_person_at"]
    lead.mailed_by = place.get("mailed_by", lead.mailed_by)  # a merge made before this was kept has not got it
    lead.wants_person_at = datetime.fromisoformat(wanted) if wanted else None
    over_at = place.get("deal_over_at", lead.deal_over_at and lead.deal_over_at.isoformat())
    lead.deal_over_at = datetime.fromisoformat(over_at) if over_at else None
    if not lead.do_not_contact:
        for clock in map(partial(tx.get, FollowUp), place["clocks"]):
            _run_again(tx, lead, clock, merged)


def _run_again(tx: Transaction, lead: Lead, clock: FollowUp, merged: Merge) -> None:
    """A clock of this record, as it ran before."""
    if clock.lead_id == lead.id:
        resume(tx, lead, clock, ended_at=merged.at)
    elif clock.status != Status.OPEN:  # met while the two were one: nobody knows for whom
        open_follow_up(tx, lead, started_at=clock.started_at, rule=clock.rule)
    elif open_follow_up_of(tx, lead, clock.rule) is None:
        hand_on(tx, clock, before=tx.get(Lead, clock.lead_id), after=lead)


def _standing_merge(tx: Transaction, kept: Lead, other: Lead) -> Merge:
    merged = standing_merge_of(tx, other)
    if merged is None or merged.kept_id != kept.id:
        raise NotMerged(f"{other.id} is not merged into {kept.id}")
    return merged
