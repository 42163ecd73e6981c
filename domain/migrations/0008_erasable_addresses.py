"""The deliveries whose address is to be erased one day."""

from tortoise import migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    """An index of what is over and still has its address, oldest first."""

    dependencies = [("models", "0007_second_routings")]

    operations = [
        ops.RunSQL(
            [
                """create index delivery_erasable on delivery (dated_at)
                   where address is not null
                     and (status in ('SENT', 'FAILED', 'BOUNCED') or status = 'UNCERTAIN' and losses > 1)""",
            ]
        ),
    ]
