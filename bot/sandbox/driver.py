"""A person at Slack, as a test speaks of them: `await yuki.clicks("Claim", on=card)`.

Everything is found by the words on the screen, never by ids. What the screen does not offer is a DriverError that
says what it does offer.

    yuki = workspace.user("yuki")
    await yuki.slash("/lead", "find Asahi")
    modal = await yuki.modal("Log a call")
    errors = await yuki.submits(modal, {"Outcome": "Connected"})
    card = await yuki.waits_for("Claimed", channel="#leads")
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from bot.sandbox import client, forms, messages
from bot.sandbox.errors import DriverError, known
from bot.sandbox.forms import Control
from bot.sandbox.records import Channel, Json, Message, User, View, text_of

if TYPE_CHECKING:
    from bot.sandbox.workspace import Workspace

Seen = TypeVar("Seen")

PATIENCE = 30.0  # real seconds a driver waits for something to appear


class Person:
    """One member of the workspace, acting by hand."""

    def __init__(self, workspace: Workspace, user: User) -> None:
        self.workspace = workspace
        self.record = user

    @property
    def id(self) -> str:
        return self.record.id

    # --- looking ----------------------------------------------------------------------------------------------------

    def sees(self, channel: str) -> list[Message]:
        """Every message this person can see there, oldest first: posts, thread replies, and what is only for them."""
        return self.workspace.visible_messages(self._channel(channel), self.id)

    def sees_thread(self, root: Message) -> list[Message]:
        """The replies under a message, oldest first."""
        return [message for message in self.sees(root.channel) if message.thread_ts == root.ts and message is not root]

    def sees_privately(self, channel: str) -> list[Message]:
        """Ephemeral messages only."""
        return [message for message in self.sees(channel) if message.only_for == self.id]

    def direct_messages(self) -> list[Message]:
        """What the app and this person wrote to each other directly."""
        return self.workspace.visible_messages(self.workspace.direct_channel(self.id), self.id)

    @property
    def notices(self) -> list[str]:
        """Lines the Slack app itself showed, such as that the app did not respond."""
        return [notice.text for notice in self.workspace.notices if notice.user == self.id]

    @property
    def open_modal(self) -> View | None:
        """The modal on top, at this moment."""
        return self.workspace.top_modal(self.id)

    @property
    def home(self) -> View | None:
        """The Home tab, as last published."""
        return self.workspace.home(self.id)

    async def modal(self, title: str | None = None, *, within: float = PATIENCE) -> View:
        """Wait until a modal (with this title) is on top and return it."""
        return await self._until(
            lambda: self.open_modal if self.open_modal and title in (None, self.open_modal.title) else None,
            f"a modal {title or ''}",
            within,
        )

    async def waits_for(self, text: str, *, channel: str, within: float = PATIENCE) -> Message:
        """Wait until a message there contains these words, in its text or in its blocks, and return the newest."""
        return await self._until(lambda: self._newest(channel, text), f"{text!r} in {channel}", within)

    async def waits_for_home(self, text: str = "", *, within: float = PATIENCE) -> View:
        """Wait until the Home tab shows these words."""
        return await self._until(
            lambda: self.home if self.home and text in all_words(self.home.blocks) else None,
            f"{text!r} on Home",
            within,
        )

    async def waits_for_field(self, label: str, *, on: Message | View, within: float = PATIENCE) -> None:
        """Wait until the form has a field of this label, as after an update by the app."""
        await self._until(
            lambda: any(control.label == label for control in forms.controls(on.blocks)), f"a field {label!r}", within
        )

    async def _until(self, look: Callable[[], Seen | None], what: str, within: float) -> Seen:
        try:
            return await until(self.workspace, look, within=within)
        except TimeoutError as error:
            raise DriverError(f"{self.record.name} waited {within:g} s for {what}") from error

    def _newest(self, channel: str, text: str) -> Message | None:
        for message in reversed(self.sees(channel)):
            if text in message.text or text in all_words(message.blocks):
                return message
        return None

    # --- acting -----------------------------------------------------------------------------------------------------

    async def clicks(self, label: str, *, on: Message | View | None = None) -> None:
        """Press the button with this label, or choose this entry of an overflow menu.

        Without `on` the open modal comes first, then the newest visible message that has it, then Home.
        """
        surface = on or self._surface_with(label)
        control, value = self._pressable(surface, label)
        await self._use(surface, control, value)

    async def chooses(self, label: str, value: Any, *, on: Message | View) -> None:
        """Fill one field, by its label or placeholder. A field that tells at once sends block_actions."""
        control = self._field(on, label)
        await self._use(on, control, forms.entered(control, await self._resolved(on, control, value)))

    async def submits(self, modal: View, fields: Mapping[str, Any] | None = None) -> dict[str, str]:
        """Fill the fields by label and press submit. Returns the error under each label; empty when it went well.

        Values: text, numbers, the words of an option, a list of them, a date, a time or an instant. A field that is
        not named keeps what it holds. An external select is searched for the words given.
        """
        for label, value in (fields or {}).items():
            control = self._field(modal, label)
            entered = forms.entered(control, await self._resolved(modal, control, value))
            modal.typed.setdefault(control.block_id, {})[control.action_id] = entered
        errors = await client.submit(self.workspace, self.record, modal)
        labels = {control.block_id: control.label for control in forms.controls(modal.blocks)}
        return {labels[block_id]: text for block_id, text in errors.items()}

    async def closes(self, *, everything: bool = False) -> None:
        """Close the modal on top, or all of them."""
        await client.close(self.workspace, self.record, everything=everything)

    async def searches(self, label: str, typed: str, *, on: Message | View) -> list[str]:
        """Type into an external select and read what it offers."""
        control = self._field(on, label)
        options = await client.load_options(self.workspace, self.record, on, control, typed)
        return [text_of(option["text"]) for option in options]

    async def slash(self, command: str, text: str = "", *, channel: str = "#leads") -> None:
        """Type a slash command; what the app answers shows as a message."""
        await client.run_command(self.workspace, self.record, self._channel(channel), command, text)

    async def shortcut(self, name: str) -> None:
        """Run a global shortcut, by the name in the manifest or by its callback id."""
        await client.run_global_shortcut(self.workspace, self.record, self._shortcut_id(name))

    async def message_shortcut(self, name: str, *, on: Message) -> None:
        """Run a message shortcut, by the name in the manifest or by its callback id."""
        await client.run_message_shortcut(self.workspace, self.record, on, self._shortcut_id(name))

    def posts(self, channel: str, text: str, *, thread: Message | None = None, broadcast: bool = False) -> Message:
        """Write a message, or a reply in the thread of a message."""
        thread_ts = (thread.thread_ts or thread.ts) if thread else None
        return client.say(
            self.workspace, self.record, self._channel(channel), text, thread_ts=thread_ts, broadcast=broadcast
        )

    def edits(self, message: Message, text: str) -> None:
        messages.edit(self.workspace, self.record, message, text=text, blocks=None)

    def deletes(self, message: Message) -> None:
        messages.delete(self.workspace, message)

    def opens_home(self, *, tab: str = "home") -> None:
        """Open the app's Home; the app hears `app_home_opened`."""
        client.open_home(self.workspace, self.record, tab=tab)

    # --- finding by words -------------------------------------------------------------------------------------------

    async def _use(self, surface: Message | View, control: Control, value: Json) -> None:
        if isinstance(surface, View):
            await client.use_in_view(self.workspace, self.record, surface, control, value)
        else:
            await client.use_in_message(self.workspace, self.record, surface, control, value)

    def _surface_with(self, label: str) -> Message | View:
        for place in self._places():
            if label in pressable_labels(place.blocks):
                return place
        raise DriverError(f"{self.record.name} sees no button {label!r} anywhere")

    def _places(self) -> list[Message | View]:
        """Where a button may be, the likeliest first: an open modal hides everything else."""
        if self.open_modal is not None:
            return [self.open_modal]
        channels = self.workspace.channels.values()
        messages_seen = [one for channel in channels for one in self.workspace.visible_messages(channel, self.id)]
        newest_first = sorted(messages_seen, key=lambda message: float(message.ts), reverse=True)
        return [*newest_first, *([self.home] if self.home else [])]

    def _pressable(self, surface: Message | View, label: str) -> tuple[Control, Json]:
        for control in forms.controls(surface.blocks):
            if control.type == "overflow":
                for option in control.options:
                    if text_of(option["text"]) == label:
                        return control, {"type": "overflow", "selected_option": option}
            elif control.type in forms.PRESSED_ONLY and control.label == label:
                return control, {"type": control.type}
        raise DriverError(f"no button {label!r}; there is {known(pressable_labels(surface.blocks))}")

    def _field(self, surface: Message | View, label: str) -> Control:
        fields = [one for one in forms.controls(surface.blocks) if one.type not in forms.PRESSED_ONLY]
        for control in fields:
            if control.label == label:
                return control
        raise DriverError(f"no field {label!r}; there is {known([control.label for control in fields])}")

    async def _resolved(self, surface: Message | View, control: Control, value: Any) -> Any:
        """For an external select the words are searched for first; other values stay as they are."""
        if control.type not in forms.EXTERNAL or value is None or isinstance(value, dict):
            return value
        if isinstance(value, list):
            return [await self._resolved(surface, control, one) for one in value]
        options = await client.load_options(self.workspace, self.record, surface, control, value)
        for option in options:
            if value in text_of(option["text"]):
                return option
        offered = known([text_of(option["text"]) for option in options])
        raise DriverError(f"{control.label!r} finds no {value!r}; it offers {offered}")

    def _shortcut_id(self, name: str) -> str:
        for shortcut in self.workspace.installation.shortcuts or ():
            if shortcut.name == name:
                return shortcut.callback_id
        return name

    def _channel(self, name: str) -> Channel:
        return self.workspace.channel(name)


async def until(workspace: Workspace, look: Callable[[], Seen | None], *, within: float = PATIENCE) -> Seen:
    """Wait, change by change, until `look` returns something true, and return it. Raises TimeoutError."""
    something_changed = asyncio.Event()
    workspace.on_change.append(something_changed.set)
    try:
        async with asyncio.timeout(within):
            while not (seen := look()):
                something_changed.clear()
                await something_changed.wait()
            return seen
    finally:
        workspace.on_change.remove(something_changed.set)


def pressable_labels(blocks: list[Json]) -> list[str]:
    """The words on every button and menu entry."""
    labels = []
    for control in forms.controls(blocks):
        if control.type == "overflow":
            labels += [text_of(option["text"]) for option in control.options]
        elif control.type in forms.PRESSED_ONLY:
            labels.append(control.label)
    return labels


def all_words(node: Any) -> str:
    """Every text in blocks, joined by new lines, as a person would read them from top to bottom."""
    if isinstance(node, list):
        return "\n".join(filter(None, (all_words(item) for item in node)))
    if not isinstance(node, dict):
        return ""
    own = [node["text"]] if isinstance(node.get("text"), str) else []
    return "\n".join(own + [words for words in (all_words(value) for value in node.values()) if words])
