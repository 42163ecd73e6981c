"""Fails when the models say something that no migration makes."""

import asyncio
import sys

from tortoise import Tortoise
from tortoise.migrations.autodetector import MigrationAutodetector

from domain.database import configuration


async def _lacking() -> list[str]:
    given = configuration("postgresql:///unused")
    await Tortoise.init(config=given, init_connections=False)
    if Tortoise.apps is None:
        raise RuntimeError("Tortoise has read no models.")
    writers = await MigrationAutodetector(Tortoise.apps, given["apps"]).changes()
    return [f"{type(operation).__name__} {vars(operation)}" for writer in writers for operation in writer.operations]


def main() -> None:
    """Tells what a new migration would hold; ends with 1 where there is any."""
    lacking = asyncio.run(_lacking())
    sys.stdout.writelines(f"No migration makes this: {what}\n" for what in lacking)
    sys.exit(1 if lacking else 0)


main()
