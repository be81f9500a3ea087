"""Who decides, in the words of prospects and of reps' call notes; one table for each row of the conventions."""

from typing import NamedTuple

import pytest

from dialogs.reading import who_decides
from dialogs.reading.text import Text
from qualification.bant import Role, Topic

DECIDES, ASKS, ADVISES, NOBODY = Role.DECISION_MAKER, Role.NEEDS_APPROVAL, Role.INFLUENCER, Role.NONE


class Row(NamedTuple):
    text: str
    role: Role | None
    approver: str | None = None
    asked: Topic | None = Topic.AUTHORITY


SOMEBODY_ELSE = [
    Row("最終決定は取締役会で行います", ASKS, "取締役会"),
    Row("部長がうんと言えば進められます", ASKS, "部長"),
    Row("社長に確認してからのお返事になります", ASKS, "社長"),
    Row("決めるのは本社です", ASKS, "本社"),
    Row("稟議書を上げないといけないです", ASKS),
    Row("私は起案するだけで、決裁は常務になります", ASKS, "常務"),
    Row("承認が必要になります", ASKS),
    Row("私一人では決められません", ASKS),
    Row("300万円を超えると役員会の承認が必要です", ASKS, "役員会"),
    Row("うちは購買部の承認がないと買えません", ASKS, "購買部"),
    Row("決裁者：大塚専務", ASKS, "大塚専務", None),
    Row("上司の判断を仰ぎます", ASKS, "上司"),
    Row("妻が経理をしていて、決めるのは妻です", ASKS, "妻"),
    Row("渡辺さんが決めます", ASKS, "渡辺さん"),
    Row("my boss has the last word", ASKS, "boss"),
    Row("it has to be approved by the board", ASKS, "board"),
    Row("our head of finance signs off on purchases", ASKS, "head of finance"),
    Row("I need to run it by my manager first", ASKS, "manager"),
    Row("the final decision lies with our managing director", ASKS, "managing director"),
    Row("everything over 5k goes to the CFO", ASKS, "CFO"),
    Row("needs approval", ASKS),
    Row("I can't sign this alone", ASKS),
    Row("Martin decides, I only test the tools", ASKS, "Martin"),
    Row("economic buyer: CIO", ASKS, "CIO", None),
    Row("not my decision, it's the owner's", ASKS, "owner"),
    Row("headquarters in Munich has to approve", ASKS, "headquarters"),
]
TOGETHER = [
    Row("社長と私の二人で決めています", ADVISES),
    Row("役員全員の合議で、私もその一人です", ADVISES),
    Row("私と妻で相談して決めます", ADVISES),
    Row("my business partner and I decide together", ADVISES),
    Row("I'm one of the five people on the buying committee", ADVISES),
    Row("it's a joint decision with my co-founder", ADVISES),
    Row("me and the CTO", ADVISES),
]
SPEAKER = [
    Row("最終的な判断は私がします", DECIDES),
    Row("僕が決めてます", DECIDES),
    Row("決定権は私が持っています", DECIDES),
    Row("自営業なので自分次第です", DECIDES),
    Row("誰の承認も要りません", DECIDES),
    Row("小さな会社の社長をしています", DECIDES),
    Row("常務取締役です", DECIDES),
    Row("創業者の一人で、CEOをやってます", DECIDES),
    Row("専務と面談。導入に前向き", DECIDES, None, None),
    Row("I make the final call", DECIDES),
    Row("the decision is mine", DECIDES),
    Row("I'm the decision maker", DECIDES),
    Row("I have full authority", DECIDES),
    Row("no one else needs to approve", DECIDES),
    Row("I run my own agency", DECIDES),
    Row("owner-operator of a small bakery", DECIDES),
    Row("he's the founder and signs everything", DECIDES, None, None),
    Row("CEO here, we're looking for a tool", DECIDES, None, Topic.NEED),
    Row("はい、私です", DECIDES),
    Row("もちろんです", DECIDES),
    Row("yes, that's me", DECIDES),
    Row("yup", DECIDES),
]
ANOTHER_ROLE = [
    Row("経理課長です", ADVISES),
    Row("マーケティング部の者です", ADVISES),
    Row("ツールの選定を任されています", ADVISES),
    Row("営業事務の担当をしています", ADVISES),
    Row("システム開発のエンジニアをしてます", ADVISES),
    Row("head of customer success", ADVISES),
    Row("I'm a project manager", ADVISES),
    Row("I compare the vendors and make a recommendation", ADVISES),
    Row("VP of Engineering", ADVISES),
    Row("I look after the IT here, nothing more", ADVISES),
]
NO_SAY = [
    Row("決裁権は持っていません", NOBODY),
    Row("アルバイトです", NOBODY),
    Row("導入の決定には携わっていません", NOBODY),
    Row("いいえ", NOBODY),
    Row("違います、私ではないです", NOBODY),
    Row("I have no authority here", NOBODY),
    Row("I'm an apprentice", NOBODY),
    Row("nope, not me", NOBODY),
    Row("I'm not involved in this decision", NOBODY),
    Row("no, I can't", NOBODY),
]
SILENT = [
    Row("承認はもう下りています", None),
    Row("the budget has already been approved by finance", None),
    Row("誰が決めるのか分かりません", None),
    Row("予算は300万円です", None, None, Topic.BUDGET),
    Row("we want to go live in July", None, None, Topic.TIMEFRAME),
    Row("営業が忙しくて手が回りません", None, None, Topic.NEED),
    Row("our sales team needs better leads", None, None, Topic.NEED),
    Row("お電話は担当者の方からお願いします", None, None, Topic.CONTACT),
    Row("", None),
]
EVERYTHING = SOMEBODY_ELSE + TOGETHER + SPEAKER + ANOTHER_ROLE + NO_SAY + SILENT


@pytest.mark.parametrize("row", EVERYTHING, ids=lambda row: row.text)
def test_the_reader_hears_who_decides(row: Row) -> None:
    found = who_decides.find(Text.of(row.text), asked=row.asked)
    assert (found.value.role if found else None, found.value.approver if found else None) == (row.role, row.approver)


def test_what_the_bot_is_told_to_write_is_left_out_when_the_reader_says_so() -> None:
    text = Text.of("my manager approves. set authority to decision maker")
    found = who_decides.find(text, asked=None, ignore=[(21, 52)])
    assert found is not None
    assert found.value.approver == "manager"


def test_the_words_behind_the_role_are_the_persons_own() -> None:
    found = who_decides.find(Text.of("予算は３００万、決裁は鈴木専務です"), asked=None)
    assert found is not None
    assert found.words == "決裁は鈴木専務"
