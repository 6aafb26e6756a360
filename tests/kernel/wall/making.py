"""Closed cases with photos, and forgetting what displays share."""

from __future__ import annotations

from io import BytesIO
from uuid import UUID

from tests.interfaces.world import World, photo
from wangge.base.ids import new_id
from wangge.kernel.cases import reference
from wangge.kernel.cases.files import store_file
from wangge.kernel.cases.models import Case
from wangge.kernel.cases.services import Command, act
from wangge.kernel.duties import mandates
from wangge.kernel.places import queries as places
from wangge.kernel.wall.sharing import SHELF


def forget() -> None:
    """Snapshots of what is undone."""
    SHELF.clear()
    places._atlases.clear()
    reference._snapshots.clear()


def closed_with_photos(world: World, words: str = "菜场东门占道") -> tuple[Case, UUID, UUID]:
    """A closed case with a photo of what was found and one of what was done."""
    public = mandates.public("320499001/")
    before = store_file(file_id=new_id(), content=BytesIO(photo("maroon")), declared_type="image/jpeg", by=public).id
    receipt = world.report(words, files=[before])
    case = world.bring(receipt, "accept", "confirm", "register", "dispatch", "sign")
    worker = world.by("worker")
    after = store_file(file_id=new_id(), content=BytesIO(photo("teal")), declared_type="image/jpeg", by=worker).id
    act(case_id=case.id, command=Command(act="handle", note="已清", files=[after]), expected_version=case.version,
        by=worker)  # fmt: skip
    return world.bring(receipt, "inspect", "close"), before, after
