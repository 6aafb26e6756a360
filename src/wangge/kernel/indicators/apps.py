"""The Django application of this room."""

from __future__ import annotations

from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    name = "wangge.kernel.indicators"
    label = "indicators"
    verbose_name = "indicators"

    def ready(self) -> None:
        """Tell the journal how publications add up."""
        from wangge.kernel.indicators import projecting

        projecting.register()
