"""The Django application of this room."""

from __future__ import annotations

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "wangge.kernel.ledger"
    label = "ledger"
    verbose_name = "ledger"

    def ready(self) -> None:
        """Listen to the rooms below, and tell the journal how accounts and postings add up."""
        from wangge.kernel.ledger import projecting, receivers

        projecting.register()
        receivers.register()
