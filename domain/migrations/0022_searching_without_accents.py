"""What people search for may lack the accents of what they mean."""

from tortoise import migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    """PostgreSQL's own way to leave accents out; an extension that the database's owner may add."""

    dependencies = [("models", "0018_introduced_languages")]

    operations = [ops.RunSQL(["create extension if not exists unaccent"])]
