"""How quickly they answer us: a quick answer to our contact is a positive signal (M34).

    our try -- their answer --> answered_us, with the minutes of working time between the two

An answer is contact that reaches them or more (D11): a call they take, a reply a rep logs, a word in the chat after a
rep's mail or lines. Whoever asks to be left alone has answered, and it is no good sign.

Time is counted in working time, on the calendar the lead's clocks count on: a mail of Friday evening that is answered
on Monday morning was answered at once, as people answer when they work. Every begun minute counts. It is counted when
the answer comes and kept with it, so hours edited later make nobody slower (D13); how quick is quick, the policy says.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from qualification import leads
from qualification.behaviour import ANSWERED_US
from qualification.contact import Grade
from qualification.events import MailAccepted, kind_of
from qualification.hours.sheet import instant
from qualification.one_person import records_of
from qualification.records import Activity, History, Lead
from qualification.store import Transaction
from qualification.taken_back import still_said

MINUTE = timedelta(minutes=1)


def note_answer(tx: Transaction, lead: Lead, *, once: str = "", tried_at: datetime | None = None) -> None:
    """They answer now what we tried since their last answer: the first of our tries counts, so asking again and again
    makes nobody quick. Without any try that we know of, nobody knows how long it took.

    `tried_at`: a try that the history does not tell of (lines in the chat, the call they take now). Answers of one
    talk carry one name in `once`, and count as one.
    """
    tries = [at for at in (_first_try(tx, lead), tried_at) if at is not None]
    data = {"minutes": working_minutes(tx, lead, min(*tries, tx.now), tx.now)} if tries else {}
    leads.record_activity(tx, lead, ANSWERED_US, key=_key(once or tx.new_id()), data=data, is_new=True)


def is_noted(tx: Transaction, once: str) -> bool:
    """Whether an answer of this name is known already."""
    return tx.first(Activity, "key", _key(once)) is not None


def _key(name: str) -> str:
    return f"{ANSWERED_US}:{name}"


def working_minutes(tx: Transaction, lead: Lead, since: datetime, until: datetime) -> int:
    """The begun minutes of working time between two instants, as the lead's clocks count them."""
    hours = tx.policy.calendar(tx.policy.calendar_of(lead.owner_id, lead.language))
    return -(-hours.between(since, until) // MINUTE)


def _first_try(tx: Transaction, lead: Lead) -> datetime | None:
    """Our first call or mail since they answered last, on whichever record of this person."""
    tries = [at for record in records_of(tx, lead) for at in _tries_on(tx, record)]
    answered = leads.behaviour_of(tx, lead).latest((ANSWERED_US,))
    return min((at for at in tries if not answered or at > instant(answered[0])), default=None)


def _tries_on(tx: Transaction, record: Lead) -> Iterator[datetime]:
    """Calls they missed and mails; a call that was taken back never was."""
    history = tx.find(History, "lead_id", record.id)
    calls = still_said(history, "call_logged", deed="call", facts=lambda row: row.data)
    yield from (row.at for row in calls if row.data["grade"] == Grade.ATTEMPT)
    yield from (row.at for row in history if row.kind == kind_of(MailAccepted))
