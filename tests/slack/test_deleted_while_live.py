"""A prospect deletes their talk while a rep is in it: the rep is called, and hears that nothing reaches them any more."""

import pytest

from bot.person import erase_talk
from bot.sandbox.driver import all_words
from qualification import leads
from qualification.records import Lead
from qualification.store import Transaction
from tests.desk import LEADS, YUKI
from tests.slack.visit import Visit, taken_over


@pytest.mark.parametrize("is_known_from_elsewhere", [False, True])
async def test_a_rep_in_a_talk_that_is_deleted_is_called(visit: Visit, is_known_from_elsewhere: bool) -> None:
    yuki, bench = await taken_over(visit), visit.bench
    lead_id, card = visit.prospect.lead.id, visit.card
    if is_known_from_elsewhere:
        await bench.services.store.run(lambda tx: _also_comes_from_a_list(tx, lead_id))
    yuki.posts(LEADS, "見積りをこれからお送りします。", thread=card)
    await visit.settles()
    await bench.services.store.run(lambda tx: erase_talk(tx, visit.prospect.token))
    await visit.settles()

    (ring,) = [line for line in bench.thread(lead_id) if "会話の内容を削除されました" in line.text]
    assert f"<@{YUKI}>" in ring.text
    assert "手作業" not in all_words(ring.blocks)


async def test_nobody_is_called_when_a_talk_is_deleted_that_only_the_bot_was_in(visit: Visit) -> None:
    await visit.wants_a_person()
    lead_id = visit.prospect.lead.id
    await visit.bench.services.store.run(lambda tx: erase_talk(tx, visit.prospect.token))
    await visit.settles()
    assert not [line for line in visit.bench.thread(lead_id) if "会話の内容を削除されました" in line.text]


def _also_comes_from_a_list(tx: Transaction, lead_id: str) -> None:
    """What is known of them did not come from the talk alone."""
    lead = tx.get(Lead, lead_id)
    other = leads.capture(tx, language="ja", via="import")
    other.merged_into = lead.id
