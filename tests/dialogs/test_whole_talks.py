"""Lines out of whole talks with many kinds of people: what they say counts, and nothing is asked or said in vain."""

import pytest

from qualification.bant import Clarity, Role
from qualification.store import Store
from tests.dialogs.chatting import Prospect

FOUR_ANSWERS = {
    "ja": ("請求処理が手作業で大変です", "3か月以内", "私が決めます", "200万円"),
    "en": ("invoices are all manual", "within 3 months", "I decide", "20k"),
}
WHO = {
    "ja": ("ツバメ食品", "西田 nishida@tsubame.example"),
    "en": ("Swallow Foods", "Nina West nina@swallow.example"),
}


def talk(store: Store, language: str, *said: str) -> Prospect:
    prospect = Prospect(store, language=language)
    prospect.opens_chat()
    for text in said:
        prospect.says(text)
    return prospect


def at_the_read_back(store: Store, language: str) -> Prospect:
    return talk(store, language, *FOUR_ANSWERS[language], *WHO[language])


def kinds(prospect: Prospect) -> set[str]:
    need = prospect.known.need
    return set(need.categories) if need else set()


# -- a second problem, and what takes the place of the first ----------------------------------------------------------


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
    assert kinds(prospect) >= {"efficiency", added}


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
    assert kinds(prospect) == {"security"}


@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_problem_told_after_the_end_comes_on_top_of_the_first(store: Store, language: str) -> None:
    prospect = at_the_read_back(store, language)
    prospect.chooses("confirm")
    prospect.says({"ja": "セキュリティも心配です", "en": "we also worry about security leaks"}[language])
    assert kinds(prospect) >= {"efficiency", "security"}


def test_costs_that_are_no_problem_take_no_problem_away(store: Store) -> None:
    prospect = talk(store, "en", "invoices are all manual", "in two months, and costs are not a problem")
    assert kinds(prospect) == {"efficiency"}


# -- what was said before, at the next question ----------------------------------------------------------------------


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
    assert kinds(prospect) == {"efficiency"}
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
    assert kinds(talk(store, language, *FOUR_ANSWERS[language][:before], said)) == expected


# -- who decides -----------------------------------------------------------------------------------------------------


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


# -- what is said to them -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "title"), [("ja", "院長の森です 03-5555-0101"), ("en", "Mia Oak, CEO, +442079460018")]
)
def test_what_they_said_before_is_not_told_them_as_news(store: Store, language: str, title: str) -> None:
    prospect = talk(store, language, *FOUR_ANSWERS[language], WHO[language][0], title)
    assert prospect.bot_said == ["please_confirm"]


def test_a_pasted_mail_that_says_everything_is_read_back_once(store: Store) -> None:
    prospect = talk(
        store, "en", "Hi, we copy invoices by hand. By October, about $25k, I decide.\n\n"
        "Best regards,\nOlivia Hart\nLarch Foods Ltd\nolivia@larch.example",
    )  # fmt: skip
    assert prospect.bot_said == ["please_confirm"]


@pytest.mark.parametrize(
    ("language", "said"), [("ja", "結構です"), ("ja", "いいです"), ("ja", "いえ、結構です"), ("en", "I'd rather not")]
)
@pytest.mark.parametrize("answered", [0, 1, 2, 3, 4])
def test_a_polite_no_to_a_question_passes_over_it_and_ends_nothing(
    store: Store, language: str, said: str, answered: int
) -> None:
    prospect = talk(store, language, *FOUR_ANSWERS[language][:answered], said)
    assert prospect.bot_said[0] == "no_problem_skipped"


@pytest.mark.parametrize("said", ["もう結構です", "もういいです", "結構です、さようなら", "結構です。連絡は不要です"])
def test_who_has_had_enough_is_not_asked_on(store: Store, said: str) -> None:
    assert talk(store, "ja", *FOUR_ANSWERS["ja"][:3], said).bot_said == ["stopped"]


@pytest.mark.parametrize(
    ("language", "said"), [("ja", "修正できますか?"), ("ja", "内容を直せますか"), ("en", "can I change something?")]
)
def test_who_asks_whether_they_may_change_something_may(store: Store, language: str, said: str) -> None:
    prospect = at_the_read_back(store, language)
    prospect.says(said)
    assert prospect.bot_said == ["which_to_correct"]


@pytest.mark.parametrize(
    ("language", "said"),
    [("ja", "修正できますか? 予算は300万円です"), ("en", "may I correct something? budget is 30k")],
)
def test_who_asks_whether_they_may_change_something_and_does_has_done_it(
    store: Store, language: str, said: str
) -> None:
    prospect = at_the_read_back(store, language)
    prospect.says(said)
    budget = prospect.known.budget
    assert budget is not None
    assert budget.maximum == {"ja": 3_000_000, "en": 30_000}[language]
    assert prospect.bot_said == ["corrected", "please_confirm"]


@pytest.mark.parametrize(("language", "said"), [("ja", "変更できますか"), ("en", "can I change it?")])
def test_what_may_be_changed_is_for_a_person_where_nothing_was_said_yet(store: Store, language: str, said: str) -> None:
    assert talk(store, language, said).bot_said == ["a_person_will_answer", "what_problem"]


@pytest.mark.parametrize(
    "said",
    [
        "契約後にプランの変更はできますか",
        "納期は変更できますか",
        "画面の色を変えられますか",
    ],
)
def test_what_can_be_changed_in_the_product_a_person_answers(store: Store, said: str) -> None:
    prospect = at_the_read_back(store, "ja")
    prospect.says(said)
    assert prospect.bot_said[0] == "a_person_will_answer"


@pytest.mark.parametrize(
    ("language", "said"), [("ja", "わかりました"), ("ja", "承知しました"), ("en", "I see"), ("en", "ok, got it")]
)
def test_who_has_heard_it_is_asked_on_without_an_excuse(store: Store, language: str, said: str) -> None:
    prospect = talk(store, language, *FOUR_ANSWERS[language][:1], said)
    assert prospect.bot_said == ["by_when"]


@pytest.mark.parametrize(
    ("language", "said", "answer"),
    [
        ("ja", "よろしくお願いします", "you_are_welcome"),
        ("ja", "わかりました", "at_your_service"),
        ("ja", "承知しました、ありがとうございます", "you_are_welcome"),
        ("en", "ok, got it", "at_your_service"),
    ],
)
def test_a_courtesy_after_the_end_is_no_message_for_a_colleague(
    store: Store, language: str, said: str, answer: str
) -> None:
    prospect = at_the_read_back(store, language)
    prospect.chooses("confirm")
    prospect.says(said)
    assert prospect.bot_said == [answer]


@pytest.mark.parametrize(
    ("language", "said"), [("ja", "いつ頃ご連絡いただけますか"), ("en", "when will I hear from you?")]
)
def test_who_asks_when_we_call_is_told_and_rings_nobody(store: Store, language: str, said: str) -> None:
    prospect = at_the_read_back(store, language)
    prospect.chooses("confirm")
    prospect.says(said)
    assert (prospect.bot_said, prospect.chat.state) == (["thank_you_will_reach"], "completed")


@pytest.mark.parametrize("said", ["nobody has contacted me yet", "nobody has called me", "still no call"])
def test_that_nobody_called_is_no_problem_of_their_work(store: Store, said: str) -> None:
    prospect = at_the_read_back(store, "en")
    prospect.chooses("confirm")
    told = prospect.known.need
    prospect.says(said)
    assert (prospect.bot_said, prospect.known.need) == (["nobody_called_heard"], told)


@pytest.mark.parametrize(
    ("language", "said", "approver"),
    [
        ("en", "head of finance", "head of finance"),
        ("en", "the head of IT operations", "head of IT operations"),
        ("ja", "経理部長", "経理部長"),
    ],
)
def test_who_decides_is_read_back_with_the_whole_title(store: Store, language: str, said: str, approver: str) -> None:
    prospect = talk(store, language, *FOUR_ANSWERS[language][:2], said, {"ja": "はい", "en": "yes"}[language])
    authority = prospect.known.authority
    assert authority is not None
    assert authority.approver == approver


@pytest.mark.parametrize("said", ["所長の私です", "工場長の私が決めます", "課長の私"])
def test_whose_own_title_it_is_decides(store: Store, said: str) -> None:
    authority = talk(store, "ja", *FOUR_ANSWERS["ja"][:2], said).known.authority
    assert authority is not None
    assert authority.role is Role.DECISION_MAKER


@pytest.mark.parametrize("said", ["担当です", "情報収集を担当しています", "経理を担当"])
def test_who_is_in_charge_of_the_matter_names_nobody_who_approves(store: Store, said: str) -> None:
    authority = talk(store, "ja", *FOUR_ANSWERS["ja"][:2], said).known.authority
    assert authority is not None
    assert (authority.role, authority.approver) == (Role.INFLUENCER, None)


@pytest.mark.parametrize("said", ["I own the practice", "I run the firm, I decide"])
def test_whose_own_firm_it_is_decides(store: Store, said: str) -> None:
    authority = talk(store, "en", *FOUR_ANSWERS["en"][:2], said).known.authority
    assert authority is not None
    assert (authority.role, authority.approver) == (Role.DECISION_MAKER, None)


@pytest.mark.parametrize(("language", "said"), [("ja", "日本語で大丈夫です"), ("en", "English is fine")])
def test_a_word_about_the_language_is_no_firm(store: Store, language: str, said: str) -> None:
    prospect = talk(store, language, *FOUR_ANSWERS[language], said)
    assert (prospect.bot_said, prospect.known.company) == (["in_your_language", "which_company"], None)


@pytest.mark.parametrize(("language", "said"), [("ja", "はい、やめてください"), ("en", "yes please stop")])
@pytest.mark.parametrize("answered", [0, 2, 4])
def test_a_stop_behind_a_yes_is_obeyed(store: Store, language: str, said: str, answered: int) -> None:
    assert talk(store, language, *FOUR_ANSWERS[language][:answered], said).bot_said == ["stopped"]


@pytest.mark.parametrize(("language", "said"), [("ja", "個人です"), ("en", "I'm a freelancer")])
def test_who_says_late_that_they_are_with_no_firm_reads_no_excuse(store: Store, language: str, said: str) -> None:
    prospect = talk(store, language, *FOUR_ANSWERS[language])
    prospect.chooses("skip")
    prospect.says(said)
    assert prospect.bot_said[-1] == "how_to_reach"


# -- how to reach them -----------------------------------------------------------------------------------------------


def asked_how_to_reach(store: Store, language: str) -> Prospect:
    return talk(store, language, *FOUR_ANSWERS[language], WHO[language][0])


@pytest.mark.parametrize(
    ("language", "said", "way"),
    [
        ("ja", "電話番号はちょっと", "email"), ("ja", "林です。電話番号は教えたくないです", "email"), ("ja", "メールだけでもいいですか", "email"),
        ("ja", "メールはちょっと", "phone"), ("ja", "メールアドレスは控えさせてください", "phone"),
        ("en", "I'd rather not give my phone number", "email"), ("en", "Rob Hazel. no phone calls please", "email"),
        ("en", "is email enough?", "email"), ("en", "no email please", "phone"), ("en", "I don't want to share my email", "phone"),
    ],
)  # fmt: skip
def test_who_refuses_a_number_is_asked_for_an_address_only_and_the_other_way_round(
    store: Store, language: str, said: str, way: str
) -> None:
    prospect = asked_how_to_reach(store, language)
    reply = prospect.says(said)
    assert prospect.bot_said == ["the_other_way"]
    assert (reply.messages[-1].facts or {})["way"] == way
    assert prospect.question == "contact"


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("ja", "連絡先は教えたくない"), ("ja", "電話もメールもちょっと"), ("ja", "言いたくないです"),
        ("en", "I'd rather not share my details"), ("en", "no phone, no email"), ("en", "I'd rather not say"),
    ],
)  # fmt: skip
def test_who_refuses_both_is_asked_for_neither(store: Store, language: str, said: str) -> None:
    prospect = asked_how_to_reach(store, language)
    prospect.says(said)
    assert prospect.bot_said[0] == "no_problem_skipped"


def test_who_refuses_one_after_the_other_is_not_asked_for_ever(store: Store) -> None:
    prospect = asked_how_to_reach(store, "en")
    prospect.says("no email please")
    prospect.says("no phone either")
    assert prospect.bot_said[0] == "no_problem_skipped"


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("ja", "電話は03-1234-5678、森です"), ("ja", "メールは mori@mori.example 、森です"),
        ("en", "my phone is +44 20 7946 0018, Mia Oak"), ("en", "e-mail mia@oak.example, Mia Oak"),
    ],
)  # fmt: skip
def test_who_tells_one_of_them_refuses_nothing(store: Store, language: str, said: str) -> None:
    prospect = asked_how_to_reach(store, language)
    prospect.says(said)
    assert prospect.bot_said == ["please_confirm"]


@pytest.mark.parametrize(("language", "said"), [("ja", "担当者お願いします"), ("en", "agent please")])
def test_who_wants_a_person_and_no_call_hears_that_one_can_answer_here(store: Store, language: str, said: str) -> None:
    prospect = talk(
        store, language, said, {"ja": "連絡先は教えたくない", "en": "I'd rather not share my details"}[language]
    )
    assert prospect.bot_said == ["no_number_needed"]


@pytest.mark.parametrize(("language", "said"), [("ja", "担当者お願いします"), ("en", "agent please")])
@pytest.mark.parametrize(
    "word", ["まだですか", "誰かいますか", "still there?", "anyone there?", "まだ返事がありません", "still no reply"]
)
def test_who_still_waits_in_the_chat_hears_no_excuse_of_a_bot(
    store: Store, language: str, said: str, word: str
) -> None:
    prospect = talk(
        store, language, said, {"ja": "連絡先は教えたくない", "en": "I'd rather not share my details"}[language]
    )
    prospect.says(word)
    assert prospect.bot_said == ["still_waiting"]


@pytest.mark.parametrize(
    ("language", "wish", "said"),
    [
        ("ja", "電話で話したいです", "電話番号は言いたくないです"),
        ("en", "can someone call me?", "I'd rather not give a number"),
    ],
)
def test_who_refuses_a_number_and_has_left_an_address_is_written_to(
    store: Store, language: str, wish: str, said: str
) -> None:
    prospect = at_the_read_back(store, language)
    prospect.chooses("confirm")
    prospect.says(wish)
    prospect.says(said)
    assert prospect.bot_said == ["no_number_needed"]


@pytest.mark.parametrize(("language", "said"), [("ja", "ハヤシ工業 80名"), ("en", "Hazel Works, 80 people")])
def test_a_firm_named_late_is_nobodys_name(store: Store, language: str, said: str) -> None:
    prospect = talk(store, language, *FOUR_ANSWERS[language])
    prospect.chooses("skip")
    prospect.says(said)
    company, contact = prospect.known.company, prospect.known.contact
    assert company is not None
    assert company.name
    assert contact is None


@pytest.mark.parametrize(
    ("language", "firm", "said", "name", "people"),
    [
        ("en", "Maple Works", "Maple Works, 80 people, Mia", "Mia", 80),
        ("ja", "株式会社モリ", "株式会社モリ 30名 森", "森", 30),
        ("ja", "株式会社モリ", "田中、2名で担当しています", "田中", None),
        ("en", "Maple Works", "Mia, in a team of 5 people", "Mia", None),
    ],
)
def test_a_name_beside_how_many_they_are_is_kept_and_so_is_the_firm(
    store: Store, language: str, firm: str, said: str, name: str, people: int | None
) -> None:
    prospect = talk(store, language, *FOUR_ANSWERS[language], firm, said)
    company, contact = prospect.known.company, prospect.known.contact
    assert company is not None
    assert contact is not None
    assert (company.name, contact.name) == (firm, name)
    assert (company.headcount.minimum if company.headcount else None) == people


# -- what they ask, and what keeps them ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("ja", "すみません、会議なので後で"), ("ja", "今移動中なので、後ほど"), ("ja", "また後で戻ります"),
        ("en", "sorry, in a meeting, later"), ("en", "I'm on a call, back later"), ("en", "gotta go, talk later"),
    ],
)  # fmt: skip
def test_whom_something_keeps_is_given_time(store: Store, language: str, said: str) -> None:
    prospect = talk(store, language, FOUR_ANSWERS[language][0], said)
    assert prospect.bot_said == ["take_your_time", "by_when"]


@pytest.mark.parametrize(
    ("language", "said"),
    [("ja", "会議の議事録が大変です"), ("ja", "移動中に日報が書けません"), ("en", "we spend all day in meetings")],
)
def test_meetings_may_be_the_problem(store: Store, language: str, said: str) -> None:
    assert "take_your_time" not in talk(store, language, said).bot_said


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("ja", "会社名は必要ですか"),
        ("ja", "社名って必須ですか"),
        ("en", "do you need the company name?"),
        ("en", "is the company name required?"),
    ],
)
def test_who_asks_whether_it_is_needed_hears_that_it_is_not(store: Store, language: str, said: str) -> None:
    prospect = talk(store, language, *FOUR_ANSWERS[language], said)
    assert prospect.bot_said == ["you_may_skip", "which_company"]


@pytest.mark.parametrize(("language", "said"), [("ja", "予算って何の予算ですか"), ("en", "what budget do you mean?")])
def test_who_asks_what_budget_is_told(store: Store, language: str, said: str) -> None:
    prospect = talk(store, language, *FOUR_ANSWERS[language][:3], said)
    assert prospect.bot_said == ["what_we_mean", "budget_range"]


def test_who_asks_on_and_on_is_told_once_how_to_reach_a_person(store: Store) -> None:
    prospect = talk(store, "ja")
    asked = [prospect.says(said).messages for said in ("料金はいくらですか", "料金表ください", "値段だけ知りたいです")]
    hints = [
        said.facts.get("hint")
        for messages in asked
        for said in messages
        if said.prompt == "a_person_will_answer" and said.facts
    ]
    assert hints == [False, True, False]


@pytest.mark.parametrize(
    ("language", "said"), [("ja", "ありがとうございました"), ("ja", "失礼します"), ("en", "thanks, bye")]
)
def test_who_takes_their_leave_is_asked_nothing_more(store: Store, language: str, said: str) -> None:
    prospect = talk(store, language, FOUR_ANSWERS[language][0], said)
    assert (prospect.bot_said, prospect.chat.state) == (["you_are_welcome"], "asking")


@pytest.mark.parametrize(("language", "said"), [("ja", "ありがとうございます"), ("en", "thanks")])
def test_who_only_thanks_is_asked_on(store: Store, language: str, said: str) -> None:
    prospect = talk(store, language, FOUR_ANSWERS[language][0], said)
    assert prospect.bot_said == ["you_are_welcome", "by_when"]


@pytest.mark.parametrize(
    ("language", "call", "said"),
    [
        ("ja", "今すぐ電話ください 090-1234-5678 田中です", "急いでます"), ("ja", "電話ください 090-1234-5678 田中です", "至急お願いします"),
        ("en", "call me please, +44 20 7946 0555, Tom", "hurry"), ("en", "call me please, +44 20 7946 0555, Tom", "it's urgent"),
    ],
)  # fmt: skip
def test_who_waits_for_the_call_and_is_in_a_hurry_says_nothing_of_when_to_buy(
    store: Store, language: str, call: str, said: str
) -> None:
    prospect = talk(store, language, call)
    told = prospect.known.timeframe
    prospect.says(said)
    assert (prospect.bot_said, prospect.known.timeframe) == (["sooner_heard"], told)


@pytest.mark.parametrize("said", ["急ぎの案件があるので9月までに導入したいです", "至急、見積もりの相談です"])
def test_what_is_urgent_for_another_reason_is_heard_as_such(store: Store, said: str) -> None:
    prospect = talk(store, "ja", "電話ください 090-1234-5678 田中です", said)
    assert "sooner_heard" not in prospect.bot_said


@pytest.mark.parametrize(("language", "said"), [("ja", "社員は30人です"), ("en", "we're about 30")])
def test_how_many_they_are_counts_also_where_we_ask_for_their_name(store: Store, language: str, said: str) -> None:
    prospect = asked_how_to_reach(store, language)
    prospect.says(said)
    company = prospect.known.company
    assert company is not None
    assert company.headcount is not None
    assert prospect.bot_said == ["understood", "how_to_reach"]


@pytest.mark.parametrize(("language", "said"), [("ja", "大丈夫です"), ("ja", "いえ、大丈夫です"), ("en", "no thanks")])
def test_no_thanks_to_how_to_reach_them_is_no_riddle(store: Store, language: str, said: str) -> None:
    prospect = asked_how_to_reach(store, language)
    prospect.says(said)
    assert prospect.bot_said[0] == "no_problem_skipped"


@pytest.mark.parametrize(
    ("language", "said"), [("ja", "ないです"), ("ja", "学生です"), ("en", "none"), ("en", "I'm a student")]
)
def test_who_is_with_no_firm_is_not_asked_for_it_again(store: Store, language: str, said: str) -> None:
    prospect = talk(store, language, *FOUR_ANSWERS[language], said)
    assert (prospect.bot_said[0], prospect.question) == ("no_problem_skipped", "contact")


def test_a_long_courtesy_after_the_end_is_one(store: Store) -> None:
    prospect = at_the_read_back(store, "ja")
    prospect.chooses("confirm")
    prospect.says("お手数をおかけしますが、よろしくお願いいたします。")
    assert prospect.bot_said == ["you_are_welcome"]


@pytest.mark.parametrize("said", ["よろしくお願いします", "そのままでいいです、", "thank you, "])
@pytest.mark.parametrize("times", [19, 300])
def test_a_courtesy_said_over_and_over_is_not_taken_apart_in_every_way_there_is(
    store: Store, said: str, times: int
) -> None:
    """Each time doubled the work: this one ends only where no place is tried twice."""
    prospect = talk(store, "ja", said * times + "犬")
    assert prospect.chat.state == "asking"


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("ja", "ありがとうございました"), ("ja", "失礼します"), ("ja", "わかりました"), ("ja", "了解です"), ("ja", "承知しました"),
        ("en", "thanks, bye"), ("en", "thank you, have a nice day"), ("en", "got it"), ("en", "I see"),
    ],
)  # fmt: skip
def test_who_takes_their_leave_at_the_read_back_or_has_heard_it_agrees(store: Store, language: str, said: str) -> None:
    prospect = at_the_read_back(store, language)
    prospect.says(said)
    assert (prospect.bot_said, prospect.chat.state) == (["completed"], "completed")


@pytest.mark.parametrize(("language", "said"), [("ja", "失礼します"), ("ja", "失礼いたします。"), ("en", "excuse me")])
def test_who_comes_in_with_a_pardon_is_greeted_and_asked(store: Store, language: str, said: str) -> None:
    prospect = talk(store, language, said)
    assert prospect.bot_said == ["hello_too", "what_problem"]


@pytest.mark.parametrize(
    ("language", "refusal", "then"),
    [
        ("ja", "電話はちょっと", "森"), ("ja", "電話はちょっと", "料金は?"), ("ja", "電話はちょっと", "なぜ必要なんですか"),
        ("en", "no phone please", "Nina West"), ("en", "no phone please", "why do you need it?"),
    ],
)  # fmt: skip
def test_a_way_that_was_refused_is_not_asked_for_again(store: Store, language: str, refusal: str, then: str) -> None:
    prospect = asked_how_to_reach(store, language)
    prospect.says(refusal)
    reply = prospect.says(then)
    told = reply.messages[-1]
    assert (told.prompt, (told.facts or {}).get("way")) == ("the_other_way", "email")
    prospect.says("nina@swallow.example")
    assert "the_other_way" not in prospect.bot_said


@pytest.mark.parametrize("said", ["our support desk has no email", "our desk has no phone"])
def test_what_a_desk_of_theirs_has_not_is_no_refusal(store: Store, said: str) -> None:
    prospect = asked_how_to_reach(store, "en")
    prospect.says(said)
    assert "the_other_way" not in prospect.bot_said


@pytest.mark.parametrize(
    ("language", "said"), [("en", "who are you? no phone"), ("ja", "どちら様ですか？電話はちょっと")]
)
def test_who_asks_who_we_are_beside_a_refusal_hears_both(store: Store, language: str, said: str) -> None:
    prospect = asked_how_to_reach(store, language)
    prospect.says(said)
    assert prospect.bot_said == ["i_am_a_bot", "the_other_way"]


def test_who_is_in_a_hurry_twice_is_not_told_twice_that_we_pass_it_on(store: Store) -> None:
    prospect = talk(store, "ja", "電話ください 090-1234-5678 田中です", "急いでいます", "急いでいます")
    assert prospect.bot_said == ["thank_you_will_reach"]
