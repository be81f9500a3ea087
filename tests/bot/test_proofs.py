"""The proofs of the clock in small; `python -m tests.chaos` runs them in full and prints the figures."""

import pytest

from tests.chaos.__main__ import PROGRAMS

IN_SECONDS = ("R1", "R14", "R19", "R24")


@pytest.mark.parametrize("name", IN_SECONDS)
def test_the_promise_is_kept(name: str) -> None:
    assert PROGRAMS[name](True).broken == ()
