"""What /healthz and the doctor tell of messages that are held back on purpose."""

from bot.health import examine
from tests.business import Business


def test_held_messages_are_counted_and_said_but_are_no_trouble(firm: Business) -> None:
    firm.qualified_lead()
    health = firm.store.read(lambda session: examine(session, now=firm.clock.now))
    waiting = len(firm.said())

    assert waiting > 1
    assert health.report("hold")["status"].endswith(f"outgoing messages are on hold, {waiting} wait")
    assert health.report("hold")["waiting"] == waiting
    assert "on hold" not in health.report("on")["status"]
