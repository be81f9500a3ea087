"""In place of the Python that pytest-xdist starts for a worker: one forked from the process that has loaded the program.

It is given the wires of this one, which only waits for its end; what is typed on our command line was meant for Python.
"""

import os
import signal
import sys
from pathlib import Path

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).parent.parent)

from tests.loaded import Begun


def work_as_told(folder: str, settings: dict[str, str]) -> None:
    """As `python -c` would that pytest-xdist asked for: do what the first line on the wire says."""
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(settings)
    sys.argv = ["-c"]
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115  # as long as the process
    exec(eval(sys.stdin.readline()), {"__name__": "__main__"})


if __name__ == "__main__":
    from tests.worker import work_as_told as as_a_worker  # by a name that the other process knows

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # of Ctrl-C thinks who is forked
    sys.exit(Begun(as_a_worker, os.getcwd(), dict(os.environ)).wait())
