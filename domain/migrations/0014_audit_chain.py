"""A chain through the audit log of each organisation, by which an edited, removed or inserted entry shows."""

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.migrations import operations as ops

TEXT = """create function audit_entry_text(entry audit_entry) returns text language sql stable as $$
  select jsonb_build_array(
    entry.id, entry.organisation_id, to_char(entry.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'),
    entry.actor_id, entry.actor_name, entry.action, entry.subject_type, entry.subject_id, entry.reason,
    entry.before, entry.after)::text $$"""

HASH = """create function audit_link_hash(before bytea, entry audit_entry) returns bytea language sql stable as $$
  select sha256(coalesce(before, ''::bytea) || convert_to(audit_entry_text(entry), 'UTF8')) $$"""

LINK = """create function link_audit_entry(entry audit_entry) returns void language plpgsql as $$
  declare head audit_link;
  begin
    -- Those who commit at once take turns, each after the other's link is there to be seen.
    perform pg_advisory_xact_lock(hashtextextended('audit_link:' || coalesce(entry.organisation_id, 0), 0));
    select * into head from audit_link l
      where coalesce(l.organisation_id, 0) = coalesce(entry.organisation_id, 0) order by l.position desc limit 1;
    insert into audit_link (entry_id, organisation_id, position, hash)
      values (entry.id, entry.organisation_id, coalesce(head.position, 0) + 1, audit_link_hash(head.hash, entry));
  end $$"""

TRIGGERED = """create function link_new_audit_entry() returns trigger language plpgsql as $$
  begin perform link_audit_entry(new); return null; end $$"""

# At the commit, when nothing else is locked any more: acts of one organisation wait for each other only here.
DEFERRED = """create constraint trigger audit_entry_linked after insert on audit_entry
  deferrable initially deferred for each row execute function link_new_audit_entry()"""

EXISTING = """do $$ declare entry audit_entry;
  begin
    for entry in select * from audit_entry order by id loop perform link_audit_entry(entry); end loop;
  end $$"""

ONLY_ADDED = [
    """create trigger audit_link_append_only before update or delete on audit_link
       for each row execute function refuse_change()""",
    """create trigger audit_link_no_truncate before truncate on audit_link
       for each statement execute function refuse_change()""",
]

UNIQUE = [
    "create unique index audit_link_entry on audit_link (entry_id)",
    "create unique index audit_link_place on audit_link (coalesce(organisation_id, 0), position)",
]


class Migration(migrations.Migration):
    """One table, filled by a trigger; the entries that are there already are linked in the order of their keys."""

    dependencies = [("models", "0013_queues")]

    operations = [
        ops.CreateModel(
            name="AuditLink",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "entry",
                    fields.ForeignKeyField(
                        "models.AuditEntry",
                        source_field="entry_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="links",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "organisation",
                    fields.ForeignKeyField(
                        "models.Organisation",
                        source_field="organisation_id",
                        null=True,
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="audit_links",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("position", fields.BigIntField()),
                ("hash", fields.BinaryField()),
            ],
            options={
                "table": "audit_link",
                "app": "models",
                "pk_attr": "id",
                "table_description": "One entry's place in its organisation's chain; the database makes it when the entry is committed.",
            },
            bases=["Row"],
        ),
        ops.RunSQL([*UNIQUE, TEXT, HASH, LINK, TRIGGERED, EXISTING, *ONLY_ADDED, DEFERRED]),
    ]
