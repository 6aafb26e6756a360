"""Persons, organisations, accounts, tokens. Invariants:

- A person is a name and a contact, nothing more; both can be erased, the person's id stays.
- Authority comes from duties only: an account says who signs in, never what they may do.
- A token is kept as its SHA-256 only, and always expires.
"""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from wangge.base.ids import new_id
from wangge.kernel.journal.models import Versioned

ORGANISATION_KINDS = (
    "department", "subdistrict", "community", "contractor", "property", "enterprise", "police", "volunteers", "other",
)


class Person(Versioned):
    """Who acts. `name` is empty after erasing; `contact` is for colleagues, not published."""

    name = models.TextField(blank=True, default="")
    contact = models.TextField(blank=True, default="")

    class Meta:
        db_table = "people_person"


class Organisation(Versioned):
    """A department, a contractor, a property firm; `area` is where it is at home, if anywhere."""

    code = models.TextField()
    name = models.TextField()
    name_en = models.TextField(blank=True, default="")
    kind = models.TextField(choices=[(kind, kind) for kind in ORGANISATION_KINDS])
    area = models.UUIDField(null=True)

    class Meta:
        db_table = "people_organisation"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["code"], name="people_organisation_code_once"),
            models.CheckConstraint(
                condition=Q(code__regex=r"^[A-Za-z0-9-]{1,32}$"), name="people_organisation_code_form"
            ),
            models.CheckConstraint(condition=Q(kind__in=ORGANISATION_KINDS), name="people_organisation_known_kind"),
        ]


class AccountManager(BaseUserManager["Account"]):
    """Reads only; accounts are made by `services.create_account`, which journals them."""

    def get_by_natural_key(self, username: str | None) -> Account:
        """The account of a user name, whatever its case."""
        return self.get(username__iexact=username)


class Account(Versioned, AbstractBaseUser, PermissionsMixin):
    """Who may sign in; `person` tells who it is. Permissions of Django are not used for domain acts."""

    username = models.CharField(max_length=150, validators=[UnicodeUsernameValidator()])
    email = models.EmailField(blank=True, default="")
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="accounts")
    language = models.CharField(max_length=10, blank=True, default="")
    is_active = models.BooleanField(default=True)
    is_staff = False

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = AccountManager()

    class Meta:
        db_table = "people_account"
        constraints: ClassVar = [
            models.UniqueConstraint(Lower("username"), name="people_account_username_once"),
        ]


class ApiToken(models.Model):
    """A bearer token of an account: the SHA-256 of the text that was shown once."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(Account, models.PROTECT, related_name="tokens")
    digest = models.BinaryField()
    label = models.TextField(blank=True, default="")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "people_api_token"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["digest"], name="people_api_token_digest_once"),
            models.CheckConstraint(condition=Q(expires_at__gt=F("created_at")), name="people_api_token_expires"),
        ]
