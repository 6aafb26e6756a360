"""A display: one area, a token that is shown once, expires and can be revoked, and a record of it all."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError

from tests.interfaces.world import World
from tests.kernel.wall.making import closed_with_photos
from wangge.base.clock import now
from wangge.base.errors import Forbidden, InvalidInput, NotFound, Unauthenticated
from wangge.kernel.cases.models import CaseClass
from wangge.kernel.duties import mandates
from wangge.kernel.journal.models import Content, Entry
from wangge.kernel.journal.services import erase
from wangge.kernel.journal.verifying import verify
from wangge.kernel.wall.clearing import clear_photos, offers, read_shown, retract_photos
from wangge.kernel.wall.displays import admit, displays, issue_display, revoke_display
from wangge.kernel.wall.models import Clearance, Display


def test_a_display_opens_with_its_token_until_it_expires(world: World) -> None:
    admin = world.by("admin")
    made, plain = issue_display(area_code="320499001001", days=30, by=admin, label="一楼大厅", language="en")
    found = admit(plain, now=now())
    assert (found.by.scope_path, found.by.may, found.language) == ("320499001/320499001001/", {"watch"}, "en")
    assert bytes(Display.objects.get(id=made.id).digest) != plain.encode()
    with pytest.raises(Unauthenticated):
        admit(plain, now=now() + timedelta(days=31))
    for other in ("", plain[:-1], "wd_" + "A" * 43):
        with pytest.raises(Unauthenticated):
            admit(other, now=now())


def test_a_revoked_display_opens_nothing_and_revoking_twice_is_one_entry(world: World) -> None:
    made, plain = issue_display(area_code="320499001", days=1, by=world.by("admin"))
    for _ in range(2):
        revoke_display(display_id=made.id, by=world.by("admin"))
    with pytest.raises(Unauthenticated):
        admit(plain, now=now())
    assert list(Entry.objects.filter(subject_id=made.id).values_list("verb", flat=True)) == [
        "issue_display", "revoke_display",
    ]  # fmt: skip
    [listed] = displays(by=world.by("admin"), now=now())
    assert not listed.alive


def test_who_may_not_make_displays_and_what_is_no_display(world: World) -> None:
    for who in ("operator", "worker", "secretary"):
        with pytest.raises(Forbidden):
            issue_display(area_code="320499001001", days=1, by=world.by(who))
    admin = world.by("admin")
    for wrong in ({"days": 0}, {"days": 731}, {"language": "fr"}, {"label": "x" * 61}):
        with pytest.raises(InvalidInput):
            issue_display(**{"area_code": "320499001", "days": 1, "by": admin} | wrong)  # type: ignore[arg-type]
    with pytest.raises(NotFound):
        issue_display(area_code="nowhere", days=1, by=admin)
    with pytest.raises(NotFound):
        revoke_display(display_id=uuid4(), by=admin)


def test_displays_and_clearances_add_up_and_a_change_behind_the_journal_is_found(world: World) -> None:
    made, _ = issue_display(area_code="320499001", days=9, by=world.by("admin"), label="大厅")
    case, before, after = closed_with_photos(world)
    clear_photos(case=case.id, before=before, after=after, by=world.by("operator"))
    retract_photos(case=case.number, by=world.by("operator"))
    clear_photos(case=case.number, before=before, after=after, by=world.by("secretary"))
    assert verify().clean
    Display.objects.filter(id=made.id).update(expires_at=now() + timedelta(days=99))
    Clearance.objects.update(cleared_at=now() + timedelta(days=1))
    told = " ".join(str(fault) for fault in verify().faults)
    assert "expires_at" in told
    assert "cleared_at" in told


def test_erasing_a_display_takes_its_label(world: World) -> None:
    made, _ = issue_display(area_code="320499001", days=9, by=world.by("admin"), label="老王的办公室")
    erase(subject_id=made.id, reason_code="request", by=world.by("admin"))
    assert Display.objects.get(id=made.id).label == ""
    assert not Content.objects.filter(subject_id=made.id, value__isnull=False).exists()
    assert verify().clean


def test_photos_are_shown_from_clearing_until_they_are_taken_back(world: World) -> None:
    case, before, after = closed_with_photos(world)
    display, operator = mandates.display("320499001/"), world.by("operator")
    [offer] = offers(by=operator, now=now())
    assert (offer.case_id, offer.before, offer.after, offer.cleared_at) == (case.id, before, after, None)
    cleared = clear_photos(case=case.id, before=before, after=after, by=operator)
    assert read_shown(cleared.id, "before", by=display).path.is_file()
    assert offers(by=operator, now=now())[0].cleared_at is not None
    with pytest.raises(NotFound):
        read_shown(cleared.id, "before", by=mandates.display("320499001/320499001002/"))
    with pytest.raises(NotFound):
        read_shown(cleared.id, "beside", by=display)
    retract_photos(case=case.id, by=operator)
    with pytest.raises(NotFound):
        read_shown(cleared.id, "before", by=display)


def test_what_is_not_to_be_shown_is_not_cleared(world: World) -> None:
    case, before, after = closed_with_photos(world)
    other, first, last = closed_with_photos(world, "另一处")
    running = world.bring(world.report("还在办"), "accept")
    operator = world.by("operator")
    for who in ("worker", "inspector", "acceptor"):
        with pytest.raises(Forbidden):
            clear_photos(case=case.id, before=before, after=after, by=world.by(who))
    with pytest.raises(NotFound):
        clear_photos(case=case.id, before=before, after=after, by=world.by("elsewhere"))
    for wrong in ((first, after), (before, last), (after, before), (before, before), (uuid4(), after)):
        with pytest.raises(NotFound):
            clear_photos(case=case.id, before=wrong[0], after=wrong[1], by=operator)
    with pytest.raises(InvalidInput, match="closed"):
        clear_photos(case=running.id, before=before, after=after, by=operator)
    with pytest.raises(NotFound):
        retract_photos(case=other.id, by=operator)
    CaseClass.objects.filter(code="E0401").update(confidentiality="restricted")
    with pytest.raises(InvalidInput, match="never shown"):
        clear_photos(case=case.id, before=before, after=after, by=operator)


def test_what_became_restricted_after_clearing_is_not_shown(world: World) -> None:
    case, before, after = closed_with_photos(world)
    cleared = clear_photos(case=case.id, before=before, after=after, by=world.by("operator"))
    CaseClass.objects.filter(code="E0401").update(confidentiality="confidential")
    with pytest.raises(NotFound):
        read_shown(cleared.id, "after", by=mandates.display("320499001/"))


def test_the_database_refuses_photos_of_another_case(world: World) -> None:
    case, before, after = closed_with_photos(world)
    _, first, _ = closed_with_photos(world, "另一处")
    cleared = clear_photos(case=case.id, before=before, after=after, by=world.by("operator"))
    with pytest.raises(IntegrityError, match="photos are cleared of one case"), transaction.atomic():
        Clearance.objects.filter(id=cleared.id).update(before_id=first)
    with connection.cursor() as cursor, pytest.raises(IntegrityError), transaction.atomic():
        cursor.execute("UPDATE wall_clearance SET after_id = before_id")
