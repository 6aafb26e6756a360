"""The Django application of this room."""

from __future__ import annotations

from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "wangge.kernel.cases"
    label = "cases"
    verbose_name = "cases"

    def ready(self) -> None:
        """Listen to the rooms below, and tell the journal how cases add up."""
        from wangge.kernel.cases import erasing, projecting, receivers, settled
        from wangge.kernel.cases.classes import projecting as classes
        from wangge.kernel.cases.parts import projecting as parts

        erasing.register()
        projecting.register()
        parts.register()
        classes.register()
        settled.register()
        receivers.register()
