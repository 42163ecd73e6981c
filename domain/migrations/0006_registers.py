"""The local registers of the demo and the tests, and what counts the look-ups of persons."""

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.migrations import operations as ops

from domain.models.organisation import OrganisationKind

NUMBERS = [
    "create unique index registered_person_number on registered_person (national_number_index)",
    "create unique index registered_person_next_number on registered_person (national_number_next_index)",
    """alter table registered_representative add constraint registered_representative_somebody
       check (person_id is not null or company_number is not null)""",
]

# The limits on questions to the person register are counted in the audit log.
COUNTED = [
    (
        "create index audit_entry_questions on audit_entry (organisation_id, action, at)"
        " where action in ('PERSON_LOOKED_UP', 'PERSON_ASKED_FOR')"
    ),
    (
        "create index audit_entry_questions_of_actor on audit_entry (actor_id, action, at)"
        " where action in ('PERSON_LOOKED_UP', 'PERSON_ASKED_FOR')"
    ),
]


class Migration(migrations.Migration):
    """Three tables, and two partial indexes on the audit log."""

    dependencies = [("models", "0005_references")]

    operations = [
        ops.CreateModel(
            name="RegisteredEnterpriseRow",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("enterprise_number", fields.CharField(unique=True, max_length=10)),
                ("name", fields.TextField(unique=False)),
                (
                    "kind",
                    fields.CharEnumField(
                        description="ENTERPRISE: ENTERPRISE\nCONSORTIUM: CONSORTIUM\nCONTRACTING_AUTHORITY: CONTRACTING_AUTHORITY",
                        enum_type=OrganisationKind,
                        max_length=24,
                    ),
                ),
            ],
            options={
                "table": "registered_enterprise",
                "app": "models",
                "pk_attr": "id",
                "table_description": "An organisation of the local enterprise register.",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="RegisteredPersonRow",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("given_name", fields.TextField(unique=False)),
                ("family_name", fields.TextField(unique=False)),
                ("birth_date", fields.DateField(null=True)),
                ("national_number_sealed", fields.BinaryField()),
                ("national_number_index", fields.BinaryField()),
                ("national_number_next_index", fields.BinaryField(null=True)),
            ],
            options={
                "table": "registered_person",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A person of the local person register, known here or not; the number is sealed as everywhere.",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="RegisteredRepresentativeRow",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "enterprise",
                    fields.ForeignKeyField(
                        "models.RegisteredEnterpriseRow",
                        source_field="enterprise_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="representatives",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "person",
                    fields.ForeignKeyField(
                        "models.RegisteredPersonRow",
                        source_field="person_id",
                        null=True,
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="representations",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("company_number", fields.CharField(null=True, max_length=10)),
            ],
            options={
                "table": "registered_representative",
                "app": "models",
                "pk_attr": "id",
                "table_description": "Who represents an organisation by law: a person, or a company with or without a permanent representative.",
            },
            bases=["Row"],
        ),
        ops.RunSQL([*NUMBERS, *COUNTED]),
    ]
