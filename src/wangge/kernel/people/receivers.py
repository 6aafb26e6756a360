"""What people do when the journal erases one of them."""

from __future__ import annotations

from django.contrib.auth.hashers import make_password

from wangge.base import events
from wangge.kernel.journal.services import Erasure, erase, on_erase
from wangge.kernel.people.events import PersonErased
from wangge.kernel.people.models import Account, ApiToken, Person


def subscribe() -> None:
    """Called once, when the application is ready."""
    on_erase("person", erased_person)
    on_erase("account", erased_account)


def erased_person(erasure: Erasure) -> dict[str, int]:
    """Empty the columns, erase the accounts, tell the rooms above. Repeatable."""
    Person.objects.filter(id=erasure.subject_id).update(name="", contact="")
    accounts = list(Account.objects.filter(person_id=erasure.subject_id).values_list("id", flat=True))
    for account in accounts:
        erase(subject_id=account, reason_code=erasure.reason_code, by=erasure.by)
    events.publish(PersonErased(erasure.subject_id, erasure.by))
    return {"accounts": len(accounts)}


def erased_account(erasure: Erasure) -> dict[str, int]:
    """Close the account under a name that says nothing; its tokens are revoked and lose their labels."""
    account = Account.objects.get(id=erasure.subject_id)
    Account.objects.filter(id=account.id).update(
        username=f"erased-{account.id.hex}", email="", is_active=False, password=make_password(None)
    )
    tokens = ApiToken.objects.filter(account=account)
    revoked = tokens.filter(revoked_at__isnull=True).update(revoked_at=erasure.by.recorded_at)
    tokens.update(label="")
    return {"tokens": revoked}
