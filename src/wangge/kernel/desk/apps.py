"""The Django application of this room."""

from __future__ import annotations

from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "wangge.kernel.desk"
    label = "desk"
    verbose_name = "desk"

    def ready(self) -> None:
        """Listen to the rooms below, and tell the journal how what is kept here adds up."""
        from wangge.kernel.desk import projecting, receivers

        projecting.register()
        receivers.register()
