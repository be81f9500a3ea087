"""The lead: captured, told about, judged, moved up the ladder, put aside. Whose it is: ownership.py.

Every verb takes the transaction and the lead's row, changes the row, and records what happened.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from qualification import activities, outbox, their_time
from qualification.answers import PROSPECT, Known, Stated, not_withdrawn
from qualification.assessment import Picture, Verdict, verdict
from qualification.bant import Company, Contact, Topic
from qualification.behaviour import Behaviour, Did
from qualification.clock_rules import Starts
from qualification.deals import is_decided
from qualification.events import (
    BOT,
    CLOCK,
    OPERATOR,
    POLICY,
    AnswerGiven,
    DocumentWanted,
    LeadCaptured,
    OptedOut,
    PersonWanted,
    StageMoved,
    kind_of,
)
from qualification.followup import Status, cancel_follow_ups, latest_follow_up_of, open_follow_up_of, start_clocks
from qualification.identity import folded, name_key
from qualification.offers import offer
from qualification.policies.parts import Stages
from qualification.records import Activity, Answer, History, Lead, Rep
from qualification.stages import ALLOWED_MOVES, MayNotJudge, Move, Reason, Stage, is_at_least, move
from qualification.store import Transaction
from qualification.tombstones import living

A_DAY = timedelta(days=1)
CLOCKS_STARTED_BY = {"document_requested": Starts.DOCUMENT_REQUESTED}
OURSELVES = frozenset({BOT, CLOCK, OPERATOR, POLICY, PROSPECT})
WHO_IT_IS = frozenset({Topic.COMPANY, Topic.CONTACT})


class LeadNotFound(LookupError):
    def __init__(self, lead_id: str) -> None:
        super().__init__(f"no lead {lead_id!r}")


class ContactForbidden(Exception):
    """This person asked us not to contact them."""


def capture(
    tx: Transaction,
    *,
    language: str,
    origin: str = "inbound",
    via: str,
    by: str = PROSPECT,
    source: str | None = None,
    id: str | None = None,
) -> Lead:
    """A new lead: anyone who touched the company (M1)."""
    lead = tx.add(
        Lead(
            id=id or tx.new_id(),
            stage=Stage.LEAD,
            stage_since=tx.now,
            temperature="cold",
            origin=origin,
            language=language,
            source=source,
            created_at=tx.now,
            last_activity_at=tx.now,
            behaviour_for=tx.policy.memory.stamp,
        )
    )
    tx.record(LeadCaptured(lead_id=lead.id, by=by, via=via))
    return lead


def find(tx: Transaction, lead_id: str) -> Lead:
    """The lead with this id; raises LeadNotFound."""
    lead = tx.peek(Lead, lead_id)
    if lead is None:
        raise LeadNotFound(lead_id)
    return lead


def known_of(tx: Transaction, lead: Lead) -> Known:
    return tx.once(not_withdrawn(tx.find(Answer, "lead_id", lead.id)), Known.of)


def record_answer(tx: Transaction, lead: Lead, answer: Stated, *, by: str, known: Known | None = None) -> None:
    """Append a stated fact; the lead's own columns follow the answer that counts.

    `known`: all that is known with it, from who knows that already.
    """
    tx.add(Answer(lead_id=lead.id, **answer.as_kept()))
    lead.last_activity_at = tx.now
    if answer.topic in WHO_IT_IS:
        show(lead, known or known_of(tx, lead))
    if answer.topic is Topic.TIMEFRAME:
        watch_their_time(tx, lead)
    tx.record(AnswerGiven(lead_id=lead.id, by=by))


def show(lead: Lead, known: Known) -> None:
    """The lead's own columns say what is known of who it is."""
    company, contact = known.company or Company(), known.contact or Contact()
    lead.email, lead.phone = contact.email, contact.phone
    if (lead.company, lead.person) != (company.name, contact.name):
        lead.company, lead.person = company.name, contact.name
        lead.name_key = name_key(company.name, contact.name)
        lead.company_folded, lead.person_folded, lead.family_folded = folded(company.name, contact.name)


def record_activity(
    tx: Transaction,
    lead: Lead,
    kind: str,
    *,
    key: str,
    at: datetime | None = None,
    data: Mapping[str, Any] | None = None,
    starts_clocks: bool = True,
    is_new: bool = False,
) -> bool:
    """Something they did, at its own time; the same key counts once. Says whether it is new.

    A key names the lead, or something only this lead has. A late activity counts from when it happened (`at`),
    one that a machine did in their place (a mail proxy opening a picture) is kept and never counts (D5). `is_new`: the
    key was just made, or looked for already. Raises DataErased, IdOfAnotherKind.
    """
    living(tx, lead)
    behaviour = behaviour_of(tx, lead)
    may_be_a_repeat = not is_new and (behaviour.times(kind) or kind not in activities.OUR_OWN)
    if may_be_a_repeat and (known := tx.first(Activity, "key", key)) is not None:
        if known.kind != kind:
            raise activities.IdOfAnotherKind(known.kind, kind)
        return False
    when, facts = at or tx.now, dict(data or {})
    tx.add(Activity(lead_id=lead.id, kind=kind, key=key, data=facts, at=when, received_at=tx.now))
    if not facts.get(activities.BY_MACHINE):
        activities.keep(lead, behaviour.with_did(Did.of(kind, when, facts), tx.policy.memory), tx.policy)
        lead.last_activity_at = max(lead.last_activity_at, when)
        if starts_clocks and kind in CLOCKS_STARTED_BY:
            _see_segment(tx, lead)
            start_clocks(tx, lead, CLOCKS_STARTED_BY[kind], at=when)
    return True


def see_activity(tx: Transaction, lead: Lead, seen: activities.Seen) -> bool:
    """An activity told by a site, a mail tool, an import or a rep: recorded once by its source's own id, and judged.

    Says whether it is new. Raises UnknownKind, NotYetHappened, BeforeAnyLead, DataErased, IdOfAnotherKind.
    """
    activities.check(seen, tx.policy, now=tx.now)
    score = lead.score
    is_new = record_activity(tx, lead, seen.kind, key=seen.key(lead.id), at=seen.at or tx.now, data=seen.data)
    if is_new:
        reassess(tx, lead)
    if lead.score != score and lead.channel is not None:
        outbox.refresh(tx, lead.id)
    return is_new


def behaviour_of(tx: Transaction, lead: Lead) -> Behaviour:
    return activities.summed(lead, lambda: tx.find(Activity, "lead_id", lead.id), tx.policy)


def picture_of(tx: Transaction, lead: Lead) -> Picture:
    """What a lead is judged by: its answers, what it did, where it stands; `today` is the firm's own date."""
    return Picture(
        stage=Stage(lead.stage),
        since=lead.stage_since,
        known=known_of(tx, lead),
        behaviour=behaviour_of(tx, lead),
        origin=lead.origin,
        last_activity_at=lead.last_activity_at,
        now=tx.now,
        today=tx.here.date(),
    )


def judge(tx: Transaction, lead: Lead) -> Verdict:
    """Score, temperature and segment anew, without a move: for facts that must not ring by themselves (D9)."""
    judged = verdict(picture_of(tx, lead), tx.policy)
    lead.score, lead.temperature, lead.segment = judged.score, judged.temperature, judged.segment
    lead.judged_until = judged.stands_until
    if day := judged.comes_near_on:
        their_time.wait_until_near(tx, lead, day)
    return judged


def reassess(tx: Transaction, lead: Lead, *, was_promised: bool = False) -> None:
    """Judge the lead anew and make every move it has earned; each keeps its own reason (D1).

    `was_promised`: by what another record knew, which offers nobody anew whose deal was won or lost there.
    """
    judged, was_tql = judge(tx, lead), Stage(lead.stage) is Stage.TQL
    while not lead.do_not_contact and (earned := judged.earned_at(Stage(lead.stage), since=lead.stage_since)):
        stage, reason = earned
        advance(tx, lead, stage, by=POLICY, reason=reason, was_promised=was_promised)
    is_news = not (was_promised and is_decided(lead))
    offer(tx, lead, judged, anew=not was_tql and is_news)


def advance(tx: Transaction, lead: Lead, to: Stage, *, by: str, reason: Reason, was_promised: bool = False) -> None:
    """Move the lead; the first move to a qualified stage starts the follow-up (M92).

    `was_promised`: this person's first contact was promised already, on another record. Raises MoveNotAllowed,
    MayNotJudge.
    """
    step = move(Stage(lead.stage), to, reason=reason)
    _check_judge(tx, lead, to, by)
    starts_the_clock = not was_promised and _starts_the_clock(tx, lead, to)
    _take(tx, lead, step, by=by)
    if starts_the_clock:
        start_clocks(tx, lead, Starts.QUALIFIED)
    watch_their_time(tx, lead)


def carry_over(tx: Transaction, lead: Lead, to: Stage, *, by: str, reason: Reason, was_promised: bool) -> None:
    """The stage that another record of the same person has earned or was given: nobody judges anew, and who
    `was_promised` a first contact there is promised none here.
    """
    starts_the_clock = not was_promised and _starts_the_clock(tx, lead, to)
    while Stage(lead.stage) is not to:
        nearer = next(stage for stage in (to, Stage.SAL, Stage.TQL) if stage in ALLOWED_MOVES[Stage(lead.stage)])
        _take(tx, lead, move(Stage(lead.stage), nearer, reason=reason), by=by)
    if starts_the_clock:
        start_clocks(tx, lead, Starts.QUALIFIED)
    watch_their_time(tx, lead)


def _take(tx: Transaction, lead: Lead, step: Move, *, by: str) -> None:
    lead.stage, lead.stage_since = step.after, tx.now
    tx.record(
        StageMoved(
            lead_id=lead.id,
            by=by,
            before=step.before,
            after=step.after,
            rule=step.reason.rule,
            policy=step.reason.policy,
            evidence=step.reason.evidence,
            words=step.reason.words,
            score=lead.score,
        )
    )


def is_qualified(tx: Transaction, lead: Lead) -> bool:
    """Whether it stands where its segment's leads are called from (M92, D17, D19)."""
    return is_at_least(Stage(lead.stage), Stage(stages_for(tx, lead).qualified_from))


def stages_for(tx: Transaction, lead: Lead) -> Stages:
    """The rules of the stages as they stand for the lead's segment (D19)."""
    return tx.policy.in_segment(lead.segment).stages


def _check_judge(tx: Transaction, lead: Lead, to: Stage, by: str) -> None:
    """A person judges only what the policy lets people judge (M19, M20). Raises MayNotJudge."""
    judges = stages_for(tx, lead).judges.of(to)
    if by in OURSELVES or "rep" in judges:
        return
    rep = tx.peek(Rep, by)
    if "manager" not in judges or rep is None or rep.role == "rep":
        raise MayNotJudge(Stage(lead.stage), to)


def _starts_the_clock(tx: Transaction, lead: Lead, to: Stage) -> bool:
    """Whether this is the first move to a qualified stage; one contact after an earlier wish is enough (D9)."""
    if is_qualified(tx, lead) or not is_at_least(to, Stage(stages_for(tx, lead).qualified_from)):
        return False
    earlier = latest_follow_up_of(tx, lead)
    return earlier is None or earlier.status != Status.MET or earlier.started_at < lead.stage_since


def want_person(tx: Transaction, lead: Lead, *, words: str) -> None:
    """An explicit wish for a person starts the clock, whatever the stage; asking twice while it runs rings once (D9).

    Who asks again once they were called is owed another call, and the wish is news (M28).
    """
    if lead.wants_person_at is None or open_follow_up_of(tx, lead) is None:
        lead.wants_person_at = tx.now
        record_activity(tx, lead, "asked_for_person", key=f"person:{lead.id}:{tx.new_id()}", is_new=True)
        _see_segment(tx, lead)
        tx.record(PersonWanted(lead_id=lead.id, by=PROSPECT, words=words))
        start_clocks(tx, lead, Starts.QUALIFIED)
    reassess(tx, lead)


def want_document(tx: Transaction, lead: Lead, *, form: str) -> None:
    """They were promised a document that a person has to send: somebody hears of it, once a day for each form (M93).

    Also of who wants no contact: they asked for this one themselves, and a person decides what becomes of it (D26).
    """
    told = (row for row in tx.find(History, "lead_id", lead.id) if row.kind == kind_of(DocumentWanted))
    if not any(row.data["form"] == form and tx.now - row.at < A_DAY for row in told):
        tx.record(DocumentWanted(lead_id=lead.id, by=PROSPECT, form=form, opted_out=lead.do_not_contact))


def was_attended_to(tx: Transaction, lead: Lead) -> bool:
    """Whether the first contact they were promised is over, one way or the other, so that a wish is a new one (D9)."""
    promised = latest_follow_up_of(tx, lead)
    return promised is not None and promised.status != Status.OPEN and not lead.do_not_contact


def _see_segment(tx: Transaction, lead: Lead) -> None:
    """A clock that starts before the lead is judged runs by the rules for what is known by now (D19)."""
    lead.segment = tx.policy.segment_of(known_of(tx, lead), lead.origin)


def put_aside(tx: Transaction, lead: Lead, to: Stage, *, rule: str, by: str, words: str | None = None) -> None:
    """To NURTURE or DISQUALIFIED, and the clock stops: nobody owes this lead a call any more."""
    advance(tx, lead, to, by=by, reason=Reason(rule=rule, policy=tx.policy.version, words=words))
    cancel_follow_ups(tx, lead, reason=rule, by=by)


def opt_out(tx: Transaction, lead: Lead, *, words: str, by: str, deletion: bool = False) -> None:
    """They asked not to be contacted: said once, kept for good. Who asks for `deletion` later is told of as well, and
    so is who says it themselves after somebody else had written it down.
    """
    if lead.do_not_contact and not deletion and (by != PROSPECT or _said_so_themselves(tx, lead)):
        return
    tx.record(OptedOut(lead_id=lead.id, by=by, words=words, deletion=deletion))
    if lead.do_not_contact:
        return
    lead.do_not_contact = True
    cancel_follow_ups(tx, lead, reason="opted_out", by=by)
    if Stage(lead.stage) is not Stage.DISQUALIFIED:
        put_aside(tx, lead, Stage.DISQUALIFIED, rule="opted_out", words=words or None, by=by)


def _said_so_themselves(tx: Transaction, lead: Lead) -> bool:
    return any(row.kind == kind_of(OptedOut) and row.by == PROSPECT for row in tx.find(History, "lead_id", lead.id))


def watch_their_time(tx: Transaction, lead: Lead) -> None:
    """What the time they named has to say where the lead stands now."""
    their_time.watch(tx, lead, known_of(tx, lead).timeframe)
