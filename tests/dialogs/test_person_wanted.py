"""Who waits for a person may go on with the questions, and loses nothing they say meanwhile."""

import pytest

from qualification import leads
from qualification.calls import Outcome
from qualification.clock_rules import FIRST_CONTACT
from qualification.records import History
from qualification.store import Store
from tests.business import Business
from tests.clock import Clock
from tests.dialogs.chatting import Prospect


@pytest.fixture
def waiting(store: Store) -> Prospect:
    prospect = Prospect(store)
    prospect.opens_chat()
    prospect.says("手作業が多くて困っています")
    prospect.says("担当者と話したいです")
    return prospect


@pytest.mark.parametrize(
    "words",
    [
        "では質問を続けます",
        "続けてください",
        "質問の続きをお願いします",
        "let's go on with the questions",
        "ok, then continue",
    ],
)
def test_who_goes_on_is_asked_the_next_question(waiting: Prospect, words: str) -> None:
    waiting.says(words)
    assert (waiting.chat.state, waiting.bot_said) == ("asking", ["by_when"])


@pytest.mark.parametrize(
    "words",
    [
        "I have no time to continue with your questions", "質問の続きは結構です", "質問の続きは後にします", "続けてほしくないです",
        "質問を続ける前に担当者と話したいです",
    ],
)  # fmt: skip
def test_who_does_not_go_on_waits(waiting: Prospect, words: str) -> None:
    waiting.says(words)
    assert waiting.chat.state == "handed_over"


def test_a_fact_beside_the_wish_to_go_on_is_kept(waiting: Prospect) -> None:
    waiting.says("質問の続きですが、予算は300万円です")
    assert waiting.known.budget is not None


def test_after_the_end_there_is_nothing_to_go_on_with_and_it_is_passed_on(store: Store) -> None:
    prospect = Prospect(store)
    prospect.opens_chat()
    prospect.says_everything()
    prospect.says("担当者と話したいです")
    prospect.says("続けてください")
    assert (prospect.chat.state, prospect.bot_said) == ("handed_over", ["left_a_message"])


def test_who_asked_before_we_closed_hears_on_asking_again_when_somebody_is_back(
    waiting: Prospect, clock: Clock
) -> None:
    assert waiting.bot_said[0] == "person_is_coming"
    clock.advance(hours=10)
    waiting.says("担当者と話したいです")
    assert (waiting.bot_said, waiting.offered) == (["nobody_is_free"], ["call_back", "go_on"])

    waiting.says("担当者と話したいです")
    assert waiting.bot_said == ["number_for_the_call"]

    clock.advance(hours=24)
    waiting.says("担当者と話したいです")
    assert waiting.bot_said == ["nobody_is_free"]


@pytest.mark.parametrize(("after_the_end", "goes_on"), [(True, False), (False, True)])
def test_only_who_has_questions_left_reads_that_they_may_go_on_with_them(
    store: Store, clock: Clock, after_the_end: bool, goes_on: bool
) -> None:
    prospect = Prospect(store)
    prospect.opens_chat()
    prospect.says("手作業が多くて困っています")
    if after_the_end:
        prospect.says_everything()
    clock.advance(hours=10)
    reply = prospect.says("担当者と話したいです")
    (told,) = (message.facts or {} for message in reply.messages if message.prompt == "nobody_is_free")
    assert (told["goes_on"], "go_on" in prospect.offered) == (goes_on, goes_on)


def left_words(prospect: Prospect) -> list[str]:
    """What reached the rep of what they wrote while they wait."""
    lead_id = prospect.lead.id
    rows = prospect.store.run_here(lambda tx: tx.find(History, "lead_id", lead_id))
    return [row.data["words"] for row in rows if row.kind == "message_left"]


@pytest.mark.parametrize("words", ["誰かいますか、電話ください", "anyone there? please call me back"])
def test_who_waits_where_nobody_is_free_and_wants_the_call_back_is_asked_for_the_number(
    waiting: Prospect, clock: Clock, words: str
) -> None:
    clock.advance(hours=10)
    waiting.says("担当者と話したいです")
    waiting.says(words)
    assert waiting.bot_said == ["number_for_the_call"]


@pytest.mark.parametrize("words", ["誰かいますか？担当者をお願いします", "is anyone there? let me talk to a person"])
def test_a_colleague_knows_of_who_is_told_so(waiting: Prospect, words: str) -> None:
    waiting.says(words)
    assert (waiting.bot_said[0], left_words(waiting)) == ("still_waiting", [words])


@pytest.mark.parametrize(
    ("call", "wish"),
    [
        ("電話ください 090-1234-5678 田中です", "担当者と話したいのですが、いつ頃お電話いただけますか"),
        ("call me please, +44 20 7946 0555, Tom", "can somebody call me right now? when can I expect it"),
    ],
    ids=["ja", "en"],
)
def test_a_wish_for_a_person_beside_the_question_when_is_a_wish(store: Store, call: str, wish: str) -> None:
    waits, done = Prospect(store), Prospect(store, token="another")
    for prospect in (waits, done):
        prospect.opens_chat()
    waits.says(call)
    waits.says(wish)
    assert (waits.bot_said, left_words(waits)) == (["person_is_coming"], [wish])
    done.says_everything()
    assert done.lead.wants_person_at is None
    done.says(wish)
    assert (done.bot_said, done.chat.state) == (["person_is_coming"], "handed_over")
    assert done.lead.wants_person_at is not None


@pytest.mark.parametrize("words", ["いつ頃お電話いただけますか", "when will you call me?"])
def test_the_question_when_alone_is_answered_with_the_hour(store: Store, words: str) -> None:
    prospect = Prospect(store)
    prospect.opens_chat()
    prospect.says_everything()
    prospect.says(words)
    assert (prospect.bot_said, prospect.chat.state) == (["thank_you_will_reach"], "completed")


@pytest.mark.parametrize(
    "words",
    ["別の件で、もう一度担当の方とお電話でお話ししたいです", "I'd like to talk to a person again, please call me"],
    ids=["ja", "en"],
)
@pytest.mark.parametrize("days", [1, 4])
def test_who_was_called_and_asks_for_a_person_again_is_owed_another_call(
    waiting: Prospect, clock: Clock, words: str, days: int
) -> None:
    """D9: the clock starts with an explicit wish, also with the second one in the same chat."""
    firm, lead = Business(waiting.store, clock), waiting.lead.id
    waiting.says("03-1234-5678 佐藤です")
    firm.calls(lead, Outcome.CONNECTED)
    rung = len(rings(firm))
    clock.advance(days=days)
    waiting.says(words)

    assert waiting.bot_said == ["person_is_coming"]
    assert [clock.status for clock in firm.clocks_of(lead).values() if clock.rule == FIRST_CONTACT] == ["open"]
    assert rings(firm)[rung:] == ["person_wanted"]
    assert firm.lead(lead).wants_person_at == clock.now

    waiting.says(words)
    assert len(rings(firm)) == rung + 1, "asking twice rings once"


def rings(firm: Business) -> list[str]:
    return [row.payload["event"] for row in firm.said("ring")]


def test_who_opted_out_rings_nobody_by_asking_once_more_where_they_wait(waiting: Prospect, clock: Clock) -> None:
    firm, lead = Business(waiting.store, clock), waiting.lead.id
    firm.does(leads.opt_out, lead, words="stop", by="yuki")
    rung = len(rings(firm))
    waiting.says("担当者と話したいです")
    assert (len(rings(firm)), left_words(waiting)) == (rung, ["担当者と話したいです"])
