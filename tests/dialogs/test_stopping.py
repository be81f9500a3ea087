"""The button that ends a talk for good asks once; what is typed is obeyed at once."""

from collections.abc import Callable

import pytest

from dialogs.stopping import KEEP_ON, STOP_FOR_GOOD, STOP_HERE
from qualification.bant import Role
from qualification.store import Store
from tests.dialogs.chatting import FOUR_ANSWERS, Prospect, at_the_read_back, talk


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("answered", [0, 1, 3])
def test_one_slip_of_the_finger_ends_no_talk(store: Store, language: str, answered: int) -> None:
    prospect = talk(store, language, *FOUR_ANSWERS[language][:answered])
    asked = prospect.chat.question
    prospect.chooses(STOP_HERE)
    assert (prospect.bot_said, prospect.chat.state) == (["stop_for_sure"], "asking")
    prospect.chooses(KEEP_ON)
    assert (prospect.bot_said, prospect.chat.state) == ([asked], "asking")
    assert prospect.chat.lead_id is None or not prospect.lead.do_not_contact


@pytest.mark.parametrize(
    "way", [lambda prospect: prospect.chooses(STOP_FOR_GOOD), lambda prospect: prospect.says("はい")]
)
@pytest.mark.parametrize("answered", [0, 1, 4])
def test_who_confirms_it_is_not_contacted(store: Store, way: Callable[[Prospect], object], answered: int) -> None:
    prospect = talk(store, "ja", *FOUR_ANSWERS["ja"][:answered])
    prospect.chooses(STOP_HERE)
    way(prospect)
    assert (prospect.bot_said, prospect.chat.state) == (["stopped"], "declined")
    assert prospect.lead.do_not_contact


def test_a_yes_to_the_end_is_none_to_the_read_back(store: Store) -> None:
    prospect = at_the_read_back(store, "en")
    prospect.chooses(STOP_HERE)
    prospect.says("no")
    assert (prospect.bot_said, prospect.chat.state) == (["still_to_confirm"], "confirming")
    prospect.chooses(STOP_HERE)
    prospect.says("yes")
    assert (prospect.bot_said, prospect.chat.state) == (["stopped"], "declined")


def test_an_answer_in_place_of_a_yes_goes_on_with_the_talk(store: Store) -> None:
    prospect = talk(store, "ja", *FOUR_ANSWERS["ja"][:2])
    prospect.chooses(STOP_HERE)
    prospect.says("私が決めます")
    authority = prospect.known.authority
    assert authority is not None
    assert authority.role is Role.DECISION_MAKER
    assert prospect.chat.state == "asking"


@pytest.mark.parametrize("said", ["続ける", "質問を続ける", "続けます"])
def test_who_types_to_go_on_in_place_of_the_button_is_asked_on(store: Store, said: str) -> None:
    prospect = talk(store, "ja")
    asked = prospect.chat.question
    prospect.chooses(STOP_HERE)
    prospect.says(said)
    assert (prospect.bot_said, prospect.chat.state) == ([asked], "asking")


def test_what_waits_for_a_yes_waits_while_they_think_about_the_end(store: Store) -> None:
    prospect = talk(store, "ja", "手作業が多くて困っています。来月までに", "代表です")
    assert prospect.bot_said == ["did_i_get_it"]
    prospect.chooses(STOP_HERE)
    prospect.chooses(KEEP_ON)
    assert prospect.bot_said == ["did_i_get_it"]


@pytest.mark.parametrize(
    ("language", "said"), [("ja", "終了します"), ("ja", "終了する"), ("ja", "ここで終了する"), ("en", "Stop, please")]
)
def test_a_typed_stop_is_obeyed_at_once(store: Store, language: str, said: str) -> None:
    assert talk(store, language, FOUR_ANSWERS[language][0], said).bot_said == ["stopped"]


def test_the_button_of_an_ended_talk_stops_no_call_that_was_promised(store: Store) -> None:
    prospect = Prospect(store)
    prospect.opens_chat()
    prospect.says_everything()
    prospect.chooses(STOP_HERE)
    assert (prospect.bot_said, prospect.chat.state) == (["at_your_service"], "completed")
