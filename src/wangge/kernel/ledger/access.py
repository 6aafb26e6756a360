"""Who sees which accounts: everybody their own, whoever answers above with `see_accounts` all below, and with
`see_own_accounts` those of the organisation for which the duty is held."""

from __future__ import annotations

from django.db.models import Q

from wangge.base.mandate import Mandate
from wangge.kernel.ledger.models import Account
from wangge.kernel.places.queries import below


def is_own(account: Account, by: Mandate) -> bool:
    """Whether the account is the actor's own, or that of the organisation for which they act."""
    if account.owner_kind == "person":
        return by.actor is not None and account.owner == by.actor
    return (
        account.owner_kind == "organisation" and by.organisation is not None and account.owner == by.organisation
        and "see_own_accounts" in by.may
    )


def may_see(account: Account, by: Mandate) -> bool:
    """Whether this mandate may read the account."""
    return is_own(account, by) or by.allows("see_accounts", account.area_path)


def visible_to(by: Mandate) -> Q:
    """The same rule as a condition on accounts. A test compares it with `may_see`."""
    seen = Q(pk__in=[])
    if by.actor is not None:
        seen |= Q(owner_kind="person", owner=by.actor)
    if by.organisation is not None and "see_own_accounts" in by.may:
        seen |= Q(owner_kind="organisation", owner=by.organisation)
    if "see_accounts" in by.may:
        seen |= below(by.scope_path, "area_path") if by.scope_path else Q(pk__isnull=False)
    return seen
