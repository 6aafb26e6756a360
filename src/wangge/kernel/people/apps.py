"""The Django application of this room."""

from __future__ import annotations

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "wangge.kernel.people"
    label = "people"

    def ready(self) -> None:
        """Take part in erasing, and tell the journal how people add up."""
        from wangge.kernel.people import projecting, receivers

        projecting.register()
        receivers.subscribe()
