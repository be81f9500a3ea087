"""What the Slack app in a person's hand does: it sends presses, forms and commands, and acts on the answer.

It refuses what the real one refuses (a required field left empty), keeps what was typed, and tells its owner when
the app stayed silent. Tests reach it through `driver`, the browser page through `control`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.sandbox import events, forms, messages, payloads, responses, validate, views
from bot.sandbox.errors import AppDidNotAnswer, DriverError, SlackError
from bot.sandbox.forms import Control
from bot.sandbox.records import Channel, Json, Message, User, View
from bot.sandbox.request import checked_view

if TYPE_CHECKING:
    from bot.sandbox.workspace import Workspace


async def use_in_message(workspace: Workspace, user: User, message: Message, control: Control, value: Json) -> None:
    """Press a button or choose in a message."""
    channel = workspace.channels[message.channel]
    typed = typed_in(workspace, user, message)
    if control.type not in forms.PRESSED_ONLY:
        typed[control.block_id][control.action_id] = value
    payload = payloads.block_actions_on_message(
        workspace,
        user=user,
        channel=channel,
        message=message,
        typed=typed,
        actions=[forms.action_taken(control, value, action_ts=workspace.new_ts())],
        trigger=workspace.new_trigger(user),
        url=workspace.new_response_url(user, channel, message=message),
    )
    await _ask(workspace, user, "interactive", payload)


def typed_in(workspace: Workspace, user: User, message: Message) -> Json:
    """What this person has entered into the fields of a message so far."""
    key = (message.channel, message.ts, user.id)
    workspace.typed[key] = forms.carried_over(message.blocks, workspace.typed.get(key, {}))
    return workspace.typed[key]


async def use_in_view(workspace: Workspace, user: User, view: View, control: Control, value: Json) -> None:
    """Press a button or fill a field in a modal or on Home; only some fields tell the app at once."""
    if control.type not in forms.PRESSED_ONLY:
        view.typed.setdefault(control.block_id, {})[control.action_id] = value
    if not control.tells_at_once:
        workspace.changed()
        return
    payload = payloads.block_actions_in_view(
        workspace,
        user=user,
        view=view,
        actions=[forms.action_taken(control, value, action_ts=workspace.new_ts())],
        trigger=workspace.new_trigger(user, view=view),
    )
    await _ask(workspace, user, "interactive", payload)


async def submit(workspace: Workspace, user: User, view: View) -> dict[str, str]:
    """Press the submit button. Returns what stands under which block: empty when the form was taken."""
    if "submit" not in view.content:
        raise DriverError(f"the modal {view.title!r} has no submit button")
    complaints = _complaints(view, user.locale)
    if complaints:
        return complaints
    payload = payloads.view_submission(workspace, user=user, view=view, trigger=workspace.new_trigger(user, view=view))
    answer = await _ask(workspace, user, "interactive", payload)
    try:
        return _act_on_submission(workspace, user, view, answer or {})
    except SlackError as error:
        raise _trouble(
            workspace, user, f"the app answered the form with something Slack refuses: {error.body()}"
        ) from error


def _complaints(view: View, locale: str) -> dict[str, str]:
    found = {}
    for control in forms.controls(view.blocks):
        if control.is_input:
            held = view.typed.get(control.block_id, {}).get(control.action_id, {})
            text = forms.complaint(control, held, locale)
            if text:
                found[control.block_id] = text
    return found


def _act_on_submission(workspace: Workspace, user: User, view: View, answer: Json) -> dict[str, str]:
    action = answer.get("response_action")
    if action == "errors":
        return _errors_under_inputs(view, answer.get("errors") or {})
    if action == "update":
        views.update(workspace, view, checked_view(answer.get("view"), "modal"))
    elif action == "push":
        views.push_on_top(workspace, user, checked_view(answer.get("view"), "modal"))
    elif action == "clear":
        views.close_all(workspace, user)
    elif action is None:
        if view.id in workspace.modals[user.id]:
            views.close_top(workspace, user)
    else:
        raise SlackError("invalid_response_action", response_action=action)
    return {}


def _errors_under_inputs(view: View, errors: dict[str, str]) -> dict[str, str]:
    inputs = {block["block_id"] for block in view.blocks if block["type"] == "input"}
    strangers = sorted(set(errors) - inputs)
    if strangers or not errors:
        raise SlackError("invalid_errors", block_ids=strangers)
    return errors


async def close(workspace: Workspace, user: User, *, everything: bool = False) -> None:
    """Press the cross, or Close. An app that asked for it hears of each view that went away."""
    top = workspace.top_modal(user.id)
    if top is None:
        raise DriverError(f"{user.name} has no modal open")
    cleared = everything or bool(top.content.get("clear_on_close"))
    gone = views.close_all(workspace, user) if cleared else [top]
    if not cleared:
        views.close_top(workspace, user)
    for view in gone:
        if view.content.get("notify_on_close"):
            payload = payloads.view_closed(workspace, user=user, view=view, is_cleared=cleared)
            await _ask(workspace, user, "interactive", payload)


async def run_command(workspace: Workspace, user: User, channel: Channel, command: str, text: str) -> None:
    """Type a slash command."""
    known_commands = workspace.installation.commands
    if known_commands is not None and command not in {one.name for one in known_commands}:
        raise _trouble(workspace, user, f"{command} is not a valid command")
    payload = payloads.slash_command(
        workspace,
        user=user,
        channel=channel,
        command=command,
        text=messages.escaped_text(text),
        trigger=workspace.new_trigger(user),
        url=workspace.new_response_url(user, channel, kind="commands"),
    )
    answer = await _ask(workspace, user, "slash_commands", payload)
    if answer and (answer.get("text") or answer.get("blocks")):
        responses.show(workspace, user, channel, answer)


async def run_global_shortcut(workspace: Workspace, user: User, callback_id: str) -> None:
    payload = payloads.global_shortcut(
        workspace,
        user=user,
        callback_id=callback_id,
        trigger=workspace.new_trigger(user),
        action_ts=workspace.new_ts(),
    )
    await _ask(workspace, user, "interactive", payload)


async def run_message_shortcut(workspace: Workspace, user: User, message: Message, callback_id: str) -> None:
    channel = workspace.channels[message.channel]
    payload = payloads.message_shortcut(
        workspace,
        user=user,
        channel=channel,
        message=message,
        callback_id=callback_id,
        trigger=workspace.new_trigger(user),
        action_ts=workspace.new_ts(),
        url=workspace.new_response_url(user, channel, message=message, kind="app"),
    )
    await _ask(workspace, user, "interactive", payload)


async def load_options(
    workspace: Workspace, user: User, surface: View | Message, control: Control, typed: str
) -> list[Json]:
    """What the app offers for the letters typed into an external select, flat, at most 100."""
    least = control.element.get("min_query_length", 3)
    if len(typed) < least:
        return []
    place: Json = {"view": surface} if isinstance(surface, View) else {"message": surface}
    if isinstance(surface, Message):
        place["channel"] = workspace.channels[surface.channel]
    payload = payloads.options_request(
        workspace, user=user, block_id=control.block_id, action_id=control.action_id, value=typed, **place
    )
    answer = await _ask(workspace, user, "interactive", payload) or {}
    if problems := validate.problems_in_offer(answer):
        refused = "; ".join(problem.line() for problem in problems)
        raise _trouble(workspace, user, f"the app offers what Slack refuses: {refused}")
    groups = answer.get("option_groups", [])
    return [option for group in groups for option in group["options"]] or list(answer.get("options", []))


def open_home(workspace: Workspace, user: User, *, tab: str = "home") -> None:
    """Look at the app's Home or Messages tab."""
    event = events.app_home_opened(
        workspace,
        user=user,
        tab=tab,
        channel=workspace.direct_channel(user.id),
        view=workspace.home(user.id),
        ts=workspace.new_ts(),
    )
    workspace.announce("app_home_opened", event)
    workspace.changed()


def say(
    workspace: Workspace,
    user: User,
    channel: Channel,
    text: str,
    *,
    thread_ts: str | None = None,
    broadcast: bool = False,
) -> Message:
    """Type a message into a channel or a thread."""
    if user.id not in channel.members:
        raise DriverError(f"{user.name} is not in #{channel.name}")
    return messages.post(workspace, user, channel, text=text, thread_ts=thread_ts, broadcast=broadcast)


async def _ask(workspace: Workspace, user: User, kind: str, payload: Json) -> Json | None:
    try:
        return await workspace.courier.ask(kind, payload)
    except AppDidNotAnswer as silence:
        workspace.notify(user, f"The app did not respond: {silence}")
        raise


def _trouble(workspace: Workspace, user: User, text: str) -> AppDidNotAnswer:
    workspace.notify(user, text)
    return AppDidNotAnswer(text)
