"""Persons, organisations, accounts."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser


class Account(AbstractUser):
    """Who may sign in."""
