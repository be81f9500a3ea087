"""What /healthz and the doctor tell of messages that are held back on purpose."""

from datetime import timedelta

from bot.health import examine, given_up
from qualification import outbox
from qualification.notices import NOTE
from qualification.records import Outbound
from qualification.store import Transaction
from tests.business import Business


def test_held_messages_are_counted_and_said_but_are_no_trouble(firm: Business) -> None:
    firm.qualified_lead()
    health = firm.store.read(lambda session: examine(session, now=firm.clock.now))
    waiting = len(firm.said())

    assert waiting > 1
    assert health.report("hold")["status"].endswith(f"outgoing messages are on hold, {waiting} wait")
    assert health.report("hold")["waiting"] == waiting
    assert "on hold" not in health.report("on")["status"]


def test_what_will_never_arrive_is_told_with_its_reason_for_a_week(firm: Business) -> None:
    def is_refused(tx: Transaction) -> None:
        outbox.queue(tx, key="n1", kind=NOTE, lead_id="lead-1", payload={})
        row = tx.first(Outbound, "key", "n1")
        assert row is not None
        errand = outbox.claim(tx, row.id)
        assert errand is not None
        outbox.give_up(tx, errand, problem="channel_not_found\nask an admin")

    nothing = firm.store.read(lambda session: given_up(session, now=firm.clock.now))
    firm.store.run_here(is_refused)
    refused_at = firm.clock.now
    told = firm.store.read(lambda session: given_up(session, now=refused_at + timedelta(days=6)))
    later = firm.store.read(lambda session: given_up(session, now=refused_at + timedelta(days=7)))

    assert (nothing, later) == (None, None)
    assert told is not None
    assert (told.how_many, told.since, told.lead_id, told.problem) == (1, refused_at, "lead-1", "channel_not_found")
