"""Who may act in Slack: every action the code knows, tried by everybody who may not (S1, S5), and a role taken away (S27).

The actions are listed from the code, so that a new button is tried without anybody remembering to add it here.
"""

import asyncio
import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

from sqlmodel import Session, SQLModel, select

from bot.sandbox.delivery import Way
from bot.sandbox.driver import all_words
from bot.sandbox.records import User
from bot.slack import ids, lead_command
from bot.slack.records import SlackRefusal
from qualification.calls import Outcome
from tests.chaos.hand import Hand, Parcel, chosen, written
from tests.chaos.office import open_office
from tests.chaos.proof import Proof, unless
from tests.desk import KEN, LEADS, MEGUMI, YUKI, Bench, calls_of

TRACES = frozenset({"slack_refusal", "inbox", "rep", "heartbeat", "slack_home"})
"""What a refused person may leave: an audit row, and what we know of them. Everything else is a change."""

MENU_ENTRIES = (ids.SNOOZE, ids.INTERVIEW, ids.TURN_DOWN)
FIELDS = {
    ids.OUTCOME: chosen(Outcome.CONNECTED),
    ids.CALL_NOTE: written("予算は300万円"),
    ids.REASON: written("会社の規模が合いませんでした"),
    ids.UNTIL: chosen("tomorrow"),
    ids.TEMPLATE: chosen("first_contact"),
    ids.LANGUAGE: chosen("ja"),
    ids.SUBJECT: written("ご連絡"),
    ids.BODY: written("お世話になっております"),
    ids.SAID: written("在庫管理に困っています"),
    "company": written("Acme"),
    "contact": written("Eve Doe"),
    "need": written("在庫管理に困っています"),
}


def every_action(hand: Hand, user: User, lead_id: str) -> Iterator[tuple[str, Parcel]]:
    """Each button, menu entry, form, shortcut, command and look at Home that the code knows, as this person's."""
    for button in ids.BUTTONS:
        yield button, hand.presses(user, button, lead_id)
    for entry in MENU_ENTRIES:
        yield f"{ids.MORE}:{entry}", hand.presses(user, ids.MORE, lead_id, entry=entry)
    for form in ids.FORMS:
        yield form, hand.submits(user, form, {"lead": lead_id}, FIELDS)
    for shortcut in ids.SHORTCUTS:
        yield shortcut, hand.runs(user, shortcut)
    for verb in lead_command.VERBS:
        yield (
            f"/lead {verb}",
            hand.types(user, f"{verb} {lead_id if verb == 'interview' else 'Eve Doe, Acme needs it'}"),
        )
    yield "app_home_opened", hand.opens_home(user)


def traces(bench: Bench) -> dict[str, str]:
    """Every row that matters, as text: equal before and after means that nothing changed."""
    tables = [table for table in SQLModel.metadata.sorted_tables if table.name not in TRACES]

    def look(session: Session) -> dict[str, str]:
        return {table.name: repr(session.connection().execute(table.select()).all()) for table in tables}

    return bench.services.store.read(look)


# -- S5: outsiders ---------------------------------------------------------------------------------

OUTSIDERS: dict[str, dict[str, Any]] = {
    "multi-channel guest": {"is_restricted": True},
    "single-channel guest": {"is_ultra_restricted": True},
    "stranger of a shared channel": {"is_stranger": True, "team_id": "T0OTHER0001"},
    "member of another workspace": {"team_id": "T0OTHER0001"},
    "bot": {"is_bot": True},
    "deactivated": {},
    "without a role": {},
    "unknown": {},
    "foreign team": {},
}
IN_A_HURRY = ("single-channel guest", "foreign team", "without a role")


def outsiders_change_nothing(quick: bool) -> Proof:
    return asyncio.run(_outsiders(quick))


async def _outsiders(quick: bool) -> Proof:
    tried = 0
    changed: list[str] = []
    silent: list[str] = []
    async with open_office(over_http=not quick, slack_reps=(YUKI, KEN)) as bench:
        lead_id = await bench.has_lead()
        hand, people = Hand(bench.workspace), _outsiders_of(bench)
        if quick:
            people = {kind: people[kind] for kind in IN_A_HURRY}
        before = traces(bench)
        for kind, user in people.items():
            for action, parcel in every_action(hand, user, lead_id):
                refused = _refusals(bench)
                tried += 1
                await _deliver(bench, _as(kind, parcel))
                if traces(bench) != before:
                    changed.append(f"{kind}: {action}")
                    before = traces(bench)
                if _refusals(bench) != refused + 1:
                    silent.append(f"{kind}: {action}")
        await bench.settle()
        homes = [kind for kind, user in people.items() if bench.workspace.home(user.id)]
        told = sum(message.only_for is not None for message in bench.workspace.messages[LEADS])
    return Proof(
        name="S5",
        promise="guests, strangers, foreign teams, bots and deactivated people change nothing",
        figures=f"{len(people)} kinds of outsider tried {tried} actions: 0 changes, {tried} audit rows, {told} told so in the channel",
        broken=unless(
            nothing_changed=(not changed, changed),
            every_refusal_on_record=(not silent, silent),
            no_home_for_outsiders=(not homes, homes),
            told_politely=(told > 0, told),
        ),
    )


def _outsiders_of(bench: Bench) -> dict[str, User]:
    people = {
        kind: bench.workspace.add_user(f"outsider{number}", locale="en-US", **facts)
        for number, (kind, facts) in enumerate(OUTSIDERS.items())
    }
    for user in people.values():
        bench.workspace.join(bench.workspace.channel(LEADS), user)
    bench.workspace.person("outsider5").deleted = True
    people["unknown"].id = "U0NOBODY001"
    people["foreign team"] = bench.workspace.person("yuki")
    return people


def _as(kind: str, parcel: Parcel) -> Parcel:
    """For the foreign team the whole payload comes from elsewhere, signed with our secret all the same."""
    if kind != "foreign team":
        return parcel
    bent = json.loads(json.dumps(parcel.payload))
    if "team_id" in bent:
        bent["team_id"] = "T0FOREIGN01"
    if "team" in bent:
        bent["team"]["id"] = "T0FOREIGN01"
    return Parcel(kind=parcel.kind, payload=bent)


def _refusals(bench: Bench) -> int:
    return bench.services.store.read(lambda session: len(session.exec(select(SlackRefusal.id)).all()))


async def _deliver(bench: Bench, parcel: Parcel) -> Any:
    way: Way = "http" if bench.workspace.request_url else "socket"
    answer = await bench.server.delivery.hand_over(parcel.kind, parcel.payload, way=way)
    await bench.door.desk.afterwards.finished()
    return answer


# -- S1: everybody ---------------------------------------------------------------------------------

NOT_ABOUT_A_LEAD = frozenset(
    {
        ids.NEW_LEAD_FORM,
        ids.PICK_LEAD_FORM,
        ids.MAIL_CHOICE_FORM,
        ids.INTERVIEW_END,
        *ids.SHORTCUTS,
        "app_home_opened",
    }
)


def every_action_by_everybody(quick: bool) -> Proof:
    return asyncio.run(_everybody(quick))


async def _everybody(quick: bool) -> Proof:
    """Another rep changes nothing on yuki's lead by any action; a rep and a manager may claim and log a call."""
    tried = 0
    changed: list[str] = []
    async with open_office(over_http=not quick) as bench:
        lead_id = await bench.has_lead(owner=YUKI)
        hand, ken = Hand(bench.workspace), bench.workspace.person("ken")
        before = traces(bench)
        for action, parcel in every_action(hand, ken, lead_id):
            if action in NOT_ABOUT_A_LEAD or action.startswith("/lead"):
                continue
            tried += 1
            await _deliver(bench, parcel)
            if traces(bench) != before:
                changed.append(action)
                before = traces(bench)
        audited = _refusals(bench)
        allowed = await _allowed(bench, hand)
    return Proof(
        name="S1",
        promise="on the lead of another rep nobody but a manager acts",
        figures=f"{tried} actions of another rep: 0 changes, {audited} audit rows; owner and manager may: {len(allowed)} of 4",
        broken=unless(
            nothing_changed=(not changed, changed),
            refusals_on_record=(audited > 0, audited),
            owner_and_manager_may=(len(allowed) == 4, allowed),
        ),
    )


async def _allowed(bench: Bench, hand: Hand) -> list[str]:
    done = []
    form = {ids.OUTCOME: chosen(Outcome.CONNECTED)}
    for name, user_id in (("rep", YUKI), ("manager", MEGUMI)):
        user = bench.workspace.person(user_id)
        free = await bench.has_lead()
        await _deliver(bench, hand.presses(user, ids.CLAIM, free))
        if (await bench.dossier(free)).lead.owner_id == user_id:
            done.append(f"{name} claims")
        theirs = await bench.has_lead(owner=YUKI)
        await _deliver(bench, hand.submits(user, ids.CALL_FORM, {"lead": theirs}, form))
        if await calls_of(bench, theirs) == 1:
            done.append(f"{name} logs a call")
    return done


# -- S27: a role taken away ------------------------------------------------------------------------


def a_role_taken_away_is_gone(quick: bool) -> Proof:
    return asyncio.run(_taken_away(2 if quick else 20))


async def _taken_away(rounds: int) -> Proof:
    """With a form open, the person becomes a guest, is deactivated, or leaves the managers' group; then it is sent in."""
    saved: Counter[str] = Counter()
    tried = 0
    async with open_office(slack_managers=("S0MANAGERS1",)) as bench:
        for number in range(rounds):
            for change in ("guest", "deactivated", "no manager any more"):
                tried += 1
                bench.clock.advance(minutes=1)  # of very many at once only the first have a card of their own
                lead_id = await bench.has_lead(owner=KEN if change == "no manager any more" else None)
                user = bench.workspace.add_user(f"r{number}{change[:2]}", locale="ja-JP")
                bench.workspace.join(bench.workspace.channel(LEADS), user)
                bench.workspace.set_members("S0MANAGERS1", [user.name])
                await bench.settle()
                person = bench.person(user.name)
                await person.clicks("架電を記録", on=bench.card(lead_id))
                form = await person.modal("架電を記録")
                _take_away(bench, change, user)
                await bench.settle()
                await person.submits(form, {"架電結果": "つながった"})
                saved[change] += await calls_of(bench, lead_id)
                assert all_words((await person.modal()).blocks)
    return Proof(
        name="S27",
        promise="a role taken away is gone with the very next action",
        figures=f"{tried} forms sent in after the person lost the role while it stood open: {sum(saved.values())} saved",
        broken=unless(nothing_saved=(not sum(saved.values()), dict(saved))),
    )


def _take_away(bench: Bench, change: str, user: User) -> None:
    if change == "guest":
        bench.workspace.restrict(user.name)
    elif change == "deactivated":
        bench.workspace.deactivate(user.name)
    else:
        bench.workspace.set_members("S0MANAGERS1", [])
