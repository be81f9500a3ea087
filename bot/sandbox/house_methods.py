"""auth.test, apps.connections.open, bots.info, team.info: who the app itself is, and its way in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.sandbox import wire
from bot.sandbox.records import Json
from bot.sandbox.request import (
    Request,
)

if TYPE_CHECKING:
    pass


def auth_test(request: Request) -> Json:
    workspace, caller = request.workspace, request.caller
    answered: Json = {
        "url": f"https://{workspace.team.domain}.slack.com/",
        "team": workspace.team.name,
        "user": caller.name,
        "team_id": workspace.team.id,
        "user_id": caller.id,
        "is_enterprise_install": False,
    }
    if caller.bot_id and request.token.kind == "bot":
        answered["bot_id"] = caller.bot_id
    if request.token.kind == "app":
        answered = {"app_name": workspace.installation.name, "app_id": workspace.app_id}
    return answered


def open_connection(request: Request) -> Json:
    workspace = request.workspace
    ticket = workspace.new_word(32)
    workspace.tickets.add(ticket)
    host = workspace.base_url.replace("http", "ws", 1)
    return {"url": f"{host}link/?ticket={ticket}&app_id={workspace.app_id}"}


def bot_info(request: Request) -> Json:
    bot = request.workspace.bot_by_id(request.args.text("bot") or str(request.caller.bot_id))
    return {"bot": wire.bot_profile(request.workspace, str(bot.bot_id)) | {"user_id": bot.id}}


def team_info(request: Request) -> Json:
    team = request.workspace.team
    return {
        "team": {
            "id": team.id,
            "name": team.name,
            "domain": team.domain,
            "url": f"https://{team.domain}.slack.com/",
            "email_domain": "",
            "icon": {},
        }
    }
