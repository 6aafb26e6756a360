"""The Django application of this room."""

from __future__ import annotations

from django.apps import AppConfig


class PublicConfig(AppConfig):
    name = "wangge.interfaces.public"
    label = "public"
