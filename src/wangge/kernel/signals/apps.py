"""The Django application of this room."""

from __future__ import annotations

from django.apps import AppConfig


class SignalsConfig(AppConfig):
    name = "wangge.kernel.signals"
    label = "signals"
    verbose_name = "signals"

    def ready(self) -> None:
        """Tell the journal how settled signals and thresholds add up, and where they lie."""
        from wangge.kernel.signals import projecting

        projecting.register()
