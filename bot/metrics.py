"""What the program tells Prometheus about itself: how long people wait, how late the clock is, what is stuck.

Labels are kinds of ours, never a name, an address or an id: whoever reads a dashboard learns nothing about a person.
"""

from collections.abc import Callable
from datetime import datetime

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from sqlalchemy import select
from sqlmodel import Session

from bot.delivery import is_unsettled
from bot.health import Health, examine
from qualification.records import Outbound, Timer, is_written
from qualification.store import Store
from qualification.timers import TimerStatus
from qualification.writing.rows import table_of

QUICK = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0)
SIZES = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512)
LATE = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0, 60.0, 300.0, 3600.0)


class Metrics:
    """The numbers of one process. Those of the database (what is due, what waits to leave) are looked at when asked."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._answers = Histogram(
            "bantline_answer_seconds",
            "How long a request waited for its answer, by door; a chat message is one turn of an interview.",
            ("door", "status"),
            buckets=QUICK,
            registry=self._registry,
        )
        self._answers_of: dict[tuple[str, int], Histogram] = {}  # to look them up by their labels costs as much again
        self._batch = Histogram("bantline_commit_jobs", "Jobs in one commit.", buckets=SIZES, registry=self._registry)
        self._commit = Histogram(
            "bantline_commit_seconds", "How long one commit with its work took.", buckets=QUICK, registry=self._registry
        )
        self._late = Histogram(
            "bantline_clock_late_seconds",
            "How long after its due instant a timer was taken up.",
            buckets=LATE,
            registry=self._registry,
        )
        self._errands = Counter(
            "bantline_errands",
            "Messages to Slack and by mail, by kind and by what became of the attempt.",
            ("kind", "outcome"),
            registry=self._registry,
        )
        self._line = self._gauge("bantline_waiting_jobs", "Jobs in line for the writer.", "lane")
        self._heart = self._gauge(
            "bantline_heartbeat_age_seconds", "Since worker and auditor showed themselves.", "part"
        )
        self._overdue = self._gauge("bantline_clock_overdue_seconds", "How overdue the most overdue timer is; 0: none.")
        self._outbox_age = self._gauge("bantline_outbox_oldest_seconds", "Age of the oldest message on its way out.")
        self._outbox = self._gauge("bantline_outbox_messages", "Messages on their way out, counted to 10,001.")
        self._undelivered = self._gauge("bantline_undelivered_messages", "Urgent messages a receiver keeps refusing.")
        self._unheard = self._gauge("bantline_unheard_alarms", "Alarms of the last hour that reached nobody.")
        self._given_up = self._gauge("bantline_given_up_messages", "Messages refused for good in the last seven days.")

    def _gauge(self, name: str, help: str, *labels: str) -> Gauge:
        return Gauge(name, help, labels, registry=self._registry)

    # -- told as it happens ---------------------------------------------------------------------

    def answered(self, door: str, status: int, seconds: float) -> None:
        known = self._answers_of.get((door, status))
        if known is None:
            known = self._answers_of[door, status] = self._answers.labels(door, f"{status // 100}xx")
        known.observe(seconds)

    def committed(self, jobs: int, seconds: float) -> None:
        self._batch.observe(jobs)
        self._commit.observe(seconds)

    def took_up(self, seconds_late: float) -> None:
        self._late.observe(max(0.0, seconds_late))

    def tried(self, kind: str, outcome: str) -> None:
        """An attempt to deliver an errand: arrived, later, unknown, given_up, broken."""
        self._errands.labels(kind, outcome).inc()

    # -- looked at when asked -------------------------------------------------------------------

    async def exposed(self, store: Store, clock: Callable[[], datetime]) -> bytes:
        """Everything in Prometheus' text format. Raises Unavailable when the database is away."""
        await store.look(lambda session: self._look(session, clock()))
        for lane, length in store.waiting.items():
            self._line.labels(lane).set(length)
        return generate_latest(self._registry)

    def _look(self, session: Session, now: datetime) -> None:
        self._tell_health(examine(session, now=now))
        timer, outbound = table_of(Timer).c, table_of(Outbound).c
        due = select(timer.due_at).where(is_written(timer.status, TimerStatus.WAITING), timer.due_at <= now)
        self._overdue.set(_age(session.execute(due.order_by(timer.due_at).limit(1)).scalar(), now))
        out = select(outbound.created_at).where(is_unsettled(Outbound)).order_by(outbound.id).limit(1)
        self._outbox_age.set(_age(session.execute(out).scalar(), now))

    def _tell_health(self, health: Health) -> None:
        for part, seconds in (("worker", health.worker), ("auditor", health.auditor)):
            self._heart.labels(part).set(float("inf") if seconds is None else seconds)
        self._outbox.set(health.waiting)
        self._undelivered.set(health.undelivered)
        self._unheard.set(health.unheard)
        self._given_up.set(health.given_up)


def _age(at: datetime | None, now: datetime) -> float:
    return 0.0 if at is None else max(0.0, (now - at).total_seconds())
