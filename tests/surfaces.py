"""Every surface of the desk as a picture: `python -m tests.surfaces [NAME...]` draws docs/images/desk-*.png anew.

The real desk acts on the stand-in workspace, and its page is photographed as a rep or a manager sees it, in light and in
dark, on a desktop and on a phone: four views side by side are one picture. It needs a Chromium (`CHROMIUM_PATH`, or one on
the PATH).
"""

import asyncio
import base64
import contextlib
import itertools
import sys
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import urlencode

from playwright.async_api import Browser, Error, Page, ViewportSize, async_playwright

from bot.sandbox.driver import all_words
from qualification.calls import Call, Outcome, log_call
from qualification.records import Lead
from qualification.reports.digest import plan_digest
from tests.browser import BROWSER_ARGUMENTS, chromium_path
from tests.chaos.office import open_office, quiet
from tests.desk import KEN, LEADS, YUKI, Bench
from tests.slack.visit import Visit, taken_over
from tests.small_png import shrunk

IMAGES = Path(__file__).parents[1] / "docs" / "images"
View = tuple[str, ViewportSize, Literal["light", "dark"]]
VIEWS: tuple[View, ...] = (
    ("desktop", {"width": 1180, "height": 860}, "light"),
    ("desktop", {"width": 1180, "height": 860}, "dark"),
    ("phone", {"width": 390, "height": 844}, "light"),
    ("phone", {"width": 390, "height": 844}, "dark"),
)
SHEET = """<style>
body {{ margin: 0; width: max-content; background: #c9cdd3 }}
main {{ display: flex; gap: 16px; padding: 16px; align-items: flex-start }}
div {{ display: flex; flex-direction: {beside}; gap: 16px; align-items: flex-start }}
</style><main><div>{desktop}</div>{phone}</main>"""
numbers = itertools.count(1)
TRIES, TALL = 5, 1_900
THE_DIGEST = '#feed .msg:has-text("のまとめ")'
IN_A_MODAL, IN_THE_FEED, IN_THE_THREAD, ON_HOME = ".modal", "#feed .msg:last-child", "#thread", ".home"


@dataclass(frozen=True, kw_only=True)
class Surface:
    """What is photographed: who looks where, at which part of the page, after what was done."""

    name: str
    who: str
    part: str
    prepare: Callable[[Bench], Awaitable[dict[str, str]]]
    apart: bool = False  # in an office of its own, where no other surface's leads wait


IN_JAPANESE = {"company": "みなと物流", "person": "鈴木 花子", "owner": YUKI}
IN_ENGLISH = {
    "company": "Harbour Tools",
    "person": "Jane Doe",
    "language": "en",
    "need": "our stock counts are always wrong",
    "owner": KEN,
}


async def _lead(bench: Bench, **given: object) -> str:
    number = next(numbers)
    own = {"email": f"person{number}@example.com", "phone": f"+8131234{number:04}"}
    return await bench.has_lead(**{"knows_all": True, "person": "山田 太郎", **own, **given})


async def a_new_card(bench: Bench) -> dict[str, str]:
    await _lead(bench)
    return {"channel": "leads"}


async def a_claimed_card(bench: Bench) -> dict[str, str]:
    lead_id = await _lead(bench, company="北浜商店", knows_all=False)
    await bench.person("yuki").clicks("担当する", on=bench.card(lead_id))
    await bench.settle()
    return {"channel": "leads"}


async def its_thread(bench: Bench) -> dict[str, str]:
    lead_id = await _lead(bench, company="青葉製作所", knows_all=False)
    await bench.person("yuki").clicks("担当する", on=bench.card(lead_id))
    await bench.settle()
    return {"channel": "leads", "thread": bench.card(lead_id).ts}


async def the_call_form(bench: Bench) -> dict[str, str]:
    return await _pressed(bench, "yuki", "架電を記録")


async def the_call_form_in_english(bench: Bench) -> dict[str, str]:
    return await _pressed(bench, "ken", "架電を記録", knows_all=False)


async def the_note_read(bench: Bench) -> dict[str, str]:
    place = await _pressed(bench, "yuki", "架電を記録", knows_all=False)
    yuki = bench.person("yuki")
    form = await yuki.modal()
    await yuki.chooses("架電結果", "つながった", on=form)
    await yuki.chooses("メモ", "来年3月までに入れたい。予算は800万円くらい、部長の承認が必要とのこと。", on=form)
    await yuki.clicks("メモを読み取る", on=form)
    await bench.settle()
    return place


async def the_reassign_form(bench: Bench) -> dict[str, str]:
    return await _pressed(bench, "yuki", "担当を変更")


async def a_card_like_another(bench: Bench) -> dict[str, str]:
    """The same person came again, by another way."""
    again = {"company": "光洋精機", "person": "井上 聡", "email": "inoue@example.com"}
    await _lead(bench, **again)
    await _lead(bench, **again, knows_all=False)
    return {"channel": "leads"}


async def the_compare_form(bench: Bench) -> dict[str, str]:
    yuki = bench.person("yuki")
    again = {"company": "大和印刷", "person": "岡田 美咲", "email": "okada@example.com"}
    await _lead(bench, **again)
    await yuki.clicks("見比べる…", on=bench.card(await _lead(bench, **again, knows_all=False)))
    await yuki.modal("同じ方ですか")
    return {"channel": "leads", "tall": "1"}


async def the_thread_after_a_call(bench: Bench) -> dict[str, str]:
    lead_id = await _lead(bench, company="白川建設", person="中村 一郎", knows_all=True)
    yuki = bench.person("yuki")
    await yuki.clicks("担当する", on=bench.card(lead_id))
    await bench.settle()
    await yuki.clicks("つながった", on=bench.thread(lead_id)[-1])
    await bench.settle()
    return {"channel": "leads", "thread": bench.card(lead_id).ts}


async def a_chat_taken_over(bench: Bench) -> dict[str, str]:
    """The prospect asked for a person, and one answers in the thread."""
    visit = Visit(bench)
    yuki = await taken_over(visit)
    yuki.posts(LEADS, "お問い合わせありがとうございます。バントライン商事の山田です。", thread=visit.card)
    await visit.window_passes()
    await visit.says("ありがとうございます。在庫の棚卸しに毎月2日かかっています")
    return {"channel": "leads", "thread": visit.card.ts}


async def the_digest(bench: Bench) -> dict[str, str]:
    """One called in time, one that waits, one nobody has."""
    for name in ("yuki", "ken"):
        bench.person(name).opens_home()
    await bench.settle()
    met = await _lead(bench, company="東西電機", person="佐々木 誠", owner=YUKI)
    await bench.services.store.run(lambda tx: log_call(tx, tx.get(Lead, met), Call(outcome=Outcome.BUSY), by=YUKI))
    await _lead(bench, company="Harbour Tools", person="Jane Doe", owner=KEN)
    await _lead(bench, company="すみれ食品", person="高橋 恵子")
    await bench.services.store.run(plan_digest)
    bench.clock.now = bench.clock.now.replace(hour=9, minute=0)  # 18:00 in Tokyo
    await bench.settle()
    return {"channel": "sales-managers"}


async def the_mail_preview(bench: Bench) -> dict[str, str]:
    place = await _pressed(bench, "yuki", "メールを送る")
    form = bench.person("yuki").open_modal
    assert form is not None
    await bench.person("yuki").submits(form)
    return place


async def the_snooze_form(bench: Bench) -> dict[str, str]:
    return await _pressed(bench, "yuki", "スヌーズ")


async def the_interview_form(bench: Bench) -> dict[str, str]:
    return await _pressed(bench, "yuki", "聞き取りを進める", knows_all=False)


async def _pressed(bench: Bench, who: str, label: str, *, knows_all: bool = True) -> dict[str, str]:
    """A button or menu entry on a lead of one's own opens its form."""
    person = bench.person(who)
    given = IN_JAPANESE if who == "yuki" else IN_ENGLISH
    lead_id = await _lead(bench, **given, knows_all=knows_all)
    await person.clicks(label, on=bench.card(lead_id))
    await person.modal()
    return {"channel": "leads", "tall": "1"}


async def home_of_a_rep(bench: Bench) -> dict[str, str]:
    """A morning: one lead called in time, others on their way, one nobody has yet."""
    yuki = bench.person("yuki")
    called = await _lead(bench, company="東西電機", person="佐々木 誠")
    await yuki.clicks("担当する", on=bench.card(called))
    await bench.settle()
    await yuki.clicks(
        "つながった", on=next(said for said in bench.thread(called) if "つながった" in all_words(said.blocks))
    )
    bench.clock.advance(minutes=40)
    await _lead(bench, company="すみれ食品", person="高橋 恵子", knows_all=False)
    await _lead(bench, company="Harbour Tools", person="Jane Doe", language="en", owner=KEN)
    return await _home(bench, "yuki")


async def home_of_a_rep_in_english(bench: Bench) -> dict[str, str]:
    return await _home(bench, "ken")


async def home_of_a_manager(bench: Bench) -> dict[str, str]:
    return await _home(bench, "megumi")


async def _home(bench: Bench, who: str) -> dict[str, str]:
    person = bench.person(who)
    person.opens_home()
    await bench.settle()
    await person.waits_for_home()
    return {"home": "1", "tall": "1"}


async def the_alarm(bench: Bench) -> dict[str, str]:
    bench.person("yuki").opens_home()
    await bench.settle()
    await _lead(bench, **IN_JAPANESE)
    bench.clock.advance(hours=4)
    await bench.settle()
    return {"channel": "sales-managers"}


async def the_list(bench: Bench) -> dict[str, str]:
    ken = bench.person("ken")
    await ken.slash("/lead", "find 商")
    return {"channel": "leads"}


async def a_refusal(bench: Bench) -> dict[str, str]:
    await bench.person("guest").slash("/lead", "mine")
    return {"channel": "leads"}


SURFACES = (
    Surface(name="card-new", who="yuki", part=IN_THE_FEED, prepare=a_new_card),
    Surface(name="card-claimed", who="yuki", part=IN_THE_FEED, prepare=a_claimed_card),
    Surface(name="thread", who="yuki", part=IN_THE_THREAD, prepare=its_thread),
    Surface(name="home-rep", who="yuki", part=ON_HOME, prepare=home_of_a_rep),
    Surface(name="home-rep-en", who="ken", part=ON_HOME, prepare=home_of_a_rep_in_english),
    Surface(name="home-manager", who="megumi", part=ON_HOME, prepare=home_of_a_manager),
    Surface(name="call-form", who="yuki", part=IN_A_MODAL, prepare=the_call_form),
    Surface(name="call-form-en", who="ken", part=IN_A_MODAL, prepare=the_call_form_in_english),
    Surface(name="note-read", who="yuki", part=IN_A_MODAL, prepare=the_note_read),
    Surface(name="mail-preview", who="yuki", part=IN_A_MODAL, prepare=the_mail_preview),
    Surface(name="interview-form", who="yuki", part=IN_A_MODAL, prepare=the_interview_form),
    Surface(name="snooze-form", who="yuki", part=IN_A_MODAL, prepare=the_snooze_form),
    Surface(name="reassign-form", who="yuki", part=IN_A_MODAL, prepare=the_reassign_form),
    Surface(name="card-alike", who="yuki", part=IN_THE_FEED, prepare=a_card_like_another),
    Surface(name="compare-form", who="yuki", part=IN_A_MODAL, prepare=the_compare_form),
    Surface(name="thread-call", who="yuki", part=IN_THE_THREAD, prepare=the_thread_after_a_call),
    Surface(name="take-over", who="yuki", part=IN_THE_THREAD, prepare=a_chat_taken_over),
    Surface(name="list-en", who="ken", part=IN_THE_FEED, prepare=the_list),
    Surface(name="refusal-en", who="guest", part=IN_THE_FEED, prepare=a_refusal),
    Surface(name="alarm", who="megumi", part=IN_THE_FEED, prepare=the_alarm, apart=True),
    Surface(name="digest", who="megumi", part=THE_DIGEST, prepare=the_digest, apart=True),
)


async def draw(folder: Path, names: Sequence[str] = ()) -> None:
    """Every surface in all its views, or those named, with the leads that all of them brought.

    Pictures of surfaces that are no more go away.
    """
    quiet()
    for old in set(folder.glob("desk-*.png")) - {folder / f"desk-{surface.name}.png" for surface in SURFACES}:
        old.unlink()
    async with open_office() as shared, async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium_path(), args=BROWSER_ARGUMENTS)
        for surface in SURFACES:
            is_wanted = not names or surface.name in names
            if surface.apart and not is_wanted:
                continue
            async with contextlib.AsyncExitStack() as own:
                bench = await own.enter_async_context(open_office()) if surface.apart else shared
                await _puts_forms_away(bench, surface.who)
                place = await surface.prepare(bench)
                if not is_wanted:  # its leads stand in the lists and Homes of the others
                    continue
                views = [(view[0], await _photograph(browser, bench, surface, place, view)) for view in VIEWS]
                (folder / f"desk-{surface.name}.png").write_bytes(shrunk(await _sheet(browser, views, surface)))
        await browser.close()


async def _puts_forms_away(bench: Bench, who: str) -> None:
    person = bench.person(who)
    while person.open_modal:
        await person.closes(everything=True)


async def _sheet(browser: Browser, views: list[tuple[str, bytes]], surface: Surface) -> bytes:
    """The views beside each other; those of a wide surface on a desktop above one another."""
    beside = "row" if surface.part in (IN_A_MODAL, IN_THE_THREAD) else "column"
    shown = {screen: "" for screen, _ in views}
    for screen, picture in views:
        shown[screen] += f'<img src="data:image/png;base64,{base64.b64encode(picture).decode()}">'
    page = await browser.new_page()
    await page.set_content(SHEET.format(**shown, beside=beside))
    picture = await page.locator("main").screenshot()
    await page.close()
    return picture


async def _photograph(browser: Browser, bench: Bench, surface: Surface, place: dict[str, str], view: View) -> bytes:
    _, size, light = view
    locale = "ja-JP" if bench.workspace.person(surface.who).locale.startswith("ja") else "en-US"
    if place.get("tall"):
        size = {"width": size["width"], "height": TALL}
    page = await browser.new_page(viewport=size, color_scheme=light, locale=locale)
    await page.goto(f"{bench.server.url}?{urlencode({'as': surface.who, **place})}")
    await page.evaluate("document.fonts.ready")
    picture = await _picture_of(page, surface.part)
    await page.close()
    return picture


async def _picture_of(page: Page, part: str) -> bytes:
    """The page draws itself anew whenever something changes: a picture of what was just replaced is taken again."""
    for _ in range(TRIES):
        with contextlib.suppress(Error):
            await page.wait_for_timeout(300)
            await page.locator(part).last.wait_for()
            return await page.locator(part).last.screenshot(animations="disabled", timeout=4_000)
    raise RuntimeError(f"the page shows no {part} that holds still")


if __name__ == "__main__":
    asyncio.run(draw(IMAGES, sys.argv[1:]))
