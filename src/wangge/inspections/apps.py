"""The Django application of this room."""

from __future__ import annotations

from django.apps import AppConfig


class InspectionsConfig(AppConfig):
    name = "wangge.inspections"
    label = "inspections"

    def ready(self) -> None:
        """Tell the journal how contests and rectifications add up, and where they lie."""
        from wangge.inspections import projecting

        projecting.register()
