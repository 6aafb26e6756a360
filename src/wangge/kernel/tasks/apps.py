"""The Django application of this room."""

from __future__ import annotations

from django.apps import AppConfig


class TasksConfig(AppConfig):
    name = "wangge.kernel.tasks"
    label = "tasks"
    verbose_name = "tasks"

    def ready(self) -> None:
        """Listen to the rooms below, and tell the journal how tasks add up."""
        from wangge.kernel.tasks import projecting, receivers

        projecting.register()
        receivers.register()
