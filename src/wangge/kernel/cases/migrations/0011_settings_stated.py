"""Routing rules and limits that are there are stated as they stand; a control's version is the head of its chain."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import migrations

from wangge.base.clock import to_us
from wangge.kernel.duties import mandates
from wangge.kernel.journal.services import Act, append

RULE = ("area_id", "class_prefix", "post_id", "organisation_id", "fallback_post_id", "fallback_organisation_id",
        "valid_from", "valid_to", "precedent")  # fmt: skip
LIMIT = ("area_id", "state", "limit_amount", "limit_unit")


def state(apps: Any, schema_editor: Any) -> None:
    """One entry for each row."""
    by = mandates.job("upgrade")
    for model, kind, columns, more in (
        ("RoutingRule", "routing_rule", RULE, {"passed_over": []}), ("StageLimit", "limit", LIMIT, {"active": True}),
    ):  # fmt: skip
        held = apps.get_model("cases", model).objects.filter(version__isnull=True)
        append([Act(one.id, kind, "state", one.area_id, {"set": _told(one, columns) | more}) for one in held], by=by)
        held.update(version=1)
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(
            "UPDATE cases_control c SET version = (SELECT max(seq) FROM journal_entry e WHERE e.subject_id = c.id)"
        )


def _told(row: Any, columns: tuple[str, ...]) -> dict[str, Any]:
    return {name.removesuffix("_id"): _plain(getattr(row, name)) for name in columns}


def _plain(value: Any) -> Any:
    if isinstance(value, UUID):
        return str(value)
    return to_us(value) if hasattr(value, "tzinfo") else value


class Migration(migrations.Migration):
    dependencies = [("cases", "0010_settings_have_versions"), ("journal", "0002_erased_by_entry")]
    operations = [migrations.RunPython(state, migrations.RunPython.noop)]
