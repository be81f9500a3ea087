"""Who told a rep to stop: heard when the talk is given back, as the bot was silent when it was said.

"please don't call me again"  "delete my data"   nobody contacts them
"I'm done, thanks"  「今日はここまでで」            the bot asks nothing more; a call that was promised stays so
"""

from collections.abc import Iterator

from dialogs.messages import messages_of
from dialogs.reading import read
from dialogs.reading.found import Act, Reading
from dialogs.reading.intent import acts_in
from dialogs.reading.text import Text
from dialogs.records import Chat, Turn
from dialogs.short_words import plain_of, says
from qualification.answers import PROSPECT
from qualification.store import Transaction

TAKES_IT_BACK = frozenset({Act.ANSWER, Act.CORRECT, Act.QUESTION, Act.HUMAN})


def ends_asked(tx: Transaction, chat: Chat) -> list[Reading]:
    """Their wishes to end it, the last one first, told to whoever of ours had the talk since the bot gave it away.

    A thank-you takes none of them back; a fact, a question or another wish does.
    """
    ends = []
    for text in _told_to_reps(tx, chat):
        said = read(text, question=None, now=tx.here)
        if said.act is Act.STOP:
            ends.append(said)
        elif said.act in TAKES_IT_BACK or says("after_all", plain_of(text)):
            break
    return ends


def bars_contact(end: Reading) -> bool:
    """Whether it asks not to be contacted, or to be deleted; its own words say so, and not a later "call me"."""
    text = Text.of(end.text)
    stops = acts_in(text).get("stop", ())
    return end.wants_deletion or any(says("contact", text.plain[hit.start : hit.end]) for hit in stops)


def _told_to_reps(tx: Transaction, chat: Chat) -> Iterator[str]:
    """What they wrote since, the last first; a second rep who steps in begins nothing new."""
    messages = list(messages_of(tx.find(Turn, "chat_id", chat.id), None))
    back = max((place for place, one in enumerate(messages) if one.prompt == "bot_is_back"), default=-1)
    since = messages[back + 1 :]
    taken = next((place for place, one in enumerate(since) if one.prompt == "person_is_here"), len(since))
    return (one.text for one in reversed(since[taken:]) if one.sender == PROSPECT and one.text)
