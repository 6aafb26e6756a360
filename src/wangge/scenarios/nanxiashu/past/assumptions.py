"""Every number that the simulated past is made from. README.md says of each where it comes from.

The article gives the number of events, the number of classes and the month of the beginning. All else is assumed,
most of it because nothing was published; shares add up to 1000.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

EVENTS = 32_789
BEGINS, ENDS = date(2018, 8, 1), date(2019, 5, 31)
"""The first and the last day on which something is reported. The end is an assumption: the article gives none."""
NIGHT = 6 * 3600
"""So many seconds after the end of the last day the books are closed: what is open then stays open."""

# --- what is reported

CLASSES: Mapping[str, int] = {
    "G01": 300, "G02": 70, "G03": 130, "G04": 200, "G05": 160, "G06": 55, "G07": 35, "G08": 30, "G09": 20,
}
"""Share of each class."""
TIERS: Mapping[str, int] = {"grid": 6, "community": 3, "subdistrict": 1}
"""How often a sub-class comes against the others of its class, by the tier at which it starts: most are small."""
MONTHS: Mapping[int, int] = {8: 90, 9: 105, 10: 100, 11: 100, 12: 95, 1: 90, 2: 70, 3: 110, 4: 115, 5: 115}
WEEKDAYS = (118, 112, 108, 106, 106, 80, 70)
HOLIDAY = 60
"""Per cent of an average month, an average day; a public holiday against a Sunday's or a workday's own."""


class Source(NamedTuple):
    """Where reports come from: how many of a thousand, and the hours at which they come (weights by hour)."""

    share: int
    hours: Mapping[int, int]


_SHIFT = {8: 10, 9: 16, 10: 15, 11: 8, 13: 4, 14: 13, 15: 15, 16: 12, 17: 6, 18: 1}
_LIVES = {6: 2, 7: 7, 8: 9, 9: 9, 10: 8, 11: 7, 12: 6, 13: 5, 14: 6, 15: 6, 16: 6, 17: 8, 18: 8, 19: 7, 20: 4, 21: 2}
SOURCES: Mapping[str, Source] = {
    "grid_worker": Source(560, _SHIFT),
    "resident": Source(170, _LIVES),
    "hotline": Source(110, _LIVES),
    "patrol": Source(90, _SHIFT),
    "enterprise": Source(25, _SHIFT),
    "volunteer": Source(20, _SHIFT),
    "video": Source(15, _LIVES),
    "city_inspection": Source(10, _SHIFT),
}
NO_MATTER, NOT_FOUND = 6, 25
"""Of a thousand reports of the public: nothing to act upon, and nothing found on the spot."""

# --- who is there


class Crew(NamedTuple):
    """How many hold a post on an area, by which hours they work, and how many per cent of these cases get.

    The rest of their hours is the post's own work; what is urgent gets all of it, `on_call` after hours too.
    """

    number: int
    hours: str
    share: int = 100
    on_call: bool = False


ROOT_CREW: Mapping[str, Crew] = {
    "acceptor": Crew(4, "seat"), "operator": Crew(2, "seat"), "inspector": Crew(6, "field"),
    "leader": Crew(3, "desk", 10),
}
COMMUNITY_CREW: Mapping[str, Crew] = {
    "secretary": Crew(1, "desk", 20),
    "grid_leader": Crew(1, "desk", 15, on_call=True),
    "grid_liaison": Crew(1, "desk", 10),
    "grid_worker": Crew(1, "patrol", 15, on_call=True),
    "city_inspector": Crew(1, "street", 20, on_call=True),
    "property_manager": Crew(2, "desk", 30, on_call=True),
    "cleaner": Crew(2, "early", 10),
    "sanitation_worker": Crew(2, "early", 10),
    "party_supervisor": Crew(1, "part", 10),
    "resident_assistant": Crew(1, "desk", 15),
    "police_assistant": Crew(1, "street", 15, on_call=True),
    "volunteer": Crew(2, "part", 10),
    "officer": Crew(1, "street", 10, on_call=True),
}
GRID_CREW: Mapping[str, Crew] = {"grid_worker": Crew(1, "patrol", 15, on_call=True)}
UNIT_CREW = Crew(2, "desk", 15, on_call=True)
ASSESSOR_CREW = Crew(1, "desk", 10)
BUSY_UNITS: Mapping[str, int] = {"market_regulation": 4, "environment": 4, "urban_enforcement": 3}
"""Units with more than `UNIT_CREW` has."""

Windows = tuple[tuple[int, int], ...]
"""Minutes of the local day, half open."""


class Hours(NamedTuple):
    """Working hours on workdays, and on other days for those who are on duty (one in `one_in`)."""

    workday: Windows
    duty: Windows
    one_in: int


HOURS: Mapping[str, Hours] = {
    "seat": Hours(((460, 740), (820, 1200)), ((480, 720), (810, 1140)), 2),
    "field": Hours(((500, 715), (815, 1070)), ((540, 705), (840, 1020)), 3),
    "desk": Hours(((500, 700), (830, 1060)), ((540, 690),), 4),
    "patrol": Hours(((540, 710), (870, 1065)), ((540, 690),), 3),
    "street": Hours(((490, 710), (840, 1080)), ((510, 700), (870, 1020)), 2),
    "early": Hours(((390, 660), (780, 960)), ((390, 630),), 2),
    "part": Hours(((560, 690), (870, 990)), ((570, 690),), 3),
}
ON_CALL: Windows = ((390, 1350),)
"""When urgent matters (limits that run through nights) are taken outside these hours, every day."""

LEAVE, LEAVE_DAYS = 80, (3, 5)
"""Per cent of the people who take annual leave within the time, and how many workdays in a row."""
SICK = 12
"""Of a thousand workdays on which a person is ill. That is not put on record."""
SPEED = 0.16
"""Spread of people's speed: standard deviation of its logarithm."""
BY_ARRIVAL = 30
"""Per cent of the teams that take work in the order of its coming; the others take what is due first."""

# --- how long things take: minutes of work, as the median of a log-normal distribution

SPREAD = 0.55
DESK: Mapping[str, float] = {
    "accept": 3.0, "register": 5.0, "dispatch": 3.0, "recall": 2.0, "void": 2.0, "reject": 2.0, "extend": 4.0,
    "endorse": 5.0, "suspend": 6.0, "supervise": 6.0, "answer": 8.0, "close": 1.0, "sign": 1.0, "confirm": 14.0,
}
INSPECT, INSPECT_ON_SITE, ON_SITE = 4.0, 18.0, 35
"""A look at what was sent back, a visit, and per cent of the cases that are visited."""
LOOKS = 11.0
"""Minutes until somebody looks at what was sent to him."""


class Work(NamedTuple):
    """Of a class: minutes of work with the way, per cent that wait for something, and hours of such a wait."""

    minutes: float
    waits: int
    hours: float


WORK: Mapping[str, Work] = {
    "G01": Work(28, 9, 16), "G02": Work(35, 8, 14), "G03": Work(32, 10, 18), "G04": Work(30, 16, 22),
    "G05": Work(34, 10, 18), "G06": Work(75, 35, 40), "G07": Work(50, 22, 36), "G08": Work(26, 14, 24),
    "G09": Work(34, 20, 30),
}
LONG_WAIT = 10 * 24.0
"""A wait of so many hours is asked to be suspended rather than extended."""

# --- what goes another way

RETURNED = {"unit": 30, "post": 8}
"""Of a thousand: given back unsigned, as not theirs."""
REWORK, REWORK_PART = 32, 0.6
"""Of a thousand inspections: not good yet; and what the second go takes of the first."""
ASKS, REFUSED = 85, 8
"""Per cent of those who see that they will be late who ask for more time, and of these how many are refused."""
ORDERED = 22
"""Per cent of the cases that went up a tier which a leader orders to be answered."""
DISSENT = 7
"""Of a thousand reports of the public that were closed: not content, within the seven days."""

# --- what inspectors look at

UNSEEN = 4.0
"""Hours that something lies there before it is reported, in the middle."""


class Rounds(NamedTuple):
    """Where a source's inspectors go: so many grids a day and spots of each, on every workday, on one weekday, or on
    the first workday from some days of a month on."""

    grids: int
    spots: int
    weekday: int | None = None
    month_days: tuple[int, ...] = ()


ROUNDS: Mapping[str, Rounds] = {
    "subdistrict": Rounds(9, 6), "district": Rounds(6, 8, weekday=2), "city": Rounds(6, 8, month_days=(10, 22)),
}
POINTS = 100
"""What a problem costs, in thousandths of a point."""
CITY_TERM = 7
"""So many working days after its visit the city comes again: what lies there still costs points."""
