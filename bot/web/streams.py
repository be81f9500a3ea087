"""Everybody who listens to a talk: what a commit changed in a chat is pushed to the open streams of that chat.

    an answer of our own (TalkDoor) ---------------------------------------------> the streams that have all before
    commit (store.on_commit) --+
    another process (Bell) ----+--> changed chats --> one look at the database --> the streams that lag behind
    a look now and then -------+

A stream knows the last message it has, so nothing is lost or doubled however often a chat is named. It costs one
waiting task and a few hundred bytes; who reads too slowly is let go, comes back, and catches up by number.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterable, Sequence
from functools import partial

import sqlalchemy
from pydantic_core import to_json
from sqlalchemy import BindParameter, bindparam
from sqlmodel import Session, col
from starlette.types import Send

from bot.bootstrap import Services
from bot.in_words.chat import chat_talk
from bot.logs import log
from bot.web.bell import Bell
from bot.web.chat import playbook_of
from dialogs.messages import Message, messages_of
from dialogs.records import Chat, Turn
from dialogs.turn import Place, Reply, place_in, reply_of, topic_asked_in
from qualification.store import Unavailable, Wrote
from qualification.writing.rows import row_of, table_of

GATHER = 0.03  # seconds; what comes quickly is looked up together
HEARTBEAT = 20.0  # seconds; a proxy closes a line that is silent for a minute
LOOK_AGAIN = 5.0  # seconds; a notice of another process may be lost (R13)
LOOK_AGAIN_ALONE = 60.0  # seconds, when every commit is our own
CHATS_IN_ONE_LOOK = 400
STREAMS_IN_ONE_GO = 500
MOST_OWED = 256 * 1024  # bytes a slow reader may be behind
MOST_OF_ONE_CHAT = 8
MOST_STREAMS = 20_000
STILL_HERE = b":\n\n"
GOODBYE = b"event: goodbye\ndata:\n\n"


class TooManyStreams(Exception):
    """This process holds as many streams as it may; poll instead, or come back later."""


class Stream:
    """One listener. `seen` is the last message it has, `place` where the talk stood when it was told."""

    __slots__ = ("_ends", "_owed", "_send", "_writing", "chat_id", "place", "seen")

    def __init__(self, chat_id: str, seen: int, send: Send) -> None:
        self.chat_id = chat_id
        self.seen = seen
        self.place: Place | None = None
        self._send = send
        self._owed: list[bytes] = []
        self._ends = False
        self._writing: asyncio.Task[None] | None = None

    def begin(self, headers: list[tuple[bytes, bytes]], opening: bytes) -> None:
        """The head of the answer goes first; nothing was pushed before, as pushing waits for the database."""
        self._writing = asyncio.create_task(self._begin(headers, opening))

    async def _begin(self, headers: list[tuple[bytes, bytes]], opening: bytes) -> None:
        await self._send({"type": "http.response.start", "status": 200, "headers": headers})
        self._owed.insert(0, opening)
        await self._write()

    def write(self, chunk: bytes, *, last: bool = False) -> None:
        """Send without waiting; a reader who falls too far behind gets nothing more than the end."""
        if self._ends:
            return
        self._owed.append(chunk)
        self._ends = last or sum(map(len, self._owed)) > MOST_OWED
        if self._writing is None:
            self._writing = asyncio.create_task(self._write())

    async def _write(self) -> None:
        while self._owed:
            await self._send({"type": "http.response.body", "body": self._owed.pop(0), "more_body": True})
        if self._ends:
            await self._send({"type": "http.response.body", "body": b"", "more_body": False})
        self._writing = None


class Streams:
    """The open streams of this process."""

    def __init__(self, services: Services, *, look_again: float | None = None) -> None:
        """`look_again`: seconds between two looks of our own, in place of the usual ones."""
        self._services = services
        self._streams: dict[str, list[Stream]] = {}
        self._changed: dict[str, Place | None] = {}  # where each stands now; None: somebody has to look
        self._woken = asyncio.Event()
        self._bell = Bell(services.store.engine.url, self.note)
        self._pause = look_again or (LOOK_AGAIN if self._bell.hangs else LOOK_AGAIN_ALONE)
        self._closed = False
        self.count = 0

    # -- coming and going -------------------------------------------------------------------

    def join(self, chat_id: str, seen: int, send: Send) -> Stream:
        """A new listener who has everything up to `seen`; what came after follows at once. Raises TooManyStreams."""
        if self._closed or self.count >= MOST_STREAMS:
            raise TooManyStreams(TooManyStreams.__doc__)
        stream = Stream(chat_id, seen, send)
        listening = self._streams.setdefault(chat_id, [])
        if len(listening) >= MOST_OF_ONE_CHAT:
            listening[0].write(GOODBYE, last=True)
            self.leave(listening[0])
            listening = self._streams.setdefault(chat_id, [])
        listening.append(stream)
        self.count += 1
        self.note((chat_id,))
        return stream

    def leave(self, stream: Stream) -> None:
        listening = self._streams.get(stream.chat_id, [])
        if stream in listening:
            listening.remove(stream)
            self.count -= 1
        if not listening:
            self._streams.pop(stream.chat_id, None)

    # -- what changed -----------------------------------------------------------------------

    def note(self, chat_ids: Iterable[str]) -> None:
        """Something happened in these chats, as far as anybody here listens to them."""
        listened = self._streams.keys() & set(chat_ids)
        if listened:
            self._changed |= dict.fromkeys(listened)
            self._woken.set()

    def tell(self, reply: Reply, talk: bytes) -> None:
        """An answer just given, as it went out: whoever has all before it need not be looked up for it."""
        if reply.place is None or not reply.messages:
            return
        for stream in self._streams.get(reply.chat_id, ()):
            if stream.seen == reply.messages[0].seq - 1:
                stream.write(_event(reply.place.seq, talk))
                stream.seen, stream.place = reply.place.seq, reply.place

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator["Streams"]:
        """Push for as long as the body runs; then say goodbye to everybody."""
        loop = asyncio.get_running_loop()

        def heard(wrote: Wrote) -> None:
            if (chats := wrote.get(Chat)) and not loop.is_closed():
                places = {chat_id: place_in(row) if row else None for chat_id, row in chats.items()}
                loop.call_soon_threadsafe(self._committed, places)

        self._services.store.on_commit.append(heard)
        pushing = [asyncio.create_task(work) for work in (self._push(), self._beat(), self._look_again())]
        try:
            async with self._bell.listening():
                yield self
        finally:
            self._services.store.on_commit.remove(heard)
            for task in pushing:
                task.cancel()
            await asyncio.gather(*pushing, return_exceptions=True)
            self.close()

    def close(self) -> None:
        """Everybody is told to come back later; nobody new is let in."""
        self._closed = True
        for stream in self._everybody():
            stream.write(GOODBYE, last=True)

    def _committed(self, places: dict[str, Place | None]) -> None:
        """Our own commits come in their order; what another process has done beside them is looked up all the same."""
        for chat_id in self._streams.keys() & places.keys():
            if chat_id not in self._changed or self._changed[chat_id] is not None:
                self._changed[chat_id] = places[chat_id]
                self._woken.set()
        self._bell.ring(places)

    def _everybody(self) -> list[Stream]:
        return [stream for listening in self._streams.values() for stream in listening]

    # -- pushing ----------------------------------------------------------------------------

    async def _push(self) -> None:
        while True:
            await self._woken.wait()
            await asyncio.sleep(GATHER)
            self._woken.clear()
            # Those with about the same number together: then one look brings little that somebody has already.
            lagging = [
                chat_id for chat_id, place in self._changed.items() if place is None or self._lags(chat_id, place)
            ]
            changed = sorted(lagging, key=self._lowest_seen)
            self._changed.clear()
            for start in range(0, len(changed), CHATS_IN_ONE_LOOK):
                await self._push_at_any_rate(changed[start : start + CHATS_IN_ONE_LOOK])

    async def _push_at_any_rate(self, chat_ids: Sequence[str]) -> None:
        try:
            await self._push_to(chat_ids)
        except Unavailable as away:
            log.warning("streams_wait_for_database", problem=str(away))
            await asyncio.sleep(1)
            self.note(chat_ids)
        except Exception:  # the edge of the pushing: one talk that cannot be told must not silence the others
            log.exception("push_broke")

    def _lowest_seen(self, chat_id: str) -> int:
        return min((stream.seen for stream in self._streams.get(chat_id, ())), default=0)

    async def _push_to(self, chat_ids: Sequence[str]) -> None:
        """Tell each listener what it does not have yet."""
        lagging = {chat_id: self._lowest_seen(chat_id) for chat_id in chat_ids}
        news = await self._services.store.look(lambda session: _news(session, lagging))
        self._let_go(lagging.keys() - {chat.id for chat, _, _ in news})
        for chat, question, messages in news:
            written: dict[int, bytes] = {}
            for stream in self._streams.get(chat.id, ()):
                if stream.seen >= lagging[chat.id]:  # who came meanwhile with less is noted, and looked up next
                    self._tell(stream, chat, question, messages, written)

    def _let_go(self, erased: Iterable[str]) -> None:
        """A talk that is gone has nothing more to say; who asks again hears that its token opens nothing."""
        for stream in [stream for chat_id in erased for stream in self._streams.get(chat_id, ())]:
            stream.write(GOODBYE, last=True)
            self.leave(stream)

    def _tell(
        self, stream: Stream, chat: Chat, question: str | None, messages: list[Message], written: dict[int, bytes]
    ) -> None:
        place = place_in(chat.__dict__)
        if stream.place == place or chat.seq < stream.seen:  # an answer may overtake a look
            return
        if stream.seen not in written:
            written[stream.seen] = self._news_of(chat, question, [one for one in messages if one.seq > stream.seen])
        stream.write(written[stream.seen])
        stream.seen, stream.place = chat.seq, place

    def _news_of(self, chat: Chat, question: str | None, messages: list[Message]) -> bytes:
        reply = reply_of(chat, tuple(messages), state=chat.state, question=question)
        return _event(chat.seq, to_json(chat_talk(self._services.words, reply)))

    # -- now and then -----------------------------------------------------------------------

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(HEARTBEAT)
            for place, stream in enumerate(self._everybody()):
                stream.write(STILL_HERE)
                if place % STREAMS_IN_ONE_GO == 0:
                    await asyncio.sleep(0)

    async def _look_again(self) -> None:
        """The truth is in the database: whoever was not told of a change is told now."""
        while True:
            await asyncio.sleep(self._pause)
            listened = list(self._streams)
            for start in range(0, len(listened), STREAMS_IN_ONE_GO):
                chat_ids = listened[start : start + STREAMS_IN_ONE_GO]
                with contextlib.suppress(Unavailable):
                    places = await self._services.store.look(partial(_places, chat_ids))
                    self.note(chat_id for chat_id in chat_ids if self._lags(chat_id, places.get(chat_id)))

    def _lags(self, chat_id: str, place: Place | None) -> bool:
        return any(stream.place != place for stream in self._streams.get(chat_id, ()))


def _event(seq: int, talk: bytes) -> bytes:
    return b"id: %d\ndata: %b\n\n" % (seq, talk)


def _places(chat_ids: Sequence[str], session: Session) -> dict[str, Place]:
    columns = (table_of(Chat).c[name] for name in ("id", *Place._fields))
    rows = session.execute(sqlalchemy.select(*columns).where(col(Chat.id).in_(chat_ids)))
    return {chat_id: Place._make(place) for chat_id, *place in rows}


News = list[tuple[Chat, str | None, list[Message]]]
WANTED: BindParameter[str] = bindparam("wanted", expanding=True)
CHATS = table_of(Chat).select().where(col(Chat.id).in_(WANTED))
LATER = (
    table_of(Turn)
    .select()
    .where(col(Turn.chat_id).in_(WANTED), col(Turn.last) > bindparam("seen"))
    .order_by(col(Turn.chat_id), col(Turn.last))
)


def _news(session: Session, lagging: dict[str, int]) -> News:
    """Each chat as it stands, what it asks, and its messages after the lowest of these numbers, in order.

    One plain list for both statements: they are built once, where a condition for each chat costs ten times as much.
    """
    wanted = {"wanted": list(lagging)}
    chats = [row_of(Chat, row) for row in session.execute(CHATS, wanted)]
    playbooks = {version: playbook_of(session, version) for version in {chat.playbook for chat in chats}}
    playbook_in = {chat.id: playbooks[chat.playbook] for chat in chats}
    found: dict[str, list[Message]] = {chat.id: [] for chat in chats}
    for row in session.execute(LATER, wanted | {"seen": min(lagging.values(), default=0)}):
        turn = row_of(Turn, row)
        found[turn.chat_id].extend(messages_of([turn], playbook_in[turn.chat_id]))
    return [(chat, topic_asked_in(chat, playbook_in[chat.id]), found[chat.id]) for chat in chats]
