"""Whose mail a person answers who stood on two records."""

import pytest

from qualification.replies import hear_reply, mail_accepted
from tests.business import SATO, Business


def mails(firm: Business, lead: str, by: str) -> None:
    firm.does(mail_accepted, lead, by=by, to="a@asahi.jp", subject="ご連絡", message_id=f"<{by}@asahi.jp>")


def answers(firm: Business, lead: str) -> list[str]:
    """They write in the chat; whose mails that answers."""
    firm.does(hear_reply, lead, to=None, detail="message 3")
    return [row.data["answered"] for row in firm.history(lead, "prospect_replied")]


def test_a_mail_to_the_other_record_may_be_answered_after_the_two_became_one(
    firm: Business, two: tuple[str, str]
) -> None:
    kept, other = two
    mails(firm, other, "ken")
    firm.merges(kept, other)
    assert answers(firm, kept) == ["ken"]
    assert answers(firm, kept) == ["ken"], "and once"


@pytest.mark.parametrize("later", ["kept", "other"])
def test_of_mails_to_both_the_later_is_answered(firm: Business, two: tuple[str, str], later: str) -> None:
    kept, other = two
    for lead, by in sorted([(other, "other"), (kept, "kept")], key=lambda one: one[1] == later):
        mails(firm, lead, by)
        firm.clock.advance(minutes=5)
    firm.merges(kept, other)
    assert answers(firm, kept) == [later]


def test_after_a_merge_is_taken_back_each_record_waits_for_the_answer_to_its_own_mail(
    firm: Business, two: tuple[str, str]
) -> None:
    kept, other = two
    mails(firm, other, "ken")
    firm.merges(kept, other)
    firm.parts(kept, other)
    assert answers(firm, kept) == []
    assert answers(firm, other) == ["ken"]


def test_what_was_answered_while_the_two_were_one_is_answered(firm: Business, two: tuple[str, str]) -> None:
    kept, other = two
    mails(firm, other, "ken")
    firm.merges(kept, other)
    assert answers(firm, kept) == ["ken"]
    firm.parts(kept, other)
    assert answers(firm, other) == []


def test_the_later_of_two_mails_is_found_through_records_that_were_merged_before(
    firm: Business, two: tuple[str, str]
) -> None:
    kept, other = two
    third, fourth = firm.has_lead(SATO), firm.has_lead(SATO)
    mails(firm, other, "ken")
    firm.clock.advance(minutes=5)
    mails(firm, fourth, "yuki")
    firm.merges(kept, other)
    firm.merges(third, fourth)
    firm.merges(kept, third)
    assert answers(firm, kept) == ["yuki"]


def test_a_later_mail_of_a_merged_record_counts_for_more_than_an_earlier_one_of_the_other_side(
    firm: Business, two: tuple[str, str]
) -> None:
    kept, other = two
    third = firm.has_lead(SATO)
    mails(firm, third, "yuki")
    firm.clock.advance(minutes=5)
    mails(firm, other, "ken")
    firm.merges(kept, other)
    firm.merges(kept, third)
    assert answers(firm, kept) == ["ken"]


def test_what_was_answered_while_the_two_were_one_stays_answered_though_another_mail_came_since(
    firm: Business, two: tuple[str, str]
) -> None:
    kept, other = two
    mails(firm, other, "ken")
    firm.merges(kept, other)
    assert answers(firm, kept) == ["ken"]
    mails(firm, kept, "yuki")
    firm.parts(kept, other)
    assert answers(firm, other) == []
    assert answers(firm, kept) == ["ken", "yuki"]


def test_a_mail_of_while_the_two_were_one_waits_for_its_answer_on_the_record_that_was_kept(
    firm: Business, two: tuple[str, str]
) -> None:
    kept, other = two
    mails(firm, other, "ken")
    firm.merges(kept, other)
    mails(firm, kept, "ken")
    firm.parts(kept, other)
    assert answers(firm, kept) == ["ken"]
