"""A prospect at the chat, as a test speaks of them: `chat.says("300万円です")`, `chat.bot_said`."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from dialogs import lines, live
from dialogs.messages import messages_of
from dialogs.playbook import shipped_playbook
from dialogs.records import Chat, Turn
from dialogs.turn import TURN, Reply, Said, chat_of, fall_silent, open_chat, take_turn, topic_asked_in
from qualification import leads
from qualification.answers import PROSPECT, Known
from qualification.followup import latest_follow_up_of
from qualification.records import Lead, Timer
from qualification.store import Store, Transaction
from qualification.writing.rows import key_of

FOUR_ANSWERS = {
    "ja": ("請求処理が手作業で大変です", "3か月以内", "私が決めます", "200万円"),
    "en": ("invoices are all manual", "within 3 months", "I decide", "20k"),
}
WHO = {
    "ja": ("ツバメ食品", "西田 nishida@tsubame.example"),
    "en": ("Swallow Foods", "Nina West nina@swallow.example"),
}


@dataclass
class Prospect:
    """One talk over a real store, without a door."""

    store: Store
    language: str = "ja"
    token: str = "a-token-of-this-test"
    zone: str | None = None
    tracks: bool = False
    bot_said: list[str] = field(default_factory=list)
    _ids: "itertools.count[int]" = field(default_factory=itertools.count)

    def opens_chat(self) -> Reply:
        reply = self.store.run_here(
            lambda tx: open_chat(
                tx,
                token_hash=self.token,
                language=self.language,
                page_url=None,
                referrer=None,
                playbook=None,
                zone=self.zone,
                tracks=self.tracks,
            )
        )
        return self._heard(reply)

    def says(self, text: str, *, message_id: str | None = None) -> Reply:
        return self._send(Said(id=message_id or f"m{next(self._ids)}", text=text))

    def chooses(self, value: str) -> Reply:
        return self._send(Said(id=f"m{next(self._ids)}", choice=value))

    def _send(self, said: Said) -> Reply:
        return self._heard(self.store.run_here(lambda tx: take_turn(tx, self.token, said), TURN, self.token))

    def _heard(self, reply: Reply) -> Reply:
        self.bot_said = [message.prompt for message in reply.messages if message.prompt]
        return reply

    def says_everything(self) -> None:
        """A whole interview in Japanese, confirmed at its end."""
        for said in (
            "転記が大変です。3か月以内に、予算は300万円、私が決裁者です",
            "株式会社あさひ",
            "山田花子 a@example.jp",
        ):
            self.says(said)
        while self.chat.state == "asking":
            self.chooses("skip")
        self.chooses("confirm")

    def time_passes(self) -> None:
        """Whatever is due by now happens: the part of the worker that looks after silence."""
        due = self.store.run_here(
            lambda tx: [
                key_of(row) for row in tx.find(Timer, "subject_id", chat_of(tx, self.token).id) if row.due_at <= tx.now
            ]
        )
        for key in due:
            self.store.run_here(partial(_falls_silent, key))

    # -- a rep steps in -----------------------------------------------------------------------

    def rep_takes_over(self) -> list[str]:
        """What the bot says at that."""
        mark = f"{next(self._ids):08d}"
        return self._by_the_rep(lambda tx, lead: live.take_over(tx, lead, by="yuki", name="山田 由紀", mark=mark))

    def rep_hands_back(self) -> list[str]:
        return self._by_the_rep(lambda tx, lead: live.hand_back(tx, lead, by="yuki"))

    def rep_writes(self, text: str) -> None:
        mark = f"{next(self._ids):08d}"
        line = lines.Line(key=f"C:{mark}", mark=mark, text=text)
        self.store.run_here(lambda tx: lines.hold(tx, chat_of(tx, self.token), line, by="yuki"))

    def window_passes(self) -> None:
        def work(tx: Transaction) -> None:
            for timer in tx.find(Timer, "kind", lines.HELD_LINE):
                lines.line_due(tx, timer)

        self.store.run_here(work)

    def _by_the_rep(self, act: Callable[[Transaction, Lead], None]) -> list[str]:
        before, lead_id = self.chat.seq, self.lead.id
        self.store.run_here(lambda tx: act(tx, tx.get(Lead, lead_id)))
        turns = self.store.run_here(lambda tx: tx.find(Turn, "chat_id", chat_of(tx, self.token).id))
        return [message.prompt for message in messages_of(turns, None) if message.seq > before and message.prompt]

    @property
    def chat(self) -> Chat:
        return self.store.run_here(lambda tx: chat_of(tx, self.token))

    @property
    def offered(self) -> list[str]:
        """The quick replies that are open: the last ones since the prospect's word, as bot/web/static/panel.js has it."""
        turns = self.store.run_here(lambda tx: tx.find(Turn, "chat_id", chat_of(tx, self.token).id))
        messages = list(messages_of(turns, shipped_playbook()))
        since = itertools.takewhile(lambda message: message.sender != PROSPECT, reversed(messages))
        return next((list(message.choices["values"]) for message in since if message.choices), [])

    @property
    def question(self) -> str | None:
        return topic_asked_in(self.chat, shipped_playbook())

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


def talk(store: Store, language: str, *said: str) -> Prospect:
    """Somebody who opens a chat and says this."""
    prospect = Prospect(store, language=language)
    prospect.opens_chat()
    for text in said:
        prospect.says(text)
    return prospect


def at_the_read_back(store: Store, language: str) -> Prospect:
    """Somebody who has told everything and reads what was understood."""
    return talk(store, language, *FOUR_ANSWERS[language], *WHO[language])


def asked_how_to_reach(store: Store, language: str) -> Prospect:
    """Somebody who has told everything but how to reach them."""
    return talk(store, language, *FOUR_ANSWERS[language], WHO[language][0])


def kinds_of_need(prospect: Prospect) -> set[str]:
    need = prospect.known.need
    return set(need.categories) if need else set()


def _falls_silent(key: tuple[str, str], tx: Transaction) -> None:
    fall_silent(tx, tx.get(Timer, key))
