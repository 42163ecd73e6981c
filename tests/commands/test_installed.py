"""The installed command in a fresh process: each command imports everything that it needs."""

import asyncio
import os
import sys
import sysconfig
from pathlib import Path

import pytest

from tests.commands.running import ROOT

ECONTRACTING = Path(sysconfig.get_path("scripts")) / "econtracting"
REFUSED, USAGE, NO_INPUT = 1, 2, 66


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(
    ("arguments", "status", "expected"),
    [
        ("audit verify", 0, "Every entry fits its chain."),
        ("authority list", 0, ""),
        ("documents list", 0, ""),
        ("keys rotate", 0, "Renewed: 0 numbers, 0 personal keys."),
        ("mail list", 0, "0 notifications\n0 mails"),
        ("mail retry 1", REFUSED, "1: There is nothing with this number.\nRetried 0 of 1."),
        ("mail drain", 0, "Handled 0; 0 left."),
        ("mail bounces", NO_INPUT, "There is no mail on the input."),
        ("organisation add 0123.456.749", REFUSED, "enterpriseNumber: The enterprise register knows no organisation"),
        ("person merge --reason Dubbel", USAGE, "Number of who goes: nothing was given."),
        ("theme hide NIETS", REFUSED, "code: There is no theme with the code “NIETS”."),
    ],
)
async def test_it_runs_in_a_fresh_process(arguments: str, status: int, expected: str):
    process = await asyncio.create_subprocess_exec(
        ECONTRACTING,
        *arguments.split(),
        env=dict(os.environ),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    stdout, _ = await process.communicate()
    assert process.returncode == status
    assert stdout.decode().startswith(expected)


async def test_defining_the_commands_imports_none_of_their_dependencies():
    code = "import sys, cli; sys.exit(not {'tortoise', 'asyncpg', 'strawberry', 'pydantic'}.isdisjoint(sys.modules))"
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", code, cwd=ROOT)
    assert await process.wait() == 0
