"""Mails that are no notification's, and the day on which a work relation's last day became what it is."""

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.fields.db_defaults import Now, SqlDefault
from tortoise.migrations import operations as ops

from domain.models.letter import LetterKind

KINDS = (
    "'RIGHT_EXPIRES', 'EXPIRY_DIGEST', 'TASK_OPENED', 'REGISTRATION_APPROVED', 'REGISTRATION_REJECTED',"
    " 'ADDRESS_CHANGED'"
)

# When a last day was moved forward was kept; when one was moved back can't be known any more.
GIVEN = "update work_relation_period set last_day_given_on = counted_from"

CHECKS = [
    f"alter table letter add constraint letter_kind_known check (kind in ({KINDS}))",
    """alter table letter add constraint letter_about check (case kind
       when 'RIGHT_EXPIRES' then num_nulls(work_relation_id, access_right_id, last_day, days_before) = 0
       when 'EXPIRY_DIGEST' then day is not null
       when 'REGISTRATION_APPROVED' then num_nulls(self_registration_id, work_relation_id, access_right_id) = 0
       when 'ADDRESS_CHANGED' then work_relation_id is not null
       when 'TASK_OPENED' then self_registration_id is not null
       when 'REGISTRATION_REJECTED' then self_registration_id is not null
       else true end)""",
    "alter table delivery add constraint delivery_belongs check (num_nonnulls(routing_id, letter_id) = 1)",
]

# What makes each letter be written once, however many workers come to it.
UNIQUE = [
    """create unique index letter_right_expires on letter (access_right_id, last_day, days_before)
       where kind = 'RIGHT_EXPIRES'""",
    "create unique index letter_expiry_digest on letter (organisation_id, day) where kind = 'EXPIRY_DIGEST'",
    """create unique index letter_self_registration on letter (self_registration_id, kind)
       where self_registration_id is not null""",
    "create unique index delivery_letter_address_once on delivery (letter_id, address)",
]

# A reference that repeats its owner's columns can't point across organisations.
TOGETHER = [
    "alter table letter add constraint letter_identity unique (id, organisation_id)",
    "alter table work_relation add constraint work_relation_organisation_identity unique (id, organisation_id)",
    "alter table access_right add constraint access_right_identity unique (id, work_relation_id)",
    "alter table self_registration add constraint self_registration_identity unique (id, organisation_id)",
    *(
        f'alter table "{table}" add constraint "{table}_{name}_together" foreign key ({columns})'
        f" references {target} on update cascade on delete restrict"
        for table, name, columns, target in (
            ("letter", "work_relation", "work_relation_id, organisation_id", "work_relation (id, organisation_id)"),
            ("letter", "access_right", "access_right_id, work_relation_id", "access_right (id, work_relation_id)"),
            (
                "letter",
                "self_registration",
                "self_registration_id, organisation_id",
                "self_registration (id, organisation_id)",
            ),
            ("delivery", "letter", "letter_id, organisation_id", "letter (id, organisation_id)"),
        )
    ),
]

INDEXES = ["create index work_relation_period_last_days on work_relation_period (valid_until)"]


class Migration(migrations.Migration):
    """A table, who a delivery belongs to, and a day."""

    dependencies = [("models", "0010_changes")]

    operations = [
        ops.CreateModel(
            name="Letter",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "kind",
                    fields.CharEnumField(
                        description="RIGHT_EXPIRES: RIGHT_EXPIRES\nEXPIRY_DIGEST: EXPIRY_DIGEST\nTASK_OPENED: TASK_OPENED\nREGISTRATION_APPROVED: REGISTRATION_APPROVED\nREGISTRATION_REJECTED: REGISTRATION_REJECTED\nADDRESS_CHANGED: ADDRESS_CHANGED",
                        enum_type=LetterKind,
                        max_length=21,
                    ),
                ),
                (
                    "organisation",
                    fields.ForeignKeyField(
                        "models.Organisation",
                        source_field="organisation_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="letters",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "work_relation",
                    fields.ForeignKeyField(
                        "models.WorkRelation",
                        source_field="work_relation_id",
                        null=True,
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="letters",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "access_right",
                    fields.ForeignKeyField(
                        "models.AccessRight",
                        source_field="access_right_id",
                        null=True,
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="letters",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "self_registration",
                    fields.ForeignKeyField(
                        "models.SelfRegistration",
                        source_field="self_registration_id",
                        null=True,
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="letters",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("last_day", fields.DateField(null=True)),
                ("days_before", fields.SmallIntField(null=True)),
                ("day", fields.DateField(null=True)),
                ("written_at", fields.DatetimeField(db_default=Now(), auto_now=False, auto_now_add=False)),
                ("withdrawn_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "letter",
                "app": "models",
                "pk_attr": "id",
                "table_description": "Something to be told by mail, written with what caused it; its deliveries hold the addresses.",
            },
            bases=["Row"],
        ),
        ops.AlterModelOptions(
            name="Delivery",
            options={
                "table": "delivery",
                "app": "models",
                "pk_attr": "id",
                "table_description": "One mail to one address, of a routing or a letter. `attempts` counts the tries and is the fence of the lease.",
            },
        ),
        ops.AlterField(
            model_name="Delivery",
            name="routing",
            field=fields.ForeignKeyField(
                "models.Routing",
                source_field="routing_id",
                null=True,
                db_index=True,
                db_constraint=True,
                to_field="id",
                related_name="deliveries",
                on_delete=OnDelete.RESTRICT,
            ),
        ),
        ops.AddField(
            model_name="Delivery",
            name="letter",
            field=fields.ForeignKeyField(
                "models.Letter",
                source_field="letter_id",
                null=True,
                db_index=True,
                db_constraint=True,
                to_field="id",
                related_name="deliveries",
                on_delete=OnDelete.RESTRICT,
            ),
        ),
        ops.AddField(
            model_name="WorkRelationPeriod",
            name="last_day_given_on",
            field=fields.DateField(db_default=SqlDefault("(now() at time zone 'Europe/Brussels')::date")),
        ),
        ops.RunSQL([GIVEN, *CHECKS, *UNIQUE, *TOGETHER, *INDEXES]),
    ]
