"""What the ledger does when told: accounts kept on an area that ends go to its successor, each by an entry."""

from __future__ import annotations

from uuid import UUID

from wangge.base.events import subscribe
from wangge.kernel.journal.services import place_of
from wangge.kernel.ledger.accounts import move
from wangge.kernel.ledger.models import Account
from wangge.kernel.ledger.projecting import ACCOUNT, POSTING
from wangge.kernel.places.events import AreasEnded
from wangge.kernel.places.models import Area


def register() -> None:
    """Subscribe (called once, when the application is ready)."""
    subscribe(AreasEnded, move_accounts)
    place_of(ACCOUNT, place_of_account)
    place_of(POSTING, place_of_posting)


def move_accounts(event: AreasEnded) -> None:
    """Accounts go to the successor, or to the area above where there is none; on a root they stay."""
    ended = Area.objects.select_related("parent").in_bulk([one.old_id for one in event.moves])
    successors = Area.objects.in_bulk([one.new_id for one in event.moves if one.new_id])
    for one in event.moves:
        target = successors[one.new_id] if one.new_id else ended[one.old_id].parent
        found = list(Account.objects.select_for_update(of=("self",)).filter(area_id=one.old_id).order_by("id"))
        if target is not None and found:
            move(found, dict.fromkeys([account.id for account in found], target), by=event.by)


def place_of_account(account_id: UUID) -> str:
    """Where an account is kept."""
    return Account.objects.values_list("area_path", flat=True).get(id=account_id)


def place_of_posting(posting_id: UUID) -> str:
    """The deepest path above all accounts of a posting: its reason is erased by whoever may erase there."""
    paths = [path.split("/")[:-1] for path in
             Account.objects.filter(legs__posting_id=posting_id).values_list("area_path", flat=True).distinct()]
    common = []
    for parts in zip(*paths, strict=False):
        if len(set(parts)) > 1:
            break
        common.append(parts[0])
    return "".join(f"{part}/" for part in common)
