"""The copy a prospect asked for could not be mailed: the rep reads it in the thread, the prospect in their chat.

While a person talks the bot stays silent, and while answers are being corrected it does not interrupt.
"""

from dialogs import receipt
from dialogs.interview import State
from dialogs.kept_talk import keep_words, talk_of
from dialogs.records import Chat
from qualification.events import BOT, ReceiptMailFailed
from qualification.records import Lead
from qualification.store import Transaction


def copy_came_back(tx: Transaction, *, lead_id: str, chat_id: str, to: str, problem: str) -> None:
    """`problem` is the mail server's own reason. Does nothing for a lead who was erased meanwhile."""
    if tx.peek(Lead, lead_id) is None:
        return
    tx.record(ReceiptMailFailed(lead_id=lead_id, by=BOT, to=to, problem=problem))
    chat = tx.peek(Chat, chat_id)
    if chat is None or chat.rep_id is not None or State(chat.state) not in receipt.OVER:
        return
    talk = talk_of(tx, chat)
    talk.say("receipt_not_mailed", receipt.offers(talk), email=to)
    keep_words(tx, chat, talk)
