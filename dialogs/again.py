"""Back into a talk by a link of its receipt, from any device: the read-back opens once more."""

from dialogs.interview import State
from dialogs.kept_talk import keep_words, talk_of
from dialogs.live import NoChat, latest_of
from dialogs.records import Chat
from qualification.receipt import holder_of
from qualification.store import Transaction


def open_again(tx: Transaction, receipt: str, *, again_hash: str) -> None:
    """From now on the token with this hash opens the chat, too; the one a link made before opens nothing.

    Raises ReceiptUnknown, and NoChat when there is no talk to go back to.
    """
    chat = latest_of(tx.find(Chat, "lead_id", holder_of(tx, receipt).id))
    if chat is None:
        raise NoChat(NoChat.__doc__)
    chat.again_hash = again_hash
    talk = talk_of(tx, chat)
    if talk.interview.state is State.COMPLETED:
        talk.read_back_again()
        keep_words(tx, chat, talk)
