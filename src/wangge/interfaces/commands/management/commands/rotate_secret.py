"""Puts a new secret in place of an old one."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management import CommandParser

from wangge.base.errors import InvalidInput
from wangge.interfaces.commands.base import Facts, WanggeCommand
from wangge.runtime import postgres, secrets
from wangge.settings import environment


class Command(WanggeCommand):
    """`wangge rotate-secret`."""

    help = "Make a secret anew. Database passwords are changed in the embedded database too."
    example = "wangge rotate-secret django_key"

    def arguments(self, parser: CommandParser) -> None:
        """Which."""
        known = {name: use for name, use in secrets.KNOWN.items() if name != "demo_password"}
        words = ", ".join(f"{name} ({use})" for name, use in known.items())
        parser.add_argument("name", choices=sorted(known), metavar="NAME", help=words)
        parser.add_argument("--force", action="store_true", help="for search_key: people are no longer found by phone")

    def run(self, **options: Any) -> Facts:
        """The secret's name; never its value."""
        name = options["name"]
        if name == "search_key" and not options["force"]:
            raise InvalidInput("With another key no stored phone number is found any more.", field="name", value=name,
                               expected="--force if that is meant")
        if name.startswith("db_"):
            if environment.text("DATABASE_URL"):
                raise InvalidInput("The database is not ours.", field="name", value=name,
                                   expected="its password changed there and in DATABASE_URL")
            postgres.change_password(postgres.Cluster(settings.HOME), name.removeprefix("db_"))
        else:
            secrets.rotate(name, settings.HOME)
        return {"rotated": name, "restart_needed": True}

    def show(self, facts: Facts) -> None:
        """For people."""
        self.stdout.write(f"{facts['rotated']} is new. Restart `wangge up` so that it is used.")
