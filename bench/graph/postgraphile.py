"""PostGraphile 5 on the same database, without any rule: a mature way from tables to a graph, to compare with.

It answers the same rows in the same shape under its own names, so its bytes are other ones.
"""

import shutil
import subprocess
from pathlib import Path
from typing import Any

import orjson

from bench.graph.bench_database import FOLDER
from bench.graph.operation_texts import read_operations

GIVEN = Path(__file__).with_name("postgraphile")
INSTALLED = FOLDER / "postgraphile"
FILES = ("package.json", "graphile.config.mjs")


def command() -> list[str] | None:
    """What starts it, installed now unless it was before; None where there is no npm."""
    npm = shutil.which("npm")
    if npm is None:
        return None
    INSTALLED.mkdir(parents=True, exist_ok=True)
    wanted, there = (GIVEN / "package.json").read_bytes(), INSTALLED / "installed.json"
    for name in FILES:
        shutil.copy(GIVEN / name, INSTALLED / name)
    if not there.exists() or there.read_bytes() != wanted:
        print("· Installing PostGraphile")
        subprocess.run([npm, "install", "--no-audit", "--no-fund", "--silent"], cwd=INSTALLED, check=True)  # noqa: S603  # npm, as it was found
        there.write_bytes(wanted)
    modules = INSTALLED.absolute() / "node_modules"
    config = str(INSTALLED.absolute() / "graphile.config.mjs")
    return [str(modules / ".bin" / "node"), str(modules / "postgraphile" / "dist" / "cli-run.js"), "-C", config]


def body(operation: str, variables: dict[str, Any]) -> bytes:
    """The request for an operation."""
    return orjson.dumps({"query": TEXTS[operation], "operationName": operation, "variables": variables})


TEXTS = read_operations(GIVEN / "queries.graphql")
