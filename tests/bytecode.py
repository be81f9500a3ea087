"""Compiled once, read by all: each worker of a run compiles its share of the tests, and finds what the others compiled.

Compiling what we wrote, and rewriting its asserts, takes as long as loading it. A run of tests starts dozens of
programs; where the machine says that nobody keeps bytecode (PYTHONDONTWRITEBYTECODE), each would compile it all anew.
"""

import os
import sys
from compileall import compile_file
from contextlib import suppress
from importlib import import_module
from itertools import islice
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = ("bot", "dialogs", "qualification", "templates")


def is_kept() -> None:
    """From here on, by us and by every program we start."""
    sys.dont_write_bytecode = False
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


def compile_rooms() -> None:
    """Every file of the program; what is compiled already costs a look."""
    for file in _files("*.py", *ROOMS):
        compile_file(file, quiet=2)


def share(number: int, workers: int) -> None:
    """Every so-maniest file of tests, rewritten as pytest does it."""
    for file in islice(_files("test_*.py", "tests"), number, None, workers):
        with suppress(Exception, pytest.skip.Exception):  # pytest comes to it as well, and says what is wrong
            import_module(".".join(file.relative_to(ROOT).with_suffix("").parts))


def _files(pattern: str, *rooms: str) -> list[Path]:
    return sorted(file for room in rooms for file in (ROOT / room).rglob(pattern))


is_kept()
