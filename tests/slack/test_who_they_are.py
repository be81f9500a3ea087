"""Who somebody is beside name and firm reaches a lead by what a rep writes down, and stands on its card."""

from zoneinfo import ZoneInfo

import pytest

from bot.slack.card import who_they_are
from bot.slack.hearing import heard_about, heard_in_note, stands_beside
from bot.slack.new_lead import heard_of, read_new
from bot.slack.voice import Voice
from bot.words import Words
from qualification.answers import Known, Stated
from qualification.bant import Company, Contact, Industry, Standing, Topic, Value
from tests.clock import MONDAY_TEN


def told(note: str) -> dict[Topic, Value]:
    return {fact.topic: fact.value for fact in heard_in_note(note, now=MONDAY_TEN)}


def test_a_call_note_tells_the_title_of_whom_the_rep_spoke_with() -> None:
    contact = told("株式会社アサヒ 情報システム部の佐藤部長と通話。3か月以内に導入したい")[Topic.CONTACT]
    assert isinstance(contact, Contact)
    assert (contact.name, contact.title) == ("佐藤", "部長")


@pytest.mark.parametrize(
    ("note", "topic", "value"),
    [
        ("学生です。卒論のため", Topic.CONTACT, Contact(standing=Standing.STUDENT)),
        ("製造業です。3か月以内に導入したい", Topic.COMPANY, Company(industry=Industry.MANUFACTURING)),
    ],
)
def test_what_stands_beside_no_name_fills_no_field(note: str, topic: Topic, value: Value) -> None:
    facts = {fact.topic: fact for fact in heard_in_note(note, now=MONDAY_TEN)}
    assert facts[topic].value == value
    assert stands_beside(facts[topic])


def test_the_field_of_the_firm_takes_its_line_of_business() -> None:
    heard = heard_about(Topic.COMPANY, "株式会社アサヒ、製造業、50名", now=MONDAY_TEN)
    assert isinstance(heard.value, Company)
    assert (heard.value.name, heard.value.industry) == ("株式会社アサヒ", Industry.MANUFACTURING)


def test_a_lead_made_in_slack_keeps_its_line_of_business_beside_the_name_that_was_given() -> None:
    facts = heard_of(read_new("Jane Doe, Asahi Tools, we're a manufacturer, needs a CRM by May"), now=MONDAY_TEN)
    assert Company(industry=Industry.MANUFACTURING) in [fact.value for fact in facts]


@pytest.mark.parametrize(
    ("language", "shown"), [("ja", "製造業 ・ 部長 ・ 学生として"), ("en", "Manufacturing · 部長")]
)
def test_the_card_shows_who_they_are_in_one_line(language: str, shown: str) -> None:
    voice = Voice(words=Words(ZoneInfo("Asia/Tokyo"), company="Example"), language=language, now=MONDAY_TEN)
    values: tuple[Value, ...] = (
        Company(industry=Industry.MANUFACTURING),
        Contact(title="部長", standing=Standing.STUDENT),
    )
    topics = (Topic.COMPANY, Topic.CONTACT)
    known = Known.said(
        Stated(topic=topic, value=value, words="", certainty=1.0, said_by="yuki", via="call", at=MONDAY_TEN)
        for topic, value in zip(topics, values, strict=True)
    )
    assert who_they_are(known, voice).startswith(shown)
    assert who_they_are(Known(), voice) == ""
