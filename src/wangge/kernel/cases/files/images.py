"""From bytes that somebody sent to a photo that may be kept: drawn anew, upright, without any metadata.

What is kept is always an encoding of our own, so nothing of the sender's file survives but the picture: no
position, no device, no text, nothing appended. Memory is bounded by the pixel limit, and one image at a time
is decoded in a process.
"""

from __future__ import annotations

import io
import threading
from collections.abc import Callable
from typing import NamedTuple

from PIL import Image, ImageOps
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.WebPImagePlugin import WebPImageFile

from wangge.kernel.cases.files.sniffing import TYPES, broken, sniff

THUMB_EDGE = 480
"""The longest edge of a thumbnail, pixels."""
LOSSLESS_PIXELS = 8_000_000
"""Up to here a PNG or WebP stays what it is; larger ones become JPEG, which is many times faster to write."""

_one_at_a_time = threading.Lock()


class Kept(NamedTuple):
    """The photo as kept: encoded bytes and thumbnail (JPEG), size in pixels, media type and file suffix."""

    data: bytes
    thumb: bytes
    width: int
    height: int
    media_type: str
    suffix: str


def redraw(data: bytes) -> Kept:
    """Decode, turn upright, encode anew without metadata. Raises `MalformedInput` or `InvalidInput`."""
    found = sniff(data)
    with _one_at_a_time:
        try:
            image = _upright(found.drawn, found.kind)
            width, height = image.size
            kind = found.kind if width * height <= LOSSLESS_PIXELS else "JPEG"
            kept = _encode(image, kind)
            image.thumbnail((THUMB_EDGE, THUMB_EDGE), reducing_gap=3.0)
            thumb = _encode(image, "JPEG", quality=80)
        except Exception as error:  # decoders raise anything on hostile bytes
            raise broken("it cannot be decoded") from error
    return Kept(kept, thumb, width, height, TYPES[kind], _SUFFIXES[kind])


def _upright(drawn: bytes, kind: str) -> Image.Image:
    """The picture in mode L, RGB or RGBA, as it should be looked at."""
    image: Image.Image = _READERS[kind](io.BytesIO(drawn))
    image.load()
    ImageOps.exif_transpose(image, in_place=True)
    if image.mode.startswith("I"):  # 16 bits of grey
        image = image.convert("I").point(lambda value: value / 256).convert("L")
    clear = "transparency" in image.info or image.mode in ("RGBA", "LA", "PA", "La", "RGBa")
    wanted = "RGBA" if clear else "L" if image.mode in ("1", "L") else "RGB"
    if image.mode != wanted:
        image = image.convert(wanted)
    image.info = {}
    return image


def _encode(image: Image.Image, kind: str, *, quality: int = 88) -> bytes:
    out = io.BytesIO()
    if kind == "JPEG" and image.mode == "RGBA":
        ground = Image.new("RGB", image.size, "white")
        ground.paste(image, mask=image.getchannel("A"))
        image = ground
    if kind == "PNG":
        image.save(out, "PNG", compress_level=6)
    elif kind == "WEBP":
        image.save(out, "WEBP", quality=quality, method=2)
    else:
        image.save(out, "JPEG", quality=quality)
    return out.getvalue()


# The readers are named, not found by trying: no other format's parser ever sees the bytes.
_READERS: dict[str, Callable[[io.BytesIO], Image.Image]] = {
    "JPEG": JpegImageFile,
    "PNG": PngImageFile,
    "WEBP": WebPImageFile,
}
_SUFFIXES = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp"}
