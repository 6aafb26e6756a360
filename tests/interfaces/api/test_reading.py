"""Reading over the API: lists with filters and cursors, one case, its story; never another's, never a contact."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest

from tests.interfaces.api.counting import statements
from tests.interfaces.api.world import POINT, Api, World, problem
from wangge.base.clock import now
from wangge.kernel.journal.models import Entry

pytestmark = pytest.mark.django_db
NOBODY = "00000000-0000-7000-8000-000000000000"
CONTACT = {"name": "样例居民", "phone": "13911112222"}


def numbers(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [item["number"] for item in answer.json()["items"]]


def test_pages_follow_one_another_without_gap_or_repetition(operator: Api) -> None:
    made = [operator.report(f"k{n}").json()["number"] for n in range(7)]
    found: list[str] = []
    cursor = ""
    for _ in range(4):
        answer = operator.get("/cases", {"limit": 2} | ({"cursor": cursor} if cursor else {}))
        found += numbers(answer)
        cursor = answer.json()["next_cursor"]
    assert cursor is None
    assert found == made[::-1]


def test_each_filter_does_what_it_says(operator: Api, worker: Api) -> None:
    one = operator.report("a", source="hotline", case_class="E01").json()["number"]
    two = operator.report("b", description="井盖丢失", location={"lon": 120.007, "lat": 31.705}).json()
    operator.act(two, "accept")
    two = two["number"]
    hour = timedelta(hours=1)
    for query, expected in (
        ({"state": "reported"}, [one]),
        ({"state": "reported,verifying"}, [two, one]),
        ({"state": ["reported", "verifying"]}, [two, one]),
        ({"state": "closed"}, []),
        ({"class": "E0"}, [one]),
        ({"area": "A2"}, [two]),
        ({"area": "A"}, [two, one]),
        ({"area": "B"}, []),
        ({"tier": "grid"}, [two, one]),
        ({"tier": "community"}, []),
        ({"source": "hotline"}, [one]),
        ({"bbox": "120.006,31.7,120.01,31.71"}, [two]),
        ({"overdue": "true"}, []),
        ({"overdue": "false"}, [two, one]),
        ({"reported_after": (now() - hour).isoformat()}, [two, one]),
        ({"reported_before": (now() - hour).isoformat()}, []),
        ({"q": "井盖"}, [two]),
        ({"q": one}, [one]),
        ({"q": "没有的"}, []),
        ({"order": "due", "state": "reported"}, [one]),
    ):
        assert numbers(operator.get("/cases", query)) == expected, query


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("limit=many", "limit"),
        ("limit=", "limit"),
        ("limit=1&limit=2", "limit"),
        ("limit=" + "9" * 400, "limit"),
        ("state=lost", "state[0]"),
        ("source=rumour", "source"),
        ("bbox=1,2,3", "bbox"),
        ("bbox=1,2,3,x", "bbox.lat"),
        ("bbox=nan,2,3,4", "bbox.lon"),
        ("bbox=3,3,1,1", "bbox"),
        ("area=nowhere", "area"),
        ("overdue=perhaps", "overdue"),
        ("reported_after=yesterday", "reported_after"),
        ("reported_after=2026-01-01T00:00:00", "reported_after"),
        ("cursor=abc", "cursor"),
        ("cursor=%00", "cursor"),
        ("q=%00", "q"),
        ("q=x", "q"),
        ("order=random", "order"),
        ("colour=red", "colour"),
        ("class=" + "E" * 17, "class"),
    ],
)
def test_each_bad_parameter_is_named(operator: Api, query: str, field: str) -> None:
    problem(operator.get("/cases?" + query), 422, field)


@pytest.mark.parametrize("text", ["' OR 1=1 --", "%", "_", "\\", "<script>", "%'"])
def test_search_takes_words_as_words(operator: Api, text: str) -> None:
    operator.report("a")
    assert operator.get("/cases?q=" + quote(text)).status_code in (200, 422)
    assert operator.get("/cases?area=" + quote(text)).status_code == 422


def test_a_list_of_fifty_costs_few_statements(operator: Api) -> None:
    for n in range(52):
        operator.report(f"k{n}")
    with statements() as sent:
        assert len(numbers(operator.get("/cases"))) == 50
    assert len(sent) <= 3


def test_one_case_is_found_by_id_and_by_number(operator: Api, world: World) -> None:
    made = operator.report("a", case_class="E02", contact=CONTACT, address="样例路 1 号").json()
    by_id, by_number = (operator.get(f"/cases/{made[key]}").json() for key in ("id", "number"))
    assert by_id == by_number
    assert by_id["place"]["location"] == POINT | {"crs": "wgs84"}
    assert by_id["place"]["area"]["code"] == "A1"
    assert [area["code"] for area in by_id["place"]["above"]] == ["S", "A", "A1"]
    assert by_id["case_class"] == {"code": "E02", "name": "乱贴", "name_en": "Stickers"}
    assert by_id["version"] == 1
    assert {"accept", "reject", "comment"} <= set(by_id["allowed_actions"])
    assert ("grid_worker", "A1") in {(one["post"], one["area"]) for one in by_id["answerable"]}
    assert by_id["has_contact"] is True


@pytest.mark.parametrize("key", ["nothing", "0", "320412209901010000001", "9" * 100, NOBODY])
def test_a_case_that_is_not_there_is_not_found(operator: Api, key: str) -> None:
    for path in ("", "/timeline", "/trace", "/proof"):
        problem(operator.get(f"/cases/{key}{path}"), 404)


def test_the_contact_is_in_no_answer(operator: Api, worker: Api) -> None:
    made = operator.report("a", contact=CONTACT).json()
    for path in ("", "/timeline", "/trace", "/proof"):
        answer = operator.get(f"/cases/{made['id']}{path}")
        assert answer.status_code == 200, answer.content
        assert CONTACT["phone"] not in answer.content.decode()
        assert CONTACT["name"] not in answer.content.decode()
    assert CONTACT["phone"] not in operator.get("/cases").content.decode()


def test_the_story_names_who_acted_by_which_post(operator: Api, worker: Api) -> None:
    made = worker.report("a").json()
    operator.act(made, "accept")
    first, second = operator.get(f"/cases/{made['id']}/timeline").json()["items"]
    assert (first["verb"], first["post"], first["actor"]["name"], first["area"]) == (
        "report", "grid_worker", "样例worker", "A1",
    )  # fmt: skip
    assert (second["verb"], second["post"]) == ("accept", "operator")
    assert first["content"] == {"description": "路边有垃圾"}


def test_the_trace_names_who_answered_at_each_stage(operator: Api, worker: Api, world: World) -> None:
    made = worker.report("a").json()
    operator.act(made, "accept")
    found = operator.get(f"/cases/{made['number']}/trace").json()
    assert [stage["state"] for stage in found["stages"]] == ["reported", "verifying"]
    assert "样例operator" in {one["person"]["name"] for one in found["stages"][0]["answerable"]}
    assert [one["post"] for one in found["chain"]][-1] == "leader"
    problem(Api(world.tokens["inspector"]).get(f"/cases/{made['number']}/trace"), 403, "action")


def test_the_trace_of_a_case_with_a_contact_or_of_a_closed_circle_is_on_record(operator: Api, world: World) -> None:
    plain, named = operator.report("a").json(), operator.report("b", contact=CONTACT).json()
    for made in (plain, named, named):
        assert operator.get(f"/cases/{made['number']}/trace").status_code == 200
    read = Entry.objects.filter(subject_type="tracing")
    assert [(one.data["cases"], one.data["why"], one.channel) for one in read] == [
        ([named["id"]], "contact", "api")
    ] * 2


def test_who_sees_only_their_own_lists_only_their_own(world: World, operator: Api) -> None:
    volunteer = Api(world.tokens["volunteer"])
    operator.report("a")
    mine = volunteer.report("b").json()
    assert numbers(volunteer.get("/cases")) == [mine["number"]]
    problem(Api(world.tokens["admin"]).get("/cases"), 403, "action")
