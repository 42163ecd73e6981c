"""Checks the schema against the published one and the contract: `python -m gql.contract.check [--write]`.

The published schema `gql/schema.graphql` must be the one that the code generates (`--write` regenerates it), nothing
of the contract may be missing, renamed or narrower, and every operation of the screens must be valid. Exits with 1
otherwise.
"""

import sys
from pathlib import Path
from typing import Final

from graphql import GraphQLSchema, build_schema, parse, validate
from graphql.utilities import find_breaking_changes

from gql.contract import FOLDER, SCREENS

PUBLISHED_SCHEMA: Final = FOLDER.parent / "schema.graphql"


def generated_schema() -> str:
    """The text of the schema that the code generates."""
    from gql.schema import schema  # noqa: PLC0415  # so that the comparison alone needs nothing of ours

    return f"{schema.as_str()}\n"


def breaking_changes(contract: GraphQLSchema, schema: GraphQLSchema) -> list[str]:
    """What is missing in the schema, or narrower than in the contract."""
    return [change.description for change in find_breaking_changes(contract, schema)]


def invalid_operations(schema: GraphQLSchema, folder: Path = SCREENS) -> list[str]:
    """The validation errors in the screens' operations, each with its file."""
    return [
        f"{path.name}: {error.message}"
        for path in sorted(folder.glob("*.graphql"))
        for error in validate(schema, parse(path.read_text(encoding="utf-8")))
    ]


def main() -> int:
    """Runs the check, prints every problem, and returns the exit status."""
    text = generated_schema()
    if "--write" in sys.argv:
        PUBLISHED_SCHEMA.write_text(text, encoding="utf-8")
    if not PUBLISHED_SCHEMA.exists() or PUBLISHED_SCHEMA.read_text(encoding="utf-8") != text:
        print("gql/schema.graphql is not what the code generates: run python -m gql.contract.check --write")  # noqa: T201  # it is a command
        return 1
    contract = build_schema((FOLDER / "contract.graphql").read_text(encoding="utf-8"))
    schema = build_schema(text)
    problems = [*breaking_changes(contract, schema), *invalid_operations(schema)]
    for problem in problems:
        print(f"contract: {problem}")  # noqa: T201  # it is a command
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
