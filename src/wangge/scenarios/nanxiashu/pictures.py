"""Street scenes drawn from a seed: a wall, a pavement, and what lies there before and after. No faces, no text."""

from __future__ import annotations

from io import BytesIO
from random import Random

from PIL import Image, ImageDraw, ImageFilter

SIZE = (800, 600)
_GROUND = 400


def scene(seed: str, *, clean: bool) -> bytes:
    """A JPEG of one place: the same street for the same seed, with the mess or without it."""
    rng = Random(seed)  # noqa: S311 - a drawing, not a secret
    image = Image.new("RGB", SIZE, _shade(rng, (176, 196, 214), 14))
    draw = ImageDraw.Draw(image)
    _houses(draw, rng)
    _street(draw, rng)
    mess = Random(f"{seed} mess")  # noqa: S311
    if clean:
        for _ in range(5):
            left, top = mess.randrange(120, 600), mess.randrange(430, 540)
            draw.ellipse((left, top, left + mess.randrange(60, 130), top + 14), fill=(128, 130, 131))
    else:
        _heap(draw, mess)
    soft = image.filter(ImageFilter.GaussianBlur(0.8))
    kept = BytesIO()
    soft.save(kept, "JPEG", quality=82)
    return kept.getvalue()


def _houses(draw: ImageDraw.ImageDraw, rng: Random) -> None:
    left = -20
    while left < SIZE[0]:
        width, top = rng.randrange(130, 230), rng.randrange(60, 190)
        wall = _shade(rng, (198, 184, 164), 30)
        draw.rectangle((left, top, left + width, _GROUND), fill=wall)
        for row in range(top + 20, _GROUND - 70, 56):
            for column in range(left + 18, left + width - 34, 48):
                draw.rectangle((column, row, column + 26, row + 34), fill=_shade(rng, (96, 118, 138), 18))
        draw.rectangle((left + 14, _GROUND - 56, left + width - 14, _GROUND), fill=_shade(rng, (122, 108, 96), 24))
        left += width + rng.randrange(6, 40)


def _street(draw: ImageDraw.ImageDraw, rng: Random) -> None:
    draw.rectangle((0, _GROUND, SIZE[0], 470), fill=(158, 157, 152))
    for joint in range(rng.randrange(0, 40), SIZE[0], 44):
        draw.line((joint, _GROUND, joint - 26, 470), fill=(140, 139, 134), width=2)
    draw.rectangle((0, 470, SIZE[0], SIZE[1]), fill=(104, 107, 110))
    for dash in range(rng.randrange(0, 60), SIZE[0], 130):
        draw.polygon([(dash, 560), (dash + 62, 560), (dash + 54, 570), (dash - 8, 570)], fill=(214, 210, 196))
    for _ in range(rng.randrange(1, 4)):
        trunk = rng.randrange(40, SIZE[0] - 40)
        draw.rectangle((trunk - 6, 260, trunk + 6, 430), fill=(92, 76, 60))
        draw.ellipse((trunk - 62, 150, trunk + 62, 300), fill=_shade(rng, (92, 128, 84), 18))


def _heap(draw: ImageDraw.ImageDraw, rng: Random) -> None:
    centre, floor = rng.randrange(220, 580), rng.randrange(450, 510)
    for _ in range(rng.randrange(14, 26)):
        left = centre + int(rng.gauss(0, 70))
        width, height = rng.randrange(24, 70), rng.randrange(20, 56)
        top = floor - height - rng.randrange(0, 26)
        colour = _shade(rng, rng.choice([(66, 70, 78), (188, 168, 120), (210, 208, 202), (112, 132, 104)]), 22)
        if rng.random() < 0.5:
            draw.ellipse((left, top, left + width, top + height), fill=colour, outline=(60, 60, 60))
        else:
            draw.rectangle((left, top, left + width, top + height), fill=colour, outline=(60, 60, 60))


def _shade(rng: Random, base: tuple[int, int, int], spread: int) -> tuple[int, int, int]:
    shift = rng.randrange(-spread, spread + 1)
    red, green, blue = (max(0, min(255, part + shift)) for part in base)
    return red, green, blue
