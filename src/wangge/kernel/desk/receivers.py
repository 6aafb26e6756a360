"""What is kept goes along when areas end and when persons are erased; and how it takes part in erasing."""

from __future__ import annotations

from uuid import UUID

from wangge.base.events import subscribe
from wangge.kernel.desk.models import SHIFT, SUBJECT, Kept, Shift
from wangge.kernel.duties.receivers import place_of_account
from wangge.kernel.journal.services import Act, Erasure, append, erase, on_erase, place_of
from wangge.kernel.people.events import PersonErased
from wangge.kernel.places.events import AreasEnded


def register() -> None:
    """Called once, when the application is ready."""
    subscribe(AreasEnded, move_kept)
    subscribe(PersonErased, erase_own)
    on_erase(SUBJECT, erased)
    place_of(SUBJECT, place_of_kept)
    place_of(SHIFT, lambda shift: str(Shift.objects.values_list("area_path", flat=True).get(id=shift)))


def place_of_kept(kept: UUID) -> str:
    """Where it is shared; what is one's own lies where its owner's duties do."""
    found = Kept.objects.select_related("owner").get(id=kept)
    return found.area_path if found.owner is None else place_of_account(found.owner.id)


def erased(erasure: Erasure) -> dict[str, int]:
    """The words are gone from the row too, and it is out of use. Repeatable."""
    return {"kept": Kept.objects.filter(id=erasure.subject_id).update(text="", active=False)}


def erase_own(event: PersonErased) -> None:
    """What a person kept for themselves is erased with them."""
    for kept in _ids(event):
        erase(subject_id=kept, reason_code="person", by=event.by)


def _ids(event: PersonErased) -> list[UUID]:
    return list(Kept.objects.filter(owner__person_id=event.person_id).exclude(text="").values_list("id", flat=True))


def move_kept(event: AreasEnded) -> None:
    """What was shared on an area that ended is shared on its successor, where there is one."""
    for move in event.moves:
        if move.new_id is None or move.new_path is None:
            continue
        for kept in Kept.objects.select_for_update(of=("self",)).filter(area_id=move.old_id, active=True):
            updates = {"area": str(move.new_id), "area_path": move.new_path}
            [written] = append([Act(kept.id, SUBJECT, "move", move.old_id, {"set": updates}, version=kept.version)],
                               by=event.by)
            kept.area_id, kept.area_path, kept.version = move.new_id, move.new_path, written.seq
            kept.save(force_update=True)
