"""One index of an organisation's memberships that finds those of a group, too, in the order of their keys."""

from tortoise import migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    """Takes the place of the one by organisation alone, which PostgreSQL read whole for each group on a page.

    Two others go that begin as another one of their table does.
    """

    dependencies = [("models", "0022_searching_without_accents")]

    operations = [
        ops.RunSQL(
            [
                "create index membership_of_group on membership (organisation_id, group_id, id)",
                "drop index idx_membership_organis_132fd9",
                "drop index idx_audit_entry_organis_0c161f",
                "drop index idx_audit_link_entry_i_1a1d6c",
            ]
        )
    ]
