"""The lifecycle in the database with the whole table's changes of state; controls move the reference version."""

from typing import ClassVar

from django.db import migrations

from wangge.kernel.cases.schema import lifecycle_trigger

PAIRS = (
    ("closed", "registered"),
    ("dispatched", "closed"),
    ("dispatched", "handling"),
    ("dispatched", "registered"),
    ("dispatched", "void"),
    ("handled", "closed"),
    ("handled", "handling"),
    ("handling", "closed"),
    ("handling", "handled"),
    ("handling", "registered"),
    ("handling", "suspended"),
    ("registered", "closed"),
    ("registered", "dispatched"),
    ("registered", "handling"),
    ("registered", "verifying"),
    ("registered", "void"),
    ("reported", "closed"),
    ("reported", "handled"),
    ("reported", "registered"),
    ("reported", "verifying"),
    ("reported", "void"),
    ("suspended", "closed"),
    ("suspended", "handling"),
    ("verifying", "closed"),
    ("verifying", "registered"),
    ("verifying", "void"),
    ("void", "reported"),
)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("cases", "0004_whole_life")]
    operations: ClassVar = [
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.RunSQL(lifecycle_trigger(PAIRS), migrations.RunSQL.noop),
        migrations.RunSQL(
            "CREATE TRIGGER cases_control_moves_reference AFTER INSERT OR UPDATE OR DELETE ON cases_control"
            " FOR EACH STATEMENT EXECUTE FUNCTION cases_reference_moved()",
            "DROP TRIGGER cases_control_moves_reference ON cases_control",
        ),
    ]
