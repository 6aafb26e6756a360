"""The city as an area of its own: neighbourhoods, calendar, agencies, classes and routing, from the data itself."""

from __future__ import annotations

import json
import lzma
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from importlib import resources
from typing import Any, NamedTuple

from wangge.base.mandate import Mandate
from wangge.base.units import Limit, LimitUnit
from wangge.kernel.cases.setup import ClassRow, ConditionRow, RuleRow, load_class_set, set_routing
from wangge.kernel.duties.hours import create_calendar, fill_calendar
from wangge.kernel.people.services import create_organisation
from wangge.kernel.places.rules import NewArea
from wangge.kernel.places.services import create_areas

ROOT = "24510"  # the city's county code (FIPS)
REGION = "024510"
TIMEZONE = "America/New_York"
SINCE = datetime(2014, 1, 1, tzinfo=UTC)
TIME_FORM = "%m/%d/%Y %I:%M:%S %p"
UNKNOWN_HOURS = 720
"""The limit of a class for which the data gives no due date: 30 days, ours."""

DATA = resources.files("wangge.scenarios.baltimore") / "data"


class City(NamedTuple):
    """What was set up."""

    root_path: str
    neighbourhoods: int
    repaired: list[str]


def set_up(rows: Iterable[Mapping[str, str]], *, by: Mandate) -> City:
    """Create the city: areas with boundaries, calendar, agencies, classes and routing."""
    features = json.loads(lzma.decompress((DATA / "neighborhoods.geojson.xz").read_bytes()))["features"]
    areas = [
        NewArea(
            ROOT,
            "City of Baltimore",
            "district",
            SINCE,
            None,
            "administrative",
            "City of Baltimore",
            None,
            TIMEZONE,
            REGION,
        )
    ]
    areas += [_neighbourhood(feature) for feature in features]
    made = create_areas(areas, by=by)
    root = made[0]
    calendar = create_calendar(area=ROOT, timezone=TIMEZONE, source="US-MD", by=by)
    fill_calendar(calendar=calendar, years=range(2014, 2028), by=by)
    types: dict[str, Counter[str]] = defaultdict(Counter)
    hours: dict[str, Counter[int]] = defaultdict(Counter)
    for row in rows:
        types[row["SRType"]][row["Agency"]] += 1
        if row["DueDate"]:
            span = datetime.strptime(row["DueDate"], TIME_FORM) - datetime.strptime(row["CreatedDate"], TIME_FORM)  # noqa: DTZ007
            hours[row["SRType"]][max(1, round(span.total_seconds() / 3600))] += 1
    agencies = sorted({agency for counter in types.values() for agency in counter})
    organisations = [
        create_organisation(code=f"{ROOT}-{number:02d}", name=name, kind="department", area=root.id, by=by)
        for number, name in enumerate(agencies, 1)
    ]
    by_name = {organisation.name: organisation.id for organisation in organisations}
    load_class_set(area_id=root.id, area_path=root.path, scheme="baltimore-311", classes=classes(types, hours), by=by)
    rules = [RuleRow(code(name), organisation=by_name[counter.most_common(1)[0][0]]) for name, counter in types.items()]
    set_routing(area_id=root.id, area_path=root.path, rules=rules, valid_from=SINCE, by=by)
    return City(root.path, len(features), repaired(root.path))


def code(name: str) -> str:
    """A class code from a service request type: "SW-Dirty Alley" → "SW-DIRTY-ALLEY"."""
    letters = "".join(letter if letter.isalnum() else "-" for letter in name.upper())
    return "-".join(part for part in letters.split("-") if part)


def classes(types: Mapping[str, Counter[str]], hours: Mapping[str, Counter[int]]) -> list[ClassRow]:
    """One major for each prefix, one class for each type; its limit is the commonest one in the data."""
    majors = sorted({name.split("-", 1)[0].strip() for name in types})
    rows = [ClassRow(f"{major}-", major, major) for major in majors]
    for name in sorted(types):
        limit = hours[name].most_common(1)[0][0] if hours.get(name) else UNKNOWN_HOURS
        text = f"As the city's own type “{name}”"
        condition = ConditionRow(1, text, text, "Done", "Done", Limit(limit, LimitUnit.CALENDAR_HOUR))
        rows.append(
            ClassRow(code(name), name, name, parent=f"{name.split('-', 1)[0].strip()}-", conditions=[condition])
        )
    return rows


def repaired(root_path: str) -> list[str]:
    """The names of neighbourhoods whose polygon had to be repaired."""
    from wangge.kernel.places.models import Boundary

    return list(
        Boundary.objects.filter(area__path__startswith=root_path)
        .exclude(repaired="")
        .order_by("area__name")
        .values_list("area__name", flat=True)
    )


def _neighbourhood(feature: Mapping[str, Any]) -> NewArea:
    properties = feature["properties"]
    name = properties["name"]
    return NewArea(
        f"{ROOT}-{properties['cartodb_id']:03d}",
        name,
        "community",
        SINCE,
        ROOT,
        "administrative",
        name,
        feature["geometry"],
    )
