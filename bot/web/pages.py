"""What our pages without script have in common: how they are drawn, the fields a browser sends, from where, the
language.
"""

import re
from importlib.resources import files
from urllib.parse import parse_qs, urlsplit

from fastapi import Request
from jinja2 import Environment, Template

from bot.web.chat import language_of
from bot.words import LANGUAGES

MOST_FIELDS = 20
# Only https can be pressed; a full stop or a bracket after it is no part of it. The widget's rule (static/panel.js).
ADDRESS = re.compile(r"(https://[!#-;=?-~]*[\w/=#&-])", re.ASCII)


def page_called(name: str) -> Template:
    """The page templates/pages/NAME.html.j2; whatever it is given is escaped."""
    source = files("templates").joinpath(f"pages/{name}.html.j2").read_text("utf-8")
    environment = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    environment.filters["around_addresses"] = around_addresses
    return environment.from_string(source)


def around_addresses(text: str) -> list[str]:
    """The text cut so that every second part is an address that can be pressed."""
    return ADDRESS.split(text)


def fields_in(body: bytes) -> dict[str, str]:
    """The fields of a form as browsers send it (UTF-8), the first of each name. Raises ValueError for too many."""
    fields = parse_qs(body.decode("utf-8", "replace"), errors="replace", max_num_fields=MOST_FIELDS)
    return {name: values[0] for name, values in fields.items()}


def page_language(request: Request, asked: str) -> str:
    """The language a page was asked for by name, or the one the browser prefers."""
    return asked if asked in LANGUAGES else language_of(request)


def is_sent_from_elsewhere(request: Request, own_url: str | None) -> bool:
    """Whether another site sends this form, to have our visitor speak in a talk of its own."""
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin", "null")
    if site is not None:
        return site not in ("same-origin", "none")
    ours = (request.headers.get("host", ""), urlsplit(own_url or "").netloc)
    return origin != "null" and urlsplit(origin).netloc not in ours
