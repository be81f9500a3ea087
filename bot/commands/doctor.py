"""`bantline doctor`: looks at every part, says what is wrong and what to do."""

import asyncio
import os
from dataclasses import asdict
from pathlib import Path
from urllib.parse import urlsplit

import aiosmtplib
from rich.console import Console
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlmodel import Session, select

from bot.bootstrap import as_json_text, policy_of, sqlite_file, wall_clock
from bot.database_time import DatabaseClock, has_its_own_time
from bot.delivery import is_unsettled
from bot.findings import Finding
from bot.health import Health
from bot.health import examine as examine_health
from bot.in_words.database import advice, refusal
from bot.in_words.playbook import playbook_mistakes
from bot.mail import client as mail_client
from bot.mail.letter import MailServer
from bot.migrations import Schema, SchemaTooNew, schema_of
from bot.settings import BadSettings, Settings, load_settings
from bot.slack.checkup import examine_workspace
from bot.slack.records import SlackWorkspace
from bot.upkeep.given_up import MOST_COUNTED, STILL_NEWS, GivenUp, given_up
from qualification.passed_on import WEBHOOK
from qualification.policy import BadPolicy
from qualification.recompute import counted_with_other_hours
from qualification.records import Outbound, Timer, is_written
from qualification.store import open_engine
from qualification.timers import TimerStatus

MOST_NAMED = 20
MOST_SECONDS_APART = 5
SCHEMAS = {
    Schema.MISSING: "{database}, empty: `bantline serve` makes its tables on the first start",
    Schema.OLDER: "{database}, of an earlier version: `bantline serve` brings it up to date as it starts",
    Schema.NEWER: "{database}, of a newer version than this program",
    Schema.FOREIGN: "{database}, with tables of another program",
}
WHAT_TO_DO = {
    Schema.OLDER: "make a backup, then run: bantline serve",
    Schema.NEWER: SchemaTooNew.__doc__ or "",
    Schema.FOREIGN: "give Bantline a database of its own: DATABASE_URL names it",
}


def examine(*, as_json: bool, only_slack: bool = False) -> bool:
    """Print every finding; whether all is well."""
    findings = asyncio.run(_examine(only_slack=only_slack))
    if as_json:
        print(as_json_text([asdict(finding) for finding in findings]))
    else:
        _print(findings)
    return all(finding.well for finding in findings)


async def _examine(*, only_slack: bool) -> list[Finding]:
    try:
        settings = load_settings()
    except BadSettings as error:
        return [Finding(part="settings", well=False, seen=str(error), advice="mend the settings file or environment")]
    if only_slack:
        return await _slack(settings)
    return [
        Finding(part="settings", well=True, seen="complete"),
        _policy(settings),
        _playbooks(),
        *_database(settings),
        *await _slack(settings),
        await _mail(settings),
        *_webhooks(settings),
    ]


def _policy(settings: Settings) -> Finding:
    try:
        policy = policy_of(settings)
    except BadPolicy as error:
        return Finding(part="policy", well=False, seen=str(error), advice="mend it there, or take BANTLINE_POLICY away")
    return Finding(part="policy", well=True, seen=f"version {policy.version}")


def _playbooks() -> Finding:
    if wrong := list(playbook_mistakes()):
        return Finding(part="playbook", well=False, seen="\n".join(wrong), advice="mend it in dialogs/playbooks")
    return Finding(part="playbook", well=True, seen="every question has its words")


def _database(settings: Settings) -> list[Finding]:
    engine = open_engine(settings.database_url)
    try:
        if (schema := schema_of(engine)) is not Schema.CURRENT:
            return [
                _not_current(schema, engine.dialect.name, sqlite_file(settings.database_url)),
                *_outbound(settings, None),
            ]
        time = _time(engine)
        now = DatabaseClock(engine)() if has_its_own_time(engine) else wall_clock()
        with Session(engine) as session:
            health = examine_health(session, now=now)
            lost = _given_up(given_up(session, now=now))
            clocks = [*_clocks(session, settings), *_unaddressed(session, settings)]
    except (SQLAlchemyError, OSError) as error:
        return [_away(error), *_outbound(settings, None)]
    finally:
        engine.dispose()
    well = Finding(part="database", well=True, seen=engine.dialect.name)
    return [well, *time, *_clock(health), lost, *clocks, *_outbound(settings, health)]


def _away(error: Exception) -> Finding:
    if isinstance(error, DBAPIError):
        return Finding(part="database", well=False, seen=refusal(error), advice=advice(error))
    return Finding(part="database", well=False, seen=str(error).splitlines()[0], advice="check DATABASE_URL")


def _cannot_make(file: Path | None) -> str | None:
    """Why a SQLite file that is not there cannot be made."""
    if file is None or file.exists():
        return None
    folder = file.absolute().parent
    if not folder.is_dir():
        return f"{file} cannot be made: there is no folder {folder}"
    return None if os.access(folder, os.W_OK) else f"{file} cannot be made: nobody may write in {folder}"


def _not_current(schema: Schema, database: str, file: Path | None) -> Finding:
    seen = SCHEMAS[schema].format(database=database)
    if schema is Schema.MISSING and (obstacle := _cannot_make(file)):
        return Finding(part="database", well=False, seen=obstacle, advice="check DATABASE_URL, and who may write there")
    if schema is Schema.MISSING:
        return Finding(part="database", well=True, seen=seen)
    return Finding(part="database", well=False, seen=seen, advice=WHAT_TO_DO[schema])


def _time(engine: Engine) -> list[Finding]:
    """On PostgreSQL its clock decides; a host that is wrong does no harm, but its log lines tell another time."""
    if not has_its_own_time(engine):
        return []
    ahead = (wall_clock() - DatabaseClock(engine)()).total_seconds()
    seen = f"the database's clock counts; this host is {abs(ahead):.1f} s {'ahead' if ahead > 0 else 'behind'}"
    well = abs(ahead) < MOST_SECONDS_APART
    return [Finding(part="time", well=well, seen=seen, advice="" if well else "keep NTP on, here and there")]


def _clocks(session: Session, settings: Settings) -> list[Finding]:
    """Steps laid aside because they failed again and again, and clocks counted with the hours of before."""
    broken = session.exec(select(Timer).where(is_written(Timer.status, TimerStatus.BROKEN)).limit(MOST_NAMED)).all()
    timers = Finding(part="timers", well=True, seen="none is broken")
    if broken:
        advice = "the log says why (timer_broke); look at these leads yourself: bantline leads show ID"
        names = "\n".join(f"{timer.subject_id} {timer.step}" for timer in broken)
        timers = Finding(part="timers", well=False, seen=f"broken: {names}", advice=advice)
    try:
        stale = len(counted_with_other_hours(session, policy_of(settings)))
    except BadPolicy:
        return [timers]
    hours = Finding(part="hours", well=True, seen="every running clock counts with them")
    if stale:
        seen = f"edited while {stale} clocks run, which count with the hours of before"
        hours = Finding(part="hours", well=False, seen=seen, advice="run: bantline clock recompute --dry-run")
    return [timers, hours]


def _clock(health: Health) -> list[Finding]:
    """Worker, auditor, and what they could not do."""
    advice = "run: bantline serve (or bantline worker)"
    looked = health.audited or {}
    return [
        _heart("worker", well="worker is silent" not in health.problems, seen="its heart beats", advice=advice),
        _heart(
            "auditor",
            well="auditor is silent" not in health.problems,
            seen=f"{looked.get('clocks', 0)} open clocks compared, {looked.get('repaired', 0)} mended",
            advice=advice,
        ),
        Finding(
            part="clocks",
            well=not health.irregular,
            seen=f"{health.irregular} irregularities that could not be mended",
            advice="look for flaw in the log, and at: bantline leads show LEAD" if health.irregular else "",
        ),
        Finding(
            part="outbox",
            well=not health.undelivered,
            seen=f"{health.undelivered} urgent messages cannot be delivered",
            advice="the lines about slack and mail say why" if health.undelivered else "",
        ),
    ]


def _given_up(lost: GivenUp | None) -> Finding:
    """What will never arrive, for nobody tries again: whoever waits for it has to hear of it from a person."""
    if lost is None:
        seen = f"no message was given up in the last {STILL_NEWS.days} days"
        return Finding(part="given up", well=True, seen=seen)
    of_lead = f" of lead {lost.lead_id}" if lost.lead_id else ""
    since = f"{lost.since:%Y-%m-%d %H:%M} UTC"
    how_many = f"more than {MOST_COUNTED}" if lost.how_many > MOST_COUNTED else lost.how_many
    look = f"; bantline leads show {lost.lead_id}" if lost.lead_id else ""
    return Finding(
        part="given up",
        well=False,
        seen=f"{how_many} will never arrive, the oldest since {since}: {lost.kind}{of_lead}: {lost.problem}",
        advice=f"mend what it says, and tell people yourself: only what comes later is sent{look}",
    )


def _heart(part: str, *, well: bool, seen: str, advice: str) -> Finding:
    if well:
        return Finding(part=part, well=True, seen=seen)
    return Finding(part=part, well=False, seen="no heartbeat for a minute", advice=advice)


def _outbound(settings: Settings, health: Health | None) -> list[Finding]:
    """Whether anything leaves at all, and how much waits until it does."""
    if settings.outbound == "hold":
        waiting = f"{health.waiting} messages wait" if health else "what is to be said waits"
        seen = f"on hold (OUTBOUND=hold): nothing is sent, {waiting}"
        return [Finding(part="outbound", well=False, seen=seen, advice="OUTBOUND=on sends them")]
    seen = "on" if settings.outbound == "on" else "careful: each message is looked for before it is posted"
    return [Finding(part="outbound", well=True, seen=seen)]


async def _slack(settings: Settings) -> list[Finding]:
    client = AsyncWebClient(token=_token_of(settings), base_url=settings.slack_api_url, timeout=10, retry_handlers=[])
    return await examine_workspace(settings, client)


def _token_of(settings: Settings) -> str | None:
    """The token of the settings, or of the home workspace when the app was installed by the link."""
    if not settings.installs_by_link:
        return settings.slack_bot_token
    engine = open_engine(settings.database_url)
    try:
        with Session(engine) as session:
            installed = session.get(SlackWorkspace, settings.slack_workspaces[0])
            return installed.bot_token if installed else None
    except SQLAlchemyError:
        return None  # the database has a finding of its own
    finally:
        engine.dispose()


async def _mail(settings: Settings) -> Finding:
    if not settings.smtp_url:
        return Finding(part="mail", well=False, seen="no mail server", advice="set SMTP_URL")
    server = MailServer.of(settings.smtp_url)
    client = mail_client.client_of(server)
    try:
        await client.connect()
        await client.quit()
    except (OSError, aiosmtplib.SMTPException) as error:
        return Finding(part="mail", well=False, seen=mail_client.refusal(error), advice=mail_client.advice(error))
    return Finding(part="mail", well=True, seen=f"{server.host}:{server.port}")


def _unaddressed(session: Session, settings: Settings) -> list[Finding]:
    """Webhooks from the time when there was an address: they go out once there is one again."""
    if settings.bantline_webhook_url:
        return []
    waiting = select(Outbound.id).where(is_unsettled(Outbound), Outbound.kind == WEBHOOK).limit(MOST_COUNTED + 1)
    count = len(session.exec(waiting).all())
    if not count:
        return []
    how_many = f"more than {MOST_COUNTED}" if count > MOST_COUNTED else count
    seen = f"{how_many} wait, and there is no address to send them to"
    return [Finding(part="webhooks", well=False, seen=seen, advice="set BANTLINE_WEBHOOK_URL again: they go out then")]


def _webhooks(settings: Settings) -> list[Finding]:
    """Nothing without an address: most firms want none. That it is written well was seen with the settings."""
    if not settings.bantline_webhook_url:
        return []
    host, secrets = urlsplit(settings.bantline_webhook_url).netloc, len(settings.bantline_webhook_secrets)
    old = "; once your program has the new secret, take the old one away" if secrets > 1 else ""
    seen = f"{host}, signed by {secrets} {'secrets' if secrets > 1 else 'secret'}"
    return [Finding(part="webhooks", well=True, seen=seen, advice=f"to try it: bantline webhook test{old}")]


def _print(findings: list[Finding]) -> None:
    console = Console(highlight=False)
    for finding in findings:
        console.print(f"{'well' if finding.well else 'wrong':<6}", style="green" if finding.well else "red", end="")
        seen = finding.seen.replace("\n", f"\n{'':<20}")
        console.print(f"{finding.part:<13} {seen}", markup=False, soft_wrap=True)
        if finding.advice:
            console.print(f"{'':<20}-> {finding.advice}", markup=False, soft_wrap=True)
