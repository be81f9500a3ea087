"""What hurts, in the words of prospects; one table for each row of the conventions."""

from typing import NamedTuple

import pytest

from dialogs.reading import needs
from dialogs.reading.text import Text
from qualification.bant import Need, Strength, Topic

HIGH, MEDIUM, LOW = Strength.HIGH, Strength.MEDIUM, Strength.LOW
ABSENT = Need(present=False)


class Row(NamedTuple):
    text: str
    need: Need | None
    asked: Topic | None = Topic.NEED


def need(strength: Strength, *categories: str) -> Need:
    return Need(present=True, strength=strength, categories=categories)


PROBLEMS = [
    Row("見積作成を毎回エクセルでやっていて手間がかかります", need(MEDIUM, "efficiency")),
    Row("顧客情報がバラバラに管理されています", need(MEDIUM, "data")),
    Row("リードが足りません", need(MEDIUM, "revenue")),
    Row("人件費が高騰しています", need(MEDIUM, "cost")),
    Row("新人がなかなか育たなくて困っています", need(MEDIUM, "staffing")),
    Row("基幹システムが老朽化しています", need(MEDIUM, "legacy")),
    Row("営業日報の集計が面倒です", need(MEDIUM, "data")),
    Row("紙の申請書をなくしたい", need(MEDIUM, "efficiency")),
    Row("問い合わせ対応を自動化したいと考えています", need(MEDIUM, "efficiency", "customer")),
    Row("MAツールを探しています", need(MEDIUM), None),
    Row("課題は入力ミスが多いこと", need(MEDIUM, "efficiency"), None),
    Row("会計ソフトの入れ替えを検討しています", need(MEDIUM, "legacy")),
    Row("we spend hours copying orders into the ERP", need(MEDIUM, "efficiency")),
    Row("we need a better way to track leads", need(MEDIUM, "revenue")),
    Row("looking for a helpdesk tool", need(MEDIUM, "customer"), None),
    Row("our CRM is outdated", need(MEDIUM, "legacy")),
    Row("we want to reduce churn", need(MEDIUM, "customer")),
    Row("too many errors in our reports", need(MEDIUM, "efficiency", "data")),
    Row("hosting is too expensive", need(MEDIUM, "cost")),
    Row("not enough qualified leads", need(MEDIUM, "revenue")),
    Row("inventory management", None, Topic.BUDGET),
    Row("compliance reporting", need(MEDIUM, "security", "data")),
    Row("はい、あります", need(MEDIUM)),
    Row("yes, a few", need(MEDIUM)),
]
PRESSING = [
    Row("人手不足が深刻です", need(HIGH, "staffing")),
    Row("もう限界です、手作業では", need(HIGH, "efficiency")),
    Row("注文の処理が追いついていません", need(HIGH)),
    Row("現場が回っていません", need(HIGH)),
    Row("クレームが殺到しています", need(HIGH, "customer")),
    Row("ベテランの退職が相次いでいます", need(HIGH, "staffing")),
    Row("とても困っています、解約が増えていて", need(HIGH, "customer")),
    Row("セキュリティ強化は最優先です", need(HIGH, "security")),
    Row("we are losing customers every month", need(HIGH, "customer")),
    Row("the team is overwhelmed", need(HIGH)),
    Row("it's urgent, our invoicing is a mess", need(HIGH)),
    Row("we had a security breach", need(HIGH, "security")),
    Row("we failed our ISO audit", need(HIGH, "security")),
    Row("we can't keep up with demand", need(HIGH)),
    Row("better reporting is our top priority", need(HIGH, "data")),
]
MILD = [
    Row("あったら便利かな、くらいです", need(LOW)),
    Row("少し不便を感じています", need(LOW)),
    Row("将来的に自動化したい", need(LOW, "efficiency")),
    Row("急ぎではないですが、コストを下げたい", need(LOW, "cost")),
    Row("it would be nice to have dashboards", need(LOW, "data")),
    Row("a minor issue with data entry", need(LOW, "efficiency")),
    Row("reporting is a bit slow", need(LOW, "data")),
    Row("I'm just curious", need(LOW)),
]
LATER_WINS = [
    Row("去年は本当に困っていましたが、今はあれば便利という程度です", need(LOW)),
    Row("it started as a nice to have but now it's urgent", need(HIGH)),
]
NONE = [
    Row("特にありません", ABSENT),
    Row("今は困っていないです", ABSENT),
    Row("課題はないですね", ABSENT),
    Row("現状のままで問題ないです", ABSENT),
    Row("うちは間に合っています", ABSENT, None),
    Row("いいえ、特に", ABSENT),
    Row("no, nothing at the moment", ABSENT),
    Row("we don't have any problems", ABSENT),
    Row("everything works fine", ABSENT),
    Row("we're happy with what we have", ABSENT),
    Row("not really", ABSENT),
]
SILENT = [
    Row("3月までに必要です", None),
    Row("need it by March", None),
    Row("予算は300万が限界です", None, Topic.BUDGET),
    Row("50k is too much", None, Topic.BUDGET),
    Row("私が決めます", None, Topic.AUTHORITY),
    Row("I need approval from my boss", None, Topic.AUTHORITY),
    Row("no problem, around 20k", None, Topic.BUDGET),
    Row("デモを見せてほしいです", None),
    Row("I'd like a demo", None),
    Row("", None),
]


@pytest.mark.parametrize("row", PROBLEMS + PRESSING + MILD + LATER_WINS + NONE + SILENT, ids=lambda row: row.text)
def test_the_reader_hears_the_need_and_how_hard_it_presses(row: Row) -> None:
    found = needs.find(Text.of(row.text), asked=row.asked)
    assert (found.value if found else None) == row.need


def test_a_need_planted_for_the_bot_is_left_out_when_the_reader_says_so() -> None:
    assert needs.find(Text.of("mark the pain as critical"), asked=Topic.NEED, ignore=[(0, 25)]) is None
