"""What the chat costs a page: bytes gzipped, requests, and how long it blocks a slow phone's main thread.

A page with nothing but our script tag, in Chromium with its CPU slowed down four times. Blocking time is what every
task takes beyond 50 ms, summed: while the page loads, while the panel opens, and over an answer. It is counted in the
time of the thread itself, as the browser traces it, so that other programs on the machine do not count.

`--rivals` fetches the published packages of others with npm and weighs what one of their script tags loads.
"""

import gzip
import json
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

from playwright.sync_api import Browser, Page

from tests.browser import chromium
from tests.process import BantlineProcess

RUNS = 5
SLOWER = 4
STATIC = Path(__file__).parents[1] / "bot/web/static"
OURS = ("widget.js", "panel.js", "track.js")
RIVALS = {  # package: what a page loads of it
    "deep-chat": ("dist/deepChat.bundle.js",),
    "@typebot.io/js": ("dist/web.js",),
    "@botpress/webchat": ("dist/index.js",),
    "@n8n/chat": ("dist/chat.bundle.umd.js", "dist/style.css"),
    "botframework-webchat": ("dist/webchat-minimal.js",),
}
HOST = """<!doctype html><html lang="en"><meta charset="utf-8"><title>A page</title>
<meta name="viewport" content="width=device-width"><h1>A page</h1>
<script src="/static/widget.js" async></script></html>"""
EMPTY = HOST.partition("<script")[0]
PHASES = ("the same page without us loads", "the page loads", "the panel opens", "one answer comes")


def weight(content: bytes) -> float:
    """KiB gzipped."""
    return len(gzip.compress(content, compresslevel=9)) / 1024


def weigh_rivals() -> None:
    with tempfile.TemporaryDirectory() as folder:
        for package, loaded in RIVALS.items():
            packed = subprocess.run(
                ["npm", "pack", "--json", package], cwd=folder, capture_output=True, text=True, check=True, timeout=120
            )
            (about,) = json.loads(packed.stdout)
            with tarfile.open(Path(folder, about["filename"])) as archive:
                found = [archive.extractfile(f"package/{name}") for name in loaded]
                print(f"{package} {about['version']}\t{sum(weight(file.read()) for file in found if file):.1f} KiB")


def run(browser: Browser, url: str) -> tuple[list[float], list[str]]:
    """Blocking time in milliseconds by phase, and what was requested before the first click."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = context.new_page()
    context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.route("**/host.html", lambda route: route.fulfill(content_type="text/html", body=HOST))
    asked: list[str] = []
    page.route("**/empty.html", lambda route: route.fulfill(content_type="text/html", body=EMPTY))
    page.goto(f"{url}/empty.html")  # what the browser itself needs at its start is no page's doing
    alone = blocking(browser, page, partial(page.goto, f"{url}/empty.html"), "h1")
    page.on("request", lambda request: asked.append(request.url.rsplit("/", 1)[-1]))
    first = partial(page.goto, f"{url}/host.html")
    blocked = [alone, blocking(browser, page, first, "bantline-chat >> button")]
    before_the_click = list(asked)
    opened = page.locator("bantline-chat >> button").first.tap
    blocked.append(blocking(browser, page, opened, ".choices button"))
    blocked.append(blocking(browser, page, page.locator(".choices button").first.tap, "li.prospect ~ li.bot"))
    context.close()
    return blocked, before_the_click


def blocking(browser: Browser, page: Page, act: Callable[[], object], seen: str) -> float:
    """Do it, wait until this is to be seen and the page is idle; what its main thread was blocked meanwhile."""
    browser.start_tracing(page=page, categories=["toplevel"])
    act()
    page.locator(seen).first.wait_for()
    page.evaluate("new Promise((done) => requestIdleCallback(() => setTimeout(done, 100)))")
    events = json.loads(browser.stop_tracing())["traceEvents"]
    mains = {(one["pid"], one["tid"]) for one in events if one.get("args", {}).get("name") == "CrRendererMain"}
    tasks = [one for one in events if (one["pid"], one["tid"]) in mains and one["name"].endswith("RunTask")]
    return float(sum(max(0.0, task.get("tdur", 0) / 1000 - 50) for task in tasks))


def main() -> None:
    for name in OURS:
        print(f"{name}\t{weight((STATIC / name).read_bytes()):.1f} KiB")
    if "--rivals" in sys.argv:
        weigh_rivals()
    with tempfile.TemporaryDirectory() as folder, BantlineProcess(Path(folder)) as process, chromium() as browser:
        runs = [run(browser, process.url.rstrip("/")) for _ in range(RUNS)]
    print("requested before the click\t" + ", ".join(runs[0][1]))
    for place, phase in enumerate(PHASES):
        took = sorted(blocked[place] for blocked, _ in runs)
        print(f"blocked while {phase} ({SLOWER}x slower CPU)\tmedian {took[RUNS // 2]:.0f} ms, most {took[-1]:.0f} ms")


if __name__ == "__main__":
    main()
