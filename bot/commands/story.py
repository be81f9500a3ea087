"""The story `bantline demo --play` acts: one prospect is called in time, one by nobody, one wants a person.

Every line printed was seen at a receiver: in the chat's answers, on the screens of the stand-in Slack, in the
mailbox, in the API. A promise that was not observed makes the story fail.
"""

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
from rich.cells import set_cell_size
from rich.console import Console

from bot.commands.demo import API_KEY, Stage, set_stage
from bot.commands.live_story import a_person_steps_in
from bot.sandbox.cast import LEADS, MANAGERS
from bot.sandbox.driver import all_words
from bot.sandbox.records import Message
from qualification.policy import shipped_policy

TEN_ON_A_THURSDAY = datetime(2026, 5, 14, 1, 0, tzinfo=UTC)
PATIENCE = 15.0
MENTION = re.compile(r"<@(\w+)>")


class SetClock:
    """A clock the story sets."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


class Story:
    """The stage, the clock, and the promises kept and broken so far."""

    def __init__(self, stage: Stage, clock: SetClock, http: aiohttp.ClientSession) -> None:
        self.stage = stage
        self.clock = clock
        self.http = http
        self.broken: list[str] = []
        self._console = Console(highlight=False, soft_wrap=True)

    # -- telling ----------------------------------------------------------------------------

    def tell(self, who: str, what: str) -> None:
        local = self.clock.now.astimezone(self.stage.program.services.store.policy.working_hours.zone)
        first, *rest = MENTION.sub(self._name, what.strip()).splitlines() or [""]
        self._console.print(f"{local:%a %H:%M}  {set_cell_size(who, 12)} {first}", markup=False)
        for line in rest:
            self._console.print(f"{'':<24}{line}", markup=False)

    def _name(self, mention: re.Match[str]) -> str:
        return f"@{self.stage.workspace.person(mention[1]).real_name}"

    def chapter(self, title: str) -> None:
        self._console.print(f"\n[bold]{title}[/bold]")

    def promise(self, words: str, kept: bool) -> None:
        mark = "[green]kept  [/green]" if kept else "[red]BROKEN[/red]"
        self._console.print(f"           {mark}  {words}")
        if not kept:
            self.broken.append(words)

    # -- time and effects -------------------------------------------------------------------

    async def passes(self, **time: float) -> None:
        self.clock.now += timedelta(**time)
        await self.settles()

    async def settles(self) -> None:
        """The worker does everything that is due, and Slack has drawn it."""
        await self.stage.program.worker.tick()
        await self.stage.slack.settled()
        await self.stage.program.worker.tick()

    # -- the prospect -----------------------------------------------------------------------

    async def chat(self, name: str, locale: str, *sayings: str) -> str:
        """A whole interview over HTTP; gives the state it ended in."""
        begun = await self.post("/api/chat/sessions", {"locale": locale, "page": {"url": "https://www.example.jp/"}})
        headers = {"Authorization": f"Bearer {begun['token']}"}
        self._tell_messages(name, begun["messages"])
        answer: dict[str, Any] = begun
        for number, saying in enumerate(sayings):
            self.clock.now += timedelta(seconds=20)
            body = {"id": f"m{number}", **({"choice": saying[1:-1]} if saying.startswith("[") else {"text": saying})}
            answer = await self.post("/api/chat/messages", body, headers)
            self._tell_messages(name, answer["messages"])
        await self.settles()
        return str(answer["state"])

    def _tell_messages(self, name: str, messages: list[dict[str, Any]]) -> None:
        for message in messages:
            self.tell("bot" if message["from"] == "bot" else name, message["text"])

    async def post(self, path: str, body: dict[str, Any], headers: dict[str, str] | None = None) -> dict[str, Any]:
        async with self.http.post(self.stage.url + path, json=body, headers=headers) as answer:
            answer.raise_for_status()
            result: dict[str, Any] = await answer.json()
            return result

    async def get(self, path: str, headers: dict[str, str]) -> dict[str, Any]:
        async with self.http.get(self.stage.url + path, headers=headers) as answer:
            answer.raise_for_status()
            result: dict[str, Any] = await answer.json()
            return result

    # -- looking ----------------------------------------------------------------------------

    async def lead(self, person: str) -> dict[str, Any]:
        """The lead as the API tells it."""
        key = {"Authorization": f"Bearer {API_KEY}"}
        async with self.http.get(f"{self.stage.url}/api/leads", headers=key) as answer:
            leads = (await answer.json())["leads"]
        lead_id = next(lead["id"] for lead in leads if lead["person"] == person)
        async with self.http.get(f"{self.stage.url}/api/leads/{lead_id}", headers=key) as answer:
            found: dict[str, Any] = await answer.json()
            return found

    def seen(self, channel: str) -> list[Message]:
        return self.stage.workspace.user("megumi").sees(channel)

    def card_of(self, person: str) -> Message | None:
        cards = [message for message in self.seen(LEADS) if not message.is_reply and person in message.text]
        return cards[-1] if cards else None

    def thread_of(self, card: Message) -> list[str]:
        return [reply.text for reply in self.stage.workspace.user("megumi").sees_thread(card)]

    def words_in_thread(self, card: Message) -> list[str]:
        """Every word of the thread as it is drawn, blocks and all."""
        replies = self.stage.workspace.user("megumi").sees_thread(card)
        return [_drawn(reply) for reply in replies]

    def alarms_about(self, person: str) -> list[str]:
        return [message.text for message in self.seen(MANAGERS) if person in message.text]


def _drawn(message: Message) -> str:
    """The words of a message; one sentence in bold and plain pieces stays one line."""
    in_blocks, plain = all_words(message.blocks), message.text.replace("*", "")
    return plain if in_blocks.replace("\n", "") in ("", plain.replace("\n", "")) else in_blocks


@contextlib.asynccontextmanager
async def story_on(stage: Stage, clock: SetClock) -> AsyncIterator[Story]:
    """A story on a stage that is set."""
    async with aiohttp.ClientSession() as http:
        yield Story(stage, clock, http)


async def act(database_url: str, *, over_http: bool = False, traces: str = "") -> bool:
    """Play the stories; whether every promise was kept."""
    clock = SetClock(TEN_ON_A_THURSDAY)
    async with (
        set_stage(
            clock=clock,
            policy=shipped_policy(),
            database_url=database_url,
            slack_limits=False,
            with_worker=False,
            over_http=over_http,
            traces=traces,
        ) as stage,
        story_on(stage, clock) as story,
    ):
        await asyncio.wait_for(called_in_time(story), 120)
        await asyncio.wait_for(nobody_calls(story), 120)
        await asyncio.wait_for(a_person_steps_in(story), 120)
        return _verdict(story)


async def called_in_time(story: Story) -> None:
    """山田 太郎様 answers in Japanese; 山田 由紀 claims, calls, accepts and writes."""
    story.chapter("1. A Japanese prospect is called in time")
    state = await story.chat(
        "山田 太郎様",
        "ja",
        "見積書の作成が手作業で、時間がかかって困っています",
        "来月までに、予算は300万円くらいで考えています",
        "[skip]",
        "株式会社アサヒ工具です",
        "山田太郎です。yamada@asahi-tools.example、090-1234-5678",
        "[confirm]",
    )
    lead = await story.lead("山田太郎")
    story.promise("the interview is completed", state == "completed")
    story.promise("the lead is a TQL, with its reason in the history", _moved(lead, "TQL", "tql_need_confirmed"))
    story.promise("the three hours run", lead["follow_up"]["status"] == "open")
    card = story.card_of("山田太郎")
    story.promise("one card rings in #leads", card is not None)
    if card is None:
        return
    story.tell("#leads", card.text)
    script = "\n".join(story.words_in_thread(card))
    story.tell("thread", script)
    story.promise("the talk script holds the one question still open, and no other", _asks_only_who_decides(script))
    await _claims_calls_and_accepts(story, card)
    await _writes_a_mail(story, card)


async def _claims_calls_and_accepts(story: Story, card: Message) -> None:
    yuki = story.stage.workspace.user("yuki")
    await story.passes(minutes=12)
    await yuki.clicks("担当する", on=card)
    await story.settles()
    lead = await story.lead("山田太郎")
    story.tell("山田 由紀", "担当する")
    story.promise("one press claims it, and a claim does not stop the clock", lead["follow_up"]["status"] == "open")
    await story.passes(minutes=8)
    await yuki.clicks("架電を記録", on=card)
    modal = await yuki.modal()
    heard = {"架電結果": "つながった", "決裁権": "最終的には部長の承認が必要", "メモ": "来週デモ。部長も同席予定"}
    await yuki.submits(modal, heard)
    await story.settles()
    lead = await story.lead("山田太郎")
    story.tell("山田 由紀", "架電結果: つながった")
    story.promise("the logged call meets the clock", lead["follow_up"]["status"] == "met")
    authority = lead["bant"]["authority"] or {}
    story.promise("what was heard on the phone stands beside who heard it", authority.get("said_by") == yuki.id)
    await yuki.clicks("受け入れる", on=card)
    await story.settles()
    lead = await story.lead("山田太郎")
    story.promise(
        "one press writes both moves, SAL and SQL", lead["stage"] == "SQL" and _moved(lead, "SAL", "sal_accepted")
    )


async def _writes_a_mail(story: Story, card: Message) -> None:
    yuki = story.stage.workspace.user("yuki")
    await story.passes(minutes=5)
    await yuki.clicks("メールを送る", on=card)
    await yuki.submits(await yuki.modal("メールを送る"), {"テンプレート": "お礼と今後の進め方", "言語": "日本語"})
    await yuki.submits(await yuki.modal("プレビュー"))
    await story.settles()
    caught = story.stage.inbox.caught
    if caught:
        story.tell("mail", f"{caught[-1].mail['Subject']}\n{caught[-1].body}")
    lead = await story.lead("山田太郎")
    proofs = [row["message_id"] for row in lead["history"] if row["kind"] == "mail_accepted"]
    sent = [str(mail.mail["Message-ID"]) for mail in caught]
    story.promise("the previewed mail arrives, and its Message-ID is kept as the proof", bool(sent) and sent == proofs)


def _asks_only_who_decides(script: str) -> bool:
    """The prospect skipped one question in the chat; the others are known and not asked twice."""
    return "お決めになりますか" in script and "ご予算の枠" not in script and "いつごろまでに" not in script


def _moved(lead: dict[str, Any], to: str, rule: str) -> bool:
    return any(row["kind"] == "stage_moved" and row["after"] == to and row["rule"] == rule for row in lead["history"])


async def nobody_calls(story: Story) -> None:
    """Jane Smith answers in English; reminders, then the managers hear of it, twice."""
    story.chapter("2. An English prospect whom nobody calls")
    state = await story.chat(
        "Jane Smith",
        "en",
        "We lose leads because nobody follows up in time",
        "within two months",
        "I make the final decision",
        "around $30k",
        "Northwind Traders",
        "Jane Smith, jane.smith@northwind.example",
        "[confirm]",
    )
    story.promise("the interview is completed", state == "completed")
    card = story.card_of("Jane Smith")
    story.promise("one card rings in #leads", card is not None)
    if card is None:
        return
    story.tell("#leads", card.text)
    await _reminders_and_escalations(story, card)


async def _reminders_and_escalations(story: Story, card: Message) -> None:
    for minutes, words, alarms in (
        (90, "a reminder at half time (90 minutes)", 0),
        (60, "a last reminder 30 minutes before the time is over", 0),
        (30, "the managers hear of it when the three hours are over", 1),
        (60, "and once more an hour later", 2),
    ):
        said_before = set(story.thread_of(card))
        await story.passes(minutes=minutes)
        rung = [line for line in story.thread_of(card) if line not in said_before]
        alarmed = story.alarms_about("Jane Smith")
        for line in rung:
            story.tell("thread", line)
        for line in alarmed[alarms - 1 :] if alarms else []:
            story.tell("#managers", line)
        story.promise(words, bool(rung) and len(alarmed) == alarms)
    lead = await story.lead("Jane Smith")
    story.promise("the lead is shown as overdue", lead["follow_up"]["status"] == "overdue")
    cards = [message for message in story.seen(LEADS) if not message.is_reply and "Jane Smith" in message.text]
    story.promise("there is still only one card", len(cards) == 1)


def _verdict(story: Story) -> bool:
    story.chapter("All promises kept." if not story.broken else f"{len(story.broken)} promises broken.")
    return not story.broken
