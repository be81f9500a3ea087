"""Traces for whoever asks for them: whose work goes on here, and a collector that is away. A whole story's spans:

tests/journeys/test_whole_journey.py.
"""

import pytest

from bot.running import trails_of
from bot.settings import BadSettings, Settings, load_settings
from bot.trails import Trails
from tests.log_book import log_book

THEIR_TRACE, THEIR_SPAN = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"


def test_without_a_collector_nothing_is_kept() -> None:
    assert type(trails_of(Settings())) is Trails


def test_a_collector_has_to_be_an_address() -> None:
    with pytest.raises(BadSettings, match="BANTLINE_TRACES"):
        load_settings({"BANTLINE_TRACES": "collector:4317"})


def test_the_trace_of_whoever_asks_goes_on_here() -> None:
    traces = pytest.importorskip("bot.traces", reason="the extra `traces` is not installed")
    from tests.collector import collector

    with collector() as kept:
        trails = traces.Traces(kept.url)
        with trails.begin("chat_message", {"traceparent": f"00-{THEIR_TRACE}-{THEIR_SPAN}-01"}) as trail:
            assert trail.number == THEIR_TRACE
        with trails.begin("chat_message", {"traceparent": "00-nonsense"}) as trail:
            assert trail.number != THEIR_TRACE
        with trails.begin("chat_message", {"traceparent": f"00-{THEIR_TRACE}-{THEIR_SPAN}-00"}) as unwanted:
            assert unwanted.number == THEIR_TRACE
        trails.close()

    assert [(span.trace, span.above) for span in kept.spans] == [(THEIR_TRACE, THEIR_SPAN), (trail.number, "")]


def test_work_that_came_to_nothing_is_told_without_its_words() -> None:
    traces = pytest.importorskip("bot.traces", reason="the extra `traces` is not installed")
    from tests.collector import collector

    with collector() as kept:
        trails = traces.Traces(kept.url)
        with pytest.raises(ValueError, match="canary"), trails.begin("errand", kind="mail"):
            raise ValueError("canary@example.jp")
        trails.close()

    assert kept.spans[0].told == {"bantline.kind": "mail", "error.type": "ValueError"}
    assert b"canary" not in b"".join(kept.raw)


def test_a_collector_that_is_away_costs_spans_and_nothing_else() -> None:
    traces = pytest.importorskip("bot.traces", reason="the extra `traces` is not installed")
    with log_book() as log:
        trails = traces.Traces("http://127.0.0.1:9")
        for _ in range(1_100):
            with trails.begin("chat_message"):
                pass
        trails.close()

    assert log.getvalue().count("traces_lost") == 1
    assert "Traceback" not in log.getvalue()
