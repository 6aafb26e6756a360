"""Words are found by the same rule whichever way the search goes; the map heaps what it cannot show."""

from __future__ import annotations

import pytest

from tests.kernel.cases.test_acts import new_case
from tests.kernel.cases.test_intake import a_report
from tests.town import POINTS, Town
from wangge.base.clock import now
from wangge.kernel.cases.intake import report_case
from wangge.kernel.cases.models import Case
from wangge.kernel.cases.queries import Filters, boxes, counts, queue, words

WORDS = (
    "路灯不亮，请修", "路灯又不亮", "井盖松动", "灯路相反，亮不", "路边有灯",
    "第17号门前", "第1017号门前", "17第1、7号",
)


@pytest.fixture(params=[5_000, 0], ids=["few", "many"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The search as it goes where few cases hold the words, and where many do."""
    monkeypatch.setattr(words, "MOST_HITS", request.param)
    monkeypatch.setattr(words, "MOST_LIKELY", request.param)


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("路灯", {0, 1}), ("不亮", {0, 1}), ("路灯 不亮", set()), ("井盖", {2}), ("灯路", {3}), ("龙舟", set()),
        ("第17号", {5}), ("17号", {5, 6}), ("%", None),
    ],
)
def test_two_characters_find_what_holds_them(town: Town, q: str, found: set[int] | None) -> None:
    made = [report_case(report=a_report(description=words), by=town.public()).number for words in WORDS]
    by = town.by("operator")
    if found is None:
        with pytest.raises(Exception, match="two characters"):
            queue(by, Filters(q=q), now=now())
        return
    expected = {made[n] for n in found}
    for order in ("newest", "due", "longest"):
        filters = Filters(q=q, order=order)
        assert {row.case.number for row in queue(by, filters, now=now()).rows} == expected
        assert counts(by, {"here": filters, "all": Filters()}, now=now()) == {"here": len(found), "all": len(WORDS)}


@pytest.mark.usefixtures("way")
def test_pages_of_a_search_follow_one_another(town: Town) -> None:
    made = {report_case(report=a_report(description=f"路灯 {n}"), by=town.public()).number for n in range(5)}
    by, cursor, seen = town.by("operator"), None, []
    while True:
        page = queue(by, Filters(q="路灯"), now=now(), cursor=cursor, limit=2)
        seen += [row.case.number for row in page.rows]
        if (cursor := page.next_cursor) is None:
            break
    assert len(seen) == 5
    assert set(seen) == made


def test_a_number_is_found_as_people_write_it(town: Town) -> None:
    number = str(Case.objects.values_list("number", flat=True).get(id=new_case(town)))
    by = town.by("operator")
    for q in (number, f"{number[:10]} {number[10:]}", number[-6:], f"{number[10:14]}-{number[14:]}"):
        assert [row.case.number for row in queue(by, Filters(q=q), now=now()).rows] == [number], q


def test_a_part_of_the_map_is_heaped_by_small_boxes(town: Town) -> None:
    for name in ("G11", "G11", "G22"):
        report_case(report=a_report(point=POINTS[name]), by=town.public())
    case = new_case(town)
    Case.objects.filter(id=case).update(lon_e7=None, lat_e7=None)
    by = town.by("operator")
    whole = (1_200_000_000, 310_000_000, 1_200_400_000, 310_400_000)
    found = boxes(by, Filters(bbox=whole), now=now())
    assert [(one.cases, one.late) for one in found.boxes] == [(2, 0), (1, 0)]
    assert (found.cases, found.cut) == (3, False)
    assert (found.boxes[0].lon_e7, found.boxes[0].lat_e7) == (POINTS["G11"].lon_e7, POINTS["G11"].lat_e7)
    near = (1_200_090_000, 310_090_000, 1_200_110_000, 310_110_000)
    assert boxes(by, Filters(bbox=near), now=now()).cases == 2
    assert boxes(town.by("worker2"), Filters(bbox=whole), now=now()).cases == 0
