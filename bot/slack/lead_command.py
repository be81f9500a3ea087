"""/lead: everything by the keyboard. Answers are seen by the rep alone.

/lead help | find TEXT | mine | new NAME, COMPANY what they said | interview ID | confirm ID REASON
      won ID, lost ID, left ID | reassign ID | why ID | rules | undo


What was typed with a Japanese keyboard counts as well: blanks and letters of full width, an id as our lists show it.
"""

import asyncio
import re
import unicodedata
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext
from sqlmodel import Session, col, select

from bot.definition import Definition
from bot.slack import blocks, ids
from bot.slack.blocks import Json
from bot.slack.card import deal_in_words
from bot.slack.deal import keep_result, read_line
from bot.slack.desk import Desk
from bot.slack.explained import rules_message, why_message
from bot.slack.handover import REASON_LENGTH, confirm_deal
from bot.slack.new_lead import NotALead, heard_of, make_lead, read_new
from bot.slack.people import Colleague
from bot.slack.press import COLLEAGUE, ONCE, Place
from bot.slack.queue import SHORT_ID, SHOWN, Waiting, leads_of, list_of
from bot.slack.reassign import open_reassign
from bot.slack.rep_interview import begin_interview
from bot.slack.search import find_leads, lead_id_of
from bot.slack.spoken import unescaped
from bot.slack.undo import take_back
from qualification.deals import Result
from qualification.leads import LeadNotFound
from qualification.records import Deed
from qualification.store import Transaction

LONGEST_VERB = 40
ID_FIRST = re.compile(r"(?:id\s*[:：]\s*)?(\S*)\s*(.*)", re.IGNORECASE | re.DOTALL)
NOTHING = {"found": "no_found", "mine": "no_mine"}
Opens = Callable[[Desk, str, Place, Colleague], Awaitable[None]]


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
    async def lead(ack: AsyncAck, body: Json, context: AsyncBoltContext) -> None:
        verb, rest = _verb_and_rest(unescaped(str(body.get("text") or "")))
        answer = VERBS.get(unicodedata.normalize("NFKC", verb).lower(), unknown)
        command = Command(by=context[COLLEAGUE], verb=verb, rest=rest, once=context[ONCE], place=Place.of(body))
        await ack(**await answer(desk, command))


def _verb_and_rest(typed: str) -> tuple[str, str]:
    verb, rest = [*typed.split(maxsplit=1), "", ""][:2]
    return verb, rest.strip()


def _id_and_words(rest: str) -> tuple[str, str]:
    """ID：1a2b3c4d 300万円, as it is copied from a list, is the id and the words behind it."""
    found = ID_FIRST.fullmatch(rest)
    return (found[1], found[2]) if found else ("", "")


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
        return leads_of(desk.now_in(session), command.by.id)

    return _found(desk, command, await desk.services.store.look(look), found_as="mine")


def _found(desk: Desk, command: Command, found: tuple[Waiting, ...], *, found_as: str = "found") -> Json:
    voice = desk.voice(command.by.language)
    if not found:
        return _words(voice.label("command", NOTHING[found_as]))
    counted = "or_more" if len(found) > SHOWN else "counted"
    count = voice.label("command", counted).format(count=min(len(found), SHOWN))
    title = voice.label("command", found_as).format(count=count)
    return blocks.message(title, list_of(title, found, voice, (ids.CLAIM, ids.LOG_CALL)))


async def new(desk: Desk, command: Command) -> Json:
    voice = desk.voice(command.by.language)
    try:
        typed = read_new(command.rest)
    except NotALead:
        return _words(voice.says("how_to_make_a_lead"))
    now = desk.local_now
    facts = await asyncio.to_thread(heard_of, typed, now=now)

    def make(tx: Transaction) -> Json:
        return {"lead": make_lead(tx, typed, facts, by=command.by).id}

    made = await desk.act(command.once, make)
    title = voice.title(typed.company, typed.name)
    return _words(voice.says("lead_made", lead=title, id=made["lead"][:SHORT_ID]))


async def interview(desk: Desk, command: Command) -> Json:
    """Opens the form of the rep's interview; Slack needs no other answer."""
    return await _open_with(begin_interview, "how_to_interview", desk, command)


async def reassign(desk: Desk, command: Command) -> Json:
    return await _open_with(open_reassign, "how_to_reassign", desk, command)


async def _open_with(opens: Opens, usage: str, desk: Desk, command: Command) -> Json:
    """Open a form about the one lead whose id was typed."""
    voice = desk.voice(command.by.language)
    typed, _ = _id_and_words(command.rest)
    if not typed:
        return _words(voice.says(usage))
    lead_id = await _lead_named(desk, typed)
    if lead_id is None:
        return _words(voice.card("lead_not_found"))
    await opens(desk, lead_id, command.place, command.by)
    return {}


async def _lead_named(desk: Desk, typed: str) -> str | None:
    try:
        return await desk.services.store.look(lambda session: lead_id_of(session, typed))
    except LeadNotFound:
        return None


async def confirm(desk: Desk, command: Command) -> Json:
    """/lead confirm ID 契約書の確認に入りました: the deal is real, by the rep's own judgement (M20, D2)."""
    voice = desk.voice(command.by.language)
    typed, words = _id_and_words(command.rest)
    if not words:
        return _words(voice.says("how_to_confirm"))
    lead_id = await _lead_named(desk, typed)
    if lead_id is None:
        return _words(voice.card("lead_not_found"))
    reason = blocks.one_line(words)[:REASON_LENGTH]
    await desk.act(command.once, lambda tx: confirm_deal(tx, lead_id, reason, command.by))
    lead = (await desk.dossier_that_counts(lead_id)).lead
    return _words(voice.says("deal_confirmed", lead=voice.title(lead.company, lead.person)))


async def tell_deal(result: Result, desk: Desk, command: Command) -> Json:
    """/lead won ID 300万円 3年契約: what became of the deal, what it is worth, a word about it."""
    voice = desk.voice(command.by.language)
    typed, words = _id_and_words(command.rest)
    if not typed:
        return _words(voice.says("how_to_tell_a_deal"))
    lead_id = await _lead_named(desk, typed)
    if lead_id is None:
        return _words(voice.card("lead_not_found"))
    told = await asyncio.to_thread(read_line, result, words, now=desk.local_now)
    await desk.act(command.once, lambda tx: keep_result(tx, lead_id, told, command.by))
    lead = (await desk.dossier_that_counts(lead_id)).lead
    became = deal_in_words(told.result, told.amount, told.currency, voice)
    return _words(voice.says("deal_kept", lead=voice.title(lead.company, lead.person), result=became))


async def why(desk: Desk, command: Command) -> Json:
    """Why the lead stands where it stands; everybody may ask."""
    voice = desk.voice(command.by.language)
    typed, _ = _id_and_words(command.rest)
    if not typed:
        return _words(voice.says("how_to_ask_why"))
    lead_id = await _lead_named(desk, typed)
    if lead_id is None:
        return _words(voice.card("lead_not_found"))
    return why_message(await desk.dossier_that_counts(lead_id), desk.services.store.policy, voice)


async def rules(desk: Desk, command: Command) -> Json:
    definition = Definition(desk.services.store.policy, desk.services.words, command.by.language)
    return rules_message(definition, desk.voice(command.by.language))


async def undo_last(desk: Desk, command: Command) -> Json:
    """Take back what this person did last."""
    by, voice = command.by, desk.voice(command.by.language)
    deed = await desk.services.store.look(lambda session: last_deed_of(session, by.id))
    if deed is None:
        return _words(voice.says("nothing_to_undo"))
    deed_id = deed.id

    await desk.act(command.once, lambda tx: take_back(tx, deed_id, by))
    lead = (await desk.dossier(deed.lead_id)).lead
    title, what = voice.title(lead.company, lead.person), voice.label("deed", deed.kind)
    return _words(voice.says("undone", lead=title, what=what))


def last_deed_of(session: Session, user_id: str) -> Deed | None:
    mine = select(Deed).where(col(Deed.by) == user_id, col(Deed.undone_at).is_(None))
    return session.exec(mine.order_by(col(Deed.id).desc()).limit(1)).first()


VERBS: dict[str, Callable[[Desk, Command], Awaitable[Json]]] = {
    "": explain,
    "help": explain,
    "find": find,
    "mine": mine,
    "new": new,
    "interview": interview,
    "confirm": confirm,
    **{result.value: partial(tell_deal, result) for result in Result},
    "reassign": reassign,
    "why": why,
    "rules": rules,
    "undo": undo_last,
}
