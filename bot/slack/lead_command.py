"""/lead: everything by the keyboard. Answers are seen by the rep alone.

/lead help | find TEXT | mine | new NAME, COMPANY what they said | interview ID
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from slack_bolt.async_app import AsyncApp
from sqlmodel import Session

from bot.slack import blocks, ids
from bot.slack.blocks import Json
from bot.slack.desk import Desk
from bot.slack.new_lead import NotALead, heard_of, make_lead, read_new
from bot.slack.people import Colleague
from bot.slack.press import COLLEAGUE, ONCE, Place
from bot.slack.queue import SHORT_ID, Waiting, leads_of, list_of
from bot.slack.search import find_leads, lead_id_of
from bot.slack.typist import begin_interview
from qualification.dossier import LeadNotFound
from qualification.store import Transaction

LONGEST_VERB = 40


@dataclass(frozen=True, kw_only=True)
class Command:
    """A command as it was typed: the verb, and the rest of the line after it."""

    by: Colleague
    verb: str
    rest: str
    once: str
    place: Place


def register(app: AsyncApp, desk: Desk) -> None:
    @app.command(ids.COMMAND)
    async def lead(ack: Any, body: Any, context: Any) -> None:
        verb, _, rest = str(body.get("text") or "").strip().partition(" ")
        answer = VERBS.get(verb.lower(), unknown)
        command = Command(by=context[COLLEAGUE], verb=verb, rest=rest.strip(), once=context[ONCE], place=Place.of(body))
        await ack(**await answer(desk, command))


def _words(text: str, *more: Json) -> Json:
    return blocks.message(text, [blocks.section(text), *more])


async def explain(desk: Desk, command: Command) -> Json:
    return _words(desk.voice(command.by.language).says("help"))


async def unknown(desk: Desk, command: Command) -> Json:
    """A typing error is named, so that the help that follows is no riddle."""
    voice = desk.voice(command.by.language)
    named = voice.says("unknown_command", verb=blocks.cut(blocks.one_line(command.verb), LONGEST_VERB))
    return _words(f"{named}\n{voice.says('help')}")


async def find(desk: Desk, command: Command) -> Json:
    if not command.rest:
        return _words(desk.voice(command.by.language).says("how_to_find"))
    found = await desk.services.store.look(lambda session: find_leads(session, command.rest))
    return _found(desk, command, found)


async def mine(desk: Desk, command: Command) -> Json:
    def look(session: Session) -> tuple[Waiting, ...]:
        return leads_of(session, command.by.id)

    return _found(desk, command, await desk.services.store.look(look))


def _found(desk: Desk, command: Command, found: tuple[Waiting, ...]) -> Json:
    voice = desk.voice(command.by.language)
    if not found:
        return _words(voice.label("command", "none_found"))
    title = voice.label("command", "found").format(count=len(found))
    return blocks.message(title, list_of(title, found, voice, (ids.CLAIM, ids.LOG_CALL), with_id=True))


async def new(desk: Desk, command: Command) -> Json:
    voice = desk.voice(command.by.language)
    try:
        typed = read_new(command.rest)
    except NotALead:
        return _words(voice.says("how_to_make_a_lead"))
    now = desk.services.clock().astimezone(desk.services.store.policy.working_hours.zone)
    facts = await asyncio.to_thread(heard_of, typed, now=now)

    def make(tx: Transaction) -> Json:
        return {"lead": make_lead(tx, typed, facts, by=command.by).id}

    made = await desk.act(command.once, make)
    title = voice.title(typed.company, typed.name)
    return _words(voice.says("lead_made", lead=title, id=made["lead"][:SHORT_ID]))


async def interview(desk: Desk, command: Command) -> Json:
    """Opens the typist's form; Slack needs no other answer."""
    voice = desk.voice(command.by.language)
    if not command.rest:
        return _words(voice.says("how_to_interview"))
    try:
        lead_id = await desk.services.store.look(lambda session: lead_id_of(session, command.rest))
    except LeadNotFound:
        return _words(voice.card("lead_not_found"))
    await begin_interview(desk, lead_id, command.place, command.by)
    return {}


VERBS: dict[str, Callable[[Desk, Command], Awaitable[Json]]] = {
    "": explain,
    "help": explain,
    "find": find,
    "mine": mine,
    "new": new,
    "interview": interview,
}
