"""A lead is found by the beginning of its names however many there are, and inside a word among the newest ones."""

import pytest

from bot.slack.search import find_leads
from qualification.bant import Company, Contact
from tests.business import Business
from tests.qualification.databases import on_both_databases

OLD = (
    ("株式会社アサヒ工業", "山田 太郎"),
    ("ﾐﾅﾄ物流(株)", "鈴木花子様"),
    ("Asahi Tools, Inc.", "Jane Doe"),
    ("100%_Growth", "Zoë Ångström"),
)


def firm_of_many(firm: Business) -> dict[str, str]:
    """Old leads, and newer ones before which they are looked through no more; the ids of the old ones by firm."""
    old = {}
    for company, person in OLD:
        old[company] = firm.has_lead(Company(name=company), Contact(name=person))
        firm.clock.advance(minutes=1)
    for number in range(3):
        firm.has_lead(Company(name=f"Newer {number}"), Contact(name="Someone Else"))
    return old


def found(firm: Business, text: str) -> list[str]:
    rows = firm.store.read(lambda session: find_leads(session, text, through=3))
    return [row.lead.company or "" for row in rows]


@on_both_databases
@pytest.mark.parametrize(
    ("typed", "company"),
    [
        ("アサヒ", "株式会社アサヒ工業"),
        ("あさひ", "株式会社アサヒ工業"),
        ("(株)アサヒ", "株式会社アサヒ工業"),
        ("山田太郎様", "株式会社アサヒ工業"),
        ("山田　アサヒ", "株式会社アサヒ工業"),
        ("みなと物流", "ﾐﾅﾄ物流(株)"),
        ("鈴木", "ﾐﾅﾄ物流(株)"),
        ("asahi", "Asahi Tools, Inc."),
        ("ＡＳＡＨＩ tools", "Asahi Tools, Inc."),
        ("jane d", "Asahi Tools, Inc."),
        ("doe", "Asahi Tools, Inc."),
        ("asahi doe", "Asahi Tools, Inc."),
        ("zoë", "100%_Growth"),
        ("100", "100%_Growth"),
    ],
)
def test_the_beginning_of_a_name_is_found_among_however_many(firm: Business, typed: str, company: str) -> None:
    firm_of_many(firm)
    assert found(firm, typed) == [company]


@on_both_databases
def test_the_middle_of_a_word_is_found_among_the_newest_alone(firm: Business) -> None:
    firm_of_many(firm)
    assert found(firm, "工業") == []
    assert len(found(firm, "ewer")) == 3
    assert found(firm, "%") == []


@on_both_databases
def test_a_firm_that_was_corrected_is_found_by_its_new_name_alone(firm: Business) -> None:
    lead = firm_of_many(firm)["株式会社アサヒ工業"]
    firm.talks_in_chat(lead, Company(name="北浜商店"))
    assert (found(firm, "北浜"), found(firm, "アサヒ"), found(firm, "山田")) == (["北浜商店"], [], ["北浜商店"])
    assert firm.lead(lead).company_folded == "北浜商店"


def test_a_lead_that_is_told_nothing_new_of_its_names_keeps_them_as_they_were(firm: Business) -> None:
    lead = firm_of_many(firm)["Asahi Tools, Inc."]
    before = firm.lead(lead)
    firm.talks_in_chat(lead, Contact(email="jane@asahi.example"))
    after = firm.lead(lead)
    assert after.email == "jane@asahi.example"
    assert (
        (after.person_folded, after.family_folded) == (before.person_folded, before.family_folded) == ("janedoe", "doe")
    )
