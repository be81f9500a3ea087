"""How long one text takes to read, and how that grows with its length.

    python -m benchmarks.reading            the table
    python -m benchmarks.reading --rounds 50

What we promise: p50 below 0.3 ms and p99 below 2 ms for a text of up to 300 characters, below 20 ms for 4,000 hostile
ones, on one core. Times are wall-clock, so close other programs first.
"""

import argparse
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta, timezone
from statistics import quantiles

from dialogs.reading import read
from dialogs.reading.text import LONGEST
from qualification.bant import Topic

NOW = datetime(2026, 5, 14, 10, 0, tzinfo=timezone(timedelta(hours=9)))

ANSWERS: Sequence[tuple[Topic | None, str]] = (
    (Topic.BUDGET, "300万円くらいでしょうか"),
    (Topic.BUDGET, "最大でも月10万円までなら出せると思います"),
    (Topic.BUDGET, "まだ決まっていません"),
    (Topic.BUDGET, "somewhere between $50k and $80k a year"),
    (Topic.BUDGET, "no budget yet"),
    (Topic.TIMEFRAME, "来期に入ったら、ただし稟議しだいで"),
    (Topic.TIMEFRAME, "年内は無理なので来年4月以降ですね"),
    (Topic.TIMEFRAME, "by the end of Q3 at the latest"),
    (Topic.AUTHORITY, "最終的には役員会の承認が必要です"),
    (Topic.AUTHORITY, "my CFO signs off anything above 25k"),
    (Topic.NEED, "手作業が多くて残業が続いています"),
    (Topic.NEED, "we lose customers because replies are slow"),
    (Topic.CONTACT, "佐藤 花子です。hanako@example.jp / 03-1234-5678"),
    (Topic.COMPANY, "Redwood Analytics LLC, 75 people"),
    (None, "予算300、決裁は部長、年内導入、社員60名"),
    (None, "what are your prices?"),
)
MAILS: Sequence[tuple[Topic | None, str]] = (
    (
        None,
        "お世話になっております。弊社は社員60名ほどの製造業で、受発注を表計算で管理しており、手作業が多く月末は残業続きです。"
        "来年の春までに新しい仕組みへ移行したいと考えています。予算は初期費用で300万円程度を想定していますが、内容次第で上振れも"
        "検討可能です。最終的には役員会の承認が必要になりますので、まずは概算のお見積りをいただけますと幸いです。担当の田中です。",
    ),
    (
        None,
        "Hello, we are a logistics company with around 240 employees and we still track shipments in spreadsheets, "
        "which takes a lot of manual work every week. We would like to have something in place by the end of Q3. "
        "The budget we have set aside is roughly $40k to $60k, and our COO decides.",
    ),
)
HOSTILE: Sequence[tuple[str, str]] = (
    ("figures", "1"),
    ("figures and commas", "1,2"),
    ("kanji numbers", "一二三万"),
    ("amounts", "500万円まで"),
    ("ranges", "50k-"),
    ("dates", "2027/3/1から"),
    ("months", "march or "),
    ("undecided", "予算未定、"),
    ("negations", "not yet "),
    ("addresses", "a@b."),
    ("spaces", " "),
    ("accents", "e\u0301"),
    ("questions", "か?"),
)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rounds", type=int, default=20)
    rounds = options.parse_args().rounds
    for question, text in (*ANSWERS, *MAILS):  # the lexicons are compiled on first use
        reading(question, text)()
    print(f"{'text':<28}{'characters':>12}{'p50 ms':>10}{'p99 ms':>10}")
    show("answers", ANSWERS, rounds * 10)
    show("mails", MAILS, rounds * 10)
    for length in (75, 150, 300, 600, 1_200, 2_400, LONGEST):
        show(f"mail, {length} characters", [(None, lengthened(text, length)) for _, text in MAILS], rounds)
    for name, piece in HOSTILE:
        for length in (1_000, 2_000, LONGEST):
            show(f"hostile {name}", [(Topic.BUDGET, lengthened(piece, length))], max(3, rounds // 4))


def show(name: str, texts: Sequence[tuple[Topic | None, str]], rounds: int) -> None:
    times = [milliseconds(reading(question, text)) for _ in range(rounds) for question, text in texts]
    length = sum(len(text) for _, text in texts) // len(texts)
    percentile = quantiles(times, n=100, method="inclusive")
    print(f"{name:<28}{length:>12}{percentile[49]:>10.3f}{percentile[98]:>10.3f}")


def reading(question: Topic | None, text: str) -> Callable[[], object]:
    return lambda: read(text, question=question, now=NOW)


def milliseconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1_000


def lengthened(piece: str, length: int) -> str:
    return (piece * (length // len(piece) + 1))[:length]


if __name__ == "__main__":
    main()
