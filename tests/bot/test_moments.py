"""An instant and a span as people read them, in the zone of the firm."""

from datetime import datetime

import pytest

from tests.bot.said import FRIDAY_NOON, WORDS

MOMENTS = [
    ("2026-05-15T15:00+09:00", "本日15:00", "today 3:00 pm"),
    ("2026-05-15T06:00+00:00", "本日15:00", "today 3:00 pm"),  # the firm's zone, whatever the instant is written in
    ("2026-05-15T09:05+09:00", "本日9:05", "today 9:05 am"),
    ("2026-05-15T12:00+09:00", "本日12:00", "today 12 noon"),
    ("2026-05-15T00:30+09:00", "本日0:30", "today 12:30 am"),
    ("2026-05-16T11:10+09:00", "明日(土)11:10", "tomorrow (Sat) 11:10 am"),
    ("2026-05-14T18:00+09:00", "昨日(木)18:00", "yesterday (Thu) 6:00 pm"),
    ("2026-05-18T11:10+09:00", "5月18日(月) 11:10", "Mon 18 May, 11:10 am"),
    ("2027-01-04T09:00+09:00", "2027年1月4日(月) 9:00", "Mon 4 Jan 2027, 9:00 am"),
]


@pytest.mark.parametrize(("at", "japanese", "english"), MOMENTS)
def test_an_instant_is_said_in_the_zone_of_the_firm(at: str, japanese: str, english: str) -> None:
    instant = datetime.fromisoformat(at)
    assert WORDS.when(instant, "ja", FRIDAY_NOON) == japanese
    assert WORDS.when(instant, "en", FRIDAY_NOON) == english


@pytest.mark.parametrize(
    ("minutes", "japanese", "english"),
    [
        (0, "1分未満", "less than 1 min"),
        (45, "45分", "45 min"),
        (120, "2時間", "2 h"),
        (80, "1時間20分", "1 h 20 min"),
        (-80, "1時間20分", "1 h 20 min"),
        (1_500, "25時間", "25 h"),
    ],
)
def test_a_span_is_said_in_hours_and_minutes(minutes: int, japanese: str, english: str) -> None:
    assert WORDS.span(minutes, "ja") == japanese
    assert WORDS.span(minutes, "en") == english
