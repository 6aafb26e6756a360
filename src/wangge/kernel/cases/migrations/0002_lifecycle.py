"""The number sequence, the lifecycle in the database, the key to the journal, and the version of reference data."""

from typing import ClassVar

from django.db import migrations

from wangge.kernel.cases.schema import lifecycle_trigger, reference_triggers
from wangge.kernel.journal.migrating import versioned_key

PAIRS = (
    ("closed", "registered"),
    ("dispatched", "handling"),
    ("dispatched", "registered"),
    ("dispatched", "void"),
    ("handled", "closed"),
    ("handled", "handling"),
    ("handling", "handled"),
    ("handling", "registered"),
    ("registered", "dispatched"),
    ("registered", "verifying"),
    ("registered", "void"),
    ("reported", "verifying"),
    ("reported", "void"),
    ("verifying", "registered"),
    ("verifying", "void"),
    ("void", "reported"),
)
REFERENCE = ("cases_class", "cases_class_condition", "cases_routing_rule", "cases_stage_limit")


class Migration(migrations.Migration):
    dependencies: ClassVar = [("cases", "0001_cases"), ("journal", "0001_journal")]
    operations: ClassVar = [
        migrations.RunSQL("CREATE SEQUENCE cases_case_number_seq AS bigint", "DROP SEQUENCE cases_case_number_seq"),
        versioned_key("cases_case"),
        migrations.RunSQL(
            lifecycle_trigger(PAIRS, parts=False),
            "DROP TRIGGER cases_case_begins ON cases_case; DROP TRIGGER cases_case_moves ON cases_case;"
            "DROP FUNCTION cases_case_lifecycle()",
        ),
        migrations.RunSQL(
            reference_triggers(REFERENCE),
            "DROP FUNCTION cases_reference_moved() CASCADE; DROP SEQUENCE cases_reference_seq",
        ),
    ]
