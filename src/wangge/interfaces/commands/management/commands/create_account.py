"""Makes an account for a person."""

from __future__ import annotations

import secrets
from typing import Any
from uuid import UUID

from django.core.management import CommandParser

from wangge.base.errors import InvalidInput, NotFound
from wangge.interfaces.commands.base import Facts, WanggeCommand
from wangge.kernel.duties import mandates
from wangge.kernel.people.models import Person
from wangge.kernel.people.services import create_account


class Command(WanggeCommand):
    """`wangge create-account`."""

    help = "Make an account for a person. The first password is the last line, shown once; change it after signing in."
    example = "wangge create-account operator1 --person 王示范"

    def arguments(self, parser: CommandParser) -> None:
        """The user name, and whose it is."""
        parser.add_argument("username", metavar="USERNAME")
        parser.add_argument("--person", required=True, metavar="NAME", help="name, or id where names repeat")

    def run(self, **options: Any) -> Facts:
        """The account and its first password."""
        person = _person(options["person"])
        password = secrets.token_urlsafe(12)
        account = create_account(
            username=options["username"], password=password, person=person, by=mandates.console()
        )
        return {"username": account.username, "person_id": person.id, "password": password}

    def show(self, facts: Facts) -> None:
        """Whose account it is, then the password alone on the last line."""
        self.say(f"For {facts['username']}; the password is shown this once:")
        self.stdout.write(facts["password"])


def _person(text: str) -> Person:
    try:
        found = list(Person.objects.filter(id=UUID(text)))
    except ValueError:
        found = list(Person.objects.filter(name=text)[:2])
    if not found:
        raise NotFound("There is no such person.", field="person", value=text, expected="a name from import-duties")
    if len(found) > 1:
        raise InvalidInput("Several persons have this name.", field="person", value=text, expected="the person's id")
    return found[0]
