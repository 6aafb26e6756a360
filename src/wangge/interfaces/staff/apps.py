"""The Django application of this room."""

from __future__ import annotations

from django.apps import AppConfig


class StaffConfig(AppConfig):
    name = "wangge.interfaces.staff"
    label = "staff"
