"""Logs: one line of JSON each, ids only, and no secret or word of a person ever.

What was logged for one request, press, clock item or errand has the same `trace`; with traces on it is their id.
"""

import json
import logging
import re
import sys
from datetime import UTC, datetime
from typing import Any

from bot.trails import number_here

SECRET = re.compile(
    r"(xox[a-z]-|xapp-)[A-Za-z0-9-]+|whsec_[A-Za-z0-9+/=]+|(?<=://)[^/\s:@]+:[^/\s@]+(?=@)|(?<=Bearer )\S+"
)
LETTER = r"[^\s<>\"'(){}\[\],;:=|]"
PERSONAL = re.compile(
    rf"(?<!{LETTER}){LETTER}+@[\w-]+(?:\.[\w-]+)+"  # a mail address, tried where one begins and nowhere within
    r"|(?m:^DETAIL: .*$)|(?<=input_value=).*?(?=, input_type=)"  # a database, a check quotes what it refuses
    r"|(?<=/)(?:nobody-called|correct|sooner)/[\w-]+"  # a link that opens something
)
HIDDEN = "[hidden]"
OURS = logging.getLogger("bantline.ours")
SAID_NOWHERE: list[str] = []  # the longest first: what is left of one that holds another would still tell


class Log:
    """What our own program has to say: what happened, in one word, and its facts."""

    def info(self, event: str, **facts: Any) -> None:
        self._say(logging.INFO, event, facts)

    def warning(self, event: str, **facts: Any) -> None:
        self._say(logging.WARNING, event, facts)

    def error(self, event: str, *, exc_info: BaseException | None = None, **facts: Any) -> None:
        """`exc_info`: its trace is written too."""
        self._say(logging.ERROR, event, facts, exc_info)

    def exception(self, event: str, **facts: Any) -> None:
        """An error, with the trace of what is being handled."""
        self._say(logging.ERROR, event, facts, sys.exception())

    def _say(self, level: int, event: str, facts: dict[str, Any], problem: BaseException | None = None) -> None:
        OURS.log(level, event, exc_info=problem, extra={"facts": facts})


log = Log()


def set_up_logs(level: int = logging.INFO) -> None:
    """Lines of libraries from WARNING on, ours from `level` on."""
    lines = logging.StreamHandler(sys.stderr)
    lines.setFormatter(OneLine())
    logging.basicConfig(handlers=[lines], level=logging.WARNING)
    OURS.setLevel(level)
    for handler in logging.getLogger().handlers:
        handler.addFilter(HIDES)


def for_the_log(value: Any) -> Any:
    """The value without secrets and without what may stand in a message about a person; lists and tables too."""
    if isinstance(value, str):
        return PERSONAL.sub(HIDDEN, without_secrets(value))
    if isinstance(value, dict):
        return {key: for_the_log(one) for key, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [for_the_log(one) for one in value]
    return value


def hide(secret: str) -> None:
    """From now on this text stands in no line: an address whose path opens something."""
    if secret not in SAID_NOWHERE:
        SAID_NOWHERE.append(secret)
        SAID_NOWHERE.sort(key=len, reverse=True)


def without_secrets(text: str) -> str:
    """The text with tokens, passwords in addresses, bearer values and what was to be hidden blacked out."""
    for secret in SAID_NOWHERE:
        text = text.replace(secret, HIDDEN)
    return SECRET.sub(HIDDEN, text)


class OneLine(logging.Formatter):
    """A line of JSON: ours with their facts, those of libraries with the name of who says it."""

    def format(self, record: logging.LogRecord) -> str:
        entry: dict[str, Any] = {"event": record.getMessage()} | getattr(record, "facts", {"logger": record.name})
        if record.exc_info and not record.exc_text:
            record.exc_text = self.formatException(record.exc_info)
        if record.exc_text:
            entry["exception"] = record.exc_text
        if number := number_here():
            entry["trace"] = number
        entry["level"] = record.levelname.lower()
        entry["timestamp"] = datetime.fromtimestamp(record.created, UTC).isoformat().replace("+00:00", "Z")
        return json.dumps(entry, ensure_ascii=False, default=repr)


class HideSecrets(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = for_the_log(record.getMessage()), ()
        if hasattr(record, "facts"):
            record.facts = for_the_log(record.facts)
        if record.name.startswith(("slack_", "bantline.slack")):
            record.exc_info = None  # Slack away is news in one line, not a traceback
        if record.exc_info and not record.exc_text:
            record.exc_text = for_the_log(logging.Formatter().formatException(record.exc_info))
        return True


HIDES = HideSecrets()  # one for all: a second look at the same line would find nothing
