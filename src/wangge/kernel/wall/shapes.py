"""What a display is sent: counts, names of places and classes, ratios; never a person, a word or an exact place.

Times are microseconds since 1970 (UTC), spans whole seconds, names stand in Chinese and English. Lists by hour have 24
entries (25 where the clock is set back), each the count of that hour since midnight of the area's own day.
"""

from __future__ import annotations

import msgspec

Counted = tuple[int, int]
"""Open cases, and how many of them are late."""
Named = tuple[str, str, str, int]
"""A code, its names in Chinese and English, and how many."""


class Name(msgspec.Struct, frozen=True):
    """A place: its path, and its names in both languages."""

    path: str
    name: str
    name_en: str


class Came(msgspec.Struct, frozen=True):
    """What was reported today: by hour, the same day of last week by hour and up to this time, classes, sources."""

    n: int
    hours: list[int]
    week: list[int]
    week_until_now: int
    classes: list[Named]
    sources: list[tuple[str, int]]


class Went(msgspec.Struct, frozen=True):
    """What was closed today, by hour."""

    n: int
    hours: list[int]


class Standing(msgspec.Struct, frozen=True):
    """A community's share of cases closed on time, as a decimal of four places; equal shares have equal ranks."""

    rank: int
    name: str
    name_en: str
    share: str


class Standings(msgspec.Struct, frozen=True):
    """The communities in last month: as it was published, else as its cases stand now."""

    period: str
    published: bool
    rows: list[Standing]


class Staff(msgspec.Struct, frozen=True):
    """Posts of the standard group that are held now, and how many there are."""

    held: int
    seats: int


class Ended(msgspec.Struct, frozen=True):
    """A closed case of a public class: what it was, roughly where, how long it took. `photos` while cleared."""

    name: str
    name_en: str
    place: str
    place_en: str
    closed_at: int
    seconds: int
    photos: str | None = None


class Slow(msgspec.Struct, frozen=True):
    """What changes by the hour rather than by the second."""

    staff: Staff
    first_answer: int | None
    standing: Standings | None


class Snapshot(msgspec.Struct, frozen=True):
    """All that the screen shows of an area at a moment. `places` moves when the ground itself has changed."""

    area: Name
    timezone: str
    day: str
    places: int
    came: Came
    went: Went
    stages: dict[str, Counted]
    grids: dict[str, tuple[int, int, int]]
    bounds: tuple[float, float, float]
    communities: list[tuple[str, str, str, int, int]]
    slow: Slow
    ended: list[Ended]


class Frame(msgspec.Struct, frozen=True):
    """The same at a moment of a past day: `seconds` since its midnight. Indices point into the replay's lists."""

    seconds: int
    came: int
    went: int
    classes: list[int]
    sources: list[int]
    stages: dict[str, Counted]
    grids: list[tuple[int, int, int, int]]
    communities: list[tuple[int, int, int]]


class Replay(msgspec.Struct, frozen=True):
    """A past day in frames. Grids of a frame are: which, open, late, level (by one scale for the day); communities:
    which, open, late. Where nothing is open there is no row."""

    area: Name
    timezone: str
    day: str
    paths: list[str]
    communities: list[Name]
    bounds: tuple[float, float, float]
    classes: list[Named]
    sources: list[str]
    came: list[int]
    went: list[int]
    frames: list[Frame]
