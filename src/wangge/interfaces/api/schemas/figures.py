"""Figures of a period: what is asked, and tables, rows and figures as they are answered."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta, Struct, field

from wangge.interfaces.api.schemas.cases import AreaRef, CaseItem
from wangge.interfaces.api.schemas.incoming import SourceName
from wangge.kernel.cases.guards import TIERS
from wangge.kernel.indicators.asking import GROUPINGS
from wangge.kernel.indicators.queries import PARTS
from wangge.kernel.indicators.table import INDICATORS

GroupingName = Literal[("", *GROUPINGS)]  # type: ignore[valid-type]
IndicatorName = Literal[tuple(INDICATORS)]  # type: ignore[valid-type]
PartName = Literal[PARTS]  # type: ignore[valid-type]
TierName = Literal[("", *TIERS)]  # type: ignore[valid-type]
PeriodText = Annotated[
    str,
    Meta(max_length=10, description="2026-06-10, 2026-W24, 2026-06, 2026-Q2 or 2026, in the time zone of the area"),
]


class FigureFilters(Struct, forbid_unknown_fields=True, kw_only=True):
    """Which figures: the period, the ground, what rows stand for, and conditions on the cases."""

    period: PeriodText
    by: Annotated[GroupingName, Meta(description="What a row stands for; `person` is yourself")] = "area"
    area: Annotated[str, Meta(max_length=32, description="An area's code (the default: your own ground)")] = ""
    case_class: Annotated[str, Meta(max_length=16, description="A class code or its beginning")] = field(
        default="", name="class"
    )
    source: SourceName | None = None
    tier: TierName = ""
    organisation: UUID | None = None
    post: Annotated[str, Meta(max_length=64)] = ""
    mine: Annotated[bool, Meta(description="Only cases that you handled")] = False


class TableFilters(FigureFilters, forbid_unknown_fields=True, kw_only=True):
    """The question of `GET /indicators`."""

    indicator: Annotated[tuple[IndicatorName, ...], Meta(description="Which indicators (the default: all)")] = ()  # type: ignore[valid-type]
    live: Annotated[bool, Meta(description="How the cases stand now, also where the period is published")] = False


class BehindFilters(FigureFilters, forbid_unknown_fields=True, kw_only=True):
    """The question of `GET /indicators/{indicator}/cases`."""

    part: PartName = "numerator"
    row: Annotated[str, Meta(max_length=64, description="The key of a row; without it the whole")] | None = None
    cursor: Annotated[str, Meta(max_length=200, description="`next_cursor` of the page before")] = ""
    limit: Annotated[int, Meta(ge=1, le=200)] = 50


class NewPublication(Struct, forbid_unknown_fields=True):
    """Which period of which area shall be published: its figures stay as they are then."""

    period: PeriodText
    area: Annotated[str, Meta(min_length=1, max_length=32, description="An area's code")]


class FigureOut(Struct):
    """One figure. `value` is numerator / denominator as a decimal of four places, null where nothing was counted:
    that is neither all nor nothing. A median has `seconds` and no numerator."""

    code: str
    numerator: int | None
    denominator: int
    value: str | None
    seconds: int | None


class FigureRow(Struct):
    """One row. `key` is a code or id, '' for cases that have none: those on the area itself, without a class, …"""

    key: str
    name: str
    name_en: str
    figures: list[FigureOut]


class IndicatorOut(Struct):
    """An indicator with its formula in words. `measure` is `ratio` or `median`; `good` says which way is the better."""

    code: str
    set: str
    name: str
    name_en: str
    formula: str
    formula_en: str
    measure: str
    good: str


class PeriodOut(Struct):
    """A period: its days, and its moments in UTC, the end not included."""

    text: str
    kind: str
    first: date
    last: date
    start: datetime
    end: datetime
    timezone: str


class PublicationOut(Struct):
    """When a period was published, and of which area."""

    id: UUID
    area: str
    period: str
    published_at: datetime


class FiguresOut(Struct):
    """A table. `frozen` figures are those that were published; others say how the cases stand at `as_of`, and then
    `published_total` has the published figures of the whole where there are such."""

    period: PeriodOut
    area: AreaRef | None
    by: str
    as_of: datetime
    frozen: bool
    published: PublicationOut | None
    indicators: list[IndicatorOut]
    total: list[FigureOut]
    published_total: list[FigureOut] | None
    rows: list[FigureRow]


class BehindOut(Struct):
    """The cases behind a figure as they stand now, the newest first; `count` is how many there are."""

    count: int
    items: list[CaseItem]
    next_cursor: str | None
