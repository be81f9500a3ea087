"""What we keep of a talk: the chat with its place in the interview, every turn in order, a rep's held lines."""

from datetime import datetime
from typing import ClassVar

from sqlalchemy import JSON, Column, Index, UniqueConstraint
from sqlmodel import Field

from qualification.records import JsonDict, json_column, text_column
from qualification.writing.rows import Record


class Chat(Record, table=True):
    """One talk. The token opens it and is kept only as its hash; `playbook` is the version it began with.

    `rep_id` is who talks in place of the bot, since the door's mark `rep_mark`, with `rep_seq` the last line sent and
    `held` lines on their way; `left_in` is the state the bot left the interview in. While the lead's thread `follows`,
    `mirrored` is the last message it was given, in the errand that begins at `mirror_from`. `again_hash` is that of
    the token a link in the receipt made; `zone` is where the prospect's clock stands; `tracks`: the site wishes to note
    which pages they look at, and `tracking` whether they let it (None: nobody asked). `heard` are the marks of their
    messages' ids, by which a repeat is known, and `mailed`: they asked for a copy by mail before.
    """

    __tablename__ = "chat"
    __table_args__ = (Index("ix_chat_created", "created_at", "id"),)

    id: str = Field(primary_key=True)
    token_hash: str = Field(unique=True)
    lead_id: str | None = Field(default=None, index=True)
    language: str
    playbook: str
    state: str
    question: str | None = None
    asked: JsonDict = json_column()
    pending: JsonDict | None = json_column(nullable=True)
    seq: int = 0
    heard: str = text_column(default="", nullable=False)
    mailed: bool = False
    page_url: str | None = text_column()
    referrer: str | None = text_column()
    again_hash: str | None = Field(default=None, unique=True)
    zone: str | None = None
    tracks: bool = False
    tracking: bool | None = None
    created_at: datetime
    spoke_at: datetime
    rep_id: str | None = None
    rep_name: str | None = None
    rep_mark: str | None = None
    rep_seq: int | None = None
    left_in: str | None = None
    held: int = 0
    follows: bool = False
    mirrored: int = 0
    mirror_from: int | None = None


class Turn(Record, table=True):
    """What was said at one instant, a message each (dialogs/messages.py): `first` and `last` number them in the talk.

    `heard_id` is the prospect's own id of what they said. `state` and `topic` are where it left the interview: empty
    while it goes on asking, and where it is what the last message asks about.
    """

    __tablename__ = "turn"
    __table_args__ = (UniqueConstraint("chat_id", "last"),)

    id: int | None = Field(default=None, primary_key=True)
    chat_id: str
    first: int
    last: int
    heard_id: str | None = None
    said: list[JsonDict | str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    state: str | None = None
    topic: str | None = None
    at: datetime


class RepLine(Record, table=True):
    """A line of the rep who took over, on its way to the prospect; `key` and `mark`: its name and order at its door."""

    __tablename__ = "rep_line"

    id: str = Field(primary_key=True)
    key: str = Field(unique=True)
    chat_id: str = Field(index=True)
    rep_id: str
    mark: str
    text: str = text_column(nullable=False)
    status: str
    due_at: datetime
    seq: int | None = None
    at: datetime


class PlaybookText(Record, table=True):
    """A playbook as it stood when a talk began on it, named by its content."""

    __tablename__ = "playbook"
    for_good: ClassVar[bool] = True

    version: str = Field(primary_key=True)
    name: str
    text: str = text_column(nullable=False)
    at: datetime
