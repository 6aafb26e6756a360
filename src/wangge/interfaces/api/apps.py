"""The Django application of this room."""

from __future__ import annotations

from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "wangge.interfaces.api"
    label = "api"
