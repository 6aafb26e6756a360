"""Which ground the public pages serve: the configured root, else the oldest."""

from __future__ import annotations

from django.conf import settings

from wangge.base.errors import Unavailable
from wangge.kernel.places.queries import AreaInfo, Atlas


def served(places: Atlas) -> AreaInfo:
    """The root area of the public pages. Raises `Unavailable` before any area was imported."""
    code = settings.PUBLIC_ROOT
    area = places.by_code(code) if code else None
    if area is None and places.default_root:
        area = places.by_path[places.default_root]
    if area is None:
        raise Unavailable("There is no subdistrict here yet; its areas must be imported first.")
    return area


def name(area: AreaInfo, english: bool) -> str:
    """Its name in the page's language."""
    return (area.name_en if english else area.name) or area.name
