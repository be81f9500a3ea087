"""What reps see in Slack of a person whose data was erased."""

from bot.person import erase_person
from bot.slack.records import SlackCard
from qualification.events import OPERATOR
from qualification.records import Lead
from tests.desk import Bench


async def test_the_card_of_an_erased_person_says_so_and_nothing_else(bench: Bench) -> None:
    lead_id = await bench.has_lead(company="アサヒ工業", owner="U0YUKI00001")
    assert any("アサヒ工業" in str(line.blocks) for line in [bench.card(lead_id)])
    place = bench.services.store.read(lambda session: session.get_one(SlackCard, lead_id))
    scripts = [line for line in bench.thread(lead_id) if line.ts == place.script_ts]

    await bench.services.store.run(lambda tx: erase_person(tx, tx.get(Lead, lead_id), by=OPERATOR))
    await bench.settle()

    card = bench.card(lead_id)
    assert "データ削除済み" in card.text
    assert "アサヒ" not in str(card.blocks)
    assert [block["type"] for block in card.blocks] == ["section"], "nothing to press"
    assert scripts
    assert not [line for line in bench.thread(lead_id) if line.ts == place.script_ts], "the talk script is taken back"
