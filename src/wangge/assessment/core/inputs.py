"""What a run is given: frozen facts with a digest. The order in which they come is no part of them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from wangge.assessment.core.periods import Period
from wangge.base.clock import from_us, to_us
from wangge.base.digests import canonical, digest
from wangge.kernel.duties.roster import Holding

DIGEST_FORM = 1


class Place(NamedTuple):
    """An area as a run needs it."""

    code: str
    name: str
    kind: str
    path: str


class Finding(NamedTuple):
    """What an inspector, the city or a sample found. Points are milli: `found_points` as they were found, `points` as
    they stand after appeals. `merged_into` is the key of the finding that it repeats; `void`: it counts no more."""

    source: str
    ref: str
    path: str
    class_code: str
    occurred: datetime
    discovered: datetime
    points: int
    found_points: int
    merged_into: str = ""
    void: bool = False

    @property
    def key(self) -> str:
        """`city/17`: the source and its own number."""
        return f"{self.source}/{self.ref}"


class Checks(NamedTuple):
    """So many inspections of an area by a source at a time."""

    source: str
    path: str
    at: datetime
    times: int


class Earlier(NamedTuple):
    """A report near a finding that was there before it. `until` is when its time ran out or it was closed."""

    finding: str
    report: str
    class_code: str
    metres: int
    reported: datetime
    until: datetime | None


class Figures(NamedTuple):
    """Counted figures of one subject, such as a unit that handles cases."""

    subject: str
    counts: dict[str, int]


class Month(NamedTuple):
    """A month before the period: whether the city checked, and what it took off, in milli."""

    number: int
    checked: bool
    lost: int


@dataclass(frozen=True, slots=True)
class Inputs:
    """Everything that a run reads, sorted, so that equal facts are equal."""

    period: Period
    scope: str
    places: tuple[Place, ...] = ()
    findings: tuple[Finding, ...] = ()
    duties: tuple[Holding, ...] = ()
    checks: tuple[Checks, ...] = ()
    earlier: tuple[Earlier, ...] = ()
    figures: tuple[Figures, ...] = ()
    months: tuple[Month, ...] = ()
    organisations: dict[str, str] = field(default_factory=dict)
    _told: list[str] = field(default_factory=list, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Sort, so that the order of rows says nothing."""
        orders: dict[str, Any] = {
            "places": lambda one: one.path,
            "findings": lambda one: (one.discovered, one.occurred, one.path, one.source, one.ref),
            "duties": lambda one: (one.area_path, one.post, one.valid_from, one.assignment_id),
            "checks": lambda one: one,
            "earlier": lambda one: (one.finding, one.reported, one.report),
            "figures": lambda one: one.subject,
            "months": lambda one: one.number,
        }
        for name, order in orders.items():
            object.__setattr__(self, name, tuple(sorted(getattr(self, name), key=order)))

    @property
    def frozen(self) -> str:
        """All facts but names, which may be erased, in their canonical form; written once."""
        if not self._told:
            self._told.append(self._written())
        return self._told[0]

    def _written(self) -> str:
        return canonical({
            "period": list(self.period),
            "scope": self.scope,
            "places": [[one.code, one.kind, one.path] for one in self.places],
            "findings": [_plain(one) for one in self.findings],
            "duties": [
                [one.person_id, one.organisation_id, one.post, one.area_path, one.kind, one.assignment_id,
                 to_us(one.valid_from), one.valid_to and to_us(one.valid_to)]
                for one in self.duties
            ],
            "checks": [_plain(one) for one in self.checks],
            "earlier": [_plain(one) for one in self.earlier],
            "figures": [_plain(one) for one in self.figures],
            "months": [_plain(one) for one in self.months],
        }).decode()

    @property
    def digest(self) -> str:
        """Hex SHA-256 of the frozen facts."""
        frozen = self.frozen
        if len(self._told) == 1:
            self._told.append(digest(DIGEST_FORM, frozen.encode()).hex())
        return self._told[1]


def thawed(text: str) -> Inputs:
    """The inputs whose frozen facts these are; names stay empty."""
    raw = json.loads(text)
    area = UUID(int=0)
    return Inputs(
        Period(*raw["period"]), raw["scope"],
        places=tuple(Place(code, "", kind, path) for code, kind, path in raw["places"]),
        findings=tuple(
            Finding(source, ref, path, code, from_us(occurred), from_us(discovered), points, as_found, merged, void)
            for source, ref, path, code, occurred, discovered, points, as_found, merged, void in raw["findings"]
        ),
        duties=tuple(
            Holding(_id(person), "", _id(unit), post, area, path, kind, UUID(duty), from_us(begins),
                    None if ends is None else from_us(ends))
            for person, unit, post, path, kind, duty, begins, ends in raw["duties"]
        ),
        checks=tuple(Checks(source, path, from_us(at), times) for source, path, at, times in raw["checks"]),
        earlier=tuple(
            Earlier(finding, report, code, metres, from_us(reported), None if until is None else from_us(until))
            for finding, report, code, metres, reported, until in raw["earlier"]
        ),
        figures=tuple(Figures(*one) for one in raw["figures"]), months=tuple(Month(*one) for one in raw["months"]),
    )


def _id(text: str | None) -> UUID | None:
    return None if text is None else UUID(text)


def _plain(row: tuple[Any, ...]) -> list[Any]:
    return [to_us(one) if isinstance(one, datetime) else one for one in row]
