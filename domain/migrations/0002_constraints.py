"""What the database refuses in a row by itself: Tortoise creates tables, but none of these."""

from tortoise import migrations
from tortoise.migrations import operations as ops

TODAY = [
    # Every rule asks this for the day; tests travel in time by replacing it in their own database.
    """create function brussels_today() returns date language sql stable parallel safe
       return (now() at time zone 'Europe/Brussels')::date""",
]

DEFAULTS = [
    f'alter table "{table}" alter column "{column}" set default {value}'
    for table, column, value in (
        ("organisation", "version", "1"),
        ("work_relation", "version", "1"),
        ("work_relation", "category", "'PERMANENT'"),
        ("access_right", "version", "1"),
        ("access_group", "version", "1"),
        ("access_group", "active", "true"),
        ("access_group", "archived", "false"),
        ("contract", "version", "1"),
        ("group_link", "version", "1"),
        ("document", "version", "1"),
        ("action", "version", "1"),
        ("action", "status", "'OPEN'"),
        ("theme", "visible", "false"),
        ("self_registration", "status", "'OPEN'"),
        ("notification", "status", "'PENDING'"),
        ("notification", "attempt", "0"),
        ("routing", "position", "1"),
        ("delivery", "status", "'PENDING'"),
        ("delivery", "attempts", "0"),
        ("delivery", "language", "'NL'"),
    )
]

ENUMERATIONS = [
    f'alter table "{table}" add constraint "{table}_{column}_known" check ("{column}" in ({values}))'
    for table, column, values in (
        ("organisation", "kind", "'ENTERPRISE', 'CONSORTIUM', 'CONTRACTING_AUTHORITY'"),
        ("person", "language", "'NL', 'FR', 'EN', 'DE'"),
        ("work_relation", "category", "'PERMANENT', 'EXTERNAL', 'DELEGATED'"),
        ("access_right_role", "role", "'ADMINISTRATOR', 'USER'"),
        ("access_mandate", "kind", "'LEGAL_REPRESENTATIVE', 'MAIN_ACCESS_MANAGER', 'ACCESS_MANAGER'"),
        ("self_registration", "status", "'OPEN', 'APPROVED', 'REJECTED'"),
        ("group_theme_level", "level", "0, 1, 2, 3"),
        ("group_reference_level", "level", "1, 2"),
        ("membership", "kind", "'FIXED', 'CONTRACT_SPECIFIC'"),
        ("document", "direction", "'FROM_AUTHORITY', 'TO_AUTHORITY'"),
        ("document", "status", "'DRAFT', 'SENT', 'EXPECTED', 'RECEIVED'"),
        ("action", "status", "'OPEN', 'ASSIGNED', 'DONE'"),
        (
            "notification",
            "trigger",
            "'CONTRACT_AVAILABLE', 'DOCUMENT_RECEIVED', 'MESSAGE_RECEIVED', 'ACTION_RELEASED'",
        ),
        ("notification", "status", "'PENDING', 'ROUTED', 'SUPPRESSED'"),
        ("routing", "level", "'CONTRACT', 'GROUP', 'ORGANISATION', 'USER', 'ADMINISTRATOR'"),
        ("delivery", "status", "'PENDING', 'SENDING', 'SENT', 'FAILED', 'BOUNCED', 'UNCERTAIN'"),
        ("delivery", "language", "'NL', 'FR', 'EN', 'DE'"),
    )
]

TEXTS = [
    f'alter table "{table}" add constraint "{table}_{column}_filled" check ("{column}" ~ \'\\S\')'
    for table, column in (
        ("organisation", "name"),
        ("person", "given_name"),
        ("person", "family_name"),
        ("access_right", "reason"),
        ("access_right", "revocation_reason"),
        ("access_mandate", "end_reason"),
        ("self_registration", "decision_reason"),
        ("access_group", "name"),
        ("access_group", "description"),
        ("contract", "number"),
        ("contract", "title"),
        ("contract", "end_reason"),
        ("contract", "external_id"),
        ("document", "title"),
        ("document", "external_id"),
        ("message", "subject"),
        ("message", "external_id"),
        ("action", "title"),
        ("action", "external_id"),
    )
]

EMAILS = [
    f'alter table "{table}" add constraint "{table}_email_filled" check (email ~ \'\\S\')'
    for table in ("organisation", "work_relation", "access_mandate", "self_registration", "access_group", "contract")
]

CHECKS = [
    f'alter table "{table}" add constraint "{name}" check ({condition})'
    for table, name, condition in (
        ("organisation", "organisation_enterprise_number_form", "enterprise_number ~ '^[01][0-9]{9}$'"),
        ("work_relation_period", "work_relation_period_in_order", "valid_from <= valid_until"),
        (
            "work_relation_period",
            "work_relation_period_at_most_four_years",
            "valid_until <= (counted_from + interval '4 years' - interval '1 day')::date",
        ),
        ("work_relation_period", "work_relation_period_counted", "counted_from >= valid_from"),
        ("access_right", "access_right_in_order", "granted_at <= revoked_at"),
        ("access_right", "access_right_revoked_why", "(revoked_at is null) = (revocation_reason is null)"),
        ("access_right_role", "access_right_role_in_order", "valid_from <= valid_to"),
        ("access_mandate", "access_mandate_in_order", "since <= ended_at"),
        ("access_mandate", "access_mandate_ended_why", "(ended_at is null) = (end_reason is null)"),
        ("self_registration", "self_registration_asks_a_role", "asks_administrator or asks_user"),
        ("self_registration", "self_registration_decided_when", "(status = 'OPEN') = (decided_at is null)"),
        ("self_registration", "self_registration_decided_why", "(status = 'OPEN') = (decision_reason is null)"),
        ("self_registration", "self_registration_in_order", "created_at <= decided_at"),
        ("access_group", "access_group_inactive_since", "active = (deactivated_at is null)"),
        ("access_group", "access_group_archived_inactive", "not (active and archived)"),
        ("group_theme_level", "group_theme_level_in_order", "valid_from <= valid_to"),
        ("group_reference_level", "group_reference_level_in_order", "valid_from <= valid_to"),
        ("group_link", "group_link_in_order", "linked_at <= ended_at"),
        ("membership", "membership_in_order", "since <= ended_at"),
        (
            "membership",
            "membership_kind_and_contract",
            (
                "(kind = 'CONTRACT_SPECIFIC') = (contract_id is not null and group_link_id is not null)"
                " and (contract_id is null) = (group_link_id is null)"
            ),
        ),
        ("contract", "contract_in_order", "published_at <= ended_at"),
        ("contract", "contract_two_parties", "organisation_id <> contracting_authority_id"),
        ("contract", "contract_ended_why", "(ended_at is null) = (end_reason is null)"),
        ("document", "document_sent_when", "(status = 'SENT') = (sent_at is not null)"),
        ("document", "document_sent_position_given", "(status = 'SENT') = (sent_position is not null)"),
        ("document", "document_received_when", "(status = 'RECEIVED') = (received_at is not null)"),
        (
            "document",
            "document_status_and_direction",
            "(direction = 'FROM_AUTHORITY') = (status in ('EXPECTED', 'RECEIVED'))",
        ),
        ("document", "document_external", "(direction = 'FROM_AUTHORITY') = (external_id is not null)"),
        ("document", "document_external_content", "(external_id is null) = (content_digest is null)"),
        ("document", "document_deleted_unfinished", "deleted_at is null or status in ('DRAFT', 'EXPECTED')"),
        ("attachment", "attachment_size_positive", "size > 0"),
        ("attachment", "attachment_sha256_form", "sha256 ~ '^[0-9a-f]{64}$'"),
        ("action", "action_assigned", "(status = 'ASSIGNED') <= (assignee_id is not null and assigned_at is not null)"),
        ("action", "action_open", "(status = 'OPEN') <= (assignee_id is null and assigned_at is null)"),
        ("action", "action_done_when", "(status = 'DONE') = (done_at is not null)"),
        ("assignment", "assignment_in_order", "assigned_at <= released_at"),
        (
            "notification",
            "notification_about",
            (
                "case trigger when 'DOCUMENT_RECEIVED' then document_id is not null"
                " when 'MESSAGE_RECEIVED' then message_id is not null"
                " when 'ACTION_RELEASED' then action_id is not null else true end"
            ),
        ),
        ("routing", "routing_position", "position in (1, 2) and (position = 2) = (follows_id is not null)"),
        ("delivery", "delivery_sent_when", "(status = 'SENT') <= (sent_at is not null)"),
        ("session", "session_in_order", "started_at <= expires_at"),
    )
]

VERSIONS = [
    f'alter table "{table}" add constraint "{table}_version_positive" check (version > 0)'
    for table in (
        "organisation",
        "work_relation",
        "access_right",
        "access_group",
        "contract",
        "group_link",
        "document",
        "action",
    )
]


class Migration(migrations.Migration):
    """Defaults and checks, and the day that every rule asks for."""

    dependencies = [("models", "0001_tables")]

    # One operation: Tortoise builds its whole state anew between two of them.
    operations = [ops.RunSQL([*TODAY, *DEFAULTS, *ENUMERATIONS, *TEXTS, *EMAILS, *CHECKS, *VERSIONS])]
