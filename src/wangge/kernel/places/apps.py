"""The Django application of this room."""

from __future__ import annotations

from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "wangge.kernel.places"
    label = "places"

    def ready(self) -> None:
        """Tell the journal how areas add up."""
        from wangge.kernel.places import projecting

        projecting.register()
