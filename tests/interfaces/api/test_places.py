"""Places, duties and classes over the API."""

from __future__ import annotations

from typing import Any

import pytest

from tests.interfaces.api.world import Api, World, problem
from wangge.kernel.cases.classes.crosswalk import Link, load_crosswalk
from wangge.kernel.duties import mandates

pytestmark = pytest.mark.django_db


def codes(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [item["code"] for item in answer.json()["items"]]


def test_areas_by_path_a_page_at_a_time(operator: Api) -> None:
    assert codes(operator.get("/areas")) == ["S", "A", "A1", "A2", "B", "T"]
    assert codes(operator.get("/areas", {"below": "A"})) == ["A", "A1", "A2"]
    assert codes(operator.get("/areas", {"kind": "grid,community"})) == ["A", "A1", "A2", "B"]
    assert codes(operator.get("/areas", {"at": "2020-01-01T00:00:00Z"})) == []
    first = operator.get("/areas", {"limit": 4})
    rest = operator.get("/areas", {"limit": 4, "cursor": first.json()["next_cursor"]})
    assert codes(first) + codes(rest) == ["S", "A", "A1", "A2", "B", "T"]
    assert rest.json()["next_cursor"] is None


def test_areas_with_their_ground(operator: Api) -> None:
    answer = operator.get("/areas", {"format": "geojson", "below": "A"})
    assert answer["Content-Type"] == "application/geo+json"
    found = answer.json()
    assert {one["properties"]["code"] for one in found["features"]} == {"A", "A1", "A2"}
    assert found["features"][0]["geometry"]["type"] == "Polygon"


def test_a_point_is_located(operator: Api) -> None:
    found = operator.get("/areas/locate", {"lon": 120.002, "lat": 31.705}).json()
    assert (found["area"]["code"], found["outside"]) == ("A1", False)
    assert [area["code"] for area in found["above"]] == ["S", "A", "A1"]
    outside = operator.get("/areas/locate", {"lon": 10, "lat": 10}).json()
    assert (outside["area"], outside["outside"], outside["candidates"]) == (None, True, [])
    gcj = operator.get("/areas/locate", {"lon": 120.002, "lat": 31.705, "crs": "gcj02"}).json()
    assert gcj["location"]["lon"] != 120.002


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/areas/locate", "lon"),
        ("/areas/locate?lon=1", "lat"),
        ("/areas/locate?lon=x&lat=1", "lon"),
        ("/areas/locate?lon=nan&lat=1", "location.lon"),
        ("/areas/locate?lon=1e999&lat=1", "lon"),
        ("/areas/locate?lon=31&lat=120", "location.lat"),
        ("/areas/locate?lon=300&lat=1", "location.lon"),
        ("/areas/locate?lon=1&lat=1&crs=mars", "crs"),
        ("/areas/locate?lon=1&lat=1&at=then", "at"),
        ("/areas?below=nowhere", "below"),
        ("/areas?cursor=!", "cursor"),
        ("/areas?limit=0", "limit"),
        ("/areas?format=xml", "format"),
        ("/duties", "area"),
        ("/duties?area=", "area"),
        ("/duties?area=nowhere", "area"),
        ("/duties?area=A&at=then", "at"),
        ("/classes?area=nowhere", "area"),
        ("/classes?colour=red", "colour"),
        ("/me?colour=red", "colour"),
    ],
)
def test_each_bad_parameter_is_named(operator: Api, path: str, field: str) -> None:
    problem(operator.get(path), 422, field)


def test_who_answers_for_a_place_now_and_then(operator: Api) -> None:
    found = operator.get("/duties", {"area": "A1"}).json()["items"]
    assert found[0]["area"] == "A1"
    assert {"grid_worker", "operator", "leader"} <= {one["post"] for one in found}
    [worker] = operator.get("/duties", {"area": "A1", "post": "grid_worker"}).json()["items"]
    assert worker["person"]["name"] == "样例worker"
    assert operator.get("/duties", {"area": "A1", "at": "2020-01-01T00:00:00Z"}).json()["items"] == []


def test_who_answers_elsewhere_is_not_told(world: World, operator: Api) -> None:
    problem(operator.get("/duties", {"area": "T"}), 403, "area")
    stranger = Api(world.tokens["stranger"])
    assert [one["post"] for one in stranger.get("/duties", {"area": "T"}).json()["items"]] == ["operator"]
    problem(stranger.get("/duties", {"area": "A1"}), 403, "area")


def test_classes_with_their_limits(operator: Api) -> None:
    answer = operator.get("/classes", {"area": "A1", "q": "E01"})
    [found] = answer.json()["items"]
    assert (found["code"], found["parent"], found["area"]) == ("E01", "E", "S")
    assert found["conditions"][1]["limit"] == {"amount": 1, "unit": "calendar_hour"}
    assert codes(operator.get("/classes")) == ["E", "E01", "E02"]
    assert codes(operator.get("/classes", {"area": "T"})) == []


def test_classes_of_a_numbering_and_what_they_are_elsewhere(operator: Api) -> None:
    load_crosswalk(links=[Link("old", "E05", "test", "E01")], by=mandates.console())
    found = operator.get("/classes", {"scheme": "old", "q": "E05"}).json()["items"]
    assert [one["code"] for one in found] == ["E01"]
    assert found[0]["elsewhere"] == [{"scheme": "old", "code": "E05"}]
    assert found[0]["confidentiality"] == "public"
    assert codes(operator.get("/classes", {"scheme": "old", "q": "E01"})) == []
    assert codes(operator.get("/classes", {"scheme": "test"})) == ["E", "E01", "E02"]
    assert codes(operator.get("/classes", {"scheme": "strange"})) == []
