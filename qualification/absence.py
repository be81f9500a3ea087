"""A rep is away until a day: from now on, what waits for them goes to whoever stands in (audience.py).

Leads stay theirs. For each of their leads on a clock, somebody hears at once that it is on its way past them.
"""

from datetime import date, datetime, time

from sqlmodel import col, select

from qualification.audience import is_away, standing_in_for
from qualification.events import OwnerAway
from qualification.followup import Status
from qualification.policy import OF_A_PERSON
from qualification.records import FollowUp, Lead, Rep
from qualification.store import Transaction


class BackInThePast(ValueError):
    """That day has passed already."""


class NoSuchRep(LookupError):
    """Nobody of this name or id has used Bantline in Slack yet."""


class SeveralReps(ValueError):
    """The name fits more than one rep."""


def rep_called(reps: list[Rep], name: str) -> Rep:
    """The rep with this id, or with this in their name. Raises NoSuchRep, SeveralReps; both name who there is."""
    wanted = "".join(name.split()).casefold()
    same = [rep for rep in reps if name == rep.id or wanted == "".join(rep.name.split()).casefold()]
    fits = same or [rep for rep in reps if wanted in "".join(rep.name.split()).casefold()]
    if not fits:
        known = ", ".join(f"{rep.name} ({rep.id})" for rep in reps) or "nobody yet"
        raise NoSuchRep(f"no rep {name!r}; known: {known}")
    if len(fits) > 1:
        raise SeveralReps(f"{name!r} fits {', '.join(f'{rep.name} ({rep.id})' for rep in fits)}; give the id")
    return fits[0]


def set_away(tx: Transaction, rep: Rep, *, until: date, by: str) -> datetime:
    """Away until this local day; gives the instant (UTC) of their return, when that day opens or the next one does.

    Raises BackInThePast.
    """
    own = f"{OF_A_PERSON}{rep.id}"
    hours = tx.policy.calendar(own)
    back_at = hours.next_opening(datetime.combine(until, time(), hours.zone))
    if back_at <= tx.now:
        raise BackInThePast(BackInThePast.__doc__)
    was_away = is_away(rep, tx.now)
    rep.away_until = back_at
    if not was_away:
        for lead_id in _leads_on_a_clock(tx, rep.id):
            _tell_who_stands_in(tx, tx.get(Lead, lead_id), back_at, by)
    return back_at


def come_back(rep: Rep) -> None:
    """Here again: the next step is theirs."""
    rep.away_until = None


def _leads_on_a_clock(tx: Transaction, rep_id: str) -> list[str]:
    waiting = (
        select(Lead.id)
        .join(FollowUp, col(FollowUp.lead_id) == col(Lead.id))
        .where(Lead.owner_id == rep_id, FollowUp.status == Status.OPEN)
        .distinct()
        .order_by(col(Lead.id))
    )
    return [row[0] for row in tx.select(waiting)]


def _tell_who_stands_in(tx: Transaction, lead: Lead, back_at: datetime, by: str) -> None:
    stand_in = standing_in_for(tx, lead)
    tx.record(
        OwnerAway(lead_id=lead.id, by=by, stands_in_for=stand_in.stands_in_for, people=stand_in.people, back_at=back_at)
    )
