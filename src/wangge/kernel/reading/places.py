"""Which places a text names: the names of areas that stand in it, longest first. Pure, over the atlas.

Streets, estates, communities, villages and grids are known by their full names, and less surely by the name without
the word that says what they are (青禾 for 青禾社区). Of several areas of one name, the one that lies in another area
that is named too is the likelier.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from wangge.kernel.places.queries import AreaInfo, Atlas

#: How surely a full name, or one without its last word, means that place; without any other sign.
SURE, UNSURE = 0.9, 0.5
BESIDE = 0.4
"""What is left of it where another area of this name lies in an area that the text names too."""
_KINDS = frozenset({"community", "village", "estate", "grid", "building", "zone", "line", "point"})
_ENDINGS = (
    "新村社区", "社区", "小区", "新村", "花园", "家园", "公寓", "居委会", "村委会", "村", "大道", "路", "街",
    "河", "园",
)
_SHORTEST = 2
_MOST_AREAS = 20_000


class PlaceSuggestion(NamedTuple):
    """An area that the text may speak of, how surely (0 to 1), and the words of the text that name it."""

    area: AreaInfo
    confidence: float
    words: str


Names = Mapping[str, tuple[tuple[AreaInfo, float], ...]]
_names: dict[tuple[int, str], tuple[datetime, Names]] = {}


def suggest_places(text: str, atlas: Atlas, *, root_path: str, at: datetime, n: int = 3) -> list[PlaceSuggestion]:
    """The places below a root that the text names, surest first. What a longer name covers names nothing else."""
    names = _known(atlas, root_path, at)
    found = [(word, names[word]) for word in _named(text.casefold(), names)]
    paths = {area.path for _, areas in found for area, _ in areas}
    best: dict[str, PlaceSuggestion] = {}
    for word, areas in found:
        backed = [area for area, _ in areas if _lies_in(area.path, paths)]
        for area, sure in areas:
            among = backed if area in backed else areas
            confidence = sure * (BESIDE if backed and area not in backed else 1.0) / len(among)
            known = best.get(area.path)
            if known is None or confidence > known.confidence:
                best[area.path] = PlaceSuggestion(area, confidence, word)
    order = sorted(best.values(), key=lambda one: (-one.confidence, -one.area.depth, -len(one.words), one.area.code))
    return order[:n]


def _lies_in(path: str, others: set[str]) -> bool:
    return any(path != other and path.startswith(other) for other in others)


def _named(text: str, names: Names) -> list[str]:
    """The names in the text, longest first; each character belongs to one."""
    longest = max(map(len, names), default=0)
    taken = [False] * len(text)
    found: dict[str, None] = {}
    for length in range(min(longest, len(text)), _SHORTEST - 1, -1):
        for start in range(len(text) - length + 1):
            word = text[start : start + length]
            if word in names and not any(taken[start : start + length]):
                taken[start : start + length] = [True] * length
                found[word] = None
    return list(found)


def _known(atlas: Atlas, root_path: str, at: datetime) -> Names:
    """The names below a root, made once for each version of the places and hour."""
    key = (atlas.version, root_path)
    hour = at.replace(minute=0, second=0, microsecond=0)
    known = _names.get(key)
    if known is None or known[0] != hour:
        _names.pop(key, None)
        _names[key] = known = (hour, names_of(atlas.below(root_path, at=at)[:_MOST_AREAS]))
        for old in list(_names)[:-4]:
            del _names[old]
    return known[1]


def names_of(areas: list[AreaInfo]) -> Names:
    """Each name that an area may be called by, with the areas that it may mean and how surely."""
    found: dict[str, dict[str, tuple[AreaInfo, float]]] = {}
    for area in areas:
        if area.kind not in _KINDS:
            continue
        for name, sure in _called(area):
            known = found.setdefault(name, {}).get(area.path)
            if known is None or known[1] < sure:
                found[name][area.path] = (area, sure)
    return {name: tuple(called.values()) for name, called in found.items()}


def _called(area: AreaInfo) -> list[tuple[str, float]]:
    names = [(name.strip().casefold(), SURE) for name in (area.name, area.name_en)]
    full = names[0][0]
    ending = next((one for one in _ENDINGS if full.endswith(one)), "")
    if ending:
        names.append((full[: -len(ending)], UNSURE))
    return [(name, sure) for name, sure in names if len(name) >= _SHORTEST]
