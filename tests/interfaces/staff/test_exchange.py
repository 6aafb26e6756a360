"""Import and export at the desk: round trip, what is refused and its workbook, and who may."""

from __future__ import annotations

from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from tests.interfaces.staff.test_case import Desk
from tests.interfaces.world import World
from wangge.base.workbooks import Sheet, written
from wangge.kernel.duties.importing import COLUMNS
from wangge.kernel.journal.models import Entry
from wangge.kernel.places.models import Area

PAGE = "/desk/exchange"


def send(client: Client, name: str, content: bytes) -> str:
    answer = client.post(PAGE, {"file": SimpleUploadedFile(name, content)}, follow=True)
    return answer.content.decode()


def test_what_is_taken_out_and_read_in_again_changes_nothing(world: World, desk: Desk) -> None:
    admin = desk("admin")
    before = Entry.objects.count()
    book = admin.get(f"{PAGE}/places.xlsx").content
    assert [page.title for page in load_workbook(BytesIO(book))] == ["areas", "people", "duties"]
    assert "duties：新增 0，变更 0，不变 7" in send(admin, "places.xlsx", book)
    areas = admin.get(f"{PAGE}/areas.geojson").content
    assert "geojson：新增 0，变更 0，不变 7" in send(admin, "areas.geojson", areas)
    assert Entry.objects.count() == before


def test_refused_rows_come_back_in_a_workbook_to_mend(world: World, desk: Desk) -> None:
    admin = desk("admin")
    assert admin.get(f"{PAGE}/errors.xlsx").status_code == 404
    content = written([
        Sheet("areas", ("code", "name", "kind", "parent"), [
            ("320499001001003", "青禾第三网格", "grid", "320499001001"), ("bad code", "x", "grid", "320499001001"),
        ]),
        Sheet("duties", COLUMNS, [("king", "王示范", "", "", "320499001001", "2026-01-01", "")]),
    ])
    page = send(admin, "new.xlsx", content)
    assert "2 行未收" in page
    assert "bad code" in page
    assert "这不是地方的编码。" in page
    assert Area.objects.filter(code="320499001001003").exists()
    book = load_workbook(BytesIO(admin.get(f"{PAGE}/errors.xlsx").content))
    assert [page.title for page in book] == ["errors", "areas", "duties"]
    rows = list(book["errors"].iter_rows(min_row=2, values_only=True))
    assert [row[:4] for row in rows] == [("areas", 3, "code", "bad code"), ("duties", 2, "post", "king")]
    assert all(row[5] for row in rows)
    assert next(book["areas"].iter_rows(min_row=2, max_row=2, values_only=True))[0] == "bad code"


def test_what_is_no_such_file_is_refused(world: World, desk: Desk) -> None:
    admin = desk("admin")
    for name, content, status in (("a.xlsx", b"nothing", 400), ("a.geojson", b"{", 400), ("a.geojson", b"[]", 400),
                                  ("a.xlsx", b"", 422)):
        assert admin.post(PAGE, {"file": SimpleUploadedFile(name, content)}).status_code == status, name
    assert admin.post(PAGE).status_code == 422


def test_only_who_keeps_the_ground_exchanges_it(world: World, desk: Desk) -> None:
    for user in ("operator", "secretary", "worker"):
        assert desk(user).get(PAGE).status_code == 403
        assert desk(user).post(PAGE).status_code == 403
    assert desk("operator").get(f"{PAGE}/places.xlsx").status_code == 200  # who sees a ground sees who answers there
