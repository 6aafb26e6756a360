"""Long files are worked behind the page: progress, what came of them, who sees it, what a broken-off one leaves."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, connections, transaction
from openpyxl import load_workbook

from tests.interfaces.staff.test_case import Desk
from tests.interfaces.world import World
from wangge.base.clock import now
from wangge.base.errors import InvalidInput, NotFound
from wangge.base.workbooks import Sheet, written
from wangge.interfaces.commands import tasks
from wangge.interfaces.staff import takingin
from wangge.kernel.desk import imports
from wangge.kernel.desk.models import Import
from wangge.kernel.duties import mandates
from wangge.kernel.duties.models import Assignment
from wangge.kernel.duties.services import end_assignment
from wangge.kernel.people.models import Person

PAGE = "/desk/exchange"
PEOPLE = [("", f"样例居民{number}") for number in range(450)]


@pytest.fixture(autouse=True)
def long(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file of a hundred bytes is long."""
    monkeypatch.setattr(takingin, "AT_ONCE", 100)


def book(*more: tuple[str, str]) -> bytes:
    return written([Sheet("people", ("id", "name"), [*PEOPLE, *more])])


def send(desk: Desk, content: bytes, name: str = "people.xlsx", user: str = "admin") -> str:
    """Send it; the address of its page."""
    answer = desk(user).post(PAGE, {"file": SimpleUploadedFile(name, content)})
    assert answer.status_code == 302, answer.content.decode()[:2000]
    return str(answer["Location"])


def jobs() -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT args->>'key' FROM procrastinate_jobs WHERE task_name = %s ORDER BY id", [takingin.JOB])
        return [row[0] for row in cursor.fetchall()]


def page(desk: Desk, address: str, user: str = "admin") -> str:
    answer = desk(user).get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_long_file_waits_is_worked_by_the_worker_and_then_gone(world: World, desk: Desk) -> None:
    address = send(desk, book(("no id", "某")))
    one = Import.objects.get()
    assert jobs() == [str(one.id)]
    assert Person.objects.filter(name="样例居民7").count() == 0
    waiting = page(desk, address)
    assert "排队等待" in waiting
    assert 'hx-trigger="every 2s"' in waiting
    tasks.import_file(key=jobs()[0])
    done = page(desk, address + "?part=1")
    assert "people：新增 450，变更 0，不变 0；1 行未收" in done
    assert "hx-trigger" not in done
    assert "<html" not in done
    one.refresh_from_db()
    assert (one.state, one.content, one.done, one.total) == ("done", None, 451, 451)
    rows = load_workbook(BytesIO(desk("admin").get(address + "/errors.xlsx").content))
    assert list(rows["people"].iter_rows(min_row=2, values_only=True)) == [("no id", "某")]
    assert "people.xlsx" in page(desk, PAGE)


def test_progress_is_told_while_it_is_worked(world: World, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    address = send(desk, book())
    seen: list[str] = []
    real = imports.worked

    def told(one: Import, rows: int, total: int | None = None) -> None:
        real(one, rows, total)
        seen.append(page(desk, address).partition("<progress")[2].partition("</p>")[0])

    monkeypatch.setattr(imports, "worked", told)
    takingin.work(Import.objects.get().id)
    assert ["已处理 0 行，共 450 行" in seen[0], "已处理 200 行，共 450 行" in seen[1]] == [True, True]


def test_what_was_broken_off_is_begun_again_and_nothing_is_taken_twice(
    world: World, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = send(desk, book())
    key = Import.objects.get().id

    class Killed(BaseException):
        pass

    def dies(one: Import, rows: int, total: int | None = None) -> None:
        if rows:
            raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(imports, "worked", dies)
        with pytest.raises(Killed):
            takingin.work(key)
    begun = Person.objects.filter(name__startswith="样例居民").count()
    assert 0 < begun < 450
    assert Import.objects.get().state == "running"
    takingin.work(key)
    said = page(desk, address)
    assert f"people：新增 {450 - begun}，变更 0，不变 {begun}" in said
    assert "中断后重新开始" in said
    assert Person.objects.filter(name__startswith="样例居民").count() == 450
    takingin.work(key)  # the job comes once more
    assert Import.objects.get().begun == 2


def test_what_is_broken_off_each_time_is_given_up_and_says_so(world: World, desk: Desk) -> None:
    address = send(desk, book())
    Import.objects.update(state="running", begun=imports.TRIES)
    takingin.work(Import.objects.get().id)
    assert "每次都中断，不再重试。" in page(desk, address)
    assert Person.objects.filter(name="样例居民7").count() == 0


def test_it_is_worked_under_the_duty_of_who_sent_it_and_refused_once_that_ended(world: World, desk: Desk) -> None:
    send(desk, book())
    duty = Assignment.objects.get(person_id=world.persons["admin"])
    end_assignment(assignment=duty.id, at=now(), by=mandates.console())
    takingin.work(Import.objects.get().id)
    one = Import.objects.get()
    assert (one.state, one.content) == ("failed", None)
    assert Person.objects.filter(name="样例居民7").count() == 0


def test_only_who_sent_it_and_who_manages_accounts_sees_it(world: World, desk: Desk) -> None:
    address = send(desk, book())
    assert desk("operator").get(address).status_code == 403
    by = world.by("admin")
    key, other = UUID(address.rsplit("/", 1)[1]), world.accounts["operator"].id
    assert imports.seen(key, world.accounts["admin"].id, replace(by, may=frozenset())).name == "people.xlsx"
    assert imports.seen(key, other, by).name == "people.xlsx"
    with pytest.raises(NotFound):
        imports.seen(key, other, replace(by, may=by.may - {"manage_accounts"}))
    assert desk("admin").get(f"{PAGE}/files/{other}").status_code == 404


def test_files_that_wait_are_few_and_what_ended_is_forgotten_after_a_week(
    world: World, desk: Desk
) -> None:
    for _ in range(imports.MOST_OPEN):
        send(desk, book())
    answer = desk("admin").post(PAGE, {"file": SimpleUploadedFile("a.xlsx", book())})
    assert answer.status_code == 422
    assert "还在处理" in answer.content.decode()
    takingin.work(Import.objects.order_by("sent_at")[0].id)
    assert imports.forget(now() + timedelta(days=6)) == 0
    assert imports.forget(now() + timedelta(days=8)) == 1
    assert set(Import.objects.values_list("state", "error")) == {("failed", "It was never worked.")}


def test_no_file_waits_without_its_job_and_no_ended_one_keeps_its_file(
    world: World, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(one: Import) -> None:
        raise InvalidInput("no worker")

    monkeypatch.setattr(takingin, "later", breaks)
    assert desk("admin").post(PAGE, {"file": SimpleUploadedFile("a.xlsx", book())}).status_code == 422
    assert Import.objects.count() == 0
    monkeypatch.undo()
    for changes in ({"state": "done"}, {"content": None}, {"state": "later"}):
        one = imports.accept(kind="book", name="x", content=b"x", account=world.accounts["admin"].id,
                             by=world.by("admin"), language="zh-hans")
        with pytest.raises(IntegrityError), transaction.atomic():
            Import.objects.filter(id=one.id).update(**changes)
        imports.fail(one, "x", now())


def test_a_long_table_of_parts_is_worked_behind_the_page(world: World, desk: Desk) -> None:
    table = "code,lon,lat\n" + "\n".join(f"x{number},119.9,31.6" for number in range(30))
    answer = desk("admin").post("/desk/parts/import", {
        "table": SimpleUploadedFile("parts.csv", table.encode()), "crs": "wgs84"})
    assert answer.status_code == 302, answer.content.decode()[:500]
    takingin.work(Import.objects.get().id)
    assert "30 行未收" in page(desk, answer["Location"])


def test_one_worker_at_a_time(committed_db: str) -> None:
    from concurrent.futures import ThreadPoolExecutor

    from tests.interfaces import world as worlds

    world = worlds.build()
    by = world.by("admin")
    one = imports.accept(kind="book", name="x", content=book(), account=world.accounts["admin"].id, by=by,
                         language="zh-hans")

    def also() -> int:
        try:
            takingin.work(one.id)
            return Import.objects.get().begun
        finally:
            connections.close_all()

    with imports.claimed(one.id, now()) as ours, ThreadPoolExecutor(1) as thread:
        assert ours is not None
        assert thread.submit(also).result() == 1
    assert Import.objects.get().state == "running"
