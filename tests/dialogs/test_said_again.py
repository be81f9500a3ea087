"""What is said once more, on top of an answer or in its place, at whatever question."""

import pytest

from qualification.bant import Clarity, Role
from qualification.store import Store
from tests.dialogs.chatting import FOUR_ANSWERS, at_the_read_back, kinds_of_need, talk


@pytest.mark.parametrize(
    ("language", "said", "added"),
    [
        ("ja", "あと、問い合わせ対応も遅れがちで困っています", "customer"),
        ("ja", "セキュリティも心配です", "security"),
        ("en", "we also worry about security leaks", "security"),
        ("en", "oh, and we lose leads", "revenue"),
    ],
)
def test_a_problem_told_at_the_read_back_comes_on_top_of_the_first(
    store: Store, language: str, said: str, added: str
) -> None:
    prospect = at_the_read_back(store, language)
    prospect.says(said)
    assert kinds_of_need(prospect) >= {"efficiency", added}


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("ja", "本当の課題はセキュリティです"),
        ("ja", "実はセキュリティが心配です"),
        ("en", "the real problem is security"),
        ("en", "sorry, I meant we worry about security leaks"),
    ],
)
def test_a_problem_in_the_place_of_the_first_leaves_nothing_of_it(store: Store, language: str, said: str) -> None:
    prospect = at_the_read_back(store, language)
    prospect.says(said)
    assert kinds_of_need(prospect) == {"security"}


@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_problem_told_after_the_end_comes_on_top_of_the_first(store: Store, language: str) -> None:
    prospect = at_the_read_back(store, language)
    prospect.chooses("confirm")
    prospect.says({"ja": "セキュリティも心配です", "en": "we also worry about security leaks"}[language])
    assert kinds_of_need(prospect) >= {"efficiency", "security"}


def test_costs_that_are_no_problem_take_no_problem_away(store: Store) -> None:
    prospect = talk(store, "en", "invoices are all manual", "in two months, and costs are not a problem")
    assert kinds_of_need(prospect) == {"efficiency"}


@pytest.mark.parametrize(
    ("language", "first", "then"),
    [("ja", "100万円", "やっぱり未定で"), ("en", "20k", "not decided actually")],
)
def test_a_budget_that_is_open_after_all_passes_over_no_other_question(
    store: Store, language: str, first: str, then: str
) -> None:
    prospect = talk(store, language, *FOUR_ANSWERS[language][:3], first, then)
    budget = prospect.known.budget
    assert budget is not None
    assert budget.clarity is Clarity.UNDECIDED
    assert prospect.bot_said == ["corrected", "which_company"]


@pytest.mark.parametrize("said", ["no, 30k", "actually 30k", "sorry, make it 30k", "いや、30k"])
def test_a_sum_said_anew_where_the_firm_is_asked_for_is_the_budget_and_no_headcount(store: Store, said: str) -> None:
    prospect = talk(store, "en", *FOUR_ANSWERS["en"], said)
    budget = prospect.known.budget
    assert budget is not None
    assert budget.maximum == 30_000
    assert prospect.known.company is None


@pytest.mark.parametrize(
    "said", ["actually we're 200 people", "no, 200 staff", "Actually Good Ltd, 200", "sorry, 200 employees"]
)
def test_how_many_they_are_stays_so_after_a_budget(store: Store, said: str) -> None:
    prospect = talk(store, "en", *FOUR_ANSWERS["en"], said)
    budget, company = prospect.known.budget, prospect.known.company
    assert budget is not None
    assert budget.maximum == 20_000
    assert company is not None


@pytest.mark.parametrize(
    ("language", "said"), [("ja", "いや、来年でいいです"), ("en", "no, in June"), ("en", "actually within 6 months")]
)
def test_another_time_said_where_we_ask_who_decides_says_nothing_of_that(
    store: Store, language: str, said: str
) -> None:
    prospect = talk(store, language, *FOUR_ANSWERS[language][:2])
    first = prospect.known.timeframe
    prospect.says(said)
    assert prospect.known.timeframe != first
    assert prospect.known.authority is None


@pytest.mark.parametrize(
    ("language", "first", "then"), [("ja", "社長です", "いえ、私でした"), ("en", "the CEO", "no wait, I do")]
)
def test_who_decides_themselves_after_all_says_so_where_the_budget_is_asked(
    store: Store, language: str, first: str, then: str
) -> None:
    prospect = talk(store, language, *FOUR_ANSWERS[language][:2], first, {"ja": "はい", "en": "yes"}[language], then)
    authority = prospect.known.authority
    assert authority is not None
    assert authority.role is Role.DECISION_MAKER
    assert prospect.bot_said == ["corrected", "budget_range"]


@pytest.mark.parametrize(
    ("language", "first", "then"), [("ja", "特にないです", ("いいえ", "いいえ")), ("en", "no", ("no", "no"))]
)
def test_a_bare_no_changes_no_answer_before_and_the_same_question_comes_no_second_time(
    store: Store, language: str, first: str, then: tuple[str, str]
) -> None:
    prospect = talk(store, language, first, then[0])
    assert (prospect.bot_said, prospect.question) == (["no_problem_skipped", "how_to_reach"], "contact")
    prospect.says(then[1])
    assert prospect.chat.state == "confirming"


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("ja", "いいえ、私では決められません"), ("ja", "いえ、私は決められません"), ("ja", "すみません、まだ決まっていません"),
        ("ja", "いえ、特に決まっていません"), ("en", "no, undecided"), ("en", "actually not decided yet"),
    ],
)  # fmt: skip
def test_what_answers_who_decides_changes_no_time_told_before(store: Store, language: str, said: str) -> None:
    prospect = talk(store, language, *FOUR_ANSWERS[language][:2])
    before = prospect.known.timeframe
    prospect.says(said)
    assert (prospect.known.timeframe, prospect.question) == (before, "budget")


@pytest.mark.parametrize(
    ("language", "said"),
    [("ja", "いえ、特に決まっていません"), ("en", "no, undecided"), ("en", "actually not decided yet")],
)
def test_whoever_decides_is_open_where_they_say_so(store: Store, language: str, said: str) -> None:
    prospect = talk(store, language, *FOUR_ANSWERS[language][:2], said)
    assert (prospect.bot_said[0], prospect.known.authority) == ("fine_not_to_know", None)


@pytest.mark.parametrize(
    ("language", "said"), [("ja", "いえ、特にありません"), ("ja", "いいえ、ありません"), ("en", "no, nothing planned")]
)
def test_no_plan_takes_no_problem_away(store: Store, language: str, said: str) -> None:
    prospect = talk(store, language, FOUR_ANSWERS[language][0], said)
    assert kinds_of_need(prospect) == {"efficiency"}
    assert prospect.known.timeframe is not None


@pytest.mark.parametrize(
    ("language", "said", "people"),
    [("ja", "いえ、50です", 50), ("en", "no 50", 50), ("en", "actually 30", 30)],
)
def test_a_bare_number_where_the_firm_is_asked_for_is_how_many_they_are_and_no_budget(
    store: Store, language: str, said: str, people: int
) -> None:
    prospect = talk(store, language, *FOUR_ANSWERS[language])
    before = prospect.known.budget
    prospect.says(said)
    company = prospect.known.company
    assert prospect.known.budget == before
    assert company is not None
    assert company.headcount is not None
    assert company.headcount.minimum == people


@pytest.mark.parametrize(("language", "said"), [("ja", "いえ、200万円です"), ("en", "no, 20k")])
def test_a_sum_said_once_more_is_neither_corrected_nor_a_headcount(store: Store, language: str, said: str) -> None:
    prospect = talk(store, language, *FOUR_ANSWERS[language], said)
    assert "corrected" not in prospect.bot_said
    assert prospect.known.company is None


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("ja", "比較検討のうえ来月までに導入、社長が決めます"),
        ("en", "researching until December, start in January; my CFO decides"),
    ],
)
def test_a_date_beside_the_research_is_the_time_they_mean(store: Store, language: str, said: str) -> None:
    prospect = talk(store, language, *FOUR_ANSWERS[language][:2])
    before = prospect.known.timeframe
    prospect.says(said)
    after = prospect.known.timeframe
    assert after is not None
    assert after.clarity is Clarity.KNOWN
    assert after != before


def test_who_only_gathers_information_leaves_the_time_they_named(store: Store) -> None:
    prospect = talk(store, "en", "invoices are all manual", "this autumn", "my boss decides, I'm just collecting info")
    timeframe, authority = prospect.known.timeframe, prospect.known.authority
    assert timeframe is not None
    assert timeframe.clarity is Clarity.KNOWN
    assert authority is not None
    assert authority.role is Role.NEEDS_APPROVAL


@pytest.mark.parametrize(
    ("language", "before", "said", "expected"),
    [
        ("ja", 2, "実は予算は100万円です。セキュリティも不安です", {"efficiency", "security"}),
        ("en", 4, "instead of 20k make it 15k; we also lose leads", {"efficiency", "revenue"}),
        ("en", 2, "my boss decides, we no longer have the problem", {"efficiency"}),
    ],
)
def test_what_another_answer_takes_the_place_of_is_not_the_problem(
    store: Store, language: str, before: int, said: str, expected: set[str]
) -> None:
    assert kinds_of_need(talk(store, language, *FOUR_ANSWERS[language][:before], said)) == expected
