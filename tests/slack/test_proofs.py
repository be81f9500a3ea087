"""The proofs of the Slack doors in small; `python -m tests.chaos` runs them in full and prints the figures."""

import pytest

from tests.chaos.__main__ import PROGRAMS

IN_SECONDS = ("S1", "S3", "S4", "S5", "S6", "S27", "twenty-claims", "any-day")


@pytest.mark.parametrize("name", IN_SECONDS)
def test_the_promise_is_kept(name: str) -> None:
    assert PROGRAMS[name](True).broken == ()
