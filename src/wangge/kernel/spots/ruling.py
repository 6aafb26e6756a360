"""The rule of an area, and of all below it until a nearer one: setting it, and reading all of them at once."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import connection, transaction

from wangge.base.errors import InvalidInput, NotFound
from wangge.base.ids import new_id
from wangge.base.mandate import Mandate
from wangge.kernel.journal.services import Act, append
from wangge.kernel.places.models import Area
from wangge.kernel.places.queries import ancestors
from wangge.kernel.spots.models import RULE_SUBJECT, SpotRule
from wangge.kernel.spots.rules import BOUNDS, Rule

DEFAULT = Rule()


class Rules:
    """The rules in force by the path of their area; the nearest ancestor's wins, the default stands above all."""

    def __init__(self, by_path: Mapping[str, Rule]) -> None:
        self.by_path = by_path

    def at(self, path: str) -> Rule:
        """The rule that holds at a path."""
        return next((self.by_path[one] for one in reversed(ancestors(path)) if one in self.by_path), DEFAULT)

    @property
    def farthest(self) -> int:
        """The most metres that any of them reaches."""
        return max([rule.metres for rule in self.by_path.values()], default=DEFAULT.metres)


def rules() -> Rules:
    """All rules in force, by one statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT a.path, r.needed, r.metres, r.days, r.hold_days FROM spots_rule r"
            " JOIN places_area a ON a.id = r.area_id WHERE r.active"
        )
        return Rules({row[0]: Rule(*row[1:]) for row in cursor.fetchall()})


def set_rule(*, area_code: str, rule: Rule | None, by: Mandate) -> SpotRule:
    """From now on files open by this rule on the area and below; None: by the rule of the area above it.

    Files that are open keep the reach and the days by which they opened. Needs `manage_classes` there. Raises
    `NotFound`, `Forbidden`, `InvalidInput`.
    """
    with transaction.atomic():
        area = Area.objects.select_for_update(of=("self",)).filter(code=area_code).first()
        if area is None:
            raise NotFound("There is no area with this code.", field="area", value=area_code,
                           expected="the code of an area")
        by.require("manage_classes", area.path)
        said = rule or DEFAULT
        for name, (least, most) in BOUNDS.items():
            value = getattr(said, name)
            if type(value) is not int or not least <= value <= most:
                raise InvalidInput(f"A rule cannot say this of {name}.", field=name, value=value,
                                   expected=f"{least} to {most}")
        found = SpotRule.objects.select_for_update(of=("self",)).filter(area=area).first()
        if found is None and rule is None:
            raise NotFound("This area has no rule of its own.", field="area", value=area_code,
                           expected="an area with a rule")
        one = found or SpotRule(id=new_id(), version=0, area=area)
        changed: dict[str, object] = {"active": rule is not None}
        if rule is not None:
            changed |= rule._asdict()
        for name, value in changed.items():
            setattr(one, name, value)
        data = {"set": {**changed, "area": str(area.id)}}
        [written] = append([Act(one.id, RULE_SUBJECT, "set", area.id, data, version=one.version)], by=by)
        one.version = written.seq
        one.save(force_insert=found is None, force_update=found is not None)
    return one
