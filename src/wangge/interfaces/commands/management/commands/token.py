"""Issues a bearer token for the API."""

from __future__ import annotations

from typing import Any

from django.core.management import CommandParser

from wangge.interfaces.commands.base import Facts, WanggeCommand
from wangge.kernel.duties import mandates
from wangge.kernel.people.queries import account_by_username
from wangge.kernel.people.services import MAX_TOKEN_DAYS, issue_token


class Command(WanggeCommand):
    """`wangge token`."""

    help = "Issue a bearer token for an account. Its text is the last line, shown once and kept nowhere."
    example = "wangge token operator --days 30"

    def arguments(self, parser: CommandParser) -> None:
        """Whose token, and for how long."""
        parser.add_argument("username", metavar="USERNAME")
        parser.add_argument("--days", type=int, default=90, help=f"until it expires, up to {MAX_TOKEN_DAYS}")
        parser.add_argument("--label", default="command line", help="what it is for")

    def run(self, **options: Any) -> Facts:
        """The token."""
        account = account_by_username(options["username"])
        token, plain = issue_token(account=account, label=options["label"], days=options["days"], by=mandates.console())
        return {"username": account.username, "expires_at": token.expires_at, "token": plain}

    def show(self, facts: Facts) -> None:
        """When it ends, then the token alone on the last line."""
        self.say(f"For {facts['username']}, until {facts['expires_at']:%Y-%m-%d %H:%M} UTC:")
        self.stdout.write(facts["token"])
