"""The ids we give: short, told apart, and in the order in which they were made."""

import os
from datetime import UTC, datetime, timedelta

import pytest

from qualification.ids import BEHIND_ALL, LETTERS, OrderedIds, RandomIds, is_id, random_id

NOW = datetime(2026, 5, 18, 1, 0, tzinfo=UTC)


def test_a_random_id_is_short_and_no_two_are_alike() -> None:
    made = {random_id() for _ in range(2_000)}

    assert len(made) == 2_000
    assert all(is_id(one) and len(one) == LETTERS and one < BEHIND_ALL for one in made)


def test_ids_made_one_after_the_other_begin_alike_and_after_a_while_elsewhere() -> None:
    ids = RandomIds()
    made = [ids.next() for _ in range(20 * 1_024)]

    beginnings = [one[:3] for one in made]
    assert len(set(beginnings[:1_024])) == 1
    assert len(set(beginnings)) > 10
    assert len({one[3:] for one in made}) == len(made)


def test_what_has_another_shape_is_none_of_our_ids() -> None:
    assert not any(map(is_id, ("", "0c8hq2lmv61", "0c8hq2lmv61t0", "0C8HQ2LMV61T", "0c8hq2lmv61z", "0c8hq2lmv61t\n")))


def test_an_ordered_id_sorts_by_its_instant_whatever_ends_it() -> None:
    moments = [NOW + timedelta(microseconds=2**power) for power in range(60 - 12)]
    made = [OrderedIds().next(at) for at in moments]

    assert made == sorted(made)
    assert {len(one) for one in made} == {16}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no such children")
def test_a_child_of_a_process_gives_ids_of_its_own() -> None:
    ids = RandomIds()
    ids.next()
    told, tells = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(tells, ids.next().encode())
        os._exit(0)
    os.waitpid(child, 0)
    assert os.read(told, 100).decode() != ids.next()
    os.close(told)
    os.close(tells)
