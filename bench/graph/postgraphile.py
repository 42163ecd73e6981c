"""PostGraphile 5 on the same database, without any rule: a mature server that derives a graph from tables.

It returns the same rows in the same shape, under its own names; so its bytes differ.
"""

import shutil
import subprocess
from pathlib import Path
from typing import Any

import orjson

from bench.graph.bench_database import FOLDER
from bench.graph.operation_texts import read_operations

SOURCE = Path(__file__).with_name("postgraphile")
INSTALLATION = FOLDER / "postgraphile"
FILES = ("package.json", "graphile.config.mjs")


def command() -> list[str] | None:
    """The command that starts it, which is installed first if necessary; None without npm."""
    npm = shutil.which("npm")
    if npm is None:
        return None
    INSTALLATION.mkdir(parents=True, exist_ok=True)
    manifest, installed_manifest = (SOURCE / "package.json").read_bytes(), INSTALLATION / "installed.json"
    for name in FILES:
        shutil.copy(SOURCE / name, INSTALLATION / name)
    if not installed_manifest.exists() or installed_manifest.read_bytes() != manifest:
        print("· Installing PostGraphile")
        subprocess.run([npm, "install", "--no-audit", "--no-fund", "--silent"], cwd=INSTALLATION, check=True)  # noqa: S603  # npm, as it was found
        installed_manifest.write_bytes(manifest)
    modules = INSTALLATION.absolute() / "node_modules"
    config = str(INSTALLATION.absolute() / "graphile.config.mjs")
    return [str(modules / ".bin" / "node"), str(modules / "postgraphile" / "dist" / "cli-run.js"), "-C", config]


def body(operation: str, variables: dict[str, Any]) -> bytes:
    """The body of the request for an operation."""
    return orjson.dumps({"query": OPERATIONS[operation], "operationName": operation, "variables": variables})


OPERATIONS = read_operations(SOURCE / "queries.graphql")
