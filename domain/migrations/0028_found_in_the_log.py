"""What the audit log is searched by, whom a merged person leads to, and documents and messages among what is told."""

from typing import Final

from tortoise import migrations
from tortoise.migrations import operations as ops

from domain.database.change_triggers import change_triggers, changed_rows
from domain.models.row import reference

# The limits on questions about people are counted in the first one, too, which holds every action.
INDEXES: Final = [
    "create index audit_entry_of_action on audit_entry (organisation_id, action, at, id)",
    "drop index audit_entry_questions",
    """create index audit_entry_of_actor on audit_entry (organisation_id, actor_id, at, id)
       where actor_id is not null""",
]

# Whoever was made one with somebody who was made one with a third leads to the third.
MERGED: Final = [
    "create index person_merged_into on person (merged_into_id) where merged_into_id is not null",
    """with recursive merged as (
         select (before ->> 'user')::bigint as gone, subject_id as stays from audit_entry
         where subject_type = 'User' and action = 'PEOPLE_MERGED' and organisation_id is null
       ), led as (
         select gone, stays from merged
         union all
         select led.gone, merged.stays from led join merged on merged.gone = led.stays
       )
       update person set merged_into_id = led.stays from led
       where person.id = led.gone and not exists (select from merged where merged.gone = led.stays)""",
]

DOCUMENTS: Final = change_triggers(
    "Document",
    "document",
    {
        "insert": "select contract_id as owner, id as key from changed",
        "update": changed_rows("contract_id", "n.version <> o.version or n.status <> o.status"),
    },
)
# What becomes of a file shows in its document.
ATTACHMENTS: Final = change_triggers(
    "Document",
    "attachment",
    {
        "insert": """select d.contract_id as owner, d.id as key
          from changed n join document d on d.id = n.document_id""",
        "update": """select d.contract_id as owner, d.id as key
          from changed n join former o on o.id = n.id join document d on d.id = n.document_id
          where (n.arrived_at is null, n.removed_at is null) <> (o.arrived_at is null, o.removed_at is null)""",
    },
)
MESSAGES: Final = change_triggers(
    "Message", "message", {"insert": "select contract_id as owner, id as key from changed"}
)


MERGED_INTO: Final = reference("User", "merged", null=True, source_field="merged_into_id", to_field="id")


class Migration(migrations.Migration):
    """Indexes, a column that the log of merged people fills, and triggers."""

    dependencies = [("models", "0027_erased_people")]

    operations = [
        ops.RunSQL(INDEXES),
        ops.AddField("User", "merged_into", MERGED_INTO),
        ops.RunSQL([*MERGED, *DOCUMENTS, *ATTACHMENTS, *MESSAGES]),
    ]
