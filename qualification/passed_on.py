"""What other programs hear of a lead, beside the people in Slack: one table of events (M162).

    stage_moved  follow_up_met  follow_up_overdue  result_told  leads_merged  merge_undone  undone  lead_erased

Each is queued with its cause, as an errand of the kind "webhook". The row holds ids and words of ours alone: what is
known of the lead is put together when it leaves (bot/webhook/body.py), so that nothing waits there that may be erased
meanwhile.

A store that passes nothing on is opened with `notices.tell`, and nothing here runs.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from qualification import events, notices, outbox
from qualification.events import CLOCK, kind_of
from qualification.notices import Taker
from qualification.outbox import STEP, Message
from qualification.store import Transaction

WEBHOOK = "webhook"
OVERDUE = "follow_up_overdue"

# What tells one event from another of the same kind and instant: ids, and names of ours.
KNOWN_BY: Mapping[type[events.Event], Collection[str]] = {
    events.StageMoved: ("before", "after"),
    events.FollowUpMet: ("rule", "grade"),
    events.ResultTold: ("result",),
    events.LeadsMerged: ("merged_id",),
    events.MergeUndone: ("merged_id",),
    events.Undone: ("deed",),
    events.LeadErased: (),
}
NAMES = (*map(kind_of, KNOWN_BY), OVERDUE)


def tell(tx: Transaction, event: events.Event) -> None:
    """People are told as ever (`notices.tell`); what other programs hear of as well is queued in the same commit."""
    notices.tell(tx, event)
    known_by = KNOWN_BY.get(type(event))
    if known_by is not None:
        facts = event.facts()
        payload = _payload(event.kind, event.by, {name: facts[name] for name in known_by})
        outbox.queue(tx, key=None, kind=WEBHOOK, lead_id=event.lead_id, payload=payload)


def pass_on_steps(tx: Transaction, steps: Iterable[tuple[events.StepTaken, Sequence[Taker]]]) -> None:
    """Of steps of clocks that fell together: those taken from the due instant on, if this store passes on at all."""
    if not tx.is_told_by(tell):
        return
    said = [_overdue(step, clock) for step, clocks in steps if step.late and not step.again for clock in clocks]
    outbox.say_each(tx, said)


def _overdue(step: events.StepTaken, clock: Taker) -> Message:
    facts = {"follow_up_id": clock.clock_id, "rule": step.rule, "step": step.step}
    key = f"{WEBHOOK}:{notices.told_key(clock.clock_id, step.step)}"
    return Message(key=key, kind=WEBHOOK, lead_id=clock.lead_id, payload=_payload(OVERDUE, CLOCK, facts))


def _payload(name: str, by: str, facts: dict[str, Any]) -> dict[str, Any]:
    return {"event": name, "by": by, "facts": facts}


def line_of(name: str) -> str:
    """The kind under which the lead's history tells of an event of this name."""
    return STEP if name == OVERDUE else name
