"""Views, standard replies and columns: saved, shared, dropped. Each change of what is kept is an entry."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from django.db import IntegrityError, transaction

from wangge.base.errors import Conflict, Forbidden, InvalidInput, NotFound
from wangge.base.ids import new_id
from wangge.base.mandate import Mandate
from wangge.kernel.desk.models import SUBJECT, Kept, Layout
from wangge.kernel.duties.catalogue import POSTS
from wangge.kernel.journal.services import Act, append
from wangge.kernel.people.models import Account
from wangge.kernel.places.queries import AreaInfo

VERB = "arrange"
LONGEST = {"view": 30, "reply": 300}
"""How long the name of a view and the words of a reply may be."""
LONGEST_FILTER = 600
MOST = 40
"""So many of a kind an account keeps, and so many are shared for one post on one area."""


class Audience(NamedTuple):
    """Whom something is shared with: a post on an area and below, or all posts there ('')."""

    area: AreaInfo
    post: str = ""


def keep(
    *, kind: str, text: str, account: UUID, by: Mandate, act: str = "", conditions: str = "",
    share: Audience | None = None,
) -> Kept:
    """Save a view or a reply for oneself, or share it. A view of the same name takes the new conditions.

    Raises `InvalidInput`, `Forbidden` (sharing without the verb, another's account), `Conflict` beyond `MOST`.
    """
    text = " ".join(text.split()) if kind == "view" else text.strip()
    _check(kind, text, conditions)
    if share is None:
        _require_own(account, by)
    else:
        by.require(VERB, share.area.path)
        if share.post and share.post not in POSTS:
            raise InvalidInput("There is no such post.", field="post", value=share.post, expected="a post's code")
    place = {
        "owner_id": None if share else account, "area_id": share.area.id if share else None,
        "post_id": (share.post or None) if share else None,
    }
    with transaction.atomic():
        same = Kept.objects.select_for_update(of=("self",)).filter(kind=kind, active=True, **place)
        found = same.filter(act=act, text=text).first()
        if found is None and same.count() >= MOST:
            raise Conflict("So many are kept already.", field="text", value=text, expected=f"at most {MOST}; drop one")
        path = share.area.path if share else ""
        made = found or Kept(id=new_id(), version=0, kind=kind, area_path=path, act=act, text=text, **place)
        made.filter, made.active = conditions, True
        _write(made, "keep", by, {"text": text})
    return made


def drop(kept: UUID, *, account: UUID, by: Mandate) -> None:
    """Take it out of use. Raises `NotFound`, `Forbidden`."""
    with transaction.atomic():
        found = Kept.objects.select_for_update(of=("self",)).filter(id=kept, active=True).first()
        if found is None or (found.owner_id is not None and found.owner_id != account):
            raise NotFound("Nothing like this is kept.", field="kept", value=str(kept))
        if found.owner_id is None:
            by.require(VERB, found.area_path)
        else:
            _require_own(account, by)
        found.active = False
        _write(found, "drop", by, {})


def choose_columns(columns: Sequence[str], *, account: UUID) -> None:
    """The columns that the account looks at, in their order."""
    Layout.objects.update_or_create(account_id=account, defaults={"columns": list(columns)})


COLUMNS = ("kind", "owner", "post", "area", "area_path", "act", "filter", "active")


def told(kept: Kept) -> dict[str, object]:
    """The columns as an entry holds them."""
    ids = {name: getattr(kept, f"{name}_id") for name in ("owner", "post", "area")}
    plain = {name: str(value) if isinstance(value, UUID) else value for name, value in ids.items()}
    return {name: plain.get(name, getattr(kept, name, None)) for name in COLUMNS}


def _write(kept: Kept, verb: str, by: Mandate, content: dict[str, str]) -> None:
    act = Act(kept.id, SUBJECT, verb, kept.area_id, {"set": told(kept)}, content, kept.version)
    [written] = append([act], by=by)
    fresh, kept.version = kept.version == 0, written.seq
    try:
        kept.save(force_insert=fresh, force_update=not fresh)
    except IntegrityError as error:
        raise Conflict("Something of this name is kept.", field="text", value=kept.text) from error


def _check(kind: str, text: str, conditions: str) -> None:
    if not 0 < len(text) <= LONGEST[kind] or "\0" in text:
        raise InvalidInput(
            "Give it a name." if kind == "view" else "Write the words.",
            field="text", value=text[:60], expected=f"1 to {LONGEST[kind]} characters",
        )  # fmt: skip
    if len(conditions) > LONGEST_FILTER or "\0" in conditions:
        raise InvalidInput("These are too many conditions.", field="filter", expected=f"{LONGEST_FILTER} characters")


def _require_own(account: UUID, by: Mandate) -> None:
    person = Account.objects.filter(id=account).values_list("person_id", flat=True).first()
    if by.actor is None or person != by.actor:
        raise Forbidden("This account is another person's.", field="account", expected="your own account")
