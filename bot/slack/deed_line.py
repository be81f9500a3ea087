"""The line in a lead's thread that tells what a person did, with what can be done about it.

claimed     the line, the number to call, and the four usual outcomes of a call
logged      the line, how the clock stands now, and "Undo"
later       the same without "Undo", once its five minutes are over
taken back  the line marked as taken back; after a call the outcomes are offered again
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.in_words.answers import phone_as_dialled
from bot.slack import blocks, ids, lines
from bot.slack.blocks import Json
from bot.slack.card import clock_in_words
from bot.slack.outcomes import NO_CALL, outcome_buttons
from bot.slack.voice import Voice
from qualification.deeds import Kind, may_be_undone
from qualification.dossier import Dossier
from qualification.records import Deed

ASKS_FOR_OUTCOME = frozenset({Kind.CLAIM, Kind.REASSIGN})


@dataclass(frozen=True, kw_only=True)
class Done:
    """A deed as its line shows it. `last_call` names the last call on the lead that counts; `standing`: for good."""

    id: str
    kind: Kind
    undone: bool
    standing: bool = False
    last_call: str = NO_CALL

    @classmethod
    def of(cls, deed: Deed, last_call: str, now: datetime) -> "Done":
        undone = deed.undone_at is not None
        standing = not undone and not may_be_undone(deed, now)
        return cls(id=deed.id, kind=Kind(deed.kind), undone=undone, standing=standing, last_call=last_call)


def deed_message(
    payload: Mapping[str, Any], done: Done, dossier: Dossier, voice: Voice, mentions: Sequence[str] = ()
) -> Json:
    """The message for a queued event that was a deed: {"event", "by", "facts", "deed"}."""
    message = what_followed(payload, done, dossier, voice, mentions)
    return message | {"blocks": [*message["blocks"], *_below(done, dossier, voice)]}


def what_followed(
    payload: Mapping[str, Any], done: Done, dossier: Dossier, voice: Voice, mentions: Sequence[str] = ()
) -> Json:
    """A line alone; of a deed that was taken back it says so."""
    line = lines.line_of(payload, dossier, voice, called=False)
    return lines.called_out(voice.says("taken_back", line=line) if done.undone else line, mentions)


def _below(done: Done, dossier: Dossier, voice: Voice) -> list[Json]:
    asks = done.kind in ASKS_FOR_OUTCOME if not done.undone else done.kind is Kind.CALL
    drawn: list[Json] = []
    if done.kind is Kind.CALL and not done.undone and dossier.follow_up is not None:
        drawn.append(blocks.context(clock_in_words(dossier.follow_up, dossier.names, voice)))
    if asks and dossier.lead.owner_id is not None:
        drawn += with_outcomes(dossier, done.last_call, voice)
    if not (done.undone or done.standing):
        drawn.append(blocks.actions(f"undo:{done.id}", [_undo_button(done, dossier, voice)]))
    return drawn


def with_outcomes(dossier: Dossier, last_call: str, voice: Voice) -> Sequence[Json]:
    """The number to call, the question how the call ended, and its buttons."""
    buttons = outcome_buttons(dossier.lead, last_call, voice)
    if not buttons:
        return []
    number = dossier.lead.phone
    return [*_to_dial(number, voice), blocks.context(voice.says("how_did_it_end")), *buttons]


def _to_dial(number: str | None, voice: Voice) -> list[Json]:
    if not number:
        return []
    link = blocks.phone_link(number, phone_as_dialled(number, voice.language))
    return [blocks.marked_section(voice.says("number_to_call", phone=link))]


def _undo_button(done: Done, dossier: Dossier, voice: Voice) -> Json:
    return blocks.button(voice.says("undo_for_five_minutes"), ids.UNDO, ids.menu_value(done.id, dossier.lead.id))
