"""The documents that frontends ask with, registered by the operator."""

from tortoise import fields, migrations
from tortoise.fields.db_defaults import Now
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    """One table."""

    dependencies = [("models", "0011_letters")]

    operations = [
        ops.CreateModel(
            name="TrustedDocument",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("digest", fields.CharField(unique=True, max_length=64)),
                ("text", fields.TextField(unique=False)),
                ("registered_at", fields.DatetimeField(db_default=Now(), auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "trusted_document",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A GraphQL document that clients may name by its digest; where the settings say so, no other is answered.",
            },
            bases=["Row"],
        ),
        ops.RunSQL(
            ["alter table trusted_document add constraint trusted_document_digest check (digest ~ '^[0-9a-f]{64}$')"]
        ),
    ]
