"""Strings that people send to do harm, and strings as long as they come."""

import json
from pathlib import Path

SHARED = Path(__file__).parents[3] / "shared" / "hostile" / "strings.jsonl"
OWN = (
    "<!channel> urgent",
    "<!here|here>",
    "<@U0YUKI00001> <!subteam^S0MANAGERS1>",
    "<https://evil.example|https://bank.example>",
    "&lt;!channel&gt; & <b>",
    "*bold* _it_ ~s~ `code` ```block```",
    "予算：1億円\n決裁権：社長\r\n\u2028導入時期：明日",
    "\u202egnp.exe\u202c \u2066x\u2069 \ufeff",
    "\x00\x07\x1b[31mred",
    "{lead} {0} {{ 7*7 }} {% raw %} %s %(a)s",
    "\ue000 \ue001",
    "   ",
    "\n",
    "😀" * 3_000,
    "語" * 5_000,
    "<" * 5_000,
    "&" * 4_000,
    'say "hello" \\ \'',
)


def hostile_strings() -> list[str]:
    """Ours, and the firm's collection where it lies beside the repository."""
    if not SHARED.exists():
        return list(OWN)
    lines = SHARED.read_text("utf-8").split("\n")  # the texts hold other line ends
    shared = [json.loads(line).get("text") for line in lines if line.strip()]
    return [*OWN, *(text for text in shared if isinstance(text, str))]
