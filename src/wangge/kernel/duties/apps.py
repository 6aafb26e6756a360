"""The Django application of this room."""

from __future__ import annotations

from django.apps import AppConfig


class DutiesConfig(AppConfig):
    name = "wangge.kernel.duties"
    label = "duties"
