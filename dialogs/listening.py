"""A person of ours talks with the prospect, and the bot is silent: it hears what they say, and answers nothing."""

from dialogs import lines
from dialogs.reading import read
from dialogs.reading.found import UNSURE
from dialogs.talk import Talk
from dialogs.told import facts_beside, facts_of
from qualification import leads
from qualification.behaviour import CHAT_TALK
from qualification.contact import Grade
from qualification.promptness import is_noted, note_answer


def listen(talk: Talk, text: str | None) -> None:
    """A person answers, so the bot is silent; what is surely understood is kept all the same, lest we ask twice."""
    reading = read(text or "", question=None, now=talk.tx.here)
    noted = talk.note(facts_beside(reading, None))
    heard = talk.record_all([fact for fact in facts_of(reading) if fact.certainty >= UNSURE])
    asked_by = talk.chat.rep_id if talk.chat.rep_seq is not None else None
    if asked_by is not None:
        _talk_with_a_person(talk)
    if heard or noted or asked_by is not None:
        leads.reassess(talk.tx, talk.lead)
    if asked_by is not None:
        lines.count_contact(talk.tx, talk.chat, Grade.TWO_WAY, by=asked_by)


def _talk_with_a_person(talk: Talk) -> None:
    """Both have spoken: a conversation, and their first word since the rep came is an answer to us (M34)."""
    tx, chat, lead = talk.tx, talk.chat, talk.lead
    since_they_came = f"{chat.id}:{chat.rep_mark}"
    if not is_noted(tx, since_they_came):
        leads.record_activity(tx, lead, CHAT_TALK, key=f"{CHAT_TALK}:{chat.id}")
        line = lines.first_line(tx, chat)
        note_answer(tx, lead, once=since_they_came, tried_at=line.due_at if line else None)
