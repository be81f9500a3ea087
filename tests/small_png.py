"""A screenshot made small: its commonest colours (32 do mostly) as a palette, every other pixel the nearest of them."""

import struct
import zlib
from collections import Counter
from collections.abc import Iterator

SIGNATURE = b"\x89PNG\r\n\x1a\n"
MOST = 32


def shrunk(png: bytes, *, most: int = MOST) -> bytes:
    """The same picture with at most `most` colours, 256 or fewer. Takes what browsers write: 8 bits, RGB or RGBA, not interlaced."""
    chunks = list(_chunks(png))
    width, height, _, kind = struct.unpack(">IIBB", chunks[0][1][:10])
    size = {2: 3, 6: 4}[kind]
    rows = _rows(zlib.decompress(b"".join(data for name, data in chunks if name == b"IDAT")), width * size, size)
    pixels = [[row[at : at + 3] for at in range(0, len(row), size)] for row in rows]
    counted = Counter(pixel for row in pixels for pixel in row)
    palette = [pixel for pixel, _ in counted.most_common(most)]
    place = {pixel: number for number, pixel in enumerate(palette)}
    for pixel in counted:
        place.setdefault(pixel, _nearest(pixel, palette))
    body = b"".join(b"\x00" + bytes(place[pixel] for pixel in row) for row in pixels)
    head = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    parts = ((b"IHDR", head), (b"PLTE", b"".join(palette)), (b"IDAT", zlib.compress(body, 9)), (b"IEND", b""))
    return SIGNATURE + b"".join(_chunk(name, data) for name, data in parts)


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(SIGNATURE)
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        yield png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        at += 12 + length


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def _rows(raw: bytes, length: int, size: int) -> Iterator[bytes]:
    """The lines of the picture, each line's filter undone."""
    before = bytearray(length)
    for at in range(0, len(raw), length + 1):
        line = bytearray(raw[at + 1 : at + 1 + length])
        _undo(raw[at], line, before, size)
        yield bytes(line)
        before = line


def _undo(kind: int, line: bytearray, above: bytearray, size: int) -> None:
    if kind == 0:
        return
    for at in range(len(line)):
        left = line[at - size] if at >= size else 0
        corner = above[at - size] if at >= size else 0
        guess = (0, left, above[at], (left + above[at]) // 2, _paeth(left, above[at], corner))[kind]
        line[at] = (line[at] + guess) & 255


def _paeth(left: int, up: int, corner: int) -> int:
    straight = left + up - corner
    return min((left, up, corner), key=lambda one: abs(straight - one))


def _nearest(pixel: bytes, palette: list[bytes]) -> int:
    return min(range(len(palette)), key=lambda at: sum((a - b) ** 2 for a, b in zip(pixel, palette[at], strict=True)))
