"""The Django application of this room."""

from __future__ import annotations

from django.apps import AppConfig


class InspectionsConfig(AppConfig):
    name = "wangge.inspections"
    label = "inspections"

    def ready(self) -> None:
        """Tell the journal how contests and rectifications add up; runs, which contests are open."""
        from wangge.assessment.waiting import provide
        from wangge.inspections import projecting
        from wangge.inspections.queries import open_contests

        projecting.register()
        provide("contests", open_contests)
