"""A prospect at the chat, as a test speaks of them: `chat.says("300万円です")`, `chat.bot_said`."""

import itertools
from dataclasses import dataclass, field

from dialogs.records import Chat
from dialogs.turn import TURN, Reply, Said, chat_of, fall_silent, inbox_key, open_chat, take_turn, topic_asked_in
from qualification import leads
from qualification.answers import Known
from qualification.followup import latest_follow_up_of
from qualification.records import Lead, Timer
from qualification.store import Store


@dataclass
class Prospect:
    """One talk over a real store, without a door."""

    store: Store
    language: str = "ja"
    token: str = "a-token-of-this-test"
    bot_said: list[str] = field(default_factory=list)
    _ids: "itertools.count[int]" = field(default_factory=itertools.count)

    def opens_chat(self) -> Reply:
        reply = self.store.run_here(
            lambda tx: open_chat(
                tx, token_hash=self.token, language=self.language, page_url=None, referrer=None, playbook=None
            )
        )
        return self._heard(reply)

    def says(self, text: str, *, message_id: str | None = None) -> Reply:
        return self._send(Said(id=message_id or f"m{next(self._ids)}", text=text))

    def chooses(self, value: str) -> Reply:
        return self._send(Said(id=f"m{next(self._ids)}", choice=value))

    def _send(self, said: Said) -> Reply:
        key = inbox_key(self.token, said.id)
        return self._heard(self.store.run_here(lambda tx: take_turn(tx, self.token, said), TURN, self.token, key))

    def _heard(self, reply: Reply) -> Reply:
        self.bot_said = [message.prompt for message in reply.messages if message.prompt]
        return reply

    def time_passes(self) -> None:
        """Whatever is due by now happens: the part of the worker that looks after silence."""
        due = self.store.run_here(
            lambda tx: [
                row.id for row in tx.find(Timer, "subject_id", chat_of(tx, self.token).id) if row.due_at <= tx.now
            ]
        )
        for timer_id in due:
            self.store.run_here(lambda tx, timer_id=timer_id: fall_silent(tx, tx.get(Timer, timer_id)))

    @property
    def chat(self) -> Chat:
        return self.store.run_here(lambda tx: chat_of(tx, self.token))

    @property
    def question(self) -> str | None:
        return topic_asked_in(self.chat, None)

    @property
    def lead(self) -> Lead:
        lead_id = self.chat.lead_id
        assert lead_id is not None, "the prospect has not said anything yet"
        return self.store.run_here(lambda tx: tx.get(Lead, lead_id))

    @property
    def known(self) -> Known:
        lead_id = self.chat.lead_id
        return self.store.run_here(lambda tx: leads.known_of(tx, tx.get(Lead, lead_id))) if lead_id else Known()

    @property
    def follow_up(self) -> str:
        lead = self.lead
        row = self.store.run_here(lambda tx: latest_follow_up_of(tx, tx.get(Lead, lead.id)))
        return row.status if row else "none"
