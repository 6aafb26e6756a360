"""How many people live in an area, as far as somebody has counted them."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("places", "0004_redrawings")]
    operations = [migrations.AddField("area", "residents", models.PositiveIntegerField(null=True))]
