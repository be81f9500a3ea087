"""Logs: one line of JSON each, ids only, and no secret or word of a person ever."""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

SECRET = re.compile(r"(xox[a-z]-|xapp-)[A-Za-z0-9-]+|(?<=://)[^/\s:@]+:[^/\s@]+(?=@)|(?<=Bearer )\S+")
PERSONAL = re.compile(
    r"[^\s<>\"'(){}\[\],;:=|]+@[\w-]+(?:\.[\w-]+)+"  # a mail address
    r"|(?m:^DETAIL: .*$)|(?<=input_value=).*?(?=, input_type=)"  # a database, a check quotes what it refuses
    r"|(?<=/)(?:nobody-called|correct|sooner)/[\w-]+"  # a link that opens something
)
HIDDEN = "[hidden]"


def set_up_logs(level: int = logging.INFO) -> None:
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            hide_secrets,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
    )
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(levelname)s %(name)s %(message)s")
    for handler in logging.getLogger().handlers:
        handler.addFilter(_HideSecrets())


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


class _HideSecrets(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = for_the_log(record.getMessage()), ()
        if record.name.startswith(("slack_", "bantline.slack")):
            record.exc_info = None  # Slack away is news in one line, not a traceback
        if record.exc_info and not record.exc_text:
            record.exc_text = for_the_log(logging.Formatter().formatException(record.exc_info))
        return True
