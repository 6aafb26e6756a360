"""Real data, counted twice: the figures of the loaded city equal what DuckDB counts in the city's own raw table.

The table is read as it was published, with no help from what loads it; neighbourhoods are found by their raw polygons.
"""

from __future__ import annotations

import json
import lzma
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import duckdb
import pytest
import shapely
from django.db import connections
from pytest_django.plugin import DjangoDbBlocker

from tests import databases
from wangge.kernel.duties import mandates
from wangge.kernel.indicators.asking import Question
from wangge.kernel.indicators.periods import parse
from wangge.kernel.indicators.queries import Table, cases_behind, figures
from wangge.kernel.people.models import Organisation
from wangge.scenarios.baltimore.place import DATA, ROOT, TIMEZONE, code

pytestmark = pytest.mark.slow
NOW = datetime(2026, 11, 26, tzinfo=UTC)
PATH = f"{ROOT}/"
CODES = ("closing", "closing_on_time", "closing_late", "unclosed")

_RAW = """
CREATE TABLE requests AS SELECT *, strptime(CreatedDate, $form) AS created, strptime(DueDate, $form) AS due,
  strptime(CloseDate, $form) AS closed, SRStatus LIKE 'Closed%' AS is_closed
FROM read_csv($file, header = true, all_varchar = true)
"""
_DUE = """
SELECT {by}, count(*), count(*) FILTER (is_closed), count(*) FILTER (is_closed AND closed <= due),
  count(*) FILTER (is_closed AND closed > due)
FROM requests {join} WHERE due >= $start AND due < $until GROUP BY 1
"""
_REPORTED = """
SELECT {by}, count(*), count(*) FILTER (NOT is_closed) FROM requests {join}
WHERE created >= $start AND created < $until GROUP BY 1
"""


@pytest.fixture(scope="module")
def city(
    django_db_setup: None, template_database: str, django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[str]:
    """The city, loaded by the scenario's own loader, for tests that only read it."""
    from wangge.scenarios.baltimore import load

    before = connections.settings["default"]["NAME"]
    with databases.clone(template_database) as name, django_db_blocker.unblock():
        databases.point_at(name)
        try:
            facts = load(errors=tmp_path_factory.mktemp("city") / "errors.csv")
            assert facts["imported"] == 10_000
            yield name
        finally:
            databases.point_at(before)


@pytest.fixture(scope="module")
def raw(tmp_path_factory: pytest.TempPathFactory) -> duckdb.DuckDBPyConnection:
    """The raw table in DuckDB, and `located`: the neighbourhood that holds each request's point."""
    file = tmp_path_factory.mktemp("raw") / "requests.csv"
    file.write_bytes(lzma.decompress((DATA / "requests.csv.xz").read_bytes()))
    found = duckdb.connect()
    found.execute(_RAW, {"form": "%m/%d/%Y %I:%M:%S %p", "file": str(file)})
    points = found.execute("SELECT ServiceRequestNum, Longitude::DOUBLE, Latitude::DOUBLE FROM requests").fetchall()
    found.execute("CREATE TABLE located (number VARCHAR, neighbourhood VARCHAR)")
    found.executemany("INSERT INTO located VALUES (?, ?)", _neighbourhoods(points))
    return found


def _neighbourhoods(points: list[tuple[str, float | None, float | None]]) -> list[tuple[str, str]]:
    """Which polygon of the raw file holds each point, the smaller one where two do; '' for none."""
    features = json.loads(lzma.decompress((DATA / "neighborhoods.geojson.xz").read_bytes()))["features"]
    grounds = [shapely.make_valid(shapely.geometry.shape(one["geometry"])) for one in features]
    names = [f"{ROOT}-{one['properties']['cartodb_id']:03d}" for one in features]
    tree, found = shapely.STRtree(grounds), []
    for number, lon, lat in points:
        known = lon is not None and lat is not None
        held = tree.query(shapely.Point(lon, lat), predicate="intersects") if known else []
        best = min(held, key=lambda at: grounds[at].area, default=None)
        found.append((number, "" if best is None else names[best]))
    return found


def counted(raw: duckdb.DuckDBPyConnection, by: str, period: str) -> dict[str, dict[str, tuple[int, int]]]:
    """Numerator and denominator of `CODES` by key, as DuckDB counts them."""
    days = parse(period, TIMEZONE)
    join = "JOIN located l ON l.number = ServiceRequestNum"
    values = {"start": days.first, "until": days.until}
    found: dict[str, dict[str, tuple[int, int]]] = {}
    for key, due, closed, on_time, late in raw.execute(_DUE.format(by=by, join=join), values).fetchall():
        found[key] = {
            "closing": (closed, due), "closing_on_time": (on_time, due), "closing_late": (late, due),
        }  # fmt: skip
    for key, reported, unclosed in raw.execute(_REPORTED.format(by=by, join=join), values).fetchall():
        found.setdefault(key, {})["unclosed"] = (unclosed, reported)
    return found


def asked(by: str, period: str) -> Table:
    question = Question(area_path=PATH, by=by)
    return figures(question, parse(period, TIMEZONE), by=mandates.console(), now=NOW)


def told(table: Table) -> dict[str, dict[str, tuple[Any, int]]]:
    """The same of our figures; rows without any of `CODES` are left out."""
    rows = {
        key: {name: (row[name].numerator, row[name].denominator) for name in CODES if row[name].denominator}
        for key, row in table.rows.items()
    }
    return {key: row for key, row in rows.items() if row}


PERIODS = ("2016", "2018-Q1", "2018-02", "2016-07", "2018-05-14")


@pytest.mark.parametrize("period", PERIODS)
def test_agencies(city: str, raw: duckdb.DuckDBPyConnection, period: str) -> None:
    names = {str(key): name for key, name in Organisation.objects.values_list("id", "name")}
    found = {names[key]: row for key, row in told(asked("organisation", period)).items()}
    expected = counted(raw, "Agency", period)
    assert found == expected
    assert sum(row["closing"][1] for row in expected.values() if "closing" in row) > 0


@pytest.mark.parametrize("period", PERIODS)
def test_classes(city: str, raw: duckdb.DuckDBPyConnection, period: str) -> None:
    expected = {code(name): row for name, row in counted(raw, "SRType", period).items()}
    assert told(asked("class", period)) == expected


@pytest.mark.parametrize("period", PERIODS)
def test_neighbourhoods(city: str, raw: duckdb.DuckDBPyConnection, period: str) -> None:
    assert told(asked("area", period)) == counted(raw, "l.neighbourhood", period)


def test_every_month_of_five_years(city: str, raw: duckdb.DuckDBPyConnection) -> None:
    months = [f"{year}-{month:02d}" for year in range(2014, 2019) for month in range(1, 13)]
    found = {month: asked("", month).total for month in months}
    for month in months:
        [expected] = counted(raw, "''", month).values()
        total = found[month]
        assert {name: (total[name].numerator, total[name].denominator) for name in CODES} == expected, month
    year = asked("", "2016").total
    for name in CODES:
        assert year[name].denominator == sum(found[f"2016-{month:02d}"][name].denominator for month in range(1, 13))


def test_what_the_source_does_not_say_is_counted_nowhere(city: str) -> None:
    total = asked("", "2016").total
    silent = [code for code, one in total.items() if not one.denominator]
    for name in ("dispatch_on_time", "registering_on_time", "inspecting_on_time", "ended_in_grid", "first_answer_time"):
        assert name in silent, name
    assert {total[name].value for name in silent} == {None}


def test_the_list_behind_is_as_long_as_the_raw_count(city: str, raw: duckdb.DuckDBPyConnection) -> None:
    expected = counted(raw, "SRType", "2016")["SW-Dirty Alley"]
    question = Question(area_path=PATH, by="class")
    for name in CODES:
        for part, count in zip(("numerator", "denominator"), expected[name], strict=True):
            behind = cases_behind(
                name, part, question, parse("2016", TIMEZONE), key=code("SW-Dirty Alley"), by=mandates.console(),
                now=NOW,
            )  # fmt: skip
            assert behind.cases == count
    assert min(expected["closing_late"]) > 0
