"""How long we keep what led nowhere, and whom we never forget."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.commands import retention as command
from qualification.policies.parts import Retention
from qualification.retention import Fate, Standing, fate_of_chat, fate_of_lead
from tests.clock import MONDAY_TEN, jst

RULE = Retention()
LONG_AGO = MONDAY_TEN - timedelta(days=91)
LATELY = MONDAY_TEN - timedelta(days=89)
NOWHERE = Standing(
    stage="LEAD", quiet_since=LONG_AGO, is_waited_for=False, do_not_contact=False, came_from_one_chat=True
)


@pytest.mark.parametrize(
    ("spoke_at", "lead", "fate"),
    [
        pytest.param(LONG_AGO, None, Fate.TALK_OF_NOBODY, id="nobody said who they are"),
        pytest.param(LATELY, None, Fate.KEEP, id="89 days are not 90"),
        pytest.param(MONDAY_TEN - timedelta(days=90), None, Fate.TALK_OF_NOBODY, id="90 days to the second"),
        pytest.param(LONG_AGO, NOWHERE, Fate.LEAD_LED_NOWHERE, id="known from this talk alone"),
        pytest.param(LONG_AGO, replace(NOWHERE, stage="DISQUALIFIED"), Fate.LEAD_LED_NOWHERE, id="the end"),
        pytest.param(LONG_AGO, replace(NOWHERE, came_from_one_chat=False), Fate.TALK_LED_NOWHERE, id="known otherwise"),
        pytest.param(
            LONG_AGO, replace(NOWHERE, do_not_contact=True), Fate.TALK_LED_NOWHERE, id="asked to be left alone"
        ),
        pytest.param(LONG_AGO, replace(NOWHERE, quiet_since=LATELY), Fate.KEEP, id="was here again"),
        pytest.param(LONG_AGO, replace(NOWHERE, is_waited_for=True), Fate.KEEP, id="a clock runs"),
        pytest.param(LONG_AGO, replace(NOWHERE, stage="NURTURE"), Fate.KEEP, id="may come back"),
        pytest.param(LONG_AGO, replace(NOWHERE, stage="MQL"), Fate.KEEP, id="qualified"),
    ],
)
def test_a_talk_that_led_nowhere_is_kept_ninety_days(spoke_at: datetime, lead: Standing | None, fate: Fate) -> None:
    assert fate_of_chat(spoke_at, lead, RULE, qualified_from="MQL", now=MONDAY_TEN) is fate


@pytest.mark.parametrize(
    ("quiet_since", "waited_for", "fate"),
    [
        (jst("2024-05-18 10:00"), False, Fate.LEAD_IS_QUIET),
        (jst("2024-05-18 10:01"), False, Fate.KEEP),
        (jst("2020-01-01 00:00"), True, Fate.KEEP),
    ],
    ids=["24 months to the minute", "a minute less", "a clock runs"],
)
def test_a_quiet_lead_is_kept_twenty_four_months_whatever_its_stage(
    quiet_since: datetime, waited_for: bool, fate: Fate
) -> None:
    lead = replace(NOWHERE, stage="SQL", quiet_since=quiet_since, is_waited_for=waited_for)

    assert fate_of_lead(lead, RULE, MONDAY_TEN) is fate


def test_a_firm_may_keep_everything() -> None:
    for_good = Retention(unqualified_chat_days=0, quiet_lead_months=0)
    old = replace(NOWHERE, quiet_since=jst("1999-01-01 00:00"))

    assert fate_of_chat(old.quiet_since, old, for_good, qualified_from="MQL", now=MONDAY_TEN) is Fate.KEEP
    assert fate_of_lead(old, for_good, MONDAY_TEN) is Fate.KEEP


def test_the_command_knows_a_reason_for_everything_that_goes() -> None:
    assert set(command.WHY) == set(Fate) - {Fate.KEEP}
