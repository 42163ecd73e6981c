"""Which failures have been looked at for a second routing."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    """A moment, and the failures without one; those that are there already are too old to be mailed about again."""

    dependencies = [("models", "0006_registers")]

    operations = [
        ops.AddField(model_name="Delivery", name="weighed_at", field=fields.DatetimeField(null=True)),
        ops.RunSQL(
            [
                "update delivery set weighed_at = now() where status in ('FAILED', 'BOUNCED')",
                """create index delivery_unweighed on delivery (id)
                   where status in ('FAILED', 'BOUNCED') and weighed_at is null and routing_id is not null""",
            ]
        ),
    ]
