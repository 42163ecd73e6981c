"""An index that tells whether a work relation is a fixed member of a group, or one for a contract."""

from tortoise import migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    """Spares that question a look at all memberships of the work relation, of which each contract may have one."""

    dependencies = [("models", "0024_links_in_order")]

    operations = [
        ops.RunSQL(
            """create index membership_acting on membership (work_relation_id, contract_id, group_id, group_link_id)
               where ended_at is null"""
        )
    ]
