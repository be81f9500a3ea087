"""The shipped policy with the 3-hour rule alone; several duties at once: test_duties.py."""

import pytest

from qualification.clock_rules import FIRST_CONTACT
from qualification.policy import Policy, shipped_policy


@pytest.fixture(scope="module")
def policy() -> Policy:
    shipped = shipped_policy()
    return shipped.model_copy(update={"follow_up": {FIRST_CONTACT: shipped.follow_up[FIRST_CONTACT]}})
