"""The Django application of what all doors share."""

from __future__ import annotations

from django.apps import AppConfig
from django.core.signals import got_request_exception


class WebConfig(AppConfig):
    """Middleware, problem documents, health, base templates."""

    name = "wangge.interfaces.web"
    label = "web"

    def ready(self) -> None:
        """Log what no view caught."""
        from wangge.interfaces.web import middleware

        got_request_exception.connect(middleware.log_unhandled, dispatch_uid="wangge.log_unhandled")
