"""What the widget costs a page, and what may never be in it.

A visitor pays for every byte, so the bounds are promises: loader 2 KiB, panel 15 KiB, and what notes pages, fetched
only after somebody agreed to it, 3 KiB; gzipped.
"""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import httpx2
import pytest

STATIC = Path(__file__).parents[2] / "bot" / "web" / "static"
KIB = 1024
TEXT_BECOMES_MARKUP = re.compile(
    r"\b(innerHTML|outerHTML|insertAdjacentHTML|createContextualFragment|setHTMLUnsafe|document\.write)\b"
    r"|\beval\s*\(|\bnew Function\b|\bsrcdoc\b|javascript:"
)
FILES = sorted(path for path in STATIC.rglob("*") if path.suffix in {".js", ".html", ".css"})


@pytest.mark.parametrize(("name", "bound"), [("widget.js", 2 * KIB), ("panel.js", 15 * KIB), ("track.js", 3 * KIB)])
def test_the_widget_stays_light(name: str, bound: int) -> None:
    assert len(gzip.compress((STATIC / name).read_bytes(), compresslevel=9)) <= bound


def test_the_server_sends_the_scripts_as_light_as_they_are_promised(web: httpx2.Client) -> None:
    for name, bound in (("widget.js", 2 * KIB), ("panel.js", 15 * KIB)):
        with web.stream("GET", f"/static/{name}", headers={"Accept-Encoding": "gzip"}) as answer:
            answer.read()
        assert answer.headers["content-encoding"] == "gzip"
        assert answer.num_bytes_downloaded <= bound
        assert "accept-encoding" in answer.headers["vary"].lower()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_no_static_file_turns_text_into_markup_or_code(path: Path) -> None:
    assert TEXT_BECOMES_MARKUP.findall(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_no_static_file_asks_another_site_for_anything(path: Path) -> None:
    addresses = re.findall(r"https?://[^\s\"'`)<>]+", path.read_text(encoding="utf-8"))
    assert [address for address in addresses if "//www.w3.org/" not in address] == []


@pytest.mark.parametrize("path", sorted(STATIC.glob("*.html")), ids=lambda path: path.name)
def test_pages_work_under_a_policy_without_inline_script_or_style(path: Path) -> None:
    page = path.read_text(encoding="utf-8")
    assert re.findall(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)", page) == []


@pytest.mark.parametrize("name", ["widget.js", "panel.js", "track.js"])
def test_japanese_and_english_say_the_same_things(name: str) -> None:
    words = strings(STATIC / name)
    assert words["ja"].keys() == words["en"].keys()
    for key, english in words["en"].items():
        japanese = words["ja"][key]
        assert english.strip(), key
        assert japanese.strip(), key
        assert placeholders(japanese) == placeholders(english), key
        assert re.search(r"[ぁ-んァ-ン一-龯]", japanese), f"{key} is not Japanese: {japanese}"
        assert not re.search(r"[ぁ-んァ-ン一-龯]", english), f"{key} is not English: {english}"


def strings(path: Path) -> dict[str, dict[str, str]]:
    """The STRINGS table of a script: language -> key -> words."""
    table = path.read_text(encoding="utf-8").partition("STRINGS = {")[2].partition("\n};")[0].partition("\n  };")[0]
    blocks = re.findall(r"\b(ja|en): \{(.*?)\n? *\},?$", table, re.DOTALL | re.MULTILINE)
    return {language: dict(re.findall(r'(\w+): "((?:[^"\\]|\\.)*)"', block)) for language, block in blocks}


def placeholders(words: str) -> list[str]:
    return sorted(re.findall(r"\{\w+\}", words))
