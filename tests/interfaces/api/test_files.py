"""Photos over the API: sent once, tied to a report, seen by who may see the case, and refused when hostile."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from PIL import Image

from tests.interfaces.api.world import Api, World, problem
from tests.kernel.cases.files.pictures import hostile, picture, with_exif
from wangge.kernel.cases.models import Case, StoredFile
from wangge.kernel.duties import mandates
from wangge.kernel.journal.services import erase

pytestmark = pytest.mark.django_db
HOSTILE = hostile()


def sent(api: Api, data: bytes | None = None) -> str:
    """A photo sent; its id."""
    key = str(uuid4())
    answer = api.put(f"/files/{key}", data or picture())
    assert answer.status_code == 200, answer.content
    return key


def content(answer: Any) -> bytes:
    """The bytes of a photo."""
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)


def test_a_photo_comes_back_upright_and_without_metadata(worker: Api) -> None:
    key = sent(worker, with_exif(6))
    answer = worker.get(f"/files/{key}")
    data = content(answer)
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("image/jpeg", "nosniff")
    assert "private" in answer["Cache-Control"]
    assert b"13900000000" not in data
    image = Image.open(io.BytesIO(data))
    assert image.size == (48, 64)
    assert not image.getexif()
    thumb = content(worker.get(f"/files/{key}", {"thumb": "1"}))
    assert max(Image.open(io.BytesIO(thumb)).size) <= 480


def test_sending_twice_is_sending_once_and_another_photo_is_refused(worker: Api, operator: Api) -> None:
    key = sent(worker)
    again = worker.put(f"/files/{key}", picture())
    assert again.status_code == 200
    assert again.json()["id"] == key
    problem(worker.put(f"/files/{key}", picture("PNG")), 422, "file_id")
    problem(operator.put(f"/files/{key}", picture()), 422, "file_id")
    assert StoredFile.objects.count() == 1


def test_a_photo_goes_with_its_report_to_who_may_see_the_case(world: World, worker: Api, operator: Api) -> None:
    key = sent(worker)
    problem(operator.get(f"/files/{key}"), 404)
    case = worker.report("a", files=[key]).json()
    assert [one["id"] for one in operator.get(f"/cases/{case['id']}").json()["files"]] == [key]
    assert content(operator.get(f"/files/{key}"))
    problem(Api(world.tokens["stranger"]).get(f"/files/{key}"), 404)
    problem(Api(world.tokens["volunteer"]).get(f"/files/{key}"), 404)
    problem(Api(None).get(f"/files/{key}"), 401)


def test_a_photo_belongs_to_one_report_and_its_sender(worker: Api, operator: Api) -> None:
    key = sent(worker)
    problem(operator.report("a", files=[key]), 422, "files")
    assert worker.report("b", files=[key]).status_code == 201
    problem(worker.report("c", files=[key]), 422, "files")
    assert worker.report("b", files=[key]).status_code == 200
    assert Case.objects.count() == 1


def test_nobody_else_on_the_machine_may_look_into_the_folders(worker: Api, files_root: Path) -> None:
    sent(worker)
    folders = [files_root, *(path for path in files_root.rglob("*") if path.is_dir())]
    assert len(folders) == 3
    assert {path.stat().st_mode & 0o777 for path in folders} == {0o700}


def test_photos_are_added_to_a_case_later(worker: Api) -> None:
    case = worker.report("a").json()
    key = sent(worker)
    answer = worker.act(case, "attach", files=[key])
    assert answer.status_code == 200, answer.content
    found = worker.get(f"/cases/{case['id']}").json()["files"]
    assert [(one["id"], one["seq"]) for one in found] == [(key, 2)]


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_refused_and_leave_nothing(worker: Api, files_root: Path, name: str) -> None:
    answer = worker.put(f"/files/{uuid4()}", HOSTILE[name], "image/png")
    assert answer.status_code in (400, 422)
    problem(answer, answer.status_code, "file")
    assert not StoredFile.objects.exists()
    assert not [path for path in files_root.rglob("*") if path.is_file()]


def test_too_much_is_refused_by_its_announced_length(worker: Api) -> None:
    problem(worker.put(f"/files/{uuid4()}", b"\xff" * (15 * 1024 * 1024 + 1)), 413, "file")


def test_an_id_is_a_uuid(worker: Api) -> None:
    problem(worker.put("/files/photo-1", picture()), 422, "file_id")
    problem(worker.get("/files/photo-1"), 422, "file_id")
    problem(worker.get(f"/files/{uuid4()}"), 404, "file_id")
    problem(worker.get(f"/files/{UUID(int=0)}", {"thumb": "perhaps"}), 422, "thumb")


def test_who_neither_reports_nor_handles_sends_nothing(world: World) -> None:
    problem(Api(world.tokens["auditor"]).put(f"/files/{uuid4()}", picture()), 403, "file")


def test_erasing_a_case_erases_its_photos_but_not_the_bytes_that_another_case_shows(
    worker: Api,
    operator: Api,
    files_root: Path,
    django_capture_on_commit_callbacks: Any,
) -> None:
    shared, own, other = sent(worker), sent(worker, picture("PNG")), sent(worker)
    case = worker.report("a", files=[shared, own]).json()
    worker.report("b", files=[other])
    with django_capture_on_commit_callbacks(execute=True):
        erase(subject_id=UUID(case["id"]), reason_code="request", by=mandates.console())
    for key in (shared, own):
        problem(operator.get(f"/files/{key}"), 404)
    assert content(operator.get(f"/files/{other}"))
    assert len([path for path in files_root.rglob("*") if path.is_file()]) == 2
    found = operator.get(f"/cases/{case['id']}").json()
    assert (found["erased"], found["files"], found["description"]) == (True, [], None)
    problem(worker.put(f"/files/{shared}", picture()), 422, "file_id")
