"""The Django application of this room."""

from __future__ import annotations

from django.apps import AppConfig


class SpotsConfig(AppConfig):
    name = "wangge.kernel.spots"
    label = "spots"
    verbose_name = "spots"

    def ready(self) -> None:
        """Listen to the rooms below, and tell the journal how spot files add up."""
        from wangge.kernel.spots import projecting, receivers

        projecting.register()
        receivers.register()
