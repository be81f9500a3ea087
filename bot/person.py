"""Everything we hold on one person: given out whole, and erased for good (D26)."""

from typing import Any

from sqlmodel import SQLModel

from bot.in_words.chat import chat_message
from bot.slack.erasure import erase_drafts_of
from bot.slack.records import SlackDraft
from bot.words import Words
from dialogs.erasure import erase_chat, erase_chats_of
from dialogs.messages import messages_of
from dialogs.playbook import kept_playbook
from dialogs.records import Chat, PlaybookText, RepLine, Turn
from dialogs.turn import chat_of
from dialogs.whose import answers_in, lead_of, own_record
from qualification import erasure, leads, notices, sightings
from qualification.answers import PROSPECT, Stated
from qualification.bant import as_told
from qualification.events import LeadCaptured, TalkDeleted, kind_of
from qualification.kept_rules import rule_named
from qualification.look import Rows
from qualification.one_person import records_of
from qualification.records import Activity, Answer, Consent, Deed, FollowUp, FormVisitor, History, Lead, Merge, Outbound
from qualification.store import Transaction
from qualification.writing.rows import model_of, values_of

HELD: dict[str, tuple[type[SQLModel], str]] = {
    "answers": (Answer, "lead_id"),
    "activities": (Activity, "lead_id"),
    "consents": (Consent, "lead_id"),
    "history": (History, "lead_id"),
    "follow_ups": (FollowUp, "lead_id"),
    "deeds": (Deed, "lead_id"),
    "messages_out": (Outbound, "lead_id"),
    "merges": (Merge, "kept_id"),
    "forms": (FormVisitor, "lead_id"),
    "drafts": (SlackDraft, "lead_id"),
}
NEVER_GIVEN_OUT = frozenset({"token_hash", "again_hash", "receipt"})  # they open something
UNDERSTOOD = ("topic", "value", "words", "certainty", "said_by", "via", "at", "withdrawn_at")


def erase_person(tx: Transaction, lead: Lead, *, by: str) -> list[str]:
    """The lead and all that was merged with it, out of every room, in one transaction; their ids."""
    erased = records_of(tx, lead)
    for one in erased:
        erase_chats_of(tx, one.id)
        erase_drafts_of(tx, one.id)
        erasure.erase(tx, one, by=by)
    return [one.id for one in erased]


def erase_talk(tx: Transaction, token_hash: str) -> None:
    """What the prospect's own token may erase: the talk, and the lead when it came from this talk alone.

    A lead that we know from elsewhere, too, is not contacted any more, and a person of ours hears of the wish: a token
    proves who talked here, not who they are. A rep who is in the talk is called. Raises ChatNotFound.
    """
    chat = chat_of(tx, token_hash)
    lead, talks = lead_of(tx, chat), chat.rep_id
    if lead is not None and came_from_one_chat(tx, lead):
        erase_person(tx, lead, by=PROSPECT)
    else:
        erase_chat(tx, chat)
        if lead is not None:
            sightings.forget(tx, lead, chat.id)
            leads.opt_out(tx, lead, words="", by=PROSPECT, deletion=True)
    if lead is not None and talks is not None:
        notices.ring(tx, TalkDeleted(lead_id=lead.id, by=PROSPECT, people=(talks,)))


def came_from_one_chat(rows: Rows, lead: Lead) -> bool:
    """Whether one chat, and nothing else, made this lead."""
    captured = [row for row in rows.find(History, "lead_id", lead.id) if row.kind == kind_of(LeadCaptured)]
    by_chat = bool(captured) and all(row.data.get("via") == "chat" for row in captured)
    return by_chat and len(rows.find(Chat, "lead_id", lead.id)) == 1 and len(records_of(rows, lead)) == 1


def person_json(rows: Rows, lead: Lead, words: Words) -> dict[str, Any]:
    """Every row we hold of the person, as it stands, and their talks in the words they were shown in."""
    return {"records": [_record(rows, one, words) for one in records_of(rows, lead)]}


def _record(rows: Rows, lead: Lead, words: Words) -> dict[str, Any]:
    held = {name: [_row(row) for row in rows.find(table, by, lead.id)] for name, (table, by) in HELD.items()}
    for clock in held["follow_ups"]:
        clock["policy"] = rule_named(rows, clock.pop("began_with")).as_kept
    chats = [_chat(rows, chat, words) for chat in rows.find(Chat, "lead_id", lead.id)]
    return {"lead": _row(lead), **held, "chats": chats}


def _chat(rows: Rows, chat: Chat, words: Words) -> dict[str, Any]:
    lines = [_row(line) for line in rows.find(RepLine, "chat_id", chat.id)]
    return {**_row(chat), "messages": _messages(rows, chat, words), "rep_lines": lines}


def _messages(rows: Rows, chat: Chat, words: Words) -> list[dict[str, Any]]:
    turns = sorted(rows.find(Turn, "chat_id", chat.id), key=lambda turn: turn.first)
    (kept,) = rows.find(PlaybookText, "version", chat.playbook) or (None,)
    playbook = kept_playbook(kept.text if kept is not None else None)
    return [chat_message(words, message, chat.language) for message in messages_of(turns, playbook)]


def talk_json(rows: Rows, chat: Chat, words: Words) -> dict[str, Any]:
    """For the prospect: their talk, and what was understood of it; nothing that others told us of them."""
    own, lead = own_record(rows, chat), lead_of(rows, chat)
    answers = [row for row in answers_in(rows, own) if row.said_by in (None, PROSPECT)] if own else []
    noted = rows.find(Activity, "lead_id", lead.id) if lead else []
    return {
        "began_at": chat.created_at,
        "language": chat.language,
        "page": chat.page_url,
        "referrer": chat.referrer,
        "messages": _messages(rows, chat, words),
        "zone": chat.zone,
        "understood": [{name: value for name, value in _row(row).items() if name in UNDERSTOOD} for row in answers],
        "noted": [_row(row) for row in noted if _is_told_by(chat, row)],
        "agreed": [_row(row) for row in rows.find(Consent, "lead_id", chat.lead_id or "")],
    }


def _is_told_by(chat: Chat, row: Activity) -> bool:
    return row.key.startswith(f"{sightings.source_of(chat.id)}:")


def _row(row: SQLModel) -> dict[str, Any]:
    held = {name: value for name, value in values_of(row).items() if name not in NEVER_GIVEN_OUT}
    if model_of(row) is Answer:
        told = Stated.of(row)  # type: ignore[arg-type]  # a row of answers
        held |= {"certainty": told.certainty, "said_by": told.said_by, "via": told.via}
        held["value"] = as_told(told.topic, held["value"])
    return held
