"""The Django application of this room."""

from __future__ import annotations

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "wangge.interfaces.web"
    label = "web"
