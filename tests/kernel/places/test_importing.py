"""import-areas: GeoJSON in, every row accounted for."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import shapely
from django.core.management import CommandError, call_command

from tests.kernel.places.conftest import box
from wangge.base.errors import MalformedInput
from wangge.base.geometry import wgs84_to_gcj02
from wangge.base.mandate import Mandate
from wangge.kernel.places import queries
from wangge.kernel.places.importing import Reading, import_areas
from wangge.kernel.places.models import Area

pytestmark = pytest.mark.django_db


def feature(code: str, shape: shapely.Geometry | None, **properties: Any) -> dict[str, Any]:
    return {
        "type": "Feature", "geometry": None if shape is None else shapely.geometry.mapping(shape),
        "properties": {"code": code, "name": f"样例{code}", "parent": "S", **properties},
    }


def written(folder: Path, *features: Any) -> Path:
    file = folder / "areas.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return file


ROOT = feature("S", box(0, 0, 20, 10), parent=None, kind="subdistrict", region="320412")


def test_a_file_makes_areas_and_a_second_run_changes_nothing(tmp_path: Path, by: Mandate) -> None:
    file = written(tmp_path, feature("G1", box(0, 0, 5, 10)), ROOT, feature("G2", box(5, 0, 10, 10)))
    first = import_areas(file, by=by)
    assert (first.created, first.rejected) == (3, [])
    assert queries.atlas().by_code("G1").path == "S/G1/"  # type: ignore[union-attr]
    version = queries.places_version()
    second = import_areas(file, by=by)
    assert (second.created, second.changed, second.unchanged) == (0, 0, 3)
    assert queries.places_version() == version


def test_another_name_or_boundary_changes_the_area_and_another_parent_is_refused(tmp_path: Path, by: Mandate) -> None:
    import_areas(written(tmp_path, ROOT, feature("G1", box(0, 0, 5, 10)), feature("G2", box(5, 0, 10, 10))), by=by)
    outcome = import_areas(
        written(tmp_path, feature("G1", box(0, 0, 4, 10)), feature("G2", box(5, 0, 10, 10), parent="G1")), by=by
    )
    assert (outcome.changed, len(outcome.rejected)) == (1, 1)
    assert "never change" in outcome.rejected[0][2]
    assert Area.objects.get(code="G1").version == 2


def test_each_refused_row_is_named_and_the_others_are_kept(tmp_path: Path, by: Mandate) -> None:
    bow = shapely.Polygon([(120.03, 31.7), (120.04, 31.71), (120.04, 31.7), (120.03, 31.71)])
    file = written(
        tmp_path, ROOT, feature("坏", box(0, 0, 1, 1)), feature("G1", bow), feature("G1", bow), "no feature",
        feature("G3", box(0, 0, 1, 1), parent="NOWHERE"), feature("G4", box(0, 0, 1, 1), parent="G3"),
        feature("G5", box(0, 0, 1, 1), valid_from="someday"), feature("G6", None),
    )
    outcome = import_areas(file, by=by)
    assert outcome.created == 3
    assert [row for row, _, _ in outcome.rejected] == [2, 4, 5, 6, 7, 8]
    assert [code for code, _ in outcome.repaired] == ["G1"]
    assert outcome.repaired[0][1].startswith("Self-intersection")


def test_boundaries_in_the_system_of_chinese_maps_are_converted(tmp_path: Path, by: Mandate) -> None:
    shifted = shapely.transform(
        box(0, 0, 5, 10), lambda points: [wgs84_to_gcj02(*point) for point in points.tolist()]
    )
    import_areas(written(tmp_path, ROOT, feature("G1", shifted)), by=by, reading=Reading(crs="gcj02"))
    [shape] = [shape for area, shape in queries.atlas().grounds("S/G1/", "administrative", by.at)]
    assert shape.symmetric_difference(box(0, 0, 5, 10)).area < 1e-7


@pytest.mark.parametrize("text", ["", "{", "[1]", '{"features": 3}', "[" * 100_000])
def test_a_file_that_is_no_collection_is_refused(tmp_path: Path, by: Mandate, text: str) -> None:
    file = tmp_path / "areas.geojson"
    file.write_text(text)
    with pytest.raises(MalformedInput):
        import_areas(file, by=by)


def test_the_command_prints_facts_and_names_faults(tmp_path: Path, db: None) -> None:
    out, err = StringIO(), StringIO()
    file = written(tmp_path, ROOT, feature("G1", box(0, 0, 5, 10)), feature("坏", None))
    call_command("import_areas", str(file), "--json", stdout=out, stderr=err)
    facts = json.loads(out.getvalue().splitlines()[-1])
    assert (facts["created"], facts["rejected"], facts["faults"][0]["row"]) == (2, 1, 3)
    assert "坏" in err.getvalue()
    with pytest.raises(CommandError, match="None of 1 areas"):
        call_command("import_areas", str(written(tmp_path, feature("坏", None))), stdout=out, stderr=err)
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("import_areas", str(tmp_path / "none.geojson"), stdout=out, stderr=err)
