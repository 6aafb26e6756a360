"""The desk's register of public parts: list, one part with its cases, forms, and the import of a table."""

from __future__ import annotations

import csv
import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.interfaces.staff.test_case import Desk
from tests.interfaces.world import INSIDE, World
from wangge.base.units import Limit, LimitUnit
from wangge.kernel.cases.models import Case, Part
from wangge.kernel.cases.setup import ClassRow, ConditionRow, load_class_set
from wangge.kernel.duties import mandates
from wangge.kernel.journal.verifying import verify
from wangge.kernel.places.queries import area_by_code

CODE, OTHER = "3204990101000001", "3204990101000002"
LON, LAT = f"{INSIDE.lon_e7 / 1e7:.7f}", f"{INSIDE.lat_e7 / 1e7:.7f}"


@pytest.fixture
def admin(world: World, desk: Desk) -> Client:
    """Whoever keeps the register, of a subdistrict with manhole covers."""
    area, limit = area_by_code("320499001"), Limit(1, LimitUnit.WORKING_DAY)
    load_class_set(
        area_id=area.id, area_path=area.path, scheme="parts", by=mandates.console(),
        classes=[ClassRow("P01", "公用设施", "Utilities"),
                 ClassRow("P0101", "上水井盖", "Manhole cover", "P01", "grid",
                          [ConditionRow(1, "破损", "Broken", "修复", "Mended", limit)])],
    )  # fmt: skip
    return desk("admin")


def form(world: World, **more: str) -> dict[str, str]:
    return {"code": CODE, "name": "", "lon": LON, "lat": LAT, "crs": "wgs84", "state": "intact",
            "keeper": str(world.unit), "owner": "", "supervisor": "", "initial_on": "2021-03-05", "changed_on": "",
            "note": "路口东侧"} | more  # fmt: skip


def add(admin: Client, world: World, **more: str) -> None:
    assert admin.post("/desk/parts/add", form(world, **more)).status_code == 302


def table(*rows: tuple[str, ...], header: str = "code,name,lon,lat,keeper,state") -> SimpleUploadedFile:
    out = io.StringIO()
    csv.writer(out).writerows([header.split(","), *rows])
    return SimpleUploadedFile("parts.csv", out.getvalue().encode("utf-8-sig"), "text/csv")


def test_a_part_is_entered_listed_and_shown_with_its_cases(world: World, admin: Client, desk: Desk) -> None:
    add(admin, world)
    report = world.report("井盖翘起", case_class="P0101")
    assert Case.objects.get(id=report.case_id).part_id == Part.objects.get().id
    listed = admin.get("/desk/parts").content.decode()
    assert CODE in listed
    assert "示例路灯养护单位" in listed
    shown = desk("operator").get(f"/desk/parts/{CODE}").content.decode()
    for words in ("上水井盖", "路口东侧", "已登记", report.number, f'data-at="{LON},{LAT}"'):
        assert words in shown
    assert "修改部件" not in shown
    assert report.number not in admin.get(f"/desk/parts/{CODE}").content.decode(), "an administrator sees no cases"


def test_the_list_is_narrowed_and_paged(world: World, admin: Client) -> None:
    for number in range(52):
        add(admin, world, code=f"320499010100{number:04}", state="lost" if number == 3 else "intact",
            keeper="" if number == 4 else str(world.unit))  # fmt: skip
    def found(**query: str) -> list[str]:
        return re.findall(r'href="/desk/parts/(\d{16})"', admin.get("/desk/parts", query).content.decode())

    assert len(found()) == 50
    assert found(after=found()[-1]) == ["3204990101000050", "3204990101000051"]
    assert found(state="lost") == ["3204990101000003"]
    assert found(keeper="none") == ["3204990101000004"]
    assert found(q="320499010100001") == [f"320499010100001{n}" for n in range(10)]
    assert found(area="320499001002") == []
    assert len(found(**{"class": "P01", "keeper": str(world.unit)})) == 50


@pytest.mark.parametrize(
    "query", [{"state": "x"}, {"keeper": "x"}, {"q": "x"}, {"area": "x"}, {"class": "'"}, {"after": "x"}]
)
def test_what_cannot_be_asked_is_named_and_left_out(admin: Client, query: dict[str, str]) -> None:
    assert admin.get("/desk/parts", query).status_code == 422


def test_a_change_is_on_record_and_who_was_slower_is_told(world: World, admin: Client) -> None:
    add(admin, world)
    address = f"/desk/parts/{CODE}"
    assert admin.post(address, form(world, version="1", state="damaged", keeper="")).status_code == 302
    held = Part.objects.get()
    assert (held.state, held.keeper_id, held.version, held.crs) == ("damaged", None, 2, "wgs84")
    page = admin.get(address).content.decode()
    assert "养护单位" in page
    assert "状态" in page
    late = admin.post(address, form(world, version="1", state="lost"))
    assert late.status_code == 409
    assert '<option value="lost" selected>' in late.content.decode()
    assert Part.objects.get().state == "damaged"
    assert verify().clean


def test_a_position_keeps_its_system_until_it_is_moved(world: World, admin: Client) -> None:
    add(admin, world, crs="gcj02", lon="119.909500", lat="31.603000")
    held = Part.objects.get()
    shown = admin.get(f"/desk/parts/{CODE}").content.decode()
    lon, lat = re.search(r'data-at="([\d.]+),([\d.]+)"', shown).groups()  # type: ignore[union-attr]
    admin.post(f"/desk/parts/{CODE}", form(world, version="1", lon=lon, lat=lat, name="井盖甲"))
    after = Part.objects.get()
    assert (after.crs, after.lon_e7, after.lat_e7, after.name) == ("gcj02", held.lon_e7, held.lat_e7, "井盖甲")


@pytest.mark.parametrize(
    ("given", "status"),
    [({"code": "1"}, 422), ({"lon": "x"}, 422), ({"lat": "91"}, 422), ({"lon": "1"}, 422), ({"crs": "x"}, 422),
     ({"state": "x"}, 422), ({"keeper": "x"}, 422), ({"initial_on": "x"}, 422), ({"changed_on": "2020-01-01"}, 422),
     ({"code": "1101010101000001"}, 422), ({"code": "3204990199000001"}, 422)],
)  # fmt: skip
def test_what_no_part_can_be_is_refused_with_what_was_typed(
    world: World, admin: Client, given: dict[str, str], status: int
) -> None:
    answer = admin.post("/desk/parts/add", form(world) | given)
    assert answer.status_code == status
    assert 'value="路口东侧"' in answer.content.decode()
    assert not Part.objects.exists()


def test_a_code_that_is_taken_is_not_entered_again(world: World, admin: Client) -> None:
    add(admin, world)
    assert admin.post("/desk/parts/add", form(world, state="lost")).status_code == 409
    assert Part.objects.get().state == "intact"


def test_a_table_is_taken_in_and_refused_rows_come_back_as_a_table(world: World, admin: Client) -> None:
    rows = ((CODE, "井盖甲", LON, LAT, "light", "完好"), (OTHER, "=1+1", LON, LAT, "nobody", ""),
            ("7", "", LON, LAT, "", ""))  # fmt: skip
    page = admin.post("/desk/parts/import", {"table": table(*rows), "crs": "wgs84"}).content.decode()
    assert "新登记 1 个，修改 0 个，不变 0 个，退回 2 行" in page
    assert "nobody" in page
    answer = admin.post("/desk/parts/import", {"table": table(*rows), "crs": "wgs84", "as": "table"})
    assert answer.headers["Content-Disposition"] == 'attachment; filename="parts.errors.csv"'
    [header, *faults] = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert header[:4] == ["line", "code", "field", "value"]
    assert [fault[:3] for fault in faults] == [["3", OTHER, "keeper"], ["4", "7", "code"]]
    assert Part.objects.get().version == 1
    assert verify().clean


@pytest.mark.parametrize("sent", [{}, {"table": ""}, {"table": "x", "crs": "x"}, {"table": "a,b\n1,2", "crs": "wgs84"},
                                  {"table": b"\xff\xfe", "crs": "wgs84"}])  # fmt: skip
def test_a_table_that_is_none_is_refused(admin: Client, sent: dict[str, str | bytes]) -> None:
    content = sent.get("table")
    files = {}
    if content is not None:
        files["table"] = SimpleUploadedFile("t.csv", content if isinstance(content, bytes) else content.encode())
    answer = admin.post("/desk/parts/import", {**files, "crs": str(sent.get("crs", "wgs84"))})
    assert answer.status_code in (400, 422)
    assert 'role="alert"' in answer.content.decode()
    assert not Part.objects.exists()


def test_only_who_keeps_the_register_changes_it(world: World, admin: Client, desk: Desk) -> None:
    add(admin, world)
    worker = desk("operator")
    for address, sent in (("/desk/parts/add", form(world, code=OTHER)),
                          (f"/desk/parts/{CODE}", form(world, version="1")),
                          ("/desk/parts/import", {"table": table(), "crs": "wgs84"})):  # fmt: skip
        assert worker.post(address, sent).status_code == 403, address
    assert Part.objects.get().version == 1
    assert worker.get(f"/desk/parts/{OTHER}").status_code == 404
    assert desk("elsewhere").get(f"/desk/parts/{CODE}").status_code == 404, "not on their ground"
