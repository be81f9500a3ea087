"""How a receiver knows that a webhook is ours: what is signed, and that the old secret dies (S26 of docs/reliability.md)."""

from datetime import UTC, datetime

from bot.webhook.signature import signed
from qualification.store import Store
from tests.bot.webhooks.office import NEW_SECRET, SECRET, is_signed, office
from tests.business import Business
from tests.clock import Clock
from tests.program import Heard, Program


def test_the_signature_is_that_of_the_public_convention() -> None:
    """The example that the libraries of Standard Webhooks are tested with."""
    at = datetime.fromtimestamp(1614265330, UTC)
    headers = signed("msg_p5jXN8AQM9LWM0D4loKWxJek", b'{"test": 2432232314}', at=at, secrets=[SECRET])

    assert headers == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


async def test_a_receiver_verifies_what_is_ours_and_nothing_else(
    firm: Business, store: Store, clock: Clock, crm: Program
) -> None:
    firm.qualified_lead()
    async with office(store, clock, crm) as desk:
        await desk.ticks()

    (heard,) = crm.took
    assert is_signed(heard, SECRET, clock)
    assert not is_signed(heard, SECRET, clock, heard.body.replace(b"TQL", b"SQL"))
    assert not is_signed(heard, NEW_SECRET, clock)
    for forged in ({"webhook-id": "another"}, {"webhook-timestamp": str(int(clock.now.timestamp()) + 1)}):
        assert not is_signed(Heard(heard.headers | forged, heard.body), SECRET, clock), "both are signed"
    clock.advance(minutes=6)
    assert not is_signed(heard, SECRET, clock), "an old delivery played back"


async def test_during_the_overlap_both_secrets_verify_and_afterwards_the_old_one_is_dead(
    firm: Business, store: Store, clock: Clock, crm: Program
) -> None:
    verified = []
    for secrets in ((SECRET,), (NEW_SECRET, SECRET), (NEW_SECRET,)):
        firm.qualified_lead()
        async with office(store, clock, crm, *secrets) as desk:
            await desk.ticks()
        verified.append((is_signed(crm.took[-1], SECRET, clock), is_signed(crm.took[-1], NEW_SECRET, clock)))

    assert verified == [(True, False), (True, True), (False, True)]
