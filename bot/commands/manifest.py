"""`bantline manifest`: what the Slack app has to be, to paste on its page; or what differs from what it is."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from rich.console import Console

from bot.slack.manifest import as_yaml, manifest

EVENTS_PATH = "/slack/events"


class NotAManifest(ValueError):
    """The address or the file given is not what is needed; the message says what is."""


def request_url(address: str) -> str | None:
    """Where Slack calls us: https://HOST/slack/events. Raises NotAManifest."""
    if not address:
        return None
    parts = urlsplit(address)
    if parts.scheme != "https" or not parts.hostname:
        raise NotAManifest(f"--http {address}: Slack calls https addresses only; write it as https://HOST")
    path = parts.path.rstrip("/")
    return f"https://{parts.netloc}{path.removesuffix(EVENTS_PATH)}{EVENTS_PATH}"


def print_manifest(address: str) -> None:
    print(as_yaml(manifest(request_url(address))), end="")


def compare_manifest(path: str, address: str) -> bool:
    """Print what differs; whether nothing does. Raises NotAManifest."""
    theirs = _read(path)
    differences = list(_differences(manifest(request_url(address)), theirs, ""))
    console = Console(highlight=False, soft_wrap=True)
    for line in differences:
        console.print(line, markup=False)
    console.print("the same as ours" if not differences else "paste `bantline manifest` on your app's page to mend it")
    return not differences


def _read(path: str) -> Mapping[str, Any]:
    try:
        theirs = json.loads(Path(path).read_text("utf-8-sig"))
    except OSError as error:
        wanted = "save your app's manifest there, from its page (App Manifest, JSON)"
        raise NotAManifest(f"cannot read {path}: {wanted}") from error
    except (ValueError, RecursionError) as error:
        raise NotAManifest(f"{path}: no JSON ({error}); your app's page shows its manifest as JSON too") from error
    if not isinstance(theirs, dict):
        raise NotAManifest(f"{path}: no manifest")
    return theirs


def _differences(ours: Any, theirs: Any, place: str) -> Iterator[str]:
    """What we need and do not find; what somebody added to their app is theirs."""
    if isinstance(ours, Mapping):
        for name, value in ours.items():
            found = theirs.get(name) if isinstance(theirs, Mapping) else None
            yield from _differences(value, found, f"{place}.{name}".lstrip("."))
    elif isinstance(ours, list):
        found = theirs if isinstance(theirs, list) else []
        for value in ours:
            if not any(_holds(one, value) for one in found):
                yield f"{place}: missing {_short(value)}"
    elif ours != theirs and not (ours is False and theirs is None):
        yield f"{place}: {_short(theirs)}, should be {_short(ours)}"


def _holds(theirs: Any, ours: Any) -> bool:
    return not list(_differences(ours, theirs, "")) if isinstance(ours, Mapping) else bool(theirs == ours)


def _short(value: Any) -> str:
    named = value.get("callback_id") or value.get("command") if isinstance(value, Mapping) else value
    return "nothing" if named is None else json.dumps(named, ensure_ascii=False)
