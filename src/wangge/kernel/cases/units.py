"""Which organisations serve a place: those at home in its subdistrict, and those at home nowhere."""

from __future__ import annotations

from uuid import UUID

from wangge.kernel.cases.reporting import root_of
from wangge.kernel.people.models import Organisation
from wangge.kernel.places.queries import Atlas, atlas


def units_at(path: str) -> list[Organisation]:
    """The organisations to which a case at this path may be dispatched, by name."""
    places = atlas()
    return [unit for unit in Organisation.objects.order_by("name", "id") if _serves(unit, path, places)]


def serves(organisation: UUID, path: str) -> bool:
    """Whether there is such an organisation and it serves this path."""
    unit = Organisation.objects.filter(id=organisation).first()
    return unit is not None and _serves(unit, path, atlas())


def serving(path: str) -> frozenset[UUID]:
    """The ids of the organisations that serve a path."""
    places = atlas()
    return frozenset(unit.id for unit in Organisation.objects.all() if _serves(unit, path, places))


def _serves(unit: Organisation, path: str, places: Atlas) -> bool:
    if unit.area is None:
        return True
    home = places.by_id.get(unit.area)
    return home is not None and home.path.startswith(root_of(path))
