"""Who may act in Slack: colleagues only; everybody else is turned away politely and on record (S5)."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlmodel import select

from bot.bootstrap import Services
from bot.sandbox.driver import all_words
from bot.slack.people import Colleague, House, NotAllowed, People, Role, WhyNot, language_of, name_of, why_not
from bot.slack.records import SlackRefusal
from qualification.records import Rep
from qualification.store import Unavailable
from tests.clock import Clock
from tests.desk import KEN, LEADS, MEGUMI, YUKI, Bench, calls_of, open_bench

OURS = House(team_id="T1", enterprise_id=None)


def member(**facts: Any) -> dict[str, Any]:
    return {"id": "U1", "team_id": "T1", "real_name": "Ken Miller", "locale": "en-US", "tz": "Asia/Tokyo"} | facts


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({}, None),
        ({"is_restricted": True}, WhyNot.GUEST),
        ({"is_ultra_restricted": True}, WhyNot.GUEST),
        ({"is_stranger": True}, WhyNot.STRANGER),
        ({"team_id": "T2"}, WhyNot.FOREIGN),
        ({"team_id": None}, WhyNot.FOREIGN),
        ({"is_bot": True}, WhyNot.BOT),
        ({"id": "USLACKBOT"}, WhyNot.BOT),
        ({"deleted": True}, WhyNot.GONE),
    ],
    ids=[
        "a colleague",
        "a multi-channel guest",
        "a single-channel guest",
        "a stranger of a shared channel",
        "another team",
        "no team",
        "a bot",
        "Slackbot",
        "a deactivated account",
    ],
)
def test_why_somebody_may_not_act(facts: dict[str, Any], why: WhyNot | None) -> None:
    assert why_not(member(**facts), OURS) is why


def test_the_family_name_comes_first_in_japanese() -> None:
    yuki = member(real_name="Yuki Yamada", profile={"first_name": "由紀", "last_name": "山田"})
    assert name_of(yuki, "ja") == "山田 由紀"
    assert name_of(yuki, "en") == "Yuki Yamada"
    assert language_of({"locale": "ja-JP"}, "en") == "ja"
    assert language_of({}, "ja") == "ja"


STRANGERS: list[tuple[str, dict[str, Any], str]] = [
    ("guest", {"is_restricted": True}, "guest"),
    ("narrow", {"is_ultra_restricted": True}, "guest"),
    ("stranger", {"is_stranger": True, "team_id": "T0OTHER0001"}, "stranger"),
    ("foreigner", {"team_id": "T0OTHER0001"}, "foreign"),
    ("robot", {"is_bot": True}, "bot"),
]


@pytest.mark.parametrize(("name", "facts", "why"), STRANGERS, ids=[name for name, _, _ in STRANGERS])
async def test_outsiders_change_nothing_and_are_told_so(
    bench: Bench, name: str, facts: dict[str, Any], why: str
) -> None:
    lead_id = await bench.has_lead()
    user = bench.workspace.add_user(f"x{name}", locale="en-US", **facts)
    bench.workspace.join(bench.workspace.channel(LEADS), user)
    outsider = bench.person(f"x{name}")
    await outsider.clicks("担当する", on=bench.card(lead_id))
    await outsider.slash("/lead", "new Eve Doe, Acme wants it all")
    await bench.settle()
    assert (await bench.dossier(lead_id)).lead.owner_id is None
    told = outsider.sees_privately("#leads")
    assert len(told) == 2
    assert told[0].text == bench.door.desk.voice("en").says(f"refused_{why}")
    refusals = bench.services.store.read(lambda session: list(session.exec(select(SlackRefusal)).all()))
    assert [(row.user_id, row.reason, row.wanted) for row in refusals] == [
        (user.id, why, "lead_claim"),
        (user.id, why, "/lead"),
    ]


async def test_who_was_deactivated_is_refused_with_the_next_press_after_a_minute(bench: Bench) -> None:
    lead_id = await bench.has_lead()
    ticks = [0.0]
    people = People(bench.services, bench.door.desk.gateway, ticks=lambda: ticks[0])
    house = bench.house
    assert (await people.who(KEN, house)).role is Role.REP
    bench.workspace.person("ken").deleted = True
    ticks[0] = 61.0
    with pytest.raises(NotAllowed) as refused:
        await people.who(KEN, house)
    assert refused.value.why is WhyNot.GONE
    assert (await bench.dossier(lead_id)).lead.owner_id is None


async def test_who_presses_often_is_asked_after_once(bench: Bench) -> None:
    """Both questions are dear: Slack takes few of them."""
    yuki = bench.person("yuki")
    for _ in range(5):
        await yuki.slash("/lead", "mine")
    asked = [call.method for call in bench.workspace.calls]
    assert (asked.count("users.info"), asked.count("auth.test")) == (1, 1)


async def test_managers_are_named_by_id_or_by_user_group(bench: Bench) -> None:
    house = bench.house
    group = bench.services.settings.model_copy(update={"slack_managers": ("S0MANAGERS1",)})
    services = Services(settings=group, store=bench.services.store, words=bench.services.words, clock=bench.clock)
    people = People(services, bench.door.desk.gateway)
    assert (await people.who(MEGUMI, house)).is_manager
    assert not (await people.who(YUKI, house)).is_manager
    rep = bench.services.store.read(lambda session: session.get(Rep, MEGUMI))
    assert rep is not None
    assert (rep.name, rep.language, rep.zone, rep.role) == ("佐藤 恵", "ja", "Asia/Tokyo", "manager")


async def test_while_slack_is_away_a_colleague_of_today_is_still_known(bench: Bench) -> None:
    house = bench.house
    await bench.door.desk.people.who(YUKI, house)
    bench.workspace.faults.status("users.info", 503, times=None)
    afresh = People(bench.services, bench.door.desk.gateway)
    known: Colleague = await afresh.who(YUKI, house)
    assert known.name == "山田 由紀"
    with pytest.raises(Unavailable):
        await afresh.who(KEN, house)


@pytest.mark.parametrize(
    ("given", "roles"),
    [
        ({}, {YUKI: Role.REP, KEN: Role.REP, MEGUMI: Role.MANAGER}),
        ({"slack_reps": ("S0REPS00001",)}, {YUKI: Role.REP, KEN: Role.REP, MEGUMI: Role.MANAGER}),
        ({"slack_reps": (YUKI,), "slack_admins": ("S0MANAGERS1",)}, {YUKI: Role.REP, KEN: None, MEGUMI: Role.ADMIN}),
        ({"slack_reps": ("S0NOBODY001",)}, {YUKI: None, MEGUMI: Role.MANAGER}),
    ],
    ids=["everybody is a rep", "reps by user group", "one rep by id, admins by user group", "a group nobody made"],
)
async def test_roles_come_from_ids_and_user_groups(
    bench: Bench, given: dict[str, Any], roles: dict[str, Role | None]
) -> None:
    house = bench.house
    settings = bench.services.settings.model_copy(update=given)
    services = Services(settings=settings, store=bench.services.store, words=bench.services.words, clock=bench.clock)
    people = People(services, bench.door.desk.gateway)
    for user_id, role in roles.items():
        if role is None:
            with pytest.raises(NotAllowed) as refused:
                await people.who(user_id, house)
            assert refused.value.why is WhyNot.NO_ROLE
        else:
            assert (await people.who(user_id, house)).role is role


async def test_a_rep_whose_role_is_taken_away_is_refused_with_the_very_next_press(bench: Bench) -> None:
    lead_id = await bench.has_lead()
    yuki = bench.person("yuki")
    await yuki.clicks("架電を記録", on=bench.card(lead_id))
    form = await yuki.modal("架電を記録")
    bench.workspace.restrict("yuki")
    await bench.settle()
    await yuki.submits(form, {"架電結果": "つながった"})
    assert "ゲスト" in all_words((await yuki.modal()).blocks)
    assert await calls_of(bench, lead_id) == 0


async def test_who_leaves_the_managers_group_is_a_rep_with_the_very_next_press(
    make_services: Callable[..., Services], clock: Clock
) -> None:
    async with open_bench(make_services, clock, slack_managers=("S0MANAGERS1",)) as bench:
        lead_id = await bench.has_lead(owner=KEN)
        megumi = bench.person("megumi")
        await megumi.clicks("架電を記録", on=bench.card(lead_id))
        form = await megumi.modal("架電を記録")
        bench.workspace.set_members("S0MANAGERS1", [])
        await bench.settle()
        await megumi.submits(form, {"架電結果": "つながった"})
        assert await calls_of(bench, lead_id) == 0
        refusals = bench.services.store.read(lambda session: list(session.exec(select(SlackRefusal)).all()))
        assert [(row.user_id, row.reason, row.wanted) for row in refusals] == [(MEGUMI, "not_your_lead", "call_form")]


async def test_who_was_turned_away_is_not_let_in_because_slack_is_silent(bench: Bench) -> None:
    house = bench.house
    people = bench.door.desk.people
    await people.who(KEN, house)
    bench.workspace.deactivate("ken")
    await bench.settle()
    with pytest.raises(NotAllowed):
        await people.who(KEN, house)
    bench.workspace.faults.status("users.info", 503, times=None)
    with pytest.raises(Unavailable):
        await People(bench.services, bench.door.desk.gateway).who(KEN, house)
