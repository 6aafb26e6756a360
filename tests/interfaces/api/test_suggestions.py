"""What a text suggests, over the API: classes with the model behind them, places, reports like it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.interfaces.api.world import Api, World, problem
from tests.kernel.reading.messages import close_cases
from wangge.kernel.cases.models import Case
from wangge.kernel.cases.reference import reference
from wangge.kernel.duties import mandates
from wangge.kernel.places.queries import area_by_code
from wangge.kernel.reading import queries
from wangge.kernel.reading.services import retrain

pytestmark = pytest.mark.django_db


@pytest.fixture
def trained(world: World, settings: Any, tmp_path: Path) -> World:
    """The small subdistrict with a model that tells rubbish from stickers."""
    settings.HOME = tmp_path
    queries._loaded.clear()
    root = area_by_code("S")
    ids = {info.code: info.id for info in reference().classes.values()}
    texts = [f"{place}{what}，第{at}次反映" for at in range(5) for place in ("桥头", "东门", "店前", "楼下", "巷口")
             for what in ("垃圾成堆没人清", "臭烘烘的垃圾袋", "墙上贴满小广告", "电线杆上小广告乱贴")]
    close_cases(root, texts * 2, [ids["E01"], ids["E01"], ids["E02"], ids["E02"]] * 50)
    retrain(root=root, by=mandates.job("read"))
    return world


def test_classes_come_with_confidence_words_and_the_model(trained: World) -> None:
    answer = Api(trained.tokens["operator"]).post("/suggestions", {"text": "桥头的垃圾袋堆了好几天"})
    assert answer.status_code == 200, answer.content
    found = answer.json()
    assert found["classes"][0]["code"] == "E01"
    assert found["classes"][0]["confidence"] > 0.5
    assert any("垃圾" in word for word in found["classes"][0]["words"])
    assert (found["reader"]["cases"], len(found["reader"]["digest"])) == (200, 64)
    assert 0.9 <= found["reader"]["macro_f1"] <= 1
    assert found["reader"]["trained_at"].endswith("Z")


def test_without_a_model_places_and_like_reports_are_still_told(operator: Api, worker: Api) -> None:
    report = worker.report("one", description="甲社区门口的垃圾没人清").json()
    answer = operator.post(
        "/suggestions",
        {"text": "垃圾没人清，就在门口", "address": "甲社区", "location": {"lon": 120.0021, "lat": 31.705}},
    )
    found = answer.json()
    assert (found["reader"], found["classes"]) == (None, [])
    assert [place["area"]["code"] for place in found["places"]] == ["A"]
    [like] = found["similar"]
    assert (like["id"], like["number"], like["metres"]) == (report["id"], report["number"], 9)
    assert "垃圾没人清" in like["words"]


def test_what_one_does_not_see_is_not_like_anything(world: World, worker: Api) -> None:
    worker.report("one")
    body = {"text": "路边有垃圾", "location": {"lon": 120.002, "lat": 31.705}}
    assert Api(world.tokens["operator"]).post("/suggestions", body).json()["similar"]
    for other in ("stranger", "volunteer", "unit"):
        assert Api(world.tokens[other]).post("/suggestions", body).json()["similar"] == []


def test_asking_changes_no_case_and_makes_none(trained: World) -> None:
    before = list(Case.objects.order_by("id").values())
    Api(trained.tokens["operator"]).post("/suggestions", {"text": "垃圾"})
    assert list(Case.objects.order_by("id").values()) == before


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "text"),
        ({"text": ""}, "text"),
        ({"text": " \n"}, "text"),
        ({"text": "字" * 5_001}, "text"),
        ({"text": "a\0b"}, "text"),
        ({"text": "a", "address": 1}, "address"),
        ({"text": "a", "location": {"lon": 31, "lat": 120}}, "location.lat"),
        ({"text": "a", "colour": "red"}, "colour"),
    ],
)
def test_each_bad_field_is_named(operator: Api, body: dict[str, Any], field: str) -> None:
    problem(operator.post("/suggestions", body), 422, field)


def test_the_text_travels_in_a_body_of_a_token_that_sees(world: World, operator: Api) -> None:
    problem(Api(None).post("/suggestions", {"text": "a"}), 401)
    problem(Api(world.tokens["admin"]).post("/suggestions", {"text": "a"}), 403)
    problem(operator.get("/suggestions", {"text": "a"}), 405)
    problem(operator.post("/suggestions", b"{", "application/json"), 400)
    problem(operator.post("/suggestions", b'{"text": "' + b"a" * 300_000 + b'"}'), 413)
