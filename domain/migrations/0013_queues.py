"""The outbox's queues: one for each organisation and receiving domain, read in turn however long any of them is."""

from tortoise import migrations
from tortoise.migrations import operations as ops

# No model names these columns: they follow from others, and only the worker's claims read them.
COLUMNS = [
    """alter table delivery
       add column claimable_at timestamptz not null generated always as (coalesce(leased_until, due_at)) stored,
       add column domain text collate "C" not null
         generated always as (coalesce(lower(substring(address from '@([^@]*)$')), '')) stored""",
    """alter table notification
       add column claimable_at timestamptz not null generated always as (greatest(due_at, leased_until)) stored""",
]

INDEXES = [
    "drop index delivery_due",
    "drop index notification_due",
    """create index delivery_queue on delivery (organisation_id, domain, claimable_at, id)
       where status in ('PENDING', 'SENDING') or status = 'UNCERTAIN' and losses <= 1""",
    """create index notification_queue on notification (organisation_id, claimable_at, id)
       where status = 'PENDING'""",
]


class Migration(migrations.Migration):
    """When a row may be claimed, to which domain it goes, and the indexes that a claim walks down."""

    dependencies = [("models", "0012_trusted_documents")]

    operations = [ops.RunSQL([*COLUMNS, *INDEXES])]
