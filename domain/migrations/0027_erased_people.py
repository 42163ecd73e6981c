"""People who were erased: nobody's number is kept of them, and nothing else that tells who they were (0019)."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

# Who is erased stays so: what an act that was under way would fill in again is refused.
ERASED_WHOLE = """alter table person add constraint person_erased_whole check (case
  when national_number_index is null then national_number_sealed is null and national_number_next_index is null
    and birth_date is null and language is null and subject is null
  else national_number_sealed is not null end)"""


class Migration(migrations.Migration):
    """A person without a number, which was required until now."""

    dependencies = [("models", "0026_read_by_somebody")]

    operations = [
        ops.AlterField("User", "national_number_sealed", fields.BinaryField(null=True)),
        ops.AlterField("User", "national_number_index", fields.BinaryField(null=True)),
        ops.RunSQL([ERASED_WHOLE]),
    ]
