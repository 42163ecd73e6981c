"""What a process that needs a fully migrated database is still missing."""

from domain.database.migration_status import known_migrations
from domain.database.readiness import missing_requirements
from tests.database_roles import execute_as_owner


async def test_nothing_is_missing_in_a_fully_migrated_database(database: str):
    assert database
    assert await missing_requirements() == ()


async def test_a_migration_that_was_not_applied_is_missing(database: str):
    assert database
    newest = max(known_migrations())
    await execute_as_owner(f"delete from tortoise_migrations where name = '{newest}'")
    assert await missing_requirements() == ("migrations",)


async def test_a_newer_database_is_no_obstacle_to_older_code(database: str):
    assert database
    newer_migration = "insert into tortoise_migrations (app, name, applied_at) values ('models', '9999_later', now())"
    await execute_as_owner(newer_migration)
    assert await missing_requirements() == ()
