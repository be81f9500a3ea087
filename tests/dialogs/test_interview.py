"""The interview's own table: which steps there are, and what no order of steps can do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from transitions import MachineError

from dialogs.interview import MACHINE, TRANSITIONS, Interview, Refused, State
from dialogs.playbook import BadPlaybook, read_playbook, shipped_playbook
from qualification.answers import Known
from qualification.stages import Stage

TRIGGERS = sorted({trigger for trigger, *_ in TRANSITIONS})


def interview(state: State = State.ASKING, **more: object) -> Interview:
    return Interview(playbook=shipped_playbook(), state=state, known=Known(), **more)  # type: ignore[arg-type]  # a test's own fields


def test_the_questions_come_in_the_order_of_the_playbook_need_first_and_money_late() -> None:
    asked = [question.about for question in shipped_playbook().questions]

    assert asked == ["need", "timeframe", "authority", "budget", "company", "contact"]


@given(st.lists(st.sampled_from(TRIGGERS), max_size=30))
def test_a_declined_interview_never_reopens(triggers: list[str]) -> None:
    talk = interview(State.DECLINED)
    for trigger in triggers:
        with pytest.raises(Refused):
            talk.fire(trigger)
    assert talk.state is State.DECLINED


@given(st.lists(st.sampled_from(TRIGGERS), max_size=30))
def test_only_steps_of_the_table_are_ever_taken(triggers: list[str]) -> None:
    talk = interview()
    for trigger in triggers:
        before = talk.state
        try:
            talk.fire(trigger)
        except Refused:
            assert talk.state is before
        else:
            assert any(
                name == trigger and before in sources and after is talk.state for name, sources, after, _ in TRANSITIONS
            )


@given(st.lists(st.sampled_from(TRIGGERS), max_size=30))
def test_a_completed_interview_may_be_looked_at_again_and_is_never_abandoned(triggers: list[str]) -> None:
    talk = interview(State.COMPLETED, was_completed=True)
    for trigger in triggers:
        try:
            talk.fire(trigger)
        except Refused:
            continue
        assert talk.state is not State.ABANDONED


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("trigger", TRIGGERS)
@pytest.mark.parametrize("passed", [set(), {question.key for question in shipped_playbook().questions}])
def test_a_step_leads_where_the_machine_says(trigger: str, state: State, passed: set[str]) -> None:
    ours, machines = interview(state, passed=passed), interview(state, passed=passed)
    try:
        is_allowed = MACHINE.events[trigger].trigger(machines)
    except MachineError:
        is_allowed = False
    try:
        ours.fire(trigger)
    except Refused:
        assert not is_allowed
    assert ours.state is machines.state


def test_a_question_is_put_again_twice_and_then_passed_over() -> None:
    talk = interview()
    question = talk.next_question()
    assert question is not None

    assert [talk.ask_again(question) for _ in range(3)] == [True, True, False]
    assert talk.next_question() != question


def test_questions_for_a_stage_out_of_reach_are_left_out_but_never_how_to_reach_the_person() -> None:
    talk = interview(closes=lambda known: frozenset({Stage.TQL, Stage.SAL, Stage.SQL}))
    asked = []
    while question := talk.next_question():
        asked.append(question.about)
        talk.passed.add(question.key)

    assert asked == ["company", "contact"]


def test_a_mistake_in_a_playbook_names_its_place() -> None:
    contact = "name = 'x'\nask_again = 1\n[[question]]\nkey = 'who'\nabout = 'contact'\n"
    with pytest.raises(BadPlaybook, match=r"line 6: question\.0\.abuot: Extra inputs are not permitted"):
        read_playbook(f"{contact}abuot = 'need'")
    for choice in ("months = [0, 999999]", "budget_by_language.ja = {minimum = 1, currency = 'JPY'}"):
        asked = f"{contact}[[question]]\nkey = 'k'\nabout = 'budget'\n[[question.choice]]\nvalue = 'v'\n{choice}"
        with pytest.raises(BadPlaybook, match=r"^line 9: question\.1\.choice\.0: the choice 'v' has no value"):
            read_playbook(asked)


def test_each_mistake_in_a_playbook_has_a_line_of_its_own() -> None:
    text = """name = "x"
ask_again = 1
[[question]]
key = "a"
about = "need"
[[question.choice]]
value = "nothing"
[[question.choice]]
value = "later"
months = [0, 3]
[[question]]
key = "a"
about = "need"
"""
    with pytest.raises(BadPlaybook) as refused:
        read_playbook(text)
    assert str(refused.value).splitlines() == [
        'line 3: question: a playbook must ask how to reach the person (about = "contact")',
        "line 6: question.0.choice.0: the choice 'nothing' stands for nothing",
        "line 8: question.0.choice.1: the choice 'later' is not about need",
        "line 12: question.1.key: every question needs its own key, and another has 'a'",
    ]
    with pytest.raises(BadPlaybook, match=r"^line 3: .*at line 3"):
        read_playbook(text.replace("[[question]]", "[[question"))
    with pytest.raises(BadPlaybook, match=r"^line 13: .*at end of document"):
        read_playbook(text.removesuffix('need"\n') + "need")
    with pytest.raises(BadPlaybook) as refused:
        read_playbook(text.replace("value", "valu"))
    assert [line.split(": ")[:2] for line in str(refused.value).splitlines()] == [
        ["line 6", "question.0.choice.0.value"],
        ["line 7", "question.0.choice.0.valu"],
        ["line 8", "question.0.choice.1.value"],
        ["line 9", "question.0.choice.1.valu"],
    ]


@pytest.mark.parametrize(
    "mistake",
    [
        "",
        "name = 'x'",
        "name = 'x'\nask_again = -1\n[[question]]\nkey = 'a'\nabout = 'contact'",
        "name = 'x'\nask_again = 1\n[[question]]\nkey = 'a'\nabout = 'shoe size'",
        "name = 'x'\nask_again = 1\n[[question]]\nkey = 'a'\nabout = 'need'",
        "name = 'x'\nask_again = 1\n[[question]]\nkey = 'a'\nabout = 'contact'\n[[question]]\nkey = 'a'\nabout = 'need'",
        "name = 'x'\nask_again = 1\n[[question]]\nkey = 'a'\nabout = 'contact'\n[[question.choice]]\nvalue = 'v'",
    ],
    ids=[
        "empty",
        "no questions",
        "negative",
        "unknown topic",
        "never asks for contact",
        "twice",
        "a choice of nothing",
    ],
)
def test_a_mistake_in_a_playbook_is_refused_when_it_is_read(mistake: str) -> None:
    with pytest.raises(BadPlaybook):
        read_playbook(mistake)
