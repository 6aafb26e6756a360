"""Seeded draws, pure: blind samples, and who inspects where away from their own ground (交叉督查).

Whoever has the seed and the inputs gets the same result: order follows SHA-256 of seed and name, nothing else. The
digest covers the inputs in canonical form, so that inputs exchanged afterwards are found.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from wangge.base.errors import InvalidInput

KINDS = ("sample", "cross")


def digest(inputs: Mapping[str, Any]) -> str:
    """The SHA-256 of the inputs as JSON with sorted keys and no spaces, in hexadecimal."""
    text = json.dumps(inputs, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _order(seed: str, *parts: str) -> str:
    return hashlib.sha256("|".join((seed, *parts)).encode()).hexdigest()


def sample(seed: str, names: Sequence[str], count: int) -> list[str]:
    """`count` of the names, in the order drawn. Raises `InvalidInput` for more than there are."""
    if not 0 < count <= len(names):
        raise InvalidInput("So many cannot be drawn.", field="count", value=count, expected=f"1 to {len(names)}")
    return sorted(names, key=lambda name: (_order(seed, name), name))[:count]


def cross(
    seed: str, inspectors: Sequence[str], areas: Sequence[str], barred: Sequence[tuple[str, str]]
) -> dict[str, str]:
    """An inspector for each area, '' where nobody is free of it; nobody gets a barred (inspector, area).

    As evenly as can be: nobody gets more than areas divided by inspectors, rounded up. Areas are filled as far as any
    assignment could (augmenting paths), in the order of the seed.
    """
    if not inspectors or not areas:
        raise InvalidInput("A draw needs inspectors and areas.", field="inspectors", value=len(inspectors),
                           expected="somebody who inspects, and an area")
    excluded = set(barred)
    most = -(-len(areas) // len(inspectors))
    has: dict[str, list[str]] = {one: [] for one in inspectors}
    ranked = {
        area: sorted((one for one in inspectors if (one, area) not in excluded),
                     key=lambda one: (_order(seed, area, one), one))
        for area in areas
    }

    def place(area: str, tried: set[str]) -> bool:
        for one in ranked[area]:
            if one in tried:
                continue
            tried.add(one)
            if len(has[one]) < most:
                has[one].append(area)
                return True
            for other in list(has[one]):
                if place(other, tried):
                    has[one].remove(other)
                    has[one].append(area)
                    return True
        return False

    for area in sorted(areas, key=lambda name: (_order(seed, name), name)):
        place(area, set())
    drawn = {area: one for one, own in has.items() for area in own}
    return {area: drawn.get(area, "") for area in sorted(areas)}


def result(kind: str, seed: str, inputs: Mapping[str, Any]) -> Any:
    """What a draw of this kind gives from its recorded inputs."""
    if kind == "sample":
        return sample(seed, inputs["names"], inputs["count"])
    return cross(seed, inputs["inspectors"], inputs["areas"], [(one, area) for one, area in inputs["barred"]])
