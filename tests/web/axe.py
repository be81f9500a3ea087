"""What axe finds wrong with a page as it stands: every rule in light, and the contrasts once more in dark."""

from typing import Any

from axe_playwright_python.base import AXE_SCRIPT  # type: ignore[import-untyped]  # ships no types
from playwright.async_api import Page as AsyncPage
from playwright.sync_api import Page

IS_THERE = "() => 'axe' in window"
# axe measures contrast only below <body>, and the widget stands beside it (on a phone it makes the page behind it inert).
# Contrasts it cannot measure count as wrong, but for words that something lies over.
JUDGE = """async (rules) => {
    document.body.inert = false;
    const widget = document.querySelector("bantline-chat");
    if (widget && widget.parentNode !== document.body) document.body.append(widget);
    const options = {resultTypes: ["violations", "incomplete"], ...(rules && {runOnly: rules})};
    const {violations, incomplete} = await axe.run(document, options);
    return [...violations, ...incomplete.filter(({id}) => id === "color-contrast")].flatMap(({id, nodes}) => nodes
        .filter(({failureSummary}) => !/overlapped by another element/.test(failureSummary))
        .map(({target, failureSummary}) => `${id}: ${target} ${failureSummary}`));
}"""
CONTRAST = ["color-contrast"]


def violations(page: Page) -> list[str]:
    """The page is looked at in light and in dark, and left in light."""
    if not page.evaluate(IS_THERE):
        page.evaluate(AXE_SCRIPT)
    page.emulate_media(color_scheme="dark")
    in_the_dark: list[str] = page.evaluate(JUDGE, CONTRAST)
    page.emulate_media(color_scheme="light")
    found: list[str] = page.evaluate(JUDGE)
    return found + [f"in the dark, {one}" for one in in_the_dark]


async def violations_beside_a_rep(page: AsyncPage) -> list[str]:
    """The same from a test with a loop of its own."""
    if not await page.evaluate(IS_THERE):
        await page.evaluate(AXE_SCRIPT)
    await page.emulate_media(color_scheme="dark")
    in_the_dark: list[Any] = await page.evaluate(JUDGE, CONTRAST)
    await page.emulate_media(color_scheme="light")
    found: list[str] = await page.evaluate(JUDGE)
    return found + [f"in the dark, {one}" for one in in_the_dark]
