"""The links of the audit log are the database's own: whoever adds an entry needs no right to add a link."""

from tortoise import migrations
from tortoise.migrations import operations as ops

# A function that is called by a trigger alone can do no more than link the entry that was added.
LINKED = "alter function link_new_audit_entry() security definer set search_path = public, pg_temp"
NOT_BY_HAND = "revoke execute on function link_audit_entry(audit_entry) from public"


class Migration(migrations.Migration):
    """Who may do what with the tables stands in `domain/database/privileges.py`, and is granted after every migration."""

    dependencies = [("models", "0014_audit_chain")]

    operations = [ops.RunSQL([LINKED, NOT_BY_HAND])]
