"""Which company speaks and how many work there; one table for each row of the conventions."""

from typing import NamedTuple

import pytest

from dialogs.reading import firm
from dialogs.reading.text import Text
from qualification.bant import Company, Headcount, Topic


class Row(NamedTuple):
    text: str
    company: Company | None
    asked: Topic | None = Topic.COMPANY


def named(name: str, minimum: int | None = None, maximum: int | None = None) -> Company:
    count = None if minimum is None and maximum is None else Headcount(minimum=minimum, maximum=maximum)
    return Company(name=name, headcount=count)


def people(minimum: int | None, maximum: int | None) -> Company:
    return Company(headcount=Headcount(minimum=minimum, maximum=maximum))


NAMES = [
    Row("株式会社つばさ商会です", named("株式会社つばさ商会")),
    Row("青葉精工株式会社と申します", named("青葉精工株式会社")),
    Row("（株）ヒノキ", named("(株)ヒノキ")),
    Row("有限会社まるやまです、5名です", named("有限会社まるやま", 5, 5)),
    Row("一般社団法人みらい支援機構です", named("一般社団法人みらい支援機構")),
    Row("会社名はアクアテックです", named("アクアテック")),
    Row("弊社は合同会社サクラソフトです", named("合同会社サクラソフト")),
    Row("株式会社ポラリスの上原です", named("株式会社ポラリス"), Topic.CONTACT),
    Row("北斗物流の川島と申します", named("北斗物流"), Topic.CONTACT),
    Row("アスナロです", named("アスナロ")),
    Row("Brightwater Inc.", named("Brightwater Inc.")),
    Row("Kestrel & Sons Ltd", named("Kestrel & Sons Ltd")),
    Row("we're called Juniper Labs", named("Juniper Labs")),
    Row("I'm Jane from Acme", named("Acme"), Topic.CONTACT),
    Row("I work for Silverline Logistics", named("Silverline Logistics")),
    Row("Ocean Foods Co., Ltd.", named("Ocean Foods Co., Ltd.")),
    Row("Vega Systems GmbH, 45 people", named("Vega Systems GmbH", 45, 45)),
    Row("bluebird coffee", named("bluebird coffee")),
]
COUNTS = [
    Row("40人", people(40, 40)),
    Row("社員数は120名です", people(120, 120)),
    Row("約250名", people(250, 250)),
    Row("従業員は千人くらいいます", people(1000, 1000)),
    Row("100〜150名です", people(100, 150)),
    Row("30人から50人", people(30, 50)),
    Row("200名以上", people(200, None)),
    Row("20名未満", people(None, 20)),
    Row("数千人規模です", people(2000, 9000)),
    Row("一人会社です", people(1, 1)),
    Row("スタッフは15名おります", people(15, 15), None),
    Row("社員80名、予算500万", people(80, 80), None),
    Row("about 90 people", people(90, 90)),
    Row("we have 300 employees", people(300, 300), None),
    Row("between 20 and 30 staff", people(20, 30)),
    Row("at least 400 employees", people(400, None)),
    Row("fewer than 10 people", people(None, 10)),
    Row("1,200+ employees", people(1200, None)),
    Row("five hundred people", people(500, 500)),
    Row("only me", people(1, 1)),
    Row("a few hundred employees", people(200, 900)),
    Row("75", people(75, 75)),
]
NOT_THE_COMPANY = [
    Row("営業チームは12名です", None, None),
    Row("利用者は500人くらいを想定", None, None),
    Row("グループ全体で3000人、うちの会社は80人です", people(80, 80)),
    Row("ライセンスは50個、社員は200名", people(200, 200)),
    Row("our support team has 6 people", None, None),
    Row("20 users to start with", None, None),
    Row("we need 30 licences but the company has 200 employees", people(200, 200)),
    Row("three of us decide", None, Topic.AUTHORITY),
    Row("競合は株式会社ライバルです", None, None),
    Row("500万円です", None, Topic.BUDGET),
    Row("3人月くらい", None, Topic.BUDGET),
    Row("言えません", None),
    Row("I'd rather not say", None),
    Row("", None),
]


@pytest.mark.parametrize("row", NAMES + COUNTS + NOT_THE_COMPANY, ids=lambda row: row.text)
def test_the_reader_hears_which_company_speaks_and_how_large_it_is(row: Row) -> None:
    found = firm.find(Text.of(row.text), asked=row.asked)
    assert (found.value if found else None) == row.company
