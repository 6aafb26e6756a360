"""Persons, organisations, accounts and tokens."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.auth import authenticate
from django.db import connection

from wangge.base import events
from wangge.base.errors import Conflict, Forbidden, InvalidInput, NotFound, Unauthenticated
from wangge.base.mandate import Mandate
from wangge.kernel.duties import mandates
from wangge.kernel.journal.models import Content, Entry
from wangge.kernel.people import queries
from wangge.kernel.people.events import PersonErased
from wangge.kernel.people.models import Account, Organisation, Person
from wangge.kernel.people.services import (
    change_password,
    close_account,
    correct_person,
    create_account,
    create_organisation,
    create_person,
    erase_person,
    issue_token,
    revoke_token,
)

pytestmark = pytest.mark.django_db
PASSWORD = "long-enough-8311"


@pytest.fixture
def by() -> Mandate:
    return mandates.console()


def dump() -> str:
    """All text of the tables that could hold a name."""
    with connection.cursor() as cursor:
        found = []
        for table in ("people_person", "people_account", "people_api_token", "journal_entry", "journal_content"):
            cursor.execute(f"SELECT t::text FROM {table} t")
            found += [row[0] for row in cursor.fetchall()]
    return "\n".join(found)


def test_a_name_lies_in_content_and_never_in_the_entry(by: Mandate) -> None:
    person = create_person(name=" 王示范 ", contact="13800000000", by=by)
    entry = Entry.objects.get(subject_id=person.id)
    assert set(entry.data) == {"content"}
    assert "王示范" not in str(entry.data)
    assert dict(Content.objects.filter(subject_id=person.id).values_list("field", "value")) == {
        "name": "王示范", "contact": "13800000000",
    }


def test_a_correction_moves_the_version_and_the_column(by: Mandate) -> None:
    person = create_person(name="王示范", by=by)
    correct_person(person_id=person.id, name="王样例", by=by)
    person.refresh_from_db()
    assert (person.name, person.version) == ("王样例", 2)


@pytest.mark.parametrize("name", ["", "  ", "x" * 101, "a\0b"])
def test_a_person_needs_a_name(by: Mandate, name: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        create_person(name=name, by=by)
    assert caught.value.field == "name"
    assert not Person.objects.exists()


def test_only_who_manages_accounts_makes_people() -> None:
    for make in (
        lambda by: create_person(name="王示范", by=by),
        lambda by: create_organisation(code="D1", name="样例部门", kind="department", by=by),
        lambda by: create_account(username="someone", password=PASSWORD, by=by),
    ):
        with pytest.raises(Forbidden):
            make(mandates.public(""))


def test_organisations_are_known_by_their_code(by: Mandate) -> None:
    made = create_organisation(code="CG-01", name="样例保洁公司", kind="contractor", by=by)
    assert queries.organisation_by_code("CG-01") == made
    with pytest.raises(Conflict, match="taken"):
        create_organisation(code="CG-01", name="另一家", kind="contractor", by=by)
    with pytest.raises(InvalidInput, match="no such kind"):
        create_organisation(code="CG-02", name="另一家", kind="planet", by=by)
    with pytest.raises(NotFound):
        queries.organisation_by_code("CG-02")
    assert Organisation.objects.count() == 1


def test_a_user_name_is_one_whatever_its_case(by: Mandate) -> None:
    create_account(username="Operator", password=PASSWORD, by=by)
    with pytest.raises(Conflict):
        create_account(username="operator", password=PASSWORD, by=by)
    assert queries.account_by_username("OPERATOR").username == "Operator"


def test_a_weak_password_or_a_bad_user_name_is_refused(by: Mandate) -> None:
    with pytest.raises(InvalidInput, match="too weak"):
        create_account(username="operator", password="12345", by=by)
    with pytest.raises(InvalidInput, match="no user name"):
        create_account(username="a b<c>", password=PASSWORD, by=by)
    assert not Account.objects.exists()


def test_one_signs_in_until_the_account_is_closed(by: Mandate) -> None:
    account = create_account(username="operator", password=PASSWORD, by=by)
    assert authenticate(username="operator", password=PASSWORD) == account
    assert authenticate(username="operator", password="wrong") is None
    change_password(account=account, password="another-good-one", by=by)
    assert authenticate(username="operator", password=PASSWORD) is None
    assert authenticate(username="operator", password="another-good-one") == account
    close_account(account=account, by=by)
    assert authenticate(username="operator", password="another-good-one") is None
    assert list(Entry.objects.filter(subject_id=account.id).order_by("seq").values_list("verb", flat=True)) == [
        "create", "change_password", "close",
    ]


def test_a_token_is_kept_as_a_digest_only_and_ends(by: Mandate) -> None:
    account = create_account(username="operator", password=PASSWORD, by=by)
    token, plain = issue_token(account=account, label="phone", days=30, by=by)
    assert plain.startswith("wg_")
    assert plain not in dump()
    assert plain.removeprefix("wg_") not in dump()
    assert mandates.standing_of_token(plain).account == account.id
    with pytest.raises(Unauthenticated):
        mandates.standing_of_token(plain + "x")
    revoke_token(token=token, by=by)
    revoke_token(token=token, by=by)
    with pytest.raises(Unauthenticated):
        mandates.standing_of_token(plain)
    assert Entry.objects.filter(subject_id=account.id, verb="revoke_token").count() == 1


def test_an_expired_token_and_one_of_a_closed_account_are_refused(by: Mandate) -> None:
    account = create_account(username="operator", password=PASSWORD, by=by)
    token, plain = issue_token(account=account, label="", days=1, by=by)
    type(token).objects.filter(id=token.id).update(
        created_at=by.recorded_at - timedelta(days=2), expires_at=by.recorded_at - timedelta(days=1)
    )
    with pytest.raises(Unauthenticated):
        mandates.standing_of_token(plain)
    _, plain = issue_token(account=account, label="", days=1, by=by)
    close_account(account=account, by=by)
    with pytest.raises(Unauthenticated):
        mandates.standing_of_token(plain)
    with pytest.raises(InvalidInput, match="closed"):
        issue_token(account=account, label="", days=1, by=by)


@pytest.mark.parametrize("days", [0, -1, 731])
def test_a_token_always_expires(by: Mandate, days: int) -> None:
    account = create_account(username="operator", password=PASSWORD, by=by)
    with pytest.raises(InvalidInput, match="always expires"):
        issue_token(account=account, label="", days=days, by=by)


def test_an_erased_person_is_found_nowhere_and_the_id_stays(by: Mandate) -> None:
    heard: list[PersonErased] = []
    person = create_person(name="王示范", contact="13800000000", by=by)
    correct_person(person_id=person.id, name="王示范二", by=by)
    account = create_account(username="wangshifan", password=PASSWORD, email="wangshifan@example.org",
                             person=person, by=by)
    issue_token(account=account, label="王示范的手机", days=3, by=by)
    events.subscribe(PersonErased, heard.append)
    try:
        erase_person(person.id, by)
    finally:
        events._receivers[PersonErased].remove(heard.append)
    text = dump()
    for trace in ("王示范", "13800000000", "wangshifan"):
        assert trace not in text
    assert Person.objects.get(id=person.id).name == ""
    assert [event.person_id for event in heard] == [person.id]
    assert authenticate(username="wangshifan", password=PASSWORD) is None


def test_erasing_needs_its_verb(by: Mandate) -> None:
    person = create_person(name="王示范", by=by)
    with pytest.raises(Forbidden):
        erase_person(person.id, mandates.public(""))
    with pytest.raises(NotFound):
        erase_person(uuid4(), by)
    assert Person.objects.get(id=person.id).name == "王示范"
