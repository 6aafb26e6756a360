"""Accounts, postings and legs: points, money and minutes by one double-entry rule. Held by the database:

- The legs of a posting go in by one statement, numbered 1…n, and sum to zero for each unit (trigger with transition
  table); a posting without legs is refused at commit (deferrable key to line 1).
- Postings and legs are inserted, never changed (triggers; the serving role has no right to it).
- What is held is settled or released once, what is posted reversed once, with exactly the legs that this needs.
- An account with a floor never has less than that available, whoever charges it at once (`Level`, written by the
  trigger alone).
- Every row has its journal entry: the version is the head of its chain.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual

from wangge.kernel.journal.models import Versioned
from wangge.kernel.ledger.rules import CODE_FORM, KINDS, LARGEST, LONGEST_CODE, OWNER_KINDS, PURPOSE_FORM, UNITS
from wangge.kernel.places.models import Area


class Account(Versioned):
    """What somebody has of one unit for one purpose, in smallest units: 1/1000 point, fen, minute.

    `owner` is the id of a person, an organisation or an area; `area` is where the account is kept, whose path says
    who sees it. `floor` is zero or a limit below zero; NULL lets the balance go anywhere.
    """

    owner_kind = models.TextField(choices=[(kind, kind) for kind in OWNER_KINDS])
    owner = models.UUIDField()
    purpose = models.TextField()
    unit = models.TextField(choices=[(unit, unit) for unit in UNITS])
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", db_index=False)
    area_path = models.TextField(db_collation="C")
    floor = models.BigIntegerField(null=True)

    class Meta:
        db_table = "ledger_account"
        indexes: ClassVar = [models.Index(fields=["area_path"], name="ledger_account_below")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["owner", "purpose", "unit"], name="ledger_account_once"),
            models.CheckConstraint(condition=Q(owner_kind__in=OWNER_KINDS), name="ledger_account_known_owner_kind"),
            models.CheckConstraint(condition=Q(unit__in=list(UNITS)), name="ledger_account_known_unit"),
            models.CheckConstraint(condition=Q(purpose__regex=PURPOSE_FORM), name="ledger_account_purpose_form"),
            models.CheckConstraint(
                condition=Q(floor__isnull=True) | Q(floor__lte=0, floor__gte=-LARGEST),
                name="ledger_account_floor_not_above_zero",
            ),
        ]


class Level(models.Model):
    """What an account with a floor has and what is held of it. Written by the triggers on legs and accounts alone."""

    account = models.OneToOneField(Account, models.PROTECT, primary_key=True, related_name="level")
    balance = models.BigIntegerField()
    held = models.BigIntegerField()
    floor = models.BigIntegerField()

    class Meta:
        db_table = "ledger_level"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(balance__gte=F("floor") + F("held")), name="ledger_level_floor"),
            models.CheckConstraint(condition=Q(held__gte=0), name="ledger_level_held_not_negative"),
        ]


class Posting(Versioned):
    """One act upon accounts. `key` is the poster's own name for it, `policy` a reference to the rule behind it.

    `kind` is post, hold, settle, release or reverse; `resolves` is the hold that a settlement or a release ends,
    `reverses` what a reversal undoes. `at` is when it happened, `recorded_at` when the server learned of it.
    """

    kind = models.TextField(choices=[(kind, kind) for kind in KINDS])
    key = models.TextField()
    policy = models.TextField(blank=True, default="")
    resolves = models.ForeignKey("self", models.PROTECT, null=True, related_name="resolutions", db_index=False)
    reverses = models.ForeignKey("self", models.PROTECT, null=True, related_name="reversals", db_index=False)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    first_line = models.PositiveSmallIntegerField(default=1)

    class Meta:
        db_table = "ledger_posting"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["key"], name="ledger_posting_key_once"),
            models.UniqueConstraint(fields=["resolves"], name="ledger_posting_resolved_once"),
            models.UniqueConstraint(fields=["reverses"], name="ledger_posting_reversed_once"),
            models.CheckConstraint(condition=Q(key__regex=CODE_FORM) & ~Q(key=""), name="ledger_posting_key_form"),
            models.CheckConstraint(condition=Q(policy__regex=CODE_FORM), name="ledger_posting_policy_form"),
            models.CheckConstraint(
                condition=LessThanOrEqual(Length("key"), LONGEST_CODE)
                & LessThanOrEqual(Length("policy"), LONGEST_CODE),
                name="ledger_posting_codes_short",
            ),
            models.CheckConstraint(condition=Q(first_line=1), name="ledger_posting_begins_at_line_1"),
            models.CheckConstraint(
                condition=Q(kind__in=["post", "hold"], resolves__isnull=True, reverses__isnull=True)
                | Q(kind__in=["settle", "release"], resolves__isnull=False, reverses__isnull=True)
                | Q(kind="reverse", resolves__isnull=True, reverses__isnull=False),
                name="ledger_posting_kind_and_target",
            ),
        ]


class Leg(models.Model):
    """One line of a posting: an amount in smallest units on one account; what goes in is positive."""

    pk = models.CompositePrimaryKey("posting_id", "line")
    posting = models.ForeignKey(Posting, models.PROTECT, related_name="legs", db_index=False)
    line = models.PositiveSmallIntegerField()
    account = models.ForeignKey(Account, models.PROTECT, related_name="legs")
    amount = models.BigIntegerField()

    class Meta:
        db_table = "ledger_leg"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=(Q(amount__gte=-LARGEST) & Q(amount__lte=LARGEST)) & ~Q(amount=0),
                name="ledger_leg_amount_in_bounds",
            ),
        ]
