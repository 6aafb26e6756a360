"""JSON logs, one object a line, in one file a day under WANGGE_HOME/logs; the retention job removes old ones.

No personal data: the formatter writes a fixed set of fields and drops the rest, and exceptions are given as
type and place, never with their message or values, which may quote what a person wrote.
"""

from __future__ import annotations

import logging.config
from pathlib import Path
from typing import Any


def configuration(folder: Path, *, to: str, debug: bool) -> dict[str, Any]:
    """The logging dictionary. `to` is `file`, or `stderr` for machines that collect logs themselves."""
    handler: dict[str, Any] = {"class": "wangge.runtime.logs.DailyFile", "folder": str(folder), "formatter": "json"}
    if to == "stderr":
        handler = {"class": "logging.StreamHandler", "formatter": "json"}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": "wangge.runtime.logs.JsonFormatter"}},
        "handlers": {"main": handler},
        "root": {"handlers": ["main"], "level": "DEBUG" if debug else "INFO"},
        "loggers": {
            # Each request is logged once, by our own middleware, without its query string.
            "django.request": {"level": "CRITICAL"},
            "django.server": {"level": "CRITICAL"},
            "django.security": {"level": "ERROR"},
            "procrastinate": {"level": "WARNING"},
        },
    }


def apply(config: dict[str, Any]) -> None:
    """Install the configuration (Django is told to leave logging alone)."""
    logging.config.dictConfig(config)
