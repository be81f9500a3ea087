"""What a prospect wrote stays text, wherever Slack shows it: no mention, no link, no forged line, no unfurling (S6)."""

import asyncio
import re
from collections.abc import Iterator
from typing import Any

from bot.sandbox.records import View
from qualification.bant import Topic
from tests.chaos.office import open_office
from tests.chaos.proof import Proof, unless
from tests.desk import KEN, MEGUMI, YUKI, Bench
from tests.slack.hostile import hostile_strings

OURS = frozenset({YUKI, KEN, MEGUMI})
CONTROL = re.compile(r"<([^>|]*)(\|[^>]*)?>")
QUICK = 3


def hostile_text_stays_text(quick: bool) -> Proof:
    return asyncio.run(_hostile(hostile_strings()[:QUICK] if quick else hostile_strings()))


async def _hostile(strings: list[str]) -> Proof:
    """Each string as company, person, need and note of a lead that then shows itself everywhere a lead can."""
    wrong: list[str] = []
    texts = 0
    async with open_office() as bench:
        for number, text in enumerate(strings):
            await _show_everywhere(bench, text, number)
        for place, kind, shown in _everything_shown(bench):
            texts += 1
            wrong += [f"{place}: {kind} {found}" for found in _controls_in(kind, shown)]
        unfurled = _unfurled(bench)
        notices = bench.person("yuki").notices
    return Proof(
        name="S6",
        promise="hostile text stays text in Slack",
        figures=(
            f"{len(strings)} hostile strings in company, name, need, note and search: {texts:,} texts shown in cards, "
            f"threads, forms, Home, lists and alarms: 0 mentions, 0 links, 0 unfurled, 0 refused by Slack"
        ),
        broken=unless(
            no_mention_and_no_link=(not wrong, wrong[:5]),
            nothing_unfurls=(not unfurled, unfurled[:3]),
            no_answer_missing=(not notices, notices[:3]),
            nothing_refused=(not _refused(bench), _refused(bench)[:3]),
        ),
    )


async def _show_everywhere(bench: Bench, text: str, number: int) -> None:
    lead_id = await bench.has_lead(company=text[:500], person=text[:200], need=text[:500] or "x", owner=YUKI)
    yuki = bench.person("yuki")
    yuki.opens_home()
    await yuki.clicks("架電を記録", on=bench.card(lead_id))
    form = await yuki.modal("架電を記録")
    await yuki.submits(form, {"架電結果": "不在", "メモ": text[:2_900]})
    while yuki.open_modal:
        await yuki.closes(everything=True)
    await yuki.slash("/lead", f"find {text[:100]}")
    await yuki.slash("/lead", f"new {text[:60]}, {text[:60]} {text[:200]}")
    await yuki.slash("/lead", text[:200])
    bench.clock.advance(hours=7 if number % 2 else 4)
    await bench.settle()
    dossier = await bench.dossier(lead_id)
    assert dossier.known.about(Topic.NEED) is not None


def _everything_shown(bench: Bench) -> Iterator[tuple[str, str, str]]:
    """Each text object the workspace was handed: where, of which kind, and its text."""
    for channel, messages in bench.workspace.messages.items():
        for message in messages:
            yield channel, "mrkdwn", message.text
            yield from ((channel, kind, shown) for kind, shown in _texts(message.blocks))
    for view in bench.workspace.views.values():
        yield from ((_name(view), kind, shown) for kind, shown in _texts(view.content))


def _name(view: View) -> str:
    return view.callback_id or view.kind


def _texts(node: Any) -> Iterator[tuple[str, str]]:
    if isinstance(node, list):
        for item in node:
            yield from _texts(item)
    elif isinstance(node, dict):
        if node.get("type") in ("mrkdwn", "link", "user", "broadcast", "usergroup"):
            yield node["type"], str(node.get("text") or node.get("user_id") or node.get("url") or "")
        for value in node.values():
            yield from _texts(value)


def _controls_in(kind: str, shown: str) -> list[str]:
    """Mentions and links in it that are not our own; plain text has none by its nature."""
    if kind == "user":
        return [] if shown in OURS else [shown]
    if kind == "link":
        return []  # our own link to the card: its words are literal, its address is Slack's
    if kind in ("broadcast", "usergroup"):
        return [shown]
    return [found[0] for found in CONTROL.finditer(shown) if not _is_ours(found[1])]


def _is_ours(control: str) -> bool:
    return control.startswith("!date^") or control.removeprefix("@") in OURS


def _unfurled(bench: Bench) -> list[str]:
    """Posts that did not switch unfurling off."""
    posts = [call for call in bench.workspace.calls if call.method == "chat.postMessage"]
    return [str(call.args.get("channel")) for call in posts if call.args.get("unfurl_links") is not False]


def _refused(bench: Bench) -> list[str]:
    return [f"{call.method}: {call.error}" for call in bench.workspace.calls if call.error]
