"""The counter of anonymous sending; these pages have no other table."""

from __future__ import annotations

from django.db import models


class SenderWindow(models.Model):
    """How often an address sent something since `started`. Unlogged: a crash forgets it.

    `sender` is a digest of the address under a key of that day; the address itself is nowhere.
    """

    sender = models.BinaryField(primary_key=True, max_length=32)
    started = models.DateTimeField()
    n = models.PositiveIntegerField()

    class Meta:
        db_table = "public_sender_window"
