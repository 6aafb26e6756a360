"""No change of a person, an organisation or an account without its entry in the journal."""

from __future__ import annotations

from django.db import migrations

from wangge.kernel.journal.migrating import versioned_key


class Migration(migrations.Migration):
    dependencies = [("people", "0001_people"), ("journal", "0001_journal")]
    operations = [
        versioned_key("people_person"),
        versioned_key("people_organisation"),
        versioned_key("people_account"),
    ]
