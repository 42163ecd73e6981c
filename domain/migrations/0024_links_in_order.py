"""A contract's links come from their index in the order in which they are listed."""

from tortoise import migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    """Takes the place of the index by contract alone, with which PostgreSQL sorted the links of each on a page."""

    dependencies = [("models", "0023_members_by_group")]

    operations = [
        ops.RunSQL(
            [
                "create index group_link_listed on group_link (contract_id, linked_at, id)",
                "drop index idx_group_link_contrac_863dcc",
            ]
        )
    ]
