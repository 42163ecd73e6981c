"""Checks that the migrations agree with the models; `python -m domain.database.migrations_check` needs no database.

With `--write`, a new migration with the differences is written, to be reviewed, named and completed by hand: Tortoise
doesn't know the constraints that are created by statements of their own.
"""

import argparse
import asyncio
import sys

from tortoise.context import TortoiseContext
from tortoise.migrations.autodetector import MigrationAutodetector
from tortoise.migrations.operations import Operation
from tortoise.migrations.writer import MigrationWriter

from domain.database.connection import tortoise_config

# The code is compared with itself; nothing connects to this address.
_UNUSED_URL = "postgresql://nobody@127.0.0.1:1/nowhere"


async def missing_migrations() -> list[MigrationWriter]:
    """The migrations that are missing; none if models and migrations agree."""
    config = tortoise_config(_UNUSED_URL)
    async with TortoiseContext() as context:
        await context.init(config=config, init_connections=False)
        if context.apps is None:
            raise RuntimeError("Tortoise read no models.")
        return await MigrationAutodetector(context.apps, config["apps"]).changes()


def describe(operation: Operation) -> str:
    """The kind of an operation, and the names of what it is about."""
    names = (getattr(operation, attribute, None) for attribute in ("model_name", "old_name", "name", "new_name"))
    return " ".join([type(operation).__name__, *(name for name in names if name)])


def main() -> None:
    """Reports the differences and exits with status 1 if there are any; with `--write`, writes them as a migration."""
    parser = argparse.ArgumentParser(prog="python -m domain.database.migrations_check", description=__doc__)
    parser.add_argument("--write", action="store_true", help="write what is missing as a new migration")
    write: bool = parser.parse_args().write
    missing = asyncio.run(missing_migrations())
    if write:
        for migration in missing:
            sys.stdout.write(f"Wrote {migration.write()}\n")
    elif missing:
        lines = "\n".join(f"  {describe(operation)}" for migration in missing for operation in migration.operations)
        sys.exit(
            f"The migrations lack what the models say:\n{lines}\n"
            "`python -m domain.database.migrations_check --write` writes it as a new migration."
        )


if __name__ == "__main__":
    main()
