"""The Django application of this room."""

from __future__ import annotations

from django.apps import AppConfig


class AssessmentConfig(AppConfig):
    name = "wangge.assessment"
    label = "assessment"

    def ready(self) -> None:
        """Tell the journal how findings, policies, runs and appeals add up, and where findings lie."""
        from wangge.assessment import inspecting, projecting, unitfigures
        from wangge.assessment.money import projecting as money
        from wangge.assessment.running import projecting as running

        projecting.register()
        inspecting.register()
        unitfigures.register()
        running.register()
        money.register()
