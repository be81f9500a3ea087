"""Where the browser for the browser tests comes from, and how one is started.

`$CHROMIUM_PATH` wins, then `chromium`, `chromium-browser` or `google-chrome` on the PATH. Without any of them the tests
that need a browser are skipped with a line that says how to get one; in CI (`CI=true`) they fail instead.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.patience import IN_A_BROWSER

NAMES_ON_PATH = ("chromium", "chromium-browser", "google-chrome")
# The sandbox needs rights that containers and root accounts do not have; the pages are our own. A page that a test makes
# up belongs to no network, and would not be let at another site's server on this machine. The address bar of a window
# that nobody sees loads two pages of its own, which take more work than ours; nor need a process wait for the next page,
# nor a tab of that window slide in and out, drawn sixty times a second. What a page of ours moves is not touched by that.
WITHOUT = ("LocalNetworkAccessChecks", "WebUIOmniboxPopup", "WebUIOmniboxAimPopup", "SpareRendererForSitePerProcess")
BROWSER_ARGUMENTS = ["--no-sandbox", "--animation-duration-scale=0", f"--disable-features={','.join(WITHOUT)}"]
NO_BROWSER = (
    "no Chromium found: install the package `chromium`, or set CHROMIUM_PATH to a Chromium or Chrome program; "
    f"looked at $CHROMIUM_PATH and for {', '.join(NAMES_ON_PATH)} on the PATH"
)


def chromium_path() -> str:
    """The program to start, or a skip (a failure in CI) that says what is missing."""
    wanted = os.environ.get("CHROMIUM_PATH")
    for candidate in (wanted,) if wanted else NAMES_ON_PATH:
        found = shutil.which(candidate)
        if found:
            return found
    if os.environ.get("CI", "").lower() == "true":
        pytest.fail(NO_BROWSER)
    pytest.skip(NO_BROWSER)


@contextmanager
def chromium() -> Iterator[Browser]:
    """A headless Chromium, closed at the end. It is Playwright's synchronous kind: use it from tests without a loop."""
    path = chromium_path()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=BROWSER_ARGUMENTS)
        expect.set_options(timeout=IN_A_BROWSER)
        try:
            yield browser
        finally:
            browser.close()


class Kept:
    """A browser that is started for the first test that wants one, and stays for those that follow."""

    def __init__(self) -> None:
        self._open = ExitStack()
        self._browser: Browser | None = None

    @property
    def browser(self) -> Browser:
        if self._browser is None:
            self._browser = self._open.enter_context(chromium())
        return self._browser

    def put_away(self) -> None:
        self._open.close()
        self._browser = None
