"""Signals: what is asked, and worklists as they are answered."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from wangge.interfaces.api.schemas.cases import AreaRef, Named
from wangge.interfaces.api.schemas.figures import PeriodOut, PeriodText
from wangge.kernel.signals.kinds import KINDS

SignalName = Literal[tuple(KINDS)]  # type: ignore[valid-type]


class SignalFilters(Struct, forbid_unknown_fields=True):
    """The question of `GET /signals`."""

    period: PeriodText
    area: Annotated[str, Meta(max_length=32, description="An area's code (the default: your own ground)")] = ""
    signal: Annotated[tuple[SignalName, ...], Meta(description="Which signals (the default: all)")] = ()  # type: ignore[valid-type]


class SignalOutcome(Struct):
    """What somebody made of a row on this evidence: `looked`, `explained` or `passed` on as a task."""

    outcome: str
    post: str
    at: datetime
    task: str | None
    note: str | None


class SignalOut(Struct):
    """A row of a worklist. `latest` is when its newest evidence came, `data` its figures; who reports is never told."""

    key: str
    version: int
    area: AreaRef | None
    organisation: Named | None
    post: str | None
    latest: datetime
    data: dict[str, Any]
    settled: SignalOutcome | None


class ThresholdOut(Struct):
    """A threshold in force, its bounds, and whether it was set here or above."""

    code: str
    name: str
    name_en: str
    value: int
    least: int
    most: int
    set: bool


class WorklistOut(Struct):
    """One signal: its rule in a sentence, what it does not say, how many rows are open and settled, the newest hundred
    of each. `more`: there are open rows beside these."""

    signal: str
    name: str
    name_en: str
    rule: str
    rule_en: str
    not_meant: str
    not_meant_en: str
    thresholds: list[ThresholdOut]
    open: int
    settled: int
    more: bool
    rows: list[SignalOut]
    done: list[SignalOut]


class SignalsOut(Struct):
    """The worklists of a period and place."""

    period: PeriodOut
    area: AreaRef
    as_of: datetime
    lists: list[WorklistOut]
