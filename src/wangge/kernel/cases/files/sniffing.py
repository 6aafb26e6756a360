"""What an image claims to be, read from its container alone: nothing is decoded or inflated without bound.

The walk refuses what a decoder would pay for: more pixels than allowed, animations, a JPEG of very many
scans, compressed parts that swell. The type comes from here, from the content, never from the sender's word.
"""

from __future__ import annotations

import re
import zlib
from typing import NamedTuple

from wangge.base.errors import InvalidInput, MalformedInput

MOST_PIXELS = 50_000_000
"""The most pixels that are decoded: 200 MB as RGBA, more than any phone's photo."""
MOST_SCANS = 64
"""Scans of a progressive JPEG; encoders write about ten, each costs a pass over all pixels."""
MOST_CHUNKS = 20_000
MOST_INFLATED = 4 * 1024 * 1024
"""What the compressed texts and profiles of a PNG may swell to, in bytes, all together."""
TYPES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
FIELD = "file"
_STEP = 256 * 1024

_PNG = b"\x89PNG\r\n\x1a\n"
_PNG_DRAWS = frozenset({b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"eXIf", b"IEND"})
_JPEG_MARKER = re.compile(rb"\xff+([^\x00\xff\xd0-\xd7])")
_JPEG_FRAMES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})


class Sniffed(NamedTuple):
    """The kind (`JPEG`, `PNG`, `WEBP`), the size in pixels before any turning, and the bytes that draw it.

    `drawn` is the image without what follows its end; of a PNG only the chunks that draw it or turn it.
    """

    kind: str
    width: int
    height: int
    drawn: bytes


def sniff(data: bytes) -> Sniffed:
    """Read the container. Raises `InvalidInput` for what is no JPEG, PNG or WebP or too many pixels, and
    `MalformedInput` for one that is broken."""
    if data.startswith(b"\xff\xd8\xff"):
        found = _jpeg(data)
    elif data.startswith(_PNG):
        found = _png(data)
    elif data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        found = _webp(data)
    else:
        raise InvalidInput("This is not a photo that can be kept.", field=FIELD, expected="a JPEG, PNG or WebP image")
    if not found.width or not found.height:
        raise broken("it has no size")
    if found.width * found.height > MOST_PIXELS:
        raise InvalidInput(
            f"The image has {found.width} × {found.height} pixels.",
            field=FIELD,
            value=f"{found.width} × {found.height}",
            expected=f"at most {MOST_PIXELS // 1_000_000} megapixels",
        )
    return found


def broken(why: str) -> MalformedInput:
    """The error for an image that is not whole."""
    return MalformedInput(f"The image is broken: {why}.", field=FIELD, expected="a whole JPEG, PNG or WebP image")


def _png(data: bytes) -> Sniffed:
    kept, pixels, at, allowance = [_PNG], bytearray(), len(_PNG), MOST_INFLATED
    header = b""
    for _ in range(MOST_CHUNKS):
        length, kind = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        end = at + 12 + length
        if end > len(data):
            raise broken("it ends too early")
        body = data[at + 8 : end - 4]
        if not header:
            if kind != b"IHDR" or length != 13:
                raise broken("it does not begin with a header")
            header = body
        if kind in (b"acTL", b"fcTL", b"fdAT"):
            raise _animated()
        if kind in (b"zTXt", b"iTXt", b"iCCP"):
            allowance -= _text_size(kind, body, allowance)
        if kind in _PNG_DRAWS:
            kept.append(data[at:end])
        if kind == b"IDAT":
            pixels += body
        if kind == b"IEND":
            width, height = (int.from_bytes(header[start : start + 4], "big") for start in (0, 4))
            if width * height <= MOST_PIXELS:  # else it is refused anyway
                _check_png_pixels(header, width, height, pixels)
            return Sniffed("PNG", width, height, b"".join(kept))
        at = end
    raise broken("it has too many parts")


def _check_png_pixels(header: bytes, width: int, height: int, pixels: bytes | bytearray) -> None:
    """Raise unless the data inflate to no more than the header's pixels take (with room for interlacing)."""
    channels = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}.get(header[9])
    if channels is None or header[8] not in (1, 2, 4, 8, 16):
        raise broken("its header is not one of a PNG")
    allowed = height * (1 + -(-width * channels * header[8] // 8)) + 8 * height + 64
    if _inflated_size(pixels, allowed) > allowed:
        raise broken("its data swell beyond its pixels")


def _text_size(kind: bytes, body: bytes, allowance: int) -> int:
    """How many bytes the text or profile of a chunk takes once inflated. Raises when beyond the allowance."""
    rest = body.partition(b"\0")[2]
    if kind == b"iTXt":
        if rest[:1] != b"\1":
            return len(rest)
        rest = rest[2:].partition(b"\0")[2].partition(b"\0")[2]
    else:
        rest = rest[1:]
    size = _inflated_size(rest, allowance)
    if size > allowance:
        raise broken("its texts swell beyond measure")
    return size


def _inflated_size(data: bytes | bytearray, limit: int) -> int:
    """How many bytes come out, counted no further than just beyond `limit`; nothing of it is held."""
    inflater, size, rest = zlib.decompressobj(), 0, bytes(data)
    try:
        while rest and size <= limit:
            size += len(inflater.decompress(rest, _STEP))
            rest = inflater.unconsumed_tail
    except zlib.error:
        pass  # broken: the decoder says so for pixels, and texts are thrown away
    return size


def _animated() -> InvalidInput:
    return InvalidInput("The image is animated.", field=FIELD, expected="a still image")


def _jpeg(data: bytes) -> Sniffed:
    at, scans, size = 2, 0, (0, 0)
    for _ in range(MOST_CHUNKS):
        found = _JPEG_MARKER.search(data, at)
        if found is None:
            raise broken("it ends too early")
        marker, at = found.group(1)[0], found.end()
        if marker == 0xD9:
            return Sniffed("JPEG", *size, data[:at])
        if marker in (0x01, 0xD8):
            continue
        length = int.from_bytes(data[at : at + 2], "big")
        if length < 2 or at + length > len(data):
            raise broken("it ends too early")
        if marker in _JPEG_FRAMES:
            height, width = (int.from_bytes(data[at + start : at + start + 2], "big") for start in (3, 5))
            size = (max(width, size[0]), max(height, size[1]))
        if marker == 0xDA:
            scans += 1
            if scans > MOST_SCANS:
                raise broken("it has too many scans")
        at += length
    raise broken("it has too many parts")


def _webp(data: bytes) -> Sniffed:
    end = 8 + int.from_bytes(data[4:8], "little")
    if end > len(data) or len(data) < 30:
        raise broken("it ends too early")
    kind, body = data[12:16], data[20:30]
    if kind == b"VP8X":
        if body[0] & 0x02:
            raise _animated()
        width, height = (1 + int.from_bytes(body[start : start + 3], "little") for start in (4, 7))
    elif kind == b"VP8 " and body[3:6] == b"\x9d\x01\x2a":
        width, height = (int.from_bytes(body[start : start + 2], "little") & 0x3FFF for start in (6, 8))
    elif kind == b"VP8L" and body[0] == 0x2F:
        bits = int.from_bytes(body[1:5], "little")
        width, height = 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    else:
        raise broken("it does not begin with a header")
    return Sniffed("WEBP", width, height, data[:end])
