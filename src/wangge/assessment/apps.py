"""The Django application of this room."""

from __future__ import annotations

from django.apps import AppConfig


class AssessmentConfig(AppConfig):
    name = "wangge.assessment"
    label = "assessment"

    def ready(self) -> None:
        """Tell the journal how findings add up and where they lie."""
        from wangge.assessment import projecting

        projecting.register()
