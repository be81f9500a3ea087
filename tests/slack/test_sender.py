"""Cards and notes reach Slack once, in order, whatever goes wrong on the way (DR3, R9)."""

import contextlib
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from sqlmodel import select

from bot.bootstrap import Services
from bot.delivery import GiveUp, OutcomeUnknown, RetryLater
from bot.sandbox.driver import all_words
from bot.sandbox.records import Message
from bot.slack.errors import AskAdmin, FormAlreadyOpen, MessageGone, SlowDown, trouble_of
from bot.slack.gateway import HISTORY_PAGE, Gateway
from bot.slack.pace import Pace
from qualification import outbox, ownership
from qualification.notices import ALERT_MAIL, TROUBLE
from qualification.outbox import LEASE
from qualification.records import History, Lead, Outbound
from qualification.reports.digest import DIGEST
from qualification.store import Transaction, Wrote
from tests.clock import Clock
from tests.desk import LEADS, MANAGERS, MEGUMI, YUKI, Bench, open_bench, qualified_lead

POST, EDIT = "chat.postMessage", "chat.update"


def cards(bench: Bench) -> list[Message]:
    """Root messages in the leads' channel."""
    return [message for message in bench.workspace.messages[LEADS] if not message.is_reply]


def unsent(bench: Bench) -> list[str]:
    rows = bench.services.store.read(lambda session: list(session.exec(select(Outbound)).all()))
    return [row.key for row in rows if row.status != "sent"]


async def start_lead(bench: Bench) -> str:
    lead_id: str = await bench.services.store.run(lambda tx: qualified_lead(tx).id)
    return lead_id


async def until_quiet(bench: Bench) -> None:
    """Let leases and waits run out, as time does."""
    for _ in range(12):
        await bench.settle()
        if not unsent(bench):
            return
        bench.clock.advance(seconds=LEASE.total_seconds() + 1)


@pytest.mark.parametrize("method", [POST, EDIT, "conversations.history", "conversations.replies"])
@pytest.mark.parametrize("fault", ["error", "429", "503", "drop", "accept_then_drop"])
async def test_whatever_goes_wrong_there_is_one_card_and_no_note_is_lost_or_doubled(
    bench: Bench, method: str, fault: str
) -> None:
    faults = bench.workspace.faults
    break_it = {
        "error": lambda: faults.fail(method, "internal_error", times=2),
        "429": lambda: faults.status(method, 429, retry_after=1, times=2),
        "503": lambda: faults.status(method, 503, times=2),
        "drop": lambda: faults.drop(method, times=2),
        "accept_then_drop": lambda: faults.accept_then_drop(method, times=2),
    }
    break_it[fault]()
    lead_id = await start_lead(bench)
    await until_quiet(bench)
    await bench.services.store.run(lambda tx: ownership.claim(tx, tx.get(Lead, lead_id), by=YUKI))
    await until_quiet(bench)

    assert unsent(bench) == []
    assert len(cards(bench)) == 1
    replies = [all_words(message.blocks)[:8] for message in bench.thread(lead_id)]
    assert len(replies) == 3  # the script, the move, the claim
    assert len(set(replies)) == 3
    assert replies[0].startswith("トークスクリ")


async def test_a_card_whose_answer_was_lost_is_looked_for_until_slack_tells(bench: Bench) -> None:
    bench.workspace.faults.accept_then_drop(POST)
    bench.workspace.faults.status("conversations.history", 503, times=2)
    lead_id = await start_lead(bench)
    await bench.settle()
    await bench.services.store.run(lambda tx: ownership.claim(tx, tx.get(Lead, lead_id), by=YUKI))
    await until_quiet(bench)
    assert len(cards(bench)) == 1
    assert "主担当" in all_words(bench.card(lead_id).blocks)


async def test_a_card_that_somebody_deleted_is_posted_anew_with_its_script(bench: Bench) -> None:
    lead_id = await bench.has_lead()
    bench.workspace.messages[LEADS].remove(bench.card(lead_id))
    await bench.services.store.run(lambda tx: ownership.claim(tx, tx.get(Lead, lead_id), by=YUKI))
    await bench.settle()
    assert "主担当" in all_words(bench.card(lead_id).blocks)
    assert "トークスクリプト" in all_words(bench.thread(lead_id)[0].blocks)


async def test_a_channel_without_us_gives_way_to_the_usual_one_and_the_managers_hear_of_it(bench: Bench) -> None:
    def routed(tx: Transaction) -> str:
        lead = qualified_lead(tx)
        lead.channel = "C0NOWHERE01"
        return lead.id

    lead_id = await bench.services.store.run(routed)
    await bench.settle()
    assert bench.card(lead_id).channel == LEADS
    assert "channel_not_found" in bench.managers_see()[0].text


async def test_a_revoked_token_loses_nothing(bench: Bench) -> None:
    token = bench.workspace.tokens[bench.workspace.bot_token]
    token.revoked = True
    lead_id = await start_lead(bench)
    for _ in range(20):
        await bench.settle()
        bench.clock.advance(minutes=2)
    assert cards(bench) == []
    token.revoked = False
    await until_quiet(bench)
    assert len(cards(bench)) == 1
    assert bench.card(lead_id).text


async def test_a_message_slack_will_never_take_is_given_up_and_the_managers_are_told(bench: Bench) -> None:
    lead_id = await bench.has_lead()
    bench.workspace.faults.fail(POST, "msg_too_long")
    await bench.services.store.run(lambda tx: ownership.claim(tx, tx.get(Lead, lead_id), by=YUKI))
    await bench.settle()
    (told,) = bench.managers_see()
    assert "msg_too_long" in told.text


async def test_a_program_killed_in_the_instant_it_gives_up_leaves_the_word_about_it_behind(bench: Bench) -> None:
    store = bench.services.store
    left: list[list[str]] = []

    def kill(wrote: Wrote) -> None:
        """Nothing runs after the first commit that shows the failure: what it left is all there is."""
        failed = store.read(lambda session: session.exec(select(Outbound).where(Outbound.status == "failed")).all())
        if failed and not left:
            left.append(store.read(lambda session: list(session.exec(select(Outbound.kind)).all())))

    lead_id = await bench.has_lead()
    bench.workspace.faults.fail(POST, "msg_too_long")
    await store.run(lambda tx: ownership.claim(tx, tx.get(Lead, lead_id), by=YUKI))
    store.on_commit.append(kill)
    await bench.settle()
    (kinds,) = left
    assert TROUBLE in kinds


async def test_what_has_no_lead_and_is_given_up_is_told_to_the_managers_too(bench: Bench) -> None:
    day = {"day": "2026-11-16", "until": bench.clock.now.isoformat()}
    bench.workspace.faults.fail(POST, "msg_too_long")
    await bench.services.store.run(lambda tx: outbox.queue(tx, key="d", kind=DIGEST, lead_id=None, payload=day))
    await until_quiet(bench)
    (told,) = bench.managers_see()
    assert told.text == "一日のまとめをSlackに投稿できませんでした（slack: msg_too_long）。"


async def test_an_alarm_that_slack_will_never_take_goes_to_the_managers_by_mail(
    make_services: Callable[..., Services], clock: Clock
) -> None:
    async with open_bench(make_services, clock, **MAIL_OF_MANAGERS) as bench:
        lead_id = await bench.has_lead()
        bench.clock.advance(hours=3)
        bench.workspace.faults.fail(POST, "msg_too_long", times=None)
        await bench.settle()
        assert ["msg_too_long" in mail.payload["body"] for mail in mails(bench)] == [True]
        assert went_another_way(bench, lead_id) == ["mail"]


async def test_the_managers_hear_what_is_at_stake_when_a_lead_is_overdue(bench: Bench) -> None:
    await bench.has_lead(need="在庫管理に困っています <!channel>")
    bench.clock.advance(hours=3)
    await bench.settle()
    (told,) = bench.managers_see()
    line, stake = told.text.split("\n")
    assert line.startswith(f"<@{MEGUMI}> アサヒ工業 山田 太郎様：")
    assert stake.startswith("TQL ・ ウォーム ・ ニーズ：")
    assert stake.endswith("「在庫管理に困っています &lt;!channel&gt;」")
    assert "在庫管理に困っています <!channel>" in all_words(told.blocks)


async def test_an_address_in_a_prospects_words_is_unfolded_for_nobody(bench: Bench) -> None:
    lead_id = await bench.has_lead(need="https://evil.example/invoice をご覧ください", owner=YUKI)
    bench.clock.advance(hours=3)
    await bench.settle()
    posts = [call.args for call in bench.workspace.calls if call.method == POST]
    assert len(posts) >= len(bench.thread(lead_id)) + 2  # the card and the managers' alarm
    assert {(post.get("unfurl_links"), post.get("unfurl_media")) for post in posts} == {(False, False)}


@pytest.mark.parametrize("way", ["post", "edit", "home"])
async def test_slack_is_never_asked_faster_than_it_answers(bench: Bench, way: str) -> None:
    gateway = Gateway(bench.door.client, Pace(seconds_for_one=10, ticks=lambda: 1_000.0))

    async def view() -> None:
        return None

    async def ask() -> None:
        if way == "post":
            await gateway.post(LEADS, {"text": "x"}, key="k")
        elif way == "edit":
            with contextlib.suppress(MessageGone):
                await gateway.edit(LEADS, "1.000001", {"text": "x"}, key="k")
        else:
            await gateway.publish_home(YUKI, view)

    for _ in range(3):
        await ask()
    with pytest.raises(RetryLater) as full:
        await ask()
    assert not full.value.counts, "to wait for one's turn is no failed attempt"


async def test_edits_rest_for_as_long_as_slack_asks(bench: Bench) -> None:
    lead_id = await bench.has_lead()
    gateway, card = bench.door.desk.gateway, bench.card(lead_id)
    bench.workspace.faults.status(EDIT, 429, retry_after=30)
    for _ in range(2):
        with pytest.raises(RetryLater):
            await gateway.edit(LEADS, card.ts, {"text": "x"}, key="k")
    assert [call.method for call in bench.workspace.calls].count(EDIT) == 0, "the second was not even asked"
    bench.clock.advance(seconds=31)
    await gateway.edit(LEADS, card.ts, {"text": "x"}, key="k")


async def test_the_card_is_found_again_by_ids_only(bench: Bench) -> None:
    lead_id = await bench.has_lead()
    metadata = bench.card(lead_id).metadata
    assert metadata == {"event_type": "bantline", "event_payload": {"key": f"card:{lead_id}"}}


@pytest.mark.parametrize(
    ("code", "status", "repeatable", "kind"),
    [
        ("ratelimited", 429, False, SlowDown),
        ("internal_error", 200, False, OutcomeUnknown),
        ("internal_error", 200, True, RetryLater),
        ("", 503, False, OutcomeUnknown),
        ("", 503, True, RetryLater),
        ("invalid_blocks", 200, False, GiveUp),
        ("token_revoked", 200, False, AskAdmin),
        ("channel_not_found", 200, False, AskAdmin),
        ("message_not_found", 200, True, MessageGone),
        ("exchanged_trigger_id", 200, False, FormAlreadyOpen),
        ("expired_trigger_id", 200, False, RetryLater),
        ("something_new", 200, False, RetryLater),
    ],
)
def test_what_an_error_code_of_slack_means(code: str, status: int, repeatable: bool, kind: type[Exception]) -> None:
    trouble = trouble_of(code, status=status, retry_after=7 if status == 429 else None, repeatable=repeatable)
    assert type(trouble) is kind
    if status == 429:
        assert isinstance(trouble, RetryLater)
        assert (trouble.wait, trouble.counts) == (timedelta(seconds=7), False)


async def test_a_channel_takes_a_short_burst_and_then_sends_the_rest_back() -> None:
    pace = Pace(seconds_for_one=10, ticks=lambda: 1_000.0)
    for _ in range(3):
        await pace.turn("C1")
    with pytest.raises(RetryLater) as full:
        await pace.turn("C1")
    assert full.value.wait == timedelta(seconds=10)
    assert not full.value.counts
    await pace.turn("C2")


def mails(bench: Bench) -> list[Outbound]:
    rows = bench.services.store.read(lambda session: list(session.exec(select(Outbound)).all()))
    return [row for row in rows if row.kind == ALERT_MAIL]


def went_another_way(bench: Bench, lead_id: str) -> list[str]:
    rows = bench.services.store.read(
        lambda session: list(session.exec(select(History).where(History.lead_id == lead_id)).all())
    )
    return [row.data["to"] for row in rows if row.kind == "alert_rerouted"]


MAIL_OF_MANAGERS = {"smtp_url": "smtp://127.0.0.1:9", "mail_managers": ("megumi@asahi.example",)}


async def test_an_escalation_whose_channel_is_archived_goes_to_the_channel_of_the_leads(bench: Bench) -> None:
    lead_id = await bench.has_lead()
    bench.clock.advance(hours=3)
    bench.workspace.channels[MANAGERS].is_archived = True
    await bench.settle()
    assert any(f"<@{MEGUMI}>" in message.text for message in bench.workspace.messages[LEADS] if not message.is_reply)
    assert went_another_way(bench, lead_id) == [LEADS]


@pytest.mark.parametrize("code", ["invalid_auth", "account_inactive", "token_revoked"])
async def test_when_slack_shuts_us_out_the_managers_hear_of_it_by_mail_once(
    make_services: Callable[..., Services], clock: Clock, code: str
) -> None:
    async with open_bench(make_services, clock, **MAIL_OF_MANAGERS) as bench:
        lead_id = await bench.has_lead()
        bench.clock.advance(hours=3)
        bench.workspace.faults.fail("*", code, times=None)
        for _ in range(3):
            await bench.settle()
            bench.clock.advance(seconds=61)
        (mail,) = [row for row in mails(bench) if ":thread" not in row.key]
        assert mail.payload["to"] == "megumi@asahi.example"
        assert "アサヒ工業 山田 太郎様" in mail.payload["subject"]
        assert code in mail.payload["body"]
        assert set(went_another_way(bench, lead_id)) == {"mail"}


async def test_when_slack_does_not_answer_for_a_minute_the_managers_get_a_mail_as_well(
    make_services: Callable[..., Services], clock: Clock
) -> None:
    async with open_bench(make_services, clock, **MAIL_OF_MANAGERS) as bench:
        await bench.has_lead()
        bench.clock.advance(hours=3)
        bench.workspace.faults.fail(POST, "internal_error", times=None)
        for _ in range(4):
            await bench.settle()
            bench.clock.advance(seconds=31)
        bench.workspace.faults.lift()
        await until_quiet(bench)
        assert len(mails(bench)) == 1
        assert len(bench.managers_see()) == 1, "and Slack still gets its own"


async def test_a_channel_is_left_alone_for_as_long_as_slack_asks(bench: Bench) -> None:
    for _ in range(3):
        await start_lead(bench)
    bench.workspace.faults.status(POST, 429, retry_after=30, times=1)
    await bench.settle()
    asked = len([call for call in bench.workspace.calls if call.method == POST])
    bench.clock.advance(seconds=20)
    await bench.settle()
    assert len([call for call in bench.workspace.calls if call.method == POST]) == asked
    bench.clock.advance(seconds=11)
    await until_quiet(bench)
    assert len(cards(bench)) == 3


async def test_under_slacks_own_limits_thirty_leads_come_later_and_each_of_them_once(bench: Bench) -> None:
    bench.workspace.rates.enforced = True
    names = [f"会社{number}" for number in range(30)]
    for name in names:
        await bench.services.store.run(partial(named_lead, name))
    for _ in range(20):
        await bench.settle()
        bench.clock.advance(seconds=20)
    assert "ratelimited" in {call.error for call in bench.workspace.calls}
    assert unsent(bench) == []
    titles = [all_words(message.blocks).partition("\n")[0] for message in cards(bench)]
    assert sorted(title for title in titles if title.startswith("会社")) == sorted(
        f"{name} 山田 太郎様" for name in names
    )


def named_lead(name: str, tx: Transaction) -> None:
    qualified_lead(tx, company=name)


async def test_what_was_sent_before_a_restore_is_found_and_not_sent_again(
    make_services: Callable[..., Services], clock: Clock
) -> None:
    async with open_bench(make_services, clock, outbound="careful") as bench:
        lead_id = await bench.has_lead()
        await bench.services.store.run(partial(forget_delivery, lead_id))
        await until_quiet(bench)
        assert len(cards(bench)) == 1


def forget_delivery(lead_id: str, tx: Transaction) -> None:
    """As in a backup taken before the card was posted."""
    for row in tx.find(Outbound, "lead_id", lead_id):
        row.status, row.attempts, row.receipt = "waiting", 0, None


async def test_a_message_is_kept_back_when_its_lease_runs_out_while_the_line_is_made(bench: Bench) -> None:
    """The second look comes when everything is ready and nothing has left (R4)."""
    looks = []

    def may_leave() -> None:
        looks.append(len(bench.workspace.calls))
        if len(looks) == 2:
            raise RetryLater("too late")

    before = len(bench.workspace.calls)
    with pytest.raises(RetryLater, match="too late"):
        await bench.door.desk.gateway.post(LEADS, {"text": "late"}, key="k", may_leave=may_leave)

    assert (len(looks), len(bench.workspace.calls)) == (2, before)
    assert await bench.door.desk.gateway.post(LEADS, {"text": "in time"}, key="k", may_leave=may_leave)


async def test_a_post_is_found_again_behind_a_hundred_others(bench: Bench) -> None:
    """Slack tells a history page by page."""
    gateway, since = bench.door.desk.gateway, bench.clock.now
    lost = await gateway.post(LEADS, {"text": "its answer was lost"}, key="lost")
    for number in range(HISTORY_PAGE + 1):
        bench.person("ken").posts(LEADS, str(number))
    assert await gateway.find(LEADS, "lost", since=since) == lost


async def test_of_two_posts_with_one_key_the_one_that_counts_stays(bench: Bench) -> None:
    gateway, since = bench.door.desk.gateway, bench.clock.now
    counts = await gateway.post(LEADS, {"text": "said"}, key="k")
    await gateway.post(LEADS, {"text": "said again by one who stood still"}, key="k")
    await gateway.post(LEADS, {"text": "something else"}, key="other")

    assert await gateway.take_back_others(LEADS, "k", counts, since=since) == 1
    assert [message.text for message in bench.workspace.messages[LEADS]] == ["said", "something else"]


async def test_a_card_posted_by_one_who_stood_still_does_not_replace_the_living_one(bench: Bench) -> None:
    lead = await start_lead(bench)
    store = bench.services.store
    row_id = store.read(lambda session: session.exec(select(Outbound.id).where(Outbound.kind == "card")).one())
    late = await store.run(lambda tx: outbox.claim(tx, row_id))
    assert late is not None
    woken = replace(late, claimed_at=late.claimed_at + LEASE, lease_until=late.lease_until + LEASE)
    bench.clock.now += LEASE
    await bench.settle()
    [living] = cards(bench)

    dossier, _ = await bench.sender.posting.look(lead)
    with pytest.raises(OutcomeUnknown):
        await bench.sender.cards.hang(dossier, {"text": "late"}, woken)
    assert cards(bench) == [living]
    with pytest.raises(OutcomeUnknown):
        await bench.sender.cards.hang(dossier, {"text": "late"}, replace(woken, attempt=2))
    assert [message.ts for message in cards(bench)] == [living.ts], "what it finds is not its own to take back"


async def test_a_card_that_went_to_the_other_channel_is_looked_for_there_before_it_is_posted_in_its_own(
    bench: Bench,
) -> None:
    """Its own channel was closed to us at the first attempt, whose answer was lost, and open at the second."""
    own = bench.workspace.add_channel("leads-osaka", members=()).id

    def captured(tx: Transaction) -> str:
        lead = qualified_lead(tx)
        lead.channel = own
        return lead.id

    lead = await bench.services.store.run(captured)
    row_id = bench.services.store.read(
        lambda session: session.exec(select(Outbound.id).where(Outbound.kind == "card")).one()
    )
    errand = await bench.services.store.run(lambda tx: outbox.claim(tx, row_id))
    assert errand is not None
    hangs = await bench.door.desk.gateway.post(LEADS, {"text": "card"}, key=errand.key)
    dossier, _ = await bench.sender.posting.look(lead)

    assert await bench.sender.cards.hang(dossier, {"text": "card"}, replace(errand, attempt=2)) == (LEADS, hangs)
    assert bench.workspace.messages[own] == []
