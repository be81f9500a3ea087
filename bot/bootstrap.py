"""What every door is given: settings, store, words and the clock, put together in one place."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

from sqlalchemy import make_url

from bot.child_process import in_child_process
from bot.database_time import DatabaseClock, has_its_own_time
from bot.migrations import bring_up_to_date
from bot.settings import Settings
from bot.words import Words
from qualification import notices, passed_on
from qualification.hours.calendars import known_holidays
from qualification.policy import Policy, load_policy, shipped_policy
from qualification.store import Store

Clock = Callable[[], datetime]


def wall_clock() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Services:
    settings: Settings
    store: Store
    words: Words
    clock: Clock

    def close(self) -> None:
        self.store.close()


def policy_of(settings: Settings) -> Policy:
    """The policy in force; raises BadPolicy naming file and line."""
    return load_policy(Path(settings.bantline_policy)) if settings.bantline_policy else shipped_policy()


def learn_holidays_in_child(settings: Settings) -> None:
    """Those the clocks of this year and the next ask for, so that a process that stays does not hold their library."""
    known_holidays.update(in_child_process(partial(_holidays_around, settings, wall_clock().year)) or {})


def _holidays_around(settings: Settings, year: int) -> dict[tuple[str, str | None, int], frozenset[date]]:
    policy = policy_of(settings)
    for name in policy.calendar_names:
        closed = policy.calendar(name).holidays
        for new_year in (date(year, 1, 1), date(year + 1, 1, 1)):
            _ = new_year in closed
    return known_holidays


def start_services(settings: Settings, *, clock: Clock | None = None, policy: Policy | None = None) -> Services:
    """Open the database, bring its schema up to date, and start the writer. Without a clock, its time is ours."""
    in_force = policy or policy_of(settings)
    bring_up_to_date(settings.database_url)
    tell = passed_on.tell if settings.bantline_webhook_url else notices.tell
    store = Store(settings.database_url, clock=clock or wall_clock, policy=in_force, tell=tell)
    if clock is None and has_its_own_time(store.engine):
        store.clock = DatabaseClock(store.engine)
    own_templates = Path(settings.bantline_templates) if settings.bantline_templates else None
    words = Words(
        in_force.working_hours.zone,
        company=settings.company,
        own_templates=own_templates,
        url=settings.url,
        can_mail=bool(settings.smtp_url),
    )
    return Services(settings=settings, store=store, words=words, clock=store.clock)


class NoDatabase(Exception):
    """A command looks at a SQLite file that is not there; it makes none, for it would only find it empty."""


def open_services(settings: Settings) -> Services:
    """As `start_services`, for a command that looks at or changes what is there already. Raises NoDatabase."""
    policy = policy_of(settings)
    file = sqlite_file(settings.database_url)
    if file is not None and not file.exists():
        raise NoDatabase(
            f"there is no database {file.absolute()}\n"
            "Run this in the folder of bantline.toml, or name the database in DATABASE_URL. A new one is made by: "
            "bantline serve"
        )
    return start_services(settings, policy=policy)


def sqlite_file(database_url: str) -> Path | None:
    """The file a SQLite database is kept in; None for PostgreSQL and for a database in memory."""
    url = make_url(database_url)
    kept = url.get_backend_name() == "sqlite" and url.database and url.database != ":memory:"
    return Path(str(url.database)) if kept else None


def as_json_text(data: object) -> str:
    """Days and instants as ISO 8601 ("2026-05-14T09:00:00+00:00"), as the API writes them."""
    return json.dumps(data, ensure_ascii=False, default=_in_json)


def _in_json(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)
