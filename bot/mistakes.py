"""What is wrong with the settings: each mistake in a sentence that says how to write it instead."""

import re
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urlsplit

from pydantic_core import ErrorDetails

from bot.webhook.signature import is_secret

if TYPE_CHECKING:
    from bot.settings import Settings

AS_A_DATABASE = "write it as sqlite:///FILE or postgresql://USER:PASSWORD@HOST/DATABASE"
SERVERS = ("postgresql", "postgresql+psycopg", "postgres")
MAIL_ADDRESS = re.compile(r"[^\s@<>,;:\"]+@[^\s@<>,;:\"]+")
KEY = re.compile(r"[!-~]+")  # a header carries nothing else unharmed
LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
LONGEST_HOST = 253
THIS_MACHINE = ("localhost", "127.0.0.1", "::1")
MOST_SECRETS = 2
A_NEW_SECRET = 'a new one is made by: echo "whsec_$(openssl rand -base64 32)"'
IN_PASSWORDS = "%23 for #, %40 for @, %2F for /, %3A for :"


def mistakes_in(settings: "Settings") -> list[str]:
    """Settings that are not written as they have to be, or need each other, each with what to do."""
    of_slack = _missing_for_slack(settings) if settings.uses_slack else _slack_half_on(settings)
    return [*_badly_written(settings), *_missing_for_webhooks(settings), *of_slack]


def in_words(refused: ErrorDetails) -> str:
    """A value that is not even of its kind."""
    return f"{str(refused['loc'][0]).upper()}: {_how_to_write(refused)}"


def _how_to_write(refused: ErrorDetails) -> str:
    facts = refused.get("ctx", {})
    match refused["type"]:
        case "literal_error":
            return f"write {facts['expected']}".replace("'", "")
        case "greater_than_equal":
            return f"write a whole number, {facts['ge']} or more"
        case "int_parsing" | "int_type" | "int_from_float":
            return "write a whole number"
        case "tuple_type":
            return 'write a list, ["one", "another"], or one text with commas'
        case "string_type":
            return "write it in quotes"
        case "value_error":
            return str(facts["error"])
        case _:
            return refused["msg"]


def _badly_written(settings: "Settings") -> Iterator[str]:
    told: set[str] = set()
    for name, is_well, advice in _SPELLINGS:
        given = getattr(settings, name)
        if name not in told and not all(
            is_well(one) for one in (given if isinstance(given, tuple) else [given]) if one
        ):
            told.add(name)  # the nearest advice is enough
            yield f"{name.upper()}: {advice}"
    folder, traces = settings.bantline_templates, settings.bantline_traces
    if folder and not Path(folder).is_dir():
        yield f"BANTLINE_TEMPLATES: there is no folder {folder}"
    if traces and not _is_there("opentelemetry.exporter.otlp.proto.http"):
        yield "BANTLINE_TRACES: traces need more packages: .venv/bin/pip install -c requirements.lock -e '.[traces]'"


def _parts(url: str) -> SplitResult | None:
    """None: nobody can read it as an address."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return None
    return None if re.search(r"\s", url) else parts


def _names_a_host(parts: SplitResult | None) -> bool:
    """Whether its host can be one at all: a name of the DNS, with signs of any language, or an address of numbers."""
    host = parts.hostname if parts is not None else None
    if not host:
        return False
    try:
        ip_address(host)
    except ValueError:
        return _is_name(host.removesuffix("."))
    return True


def _is_name(host: str) -> bool:
    try:
        labels = host.encode("idna").decode().lower().split(".")
    except UnicodeError:
        return False  # a label is empty, or too long
    is_number = labels[-1].isdigit()  # 300.1.1.1 is neither
    return len(host) <= LONGEST_HOST and not is_number and all(map(LABEL.fullmatch, labels))


def is_a_database(url: str) -> bool:
    """Whether everything can be kept there: a file or a server, and not the memory of one process."""
    if url.startswith("sqlite:"):  # a path may hold blanks
        file = urlsplit(url)
        return not file.netloc and file.path not in ("", "/", "/:memory:")
    parts = _parts(url)
    return parts is not None and parts.scheme in SERVERS


def _is_unbroken(url: str) -> bool:
    """A password with one of these signs in it ends the address too early."""
    parts, (account, at, _) = _parts(url), url.partition("://")[2].rpartition("@")
    if parts is None:
        return not (at and set("#/?") & set(account))
    return parts.scheme == "sqlite" or not (parts.fragment or "@" in parts.path)


def _is_mail_server(url: str) -> bool:
    parts = _parts(url)
    return parts is not None and parts.scheme in ("smtp", "smtps") and _names_a_host(parts)


def _has_both_or_none(url: str) -> bool:
    parts = _parts(url)
    return parts is None or bool(parts.username) == bool(parts.password)


def _is_web_address(url: str) -> bool:
    parts = _parts(url)
    return parts is not None and parts.scheme in ("http", "https") and _names_a_host(parts)


def _is_receiver(url: str) -> bool:
    """What we tell of people goes over TLS, unless it stays on this machine; who we are is said by the signature."""
    parts = _parts(url)
    if parts is None or not _names_a_host(parts) or "@" in parts.netloc or "#" in url:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in THIS_MACHINE)


def _is_public_address(url: str) -> bool:
    return _is_web_address(url) and "?" not in url and "#" not in url


def _is_origin(site: str) -> bool:
    return _is_public_address(site) and not urlsplit(site).path


def _is_mail_address(address: str) -> bool:
    return bool(MAIL_ADDRESS.fullmatch(address))


def _is_key(key: str) -> bool:
    return bool(KEY.fullmatch(key))


_SPELLINGS: tuple[tuple[str, Callable[[str], bool], str], ...] = (
    ("database_url", _is_unbroken, f"in the password, write {IN_PASSWORDS}"),
    ("database_url", is_a_database, AS_A_DATABASE),
    ("smtp_url", _is_unbroken, f"in the password, write {IN_PASSWORDS}"),
    ("smtp_url", _is_mail_server, "write it as smtp://USER:PASSWORD@HOST:587 or smtps://USER:PASSWORD@HOST:465"),
    ("smtp_url", _has_both_or_none, "a user needs a password, and a password a user"),
    ("mail_from", _is_mail_address, "write one address as sales@example.jp, without a name around it"),
    ("mail_managers", _is_mail_address, "write addresses as boss@example.jp,chief@example.jp"),
    ("slack_api_url", _is_web_address, "write it as https://HOST/api/"),
    ("heartbeat_url", _is_web_address, "write it as https://HOST/..."),
    ("bantline_webhook_url", _is_receiver, "write it as https://HOST/..., without a password; http://localhost to try"),
    ("bantline_webhook_secrets", is_secret, f"write each as whsec_ and 24 to 64 bytes in base64; {A_NEW_SECRET}"),
    ("bantline_url", _is_public_address, "write it as https://HOST"),
    ("bantline_traces", _is_web_address, "write it as http://HOST:4318"),
    ("bantline_allowed_origins", _is_origin, "write each site as https://HOST, without a path; empty: any site"),
    ("bantline_api_key", _is_key, "write it without blanks, in letters A to Z, digits and signs"),
)


def _is_there(package: str) -> bool:
    try:
        return find_spec(package) is not None
    except ModuleNotFoundError:
        return False


def _missing_for_webhooks(settings: "Settings") -> list[str]:
    secrets = len(settings.bantline_webhook_secrets)
    wrong = {
        f"BANTLINE_WEBHOOK_SECRETS: goes with BANTLINE_WEBHOOK_URL; {A_NEW_SECRET}": (
            settings.bantline_webhook_url and not secrets
        ),
        "BANTLINE_WEBHOOK_SECRETS: two at most, the new one and the one it replaces": secrets > MOST_SECRETS,
    }
    return [problem for problem, is_so in wrong.items() if is_so]


def _slack_half_on(settings: "Settings") -> list[str]:
    said = "SLACK_BOT_TOKEN: an app token alone is not enough; add the bot token (xoxb-...)"
    return [said] if settings.slack_app_token else []


def _missing_for_slack(settings: "Settings") -> list[str]:
    signs = settings.uses_socket_mode or settings.slack_signing_secret
    wrong = {
        "SLACK_LEADS_CHANNEL: name the channel where lead cards appear (C...)": not settings.slack_leads_channel,
        "SLACK_MANAGERS_CHANNEL: name the channel where escalations appear (C...)": not settings.slack_managers_channel,
        "SLACK_CLIENT_ID: not beside SLACK_BOT_TOKEN; take one of the two away": (
            settings.slack_bot_token and settings.slack_client_id
        ),
        "SLACK_SIGNING_SECRET: needed without SLACK_APP_TOKEN (Slack then speaks to /slack/events)": not signs,
    }
    problems = [problem for problem, is_so in wrong.items() if is_so]
    return problems + (_missing_for_the_link(settings) if settings.installs_by_link else [])


def _missing_for_the_link(settings: "Settings") -> list[str]:
    needed = {
        "SLACK_CLIENT_SECRET": (settings.slack_client_secret, "goes with SLACK_CLIENT_ID"),
        "SLACK_WORKSPACES": (settings.slack_workspaces, "name the workspaces that may install the app (T...)"),
    }
    return [f"{name}: {advice}" for name, (given, advice) in needed.items() if not given]
