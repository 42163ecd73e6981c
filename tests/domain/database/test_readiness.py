"""What a process lacks that needs a database in its newest form."""

from domain.database.migration_status import known_migrations
from domain.database.readiness import missing_requirements
from tests.database_roles import execute_as_owner


async def test_nothing_is_lacking_in_a_database_in_its_newest_form(database: str):
    assert database
    assert await missing_requirements() == ()


async def test_a_migration_that_was_not_applied_is_lacking(database: str):
    assert database
    newest = max(known_migrations())
    await execute_as_owner(f"delete from tortoise_migrations where name = '{newest}'")
    assert await missing_requirements() == ("migrations",)


async def test_a_newer_database_serves_older_code_on(database: str):
    assert database
    newer = "insert into tortoise_migrations (app, name, applied_at) values ('models', '9999_later', now())"
    await execute_as_owner(newer)
    assert await missing_requirements() == ()
