"""What every table has: a key, and foreign keys that never delete along."""

from datetime import datetime
from typing import Any

from tortoise import fields
from tortoise.fields.relational import ForeignKeyFieldInstance
from tortoise.models import Model


class Row(Model):
    """A row with a 64-bit key that the database gives."""

    id = fields.BigIntField(primary_key=True)

    class Meta:
        """No table of its own."""

        abstract = True


def reference(model: str, related_name: str, **options: Any) -> ForeignKeyFieldInstance[Any]:
    """A foreign key to `model` (a class name); what is referred to can't be deleted.

    Tortoise adds the key itself as `<name>_id`; the models declare its type beside the reference. Whoever finds rows by
    it gives it an index in a migration, by name: see `tests/domain/test_indexes.py`.

    Args:
        model: The class that the key points at.
        related_name: What the rows are called from the other side; the API's field has that name.
        options: What else the field takes, such as `null`; `db_constraint=False` where the database holds the reference
            already, by a composite key that Tortoise can't declare.
    """
    field: ForeignKeyFieldInstance[Any] = fields.ForeignKeyField(
        f"models.{model}", related_name, on_delete=fields.OnDelete.RESTRICT, db_index=False, **options
    )
    return field


def moment(**options: Any) -> fields.DatetimeField[datetime]:
    """A moment in UTC that is the transaction's own unless it is given."""
    return fields.DatetimeField(db_default=fields.Now(), **options)
