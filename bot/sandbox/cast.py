"""The people of the demo: two reps, their manager, a guest, another bot, and the two channels they share."""

from __future__ import annotations

from bot.sandbox.manifest import Installation
from bot.sandbox.workspace import Clock, Workspace, now_utc

LEADS = "#leads"
MANAGERS = "#sales-managers"


def sales_team(
    *,
    clock: Clock = now_utc,
    wire_clock: Clock | None = None,
    installation: Installation | None = None,
    request_url: str | None = None,
    limits: bool = True,
) -> Workspace:
    """A workspace with 山田 由紀 (yuki), Ken Miller (ken), the manager 佐藤 恵 (megumi), a guest and another bot."""
    workspace = Workspace(
        clock=clock, wire_clock=wire_clock, installation=installation, request_url=request_url, limits=limits
    )
    workspace.add_user("yuki", id="U0YUKI00001", real_name="山田 由紀", locale="ja-JP", role="rep")
    workspace.add_user("ken", id="U0KEN000001", real_name="Ken Miller", locale="en-US", role="rep")
    workspace.add_user("megumi", id="U0MEGUMI001", real_name="佐藤 恵", locale="ja-JP", role="manager")
    workspace.add_user("guest", id="U0GUEST0001", real_name="Gale Guest", role="guest", is_restricted=True)
    workspace.add_user("otherbot", id="U0OTHERBOT1", real_name="Other Bot", is_bot=True, bot_id="B0OTHERBOT1")
    everyone = ["yuki", "ken", "megumi", "guest", "otherbot"]
    workspace.add_channel(LEADS, id="C0LEADS0001", members=everyone)
    workspace.add_channel(MANAGERS, id="C0MANAGERS1", members=["megumi"], private=True)
    workspace.add_usergroup("sales-managers", id="S0MANAGERS1", name="Sales managers", users=["megumi"])
    workspace.add_usergroup("sales-reps", id="S0REPS00001", name="Sales reps", users=["yuki", "ken"])
    return workspace
