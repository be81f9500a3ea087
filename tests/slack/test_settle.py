"""Two answers that do not agree are settled by one press on the card, whichever of them is right (D22)."""

from decimal import Decimal

import pytest

from bot.sandbox.driver import all_words
from bot.web.forms import Answer, take
from qualification.answers import PROSPECT
from qualification.bant import Budget, Topic
from qualification.dossier import Dossier
from qualification.records import Lead
from tests.desk import KEN, YUKI, Bench, say

FIVE = Budget(minimum=5_000_000, maximum=5_000_000, currency="JPY")


async def disputed(bench: Bench, *, owner: str = YUKI) -> str:
    """The prospect said 3 million, the rep noted 5."""
    lead_id = await bench.has_lead(knows_all=True, owner=owner)
    bench.clock.advance(minutes=1)
    await bench.services.store.run(
        lambda tx: say(tx, tx.get(Lead, lead_id), Topic.BUDGET, FIVE, "500万円とのこと", by=owner)
    )
    bench.clock.advance(minutes=1)
    await bench.settle()
    return lead_id


def budgets(dossier: Dossier) -> list[tuple[str, int | Decimal | None]]:
    told = [(answer.said_by, answer.value) for answer in dossier.known.stated]
    return [(who, value.maximum) for who, value in told if isinstance(value, Budget)]


@pytest.mark.parametrize(
    ("pressed", "counts"),
    [("「300万円」が正しい", 3_000_000), ("「500万円」が正しい", 5_000_000)],
    ids=["the prospect was right", "the note was right"],
)
async def test_a_rep_says_by_one_press_which_of_two_answers_is_right(bench: Bench, pressed: str, counts: int) -> None:
    lead_id = await disputed(bench)
    await bench.person("yuki").clicks(pressed, on=bench.card(lead_id))
    await bench.settle()

    dossier = await bench.dossier(lead_id)
    assert dossier.known.conflicts == ()
    assert budgets(dossier) == [(PROSPECT, 3_000_000), (YUKI, 5_000_000), (YUKI, counts)], "what was said stays"
    assert "が正しい" not in all_words(bench.card(lead_id).blocks)
    assert "⚠" not in all_words(bench.card(lead_id).blocks)


async def test_what_a_form_said_under_their_address_is_taken_or_left_by_a_press(bench: Bench) -> None:
    lead_id = await bench.has_lead(knows_all=True, owner=YUKI)
    bench.clock.advance(minutes=1)
    typed = {"email": "taro@asahi.example", "company": "X", "budget": "800万円"}
    await take(bench.services, Answer(form="document", id="1", token="t" * 40, language="ja", fields=typed))
    await bench.settle()
    await bench.person("yuki").clicks("「800万円」が正しい", on=bench.card(lead_id))
    await bench.settle()
    known = (await bench.dossier(lead_id)).known
    assert (known.budget and known.budget.maximum, known.conflicts) == (8_000_000, ())


async def test_a_press_on_an_answer_that_has_changed_since_settles_nothing_and_says_so(bench: Bench) -> None:
    lead_id = await disputed(bench)
    as_it_hung = bench.card(lead_id)
    blocks = [dict(block) for block in as_it_hung.blocks]
    await bench.services.store.run(
        lambda tx: say(tx, tx.get(Lead, lead_id), Topic.BUDGET, Budget(minimum=1, maximum=1), "1円です")
    )
    await bench.settle()
    as_it_hung.blocks = blocks
    await bench.person("yuki").clicks("「300万円」が正しい", on=as_it_hung)
    await bench.settle()
    assert "すでに解決済みか、回答が変わっています" in bench.person("yuki").sees_privately("#leads")[-1].text
    assert (await bench.dossier(lead_id)).known.conflicts == (Topic.BUDGET,)


async def test_on_the_lead_of_a_colleague_nothing_is_settled(bench: Bench) -> None:
    lead_id = await disputed(bench, owner=KEN)
    await bench.person("yuki").clicks("「300万円」が正しい", on=bench.card(lead_id))
    await bench.settle()
    assert (await bench.dossier(lead_id)).known.conflicts == (Topic.BUDGET,)
