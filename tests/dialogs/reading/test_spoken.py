"""Japanese typed without kanji or in the speech of a region is read in standard writing, and told in the person's words."""

from datetime import datetime

import pytest

from dialogs.reading import read
from dialogs.reading.spoken import in_standard_words, without_kanji
from dialogs.reading.text import Text
from qualification.bant import Role, Topic

NOW = datetime.fromisoformat("2026-05-14T10:00:00+09:00")


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        pytest.param("とくに こまっとらんよ", "特に困っていないよ", id="blanks, and the ending of a region"),
        pytest.param("きょうみないです", "興味ないです", id="one word"),
        pytest.param("ひ・み・つ", "秘密", id="letter by letter"),
        pytest.param("おはようございます", None, id="a greeting needs no kanji"),
        pytest.param("興味ないです", None, id="it has its kanji"),
    ],
)
def test_a_text_of_kana_gets_the_kanji_of_our_lists(typed: str, written: str | None) -> None:
    found = without_kanji(Text.of(typed))
    assert (found and found.plain) == written


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        pytest.param("おらが決めてら", "俺が決めている", id="Tohoku"),
        pytest.param("窓口をどうにかしたか", "窓口をどうにかしたい", id="Kyushu, a wish"),
        pytest.param("もう決まりましたか", None, id="the same letters ask"),
        pytest.param("何も送ってこんといて", "何も送ってこないで", id="Osaka"),
        pytest.param("わしが決めちょる", "わしが決めている", id="Chugoku"),
        pytest.param("人手が足りません", None, id="standard"),
        pytest.param("お客さんの声", None, id="no negation"),
    ],
)
def test_words_and_endings_of_a_region_become_standard(typed: str, written: str | None) -> None:
    found = in_standard_words(Text.of(typed))
    assert (found and found.plain) == written


def test_who_approves_is_told_as_the_person_wrote_it() -> None:
    heard = read("しゃちょうが きめます", question=Topic.AUTHORITY, now=NOW).authority
    assert heard
    assert heard.value.role is Role.NEEDS_APPROVAL
    assert heard.value.approver == "しゃちょう"
    assert heard.words == "しゃちょうが きめます"
