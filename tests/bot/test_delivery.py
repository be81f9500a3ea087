"""What waits is sent in order, once, and whatever a receiver does nothing is lost or forgotten."""

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from bot.delivery import TRIES_WHEN_BROKEN, Delivery, GiveUp, OutcomeUnknown, RetryLater, may_leave
from qualification import outbox
from qualification.events import MailAccepted
from qualification.notices import ALARM, ALERT_MAIL, MAIL, NOTE, RING, TROUBLE
from qualification.outbox import CARD, LEASE, Errand
from qualification.records import Outbound
from qualification.store import Store, Transaction
from tests.business import Business
from tests.clock import Clock
from tests.qualification.databases import on_both_databases, plan_of

KINDS = (CARD, NOTE, RING, ALARM, MAIL, ALERT_MAIL, TROUBLE)


UNTELLABLE = "there are no words for this"


@dataclass
class Receiver:
    """A hand-written outside: it answers as it is told, otherwise with a receipt."""

    answers: dict[str, list[Exception | None]] = field(default_factory=dict)
    got: list[str] = field(default_factory=list)
    asked_first: list[str] = field(default_factory=list)
    told_hopeless: list[tuple[str, str]] = field(default_factory=list)
    taken_back: list[str] = field(default_factory=list)
    looked_for_twins_of: list[str] = field(default_factory=list)
    settled_keys: list[str] = field(default_factory=list)
    doors: dict[str, asyncio.Event] = field(default_factory=dict)

    async def send(self, errand: Errand) -> dict[str, Any]:
        if errand.may_have_been_sent:
            self.asked_first.append(errand.key)
        self.got.append(errand.key)
        if door := self.doors.get(errand.key):
            await door.wait()
        answers = self.answers.get(errand.key, [])
        if answers and (problem := answers.pop(0)) is not None:
            raise problem
        return {"ts": f"{len(self.got)}.0"}

    def settled(self, tx: Transaction, errand: Errand, receipt: dict[str, Any]) -> None:
        self.settled_keys.append(errand.key)
        if errand.kind == MAIL and errand.lead_id:
            tx.record(
                MailAccepted(lead_id=errand.lead_id, by="yuki", to="a@b.jp", subject="s", message_id=str(receipt["ts"]))
            )

    async def came_twice(self, errand: Errand, receipt: dict[str, Any]) -> None:
        self.taken_back.append(receipt["ts"])

    async def may_have_come_twice(self, errand: Errand, receipt: dict[str, Any]) -> None:
        self.looked_for_twins_of.append(receipt["ts"])

    def gave_up(self, tx: Transaction, errand: Errand, problem: str) -> None:
        if problem == UNTELLABLE:
            raise KeyError(problem)
        self.told_hopeless.append((errand.key, problem))


@pytest.fixture
def receiver() -> Receiver:
    return Receiver()


@pytest.fixture
def delivery(store: Store, receiver: Receiver) -> Delivery:
    return Delivery(store, dict.fromkeys(KINDS, receiver))


def queue(store: Store, key: str, kind: str = NOTE, lead: str | None = "lead") -> None:
    store.run_here(lambda tx: outbox.queue(tx, key=key, kind=kind, lead_id=lead, payload={}))


def status(store: Store, key: str) -> str:
    row = store.run_here(lambda tx: tx.first(Outbound, "key", key))
    assert row is not None
    return row.status


async def everything_is_sent(delivery: Delivery) -> None:
    while await delivery.send_waiting():
        pass


@on_both_databases
async def test_the_messages_of_a_lead_leave_one_by_one_in_their_order(
    store: Store, delivery: Delivery, receiver: Receiver
) -> None:
    for number in range(5):
        queue(store, f"line {number}")

    assert await delivery.send_waiting() == 1
    await everything_is_sent(delivery)

    assert receiver.got == [f"line {number}" for number in range(5)]
    assert {status(store, f"line {number}") for number in range(5)} == {"sent"}


async def test_leads_do_not_wait_for_each_other(store: Store, delivery: Delivery, receiver: Receiver) -> None:
    receiver.doors["slow"] = asyncio.Event()
    queue(store, "slow", lead="one")
    queue(store, "quick", lead="two")

    await delivery.start_waiting()
    while "quick" not in receiver.settled_keys:
        await asyncio.sleep(0)
    assert status(store, "slow") == "sending"
    receiver.doors["slow"].set()
    await delivery.finish()
    assert status(store, "slow") == "sent"


@on_both_databases
async def test_a_message_put_off_is_not_overtaken_by_a_younger_one(
    store: Store, delivery: Delivery, receiver: Receiver, clock: Clock
) -> None:
    receiver.answers["first"] = [RetryLater("slow down", timedelta(seconds=30), counts=False)]
    queue(store, "first")
    queue(store, "second")

    await everything_is_sent(delivery)
    assert receiver.got == ["first"]
    clock.advance(seconds=30)
    await everything_is_sent(delivery)
    assert receiver.got == ["first", "first", "second"]


@pytest.mark.parametrize("kind", [ALARM, MAIL, ALERT_MAIL, TROUBLE])
async def test_an_alarm_and_a_mail_never_wait_for_a_card(
    firm: Business, store: Store, delivery: Delivery, receiver: Receiver, kind: str
) -> None:
    lead = firm.has_lead()
    receiver.answers["card"] = [RetryLater("channel is archived", timedelta(minutes=1), counts=False)]
    queue(store, "card", CARD, lead)
    await everything_is_sent(delivery)
    queue(store, "urgent", kind, lead)
    await everything_is_sent(delivery)

    assert status(store, "urgent") == "sent"
    assert status(store, "card") == "waiting"


async def test_before_its_time_nothing_is_asked_again(
    store: Store, delivery: Delivery, receiver: Receiver, clock: Clock
) -> None:
    receiver.answers["line"] = [RetryLater("wait", timedelta(seconds=30))]
    queue(store, "line")
    for _ in range(30):
        await everything_is_sent(delivery)
        clock.advance(seconds=1)
    assert receiver.got == ["line"]
    await everything_is_sent(delivery)
    assert receiver.got == ["line", "line"]


async def test_the_waits_grow_to_ten_minutes_and_no_further(
    store: Store, delivery: Delivery, receiver: Receiver, clock: Clock
) -> None:
    receiver.answers["line"] = [RetryLater("away")] * 40
    queue(store, "line")
    waits = []
    for _ in range(40):
        await everything_is_sent(delivery)
        row = store.run_here(lambda tx: tx.first(Outbound, "key", "line"))
        assert row is not None
        waits.append((row.due_at - clock.now).total_seconds())
        clock.now = row.due_at

    assert waits[:5] == [2, 4, 8, 16, 32]
    assert set(waits[9:]) == {600}
    assert sum(waits) > timedelta(hours=1).total_seconds(), "a receiver may be away for an hour (R10)"
    assert status(store, "line") == "waiting"


async def test_a_hopeless_errand_is_kept_and_a_person_is_told(
    store: Store, delivery: Delivery, receiver: Receiver
) -> None:
    receiver.answers["line"] = [GiveUp("no such channel")]
    queue(store, "line")
    queue(store, "next")
    await everything_is_sent(delivery)

    assert status(store, "line") == "failed"
    assert receiver.told_hopeless == [("line", "no such channel")]
    assert status(store, "next") == "sent"


async def test_what_nobody_can_be_told_of_is_given_up_all_the_same(
    store: Store, delivery: Delivery, receiver: Receiver
) -> None:
    receiver.answers["line"] = [GiveUp(UNTELLABLE)]
    queue(store, "line")
    queue(store, "next")
    await everything_is_sent(delivery)

    assert (status(store, "line"), status(store, "next")) == ("failed", "sent")


@on_both_databases
async def test_what_may_have_arrived_is_looked_for_after_its_lease_and_not_before(
    store: Store, delivery: Delivery, receiver: Receiver, clock: Clock
) -> None:
    receiver.answers["line"] = [OutcomeUnknown("the line broke")]
    queue(store, "line")
    queue(store, "next")
    await everything_is_sent(delivery)
    clock.now += LEASE - timedelta(seconds=1)
    await everything_is_sent(delivery)
    assert (receiver.got, receiver.asked_first) == (["line"], [])

    clock.advance(seconds=1)
    await everything_is_sent(delivery)
    assert (receiver.got, receiver.asked_first) == (["line", "line", "next"], ["line"])


async def test_an_errand_that_breaks_its_sender_is_parked_and_holds_nobody_up(
    store: Store, delivery: Delivery, receiver: Receiver, clock: Clock
) -> None:
    receiver.answers["poison"] = [KeyError("facts")] * 99
    queue(store, "poison")
    queue(store, "next")
    for _ in range(TRIES_WHEN_BROKEN):
        await everything_is_sent(delivery)
        clock.advance(minutes=10)
    await everything_is_sent(delivery)

    assert receiver.got.count("poison") == TRIES_WHEN_BROKEN
    assert receiver.told_hopeless == [("poison", "KeyError: 'facts'")]
    assert status(store, "next") == "sent"


async def test_an_arrival_is_recorded_in_the_commit_that_settles_it(
    firm: Business, delivery: Delivery, receiver: Receiver
) -> None:
    lead = firm.has_lead()
    queue(firm.store, "mail", MAIL, lead)
    await everything_is_sent(delivery)

    assert len(firm.history(lead, "mail_accepted")) == 1


async def test_a_late_second_settling_records_nothing_twice(
    firm: Business, delivery: Delivery, receiver: Receiver, clock: Clock
) -> None:
    """The first worker stood still past its lease; the second found the mail; then the first wakes up."""
    lead = firm.has_lead()
    queue(firm.store, "mail", MAIL, lead)
    receiver.doors["mail"] = asyncio.Event()
    await delivery.start_waiting()
    while not receiver.got:
        await asyncio.sleep(0)
    clock.now += LEASE
    other = Receiver()
    await everything_is_sent(Delivery(firm.store, {MAIL: other}))
    receiver.doors["mail"].set()
    await delivery.finish()

    assert (other.settled_keys, receiver.settled_keys) == (["mail"], [])
    assert len(firm.history(lead, "mail_accepted")) == 1


async def test_an_arrival_that_cannot_be_recorded_is_not_sent_again(
    store: Store, delivery: Delivery, receiver: Receiver, clock: Clock
) -> None:
    queue(store, "mail", MAIL, lead="nobody we know")
    await everything_is_sent(delivery)
    clock.advance(hours=1)
    await everything_is_sent(delivery)

    assert receiver.got == ["mail"]
    assert "it arrived, but could not be recorded" in receiver.told_hopeless[0][1]


async def test_many_leads_are_sent_to_at_once_but_not_too_many(
    store: Store, delivery: Delivery, receiver: Receiver
) -> None:
    for number in range(150):
        queue(store, f"line {number}", lead=f"lead {number}")

    assert await delivery.send_waiting() == 64
    await everything_is_sent(delivery)
    assert sorted(receiver.got) == sorted(f"line {number}" for number in range(150))


async def test_kinds_nobody_can_send_wait_without_harm(store: Store, receiver: Receiver) -> None:
    """Slack is not connected yet: its cards wait, mails leave."""
    queue(store, "card", CARD)
    queue(store, "mail", MAIL, lead=None)
    await everything_is_sent(Delivery(store, {MAIL: receiver}))

    assert (status(store, "card"), receiver.got) == ("waiting", ["mail"])


def test_the_sweep_reads_only_what_waits(store: Store, delivery: Delivery) -> None:
    """A long past costs nothing: SQLite answers from the index of what is not settled yet."""
    plan = plan_of(store, delivery._waiting)
    assert any("USING INDEX ix_outbox_waiting" in line for line in plan), plan


async def test_nothing_leaves_while_outbound_is_on_hold_and_nothing_is_lost(store: Store, receiver: Receiver) -> None:
    queue(store, "line")
    assert await Delivery(store, dict.fromkeys(KINDS, receiver), hold=True).send_waiting() == 0
    assert status(store, "line") == "waiting"

    await everything_is_sent(Delivery(store, dict.fromkeys(KINDS, receiver)))
    assert receiver.got == ["line"]


async def test_what_two_workers_sent_because_one_stood_still_is_taken_back_by_the_late_one(
    store: Store, delivery: Delivery, receiver: Receiver, clock: Clock
) -> None:
    """SIGSTOP in the middle of a post: the lease ran out, the other one did not find it and sent it too (R4)."""
    receiver.doors["line"] = asyncio.Event()
    queue(store, "line")
    await delivery.start_waiting()
    while not receiver.got:
        await asyncio.sleep(0)
    clock.now += LEASE + timedelta(seconds=1)
    quick = Receiver()
    await Delivery(store, dict.fromkeys(KINDS, quick)).send_waiting()
    receiver.got.append("another message of ours in between")
    receiver.doors["line"].set()
    await delivery.finish()

    assert (quick.got, receiver.taken_back) == (["line"], ["2.0"])


async def test_who_stood_still_in_a_post_that_was_never_answered_looks_for_a_twin_of_what_counts(
    store: Store, receiver: Receiver, clock: Clock
) -> None:
    """It may have spoken when it woke: the lease was over by then, and another one had sent it too (R4)."""
    short = timedelta(milliseconds=10)
    receiver.doors["line"], receiver.answers["line"] = asyncio.Event(), [OutcomeUnknown("the answer never came")]
    queue(store, "line")
    sleeper, other = Delivery(store, {NOTE: receiver}, lease=short), Receiver()
    await sleeper.start_waiting()
    while not receiver.got:
        await asyncio.sleep(0)
    clock.advance(seconds=1)
    await Delivery(store, {NOTE: other}, lease=short).send_waiting()
    receiver.doors["line"].set()
    await sleeper.finish()

    assert (other.got, receiver.looked_for_twins_of) == (["line"], ["1.0", "1.0"]), "at once, and when history has it"


async def test_what_was_kept_back_because_its_lease_ran_out_is_sent_at_once_under_a_new_one(
    store: Store, delivery: Delivery, receiver: Receiver, clock: Clock
) -> None:
    queue(store, "line")
    errand = store.run_here(lambda tx: outbox.claim(tx, first_of(tx, "line").id))
    assert errand is not None
    clock.now += LEASE / 2
    with pytest.raises(RetryLater) as kept_back:
        may_leave(errand, store.clock)
    receiver.answers["line"] = [kept_back.value]
    clock.now += LEASE
    await everything_is_sent(delivery)

    attempts = store.run_here(lambda tx: first_of(tx, "line").attempts)
    assert (receiver.got, status(store, "line"), attempts) == (["line", "line"], "sent", 2)


def test_a_claim_that_ran_out_changes_nothing_any_more(store: Store, clock: Clock) -> None:
    """Also when the row looks as it did: sent, wanted again, and taken for the first time by somebody else."""
    queue(store, "line")
    first = store.run_here(lambda tx: outbox.claim(tx, first_of(tx, "line").id))
    assert first is not None
    clock.now += LEASE

    def taken_up(tx: Transaction) -> None:
        again = outbox.claim(tx, first.id)
        assert again is not None
        outbox.settle(tx, again, {"ts": "1"})
        outbox.send_again(tx, "line")
        outbox.claim(tx, first.id)

    store.run_here(taken_up)
    store.run_here(lambda tx: outbox.put_off(tx, first, problem="slack: 429", wait=timedelta(0)))
    assert status(store, "line") == "sending"


def first_of(tx: Transaction, key: str) -> Outbound:
    row = tx.first(Outbound, "key", key)
    assert row is not None
    return row
