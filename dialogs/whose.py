"""Of whom a talk is, once two records of one person are made one (D29).

what is said            counts for the record that was kept, and is shown on its card
what the talk shows     is what was said in it: a rep thought that two are one, and may be wrong
its own receipt         opens this talk alone
"""

from dialogs.records import Chat
from qualification import leads
from qualification.answers import CHAT, Known
from qualification.duplicates import standing_merge_of
from qualification.look import Rows
from qualification.one_person import kept_of
from qualification.records import Answer, Lead
from qualification.store import Transaction


def own_record(rows: Rows, chat: Chat) -> Lead | None:
    """The record this talk began; None before the first word, and once it is erased."""
    return rows.peek(Lead, chat.lead_id) if chat.lead_id else None


def lead_of(rows: Rows, chat: Chat) -> Lead | None:
    """The record that what is said in it counts for."""
    own = own_record(rows, chat)
    return kept_of(rows, own) if own else None


def answers_in(rows: Rows, own: Lead) -> list[Answer]:
    """What may be shown in a talk that began this record: what came with it, and what was said in a chat since."""
    merged = standing_merge_of(rows, own)
    if merged is None:
        return rows.find(Answer, "lead_id", own.id)
    came = set(merged.moved["answers"])
    return [
        row
        for row in rows.find(Answer, "lead_id", kept_of(rows, own).id)
        if row.id in came or ((row.via or CHAT) == CHAT and row.at >= merged.at)
    ]


def known_in(tx: Transaction, own: Lead) -> Known:
    """What the bot knows in it."""
    if own.merged_into is None:
        return leads.known_of(tx, own)
    return Known.of(answers_in(tx, own))


def chats_of(rows: Rows, lead_id: str) -> list[Chat]:
    """Every talk of this person, those of merged records among them."""
    merged = [chat for one in rows.find(Lead, "merged_into", lead_id) for chat in chats_of(rows, one.id)]
    return [*rows.find(Chat, "lead_id", lead_id), *merged]
