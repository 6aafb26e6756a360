"""Prints who may open which address, or writes it into the page that shows it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management import CommandParser

from wangge.base.errors import InvalidInput
from wangge.interfaces.commands.base import Facts, WanggeCommand
from wangge.interfaces.web.access import routes, table

HEAD = "| Address |"


class Command(WanggeCommand):
    """`wangge access`."""

    help = "Print who may open which address of the pages, post by post, as the code says it."
    example = "wangge access --write docs/access.md"

    def arguments(self, parser: CommandParser) -> None:
        """The page to write to."""
        parser.add_argument("--write", metavar="FILE.md", type=Path, help="replace the table of this page")

    def run(self, **options: Any) -> Facts:
        """How many addresses; the table itself, unless it was written."""
        path: Path | None = options["write"]
        facts: dict[str, Any] = {"addresses": len(routes())}
        if path is None:
            return facts | {"table": table()}
        text = path.read_text(encoding="utf-8")
        before, found, rest = text.partition(HEAD)
        if not found:
            raise InvalidInput("This page has no such table.", field="write", value=str(path),
                               expected=f"a line that begins with “{HEAD}”")
        after = (found + rest).split("\n")
        while after and after[0].startswith("|"):
            after.pop(0)
        path.write_text(before + table() + "\n".join(after), encoding="utf-8")
        return facts | {"written": str(path)}

    def show(self, facts: Facts) -> None:
        """The table as it is."""
        self.stdout.write(str(facts.get("table", f"{facts['addresses']} addresses, written to {facts.get('written')}")))
