"""Every setting of the program: its environment name, its default, and what it is for.

Settings come from the environment and from a file (bantline.toml, or the one BANTLINE_SETTINGS names);
the environment wins. All that is wrong or missing is named in one error.
"""

import os
import tomllib
from difflib import get_close_matches
from ipaddress import ip_network
from pathlib import Path
from typing import Any, Literal
from urllib.parse import unquote, urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from bot.mistakes import in_words, mistakes_in

SETTINGS_FILE = "bantline.toml"


class BadSettings(ValueError):
    """One or more settings are missing or wrong; the message names every one and what to do."""


class Settings(BaseModel):
    """Field names in capitals are the environment names; the help texts feed `init`, `doctor` and the docs."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    database_url: str = Field(
        default="sqlite:///bantline.db",
        description="Where everything is kept: sqlite:///FILE, or postgresql://USER:PASSWORD@HOST/DATABASE.",
    )
    slack_bot_token: str = Field(default="", description="Bot token of your Slack app (xoxb-...).")
    slack_app_token: str = Field(
        default="",
        description="App-level token (xapp-...): Socket Mode, no public address. Without it: /slack/events.",
    )
    slack_signing_secret: str = Field(default="", description="Signing secret of your Slack app; needed for HTTP.")
    slack_client_id: str = Field(
        default="",
        description="Client id of your Slack app, in place of SLACK_BOT_TOKEN: installed by the link /slack/install.",
    )
    slack_client_secret: str = Field(default="", description="Client secret of your Slack app; with the client id.")
    slack_workspaces: tuple[str, ...] = Field(
        default=(), description="Workspaces that may install it (T...,T...); the channels below are in the first."
    )
    slack_api_url: str = Field(
        default="https://slack.com/api/", description="Base URL of the Slack Web API, for a proxy or a stand-in."
    )
    slack_leads_channel: str = Field(default="", description="Channel id where lead cards appear (C...).")
    slack_managers_channel: str = Field(default="", description="Channel id where escalations appear (C...).")
    slack_managers: tuple[str, ...] = Field(
        default=(), description="Managers: user ids or ids of user groups, separated by commas (U...,S...)."
    )
    slack_reps: tuple[str, ...] = Field(
        default=(), description="Reps, written the same way; empty: every full member of the workspace."
    )
    slack_admins: tuple[str, ...] = Field(
        default=(), description="Admins, written the same way: managers who are called when only they can help."
    )
    smtp_url: str = Field(
        default="",
        description="Mail server: smtp://USER:PASSWORD@HOST:587 (never without STARTTLS) or smtps://...:465.",
    )
    mail_from: str = Field(
        default="", description="Sender address of outreach mails; empty: the user of SMTP_URL, or bantline@ its host."
    )
    mail_managers: tuple[str, ...] = Field(
        default=(), description="Where escalations go by mail when Slack does not take them, separated by commas."
    )
    outbound: Literal["on", "careful", "hold"] = Field(
        default="on",
        description="hold: queue everything, send nothing. careful: look in Slack for each message before posting it, "
        "for the first hours after a backup was restored.",
    )
    heartbeat_url: str = Field(
        default="", description="Fetched every minute while all is well; whoever watches it notices our silence."
    )
    bantline_webhook_url: str = Field(
        default="",
        description="A program of yours that hears what happens to leads (https://HOST/...): docs/webhooks.md.",
    )
    bantline_webhook_secrets: tuple[str, ...] = Field(
        default=(),
        description="What webhooks are signed with (whsec_...); two, with a comma, while one replaces the other.",
    )
    bantline_traces: str = Field(
        default="",
        description="OpenTelemetry collector for traces, OTLP/HTTP (http://127.0.0.1:4318); needs bantline[traces].",
    )
    bantline_api_key: str = Field(default="", description="Key for GET /api/leads; empty switches that API off.")
    bantline_policy: str = Field(default="", description="A policy file in place of the shipped one.")
    bantline_templates: str = Field(default="", description="A folder with your own outreach templates.")
    bantline_company: str = Field(default="", description="Your firm's name, as prospects read it.")
    bantline_url: str = Field(
        default="",
        description="Public address of this server (https://bantline.example.jp), for links to prospects; empty: none.",
    )
    bantline_language: Literal["ja", "en"] = Field(
        default="ja", description="Language of the Slack channels; people see their own elsewhere."
    )
    bantline_allowed_origins: tuple[str, ...] = Field(
        default=(), description="Sites that may embed the widget (https://www.example.jp,...); empty: any site."
    )
    bantline_trusted_proxies: tuple[str, ...] = Field(
        default=("127.0.0.0/8", "::1/128", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"),
        description="From whom X-Forwarded-For and X-Forwarded-Proto are believed: addresses or networks, or none.",
    )
    bantline_requests_a_minute: int = Field(
        default=1_200,
        ge=0,
        description="Requests one address may make in a minute, a quarter at once; 0, here and below: no limit.",
    )
    bantline_chats_a_minute: int = Field(default=60, ge=0, description="Chats one address may begin in a minute.")
    bantline_messages_a_minute: int = Field(default=60, ge=0, description="Messages in one chat in a minute.")
    bantline_lines_per_address: int = Field(
        default=200, ge=0, description="Connections, and open panels, one address may hold at once; 0: no limit."
    )
    bantline_forms_a_minute: int = Field(
        default=120, ge=0, description="Forms one address may send in a minute, at /chat and in links to prospects."
    )
    bantline_wrong_keys_a_minute: int = Field(
        default=20, ge=0, description="Wrong API keys from one address in a minute; then no key is taken from there."
    )

    @field_validator(
        "slack_workspaces",
        "slack_managers",
        "slack_reps",
        "slack_admins",
        "mail_managers",
        "bantline_webhook_secrets",
        "bantline_allowed_origins",
        "bantline_trusted_proxies",
        mode="before",
    )
    @classmethod
    def _separated_by_commas(cls, value: Any) -> Any:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @field_validator("bantline_allowed_origins")
    @classmethod
    def _as_browsers_write_it(cls, origins: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(origin.rstrip("/").lower() for origin in origins)

    @field_validator("bantline_trusted_proxies")
    @classmethod
    def _networks(cls, given: tuple[str, ...]) -> tuple[str, ...]:
        try:
            return () if given == ("none",) else tuple(str(ip_network(one, strict=False)) for one in given)
        except ValueError as error:
            raise ValueError("write addresses or networks as 10.0.0.1,10.1.0.0/16, or none alone") from error

    @field_validator("slack_api_url")
    @classmethod
    def _ends_with_a_slash(cls, url: str) -> str:
        """Slack's client puts the method's name directly behind it."""
        return url if url.endswith("/") else f"{url}/"

    @property
    def sender_address(self) -> str:
        """From whom outreach mails come when nobody said so: the mail account itself is the safest guess."""
        server = urlsplit(self.smtp_url)
        user = unquote(server.username or "")
        return self.mail_from or (user if "@" in user else f"bantline@{server.hostname or 'localhost'}")

    @property
    def uses_slack(self) -> bool:
        return bool(self.slack_bot_token) or self.installs_by_link

    @property
    def installs_by_link(self) -> bool:
        return bool(self.slack_client_id and not self.slack_bot_token)

    @property
    def uses_socket_mode(self) -> bool:
        return bool(self.slack_app_token)

    @property
    def language(self) -> Literal["ja", "en"]:
        return self.bantline_language

    @property
    def url(self) -> str:
        """Our public address, without a slash at its end."""
        return self.bantline_url.rstrip("/")

    @property
    def is_behind_tls(self) -> bool:
        """Whether people reach us by https, whatever a proxy in front of us speaks with us."""
        return self.url.startswith("https://")

    @property
    def company(self) -> str:
        return self.bantline_company


def load_settings(environment: dict[str, str] | None = None) -> Settings:
    """Settings from file and environment; raises BadSettings naming everything that is wrong."""
    environment = dict(os.environ) if environment is None else environment
    given, unknown = _from_file(environment.get("BANTLINE_SETTINGS", ""))
    names = Settings.model_fields
    given |= {name: environment[name.upper()] for name in names if environment.get(name.upper())}
    problems, wrong = _wrong_values(given)
    settings = Settings.model_validate({name: value for name, value in given.items() if name not in wrong})
    if problems := unknown + problems + mistakes_in(settings):
        raise BadSettings("\n".join(problems))
    return settings


def _wrong_values(given: dict[str, Any]) -> tuple[list[str], set[str]]:
    try:
        Settings.model_validate(given)
    except ValidationError as error:
        wrong = error.errors()
        return [in_words(problem) for problem in wrong], {str(problem["loc"][0]) for problem in wrong}
    return [], set()


def _from_file(named: str) -> tuple[dict[str, Any], list[str]]:
    """What the file sets, and its lines that set nothing we know."""
    path = Path(named or SETTINGS_FILE)
    if not path.exists():
        if named:
            raise BadSettings(f"BANTLINE_SETTINGS names {named}, but there is no such file")
        return {}, []
    try:
        stored = tomllib.loads(path.read_text("utf-8-sig"))  # editors on Windows put a mark in front
    except OSError as error:
        raise BadSettings(f"{path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise BadSettings(f"{path}: it is not written in UTF-8; save it as UTF-8") from error
    except (ValueError, RecursionError) as error:
        raise BadSettings(f"{path}: {error}") from error
    known = [name.upper() for name in Settings.model_fields]
    unknown = sorted(set(stored) - set(known))
    problems = [f"{path}: unknown setting {name}{_meant(name, known)}" for name in unknown]
    return {name.lower(): value for name, value in stored.items() if name in known}, problems


def _meant(name: str, known: list[str]) -> str:
    alike = get_close_matches(name.upper(), known, n=1)
    return f"; did you mean {alike[0]}?" if alike else ""
