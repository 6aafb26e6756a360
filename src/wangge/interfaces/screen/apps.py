"""The Django application of this room."""

from __future__ import annotations

from django.apps import AppConfig


class ScreenConfig(AppConfig):
    name = "wangge.interfaces.screen"
    label = "screen"
    verbose_name = "screen"
