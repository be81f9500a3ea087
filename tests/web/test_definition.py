"""One definition for marketing and sales, as a page in both languages, for our own people only (M26, M148, M155)."""

import re

import httpx2
import pytest
from playwright.sync_api import Browser

QUICK_EN = "+10 Quick answer to our contact: Our contact answered within 8 h of working time"
QUICK_JA = "+10 こちらの連絡に迅速に返答：こちらの連絡への返答（営業時間で8時間以内）"
KEY = {"Authorization": "Bearer key-of-the-tests"}


@pytest.mark.parametrize(
    ("lang", "says"),
    [
        (
            "en",
            [
                "60 points together with Document requested, or 70 points",
                "within 6 months",
                "nobody yet",
                QUICK_EN,
                "Every TQL is offered to sales",
            ],
        ),
        (
            "ja",
            [
                "60点以上かつ資料請求、または70点以上",
                "導入時期が6か月以内",
                "未合意",
                "バージョン standard-1",
                QUICK_JA,
                "TQLになったリードは、すべて営業に提示する",
            ],
        ),
    ],
)
def test_the_page_says_the_rules_in_force(web: httpx2.Client, lang: str, says: list[str]) -> None:
    """M5, M11, M17, M26, M51, M147, M148, M155, M157."""
    page = web.get(f"/definition?lang={lang}", headers=KEY)

    assert page.status_code == 200
    assert f'<html lang="{lang}">' in page.text
    assert [words for words in says if words not in page.text] == []


def test_the_page_is_drawn_with_nothing_that_its_own_policy_forbids(web: httpx2.Client) -> None:
    page = web.get("/definition", headers=KEY)
    sheets = re.findall(r'<link rel="stylesheet" href="([^"]+)">', page.text)

    assert "style-src 'self'" in page.headers["content-security-policy"]
    assert "<style" not in page.text
    assert "style=" not in page.text
    assert [web.get(sheet).headers["content-type"].split(";")[0] for sheet in sheets] == ["text/css", "text/css"]


def test_the_page_asks_a_browser_for_the_key(web: httpx2.Client) -> None:
    refused = web.get("/definition")

    assert (refused.status_code, refused.headers["WWW-Authenticate"].split()[0]) == (401, "Basic")
    assert web.get("/definition", auth=("anyone", "key-of-the-tests")).status_code == 200
    assert web.get("/definition", headers={"Authorization": "Basic !"}).status_code == 401


def test_programs_get_the_same_text(web: httpx2.Client) -> None:
    told = web.get("/api/definition?lang=ja", headers=KEY).json()

    assert (told["version"], told["title"]) == ("standard-1", "リードの判定基準")
    assert len(told["sections"]) == 6


@pytest.mark.parametrize("page", ["/definition", "/chat", "/forms/document"])
def test_whoever_goes_by_the_keyboard_sees_where_they_are_on_every_page(
    browser: Browser, chat_url: str, page: str
) -> None:
    context = browser.new_context(http_credentials={"username": "", "password": "key-of-the-tests"})
    opened = context.new_page()
    opened.goto(f"{chat_url.rstrip('/')}{page}")
    opened.keyboard.press("Tab")
    seen = opened.evaluate("getComputedStyle(document.activeElement).outline")
    context.close()
    assert "3px" in seen
