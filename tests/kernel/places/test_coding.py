"""Forms of codes that an area declares."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.management import call_command

from wangge.base.clock import now
from wangge.base.errors import Conflict, Forbidden, InvalidInput
from wangge.kernel.duties import mandates
from wangge.kernel.journal.models import Entry
from wangge.kernel.places.coding import declare_form
from wangge.kernel.places.importing import import_areas
from wangge.kernel.places.models import Area
from wangge.kernel.places.queries import atlas
from wangge.kernel.places.services import create_area, end_area

SINCE = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture
def root(db: None) -> Area:
    """A subdistrict, and a community whose code has the form of a region."""
    by = mandates.console()
    area = create_area(code="S1", name="街道", kind="subdistrict", valid_from=SINCE, by=by)
    create_area(code="320412017003", name="社区", kind="community", parent="S1", valid_from=SINCE, by=by)
    return area


def grid(code: str) -> Area:
    return create_area(
        code=code, name="网格", kind="grid", parent="320412017003", valid_from=SINCE, by=mandates.console()
    )


def test_where_no_form_is_declared_codes_are_free(root: Area) -> None:
    assert grid("ANY-1").code == "ANY-1"
    assert atlas().code_form(root.path, "grid") is None


@pytest.mark.parametrize(("last", "right", "wrong"), [(3, "320412017003001", "32041201700301"),
                                                      (2, "32041201700301", "320412017003001")])
def test_a_new_grid_has_the_declared_form(root: Area, last: int, right: str, wrong: str) -> None:
    declare_form(area="S1", kind="grid", last=last, by=mandates.console())
    assert grid(right).code == right
    with pytest.raises(InvalidInput) as refused:
        grid(wrong)
    assert (refused.value.field, refused.value.value) == ("code", wrong)
    assert f"{12 + last} digits" in str(refused.value.expected)
    assert atlas().code_form(f"{root.path}320412017003/", "grid") == last


def test_other_kinds_and_layers_keep_their_codes(root: Area) -> None:
    declare_form(area="S1", kind="grid", last=3, by=mandates.console())
    by = mandates.console()
    assert create_area(code="X-HOUSE", name="楼", kind="building", parent="S1", valid_from=SINCE, by=by)
    assert create_area(code="X-POL", name="警格", kind="grid", parent="S1", layer="police", valid_from=SINCE, by=by)


def test_communities_follow_the_form_of_a_region(root: Area) -> None:
    assert declare_form(area="S1", kind="region", last=3, by=mandates.console()) == 1  # the root's own code differs
    with pytest.raises(InvalidInput, match="no region code"):
        create_area(code="C-9", name="社区", kind="community", parent="S1", valid_from=SINCE, by=mandates.console())


def test_what_is_there_already_stays_and_is_counted(root: Area) -> None:
    grid("ANY-1")
    assert declare_form(area="S1", kind="grid", last=3, by=mandates.console()) == 1
    assert Area.objects.filter(code="ANY-1", valid_to=None).exists()
    assert Entry.objects.get(subject_type="code_form").data == {"kind": "grid", "last": 3}


def test_an_ended_code_is_not_given_again(root: Area) -> None:
    declare_form(area="S1", kind="grid", last=3, by=mandates.console())
    grid("320412017003001")
    end_area(area="320412017003001", at=now(), by=mandates.console())
    with pytest.raises(Conflict, match="once, for ever"):
        grid("320412017003001")


def test_a_form_that_cannot_be_is_refused(root: Area) -> None:
    for area, kind, last, field in (("S9", "grid", 3, "area"), ("S1", "part", 6, "kind"), ("S1", "grid", 4, "last")):
        with pytest.raises(InvalidInput) as refused:
            declare_form(area=area, kind=kind, last=last, by=mandates.console())
        assert refused.value.field == field
    with pytest.raises(Forbidden):
        declare_form(area="S1", kind="grid", last=3, by=mandates.public("S1/"))


def test_an_import_names_the_grids_of_another_form(root: Area, tmp_path: Path) -> None:
    call_command("code_form", "S1", "grid")
    features = [
        {"type": "Feature", "geometry": None, "properties": {"code": code, "name": "网格", "parent": "320412017003",
                                                              "valid_from": "2021-01-01"}}
        for code in ("320412017003001", "320412017003-2")
    ]
    file = tmp_path / "grids.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")
    found = import_areas(file, by=mandates.console())
    assert found.created == 1
    [(row, code, why)] = found.rejected
    assert (row, code) == (2, "320412017003-2")
    assert "grid code" in why
