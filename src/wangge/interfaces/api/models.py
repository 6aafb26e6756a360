"""The rate limit's counter; the door has no other table."""

from __future__ import annotations

from django.db import models


class TokenWindow(models.Model):
    """How many requests a token made in the minute that began at `started`. Unlogged: a crash forgets it."""

    token = models.UUIDField(primary_key=True)
    started = models.DateTimeField()
    n = models.PositiveIntegerField()

    class Meta:
        db_table = "api_token_window"
