"""A lead's history as the terminal tells it: a short line for each event, in Japanese and in English."""

import pytest

from bot.in_words.history import TOLD, History
from bot.words import Words
from qualification import ownership
from qualification.calls import Outcome
from qualification.deals import Result, Told, tell_result
from qualification.dossier import dossier_of
from qualification.duplicates import merge
from qualification.events import OPERATOR, Event, kind_of
from qualification.look import Look
from qualification.records import Lead
from tests.business import BUDGET, NEED, SATO, Business
from tests.clock import TOKYO

KINDS = sorted(kind_of(event) for event in Event.__subclasses__())


def told(firm: Business, lead: str, language: str) -> list[str]:
    policy, now = firm.store.policy, firm.clock()
    dossier = firm.store.read(lambda session: dossier_of(Look(session), lead, policy=policy, now=now))
    return History(dossier, Words(TOKYO), language, now).lines()


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "ja",
            [
                "2026-05-18 10:00  回答：ニーズ 課題あり「(said)」 — お客様",
                "2026-05-18 10:00  ステージ変更：TQL → SAL、営業が受け入れ — yuki",
                "2026-05-18 10:30  架電：つながった、12分「金曜に 訪問」 — yuki",
                "2026-05-18 10:30  商談結果：受注、300万円 — yuki",
            ],
        ),
        (
            "en",
            [
                '2026-05-18 10:00  Answer: Need Has a problem "(said)" - the prospect',
                "2026-05-18 10:00  Owner changed: nobody → yuki - yuki",
                '2026-05-18 10:30  Call: Connected, 12 min "金曜に 訪問" - yuki',
                "2026-05-18 10:30  Result: Deal won, ¥3 million - yuki",
            ],
        ),
    ],
)
def test_what_happened_is_told_in_short_lines(firm: Business, language: str, said: list[str]) -> None:
    lead = firm.qualified_lead(NEED, BUDGET, SATO)
    firm.does(ownership.claim, lead, by="yuki")
    firm.does(ownership.accept, lead, by="yuki")
    firm.clock.advance(minutes=30)
    firm.calls(lead, Outcome.CONNECTED, note="金曜に\n訪問", minutes=12)
    firm.does(tell_result, lead, Told(result=Result.WON, amount=3_000_000), by="yuki")

    lines = told(firm, lead, language)
    assert [line for line in said if line not in lines] == [], "\n".join(lines)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("ja", "リード → 対象外、別の記録と統合 {} — 運用担当"),
        ("en", "merged with another record {} - the operator"),
    ],
)
def test_the_other_of_two_merged_records_is_named_the_short_way_everywhere(
    firm: Business, language: str, said: str
) -> None:
    kept, other = firm.has_lead(), firm.has_lead()
    firm.store.run_here(lambda tx: merge(tx, tx.get(Lead, kept), tx.get(Lead, other), by=OPERATOR))

    lines = "\n".join(told(firm, other, language))
    assert said.format(kept[:10]) in lines
    assert kept not in lines
    assert other not in "\n".join(told(firm, kept, language))


@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_kind_of_event_has_a_name_in_both_languages(language: str) -> None:
    words = Words(TOKYO)
    assert [kind for kind in KINDS if words.label("event", kind, language) == kind.replace("_", " ")] == []
    assert [kind for kind in TOLD if kind not in KINDS] == []
