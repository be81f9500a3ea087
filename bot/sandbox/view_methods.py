"""views.* and blocks.validate: modals, Home, and the official opinion on blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.sandbox import validate, views, wire
from bot.sandbox.errors import SlackError, invalid_arguments
from bot.sandbox.records import Json, View
from bot.sandbox.request import (
    Request,
    view_of,
)

if TYPE_CHECKING:
    pass


def open_view(request: Request) -> Json:
    content = view_of(request.args, "modal")
    view = views.open_modal(request.workspace, request.args.required("trigger_id"), content)
    return {"view": wire.view_json(request.workspace, view)}


def push_view(request: Request) -> Json:
    content = view_of(request.args, "modal")
    view = views.push_modal(request.workspace, request.args.required("trigger_id"), content)
    return {"view": wire.view_json(request.workspace, view)}


def update_view(request: Request) -> Json:
    args = request.args
    if args.has("view_id") == args.has("external_id"):
        raise invalid_arguments("exactly one of view_id and external_id is required")
    view = views.find(
        request.workspace, view_id=args.text("view_id") or None, external_id=args.text("external_id") or None
    )
    content = view_of(args, view.kind)
    views.update(request.workspace, view, content, expected_hash=args.text("hash") or None)
    return {"view": wire.view_json(request.workspace, view)}


def publish_view(request: Request) -> Json:
    content = view_of(request.args, "home")
    user = request.workspace.people.get(request.args.required("user_id"))
    if user is None or user.is_bot or request.workspace.team_of(user.id) != request.token.team:
        raise invalid_arguments("invalid `user_id`")
    view: View = views.publish(request.workspace, user, content, expected_hash=request.args.text("hash") or None)
    return {"view": wire.view_json(request.workspace, view)}


def validate_blocks(request: Request) -> Json:
    """Slack's own validator: exactly one of blocks, message and view."""
    given = [name for name in ("blocks", "message", "view") if request.args.has(name)]
    if len(given) != 1:
        raise invalid_arguments("exactly one of blocks, message and view is required")
    what = given[0]
    content = request.args.structure(what)
    if what == "view":
        problems = validate.problems_in_view(content)
    elif what == "message":
        blocks = content.get("blocks", []) if isinstance(content, dict) else content
        problems = validate.problems_in_blocks(blocks, surface="message", at="/message/blocks")
    else:
        problems = validate.problems_in_blocks(content, surface="message")
    if problems:
        raise SlackError(f"invalid_{what}", errors=[problem.as_json() for problem in problems])
    return {}
