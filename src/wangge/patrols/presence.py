"""Presence as figures that an assessment may ask for: what stands of spot checks, by area, never by person."""

from __future__ import annotations

from collections.abc import Iterator

from wangge.assessment.core.periods import Period
from wangge.assessment.figures import Known, Provider, provide
from wangge.base.mandate import Mandate
from wangge.kernel.places.queries import atlas
from wangge.patrols.queries import presence

NAMES = frozenset({"observed", "present", "excused"})


def register() -> None:
    """Called once, when the application is ready."""
    provide(Provider("presence", NAMES, read))


def read(path: str, period: Period, names: frozenset[str], by: Mandate) -> Iterator[Known]:
    """Each area where something was observed in the period and stands at the mandate's moment."""
    places = atlas()
    for one in presence(path, period.starts, period.ends, now=by.at):
        area = places.by_code(one.subject)
        yield Known(one, frozenset(filter(None, (area.name, area.name_en))) if area else frozenset())
