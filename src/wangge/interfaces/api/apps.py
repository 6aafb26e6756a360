"""The Django application of the programs' door."""

from __future__ import annotations

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """`/api/v1`: JSON, bearer tokens, problem documents."""

    name = "wangge.interfaces.api"
    label = "api"
