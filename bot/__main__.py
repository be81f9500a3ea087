"""`bantline`, from its first word on.

    bantline serve --host 0.0.0.0 --port 80     asked for plainly, what stays begins at once
    bantline worker
    bantline ...                                everything else is read by bot/cli

The library that reads a command line would stay as long as the program does, and takes 3 MB.
"""

import codecs
import json
import sys
from collections.abc import Callable, Sequence
from io import TextIOWrapper

from bot.commands.advice import with_advice
from bot.commands.ports import HOST, LAST_PORT, PORT


def main() -> None:
    _say_letters_nobody_here_can_write()
    begin = that_stays(sys.argv[1:]) or _read_by_cli
    try:
        begin()
    except (KeyboardInterrupt, BrokenPipeError):  # told to stop before it stood, or nobody reads what it says
        sys.exit(1)


def _say_letters_nobody_here_can_write() -> None:
    """A terminal or a pipe that knows no Japanese is told \\u4f50 for 佐, and the command goes on."""
    codecs.register_error("spelled_as_in_json", _spelled_as_in_json)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="spelled_as_in_json")


def _spelled_as_in_json(error: UnicodeError) -> tuple[str, int]:
    """JSON stays JSON: what Python would write instead, \\xe9 or \\U0001f600, no reader of JSON takes."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return json.dumps(error.object[error.start : error.end])[1:-1], error.end


def that_stays(words: Sequence[str]) -> Callable[[], None] | None:
    """What serves or works until it is told to stop; None: for bot/cli to read."""
    match words:
        case ["worker"]:
            return _work
        case ["serve", *options] if address := _address(options):
            return lambda: _serve(*address)
        case _:
            return None


def _address(options: Sequence[str]) -> tuple[str, int] | None:
    """Where to listen, when there are none but the two options, each with a value that may be."""
    given = dict(zip(options[::2], options[1::2], strict=False))
    host, port = given.pop("--host", HOST), given.pop("--port", str(PORT))
    is_plain = not given and len(options) in (0, 2, 4) and port.isdecimal() and not host.startswith("-")
    return (host, int(port)) if is_plain and int(port) <= LAST_PORT else None


def _serve(host: str, port: int) -> None:
    from bot.commands.serve import serve_everything

    with_advice(lambda: serve_everything(host, port))


def _work() -> None:
    from bot.commands.serve import work_only

    with_advice(work_only)


def _read_by_cli() -> None:
    from bot.cli import read_command_line

    read_command_line()


if __name__ == "__main__":
    main()
