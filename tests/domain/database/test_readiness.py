"""What a process lacks that needs a database in its newest form."""

from domain.database.applied import migrations_of_code
from domain.database.readiness import lacking
from tests.owner import as_owner


async def test_nothing_is_lacking_in_a_database_in_its_newest_form(database: str):
    assert database
    assert await lacking() == ()


async def test_a_migration_that_was_not_applied_is_lacking(database: str):
    assert database
    newest = max(migrations_of_code())
    await as_owner(f"delete from tortoise_migrations where name = '{newest}'")
    assert await lacking() == ("migrations",)


async def test_a_newer_database_serves_older_code_on(database: str):
    assert database
    newer = "insert into tortoise_migrations (app, name, applied_at) values ('models', '9999_later', now())"
    await as_owner(newer)
    assert await lacking() == ()
