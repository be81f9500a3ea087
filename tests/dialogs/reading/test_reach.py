"""How to reach whom, as prospects type it and reps note it down; one table for each row of the conventions."""

from dataclasses import replace
from typing import NamedTuple

import pytest

from dialogs.reading import reached
from dialogs.reading.text import Text
from qualification.bant import Contact, Topic


class Row(NamedTuple):
    text: str
    contact: Contact | None
    asked: Topic | None = Topic.CONTACT


def contact(name: str | None = None, email: str | None = None, phone: str | None = None) -> Contact:
    return Contact(name=name, email=email, phone=phone)


EMAILS = [
    Row("m.suzuki@example.co.jp", contact(email="m.suzuki@example.co.jp")),
    Row("メールアドレスは Info@Example.COM です", contact(email="info@example.com")),
    Row("hana (at) example.org", contact(email="hana@example.org")),
    Row("bob[at]example.com", contact(email="bob@example.com")),
    Row("my mail is tina at example.com", contact(email="tina@example.com")),
    Row("ken＠example.ne.jp", contact(email="ken@example.ne.jp")),
    Row("yuki＿01@example.jpまで", contact(email="yuki_01@example.jp")),
    Row("send it to first.last+crm@mail.example.co.uk, thanks", contact(email="first.last+crm@mail.example.co.uk")),
    Row("a.b@x.of.a.very.long.company-name.example", contact(email="a.b@x.of.a.very.long.company-name.example")),
    Row("reach me at o'brien@example.ie", contact(email="o'brien@example.ie")),
    Row("we need it live, jane@example.com", contact(email="jane@example.com"), Topic.TIMEFRAME),
]
PHONES = [
    Row("03-1234-5678", contact(phone="+81312345678")),
    Row("０９０ー１２３４ー５６７８", contact(phone="+819012345678")),
    Row("090 1234 5678", contact(phone="+819012345678")),
    Row("(06)6123-4567", contact(phone="+81661234567")),
    Row("09012345678です", contact(phone="+819012345678")),
    Row("携帯は9012345678です", contact(phone="+819012345678")),
    Row("+81-3-1234-5678", contact(phone="+81312345678")),
    Row("212-555-0187", contact(phone="+12125550187")),
    Row("1 (212) 555-0187", contact(phone="+12125550187")),
    Row("+44 20 7946 0018", contact(phone="+442079460018")),
    Row("+49 (0)30 901820", contact(phone="+4930901820")),
    Row("+234 1 555 0123", contact(phone="+23415550123")),
    Row("+61 2 5550 1234 is best", contact(phone="+61255501234")),
    Row("電話は050-1234-5678にお願いします", contact(phone="+815012345678")),
]
NAMES = [
    Row("近藤です", contact(name="近藤")),
    Row("中島 由美と申します", contact(name="中島 由美")),
    Row("お名前：松田さくら", contact(name="松田さくら")),
    Row("総務部長の長谷川です", contact(name="長谷川")),
    Row("株式会社ミナトの森です", contact(name="森")),
    Row("カルロス・メンデスです", contact(name="カルロス・メンデス")),
    Row("阿部係長と電話。来月導入", contact(name="阿部"), None),
    Row("村井様（部長）　前向き", contact(name="村井"), None),
    Row("my name is Emily Clark", contact(name="Emily Clark")),
    Row("I'm Tomás García", contact(name="Tomás García")),
    Row("this is Aiko speaking", contact(name="Aiko")),
    Row("Dr. Susan Wright", contact(name="Susan Wright")),
    Row("hi, Ben here", contact(name="Ben")),
    Row("spoke with Nina Patel, wants a quote", contact(name="Nina Patel"), None),
    Row("name: oliver stone", contact(name="oliver stone")),
]
TOGETHER = [
    Row("石井 健 / ishii@example.jp / 090-2222-3333", contact("石井 健", "ishii@example.jp", "+819022223333")),
    Row("Ana Silva, ana@example.pt, +351 21 123 4567", contact("Ana Silva", "ana@example.pt", "+351211234567")),
    Row("paul@example.com (Paul)", contact(name="Paul", email="paul@example.com")),
    Row("上野です。ueno@example.jp", contact("上野", "ueno@example.jp")),
]
NOT_THEIRS = [
    Row("御社のサポート窓口 0120-333-444 がつながりません", None, None),
    Row("I emailed support@vendor.example twice", None, None),
    Row("予算は10000000円です", None, Topic.BUDGET),
    Row("2026-05-14 10:00でお願いします", None, Topic.TIMEFRAME),
    Row("I work at example.com", None),
    Row("未定です", None),
    Row("部長です", None, Topic.AUTHORITY),
    Row("I'm the owner", None, Topic.AUTHORITY),
    Row("I'm not sure", None),
    Row("no thanks", None),
    Row("教えたくないです", None),
    Row("決裁者：高橋CFO", None, None),
    Row("", None),
]


@pytest.mark.parametrize("row", EMAILS + PHONES + NAMES + TOGETHER + NOT_THEIRS, ids=lambda row: row.text)
def test_the_reader_hears_how_to_reach_the_person(row: Row) -> None:
    found = reached.find(Text.of(row.text), asked=row.asked)
    assert (found.value if found else None) == row.contact


@pytest.mark.parametrize(
    ("written", "dialled"),
    [
        ("(212) 555-0147", "+12125550147"),
        ("503-555-0147", "+15035550147"),
        ("4155550132", "+14155550132"),
        ("9012345678", "+819012345678"),
        ("90-1234-5678", "+819012345678"),
    ],
)
def test_in_a_japanese_talk_only_a_mobile_without_its_zero_is_taken_for_a_japanese_number(
    written: str, dialled: str
) -> None:
    found = reached.find(replace(Text.of(written), language="ja"), asked=Topic.CONTACT)
    assert found is not None
    assert found.value == contact(phone=dialled)
