"""Pages are noted only after a yes, and told after the first word."""

import json

from playwright.sync_api import expect

from tests.web.widget import ANSWERS, OPEN_LIDS, Site, stored

PRICES = '<p data-bantline-page="price"><a href="/guide.pdf">Guide</a> <button data-bantline-track="demo_requested">Demo</button></p>'

# What a browser tells a page that is left: by a link, by another tab, by a phone put away.
LEAVES = """() => {
    Object.defineProperty(document, "visibilityState", {get: () => "hidden", configurable: true});
    document.dispatchEvent(new Event("visibilitychange"));
    delete document.visibilityState;
}"""


def test_pages_are_noted_only_after_a_yes_and_told_after_the_first_word(site: Site) -> None:
    """M63-M70, M73, M107."""
    visitor = site.visitor("en", more=PRICES, script="addEventListener('click', (event) => event.preventDefault())")
    page, asked = visitor.page, list[str]()
    page.on("request", lambda request: asked.append(request.url.rsplit("/", 1)[-1]))
    expect(visitor.launcher).to_be_visible()
    page.evaluate("bantline.track('quote_requested')")
    page.get_by_role("button", name="Demo").click()
    assert ("track.js" in asked, stored(page)) == (False, []), "nothing before a yes"

    page.goto(f"{visitor.address}?utm_source=newsletter&name=secret")
    expect(visitor.launcher).to_be_visible()
    page.evaluate("bantline.consent(true, 'site banner 3')")
    page.wait_for_function("localStorage.getItem(Object.keys(localStorage)[0])?.includes('price_page_viewed')")
    page.get_by_role("button", name="Demo").click()
    page.get_by_text("Guide").click()
    page.evaluate("bantline.track('quote_requested', {product: 'saw'})")
    expect(visitor.launcher).to_have_text(OPEN_LIDS["en"])
    visitor.opens()
    assert "activities" not in asked, "until the first word it stays in the browser"
    with page.expect_response("**/api/chat/activities"):
        visitor.says(ANSWERS["en"]["need"])

    token = page.evaluate("JSON.parse(localStorage[Object.keys(localStorage).find((key) => !/pages/.test(key))]).token")
    own = {"Authorization": f"Bearer {token}"}
    noted = page.context.request.get(f"{site.chat_url}/api/chat/export", headers=own).json()["noted"]
    assert {one["kind"] for one in noted} == {
        "site_visited", "price_page_viewed", "demo_requested", "document_requested", "quote_requested"
    }  # fmt: skip
    (price,) = [one["data"] for one in noted if one["kind"] == "price_page_viewed"]
    assert (price["page"], price["told"]) == (visitor.address, {"utm_source": "newsletter"})

    with page.expect_request(lambda request: request.resource_type == "ping") as beacon:
        page.evaluate(LEAVES)
    left = json.loads(beacon.value.post_data or "")
    assert [one["kind"] for one in left["seen"] if "seconds" in one] == ["price_page_viewed"], "how long, as they leave"
    page.reload()
    visitor.panel.get_by_role("button", name="Menu").click()
    with page.expect_request("**/api/chat/activities"):
        visitor.panel.get_by_role("button", name="Stop noting my pages").click()
    expect(visitor.panel.get_by_text("We no longer note your pages")).to_be_visible()
    assert not [name for name in stored(page) if "pages" in name]
    assert visitor.violations == []
