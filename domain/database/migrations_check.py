"""Do the migrations agree with the models? `python -m domain.database.migrations_check` asks only the code.

With `--write` a new migration is written with what is missing, to be reviewed, named and completed by hand: Tortoise
knows nothing of the constraints that are created by statements of their own.
"""

import argparse
import asyncio
import sys

from tortoise.context import TortoiseContext
from tortoise.migrations.autodetector import MigrationAutodetector
from tortoise.migrations.operations import Operation
from tortoise.migrations.writer import MigrationWriter

from domain.database.connection import tortoise_config

# Nothing connects to it: only the code is compared.
_UNUSED_URL = "postgresql://nobody@127.0.0.1:1/nowhere"


async def missing_migrations() -> list[MigrationWriter]:
    """The migrations that would have to be written; none when models and migrations agree."""
    config = tortoise_config(_UNUSED_URL)
    async with TortoiseContext() as context:
        await context.init(config=config, init_connections=False)
        if context.apps is None:
            raise RuntimeError("Tortoise read no models.")
        return await MigrationAutodetector(context.apps, config["apps"]).changes()


def describe(operation: Operation) -> str:
    """An operation in a few words: what it does, and to what."""
    names = (getattr(operation, attribute, None) for attribute in ("model_name", "old_name", "name", "new_name"))
    return " ".join([type(operation).__name__, *(name for name in names if name)])


def main() -> None:
    """Ends with status 1 and says what is missing when models and migrations differ, unless it is to be written."""
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
