"""The Django application of this room."""

from __future__ import annotations

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "wangge.kernel.people"
    label = "people"

    def ready(self) -> None:
        """Take part in erasing."""
        from wangge.kernel.people import receivers

        receivers.subscribe()
