"""How many machine instructions one reading takes: the same count however busy the machine is.

    python -m benchmarks.instructions

Counts (benchmarks/callgrind.py, half a minute) nothing but the readings of the texts of `benchmarks.reading`, each read
before, and prints the mean for each kind of text in millions.
"""

from collections.abc import Mapping, Sequence

from benchmarks import callgrind
from benchmarks.reading import ANSWERS, DENSE, MAILS, NOTES, NOW, lengthened
from dialogs.reading import read
from qualification.bant import Topic

KINDS: Mapping[str, Sequence[tuple[Topic | None, str]]] = {
    "answers": ANSWERS,
    "mails": MAILS,
    "call notes, 300 characters": [(None, lengthened(text, 300)) for _, text in NOTES],
    "dense, 300 characters": [(None, lengthened(text, 300)) for text in DENSE],
}


def main() -> None:
    if callgrind.is_counted():
        read_them()
        return
    counts = callgrind.counted("benchmarks.instructions", 2 * len(KINDS))
    print(f"{'text':<28}{'Japanese':>12}{'English':>12}")
    for at, (kind, texts) in enumerate(KINDS.items()):
        japanese = sum(not text.isascii() for _, text in texts)
        each = (counts[2 * at] / japanese, counts[2 * at + 1] / (len(texts) - japanese))
        print(f"{kind:<28}{each[0] / 1e6:>12.2f}{each[1] / 1e6:>12.2f}")


def read_them() -> None:
    for texts in KINDS.values():
        for question, text in (*texts, *texts):
            read(text, question=question, now=NOW)
    for texts in KINDS.values():
        for english in (False, True):
            callgrind.begin()
            for question, text in texts:
                if text.isascii() is english:
                    read(text + "   ", question=question, now=NOW)
            callgrind.end()


if __name__ == "__main__":
    main()
