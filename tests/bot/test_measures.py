"""Numbers in the text that Prometheus reads."""

from math import inf

from bot.measures import Counter, Gauge, Histogram, exposed


def test_a_histogram_counts_what_is_no_larger_than_each_bound() -> None:
    waits = Histogram("wait_seconds", "How long.", "door", bounds=(0.5, 1))
    for seconds in (0.25, 0.5, 0.75, 30.0):
        waits.tally("chat").observe(seconds)

    assert exposed([waits]).decode().splitlines() == [
        "# HELP wait_seconds How long.",
        "# TYPE wait_seconds histogram",
        'wait_seconds_bucket{door="chat",le="0.5"} 2.0',
        'wait_seconds_bucket{door="chat",le="1.0"} 3.0',
        'wait_seconds_bucket{door="chat",le="+Inf"} 4.0',
        'wait_seconds_count{door="chat"} 4.0',
        'wait_seconds_sum{door="chat"} 31.5',
    ]


def test_what_was_never_counted_is_shown_as_none_unless_its_labels_are_unknown() -> None:
    sent, waiting, late = (
        Counter("sent_total", "Sent.", "kind"),
        Gauge("waiting", "Now."),
        Histogram("l", "L.", bounds=()),
    )
    late.tally()

    numbers = [line for line in exposed([sent, waiting, late]).decode().splitlines() if not line.startswith("#")]
    assert numbers == ["waiting 0.0", 'l_bucket{le="+Inf"} 0.0', "l_count 0.0", "l_sum 0.0"]


def test_a_count_grows_a_level_is_set_anew_and_no_label_breaks_its_line() -> None:
    sent, heart = Counter("sent_total", "Sent.", "kind"), Gauge("heart", "Age.", "part")
    sent.add('a "card"\n\\')
    sent.add('a "card"\n\\')
    heart.set(3, "worker")
    heart.set(inf, "worker")

    text = exposed([sent, heart]).decode()
    assert r'sent_total{kind="a \"card\"\n\\"} 2.0' in text
    assert 'heart{part="worker"} +Inf' in text
