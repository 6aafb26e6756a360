"""The Django application of this room."""

from __future__ import annotations

from django.apps import AppConfig


class ReadingConfig(AppConfig):
    name = "wangge.kernel.reading"
    label = "reading"
    verbose_name = "reading"
