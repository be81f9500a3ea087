"""The desk's pictures are all shown, all there, and small."""

import re
import struct
import zlib

from tests.chat_surfaces import DEMO, SHOWN
from tests.small_png import SIGNATURE, shrunk
from tests.surfaces import IMAGES, SURFACES

ALL_TOGETHER = 1_600_000


def test_every_surface_is_drawn_and_shown_with_a_sentence() -> None:
    drawn = {path.name for path in IMAGES.glob("desk-*.png")}
    assert drawn == {f"desk-{surface.name}.png" for surface in SURFACES}
    shown = re.findall(r"images/(desk-[\w-]+\.png)", (IMAGES.parent / "desk.md").read_text("utf-8"))
    assert set(shown) == drawn
    assert sum(path.stat().st_size for path in IMAGES.glob("*.png")) < ALL_TOGETHER


def test_every_moment_of_the_chat_that_is_drawn_is_shown() -> None:
    drawn = {path.name for path in IMAGES.glob("chat-*.png")}
    assert drawn == {f"chat-{name}.png" for name in SHOWN}
    assert set(re.findall(r"images/(chat-[\w-]+\.png)", (IMAGES.parent / "widget.md").read_text("utf-8"))) == drawn


def test_the_first_picture_of_the_readme_is_one_that_is_drawn_and_no_other_picture_lies_about() -> None:
    assert f"docs/images/{DEMO}.png" in (IMAGES.parents[1] / "README.md").read_text("utf-8")
    others = {path.stem for path in IMAGES.glob("*.png") if path.stem.partition("-")[0] not in ("desk", "chat")}
    assert others == {DEMO}


def test_a_picture_made_small_keeps_its_pixels() -> None:
    pixels = [bytes((at, 255 - at, 7)) for at in range(6)]
    lines = b"".join(b"\x00" + b"".join(pixels[start : start + 3]) for start in (0, 3))
    head = struct.pack(">IIBBBBB", 3, 2, 8, 2, 0, 0, 0)
    png = SIGNATURE + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in ((b"IHDR", head), (b"IDAT", zlib.compress(lines)), (b"IEND", b""))
    )
    small = shrunk(png)
    palette = small[small.index(b"PLTE") + 4 :][:18]
    assert {palette[at : at + 3] for at in range(0, 18, 3)} == set(pixels)
