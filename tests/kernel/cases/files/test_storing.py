"""Keeping photos: once for each id, on disk before the row, with the case for good, and gone when erased."""

from __future__ import annotations

import errno
import hashlib
import io
import os
from datetime import timedelta
from pathlib import Path
from typing import Any, BinaryIO
from uuid import UUID, uuid4

import pytest
from pytest_django import DjangoCaptureOnCommitCallbacks

from tests.kernel.cases.files.pictures import hostile, picture
from wangge.base.clock import now
from wangge.base.errors import Forbidden, InvalidInput, KeyReused, MalformedInput, NotFound, TooLarge, Unavailable
from wangge.kernel.cases import files
from wangge.kernel.cases.files import vault
from wangge.kernel.cases.models import StoredFile
from wangge.kernel.duties import mandates

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def root(tmp_path: Path, settings: Any) -> Path:
    """A folder of files of the test's own."""
    settings.FILES_ROOT = tmp_path / "files"
    return tmp_path / "files"


def store(content: bytes | BinaryIO, file_id: UUID | None = None, sender: str | None = None) -> StoredFile:
    return files.store_file(file_id=file_id or uuid4(), content=content, sender=sender, by=mandates.public(""))


def on_disk(root: Path) -> list[str]:
    return sorted(path.name for path in root.rglob("*") if path.is_file())


def test_a_photo_lies_under_the_digest_of_what_was_kept(root: Path) -> None:
    row = store(picture())
    path = vault.path_of(str(row.digest_kept), row.media_type)
    assert path == root / row.digest_kept[:2] / row.digest_kept[2:4] / f"{row.digest_kept}.jpg"
    assert hashlib.sha256(path.read_bytes()).hexdigest() == row.digest_kept
    assert row.digest_received == hashlib.sha256(picture()).hexdigest()
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert on_disk(root) == [f"{row.digest_kept}.480.jpg", f"{row.digest_kept}.jpg"]


def test_sending_twice_is_storing_once(root: Path) -> None:
    key = uuid4()
    first, second = store(picture(), key), store(io.BytesIO(picture()), key)
    assert (first.id, first.digest_kept, first.stored_at) == (second.id, second.digest_kept, second.stored_at)
    assert StoredFile.objects.count() == 1
    assert len(on_disk(root)) == 2


def test_an_id_stands_for_one_file_of_one_sender() -> None:
    key = uuid4()
    store(picture(), key)
    with pytest.raises(KeyReused) as other_bytes:
        store(picture("PNG"), key)
    with pytest.raises(KeyReused):
        store(picture(), key, sender="person:another")
    assert other_bytes.value.field == "file_id"


def test_what_does_not_report_sends_no_files() -> None:
    auditor = mandates.Standing(uuid4(), (mandates.DutyRow(uuid4(), "auditor", None, ""),), "desk", now(), now())
    with pytest.raises(Forbidden):
        files.store_file(file_id=uuid4(), content=picture(), by=auditor.mandate())


class Endless(io.RawIOBase):
    """A stream that never ends, and counts what was read of it."""

    given = 0

    def read(self, size: int = -1) -> bytes:
        self.given += size
        return b"\xff" * size


def test_too_much_is_refused_while_it_still_arrives() -> None:
    endless = Endless()
    with pytest.raises(TooLarge) as refused:
        store(endless)  # type: ignore[arg-type]
    assert endless.given <= files.MOST_BYTES + 128 * 1024
    assert (refused.value.field, refused.value.status) == ("file", 413)
    with pytest.raises(TooLarge):
        store(b"\xff" * (files.MOST_BYTES + 1))


def test_a_refused_file_leaves_nothing(root: Path) -> None:
    for data in hostile().values():
        with pytest.raises((InvalidInput, MalformedInput)):
            store(data)
    assert not StoredFile.objects.exists()
    assert on_disk(root) == []


@pytest.mark.parametrize("fails_at", [1, 2, 3])
def test_a_full_disk_leaves_nothing_half_written(root: Path, monkeypatch: pytest.MonkeyPatch, fails_at: int) -> None:
    real, calls = os.fsync, iter(range(1, 100))

    def full(handle: int) -> None:
        if next(calls) == fails_at:
            raise OSError(errno.ENOSPC, "No space left on device")
        real(handle)

    monkeypatch.setattr(vault.os, "fsync", full)
    with pytest.raises(Unavailable) as refused:
        store(picture())
    assert refused.value.extra["retry_after"] > 0
    assert on_disk(root) == []
    assert not StoredFile.objects.exists()


def test_a_full_disk_does_not_take_the_bytes_of_another_row(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    row = store(picture())
    vault.path_of(str(row.digest_kept), row.media_type, thumb=True).unlink()

    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(vault.os, "fsync", full)
    with pytest.raises(Unavailable):
        store(picture())
    assert on_disk(root) == [f"{row.digest_kept}.jpg"]


def test_its_sender_reads_a_loose_file_and_nobody_else_does() -> None:
    row = store(picture())
    found = files.read_file(row.id, by=mandates.public(""))
    assert found.path.read_bytes()[:2] == b"\xff\xd8"
    thumb = files.read_file(row.id, thumb=True, by=mandates.public(""))
    assert (thumb.media_type, thumb.tag) == ("image/jpeg", f"{row.digest_kept}-480")
    with pytest.raises(NotFound):
        files.read_file(row.id, by=mandates.console())
    with pytest.raises(NotFound):
        files.read_file(uuid4(), by=mandates.public(""))


def test_a_file_that_is_missing_on_disk_is_said_to_be(root: Path) -> None:
    row = store(picture())
    vault.forget(str(row.digest_kept))
    with pytest.raises(Unavailable):
        files.read_file(row.id, by=mandates.public(""))


def test_loose_files_go_after_their_time_but_not_bytes_that_others_need(
    root: Path, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    old, other, young = store(picture()), store(picture("PNG")), store(picture())
    StoredFile.objects.filter(id__in=[old.id, other.id]).update(stored_at=now() - timedelta(days=9))
    with django_capture_on_commit_callbacks(execute=True):
        assert files.purge_loose(timedelta(days=7), now=now()) == 2
    assert list(StoredFile.objects.values_list("id", flat=True)) == [young.id]
    assert on_disk(root) == [f"{young.digest_kept}.480.jpg", f"{young.digest_kept}.jpg"]


def test_sweeping_removes_what_a_crash_left_behind(root: Path) -> None:
    row = store(picture())
    orphan = vault.path_of("ab" * 32, "image/png")
    vault.put([(orphan, b"left behind")])
    part = orphan.with_name("x.part")
    part.write_bytes(b"half")
    os.utime(part, (0, 0))
    assert files.sweep() == 1
    files.purge_loose(timedelta(days=7), now=now())
    assert on_disk(root) == [f"{row.digest_kept}.480.jpg", f"{row.digest_kept}.jpg"]


def test_more_files_than_one_act_may_have_are_refused() -> None:
    many = [uuid4() for _ in range(files.MOST_FILES + 1)]
    with pytest.raises(InvalidInput) as refused:
        files.attach_files(many, case_id=uuid4(), seq=1, by=mandates.public(""))
    assert refused.value.field == "files"


def test_unknown_roles_and_files_are_refused() -> None:
    key = uuid4()
    for roles in ({key: "selfie"}, {}):
        with pytest.raises(InvalidInput) as refused:
            files.attach_files([key], case_id=uuid4(), seq=1, roles=roles, by=mandates.public(""))
        assert refused.value.field == "files"
