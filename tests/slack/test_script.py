"""The talk script: lines for what is still unknown, and no others."""

import pytest

from bot.bootstrap import Services
from bot.slack.script import talk_script
from tests.desk import make_dossier
from tests.slack.drawn import plain_texts, voice_of


def test_the_talk_script_shows_only_what_is_still_unknown(services: Services) -> None:
    little = "\n".join(plain_texts(talk_script(make_dossier(services), voice_of(services, "ja"))["blocks"]))
    assert "【ニーズ】" not in little
    assert [f"【{topic}】" in little for topic in ("導入時期", "決裁権", "予算")] == [True, True, True]
    everything = list(
        plain_texts(talk_script(make_dossier(services, knows_all=True), voice_of(services, "ja"))["blocks"])
    )
    assert everything[0] == "BANTの4項目はすべて確認済みです。"
    assert [line.partition("\n")[0] for line in everything[1:]] == ["【はじめに】", "【利用経験】", "【おわりに】"]


@pytest.mark.parametrize(
    ("language", "asked"), [("ja", "似た製品をお使いになった"), ("en", "used a product like this before")]
)
def test_the_talk_script_asks_whether_they_have_used_anything_like_it(
    services: Services, language: str, asked: str
) -> None:
    """M37."""
    for dossier in (
        make_dossier(services, language=language),
        make_dossier(services, language=language, knows_all=True),
    ):
        assert asked in "\n".join(plain_texts(talk_script(dossier, voice_of(services, language))["blocks"]))
