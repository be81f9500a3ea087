"""A prospect in the chat, beside the desk, and the rep who takes over."""

from typing import Any

from bot.sandbox.driver import all_words
from bot.sandbox.records import Message
from dialogs.messages import Message as ChatMessage
from dialogs.messages import messages_of
from dialogs.records import Turn
from qualification.look import Look
from tests.desk import Bench
from tests.dialogs.chatting import Prospect

TAKE_OVER, BACK = "チャットを引き継ぐ", "ボットに戻す"


class Visit:
    """A prospect in the chat, beside the desk."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.prospect = Prospect(bench.services.store)
        self.prospect.opens_chat()

    async def says(self, *texts: str) -> None:
        for text in texts:
            self.prospect.says(text)
        await self.bench.settle()

    async def wants_a_person(self) -> Message:
        """The lead's card, on which a button now offers to take over."""
        await self.says("手作業が多くて困っています", "担当の方と直接お話しできますか")
        return self.card

    @property
    def card(self) -> Message:
        return self.bench.card(self.prospect.lead.id)

    @property
    def messages(self) -> list[ChatMessage]:
        chat_id = self.prospect.chat.id
        turns = self.bench.services.store.read(lambda session: Look(session).find(Turn, "chat_id", chat_id))
        return list(messages_of(turns, None))

    @property
    def heard(self) -> list[tuple[str, str]]:
        """What the prospect's side shows: who, and the words, or the prompt of the bot."""
        return [(message.sender, message.text or message.prompt or "") for message in self.messages]

    @property
    def from_the_rep(self) -> list[str]:
        return [words for sender, words in self.heard if sender == "rep"]

    def thread(self) -> list[str]:
        return [all_words(message.blocks) or message.text for message in self.bench.thread(self.prospect.lead.id)]

    async def settles(self) -> None:
        """What people did in Slack has been heard, and all that follows has happened."""
        await self.bench.server.settled()
        await self.bench.settle()

    async def window_passes(self) -> None:
        self.bench.clock.advance(seconds=5)
        await self.settles()


async def taken_over(visit: Visit, by: str = "yuki") -> Any:
    card = await visit.wants_a_person()
    rep = visit.bench.person(by)
    await rep.clicks(TAKE_OVER, on=card)
    await visit.settles()
    return rep
