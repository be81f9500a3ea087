"""Logs: one line of JSON each, ids only, and no secret or word of a person ever.

What was logged for one request, press, clock item or errand has the same `trace`; with traces on it is their id.
"""

import logging
import re
import sys
from collections.abc import MutableMapping
from datetime import UTC, datetime
from typing import Any

import structlog

from bot.trails import number_here

SECRET = re.compile(r"(xox[a-z]-|xapp-)[A-Za-z0-9-]+|(?<=://)[^/\s:@]+:[^/\s@]+(?=@)|(?<=Bearer )\S+")
PERSONAL = re.compile(
    r"[^\s<>\"'(){}\[\],;:=|]+@[\w-]+(?:\.[\w-]+)+"  # a mail address
    r"|(?m:^DETAIL: .*$)|(?<=input_value=).*?(?=, input_type=)"  # a database, a check quotes what it refuses
    r"|(?<=/)(?:nobody-called|correct|sooner)/[\w-]+"  # a link that opens something
)
HIDDEN = "[hidden]"
AS_JSON = structlog.processors.JSONRenderer(ensure_ascii=False)


def set_up_logs(level: int = logging.INFO) -> None:
    structlog.configure(
        processors=[
            whose,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            hide_secrets,
            AS_JSON,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
    )
    lines = logging.StreamHandler(sys.stderr)
    lines.setFormatter(OneLine())
    logging.basicConfig(handlers=[lines], level=logging.WARNING)
    for handler in logging.getLogger().handlers:
        handler.addFilter(HideSecrets())


def whose(_logger: Any, _name: str, entry: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    if number := number_here():
        entry["trace"] = number
    return entry


def hide_secrets(_logger: Any, _name: str, entry: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {key: for_the_log(value) for key, value in entry.items()}


def for_the_log(value: Any) -> Any:
    """The value without secrets and without what may stand in a message about a person; lists and tables too."""
    if isinstance(value, str):
        return PERSONAL.sub(HIDDEN, without_secrets(value))
    if isinstance(value, dict):
        return {key: for_the_log(one) for key, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [for_the_log(one) for one in value]
    return value


def without_secrets(text: str) -> str:
    """The text with tokens, passwords in addresses and bearer values blacked out."""
    return SECRET.sub(HIDDEN, text)


class OneLine(logging.Formatter):
    """What libraries have to say, as our own lines."""

    def format(self, record: logging.LogRecord) -> str:
        entry: dict[str, Any] = {"event": record.getMessage(), "logger": record.name}
        if record.exc_info and not record.exc_text:
            record.exc_text = self.formatException(record.exc_info)
        if record.exc_text:
            entry["exception"] = record.exc_text
        entry |= {
            "level": record.levelname.lower(),
            "timestamp": datetime.fromtimestamp(record.created, UTC).isoformat().replace("+00:00", "Z"),
        }
        return str(AS_JSON(None, record.levelname, dict(whose(None, "", entry))))


class HideSecrets(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = for_the_log(record.getMessage()), ()
        if record.name.startswith(("slack_", "bantline.slack")):
            record.exc_info = None  # Slack away is news in one line, not a traceback
        if record.exc_info and not record.exc_text:
            record.exc_text = for_the_log(logging.Formatter().formatException(record.exc_info))
        return True
