"""What will never arrive: messages a receiver refused for good, and alarms that reached nobody by any way.

    alarm refused by Slack       mailed to the managers: somebody heard
    mail refused as well         nobody heard; there is no further way round
    no mail set up               nobody heard

`/healthz` answers 503 for an hour after an alarm reached nobody, `bantline doctor` shows all of it for a week.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, func, or_
from sqlmodel import Session, col, select

from qualification.notices import ALARM, ALERT_MAIL, BURST
from qualification.outbox import OutboundStatus
from qualification.records import Outbound, is_written

STILL_NEWS = timedelta(days=7)  # what was given up before was looked at, or missed by nobody
STILL_AN_ALARM = timedelta(hours=1)  # long enough for every monitor; it cannot be mended, so it must not stay so
MOST_LOOKED_AT = 200
MOST_COUNTED = 10_000  # beyond, how many they are helps nobody
WAYS = (ALARM, BURST, ALERT_MAIL)
BY_MAIL = ":mail:"
"""Between an alarm's key and the address in the key of each mail that carries it to a manager."""
REROUTED = "rerouted"
"""In the receipt of an alarm that was not said in Slack, but goes by mail."""


@dataclass(frozen=True, kw_only=True)
class GivenUp:
    """Messages that will never arrive, given up since `since`: how many, and the first of them.

    `how_many` is counted to one more than the most that was asked for.
    """

    how_many: int
    since: datetime
    kind: str
    lead_id: str | None
    problem: str


def given_up(session: Session, *, now: datetime, most: int = MOST_COUNTED) -> GivenUp | None:
    """What was given up in the last seven days; None when nothing was."""
    lately = (is_written(Outbound.status, OutboundStatus.FAILED), col(Outbound.settled_at) > now - STILL_NEWS)
    first = session.exec(select(Outbound).where(*lately).order_by(col(Outbound.settled_at)).limit(1)).first()
    if first is None or first.settled_at is None:
        return None
    some = select(Outbound.settled_at).where(*lately).limit(most + 1).subquery()
    return GivenUp(
        how_many=session.exec(select(func.count()).select_from(some)).one(),
        since=first.settled_at,
        kind=first.kind,
        lead_id=first.lead_id,
        problem=(first.problem or "").partition("\n")[0],
    )


def unheard_alarms(session: Session, *, now: datetime) -> int:
    """Alarms of the last hour that were given up by every way they had; of the first 200 that were given up."""
    refused = session.exec(
        select(Outbound)
        .where(is_written(Outbound.status, OutboundStatus.FAILED), col(Outbound.settled_at) > now - STILL_AN_ALARM)
        .where(col(Outbound.kind).in_(WAYS), col(Outbound.receipt).is_(None))  # one that hangs was heard
        .order_by(col(Outbound.settled_at))
        .limit(MOST_LOOKED_AT)
    ).all()
    return len({_alarm_of(row.key) for row in refused} - _heard(session, refused)) if refused else 0


def _alarm_of(key: str) -> str:
    """The key of the alarm, given its own or that of a mail that carries it."""
    return key.partition(BY_MAIL)[0]


def _heard(session: Session, refused: Sequence[Outbound]) -> set[str]:
    """Alarms of these that arrived, or are still on their way, by one of their ways."""
    of_leads = col(Outbound.lead_id).in_({row.lead_id for row in refused if row.lead_id})
    of_many = and_(col(Outbound.lead_id).is_(None), col(Outbound.id) >= _first_way(session, refused))
    ways = select(Outbound.key, Outbound.receipt).where(
        or_(of_leads, of_many), col(Outbound.kind).in_(WAYS), col(Outbound.status) != OutboundStatus.FAILED
    )
    return {_alarm_of(key) for key, receipt in session.exec(ways) if REROUTED not in (receipt or {})}


def _first_way(session: Session, refused: Sequence[Outbound]) -> str:
    """The lowest id of all ways these alarms of many leads were tried; each began in Slack, its mails came after it."""
    alarms = {_alarm_of(row.key) for row in refused if row.lead_id is None}
    begun = session.exec(select(Outbound.id).where(col(Outbound.key).in_(alarms))).all()
    return min([*begun, *(row.id for row in refused)])
