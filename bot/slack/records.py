"""What we remember about Slack itself: where a lead's card hangs, who looked at Home, who was turned away."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from qualification.records import json_column
from qualification.writing.rows import Record

DRAFT_KEPT_FOR = timedelta(days=1)


class SlackCard(Record, table=True):
    """The one living message of a lead. `script_mark` tells whether its talk script reads as it would today."""

    __tablename__ = "slack_card"
    __table_args__ = (UniqueConstraint("channel", "ts"),)

    lead_id: str = Field(primary_key=True)
    channel: str
    ts: str
    script_ts: str | None = None
    script_mark: str = ""


class SlackHome(Record, table=True):
    """A person who looked at the Home tab; only lately opened ones are drawn again on a change.

    `team_id` is the workspace they looked from last: only its token may draw it. `pages` says which page of each list
    is open.
    """

    __tablename__ = "slack_home"

    user_id: str = Field(primary_key=True)
    team_id: str | None = Field(default=None, index=True)
    opened_at: datetime
    pages: dict[str, int] = json_column()


class SlackDraft(Record, table=True):
    """What stands in a form that was not sent in: fields by name, as Slack tells them; empty once sent in.

    `mark` is Slack's time of the last change we heard of, `sent` the last screen that was sent in: a change that
    arrives late undoes neither.
    """

    __tablename__ = "slack_draft"

    key: str = Field(primary_key=True)
    lead_id: str = Field(index=True)
    fields: dict[str, dict[str, Any]] = json_column()
    mark: str = ""
    sent: str = ""
    at: datetime


class SlackRefusal(Record, table=True):
    """Somebody who may not act tried to: ids only, no words (S5)."""

    __tablename__ = "slack_refusal"

    id: int | None = Field(default=None, primary_key=True)
    user_id: str
    reason: str
    wanted: str
    at: datetime = Field(index=True)


class SlackWorkspace(Record, table=True):
    """A workspace that installed the app by OAuth. An empty token: the app was removed there."""

    __tablename__ = "slack_workspace"

    team_id: str = Field(primary_key=True)
    enterprise_id: str | None = None
    name: str
    bot_token: str
    bot_user_id: str
    scopes: str
    installed_by: str
    installed_at: datetime


class SlackInstallState(Record, table=True):
    """An installation under way: its state works once, and not for long."""

    __tablename__ = "slack_install_state"

    state: str = Field(primary_key=True)
    expires_at: datetime
    spent: bool = False
