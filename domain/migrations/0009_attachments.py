"""The indexes by which what never arrived is found."""

from tortoise import migrations
from tortoise.migrations import operations as ops

WAITING = [
    """create index attachment_waiting on attachment (created_at)
       where arrived_at is null and removed_at is null""",
    "create index document_expected on document (created_at) where status = 'EXPECTED' and deleted_at is null",
]


class Migration(migrations.Migration):
    """Two, over the few rows that wait."""

    dependencies = [("models", "0008_erasable_addresses")]

    operations = [ops.RunSQL(WAITING)]
