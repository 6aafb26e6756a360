"""No change of a routing rule, a limit or a control without its entry in the journal."""

from __future__ import annotations

from django.db import migrations, models

from wangge.kernel.journal.migrating import versioned_key


class Migration(migrations.Migration):
    dependencies = [("cases", "0011_settings_stated")]
    operations = [
        *(
            migrations.AlterField(name, "version", models.PositiveIntegerField())
            for name in ("control", "routingrule", "stagelimit")
        ),
        *map(versioned_key, ("cases_control", "cases_routing_rule", "cases_stage_limit")),
    ]
