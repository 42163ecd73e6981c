"""Whether the one who signed in had a right meanwhile: such a session ends with the last one."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    """The column; sessions that are open now learn it at their next request."""

    dependencies = [("models", "0015_roles")]

    operations = [
        ops.AddField("Session", "entitled", fields.BooleanField(default=False, db_default=False)),
    ]
