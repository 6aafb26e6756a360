"""Give the serving role its rights again, for instance after a restore."""

from __future__ import annotations

from typing import Any

from wangge.interfaces.commands import grants
from wangge.interfaces.commands.base import Facts, WanggeCommand


class Command(WanggeCommand):
    """Apply the grants."""

    help = "Give the serving database role its rights: all rows, but the journal only to append."
    example = "wangge grant"

    def run(self, **options: Any) -> Facts:
        """Whether there are two roles at all."""
        return {"granted": grants.apply()}
