"""The measured figures, read from costs.toml; each stands there with the command that measured it."""

import tomllib
from pathlib import Path

from pydantic import BaseModel, ConfigDict

FILE = Path(__file__).with_name("costs.toml")


class Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Seen(Part):
    """One row of a run: so many clients who answer at once, each turn after the last."""

    clients: int
    turns_a_second: float
    p50_ms: float
    p99_ms: float


class Sqlite(Part):
    one_client_turns_a_second: float
    crowd: int
    crowd_turns_a_second: float
    door_share: float
    sync_ms: float
    bytes_a_talk: int
    seen: tuple[Seen, ...]


class Postgresql(Part):
    cpu_ratio: float
    database_share: float
    sync_ms: float


class Memory(Part):
    process_mb: float
    stream_kib: float
    streams_a_process: int


class Clock(Part):
    due_step_cpu_ms: float


class Slack(Part):
    posts_a_second_a_channel: float
    edits_a_minute: float
    edits_a_lead: float
    lines_a_lead: float
    cards_a_lead: float


class Firm(Part):
    turns_a_talk: int
    finish_share: float
    qualified_share: float
    thinking_seconds: float
    open_minutes: float

    @property
    def messages_a_talk(self) -> float:
        """Of the average talk; who leaves early says two things."""
        return self.finish_share * self.turns_a_talk + (1 - self.finish_share) * 2


class Costs(Part):
    sqlite: Sqlite
    postgresql: Postgresql
    memory: Memory
    clock: Clock
    slack: Slack
    firm: Firm


def read_costs(file: Path = FILE) -> Costs:
    """Raises pydantic's ValidationError, which names what is missing or wrong."""
    return Costs.model_validate(tomllib.loads(file.read_text("utf-8")))
