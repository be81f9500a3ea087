"""The third chapter of `bantline demo --play`: a prospect wants a person, and a rep talks with them from Slack."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bot.sandbox.cast import LEADS
from bot.sandbox.driver import Person
from bot.sandbox.records import Message

if TYPE_CHECKING:
    from bot.commands.story import Story

TAKE_OVER, BACK_TO_BOT = "チャットを引き継ぐ", "ボットに戻す"
NAME = "鈴木 一郎様"
HER_LINE = "お待たせしました。山田です。月に何枚くらいですか"


@dataclass
class Guest:
    """The prospect's side of one talk over HTTP."""

    story: Story
    token: str = ""
    said: int = 0
    read: list[dict[str, Any]] = field(default_factory=list)

    @property
    def _bearer(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    async def begins(self) -> None:
        begun = await self.story.post("/api/chat/sessions", {"locale": "ja"})
        self.token, self.read = begun["token"], begun["messages"]

    async def says(self, text: str) -> None:
        self.said += 1
        self.story.tell(NAME, text)
        await self.story.post("/api/chat/messages", {"id": f"m{self.said}", "text": text}, self._bearer)
        await self.looks()

    async def looks(self) -> dict[str, Any]:
        """What is new in the panel, and where the talk stands."""
        talk = await self.story.get(f"/api/chat/messages?after={self.read[-1]['seq']}", self._bearer)
        self.read += talk["messages"]
        for message in talk["messages"]:
            if message["from"] != "prospect":
                self.story.tell("chat" if message["from"] == "rep" else "bot", message["text"])
        return talk

    def heard_from_reps(self) -> list[str]:
        return [message["text"] for message in self.read if message["from"] == "rep"]


async def a_person_steps_in(story: Story) -> None:
    """鈴木 一郎様 asks for a person; 山田 由紀 takes over in the thread, recalls a line, and hands back to the bot."""
    story.chapter("3. A prospect who wants a person, and gets one in the chat")
    guest = Guest(story)
    await guest.begins()
    await guest.says("請求書の処理に時間がかかって困っています")
    await guest.says("担当者と話したいです")
    await guest.says("鈴木一郎です。suzuki@kita.example")
    await story.settles()
    card = story.card_of("鈴木一郎")
    story.promise("one card rings in #leads", card is not None)
    if card is None:
        return
    yuki = story.stage.workspace.user("yuki")
    await _writes(story, yuki, card, "以前も資料請求があった方です")
    await yuki.clicks(TAKE_OVER, on=card)
    story.tell("山田 由紀", TAKE_OVER)
    await _hears(story)
    talk = await guest.looks()
    story.promise("the prospect is told who it is", talk["person"] == "山田 由紀")
    await _talk(story, guest, yuki, card)
    await _back_to_the_bot(story, guest, yuki, card)


async def _talk(story: Story, guest: Guest, yuki: Person, card: Message) -> None:
    await _writes(story, yuki, card, HER_LINE)
    slip = await _writes(story, yuki, card, "値引きは1割までできます")
    yuki.deletes(slip)
    await _writes(story, yuki, card, "// 在庫は確認済み")
    await story.passes(seconds=5)
    await guest.looks()
    sent = guest.heard_from_reps()
    story.promise("her line arrives, the recalled one and the remarks never do", sent == [HER_LINE])
    lead = await story.lead("鈴木一郎")
    story.promise("a line to a prospect who is there meets the clock", lead["follow_up"]["status"] == "met")
    await guest.says("300枚ほどです")
    await story.settles()
    mirrored = [words for words in story.words_in_thread(card) if "300枚ほどです" in words]
    story.promise("the prospect's words stand in the thread once", len(mirrored) == 1)


async def _back_to_the_bot(story: Story, guest: Guest, yuki: Person, card: Message) -> None:
    await yuki.clicks(BACK_TO_BOT, on=card)
    story.tell("山田 由紀", BACK_TO_BOT)
    await _hears(story)
    talk = await guest.looks()
    story.promise(
        "the bot goes on at the first open question", (talk["person"], talk["question"]) == (None, "timeframe")
    )


async def _writes(story: Story, yuki: Person, card: Message, words: str) -> Message:
    said = yuki.posts(LEADS, words, thread=card)
    story.tell("山田 由紀", words)
    await _hears(story)
    return said


async def _hears(story: Story) -> None:
    """What was done in Slack has reached us, and what follows has happened."""
    await story.stage.slack.settled()
    await story.settles()
