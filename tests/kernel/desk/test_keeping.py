"""Views and replies are kept for oneself or shared with a post on an area; each change is on record."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction

from tests.interfaces.world import World
from wangge.base.errors import Conflict, Forbidden, InvalidInput, NotFound
from wangge.kernel.desk import keeping
from wangge.kernel.desk.keeping import Audience, choose_columns, drop, keep
from wangge.kernel.desk.models import Kept
from wangge.kernel.desk.queries import kept_for
from wangge.kernel.duties import mandates
from wangge.kernel.journal.models import Content
from wangge.kernel.journal.verifying import verify
from wangge.kernel.people.services import erase_person
from wangge.kernel.places.queries import area_by_code

ROOT, COMMUNITY = "320499001", "320499001001"


def view(
    world: World, who: str, text: str, conditions: str = "state=registered", share: Audience | None = None
) -> Kept:
    account = world.accounts[who].id
    return keep(kind="view", text=text, conditions=conditions, account=account, by=world.by(who), share=share)


def seen(world: World, who: str) -> list[str]:
    return [item.text for item in kept_for(world.accounts[who].id, world.by(who)).items]


def test_what_is_kept_for_oneself_nobody_else_finds(world: World) -> None:
    view(world, "operator", "夜班")
    assert (seen(world, "operator"), seen(world, "acceptor")) == (["夜班"], [])


def test_what_is_shared_is_found_by_the_post_on_the_ground_and_below(world: World) -> None:
    view(world, "operator", "待派遣超期", share=Audience(area_by_code(ROOT), "operator"))
    view(world, "secretary", "社区全体", share=Audience(area_by_code(COMMUNITY)))
    assert seen(world, "operator") == ["待派遣超期"]
    assert seen(world, "secretary") == seen(world, "worker") == ["社区全体"]
    assert seen(world, "acceptor") == seen(world, "elsewhere") == []


def test_sharing_takes_the_verb_over_the_area(world: World) -> None:
    for who, code in (("worker", COMMUNITY), ("secretary", ROOT), ("secretary", "320499001002")):
        with pytest.raises(Forbidden):
            view(world, who, "不行", share=Audience(area_by_code(code)))
    with pytest.raises(InvalidInput):
        view(world, "operator", "不行", share=Audience(area_by_code(ROOT), "king"))


def test_the_same_name_takes_the_new_conditions(world: World) -> None:
    first = view(world, "operator", "夜班")
    again = view(world, "operator", "夜班", "overdue=1")
    assert again.id == first.id
    [item] = kept_for(world.accounts["operator"].id, world.by("operator")).views
    assert item.filter == "overdue=1"
    assert verify().clean


def test_dropping_is_for_whom_it_belongs_to(world: World) -> None:
    own = view(world, "operator", "夜班")
    shared = view(world, "operator", "共享", share=Audience(area_by_code(ROOT)))
    with pytest.raises(NotFound):
        drop(own.id, account=world.accounts["acceptor"].id, by=world.by("acceptor"))
    with pytest.raises(Forbidden):
        drop(shared.id, account=world.accounts["acceptor"].id, by=world.by("acceptor"))
    for one in (own, shared):
        drop(one.id, account=world.accounts["operator"].id, by=world.by("operator"))
    assert seen(world, "operator") == []
    with pytest.raises(NotFound):
        drop(own.id, account=world.accounts["operator"].id, by=world.by("operator"))
    assert view(world, "operator", "夜班").id != own.id
    assert verify().clean


def test_another_persons_account_takes_nothing(world: World) -> None:
    with pytest.raises(Forbidden):
        keep(kind="view", text="冒名", account=world.accounts["acceptor"].id, by=world.by("operator"))


@pytest.mark.parametrize("text", ["", "   ", "长" * 31, "a\0b"])
def test_a_view_has_a_short_name(world: World, text: str) -> None:
    with pytest.raises(InvalidInput) as error:
        view(world, "operator", text)
    assert error.value.field == "text"


def test_there_is_an_end_to_keeping(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "MOST", 2)
    view(world, "operator", "一")
    view(world, "operator", "二")
    with pytest.raises(Conflict):
        view(world, "operator", "三")


def test_the_database_refuses_what_is_own_and_shared(world: World) -> None:
    made = view(world, "operator", "夜班")
    with pytest.raises(IntegrityError), transaction.atomic():
        Kept.objects.filter(id=made.id).update(area_id=area_by_code(ROOT).id)


def test_a_row_that_was_changed_behind_the_journals_back_is_named(world: World) -> None:
    made = view(world, "operator", "夜班")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE desk_kept SET filter = 'state=closed', text = '改名' WHERE id = %s", [made.id])
    found = verify()
    assert {fault.kind for fault in found.faults} == {"state-differs"}


def test_what_a_person_kept_goes_with_them(world: World) -> None:
    made = view(world, "operator", "某人的夜班")
    erase_person(world.persons["operator"], mandates.console())
    kept = Kept.objects.get(id=made.id)
    assert (kept.text, kept.active) == ("", False)
    assert not Content.objects.filter(subject_id=made.id, value__isnull=False).exists()
    assert verify().clean


def test_columns_are_kept_with_the_account(world: World) -> None:
    account = world.accounts["operator"].id
    assert kept_for(account, world.by("operator")).columns is None
    choose_columns(["due", "tier"], account=account)
    choose_columns(["tier"], account=account)
    assert kept_for(account, world.by("operator")).columns == ("tier",)
    assert kept_for(world.accounts["acceptor"].id, world.by("acceptor")).columns is None
