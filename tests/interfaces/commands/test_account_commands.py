"""Accounts from the command line."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from wangge.kernel.duties import mandates
from wangge.kernel.people.models import Account
from wangge.kernel.people.services import create_person

pytestmark = pytest.mark.django_db


def create(*words: str) -> str:
    out = StringIO()
    call_command("create_account", *words, stdout=out, stderr=StringIO())
    return out.getvalue()


def test_an_account_gets_a_password_that_is_shown_once() -> None:
    person = create_person(name="王示范", by=mandates.console())
    password = create("somebody", "--person", "王示范").splitlines()[-1]
    account = Account.objects.get(username="somebody")
    assert account.person_id == person.id
    assert account.check_password(password)


def test_a_name_that_repeats_or_is_unknown_names_nobody() -> None:
    by = mandates.console()
    create_person(name="王示范", by=by)
    one = create_person(name="王示范", by=by)
    with pytest.raises(CommandError, match="Several persons"):
        create("somebody", "--person", "王示范")
    with pytest.raises(CommandError, match="no such person"):
        create("somebody", "--person", "谁")
    create("somebody", "--person", str(one.id))
    assert Account.objects.get(username="somebody").person_id == one.id
