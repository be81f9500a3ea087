"""The end of a talk: what we promised, and what the prospect can still do about it (N3).

mail_copy       one mail with what we understood and by when somebody calls; only who asks for it gets it
sooner          whoever must call hears it
correct         the read-back opens once more
nobody_called   the managers hear it
may_note, may_not_note    whether we may note which pages of the site they look at
"""

import json
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from typing import Any

from dialogs.interview import State
from dialogs.records import Chat
from dialogs.reply import Choices
from dialogs.talk import Talk
from qualification import consent, outbox
from qualification.consent import Purpose
from qualification.followup import Status, latest_follow_up_of
from qualification.notices import RECEIPT_MAIL
from qualification.receipt import Heard, nobody_called, receipt_of, sooner_please
from qualification.records import FollowUp, Lead, Outbound, Rep
from qualification.store import Transaction

MAIL_COPY, SOONER, CORRECT, NOBODY_CALLED = "mail_copy", "sooner", "correct", "nobody_called"
MAY_NOTE, MAY_NOT_NOTE = "may_note", "may_not_note"
OVER = (State.COMPLETED, State.HANDED_OVER)
A_DAY = timedelta(days=1)
MAILS_A_DAY = 3  # to one address, whoever asks: a chat is no way to flood somebody's inbox


def hear(talk: Talk, choice: str) -> bool:
    """Do what was chosen; False when this choice is none of ours, or the talk is not over."""
    act = ACTS.get(choice)
    if act is None or talk.interview.state not in OVER:
        return False
    act(talk)
    return True


def promise(talk: Talk) -> dict[str, Any]:
    """By when, in whose clock, and by whom they will be called, if that is known; whether they have a receipt, and
    whether a copy can be mailed."""
    clock, lead = _running(talk), talk.lead
    owner = talk.tx.peek(Rep, lead.owner_id) if lead.owner_id else None
    known = {
        "zone": talk.chat.zone,
        "who": owner.name if owner else None,
        "receipt": True if clock and talk.interview.known.reachable and receipt_of(talk.tx, lead) else None,
    }
    return {
        "due_at": clock.due_at.isoformat() if clock else None,
        **{name: value for name, value in known.items() if value is not None},
        "mailable": _address(talk) is not None,
    }


def offers(talk: Talk) -> Choices | None:
    """What can still be asked for at the end."""
    clock = _running(talk)
    address = _address(talk)
    wanted = (
        (MAIL_COPY, address is not None and not _was_mailed(talk, address)),
        (SOONER, clock is not None and clock.sooner_at is None and talk.interview.known.reachable),
        (CORRECT, talk.interview.state is State.COMPLETED and bool(talk.interview.known.stated)),
    )
    values = tuple(value for value, offered in wanted if offered)
    return Choices(of="common", values=values) if values else None


def offer_a_copy(talk: Talk) -> None:
    """They ask for a copy in words of their own: where it would go, and the button that mails it."""
    address = _address(talk)
    if _was_mailed(talk, address):
        _say_and_offer(talk, "receipt_mailed_before")
    else:
        talk.say("copy_of_this", offers(talk), email=address)


def _mail_a_copy(talk: Talk) -> None:
    address = _address(talk)
    if address is None:
        talk.say("copy_of_this", email=None)
    elif _has_enough_mails(talk.tx, address):
        _say_and_offer(talk, "receipt_mailed_before")
    else:
        consent.decide(talk.tx, talk.own_lead, Purpose.RECEIPT_MAIL, language=talk.chat.language)
        _queue_mail(talk, address)
        _say_and_offer(talk, "receipt_mailed", email=address)


def _queue_mail(talk: Talk, address: str) -> None:
    """The same answers go to the same address once."""
    if _was_mailed(talk, address):
        return
    told = promise(talk)
    talk.chat.mailed = True
    payload = {
        "to": address,
        "said": _said_to(talk, address),
        "chat": talk.chat.id,
        "language": talk.chat.language,
        "answers": talk.all_facts(),
        "may_correct": talk.interview.state is State.COMPLETED,
        **{name: told.get(name) for name in ("due_at", "zone", "who")},
        "receipt": receipt_of(talk.tx, talk.own_lead) if told.get("receipt") else None,
    }
    key = next(key for key in _keys_of_today(talk.tx, address) if talk.tx.first(Outbound, "key", key) is None)
    outbox.queue(talk.tx, key=key, kind=RECEIPT_MAIL, lead_id=talk.lead.id, payload=payload)


def _was_mailed(talk: Talk, address: str | None) -> bool:
    """Whether the same answers went to the same address. Who has not asked for a mail in this talk has none of it;
    that is nearly everybody.
    """
    if not talk.chat.mailed:
        return False
    said = _said_to(talk, address)
    leads = {talk.lead.id, talk.own_lead.id}
    return any(row.payload.get("said") == said for one in leads for row in talk.tx.find(Outbound, "lead_id", one))


def _said_to(talk: Talk, address: str | None) -> str:
    said = json.dumps([address, talk.all_facts()], sort_keys=True, default=str)
    return sha256(said.encode()).hexdigest()[:16]


def _has_enough_mails(tx: Transaction, address: str) -> bool:
    """Counted by the address that was written to: another one named since, or an erased talk, gives no new mails."""
    keys = [*_keys_of_today(tx, address), *_keys_of_today(tx, address, ago=A_DAY)]
    tx.load(Outbound, "key", keys)
    rows = (tx.first(Outbound, "key", key) for key in keys)
    return sum(row is not None and row.created_at > tx.now - A_DAY for row in rows) >= MAILS_A_DAY


def _keys_of_today(tx: Transaction, address: str, *, ago: timedelta = timedelta()) -> list[str]:
    """A key for each mail that may go to an address on a day. It outlives an erasure, so it names nobody: addresses
    without number share these few digits.
    """
    mark = sha256(address.casefold().encode()).hexdigest()[:6]
    return [f"{RECEIPT_MAIL}:{mark}:{(tx.now - ago).date().isoformat()}:{number}" for number in range(MAILS_A_DAY)]


def _wish_sooner(talk: Talk) -> None:
    if _running(talk) is None and talk.own_lead.receipt is None:  # nobody was to call
        talk.say("at_your_service")
        return
    heard = sooner_please(talk.tx, receipt_of(talk.tx, talk.own_lead))
    if heard is Heard.CONTACTED:
        _say_and_offer(talk, "sooner_not_needed")
    elif heard is Heard.KNOWN_ALREADY:
        _say_and_offer(talk, "thank_you_will_reach", **promise(talk))
    else:
        _say_and_offer(talk, "sooner_heard", **promise(talk))


def _nobody_called(talk: Talk) -> None:
    if talk.own_lead.receipt is None:  # nobody was to call
        talk.say("at_your_service")
        return
    heard = nobody_called(talk.tx, receipt_of(talk.tx, talk.own_lead))
    _say_and_offer(talk, "nobody_called_heard", **promise(talk), heard=heard.value)


def _correct(talk: Talk) -> None:
    if talk.interview.state is State.COMPLETED and not talk.answered():
        talk.say("at_your_service", offers(talk))
    elif talk.interview.state is State.COMPLETED:
        talk.read_back_again()
    else:
        talk.say("how_to_correct")


def _may_note(talk: Talk) -> None:
    decide_tracking(talk.tx, talk.chat, talk.own_lead, agreed=True)
    _say_and_offer(talk, "noting_pages")


def _may_not_note(talk: Talk) -> None:
    decide_tracking(talk.tx, talk.chat, talk.own_lead, agreed=False)
    _say_and_offer(talk, "not_noting_pages")


def decide_tracking(tx: Transaction, chat: Chat, lead: Lead, *, agreed: bool, wording: str | None = None) -> None:
    """Whether we may note which pages they look at; `wording` names the words of a banner of the site's own."""
    if chat.tracking is not agreed:
        chat.tracking = agreed
        consent.decide(tx, lead, Purpose.TRACKING, agreed=agreed, language=chat.language, wording=wording)


def _say_and_offer(talk: Talk, prompt: str, **facts: Any) -> None:
    """The answer; then, where the site wishes it and once, whether we may note their pages; else what is left to do."""
    ask = talk.chat.tracks and talk.chat.tracking is None
    talk.say(prompt, None if ask else offers(talk), **facts)
    if ask:
        talk.say("may_we_note_pages", Choices(of="common", values=(MAY_NOTE, MAY_NOT_NOTE)))


def may_be_sooner(talk: Talk) -> bool:
    """Whether a call is due to who can be reached."""
    return _running(talk) is not None and talk.interview.known.reachable


def _running(talk: Talk) -> FollowUp | None:
    clock = latest_follow_up_of(talk.tx, talk.lead)
    return clock if clock is not None and clock.status == Status.OPEN else None


def _address(talk: Talk) -> str | None:
    contact = talk.interview.known.contact
    return contact.email if contact else None


ACTS: dict[str, Callable[[Talk], None]] = {
    MAIL_COPY: _mail_a_copy,
    SOONER: _wish_sooner,
    CORRECT: _correct,
    NOBODY_CALLED: _nobody_called,
    MAY_NOTE: _may_note,
    MAY_NOT_NOTE: _may_not_note,
}
