"""What prevents an operator's command from starting is reported in one line, and nothing is done."""

import pytest

from domain.database.migration_status import known_migrations
from tests.commands.running import econtracting
from tests.conftest import Environment
from tests.database_roles import execute_as_owner

pytestmark = pytest.mark.usefixtures("database")


async def test_a_setting_that_is_missing_is_named(environment: Environment):
    environment.set(NATIONAL_NUMBER_KEYS=None)

    result = await econtracting("theme", "list")

    assert (result.status, result.stdout) == (1, "")
    assert result.stderr.startswith("NATIONAL_NUMBER_KEYS: It is not set.")
    assert result.stderr.count("\n") == 1


async def test_an_unreachable_database_is_reported(environment: Environment):
    environment.set(DATABASE_URL="postgresql://nobody@127.0.0.1:1/none")

    result = await econtracting("theme", "list")

    assert (result.status, result.stdout) == (75, "")
    assert result.stderr == (
        "The database can't be reached (ConnectionRefusedError). `econtracting check` tells more.\n"
    )


async def test_a_database_that_lacks_a_migration_is_to_be_migrated_first():
    await execute_as_owner(f"delete from tortoise_migrations where name = '{max(known_migrations())}'")

    result = await econtracting("theme", "hide", "INVOICING")

    assert (result.status, result.stdout) == (75, "")
    assert result.stderr == "The database is older than this program. Run `econtracting migrate` first.\n"


async def test_a_statement_that_the_database_refuses_is_not_reported_as_unreachable():
    await execute_as_owner("revoke select on theme from econtracting_operator")

    result = await econtracting("theme", "list")

    assert result.status == 1
    assert "permission denied for table theme" in result.stderr
    assert "can't be reached" not in result.stderr
