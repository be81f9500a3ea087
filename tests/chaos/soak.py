"""Hours squeezed into minutes: everything at once, trouble at random, and a look at what grows (R25).

    visitors talk    the real `bantline serve` over HTTP, each with an event stream; some ask for a copy by mail
    reps press       the stand-in Slack over signed HTTP: claim a card, log a call
    clocks fall due  a policy of minutes: reminders, due, overdue
    trouble          kill -9, SIGSTOP, a Slack that refuses or takes without an answer, no mail server, a locked file

Two processes share a SQLite file: `serve`, and a `worker` beside it that is killed and frozen all the time. `serve` is
killed in the first half only, so that in the second it lives long enough to show what grows. Seeded: the same minutes
bring the same trouble, though not at the same word of a talk. `soak_cast.py` holds who takes part, `soak_growth.py`
what is watched, `soak_books.py` what the database says in the end.
"""

import asyncio
import contextlib
import random
import signal
import sqlite3
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path

import aiohttp
from sqlmodel import Session, col, func, select

from bot.bootstrap import wall_clock
from bot.sandbox.cast import LEADS, MANAGERS, sales_team
from bot.sandbox.driver import Person
from bot.sandbox.errors import AppDidNotAnswer, DriverError
from bot.sandbox.records import Message
from bot.sandbox.server import SandboxServer
from bot.sandbox.workspace import Workspace
from bot.slack.records import SlackCard
from qualification.database import open_engine
from qualification.records import History, Outbound, Timer
from tests.chaos import progress
from tests.chaos.chat_killed import LOST_LINE, Visitor
from tests.chaos.office import folder
from tests.chaos.proof import Proof, percentile, unless
from tests.chaos.shaky import hanging
from tests.chaos.soak_books import UNSETTLED, the_books
from tests.chaos.soak_cast import Buyer, PasserBy, Post, WebProcess, WorkerProcess
from tests.chaos.soak_growth import Sample, growth, open_files, resident, size, table, threads
from tests.desk import installation

SEED = 25
MINUTES, QUICK_MINUTES = 20.0, 1.5
PASSERS_BY, BUYER_EVERY = 5, 7.0  # at once; seconds
LOOK_EVERY = 5.0  # seconds
TROUBLE_EVERY = (8.0, 20.0)
TO_REST = 240.0  # seconds until all that was caused has happened
MOST_GROWTH = 0.10


def hours_squeezed(quick: bool, minutes: float | None = None) -> Proof:
    return asyncio.run(Soak(minutes or (QUICK_MINUTES if quick else MINUTES)).run())


@dataclass
class Soak:
    minutes: float
    dice: random.Random = field(default_factory=lambda: random.Random(SEED))
    post: Post = field(default_factory=Post)
    visitors: list[Visitor] = field(default_factory=list)
    buyers: list[Buyer] = field(default_factory=list)
    samples: list[Sample] = field(default_factory=list)
    troubles: Counter[str] = field(default_factory=Counter)
    presses: Counter[str] = field(default_factory=Counter)
    hands: dict[str, asyncio.Lock] = field(default_factory=dict)
    life: int = 0
    over: bool = False

    async def run(self) -> Proof:
        random.seed(SEED)
        team = sales_team(clock=wall_clock, installation=installation())
        with folder() as place:
            await self.post.opens()
            async with SandboxServer(team) as slack:
                settings = self._settings(place, slack)
                self.web, self.worker = WebProcess(place, **settings), WorkerProcess(place, settings)
                try:
                    return await self._soaked(place, team)
                finally:
                    self.worker.send(signal.SIGKILL)
                    await asyncio.to_thread(self.web.stop)
                    self.post.closes()

    def _settings(self, place: Path, slack: SandboxServer) -> dict[str, str]:
        team = slack.workspace
        place.joinpath("minutes.toml").write_text(policy_of_minutes(), "utf-8")
        return {
            "DATABASE_URL": f"sqlite:///{place}/soak.db",
            "SLACK_BOT_TOKEN": team.bot_token,
            "SLACK_SIGNING_SECRET": team.signing_secret,
            "SLACK_API_URL": slack.api_url,
            "SLACK_LEADS_CHANNEL": team.channel(LEADS).id,
            "SLACK_MANAGERS_CHANNEL": team.channel(MANAGERS).id,
            "SLACK_MANAGERS": team.user("megumi").id,
            "SMTP_URL": f"smtp://127.0.0.1:{self.post.port}",
            "MAIL_FROM": "sales@asahi.example",
            "BANTLINE_POLICY": str(place / "minutes.toml"),
        }

    async def _soaked(self, place: Path, team: Workspace) -> Proof:
        await asyncio.to_thread(self.web.start)
        team.request_url = f"{self.web.url}/slack/events"
        self.worker.start()
        self.database = place / "soak.db"
        self.engine = open_engine(f"sqlite:///{self.database}")
        at_rest = await self._files_at_rest()
        self.began = time.monotonic()
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as http:
            async with asyncio.TaskGroup() as doing:
                doing.create_task(self._buyers_come(http))
                for number in range(PASSERS_BY):
                    doing.create_task(self._people_pass(http, number))
                doing.create_task(self._reps_work(team))
                doing.create_task(self._trouble_comes(team))
                watching = asyncio.create_task(self._watches())
            rested = await self._comes_to_rest(team)
            self.over = True
            await watching
            stored = [await visitor.remembered() for visitor in self.visitors]
        after = await self._files_at_rest()
        print(table(self.samples), flush=True)
        return self._judged(place, team, stored, rested, at_rest, after)

    @property
    def left(self) -> float:
        """Seconds of the soak still to come."""
        return self.minutes * 60 - (time.monotonic() - self.began)

    # -- what people do ----------------------------------------------------------------------------

    async def _buyers_come(self, http: aiohttp.ClientSession) -> None:
        async with asyncio.TaskGroup() as talks:
            while self.left > 30:
                buyer = Buyer(http, self.web.url, len(self.buyers), thinks=1.0)
                self.buyers.append(buyer)
                self.visitors.append(buyer)
                talks.create_task(buyer.buys())
                await asyncio.sleep(BUYER_EVERY)

    async def _people_pass(self, http: aiohttp.ClientSession, number: int) -> None:
        while self.left > 20:
            visitor = PasserBy(http, self.web.url, number, thinks=0.5)
            self.visitors.append(visitor)
            await visitor.passes()

    async def _reps_work(self, team: Workspace) -> None:
        """Two reps take every other card, and log a call on it; what failed is pressed again."""
        seen: set[str] = set()
        async with asyncio.TaskGroup() as working:
            while self.left > 15:
                for number, card in enumerate(await asyncio.to_thread(self._cards)):
                    if card.lead_id not in seen and number % 2 == 0:
                        working.create_task(self._works_on(team, card))
                    seen.add(card.lead_id)
                await asyncio.sleep(2)

    async def _works_on(self, team: Workspace, card: SlackCard) -> None:
        rep = team.user(self.dice.choice(("yuki", "ken")))
        message = team.message(card.channel, card.ts)
        await self._until(lambda: self._told(card.lead_id, "owner_changed"), lambda: self._claims(rep, message))
        await self._until(lambda: self._told(card.lead_id, "call_logged"), lambda: self._logs_a_call(rep, message))

    async def _claims(self, rep: Person, card: Message) -> None:
        await rep.clicks("担当する", on=card)
        self.presses["claims"] += 1

    async def _logs_a_call(self, rep: Person, card: Message) -> None:
        async with self.hands.setdefault(rep.id, asyncio.Lock()):  # nobody fills two forms at once
            if self.left < 5:
                return
            if rep.open_modal:
                await rep.closes(everything=True)
            await rep.clicks("架電を記録", on=card)
            form = await rep.modal("架電を記録")
            while self.left > 0:  # whoever hears nothing, or "too late", sends the same form in again
                with contextlib.suppress(AppDidNotAnswer, *LOST_LINE):
                    if not await rep.submits(form, {"架電結果": "つながった"}):
                        self.presses["calls"] += 1
                        return
                await asyncio.sleep(1)

    async def _until(self, is_so: Callable[[], int], press: Callable[[], Awaitable[None]]) -> None:
        """Press, look whether it was heard, and press again when it was not."""
        while self.left > 5 and not await asyncio.to_thread(is_so):
            with contextlib.suppress(DriverError, AppDidNotAnswer, *LOST_LINE):
                await press()
            await asyncio.sleep(2)

    # -- what goes wrong ---------------------------------------------------------------------------

    async def _trouble_comes(self, team: Workspace) -> None:
        slack = team.faults
        kinds = {
            "worker killed": self._worker_is_killed,
            "worker frozen": self._worker_is_frozen,
            "serve killed": self._web_is_killed,
            "Slack refuses": _at_once(slack.status, "chat.postMessage", 429, times=4, retry_after=3),
            "Slack broken": _at_once(slack.status, "*", 503, times=6),
            "answer lost": _at_once(slack.accept_then_drop, "chat.postMessage", times=2),
            "Slack slow": _at_once(slack.slow, "*", 3.0, times=4),
            "no mail server": self._post_is_closed,
            "file locked": self._file_is_locked,
        }
        while self.left > 40:
            await asyncio.sleep(self.dice.uniform(*TROUBLE_EVERY))
            kind = self.dice.choice([*kinds])
            if kind == "serve killed" and self.left < self.minutes * 30:
                kind = "worker killed"
            self.troubles[kind] += 1
            await kinds[kind]()

    async def _worker_is_killed(self) -> None:
        self.worker.send(signal.SIGKILL)
        await asyncio.sleep(self.dice.uniform(0, 5))
        self.worker.start()

    async def _worker_is_frozen(self) -> None:
        """Often longer than a lease; who wakes must not say again what the other has said."""
        self.worker.send(signal.SIGSTOP)
        await asyncio.sleep(min(self.dice.uniform(5, 45), max(1.0, self.left - 30)))
        self.worker.send(signal.SIGCONT)

    async def _web_is_killed(self) -> None:
        await asyncio.to_thread(self.web.kill)
        await asyncio.to_thread(self.web.start)
        self.life += 1

    async def _post_is_closed(self) -> None:
        self.post.closes()
        await asyncio.sleep(self.dice.uniform(5, 15))
        await self.post.opens()

    async def _file_is_locked(self) -> None:
        await asyncio.to_thread(_lock, self.database, self.dice.uniform(2, 5))

    # -- looking -----------------------------------------------------------------------------------

    async def _watches(self) -> None:
        while not self.over:
            await asyncio.sleep(LOOK_EVERY)
            with contextlib.suppress(FileNotFoundError, ProcessLookupError):  # killed this very moment
                self.samples.append(await asyncio.to_thread(self._sample))
            said = sum(len(visitor.acknowledged) for visitor in self.visitors)
            progress.says(f"{self.left / 60:.1f} min left, {said:,} said, {len(self.buyers)} buyers, {self.troubles}")

    def _sample(self) -> Sample:
        outbox, overdue = self._waiting()
        return Sample(
            minute=self.minutes - self.left / 60,
            life=self.life,
            web=resident(self.web.pid),
            files=open_files(self.web.pid),
            threads=threads(self.web.pid),
            worker=resident(self.worker.pid),
            database=size(self.database),
            log=size(self.database.with_name("soak.db-wal")),
            outbox=outbox,
            overdue=overdue,
        )

    def _waiting(self) -> tuple[int, int]:
        with Session(self.engine) as session:
            out = select(func.count()).select_from(Outbound).where(col(Outbound.status).in_(UNSETTLED))
            due = select(func.count()).select_from(Timer).where(Timer.status == "waiting", Timer.due_at <= wall_clock())
            return session.exec(out).one(), session.exec(due).one()

    def _cards(self) -> list[SlackCard]:
        with Session(self.engine) as session:
            return list(session.exec(select(SlackCard).order_by(col(SlackCard.ts))))

    def _told(self, lead_id: str, kind: str) -> int:
        with Session(self.engine) as session:
            told = select(func.count()).select_from(History).where(History.lead_id == lead_id, History.kind == kind)
            return session.exec(told).one()

    async def _files_at_rest(self) -> tuple[int, int]:
        """Open files and threads of `serve` when nobody is there; the fewest of some looks."""
        looks = []
        for _ in range(5):
            await asyncio.sleep(1)
            looks.append((open_files(self.web.pid), threads(self.web.pid)))
        return min(looks)

    async def _comes_to_rest(self, team: Workspace) -> bool:
        """No trouble any more: all that waits leaves, all that is due is done."""
        team.faults.lift()
        until = time.monotonic() + TO_REST
        while time.monotonic() < until:
            waiting = await asyncio.to_thread(self._waiting)
            progress.says(f"coming to rest: {waiting[0]} messages, {waiting[1]} timers wait")
            if waiting == (0, 0):
                return True
            await asyncio.sleep(2)
        return False

    # -- judging -----------------------------------------------------------------------------------

    def _judged(
        self,
        place: Path,
        team: Workspace,
        stored: list[tuple[list[int], list[str]]],
        rested: bool,
        at_rest: tuple[int, int],
        after: tuple[int, int],
    ) -> Proof:
        said = sum(len(visitor.acknowledged) for visitor in self.visitors)
        lost = doubled = 0
        for visitor, (_, own) in zip(self.visitors, stored, strict=True):
            lost += sum(text not in own for text in visitor.acknowledged)
            doubled += sum(own.count(text) > 1 for text in visitor.acknowledged)
        gaps = sum(buyer.pushed != list(range(1, len(buyer.pushed) + 1)) for buyer in self.buyers)
        books = the_books(self.engine)
        twice = {key: many for key, many in hanging(team).items() if many > 1}
        grown = growth(self.samples, self.life)
        lates = sorted(books.late)
        log = place.joinpath("stderr.log").read_text()
        broke = [line[:200] for line in log.splitlines() if "Traceback" in line or "errand_broke" in line]
        figures = (
            f"{self.minutes:.0f} min: {said:,} messages of {len(self.visitors):,} visitors acknowledged, {lost} lost, "
            f"{doubled} doubled; {len(self.buyers)} buyers, {books.leads} leads with a card, {sum(hanging(team).values())} "
            f"messages hang in Slack, {len(twice)} of them twice, {len(books.failed)} given up; {self.presses['claims']} claims "
            f"and {self.presses['calls']} calls acknowledged, {books.repeated} with two effects; {len(set(self.post.taken))} "
            f"of {books.mails} mails arrived; {len(lates)} timers, late by {percentile(lates, 50):.2f} s (p50), "
            f"{percentile(lates, 99):.1f} s (p99, file locked and workers killed in between); {_in_words(self.troubles)}; "
            f"serve grew by {grown:.0%} in its last life, open files at rest {at_rest[0]} before and {after[0]} after, "
            f"threads {at_rest[1]} and {after[1]}; database {self.samples[-1].database:.1f} MB, its log at most "
            f"{max(one.log for one in self.samples):.1f} MB, outbox at most {max(one.outbox for one in self.samples)} deep"
        )
        return Proof(
            name="R25",
            promise="hours of everything at once lose nothing, double nothing and leak nothing",
            figures=figures,
            broken=unless(
                nothing_acknowledged_is_lost=(lost == 0, lost),
                nothing_is_doubled=(doubled == 0 and not twice, (doubled, twice)),
                streams_tell_each_message_once_in_order=(gaps == 0, gaps),
                it_comes_to_rest=(rested, self._waiting()),
                every_buyer_has_a_card=(books.leads >= len(self.buyers), (books.leads, len(self.buyers))),
                no_message_is_given_up=(not books.failed, books.failed[:3]),
                a_press_has_one_effect=(books.repeated == 0, books.repeated),
                every_mail_arrives_under_one_id=(len(set(self.post.taken)) == books.mails, len(set(self.post.taken))),
                memory_is_flat=(grown < MOST_GROWTH, f"{grown:.0%}"),
                open_files_are_flat=(after[0] <= at_rest[0] + 10, (at_rest, after)),
                threads_are_flat=(after[1] <= at_rest[1] + 8, (at_rest, after)),
                nothing_broke_in_the_log=(not broke, broke[:3]),
                the_file_is_whole=(_is_whole(self.database), "integrity_check"),
            ),
        )


def _in_words(troubles: Counter[str]) -> str:
    return ", ".join(f"{kind} {many}x" for kind, many in sorted(troubles.items()))


def _at_once(switch: Callable[..., None], *given: object, **more: object) -> Callable[[], Awaitable[None]]:
    """A fault of Slack that is switched on and is over by itself."""

    async def happens() -> None:
        switch(*given, **more)

    return happens


def _lock(database: Path, seconds: float) -> None:
    with contextlib.closing(sqlite3.connect(database, isolation_level=None, timeout=10)) as other:
        other.execute("BEGIN EXCLUSIVE")
        time.sleep(seconds)
        other.execute("ROLLBACK")


def _is_whole(database: Path) -> bool:
    with contextlib.closing(sqlite3.connect(database)) as look:
        return bool(look.execute("PRAGMA integrity_check").fetchone() == ("ok",))


def policy_of_minutes() -> str:
    """The shipped rules round the clock and on every holiday, with minutes in place of hours."""
    text = files("qualification").joinpath("policies/standard.toml").read_text("utf-8")
    for before, after in (
        ('version = "standard-1"', 'version = "minutes-1"'),
        ("within_minutes = 180", "within_minutes = 3"),
        ("after_minutes = 90", "after_minutes = 1"),
        ("after_minutes = 150", "after_minutes = 2"),
        ("late_minutes = 60", "late_minutes = 1"),
        ("interview_minutes = 30 ", "interview_minutes = 2 "),
    ):
        assert before in text, before
        text = text.replace(before, after, 1)
    hours, silence = text.index("[hours]"), text.index("[silence]")
    return f'{text[:hours]}[hours]\nzone = "Asia/Tokyo"\nalways = true\n\n[closed]\n\n{text[silence:]}'
