"""Modals and Home: opening, stacking, updating and closing, with Slack's refusals."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Literal

from bot.sandbox import forms
from bot.sandbox.errors import SlackError, invalid_arguments
from bot.sandbox.records import Json, Trigger, User, View

if TYPE_CHECKING:
    from bot.sandbox.workspace import Workspace

STACK_DEPTH = 3
VIEW_BYTES = 250_000


def spend_trigger(workspace: Workspace, trigger_id: str) -> Trigger:
    """Use a trigger up. Raises exchanged_trigger_id, expired_trigger_id, or invalid_arguments for one never given."""
    trigger = workspace.triggers.get(trigger_id)
    if trigger is None:
        raise invalid_arguments("invalid `trigger_id`")
    if trigger.spent:
        raise SlackError("exchanged_trigger_id")
    if workspace.wire_clock() >= trigger.expires:
        raise SlackError("expired_trigger_id")
    trigger.spent = True
    return trigger


def open_modal(workspace: Workspace, trigger_id: str, content: Json) -> View:
    """A new modal for the person who pressed; it takes the place of whatever was open."""
    _check(workspace, content)
    trigger = spend_trigger(workspace, trigger_id)
    view = _new(workspace, "modal", trigger.user, content)
    workspace.modals[trigger.user] = [view.id]
    workspace.changed()
    return view


def push_modal(workspace: Workspace, trigger_id: str, content: Json) -> View:
    """A modal on top of the one the trigger came from. Raises push_limit_reached above three."""
    _check(workspace, content)
    trigger = spend_trigger(workspace, trigger_id)
    if trigger.view is None or not workspace.modals[trigger.user]:
        raise SlackError("not_found")
    return push_on_top(workspace, workspace.person(trigger.user), content, checked=True)


def push_on_top(workspace: Workspace, user: User, content: Json, *, checked: bool = False) -> View:
    if not checked:
        _check(workspace, content)
    stack = workspace.modals[user.id]
    if len(stack) >= STACK_DEPTH:
        raise SlackError("push_limit_reached")
    top = workspace.views[stack[-1]]
    view = _new(workspace, "modal", user.id, content)
    view.root_id = top.root_id
    view.previous_id = top.id
    stack.append(view.id)
    workspace.changed()
    return view


def update(workspace: Workspace, view: View, content: Json, *, expected_hash: str | None = None) -> View:
    """New content for a view that is on the screen. Raises hash_conflict and not_found."""
    if view.closed:
        raise SlackError("not_found")
    if expected_hash and expected_hash != view.hash:
        raise SlackError("hash_conflict")
    _check(workspace, content, replacing=view)
    view.content = _kept(workspace, content)
    view.typed = forms.carried_over(view.blocks, view.typed)
    view.hash = _new_hash(workspace)
    workspace.changed()
    return view


def publish(workspace: Workspace, user: User, content: Json, *, expected_hash: str | None = None) -> View:
    """A person's Home tab, made or replaced. Raises hash_conflict."""
    current = workspace.home(user.id)
    if current is None:
        if expected_hash:
            raise SlackError("hash_conflict")
        _check(workspace, content)
        current = _new(workspace, "home", user.id, content)
        workspace.homes[user.id] = current.id
        workspace.changed()
        return current
    return update(workspace, current, content, expected_hash=expected_hash)


def find(workspace: Workspace, *, view_id: str | None, external_id: str | None) -> View:
    """Raises not_found."""
    for view in workspace.views.values():
        if view.closed:
            continue
        if (view_id and view.id == view_id) or (external_id and view.content.get("external_id") == external_id):
            return view
    raise SlackError("not_found")


def close_top(workspace: Workspace, user: User) -> View | None:
    """Take the top modal away; the one beneath shows again."""
    stack = workspace.modals[user.id]
    if not stack:
        return None
    view = workspace.views[stack.pop()]
    view.closed = True
    workspace.changed()
    return view


def close_all(workspace: Workspace, user: User) -> list[View]:
    """Clear the whole stack, the top view first."""
    closed = []
    while (view := close_top(workspace, user)) is not None:
        closed.append(view)
    return closed


def _new(workspace: Workspace, kind: Literal["modal", "home"], user_id: str, content: Json) -> View:
    view_id = workspace.new_id("V")
    view = View(
        id=view_id,
        kind=kind,
        user=user_id,
        content=_kept(workspace, content),
        hash=_new_hash(workspace),
        root_id=view_id,
    )
    view.typed = forms.start_values(view.blocks)
    workspace.views[view_id] = view
    return view


def _kept(workspace: Workspace, content: Json) -> Json:
    kept = copy.deepcopy(content)
    kept["blocks"] = forms.completed(content.get("blocks", []), workspace.new_word)
    return kept


def _new_hash(workspace: Workspace) -> str:
    return f"{int(workspace.clock().timestamp())}.{workspace.new_word(8)}"


def _check(workspace: Workspace, content: Json, *, replacing: View | None = None) -> None:
    if len(json.dumps(content, ensure_ascii=False).encode()) > VIEW_BYTES:
        raise SlackError("view_too_large")
    external_id = content.get("external_id")
    if not external_id:
        return
    for view in workspace.views.values():
        if view is not replacing and not view.closed and view.content.get("external_id") == external_id:
            raise SlackError("duplicate_external_id")
