"""The Django application of this room."""

from __future__ import annotations

from django.apps import AppConfig


class CommandsConfig(AppConfig):
    name = "wangge.interfaces.commands"
    label = "commands"
