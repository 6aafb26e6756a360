"""The Django application of this room."""

from __future__ import annotations

from django.apps import AppConfig


class WallConfig(AppConfig):
    name = "wangge.kernel.wall"
    label = "wall"
    verbose_name = "wall"

    def ready(self) -> None:
        """Tell the journal how displays and clearances add up, and take part in erasing."""
        from wangge.kernel.wall import projecting, receivers

        projecting.register()
        receivers.register()
