"""Blocks, forms and views as plain dicts: facts in, dicts out, and the one place where text is cut to fit.

Words of a prospect go into `plain` or `rich`, where Slack reads no markup. `escaped` is for the few places
that know only markup: the fallback text of a message and the date line of a card (S6).
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import accumulate
from typing import Any

Json = dict[str, Any]

ELLIPSIS = "…"
SECTION, HEADER, BUTTON, OPTION, TITLE, LABEL, HINT, CONTEXT = 2_800, 150, 75, 75, 24, 150, 150, 500
FIELD, FALLBACK, ELEMENTS = 3_000, 3_000, 10
BLOCKS_OF_A_MESSAGE, BLOCKS_OF_A_VIEW = 50, 100
BEGINNING, END = 7_500, 4_000  # letters of a long listing that are shown: a message of 13,200 and more is refused
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff]")
LINE_END = re.compile(r"[\r\n\u2028\u2029]+")
PHONE = re.compile(r"\+?[0-9]{3,20}")
ABSENT = "–"


def cut(text: str, most: int) -> str:
    """At most so many characters, the last one an ellipsis when something was left out."""
    return text if len(text) <= most else text[: most - 1] + ELLIPSIS


def clean(text: str) -> str:
    """Without control characters and without marks that turn the direction of writing."""
    return CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def one_line(text: str) -> str:
    """For places of one line: nobody forges a second line of a card."""
    return " ".join(filter(None, (part.strip() for part in LINE_END.split(clean(text)))))


def escaped(text: str) -> str:
    """Text for a place that reads markup: no mention, no link."""
    return clean(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def fallback(text: str) -> str:
    """The `text` of a message: notification and screen reader."""
    return cut(escaped(text), FALLBACK)


# -- text objects and blocks -------------------------------------------------------------------


def plain(text: str, most: int = SECTION) -> Json:
    return {"type": "plain_text", "text": cut(clean(text), most) or ABSENT, "emoji": False}


def marked(text: str) -> Json:
    """Markup, for our own words and for `escaped` ones."""
    return {"type": "mrkdwn", "text": cut(text, SECTION), "verbatim": True}


def header(text: str) -> Json:
    return {"type": "header", "text": plain(one_line(text), HEADER)}


def section(text: str, *, accessory: Json | None = None, block_id: str | None = None) -> Json:
    return _named({"type": "section", "text": plain(text)} | ({"accessory": accessory} if accessory else {}), block_id)


def sections(lines: Iterable[str]) -> list[Json]:
    """These lines in as few sections as hold them whole: Slack shows no more than so many letters in one.

    A line that is longer by itself goes on in the next section.
    """
    texts: list[str] = []
    for line in _whole_or_in_pieces(lines):
        joined = f"{texts[-1]}\n{line}" if texts else ""
        if joined and len(joined) <= SECTION:
            texts[-1] = joined
        else:
            texts.append(line)
    return [section(text) for text in texts]


def _whole_or_in_pieces(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        yield from (line[at : at + SECTION] for at in range(0, max(1, len(line)), SECTION))


def shortened(lines: Sequence[str], left_out: Callable[[int], str]) -> list[str]:
    """These lines if one message holds them; else its beginning and its end, and between them what is missing.

    `left_out` says so of this many lines, and of 0 that the rest of the line above is missing: of one longer than a
    section as much as fits is shown.
    """
    room = BEGINNING + END
    if len("\n".join(lines)) <= room:
        return list(lines)
    last = _as_many_as_fit(lines[::-1], END)[::-1]
    first = _as_many_as_fit(lines, room - _letters(last))
    missing = lines[len(first) : len(lines) - len(last)]
    begun, room_left = [], room - _letters(first) - _letters(last)
    if len(missing[0]) > SECTION and room_left > 1:
        begun, missing = [cut(missing[0], room_left), left_out(0)], missing[1:]
    return [*first, *begun, *([left_out(len(missing))] if missing else []), *last]


def _letters(lines: Sequence[str]) -> int:
    return sum(len(line) + 1 for line in lines)


def _as_many_as_fit(lines: Sequence[str], most: int) -> Sequence[str]:
    ends = accumulate(len(line) + 1 for line in lines)
    return lines[: sum(end <= most for end in ends)]


def marked_section(text: str) -> Json:
    return {"type": "section", "text": marked(text)}


def context(*lines: str) -> Json:
    return {"type": "context", "elements": [plain(line, CONTEXT) for line in lines[:ELEMENTS]]}


def divider() -> Json:
    return {"type": "divider"}


def actions(block_id: str, elements: Sequence[Json]) -> Json:
    return {"type": "actions", "block_id": block_id, "elements": list(elements)}


def rich(*parts: Json) -> Json:
    """One paragraph of mentions, dates, links and literal text."""
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": list(parts)}]}


def literal(text: str, *, bold: bool = False) -> Json:
    made: Json = {"type": "text", "text": cut(clean(text), SECTION) or ABSENT}
    return made | ({"style": {"bold": True}} if bold else {})


def mention(person_id: str) -> Json:
    """A person (U...) or a user group (S...)."""
    if person_id.startswith("S"):
        return {"type": "usergroup", "usergroup_id": person_id}
    return {"type": "user", "user_id": person_id}


def link(url: str, words: str) -> Json:
    return {"type": "link", "url": url, "text": cut(one_line(words), BUTTON) or ABSENT}


def phone_link(phone: str, words: str) -> str:
    """A number that a press dials, as markup; a number only. Slack writes so what people type as a number."""
    shown = escaped(one_line(words)).replace("|", " ")
    return f"<tel:{phone}|{shown}>" if PHONE.fullmatch(phone) else shown


def date_token(at: datetime, words: str) -> str:
    """An instant that each reader sees in their own zone; `words` stand where tokens are not understood."""
    shown = escaped(one_line(words)).replace("|", " ")
    return f"<!date^{int(at.timestamp())}^{{date_short_pretty}} {{time}} ({{ago}})|{shown}>"


# -- buttons, menus and fields -----------------------------------------------------------------


def button(words: str, action_id: str, value: str, *, primary: bool = False) -> Json:
    made = {"type": "button", "action_id": action_id, "text": plain(words, BUTTON), "value": value}
    return made | ({"style": "primary"} if primary else {})


def option(words: str, value: str) -> Json:
    return {"text": plain(one_line(words), OPTION), "value": value}


def menu(action_id: str, options: Sequence[Json]) -> Json:
    return {"type": "overflow", "action_id": action_id, "options": list(options)}


def text_field(
    name: str,
    label: str,
    *,
    initial: str = "",
    hint: str = "",
    required: bool = False,
    lines: bool = False,
    most: int = FIELD,
    placeholder: str = "",
) -> Json:
    element: Json = {"type": "plain_text_input", "action_id": name, "multiline": lines, "max_length": most}
    if initial:
        element["initial_value"] = cut(clean(initial) if lines else one_line(initial), most)
    if placeholder:
        element["placeholder"] = plain(placeholder, 150)
    return _input(name, label, element, hint=hint, required=required)


def radio_field(
    name: str, label: str, options: Sequence[Json], *, initial: str | None = None, required: bool = True
) -> Json:
    element: Json = {"type": "radio_buttons", "action_id": name, "options": list(options)}
    return _input(name, label, _with_initial(element, options, initial), required=required)


def select_field(
    name: str, label: str, options: Sequence[Json], *, initial: str | None = None, required: bool = True
) -> Json:
    element: Json = {"type": "static_select", "action_id": name, "options": list(options)}
    return _input(name, label, _with_initial(element, options, initial), required=required)


def search_field(name: str, label: str, placeholder: str) -> Json:
    element = {
        "type": "external_select",
        "action_id": name,
        "min_query_length": 0,
        "placeholder": plain(placeholder, 150),
    }
    return _input(name, label, element, required=True)


def person_field(name: str, label: str) -> Json:
    return _input(name, label, {"type": "users_select", "action_id": name}, required=True)


def checkbox_field(name: str, label: str, options: Sequence[Json]) -> Json:
    return _input(name, label, {"type": "checkboxes", "action_id": name, "options": list(options)}, required=False)


def instant_field(
    name: str, label: str, *, hint: str = "", initial: datetime | None = None, required: bool = False
) -> Json:
    """A date and a time, which Slack shows in the zone of whoever looks."""
    element: Json = {"type": "datetimepicker", "action_id": name}
    if initial is not None:
        element["initial_date_time"] = int(initial.timestamp())
    return _input(name, label, element, hint=hint, required=required)


def _input(name: str, label: str, element: Json, *, hint: str = "", required: bool) -> Json:
    made: Json = {
        "type": "input",
        "block_id": name,
        "label": plain(one_line(label), LABEL),
        "element": element,
        "optional": not required,
    }
    return made | ({"hint": plain(one_line(hint), HINT)} if hint else {})


def _with_initial(element: Json, options: Sequence[Json], value: str | None) -> Json:
    chosen = next((one for one in options if one["value"] == value), None)
    return element | ({"initial_option": chosen} if chosen else {})


def _named(block: Json, block_id: str | None) -> Json:
    return block | ({"block_id": block_id} if block_id else {})


# -- messages and views ------------------------------------------------------------------------


def message(text: str, blocks: Iterable[Json]) -> Json:
    """A message always has both: blocks for the eye, text for notification and screen reader."""
    return {"text": fallback(text), "blocks": list(blocks)[:BLOCKS_OF_A_MESSAGE]}


def messages(text: str) -> Iterator[Json]:
    """The text whole, in as many messages as hold it: Slack refuses one that is too long."""
    held: list[Json] = []
    for one in sections(text.split("\n")):
        if held and sum(len(each["text"]["text"]) for each in (*held, one)) > BEGINNING + END:
            yield _said_by(held)
            held = []
        held.append(one)
    yield _said_by(held)


def _said_by(drawn: Sequence[Json]) -> Json:
    return message("\n".join(one["text"]["text"] for one in drawn), drawn)


def modal(
    title: str,
    blocks: Sequence[Json],
    *,
    callback_id: str,
    close: str,
    submit: str | None = None,
    memory: str = "",
    keeps_draft: bool = False,
) -> Json:
    """A form. `memory` comes back with its submission: ids only, at most 3,000 characters.

    One that keeps a draft tells of every change of a field while it happens: when it is closed, Slack says nothing
    about what stood in it.
    """
    made: Json = {
        "type": "modal",
        "callback_id": callback_id,
        "title": plain(title, TITLE),
        "close": plain(close, TITLE),
        "blocks": [telling(block) for block in blocks] if keeps_draft else list(blocks),
        "private_metadata": memory,
    }
    return made | ({"submit": plain(submit, TITLE)} if submit else {})


def telling(block: Json) -> Json:
    """The same field; Slack tells us as soon as something is typed or chosen in it."""
    if block["type"] != "input":
        return block
    element = block["element"]
    if element["type"] == "plain_text_input":
        element = element | {"dispatch_action_config": {"trigger_actions_on": ["on_character_entered"]}}
    return block | {"dispatch_action": True, "element": element}


def home(blocks: Sequence[Json]) -> Json:
    return {"type": "home", "blocks": list(blocks)[:100]}
