"""What the retry schedule of a delivery goes by; its number of tries also counts leases that ran out."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    """Two counters, and what they may hold."""

    dependencies = [("models", "0003_themes_and_types")]

    operations = [
        ops.AddField(model_name="Delivery", name="failures", field=fields.SmallIntField(db_default=0)),
        ops.AddField(model_name="Delivery", name="losses", field=fields.SmallIntField(db_default=0)),
        ops.RunSQL(
            [
                """alter table delivery add constraint delivery_failures_counted
                   check (failures >= 0 and losses >= 0 and failures + losses <= attempts)""",
            ]
        ),
    ]
