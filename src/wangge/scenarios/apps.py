"""The Django application of this room."""

from __future__ import annotations

from django.apps import AppConfig


class ScenariosConfig(AppConfig):
    name = "wangge.scenarios"
    label = "scenarios"
