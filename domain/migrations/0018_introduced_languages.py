"""The language that an organisation gave for a person whom it added, who may be known elsewhere with another one."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

from domain.models.user import Language


class Migration(migrations.Migration):
    """The column; whoever was added before was given none."""

    dependencies = [("models", "0017_sessions_of_the_entitled")]

    operations = [
        ops.AddField("Introduction", "language", fields.CharEnumField(Language, max_length=2, null=True)),
        ops.RunSQL(
            [
                """alter table introduction add constraint introduction_language_known
                   check (language in ('NL', 'FR', 'EN', 'DE'))""",
            ]
        ),
    ]
