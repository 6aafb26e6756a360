"""A full disk: a photo is refused with 503 and nothing of it stays; reports without a photo go on."""

from __future__ import annotations

import re
import resource
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.interfaces import world as worlds
from tests.interfaces.api.world import Api, problem
from tests.journeys.people import photo
from wangge.kernel.cases.models import Case, StoredFile
from wangge.kernel.duties import mandates
from wangge.kernel.people.services import issue_token

Full = Callable[[], AbstractContextManager[None]]
ROOM = 64 * 1024


@pytest.fixture
def files_root(tmp_path: Path, settings: Any) -> Path:
    """A folder of files of the test's own."""
    root = tmp_path / "files"
    root.mkdir()
    settings.FILES_ROOT = root
    return root


@pytest.fixture(params=["a small file system", "a limit of the process"])
def full(request: pytest.FixtureRequest, files_root: Path) -> Iterator[Full]:
    """Within the block there is less room than a photo needs, after it there is enough again."""
    if request.param == "a limit of the process":
        yield _limited
        return
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={ROOM}", "tmpfs", str(files_root)], capture_output=True, check=False
    )
    if mounted.returncode != 0:
        pytest.skip("no file system may be mounted here; the limit of the process stands for it")

    @contextmanager
    def small() -> Iterator[None]:
        yield
        subprocess.run(["mount", "-o", "remount,size=4m", str(files_root)], check=True)

    try:
        yield small
    finally:
        subprocess.run(["umount", str(files_root)], check=True)


@contextmanager
def _limited() -> Iterator[None]:
    """No file may grow beyond the room: the kernel refuses the write as it does on a full disk (EFBIG)."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (ROOM, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def _left(root: Path) -> list[str]:
    return [path.name for path in root.rglob("*") if path.is_file()]


@pytest.fixture
def api(committed_db: str) -> Api:
    world = worlds.build()
    by = mandates.console()
    return Api(issue_token(account=world.accounts["operator"], label="test", days=1, by=by)[1])


def test_a_photo_is_refused_whole_and_reports_go_on(api: Api, full: Full, files_root: Path) -> None:
    data, name = photo(21, (1200, 900)), uuid4()
    assert len(data) > 2 * ROOM
    with full():
        refused = api.put(f"/files/{name}", data)
        problem(refused, 503, "file")
        assert refused["Retry-After"] == "300"
        assert _left(files_root) == []
        assert StoredFile.objects.count() == 0
        report = api.report("without-a-photo", location={"lon": 119.905, "lat": 31.605})
        assert report.status_code == 201
    assert api.put(f"/files/{name}", data).status_code == 200
    assert len(_left(files_root)) == 2


def test_a_resident_loses_no_word_and_sends_the_form_again(
    api: Api, full: Full, files_root: Path, client: Client
) -> None:
    key = str(uuid4())
    fields = {"key": key, "description": "路灯不亮已经三天", "address": "青禾路 1 号"}

    def send() -> Any:
        return client.post("/report/", {**fields, "photos": SimpleUploadedFile("a.jpg", photo(22, (1200, 900)))})

    with full():
        page = send()
        assert page.status_code == 503
        assert fields["description"] in page.content.decode()
        assert key in page.content.decode()
        assert _left(files_root) == []
        assert Case.objects.count() == 0
    done = send()
    assert done.status_code == 302
    assert re.fullmatch(r"/track/[0-9A-Z]{16}", done["Location"])
    assert StoredFile.objects.filter(case__isnull=False).count() == 1
