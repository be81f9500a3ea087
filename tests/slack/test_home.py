"""Home is the work queue: mine by time left, the free ones, and buttons that work there."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest

from bot.bootstrap import Services
from bot.sandbox.driver import all_words, pressable_labels
from bot.slack.home import page_in
from bot.slack.home_view import MINE, Page, home_facts
from bot.slack.queue import leads_of
from bot.slack.team import Who
from bot.slack.voice import Voice
from bot.words import Words
from qualification import deeds, leads
from qualification.calls import Call, Outcome, log_call
from qualification.deals import Result, Told, tell_result
from qualification.dossier import dossier_of
from qualification.followup import cancel_follow_ups
from qualification.look import LookNow
from qualification.records import Lead
from qualification.stages import Stage
from qualification.store import Transaction
from tests.business import Business
from tests.clock import Clock
from tests.desk import KEN, YUKI, Bench, open_bench, qualified_lead
from tests.qualification.databases import on_both_databases


async def test_home_shows_my_leads_by_time_left_and_the_free_ones(bench: Bench) -> None:
    await bench.has_lead(company="先", owner=YUKI)
    bench.clock.advance(minutes=10)
    await bench.has_lead(company="後", owner=YUKI)
    await bench.has_lead(company="人の", owner=KEN)
    await bench.has_lead(company="空き")
    yuki = bench.person("yuki")
    yuki.opens_home()
    home = await yuki.waits_for_home("空き 山田")
    words = all_words(home.blocks)
    assert words.index("先 山田") < words.index("後 山田") < words.index("空き 山田")
    assert "人の" not in words


@pytest.mark.parametrize(
    ("hours", "japanese", "english"), [(0, "期限内に対応", "Met in time"), (4, "期限後に対応", "Met late")]
)
async def test_a_lead_whose_follow_up_was_met_says_so_in_home_and_in_lists(
    bench: Bench, hours: int, japanese: str, english: str
) -> None:
    lead_id = await bench.has_lead(owner=YUKI)
    bench.clock.advance(hours=hours)
    yuki, ken = bench.person("yuki"), bench.person("ken")
    await yuki.clicks("架電を記録", on=bench.card(lead_id))
    await yuki.submits(await yuki.modal("架電を記録"), {"架電結果": "つながった"})
    await bench.settle()
    yuki.opens_home()
    await yuki.waits_for_home(f" ・ {japanese}")
    await yuki.slash("/lead", "mine")
    assert f" ・ {japanese}" in all_words(yuki.sees_privately("#leads")[-1].blocks)
    await ken.slash("/lead", "find アサヒ")
    assert f" · {english}" in all_words(ken.sees_privately("#leads")[-1].blocks)


async def test_what_still_runs_stands_before_what_was_met_and_what_was_closed(bench: Bench) -> None:
    met = await bench.has_lead(company="済み", owner=YUKI)
    bench.clock.advance(seconds=1)
    closed = await bench.has_lead(company="終わり", owner=YUKI)
    await bench.has_lead(company="これから", owner=YUKI)
    await bench.services.store.run(lambda tx: log_call(tx, tx.get(Lead, met), Call(outcome=Outcome.CONNECTED), by=YUKI))
    await bench.services.store.run(
        lambda tx: cancel_follow_ups(tx, tx.get(Lead, closed), by=YUKI, reason="disqualified")
    )
    yuki = bench.person("yuki")
    await yuki.slash("/lead", "mine")
    words = all_words(yuki.sees_privately("#leads")[-1].blocks)
    assert words.index("これから") < words.index("済み") < words.index("終わり")
    assert "フォロー終了" in words
    assert "フォローなし" not in words


async def test_home_does_not_say_that_nothing_waits_under_a_lead_that_waits_to_be_accepted(bench: Bench) -> None:
    yuki = bench.person("yuki")
    yuki.opens_home()
    assert "対応待ちのリードはありません。" in all_words((await yuki.waits_for_home("担当しているリード")).blocks)
    lead_id = await bench.has_lead(company="返事待ち", owner=YUKI)
    bench.clock.advance(hours=9)
    home = await yuki.waits_for_home("返事待ち")
    assert "受け入れ待ち" in all_words(home.blocks)
    assert "対応待ちのリードはありません。" not in all_words(home.blocks)
    await yuki.clicks("受け入れる", on=bench.card(lead_id))
    await bench.settle()
    await yuki.waits_for_home("担当しているリード")


async def test_a_claim_on_home_works_and_home_follows(bench: Bench) -> None:
    lead_id = await bench.has_lead(company="空き")
    ken = bench.person("ken")
    ken.opens_home()
    home = await ken.waits_for_home("空き")
    assert "Not claimed yet" in all_words(home.blocks)
    await ken.clicks("Claim", on=home)
    await bench.settle()
    assert (await bench.dossier(lead_id)).lead.owner_id == KEN
    await ken.waits_for_home("Log a call")


async def test_who_claims_on_home_too_late_gets_a_small_modal(bench: Bench) -> None:
    lead_id = await bench.has_lead(company="空き")
    ken = bench.person("ken")
    ken.opens_home()
    home = await ken.waits_for_home("空き")
    await bench.person("yuki").clicks("担当する", on=bench.card(lead_id))
    await ken.clicks("Claim", on=home)
    shown = await ken.modal()
    assert "山田 由紀 has already claimed this lead." in all_words(shown.blocks)


async def test_a_guest_who_opens_home_gets_none(bench: Bench) -> None:
    bench.person("guest").opens_home()
    await bench.settle()
    assert bench.person("guest").home is None


async def test_a_long_list_is_turned_page_by_page_and_stays_where_it_was_turned_to(bench: Bench) -> None:
    for number in range(20):
        await bench.services.store.run(partial(_lead, number))
        bench.clock.advance(seconds=1)
    yuki = bench.person("yuki")
    yuki.opens_home()
    home = await yuki.waits_for_home("会社0 ")
    assert len(home.blocks) <= 100
    assert "会社8 " not in all_words(home.blocks)
    await yuki.clicks("次へ", on=home)
    home = await yuki.waits_for_home("会社8 ")
    assert "会社0 " not in all_words(home.blocks)
    await yuki.clicks("次へ", on=home)
    home = await yuki.waits_for_home("会社19 ")
    assert "次へ" not in pressable_labels(home.blocks)
    await bench.has_lead(company="新しい")
    home = await yuki.waits_for_home("新しい")
    assert "会社19 " in all_words(home.blocks)
    yuki.opens_home()
    await yuki.waits_for_home("会社0 ")


def test_what_sales_is_not_asked_about_yet_stands_among_my_leads_by_urgency_on_every_page(firm: Business) -> None:
    """M39: two lists of the database are one on Home, and no lead is left out or shown twice between two pages."""
    policy = firm.store.policy.with_values({"stages": {"offer_when": "bant_rule"}})
    voice = Voice(words=Words(policy.working_hours.zone, company="Example"), language="ja", now=firm.clock.now)
    mine = []
    for number in range(20):
        firm.clock.advance(minutes=1)
        mine.append(firm.has_lead(stage=Stage.TQL if number % 3 else Stage.SAL, owner_id=YUKI))

    def page(number: int) -> Page:
        who, turned = Who(id=YUKI, is_manager=False), {MINE: number}
        facts = firm.store.read(lambda session: home_facts(session, who, turned, policy, voice))
        return next(page for page in facts.pages if page.name == MINE)

    pages = [page(number) for number in range(3)]
    assert [row.lead.id for page in pages for row in page.rows] == mine
    assert [page.has_more for page in pages] == [True, True, False]


@pytest.mark.parametrize("result", [Result.WON, Result.LOST])
@pytest.mark.parametrize("stage", [Stage.TQL, Stage.SAL, Stage.SQL])
def test_a_lead_whose_deal_is_over_is_on_home_no_more_until_something_is_owed_to_them_anew(
    firm: Business, stage: Stage, result: Result
) -> None:
    voice = Voice(words=Words(firm.store.policy.working_hours.zone, company="Example"), language="ja", now=firm.clock())
    mine, nobodys = firm.has_lead(stage=stage, owner_id=YUKI), firm.has_lead(stage=stage, channel="C1")

    def on_home() -> set[str]:
        who = Who(id=YUKI, is_manager=False)
        facts = firm.store.read(lambda session: home_facts(session, who, {}, firm.store.policy, voice))
        return {row.lead.id for page in facts.pages for row in page.rows}

    assert on_home() == {mine, nobodys}
    for lead in (mine, nobodys):
        firm.does(tell_result, lead, Told(result=result), by=YUKI)
    assert on_home() == set()
    is_offered = firm.store.run_here(lambda tx: dossier_of(tx, mine, policy=tx.policy, now=tx.now).is_offered)
    assert not is_offered, "nor does the card ask to accept it"

    for lead in (mine, nobodys):
        firm.does(leads.want_person, lead, words="another question")
    assert on_home() == {mine, nobodys}


@on_both_databases
def test_whom_we_owe_anything_stands_on_home_and_in_lead_mine_out_of_nurture_as_well(firm: Business) -> None:
    """Who was put aside and asks for a person has been promised a call within three hours; tried in vain, they are
    owed another try (D14)."""
    who = Who(id=YUKI, is_manager=True)
    mine, nobodys = (firm.has_lead(stage=Stage.NURTURE, channel="C1", owner_id=owner) for owner in (YUKI, None))

    def listed() -> dict[str, list[str]]:
        voice = Voice(words=Words(firm.store.policy.working_hours.zone, company="X"), language="ja", now=firm.clock())
        policy = firm.store.policy
        facts = firm.store.read(lambda session: home_facts(session, who, {}, policy, voice))
        rows = firm.store.read(lambda session: leads_of(LookNow(session, policy=policy, now=voice.now), YUKI))
        pages = {page.name: [row.lead.id for row in page.rows] for page in facts.pages}
        return {**pages, "/lead mine": [row.lead.id for row in rows]}

    nothing: dict[str, list[str]] = {"accept": [], "mine": [], "unclaimed": [], "team": [], "/lead mine": []}
    assert listed() == nothing
    for lead in (mine, nobodys):
        firm.does(leads.want_person, lead, words="another question")
    assert listed() == nothing | {"mine": [mine], "unclaimed": [nobodys], "/lead mine": [mine]}
    firm.clock.advance(hours=3)
    assert listed()["team"] == [mine]
    for lead in (mine, nobodys):
        firm.calls(lead, Outcome.NO_ANSWER, by=YUKI)
    tried = nothing | {"mine": [mine], "unclaimed": [nobodys], "/lead mine": [mine]}
    assert listed() == tried
    for lead in (mine, nobodys):
        firm.does(lambda tx, row: deeds.do(tx, row, deeds.Kind.CALL, lambda: _is_reached(tx, row), by=YUKI), lead)
    assert listed() == nothing

    for lead in (mine, nobodys):
        firm.does(lambda tx, row: deeds.undo(tx, deeds.deeds_on(tx, row.id)[-1], by=YUKI), lead)
    assert listed() == tried


@on_both_databases
def test_who_asks_for_a_document_out_of_nurture_stands_on_home_until_they_were_called(firm: Business) -> None:
    """M93: the call after a document is owed though its first contact is not."""
    lead = firm.has_lead(stage=Stage.NURTURE, channel="C1", owner_id=YUKI)
    asked = partial(leads.record_activity, kind="document_requested", key="d", starts_clocks=True)
    firm.does(lambda tx, row: asked(tx, row), lead)
    assert (firm.lead(lead).stage, firm.lead(lead).due_at) == (Stage.NURTURE, None)

    def mine() -> list[str]:
        look = partial(leads_of, user_id=YUKI)
        policy, now = firm.store.policy, firm.clock()
        rows = firm.store.read(lambda session: look(LookNow(session, policy=policy, now=now)))
        return [row.lead.id for row in rows]

    assert mine() == [lead]
    firm.does(_is_reached, lead)
    assert mine() == []


def _is_reached(tx: Transaction, lead: Lead) -> None:
    log_call(tx, lead, Call(outcome=Outcome.CALL_BACK, call_back_at=tx.now + timedelta(days=9)), by=YUKI)


def test_a_result_that_is_undone_brings_the_lead_back_to_home(firm: Business) -> None:
    lead = firm.has_lead(stage=Stage.SQL, owner_id=YUKI)
    won = partial(tell_result, told=Told(result=Result.WON), by=YUKI)
    firm.does(lambda tx, row: deeds.do(tx, row, deeds.Kind.RESULT, lambda: won(tx, row), by=YUKI), lead)
    assert firm.lead(lead).deal_over_at is not None

    firm.does(lambda tx, row: deeds.undo(tx, deeds.deeds_on(tx, row.id)[-1], by=YUKI), lead)
    assert firm.lead(lead).deal_over_at is None


async def test_home_tells_todays_result_and_what_waits_for_my_word(bench: Bench) -> None:
    early, late = await bench.has_lead(company="早い", owner=YUKI), await bench.has_lead(company="遅い", owner=YUKI)
    await bench.services.store.run(partial(_calls, early))
    bench.clock.advance(hours=4)
    await bench.services.store.run(partial(_calls, late))
    yuki = bench.person("yuki")
    yuki.opens_home()
    home = await yuki.waits_for_home("本日の初回接触：期限内 1件 ・ 期限後 1件")
    words = all_words(home.blocks)
    assert words.index("受け入れ待ち") < words.index("早い 山田")
    await yuki.clicks("受け入れる", on=home)
    await bench.settle()
    assert Stage.SAL in {(await bench.dossier(lead)).lead.stage for lead in (early, late)}


async def test_after_the_first_contact_a_queue_says_what_else_is_due_or_was_missed(bench: Bench) -> None:
    lead_id = await bench.has_lead(owner=KEN)
    await bench.services.store.run(partial(_calls, lead_id, by=KEN))
    ken = bench.person("ken")
    for hours, said in (
        (0, "Met in time · Decision on the hand-over · Due today 6:00 pm (8 h left)"),
        (24, "Met in time · Decision on the hand-over · Overdue: it was due yesterday (Mon) 6:00 pm (16 h ago)"),
    ):
        bench.clock.advance(hours=hours)
        ken.opens_home()
        assert said in all_words((await ken.waits_for_home(said)).blocks)
        await ken.slash("/lead", "mine")
        assert said in all_words(ken.sees_privately("#leads")[-1].blocks)


async def test_another_duty_that_is_due_first_stands_above_a_later_first_contact(bench: Bench) -> None:
    earlier = await bench.has_lead(company="Earlier", owner=KEN)
    await bench.services.store.run(partial(_calls, earlier, by=KEN))
    bench.clock.advance(hours=24)
    await bench.has_lead(company="Later", owner=KEN)
    ken = bench.person("ken")
    ken.opens_home()
    words = all_words((await ken.waits_for_home("Later")).blocks)
    assert words.index("Earlier") < words.index("Later")
    await ken.slash("/lead", "mine")
    words = all_words(ken.sees_privately("#leads")[-1].blocks)
    assert words.index("Earlier") < words.index("Later")


@pytest.mark.parametrize(
    ("seconds", "japanese", "english"),
    [
        (-30, "残り1分未満", "less than 1 min left"),
        (0, "残り1分未満", "less than 1 min left"),
        (1, "期限超過：対応期限は本日13:00でした（1分前）", "Overdue: it was due today 1:00 pm (1 min ago)"),
    ],
)
async def test_the_last_minute_is_not_over_before_it_is(
    bench: Bench, seconds: int, japanese: str, english: str
) -> None:
    await bench.has_lead(company="Mine", owner=YUKI)
    await bench.has_lead(company="His", owner=KEN)
    bench.clock.advance(hours=3, seconds=seconds)
    for name, said in (("yuki", japanese), ("ken", english)):
        person = bench.person(name)
        await person.slash("/lead", "mine")
        assert said in all_words(person.sees_privately("#leads")[-1].blocks)


async def test_what_is_late_is_called_so_once_in_a_line(bench: Bench) -> None:
    await bench.has_lead(company="遅れ", owner=YUKI)
    await bench.has_lead(company="Late", owner=KEN)
    bench.clock.advance(hours=4)
    for name, company, said in (
        ("yuki", "遅れ", "期限超過：対応期限は本日13:00でした（1時間前）"),
        ("ken", "Late", "Overdue: it was due today 1:00 pm (1 h ago)"),
    ):
        person = bench.person(name)
        person.opens_home()
        assert said in all_words((await person.waits_for_home(company)).blocks)


@pytest.mark.parametrize("value", ["", "mine:-1", "mine:99999", "nothing:2", "mine:１"])
def test_a_page_nobody_offered_is_the_first(value: str) -> None:
    assert page_in(value) == ("accept", 0)


def _calls(lead_id: str, tx: Transaction, by: str = YUKI) -> None:
    log_call(tx, tx.get(Lead, lead_id), Call(outcome=Outcome.NO_ANSWER), by=by)


def _lead(number: int, tx: Transaction) -> None:
    lead = qualified_lead(tx, company=f"会社{number}", owner=YUKI)
    lead.stage = Stage.SAL


async def test_home_says_when_all_messages_are_held_back(make_services: Callable[..., Services], clock: Clock) -> None:
    async with open_bench(make_services, clock, outbound="hold") as bench:
        await bench.services.store.run(partial(qualified_lead, company="静か"))
        yuki = bench.person("yuki")
        yuki.opens_home()
        home = await yuki.waits_for_home("送信を停止中です（OUTBOUND=hold）")

        assert "件が待機しています" in all_words(home.blocks)
