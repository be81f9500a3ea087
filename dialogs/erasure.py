"""A talk, gone for good: its messages, its token, what a rep wrote, and the marks of what came in."""

from sqlalchemy import select

from dialogs.records import Chat, Message, RepLine
from dialogs.turn import inbox_key
from qualification.erasure import drop_timers
from qualification.records import Inbound
from qualification.rows import table_of
from qualification.store import Transaction


def erase_chats_of(tx: Transaction, lead_id: str) -> int:
    """How many they were."""
    chats = tx.find(Chat, "lead_id", lead_id)
    for chat in chats:
        erase_chat(tx, chat)
    return len(chats)


def erase_chat(tx: Transaction, chat: Chat) -> None:
    """Afterwards its token opens nothing."""
    drop_timers(tx, chat.id)
    for line in tx.find(RepLine, "chat_id", chat.id):
        drop_timers(tx, line.id)
    tx.delete(RepLine, "chat_id", chat.id)
    tx.delete(Message, "chat_id", chat.id)
    key = table_of(Inbound).c.key
    for opened in filter(None, (chat.token_hash, chat.again_hash)):
        came_in = tx.select(select(key).where(key.startswith(inbox_key(opened, ""), autoescape=True)))
        tx.delete(Inbound, "key", *(row.key for row in came_in))
    tx.delete(Chat, "id", chat.id)
