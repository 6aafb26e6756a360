"""Declared relations of people to organisations."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

import wangge.base.ids
from wangge.kernel.journal.migrating import versioned_key

KINDS = ["kin", "stake", "former"]


class Migration(migrations.Migration):
    dependencies = [("duties", "0002_duty_rules"), ("people", "0002_journaled")]
    operations = [
        migrations.CreateModel(
            name="DeclaredInterest",
            fields=[
                ("id", models.UUIDField(default=wangge.base.ids.new_id, editable=False, primary_key=True,
                                        serialize=False)),
                ("version", models.PositiveIntegerField()),
                ("kind", models.TextField(choices=[(kind, kind) for kind in KINDS])),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField(null=True)),
                ("organisation", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+",
                                                   to="people.organisation")),
                ("person", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+",
                                             to="people.person")),
            ],
            options={"db_table": "duties_interest"},
        ),
        migrations.AddConstraint(
            model_name="declaredinterest",
            constraint=models.CheckConstraint(condition=models.Q(("kind__in", ("kin", "stake", "former"))),
                                              name="duties_interest_known_kind"),
        ),
        migrations.AddConstraint(
            model_name="declaredinterest",
            constraint=models.UniqueConstraint(condition=models.Q(("until__isnull", True)),
                                               fields=("person", "organisation", "kind"), name="duties_interest_once"),
        ),
        versioned_key("duties_interest"),
    ]
