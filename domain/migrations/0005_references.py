"""What the database refuses between rows, and the indexes: Tortoise creates only those of single foreign keys."""

from tortoise import migrations
from tortoise.migrations import operations as ops

UNIQUE = [
    f'create unique index "{name}" on "{table}" ({columns})' + (f" where {condition}" if condition else "")
    for name, table, columns, condition in (
        ("person_national_number", "person", "national_number_index", None),
        ("person_national_number_next", "person", "national_number_next_index", None),
        ("personal_key_person", "personal_key", "user_id", None),
        ("session_token", "session", "token_digest", None),
        ("access_right_open", "access_right", "work_relation_id", "revoked_at is null"),
        ("access_right_role_open", "access_right_role", "access_right_id, role", "valid_to is null"),
        (
            "access_mandate_main",
            "access_mandate",
            "organisation_id",
            "kind = 'MAIN_ACCESS_MANAGER' and ended_at is null",
        ),
        ("access_mandate_open", "access_mandate", "organisation_id, user_id, kind", "ended_at is null"),
        ("self_registration_open", "self_registration", "organisation_id, applicant_id", "status = 'OPEN'"),
        ("access_group_name", "access_group", "organisation_id, name_key", "active"),
        ("group_theme_level_open", "group_theme_level", "group_id, theme_id", "valid_to is null"),
        ("group_reference_level_open", "group_reference_level", "group_id, contract_type_id", "valid_to is null"),
        ("group_link_open", "group_link", "contract_id, group_id", "ended_at is null"),
        ("membership_fixed_open", "membership", "group_id, user_id", "kind = 'FIXED' and ended_at is null"),
        ("membership_specific_open", "membership", "group_link_id, user_id", "ended_at is null"),
        ("contract_external_id", "contract", "contracting_authority_id, external_id", None),
        (
            "document_external_id",
            "document",
            "contracting_authority_id, external_id",
            "external_id is not null and deleted_at is null",
        ),
        ("document_sent_position", "document", "contracting_authority_id, sent_position", None),
        ("message_external_id", "message", "contracting_authority_id, external_id", None),
        ("action_external_id", "action", "contracting_authority_id, external_id", None),
        ("assignment_open", "assignment", "action_id", "released_at is null"),
        ("notification_contract", "notification", "contract_id", "trigger = 'CONTRACT_AVAILABLE'"),
        ("notification_document", "notification", "document_id", "trigger = 'DOCUMENT_RECEIVED'"),
        ("notification_message", "notification", "message_id", "trigger = 'MESSAGE_RECEIVED'"),
        ("routing_position_once", "routing", "notification_id, position", None),
        ("delivery_address_once", "delivery", "routing_id, address", None),
    )
]

# A reference that repeats its owner's columns can't point across organisations or contracts.
IDENTITIES = [
    f'alter table "{table}" add constraint "{name}" unique ({columns})'
    for name, table, columns in (
        ("work_relation_identity", "work_relation", "id, user_id, organisation_id"),
        ("access_group_identity", "access_group", "id, organisation_id"),
        ("contract_identity", "contract", "id, organisation_id"),
        ("contract_authority_identity", "contract", "id, contracting_authority_id"),
        ("group_link_identity", "group_link", "id, group_id, contract_id, organisation_id"),
        ("document_identity", "document", "id, contract_id"),
        ("message_identity", "message", "id, contract_id"),
        ("action_identity", "action", "id, contract_id"),
        ("routing_identity", "routing", "id, notification_id"),
    )
]

TOGETHER = [
    f'alter table "{table}" add constraint "{table}_{name}_together" foreign key ({columns})'
    f" references {target} on update cascade on delete restrict"
    for table, name, columns, target in (
        (
            "work_relation_period",
            "work_relation",
            "work_relation_id, user_id, organisation_id",
            "work_relation (id, user_id, organisation_id)",
        ),
        ("group_link", "contract", "contract_id, organisation_id", "contract (id, organisation_id)"),
        ("group_link", "group", "group_id, organisation_id", "access_group (id, organisation_id)"),
        ("membership", "group", "group_id, organisation_id", "access_group (id, organisation_id)"),
        (
            "membership",
            "work_relation",
            "work_relation_id, user_id, organisation_id",
            "work_relation (id, user_id, organisation_id)",
        ),
        (
            "membership",
            "group_link",
            "group_link_id, group_id, contract_id, organisation_id",
            "group_link (id, group_id, contract_id, organisation_id)",
        ),
        ("document", "contract", "contract_id, contracting_authority_id", "contract (id, contracting_authority_id)"),
        ("message", "contract", "contract_id, contracting_authority_id", "contract (id, contracting_authority_id)"),
        ("message", "document", "document_id, contract_id", "document (id, contract_id)"),
        ("action", "contract", "contract_id, contracting_authority_id", "contract (id, contracting_authority_id)"),
        ("action", "document", "document_id, contract_id", "document (id, contract_id)"),
        ("notification", "contract", "contract_id, organisation_id", "contract (id, organisation_id)"),
        ("notification", "document", "document_id, contract_id", "document (id, contract_id)"),
        ("notification", "message", "message_id, contract_id", "message (id, contract_id)"),
        ("notification", "action", "action_id, contract_id", "action (id, contract_id)"),
        ("routing", "follows", "follows_id, notification_id", "routing (id, notification_id)"),
    )
]

OVERLAP = [
    "create extension if not exists btree_gist",
    """alter table work_relation_period add constraint work_relation_period_no_overlap exclude using gist
       (user_id with =, organisation_id with =, daterange(valid_from, valid_until, '[]') with &&)""",
]

# The orders of connections and the questions of the rules; Tortoise indexes the foreign keys.
INDEXES = [
    f'create index "{name}" on "{table}" ({columns})' + (f" where {condition}" if condition else "")
    for name, table, columns, condition in (
        ("work_relation_period_days", "work_relation_period", "work_relation_id, valid_until desc", None),
        ("work_relation_listed", "work_relation", "organisation_id, id", None),
        ("access_right_latest", "access_right", "work_relation_id, id", None),
        ("access_group_listed", "access_group", "organisation_id, name_key, id", None),
        ("contract_published", "contract", "organisation_id, published_at, id", None),
        ("contract_awarded", "contract", "contracting_authority_id, published_at, id", None),
        ("contract_title", "contract", "organisation_id, lower(title), id", None),
        ("contract_number", "contract", "organisation_id, lower(number), id", None),
        ("contract_reference", "contract", "organisation_id, lower(coalesce(own_reference, '')), id", None),
        ("contract_awarded_title", "contract", "contracting_authority_id, lower(title), id", None),
        ("contract_awarded_number", "contract", "contracting_authority_id, lower(number), id", None),
        ("membership_listed", "membership", "group_id, id", "ended_at is null"),
        ("membership_of_user", "membership", "user_id, group_id", "ended_at is null"),
        ("membership_of_link", "membership", "group_link_id, id", "ended_at is null"),
        ("membership_of_work_relation", "membership", "work_relation_id, id", "ended_at is null"),
        ("group_link_of_group", "group_link", "group_id, contract_id", "ended_at is null"),
        ("self_registration_listed", "self_registration", "organisation_id, status, created_at, id", None),
        ("document_listed", "document", "contract_id, created_at, id", None),
        ("message_listed", "message", "contract_id, received_at, id", None),
        ("action_listed", "action", "contract_id, created_at, id", None),
        ("notification_listed", "notification", "organisation_id, occurred_at, id", None),
        ("notification_of_contract", "notification", "contract_id, occurred_at, id", None),
        ("notification_due", "notification", "due_at", "status = 'PENDING'"),
        ("delivery_due", "delivery", "due_at", "status in ('PENDING', 'SENDING', 'UNCERTAIN')"),
        ("audit_entry_listed", "audit_entry", "organisation_id, at, id", None),
        ("audit_entry_subject", "audit_entry", "subject_type, subject_id", None),
        ("session_of_user", "session", "user_id, started_at", "ended_at is null"),
        ("introduction_recent", "introduction", "user_id, organisation_id, introduced_at", None),
    )
]

APPEND_ONLY = [
    """create function refuse_change() returns trigger language plpgsql as $$
       begin
         raise exception 'rows of % are only ever added', tg_table_name
           using errcode = 'restrict_violation', table = tg_table_name, constraint = tg_name;
       end $$""",
    """create trigger audit_entry_append_only before update or delete on audit_entry
       for each row execute function refuse_change()""",
    """create trigger audit_entry_no_truncate before truncate on audit_entry
       for each statement execute function refuse_change()""",
]


class Migration(migrations.Migration):
    """Unique, exclusive and composite references, orders, and the audit log that only grows."""

    dependencies = [("models", "0004_delivery_failures")]

    # One operation: Tortoise builds its whole state anew between two of them.
    operations = [ops.RunSQL([*UNIQUE, *IDENTITIES, *TOGETHER, *OVERLAP, *INDEXES, *APPEND_ONLY])]
