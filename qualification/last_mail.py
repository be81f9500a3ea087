"""When somebody last had a mail from us: who hears from us too often is lost (M105)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from qualification.look import Rows
from qualification.policy import Policy
from qualification.records import History, Lead

QUEUED, ACCEPTED, FAILED = "mail_queued", "mail_accepted", "mail_failed"


@dataclass(frozen=True, kw_only=True)
class LastMail:
    """When a rep sent it, and which."""

    at: datetime
    by: str

    def is_fresh(self, policy: Policy, now: datetime) -> bool:
        """Whether another is asked about first: within `contact.hours_between_mails`."""
        return now - self.at < timedelta(hours=policy.contact.hours_between_mails)


class WrittenLately(Exception):
    """This person had a mail a short time ago: whoever writes once more has to say so."""

    def __init__(self, last: LastMail) -> None:
        super().__init__(WrittenLately.__doc__)
        self.last = last


def last_mail(rows: Rows, lead: Lead) -> LastMail | None:
    """The latest personal mail to this person, by whatever record of theirs it went; None for none that left us.

    One that still waits for the mail server counts, one that it refused for good does not.
    """
    same_address = (row.id for row in rows.find(Lead, "email", lead.email)) if lead.email else ()
    told = [line for lead_id in {lead.id, *same_address} for line in rows.find(History, "lead_id", lead_id)]
    waiting: list[LastMail] = []
    gone: list[LastMail] = []
    for line in sorted(told, key=lambda line: line.at):
        if line.kind == QUEUED:
            waiting.append(LastMail(at=line.at, by=line.by))
        elif line.kind in (ACCEPTED, FAILED) and waiting:  # the one that has waited longest
            settled = waiting.pop(0)
            gone += [settled] if line.kind == ACCEPTED else []
    return max((*gone, *waiting), key=lambda mail: mail.at, default=None)
