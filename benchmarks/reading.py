"""How long one text takes to read, and how that grows with its length.

    python -m benchmarks.reading            the table
    python -m benchmarks.reading --rounds 50

What we aim at: p50 below 0.3 ms and p99 below 2 ms for a text of up to 300 characters, below 20 ms for 4,000 hostile
ones, on one core. Times are CPU time of the thread (`--wall` for the clock on the wall), and no text is read twice in
a row: blanks behind it make each one new, so that nothing kept from the reading before is used again. "Least" is the
mean over the texts of the quickest reading of each: on a machine that others use as well it is the figure to compare.
The first two rows are what people really type: every line of the tests' tables, each read once by a reader that has
seen them all before, so that no list is made ready while it is timed.
"""

import argparse
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta, timezone
from statistics import mean, quantiles

from dialogs.reading import read
from dialogs.reading.text import LONGEST
from qualification.bant import Topic
from tests.dialogs.reading import table

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
NOTES: Sequence[tuple[Topic | None, str]] = (
    (
        None,
        "6/12 11時 山田製作所の佐藤部長と電話。受発注の転記ミスが月に数回あり、残業も増えている。来期4月の"
        "新システム稼働を希望、予算は300万前後、最終決裁は社長。来週火曜に資料を送付し、再来週デモ。社員120名、"
        "現行は表計算と自社開発の仕組み。"
        "他社にも見積依頼中とのこと。温度感は高め。ご本人は前向きだが情報システム部門の合意が要る。次回は同席で要件を詰めたい。"
        "懸念は移行期間中の二重入力と、既存の会計ソフトとの連携。電話の印象では年内に社内の合意をまとめ、"
        "年明けに稟議を回す段取り。導入の効果は工数の削減で示してほしいと言われた。事例集を希望。",
    ),
    (
        None,
        "Spoke with Dana Reyes, ops manager at Brightline Freight. They re-key orders into three systems, lots "
        "of errors. Budget around $45k for the first year, CFO has to sign. Wants it live before peak season, so by "
        "end of August. Evaluating two other vendors. About 180 employees. Sending deck today.",
    ),
)
DENSE = (
    "予算300、決裁は部長、年内導入、社員60名。最大でも月10万円、来期4月から、遅くとも9月末、初期50万円、上限500万、",
    "Budget 40-60k, live by Q3, CFO signs, 75 people, at most $5k a month, not before March, pilot in May, "
    "go-live June. ",
)
UNLIKE = 60
"""Different lengths of one text, more than the reader keeps."""

Clock = Callable[[], int]
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
    ("commas", ","),
    ("telephones", "03-1234-5678 "),
    ("braces", "{"),
    ("years", "1年"),
    ("kana", "い"),
    ("stops", "やめて、"),
)
HOSTILE_ANSWERS: Sequence[tuple[Topic, str, str]] = (
    (Topic.NEED, "subjects", "予"),
    (Topic.AUTHORITY, "signs", "&"),
)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rounds", type=int, default=20)
    options.add_argument("--wall", action="store_true")
    given = options.parse_args()
    rounds, clock = given.rounds, time.perf_counter_ns if given.wall else time.thread_time_ns
    for question, text in (*ANSWERS, *MAILS, *NOTES):  # the lexicons are compiled on first use
        read(text, question=question, now=NOW)
    print(f"{'text':<28}{'characters':>12}{'p50 ms':>10}{'p99 ms':>10}{'least ms':>10}")
    show_the_tables(clock)
    show("answers", ANSWERS, rounds * 10, clock)
    show("mails", MAILS, rounds * 10, clock)
    show("call notes", NOTES, rounds * 10, clock)
    show("call notes, 300 characters", [(None, lengthened(text, 300)) for _, text in NOTES], rounds * 10, clock)
    show("dense, 300 characters", [(None, lengthened(text, 300)) for text in DENSE], rounds * 10, clock)
    for length in (75, 150, 300, 600, 1_200, 2_400, LONGEST):
        show(f"mail, {length} characters", [(None, lengthened(text, length)) for _, text in MAILS], rounds, clock)
    for question, name, piece in (*((Topic.BUDGET, *each) for each in HOSTILE), *HOSTILE_ANSWERS):
        for length in (1_000, 2_000, LONGEST):
            show(f"hostile {name}", [(question, lengthened(piece, length))], max(3, rounds // 4), clock)


def show_the_tables(clock: Clock) -> None:
    lines = table.load()
    for line in lines:
        read(line.text, question=line.question, now=NOW)
    for language, name in (("ja", "Japanese"), ("en", "English")):
        texts = [(line.question, line.text) for line in lines if line.language == language]
        took = [milliseconds(text, question, clock) for question, text in texts]
        row(f"{len(texts):,} {name} lines", mean(len(text) for _, text in texts), took)


def show(name: str, texts: Sequence[tuple[Topic | None, str]], rounds: int, clock: Clock) -> None:
    by_text = [
        [milliseconds(text[: LONGEST - UNLIKE] + " " * (at % UNLIKE), question, clock) for at in range(rounds)]
        for question, text in texts
    ]
    took = [time for times in by_text for time in times]
    row(name, mean(len(text) for _, text in texts), took, f"{mean(map(min, by_text)):>10.3f}")


def row(name: str, length: float, took: Sequence[float], least: str = "") -> None:
    percentile = quantiles(took, n=100, method="inclusive")
    print(f"{name:<28}{length:>12.0f}{percentile[49]:>10.3f}{percentile[98]:>10.3f}{least}")


def milliseconds(text: str, question: Topic | None, clock: Clock) -> float:
    start = clock()
    read(text, question=question, now=NOW)
    return (clock() - start) / 1_000_000


def lengthened(piece: str, length: int) -> str:
    return (piece * (length // len(piece) + 1))[:length]


if __name__ == "__main__":
    main()
