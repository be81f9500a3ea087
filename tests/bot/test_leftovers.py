"""The worker throws away what has done its work, and nothing that somebody may still come back to."""

from bot.slack.records import SlackDraft, SlackInstallState
from bot.slack.workspaces import issue_state, spend_state
from bot.upkeep import leftovers
from bot.upkeep.leftovers import throw_away
from bot.upkeep.retention import Retention
from qualification.records import Inbound
from qualification.store import Store, Transaction
from tests.clock import Clock
from tests.qualification.databases import on_both_databases

pytestmark = on_both_databases


def a_note_is_typed(store: Store, key: str) -> None:
    fields = {"note": {"value": "Ms Sato decides alone"}}

    def keep(tx: Transaction) -> None:
        draft = tx.peek(SlackDraft, key) or tx.add(SlackDraft(key=key, lead_id="a-lead", fields=fields, at=tx.now))
        draft.at = tx.now

    store.run_here(keep)


def kept(store: Store, key: str) -> bool:
    return store.run_here(lambda tx: tx.peek(SlackDraft, key) is not None)


async def test_a_form_nobody_sent_in_is_gone_a_day_after_its_last_letter(store: Store, clock: Clock) -> None:
    a_note_is_typed(store, "closed")
    a_note_is_typed(store, "open")
    clock.advance(hours=23)
    a_note_is_typed(store, "open")
    assert await throw_away(store) == 0

    clock.advance(hours=2)
    assert await throw_away(store) == 1
    assert (kept(store, "closed"), kept(store, "open")) == (False, True)


async def test_a_repeat_is_known_for_a_month(store: Store, clock: Clock) -> None:
    def press(number: int) -> None:
        store.run_here(lambda tx: tx.add(Inbound(key=f"slack:press:{number}", answer={}, at=tx.now)))

    many = leftovers.MOST_AT_ONCE + 3
    for number in range(many):
        press(number)
    clock.advance(days=29)
    press(many)
    assert await throw_away(store) == 0

    clock.advance(days=2)
    assert await throw_away(store) == many
    assert store.run_here(lambda tx: tx.peek(Inbound, f"slack:press:{many}") is not None)


async def test_an_installation_nobody_finished_leaves_nothing_once_its_state_is_worth_nothing(
    store: Store, clock: Clock
) -> None:
    store.run_here(lambda tx: issue_state(tx, "begun"))
    await Retention(store).whole_pass()
    assert store.run_here(lambda tx: spend_state(tx, "begun")), "it could still be finished"

    clock.advance(minutes=11)
    await Retention(store).whole_pass()
    assert store.run_here(lambda tx: tx.peek(SlackInstallState, "begun")) is None
