"""Pictures for tests, whole and hostile ones."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

from PIL import Image
from PIL.PngImagePlugin import PngInfo

SECRET = "王示范 13900000000"


def picture(kind: str = "JPEG", size: tuple[int, int] = (64, 48), mode: str = "RGB", **options: Any) -> bytes:
    """A small picture: the upper left quarter red, the rest blue."""
    image = Image.new("RGB", size, (0, 0, 255))
    image.paste((255, 0, 0), (0, 0, size[0] // 2, size[1] // 2))
    out = io.BytesIO()
    image.convert(mode).save(out, kind, **options)
    return out.getvalue()


def with_exif(orientation: int = 1, size: tuple[int, int] = (64, 48)) -> bytes:
    """A JPEG with a position, a device, an owner and a comment."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = SECRET
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (39.0, 54.0, 26.4)
    return picture("JPEG", size, exif=exif, comment=SECRET.encode(), icc_profile=b"profile " + SECRET.encode())


def with_texts() -> bytes:
    """A PNG with plain, compressed and international texts."""
    texts = PngInfo()
    texts.add_text("Author", "SECRET-13900000000")
    texts.add_text("Comment", SECRET, zip=True)
    texts.add_itxt("XML:com.adobe.xmp", f"<x>{SECRET}</x>")
    return picture("PNG", pnginfo=texts)


def chunk(kind: bytes, body: bytes) -> bytes:
    """One PNG chunk."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(*chunks: bytes, width: int = 8, height: int = 8, pixels: bytes | None = None) -> bytes:
    """A grey PNG of this size with these chunks before its pixels."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    drawn = zlib.compress(b"\0" * (width + 1) * height) if pixels is None else pixels
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(chunks) + chunk(b"IDAT", drawn) + chunk(b"IEND", b"")


def swollen(size: int = 64 * 1024 * 1024) -> bytes:
    """Zeros that inflate to `size` bytes."""
    return zlib.compress(b"\0" * size, 9)


def hostile() -> dict[str, bytes]:
    """Files that must be refused, by what is wrong with them."""
    jpeg, whole = picture("JPEG"), picture("PNG")
    scans = (
        jpeg[: jpeg.index(b"\xff\xda")] + (b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00" + b"\0" * 4) * 500 + b"\xff\xd9"
    )
    return {
        "nothing": b"",
        "a page": b"<html><script>alert(1)</script></html>",
        "a drawing with script": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        "an archive": b"PK\x03\x04" + b"\0" * 100,
        "an animation of another kind": b"GIF89a" + b"\0" * 100,
        "too many pixels in a PNG": png(width=100_000, height=100_000, pixels=swollen(1024)),
        "too many pixels in a WebP": b"RIFF"
        + struct.pack("<I", 22)
        + b"WEBPVP8X"
        + struct.pack("<I", 10)
        + b"\0" * 4
        + b"\xff\x3f\0" * 2,
        "too many pixels in a JPEG": jpeg.replace(struct.pack(">HH", 48, 64), b"\xff\xfe\xff\xfe", 1),
        "a compressed text that swells": png(chunk(b"zTXt", b"Comment\0\0" + swollen())),
        "an international text that swells": png(chunk(b"iTXt", b"Comment\0\1\0\0\0" + swollen())),
        "a profile that swells": png(chunk(b"iCCP", b"Comment\0\0" + swollen())),
        "pixels that swell": png(pixels=swollen()),
        "very many empty chunks": png(*[chunk(b"aaAa", b"")] * 30_000),
        "very many scans": scans,
        "half a JPEG": jpeg[: len(jpeg) // 2],
        "half a PNG": whole[: len(whole) // 2],
        "half a WebP": picture("WEBP")[:40],
        "a PNG without its pixels": png(pixels=b""),
        "a PNG with broken pixels": png(pixels=b"\x78\x9c" + b"\xff" * 50),
        "a PNG with a false sum": whole.replace(b"IDAT", b"IDAT\0", 1)[:-1],
        "a PNG without size": png(width=0, height=0),
        "a PNG of an unknown kind": whole[:25] + b"\x09" + whole[26:],
        "an animated PNG": png(chunk(b"acTL", struct.pack(">II", 2, 0))),
        "an animated WebP": animated(),
        "a JPEG of noise": b"\xff\xd8\xff\xe0" + bytes(range(256)) * 8,
    }


def animated() -> bytes:
    """A WebP of two frames."""
    out = io.BytesIO()
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue")]
    frames[0].save(out, "WEBP", save_all=True, append_images=frames[1:], duration=100)
    return out.getvalue()
