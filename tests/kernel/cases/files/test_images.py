"""What becomes of a photo: typed by content, upright, without metadata; and what is refused."""

from __future__ import annotations

import io
import time
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from tests.kernel.cases.files import pictures
from wangge.base.errors import InvalidInput, MalformedInput
from wangge.kernel.cases.files import images
from wangge.kernel.cases.files.images import redraw

HOSTILE = pictures.hostile()


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


@pytest.mark.parametrize(("kind", "media_type"), [("JPEG", "image/jpeg"), ("PNG", "image/png"), ("WEBP", "image/webp")])
def test_each_kind_is_known_by_its_content_and_stays_what_it_is(kind: str, media_type: str) -> None:
    kept = redraw(pictures.picture(kind))
    assert (kept.media_type, kept.width, kept.height) == (media_type, 64, 48)
    assert opened(kept.data).format == kind


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
def test_every_mode_of_a_png_is_kept_as_a_picture(mode: str) -> None:
    grey = Image.new("I;16", (64, 48), 40_000)
    out = io.BytesIO()
    grey.save(out, "PNG")
    kept = redraw(out.getvalue() if mode == "I;16" else pictures.picture("PNG", mode=mode))
    assert opened(kept.data).mode in ("L", "RGB", "RGBA")
    if mode == "I;16":
        assert opened(kept.data).getpixel((0, 0)) == 156


def test_colours_of_a_cmyk_jpeg_survive() -> None:
    red, green, blue = opened(redraw(pictures.picture(mode="CMYK")).data).convert("RGB").getpixel((5, 5))
    assert red > 200
    assert max(green, blue) < 60


@pytest.mark.parametrize("data", [pictures.with_exif(), pictures.with_texts()], ids=["jpeg", "png"])
def test_no_metadata_survives(data: bytes) -> None:
    kept = redraw(data)
    for stored in (kept.data, kept.thumb):
        assert b"13900000000" not in stored
        assert "王示范".encode() not in stored
        image = opened(stored)
        assert not image.getexif()
        assert not {"icc_profile", "comment", "exif", "xmp", "Author", "Comment"} & set(image.info)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_orientation_is_applied(orientation: int) -> None:
    kept = redraw(pictures.with_exif(orientation))
    size = (64, 48) if orientation < 5 else (48, 64)
    assert (kept.width, kept.height) == size
    assert opened(kept.data).size == size
    corner = {1: (5, 5), 2: (-6, 5), 3: (-6, -6), 4: (5, -6), 5: (5, 5), 6: (-6, 5), 7: (-6, -6), 8: (5, -6)}[
        orientation
    ]
    red, _, blue = opened(kept.data).getpixel((corner[0] % size[0], corner[1] % size[1]))
    assert red > 200 > 60 > blue


def test_the_thumbnail_is_small_and_flat() -> None:
    kept = redraw(pictures.picture("PNG", (2000, 1000), "RGBA"))
    assert opened(kept.thumb).size == (480, 240)
    assert opened(kept.thumb).mode == "RGB"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_what_is_appended_to_a_picture_is_not_kept(kind: str) -> None:
    kept = redraw(pictures.picture(kind) + b"PK\x03\x04<script>payload</script>")
    assert b"payload" not in kept.data


def test_a_large_png_becomes_a_jpeg(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(images, "LOSSLESS_PIXELS", 1000)
    assert redraw(pictures.picture("PNG", mode="RGBA")).media_type == "image/jpeg"


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_refused_quickly_and_in_little_memory(name: str) -> None:
    tracemalloc.start()
    started = time.process_time()
    try:
        with pytest.raises((InvalidInput, MalformedInput)) as refused:
            redraw(HOSTILE[name])
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert refused.value.field == "file"
    assert refused.value.expected
    assert peak < 32 * 1024 * 1024
    assert time.process_time() - started < 3


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(["JPEG", "PNG", "WEBP"]), st.data())
def test_a_damaged_picture_is_kept_or_refused_never_a_crash(kind: str, data: st.DataObject) -> None:
    damaged = bytearray(pictures.picture(kind))
    for _ in range(data.draw(st.integers(1, 6))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(damaged)))
    try:
        kept = redraw(bytes(damaged[:cut] if data.draw(st.booleans()) else damaged))
    except (InvalidInput, MalformedInput):
        return
    assert opened(kept.data).size == (kept.width, kept.height)


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from([b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF\x20\0\0\0WEBPVP8 ", b""]),
    st.binary(max_size=400),
)
def test_noise_behind_a_signature_is_refused(signature: bytes, noise: bytes) -> None:
    with pytest.raises((InvalidInput, MalformedInput)):
        redraw(signature + noise)
