"""/lead by the keyboard: find, make, mine, help; and what a new lead is read from."""

import pytest

from bot.bootstrap import Services
from bot.in_words.why import why_json
from bot.sandbox.driver import all_words
from bot.slack.new_lead import NotALead, read_new
from bot.slack.queue import SHORT_ID
from bot.slack.search import find_leads
from qualification import leads
from qualification.bant import Company, Contact, Topic, Value
from qualification.events import StageMoved
from qualification.store import Transaction
from tests.desk import KEN, YUKI, Bench, qualified_lead, say

TIMES = 400


@pytest.mark.parametrize(
    ("text", "name", "company", "said"),
    [
        ("山田太郎、アサヒ 在庫管理に困っている", "山田太郎", "アサヒ", "在庫管理に困っている"),
        ("山田太郎, アサヒ　9月までに", "山田太郎", "アサヒ", "9月までに"),
        ("Jane Doe, Acme needs a CRM, budget $20k", "Jane Doe", "Acme", "needs a CRM, budget $20k"),
        ("Jane Doe, Acme Tools Inc, needs a CRM", "Jane Doe", "Acme Tools Inc", "needs a CRM"),
        ("Jane Doe, Acme Inc. wants it by March, $30k", "Jane Doe", "Acme Inc.", "wants it by March, $30k"),
        ('Jane Doe, "Acme Tools" needs a CRM', "Jane Doe", "Acme Tools", "needs a CRM"),
        ("山田、「株式会社 アサヒ」困っている", "山田", "株式会社 アサヒ", "困っている"),
        ("山田、アサヒ", "山田", "アサヒ", ""),
        ("山田太郎様、アサヒ 来月まで", "山田太郎", "アサヒ", "来月まで"),
        ("山田 さん、アサヒ", "山田", "アサヒ", ""),
        ("様、アサヒ", "様", "アサヒ", ""),
    ],
)
def test_a_new_lead_is_read_from_one_line(text: str, name: str, company: str, said: str) -> None:
    new = read_new(text)
    assert (new.name, new.company, new.said) == (name, company, said)


@pytest.mark.parametrize(
    "text", ["", "   ", "Jane Doe", "Jane Doe,", ", Acme needs", "Jane Doe, \u200b", "\u2060, Acme"]
)
def test_a_new_lead_needs_a_name_and_a_company(text: str) -> None:
    with pytest.raises(NotALead):
        read_new(text)


async def test_who_has_no_lead_of_their_own_is_told_how_to_look_at_all(bench: Bench) -> None:
    for name, words in (("yuki", "担当中のリードはありません"), ("ken", "no leads of your own")):
        await bench.person(name).slash("/lead", "mine")
        assert words in bench.person(name).sees_privately("#leads")[-1].text


async def test_a_rep_makes_a_lead_and_finds_it_again(bench: Bench) -> None:
    yuki = bench.person("yuki")
    await yuki.slash("/lead", "new 山田太郎、アサヒ 在庫管理に困っている。予算は300万円、9月までに導入したい")
    await bench.settle()
    (answer,) = yuki.sees_privately("#leads")
    assert answer.text.startswith("アサヒ 山田太郎様を登録しました。")
    lead_id = bench.services.store.read(lambda session: find_leads(session, "アサヒ"))[0].lead.id
    dossier = await bench.dossier(lead_id)
    assert dossier.lead.owner_id == YUKI
    assert dossier.lead.origin == "outbound"
    assert {answer.said_by for answer in dossier.known.stated} == {YUKI}
    assert dossier.known.unknown == (Topic.AUTHORITY,)
    assert "アサヒ 山田太郎様" in all_words(bench.card(lead_id).blocks)

    await yuki.slash("/lead", "find アサ")
    found = yuki.sees_privately("#leads")[-1]
    assert f"ID：{lead_id[:SHORT_ID]}" in all_words(found.blocks)
    await yuki.slash("/lead", f"find {lead_id[:SHORT_ID]}")
    assert "1件" in yuki.sees_privately("#leads")[-1].text


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("03-1234-5678", "アサヒ工業"),  # as the card shows it
        ("０３ー１２３４ー５６７８", "アサヒ工業"),
        ("0312345678", "アサヒ工業"),
        ("+81312345678", "アサヒ工業"),
        ("1234-5678", "アサヒ工業"),  # its end
        ("山田太郎", "アサヒ工業"),
        ("山田　太郎", "アサヒ工業"),
        ("山田様", "アサヒ工業"),
        ("アサヒ 山田", "アサヒ工業"),
        ("ｱｻﾋ", "アサヒ工業"),
        ("あさひ", "アサヒ工業"),
        ("佐藤 花子", "ACME Japan"),
        ("ＡＣＭＥ", "ACME Japan"),
        ("acme", "ACME Japan"),
        ("H@acme.example", "ACME Japan"),
        ("江", "江東 ソフト"),
        ("江東ソフト", "江東 ソフト"),  # of whom we know no name
        ("高橋一郎", "高橋 一郎"),  # of whom we know no firm
        ("㈱みなと物流", "㈱みなと物流"),
        ("株式会社みなと物流 鈴木様", "㈱みなと物流"),
        ("㈲山本", "㈲山本"),
        ("ＡＢＣ電気", "ＡＢＣ電気"),
        ("鈴木 03-9876-5432", "㈱みなと物流"),
        ("432", "㈱みなと物流"),
    ],
)
def test_a_rep_finds_a_lead_by_what_the_card_shows_and_however_it_is_typed(
    services: Services, typed: str, found: str
) -> None:
    def make(tx: Transaction) -> None:
        qualified_lead(tx, company="アサヒ工業", person="山田 太郎", phone="+81312345678")
        qualified_lead(
            tx, company="ACME Japan", person="佐藤花子", email="h@acme.example", phone="+819012345670", language="en"
        )
        qualified_lead(tx, company="㈱みなと物流", person="鈴木 次郎", email="s@minato.example", phone="+81398765432")
        alone: tuple[tuple[Topic, Value], ...] = (
            (Topic.COMPANY, Company(name="㈲山本")),
            (Topic.COMPANY, Company(name="ＡＢＣ電気")),
            (Topic.COMPANY, Company(name="江東 ソフト")),
            (Topic.CONTACT, Contact(name="高橋 一郎")),
        )
        for topic, value in alone:
            lead = leads.capture(tx, language="ja", via="chat")
            say(tx, lead, topic, value, "")

    services.store.run_here(make)
    shown = services.store.read(lambda session: find_leads(session, typed))
    assert [one.lead.company or one.lead.person for one in shown] == [found]


@pytest.mark.parametrize("typed", ["0---", "(0)  .", "%", "_"])
def test_signs_alone_find_nobody(services: Services, typed: str) -> None:
    services.store.run_here(lambda tx: qualified_lead(tx, phone="+81312345678"))
    assert services.store.read(lambda session: find_leads(session, typed)) == ()


async def test_a_firm_with_an_ampersand_is_kept_as_it_was_typed(bench: Bench) -> None:
    ken = bench.person("ken")
    await ken.slash("/lead", 'new Jane Doe, "R&D <Tools>" needs a CRM')
    (found,) = bench.services.store.read(lambda session: find_leads(session, "R&D"))
    assert found.lead.company == "R&D <Tools>"


async def test_find_takes_wildcards_literally(bench: Bench) -> None:
    await bench.has_lead()
    yuki = bench.person("yuki")
    for text in ("find %", "find _", "find \\", "find '; DROP TABLE lead; --"):
        await yuki.slash("/lead", text)
        assert yuki.sees_privately("#leads")[-1].text == "該当するリードがありません。"


async def test_mine_lists_the_most_urgent_first_with_time_left(bench: Bench) -> None:
    await bench.has_lead(company="先", owner=YUKI)
    bench.clock.advance(minutes=10)
    await bench.has_lead(company="後", owner=YUKI)
    yuki = bench.person("yuki")
    await yuki.slash("/lead", "mine")
    words = all_words(yuki.sees_privately("#leads")[-1].blocks)
    assert words.index("先 山田") < words.index("後 山田")
    assert "対応期限：本日13:00（残り2時間50分）" in words


@pytest.mark.parametrize("text", ["", "help", "HELP me"])
async def test_who_asks_for_help_gets_it_in_their_language(bench: Bench, text: str) -> None:
    ken = bench.person("ken")
    await ken.slash("/lead", text)
    assert ken.sees_privately("#leads")[-1].text.startswith("/lead find TEXT — by company")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("yuki", "「/lead dance」というコマンドはありません。お使いいただけるのは次のとおりです。\n/lead find ことば"),
        ("ken", "There is no command /lead dance. Here is what you can use:\n/lead find TEXT"),
    ],
)
async def test_an_unknown_command_is_named_before_the_help(bench: Bench, name: str, said: str) -> None:
    rep = bench.person(name)
    await rep.slash("/lead", "dance with me")
    assert rep.sees_privately("#leads")[-1].text.startswith(said)


@pytest.mark.parametrize("typed", ["why　{}", "ｗｈｙ {}", "why ID：{}", "why ID: {} 300万円", "why `{}`", "Why  {}　"])
async def test_what_a_japanese_keyboard_types_and_what_is_copied_from_a_list_is_understood(
    bench: Bench, typed: str
) -> None:
    lead_id = await bench.has_lead()
    yuki = bench.person("yuki")
    await yuki.slash("/lead", typed.format(lead_id[:SHORT_ID]))
    assert "ステージ TQL" in all_words(yuki.sees_privately("#leads")[-1].blocks)


async def test_a_deal_and_its_reason_may_be_parted_by_wide_blanks(bench: Bench) -> None:
    lead_id = await bench.has_lead(owner=YUKI)
    yuki = bench.person("yuki")
    await yuki.slash("/lead", f"won　{lead_id[:SHORT_ID]}　300万円　3年契約")
    assert yuki.sees_privately("#leads")[-1].text.startswith("アサヒ工業 山田 太郎様：受注（300万円）として")


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("yuki", "（現在のステージ：TQL）。先に必要なことは「/lead why ID」で"),
        ("ken", "this one is at TQL. /lead why ID shows what comes first."),
    ],
)
async def test_who_confirms_a_deal_before_anybody_has_accepted_it_reads_what_comes_first(
    bench: Bench, name: str, says: str
) -> None:
    rep = bench.person(name)
    lead_id = await bench.has_lead(owner=rep.id)
    await rep.slash("/lead", f"confirm {lead_id[:SHORT_ID]} they asked for the contract")
    assert says in rep.sees_privately("#leads")[-1].text


@pytest.mark.parametrize(
    ("name", "says"),
    [("yuki", "主担当は氏名未登録の担当者さんです"), ("ken", "belongs to a colleague we have no name for yet")],
)
async def test_a_refusal_names_no_owner_by_an_id(bench: Bench, name: str, says: str) -> None:
    lead_id = await bench.has_lead(owner="U0SOMEBODY1")
    await bench.person(name).slash("/lead", f"won {lead_id[:SHORT_ID]}")
    assert says in bench.person(name).sees_privately("#leads")[-1].text


@pytest.mark.parametrize("verb", ["find", "interview", "why", "reassign"])
@pytest.mark.parametrize(("name", "usage"), [("yuki", "使い方：/lead {verb} "), ("ken", "Usage: /lead {verb} ")])
async def test_a_command_without_its_words_is_answered_with_its_usage(
    bench: Bench, name: str, usage: str, verb: str
) -> None:
    rep = bench.person(name)
    await rep.slash("/lead", f"{verb} ")
    assert rep.sees_privately("#leads")[-1].text.startswith(usage.format(verb=verb))


async def test_how_to_make_a_lead_is_said_when_something_is_missing(bench: Bench) -> None:
    ken = bench.person("ken")
    await ken.slash("/lead", "new Jane Doe")
    assert "Usage: /lead new NAME, COMPANY" in ken.sees_privately("#leads")[-1].text


async def test_a_null_character_from_slack_is_kept_as_a_blank_for_postgresql_keeps_none(bench: Bench) -> None:
    await bench.person("ken").slash("/lead", "new Jane\x00Roe, Acme needs a CRM")
    (waiting,) = bench.services.store.read(lambda session: find_leads(session, "Acme"))
    assert waiting.lead.person == "Jane Roe"


async def test_a_command_delivered_twice_makes_one_lead(bench: Bench) -> None:
    bench.workspace.faults.repeat_next(2)
    await bench.person("ken").slash("/lead", "new Jane Doe, Acme needs a CRM")
    await bench.settle()
    found = bench.services.store.read(lambda session: find_leads(session, "Acme"))
    assert len(found) == 1


async def test_undo_by_the_keyboard_takes_back_what_i_did_last(bench: Bench) -> None:
    lead_id = await bench.has_lead()
    yuki = bench.person("yuki")
    await yuki.slash("/lead", "undo")
    assert yuki.sees_privately("#leads")[-1].text == "取り消せる操作はありません。"
    await yuki.clicks("担当する", on=bench.card(lead_id))
    await yuki.slash("/lead", "undo")
    assert yuki.sees_privately("#leads")[-1].text == "取り消しました：担当（アサヒ工業 山田 太郎様）"
    assert (await bench.dossier(lead_id)).lead.owner_id is None


async def test_reassign_by_the_keyboard_opens_the_form(bench: Bench) -> None:
    lead_id = await bench.has_lead(owner=YUKI)
    yuki = bench.person("yuki")
    await yuki.slash("/lead", f"reassign {lead_id[:SHORT_ID]}")
    assert await yuki.submits(await yuki.modal("担当を変更"), {"新しい主担当": KEN}) == {}
    assert (await bench.dossier(lead_id)).lead.owner_id == KEN


async def test_a_rep_asks_why_a_lead_stands_where_it_stands(bench: Bench) -> None:
    """M98, M103, M156, M158, N7."""
    lead_id = await bench.has_lead(owner=YUKI)
    yuki = bench.person("yuki")
    await yuki.slash("/lead", f"why {lead_id[:SHORT_ID]}")

    said = all_words(yuki.sees_privately("#leads")[-1].blocks)
    assert "スコア" in said
    assert "ステージ TQL" in said
    await yuki.clicks("受け入れる", on=bench.card(lead_id))
    await yuki.slash("/lead", f"why {lead_id[:SHORT_ID]}")
    said = all_words(yuki.sees_privately("#leads")[-1].blocks)
    assert "SAL：営業が受け入れ、山田 由紀" in said
    assert "（）" not in said, "a move that needs no evidence is told without brackets"
    await yuki.slash("/lead", "why")
    assert "/lead why" in yuki.sees_privately("#leads")[-1].text


@pytest.mark.parametrize(
    ("name", "says"),
    [("yuki", "SAL：営業が受け入れ、{}（取り消し済み）"), ("ken", "SAL: accepted by sales, by {}; taken back")],
)
async def test_a_move_that_was_taken_back_is_told_as_such(bench: Bench, name: str, says: str) -> None:
    rep = bench.person(name)
    await rep.slash("/lead", "mine")
    lead_id = await bench.has_lead(owner=rep.id)
    bench.clock.advance(minutes=1)
    await rep.clicks("受け入れる", on=bench.card(lead_id))
    await rep.slash("/lead", "undo")
    await rep.slash("/lead", f"why {lead_id[:SHORT_ID]}")

    dossier = await bench.dossier(lead_id)
    assert says.format(dossier.owner_name) in all_words(rep.sees_privately("#leads")[-1].blocks)
    told = why_json(dossier, bench.services.store.policy)["moves"]
    assert [(move["after"], move["undone"]) for move in told] == [("TQL", False), ("SAL", True)]


@pytest.mark.parametrize(
    ("name", "says"), [("yuki", "ここで{}行を省略しました"), ("ken", "{} lines are left out here")]
)
async def test_a_history_longer_than_a_message_is_told_with_what_is_left_out(
    bench: Bench, name: str, says: str
) -> None:
    """Slack takes some 13,000 letters of a message and refuses the whole of a longer one."""
    lead_id = await bench.has_lead()
    moved = StageMoved(
        lead_id=lead_id, by="clock", before="TQL", after="NURTURE", rule="trying_ended", policy="1", evidence=()
    )

    def come_and_go(tx: Transaction) -> None:
        for _ in range(TIMES):
            tx.record(moved)

    await bench.services.store.run(come_and_go)
    await bench.person(name).slash("/lead", f"why {lead_id[:SHORT_ID]}")

    said = bench.person(name).sees_privately("#leads")[-1].blocks
    lines = [line for block in said[1:] for line in block["text"]["text"].split("\n")]
    moves, gap = [line for line in lines if "NURTURE" in line], next(line for line in lines if "leads why" in line)
    assert 20 < len(moves) < TIMES
    assert says.format(TIMES - len(moves)) in gap
    assert f"bantline leads why {lead_id[:SHORT_ID]}" in gap
    assert "NURTURE" in lines[lines.index(gap) + 1], "the latest moves and the way on stand at the end"


async def test_everybody_reads_the_same_definition_in_slack(bench: Bench) -> None:
    """M26, M155."""
    yuki = bench.person("yuki")
    await yuki.slash("/lead", "rules")

    said = all_words(yuki.sees_privately("#leads")[-1].blocks)
    assert "60点以上かつ資料請求、または70点以上" in said
    assert "バージョン standard-1" in said
