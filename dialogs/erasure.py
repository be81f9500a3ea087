"""A talk, gone for good: what was said, its token, and what a rep wrote."""

from dialogs.records import Chat, RepLine, Turn
from qualification.erasure import drop_timers
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
    tx.delete(Turn, "chat_id", chat.id)
    tx.delete(Chat, "id", chat.id)
