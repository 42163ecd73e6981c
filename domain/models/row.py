"""The base of all models: a key, and foreign keys that restrict deletion."""

from datetime import datetime
from typing import Any

from tortoise import fields
from tortoise.fields.relational import ForeignKeyFieldInstance
from tortoise.models import Model


class Row(Model):
    """A row with a 64-bit key that the database generates."""

    id = fields.BigIntField(primary_key=True)

    class Meta:
        """No table of its own."""

        abstract = True


def reference(model: str, related_name: str, **options: Any) -> ForeignKeyFieldInstance[Any]:
    """A foreign key to `model` (a class name), which restricts deletion.

    Tortoise adds the key itself as `<name>_id`; the models declare its type beside the reference. An index
    for look-ups by it is created in a migration, by name: see `tests/domain/test_indexes.py`.

    Args:
        model: The name of the class that the key refers to.
        related_name: The name of the reverse relation, and of the API's field.
        options: Other options of the field, such as `null`; `db_constraint=False` where a composite foreign key in the
            database, which Tortoise can't declare, covers the reference.
    """
    field: ForeignKeyFieldInstance[Any] = fields.ForeignKeyField(
        f"models.{model}", related_name, on_delete=fields.OnDelete.RESTRICT, db_index=False, **options
    )
    return field


def moment(**options: Any) -> fields.DatetimeField[datetime]:
    """A moment in UTC, by default the start of the transaction."""
    return fields.DatetimeField(db_default=fields.Now(), **options)
