"""The Django application of this room."""

from __future__ import annotations

from django.apps import AppConfig


class PatrolsConfig(AppConfig):
    name = "wangge.patrols"
    label = "patrols"

    def ready(self) -> None:
        """Tell the journal how patrols, observations and switches add up, and assessments what presence is known."""
        from wangge.patrols import presence, projecting

        projecting.register()
        presence.register()
