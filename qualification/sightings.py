"""What a prospect who agreed to it looks at on our site, told by their own browser (M63-M70, M73, M74).

A browser can tell anything, so it may tell only what can happen on a page, nothing from long ago, and not for ever.
What lies before the first word of the lead counts for the score and starts no clock: nobody knew whom to call.
"""

from datetime import timedelta

from qualification import activities, leads, outbox
from qualification.activities import Seen
from qualification.behaviour import KINDS, ON_A_PAGE
from qualification.records import Activity, Lead
from qualification.store import Transaction

OLDEST = timedelta(days=90)
MOST = 2_000  # of one lead


class NothingSaidYet(Exception):
    """The prospect has not said anything yet; keep it until they have."""


class NotAgreed(Exception):
    """The prospect has not agreed to this."""


class NotOnAPage(ValueError):
    """No page can tell this: it is no activity of a site."""


class TooLongAgo(ValueError):
    """It lies more than 90 days back."""


class TooMany(ValueError):
    """A lead has at most 2,000 of these."""


def source_of(chat_id: str) -> str:
    """Under which name a chat's browser tells of its pages; what it told can be found and erased by it."""
    return f"site-{chat_id}"


def note(tx: Transaction, lead: Lead, seen: Seen) -> bool:
    """Keep it once; a longer stay on the same page replaces the shorter. Says whether anything is new.

    Raises NotOnAPage, TooLongAgo, TooMany, NotYetHappened.
    """
    told_by_pages = ON_A_PAGE | (set(tx.policy.activities.own) - KINDS)
    if seen.kind not in told_by_pages:
        raise NotOnAPage(NotOnAPage.__doc__)
    activities.check(seen, tx.policy, now=tx.now)
    at = min(seen.at or tx.now, tx.now)
    if at < tx.now - OLDEST:
        raise TooLongAgo(TooLongAgo.__doc__)
    key, score = seen.key(lead.id), lead.score
    behaviour = leads.behaviour_of(tx, lead)
    if sum(behaviour.times(kind) for kind in told_by_pages) >= MOST:
        raise TooMany(TooMany.__doc__)
    if (known := tx.first(Activity, "key", key)) is not None:
        is_new = _stay_longer(tx, lead, known, seen)
    else:
        after_the_first_word = at >= lead.created_at
        is_new = leads.record_activity(
            tx, lead, seen.kind, key=key, at=at, data=seen.data, starts_clocks=after_the_first_word
        )
    if is_new:
        leads.reassess(tx, lead)
    if lead.score != score and lead.channel is not None:
        outbox.refresh(tx, lead.id)
    return is_new


def _stay_longer(tx: Transaction, lead: Lead, known: Activity, seen: Seen) -> bool:
    if seen.data.get("seconds", 0) <= known.data.get("seconds", 0):
        return False
    known.data = {**known.data, "seconds": seen.data["seconds"]}
    _sum_anew(tx, lead)
    return True


def forget(tx: Transaction, lead: Lead, chat_id: str) -> None:
    """Everything the browser of this chat told, gone for good."""
    told = [row.key for row in tx.find(Activity, "lead_id", lead.id) if row.key.startswith(f"{source_of(chat_id)}:")]
    tx.delete(Activity, "key", *told)
    _sum_anew(tx, lead)


def _sum_anew(tx: Transaction, lead: Lead) -> None:
    activities.keep(lead, activities.sum_of(tx.find(Activity, "lead_id", lead.id), tx.policy), tx.policy)
