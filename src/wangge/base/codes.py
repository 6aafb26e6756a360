"""The forms of codes, one table: how many digits each segment has, and where the last one may differ between places.

Region 12 = 6 (GB/T 2260) + 3 + 3; unit grid 15 = 6 + 3 + 3 + 3, in older practice 14 with two digits at the end; part
16 = 6 + 2 + 2 + 6; case 19 = 6 + 8 (date) + 5, composition assumed (domain reference, 1.2). The code of an area, a part
or a case is never given again, also after its end: their tables hold that.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from wangge.base.errors import InvalidInput


class Form(NamedTuple):
    """Names and digits of the segments, the lengths that the last one may have, whether it may grow beyond that."""

    segments: tuple[tuple[str, int], ...]
    last: tuple[int, ...]
    grows: bool = False


FORMS: Mapping[str, Form] = {
    "region": Form((("region", 6), ("subdistrict", 3), ("community", 3)), (3,)),
    "grid": Form((("region", 6), ("subdistrict", 3), ("community", 3), ("grid", 3)), (3, 2)),
    "part": Form((("region", 6), ("major", 2), ("minor", 2), ("serial", 6)), (6,)),
    "case": Form((("region", 6), ("date", 8), ("serial", 5)), (5, 6, 7, 8, 9), grows=True),
}
"""What each code is made of. The first length of `last` is the usual one. The serial of a case counts on over the days
and has more digits once it needs them."""


def check_last(kind: str, last: int) -> int:
    """The length of the last segment, where this kind of code may have it. Raises `InvalidInput`."""
    form = FORMS.get(kind)
    if form is None:
        raise InvalidInput(
            "There is no such kind of code.", field="kind", value=kind, expected="one of " + ", ".join(FORMS)
        )
    if last not in form.last:
        raise InvalidInput(
            f"The last segment of a {kind} code has not {last} digits.",
            field="last",
            value=last,
            expected="one of " + ", ".join(map(str, form.last)),
        )
    return last


def described(kind: str, last: int | None = None) -> str:
    """The form in words: “15 digits: region 6, subdistrict 3, community 3, grid 3”."""
    segments = segments_of(kind, last)
    words = ", ".join(f"{name} {digits}" for name, digits in segments)
    least = "at least " if FORMS[kind].grows else ""
    return f"{least}{sum(digits for _, digits in segments)} digits: {words}"


def segments_of(kind: str, last: int | None = None) -> tuple[tuple[str, int], ...]:
    """The segments with the last one as long as `last` says (None: as usual)."""
    form = FORMS[kind]
    *first, (name, digits) = form.segments
    return (*first, (name, digits if last is None else check_last(kind, last)))


def read(kind: str, text: str, last: int | None = None, *, field: str = "code") -> dict[str, str]:
    """The segments of a code by name. Raises `InvalidInput` that names the value and what would be right."""
    segments = segments_of(kind, last)
    length = sum(digits for _, digits in segments)
    fits = len(text) >= length if FORMS[kind].grows else len(text) == length
    if not (text.isascii() and text.isdigit() and fits):
        raise InvalidInput(
            f"This is no {kind} code: it has {len(text)} characters.",
            field=field,
            value=text[:40],
            expected=described(kind, last),
        )
    found: dict[str, str] = {}
    at = 0
    for name, digits in segments:
        found[name] = text[at : at + digits]
        at += digits
    name = segments[-1][0]
    found[name] += text[at:]
    if kind == "case":
        _check_date(found["date"], text, field)
    return found


def _check_date(digits: str, text: str, field: str) -> None:
    try:
        date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError as error:
        raise InvalidInput(
            f"“{digits}” in this case number is no date.", field=field, value=text, expected=described("case")
        ) from error


def part_class(code: str) -> str:
    """The class that a part code names: “3205080101000001” → “P0101”. Raises `InvalidInput`."""
    found = read("part", code)
    return f"P{found['major']}{found['minor']}"
