"""What the browser page asks of the stand-in: the screen of one person, and the things that person does.

Everything is JSON over three addresses: GET screen, GET stream (a line whenever something changed), POST do.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

from aiohttp import web

from bot.sandbox import client, forms, messages, screen
from bot.sandbox.errors import AppDidNotAnswer, DriverError, SlackError
from bot.sandbox.forms import Control
from bot.sandbox.records import Channel, Json, Message, User, View
from bot.sandbox.workspace import Workspace

PAGE = Path(__file__).parent / "page"
PAGE_FILES = {"app.js": "text/javascript", "style.css": "text/css"}
ONLY_OURS = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' https: data:; frame-ancestors 'none'",
    "Cache-Control": "no-cache",
}
KEEP_ALIVE = 15.0  # seconds


def routes(workspace: Workspace) -> list[web.RouteDef]:
    """The page's files and its three addresses."""

    async def show_screen(request: web.Request) -> web.Response:
        try:
            user = workspace.person(request.query.get("as", ""))
        except KeyError:
            return web.json_response({"error": "nobody of that name"}, status=404)
        channel = workspace.channels.get(request.query.get("channel", ""))
        return web.json_response(screen.screen_of(workspace, user, channel))

    async def list_cast(request: web.Request) -> web.Response:
        people = [one for one in workspace.people.values() if not one.is_bot and not one.deleted]
        channels = [{"id": one.id, "name": one.name} for one in workspace.channels.values() if one.name]
        return web.json_response({"people": [{"id": one.id, "name": one.name} for one in people], "channels": channels})

    async def stream(request: web.Request) -> web.StreamResponse:
        return await _tell_of_changes(workspace, request)

    async def do(request: web.Request) -> web.Response:
        return await _do(workspace, request)

    async def permalink(request: web.Request) -> web.Response:
        raise web.HTTPFound(f"/?channel={request.match_info['channel']}")

    return [
        web.get("/", _page),
        web.get("/page/{file}", _page_file),
        web.get("/archives/{channel}/{message}", permalink),
        web.get("/sandbox/cast", list_cast),
        web.get("/sandbox/screen", show_screen),
        web.get("/sandbox/stream", stream),
        web.post("/sandbox/do", do),
    ]


async def _page(request: web.Request) -> web.Response:
    return web.Response(text=(PAGE / "index.html").read_text("utf-8"), content_type="text/html", headers=ONLY_OURS)


async def _page_file(request: web.Request) -> web.Response:
    name = request.match_info["file"]
    if name not in PAGE_FILES:
        raise web.HTTPNotFound
    text = (PAGE / name).read_text("utf-8")
    return web.Response(text=text, content_type=PAGE_FILES[name], charset="utf-8", headers=ONLY_OURS)


async def _tell_of_changes(workspace: Workspace, request: web.Request) -> web.StreamResponse:
    """Server-sent events: one line per burst of changes, and a comment now and then to keep the line open."""
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
    changed = asyncio.Event()
    workspace.on_change.append(changed.set)
    try:
        await response.prepare(request)
        while True:
            try:
                async with asyncio.timeout(KEEP_ALIVE):  # wait_for of Python 3.11 may swallow a cancellation
                    await changed.wait()
                changed.clear()
                await response.write(b"data: changed\n\n")
            except TimeoutError:
                await response.write(b": still here\n\n")
    except ConnectionError:
        return response
    finally:
        workspace.on_change.remove(changed.set)


# --- doing -----------------------------------------------------------------------------------------------------------


async def _do(workspace: Workspace, request: web.Request) -> web.Response:
    if request.content_type != "application/json":  # keeps other web sites out: they would have to ask first
        return web.json_response({"error": "send JSON"}, status=415)
    try:
        wish = json.loads(await request.text())
        user, act = workspace.person(str(wish["as"])), ACTS[str(wish["do"])]
        return web.json_response(await act(workspace, user, wish))
    except (KeyError, TypeError, ValueError) as error:
        return web.json_response({"error": f"not understood: {error}"}, status=400)
    except (AppDidNotAnswer, DriverError) as error:
        return web.json_response({"error": str(error)}, status=409)
    except SlackError as error:
        return web.json_response({"error": error.code}, status=409)


def _surface(workspace: Workspace, wish: Json, user: User) -> Message | View:
    if "view" in wish:
        view = workspace.views[str(wish["view"])]
        if view.closed or view.user != user.id:
            raise DriverError("this view is closed")
        return view
    channel = workspace.channels[str(wish["channel"])]
    for message in workspace.visible_messages(channel, user.id):
        if message.ts == wish["ts"]:
            return message
    raise DriverError("this message is gone")


def _message(workspace: Workspace, wish: Json, user: User) -> Message:
    surface = _surface(workspace, wish, user)
    if not isinstance(surface, Message):
        raise DriverError("not a message")
    return surface


def _control(surface: Message | View, wish: Json) -> Control:
    control = forms.control_by_id(surface.blocks, str(wish["block_id"]), str(wish["action_id"]))
    if control is None:
        raise DriverError("this button is no longer there")
    return control


async def _press(workspace: Workspace, user: User, wish: Json) -> Json:
    surface = _surface(workspace, wish, user)
    control, value = _control(surface, wish), dict(wish.get("value") or {})
    if isinstance(surface, View):
        surface.typed = _merged(surface.typed, wish.get("typed"))
        await client.use_in_view(workspace, user, surface, control, value)
    else:
        await client.use_in_message(workspace, user, surface, control, value)
    return {}


async def _submit(workspace: Workspace, user: User, wish: Json) -> Json:
    view = _surface(workspace, wish, user)
    if not isinstance(view, View):
        raise DriverError("not a modal")
    view.typed = _merged(view.typed, wish.get("typed"))
    return {"errors": await client.submit(workspace, user, view)}


def _merged(held: Json, typed: Json | None) -> Json:
    """What the page holds wins over what we hold, for the fields that are still in the form."""
    return {
        block_id: {
            action_id: (typed or {}).get(block_id, {}).get(action_id, value) for action_id, value in fields.items()
        }
        for block_id, fields in held.items()
    }


async def _close(workspace: Workspace, user: User, wish: Json) -> Json:
    await client.close(workspace, user, everything=bool(wish.get("everything")))
    return {}


async def _options(workspace: Workspace, user: User, wish: Json) -> Json:
    surface = _surface(workspace, wish, user)
    typed = str(wish.get("query", ""))
    return {"options": await client.load_options(workspace, user, surface, _control(surface, wish), typed)}


async def _say(workspace: Workspace, user: User, wish: Json) -> Json:
    channel, text = workspace.channels[str(wish["channel"])], str(wish["text"]).strip()
    thread_ts = wish.get("thread_ts")
    if text.startswith("/"):
        return await _command(workspace, user, channel, text, in_thread=bool(thread_ts))
    client.say(workspace, user, channel, text, thread_ts=thread_ts, broadcast=bool(wish.get("broadcast")))
    return {}


async def _command(workspace: Workspace, user: User, channel: Channel, text: str, *, in_thread: bool) -> Json:
    command, _, rest = text.partition(" ")
    if in_thread:
        raise DriverError(f"{command} is not supported in threads")
    await client.run_command(workspace, user, channel, command, rest.strip())
    return {}


async def _global_shortcut(workspace: Workspace, user: User, wish: Json) -> Json:
    await client.run_global_shortcut(workspace, user, str(wish["callback_id"]))
    return {}


async def _message_shortcut(workspace: Workspace, user: User, wish: Json) -> Json:
    message = _message(workspace, wish, user)
    await client.run_message_shortcut(workspace, user, message, str(wish["callback_id"]))
    return {}


async def _react(workspace: Workspace, user: User, wish: Json) -> Json:
    message, name = _message(workspace, wish, user), str(wish["name"])
    change = messages.unreact if user.id in message.reactions.get(name, []) else messages.react
    change(workspace, user, message, name)
    return {}


async def _dismiss(workspace: Workspace, user: User, wish: Json) -> Json:
    message = _message(workspace, wish, user)
    if message.only_for != user.id:
        raise DriverError("only a private message can be dismissed")
    messages.delete(workspace, message)
    return {}


async def _edit(workspace: Workspace, user: User, wish: Json) -> Json:
    text = str(wish["text"]).strip()
    if not text:
        raise DriverError("a message needs words; delete it instead")
    messages.edit(workspace, user, _own_message(workspace, wish, user), text=text, blocks=None)
    return {}


async def _delete(workspace: Workspace, user: User, wish: Json) -> Json:
    messages.delete(workspace, _own_message(workspace, wish, user))
    return {}


def _own_message(workspace: Workspace, wish: Json, user: User) -> Message:
    message = _message(workspace, wish, user)
    if message.user != user.id:
        raise DriverError("people change their own messages only")
    return message


async def _open_home(workspace: Workspace, user: User, wish: Json) -> Json:
    client.open_home(workspace, user, tab=str(wish.get("tab", "home")))
    return {}


ACTS: Mapping[str, Callable[[Workspace, User, Json], Awaitable[Json]]] = {
    "press": _press,
    "submit": _submit,
    "close": _close,
    "options": _options,
    "say": _say,
    "shortcut": _global_shortcut,
    "message_shortcut": _message_shortcut,
    "react": _react,
    "dismiss": _dismiss,
    "edit": _edit,
    "delete": _delete,
    "open_home": _open_home,
}
