"""The Django application of this room."""

from __future__ import annotations

from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "wangge.kernel.journal"
    label = "journal"
    verbose_name = "journal"
