"""Lines out of whole talks: who decides, and who only hands it in."""

import pytest

from qualification.bant import Role
from qualification.store import Store
from tests.dialogs.chatting import FOUR_ANSWERS, talk


@pytest.mark.parametrize(
    ("language", "said", "role"),
    [
        ("ja", "申請は課長の私", Role.INFLUENCER),
        ("en", "I run everything by the CEO", Role.NEEDS_APPROVAL),
        ("en", "I run everything here by myself", Role.DECISION_MAKER),
    ],
)
def test_who_hands_it_in_or_runs_it_by_somebody_does_not_decide(
    store: Store, language: str, said: str, role: Role
) -> None:
    authority = talk(store, language, *FOUR_ANSWERS[language][:2], said).known.authority
    assert authority is not None
    assert authority.role is role


def test_a_polite_no_is_nobody_who_approves(store: Store) -> None:
    prospect = talk(store, "ja", *FOUR_ANSWERS["ja"][:2], "大丈夫です")
    assert (prospect.bot_said[0], prospect.known.authority) == ("no_problem_skipped", None)


@pytest.mark.parametrize(("language", "said"), [("ja", "いえ、失礼します"), ("en", "no, bye")])
def test_who_takes_their_leave_where_we_ask_who_decides_says_nothing_of_that(
    store: Store, language: str, said: str
) -> None:
    prospect = talk(store, language, *FOUR_ANSWERS[language][:2], said)
    assert (prospect.bot_said, prospect.known.authority) == (["you_are_welcome"], None)
