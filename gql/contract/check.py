"""Holds the schema to what was published and promised: `python -m gql.contract.check [--write]`.

The published text `gql/schema.graphql` must be the one that the code makes (`--write` renews it), nothing of the
contract may be lacking, renamed or narrower, and every operation of the screens must be valid. Ends with 1 where it
doesn't hold.
"""

import sys
from pathlib import Path
from typing import Final

from graphql import GraphQLSchema, build_schema, parse, validate
from graphql.utilities import find_breaking_changes

from gql.contract import FOLDER, SCREENS

PUBLISHED: Final = FOLDER.parent / "schema.graphql"


def published_text() -> str:
    """The schema's text, as the code makes it."""
    from gql.schema import schema  # noqa: PLC0415  # so that the comparison alone needs nothing of ours

    return f"{schema.as_str()}\n"


def broken(contract: GraphQLSchema, schema: GraphQLSchema) -> list[str]:
    """What the schema breaks of the contract: what it lacks, and what is narrower in it."""
    return [change.description for change in find_breaking_changes(contract, schema)]


def invalid(schema: GraphQLSchema, folder: Path = SCREENS) -> list[str]:
    """What is wrong with the screens' operations, by file."""
    return [
        f"{path.name}: {error.message}"
        for path in sorted(folder.glob("*.graphql"))
        for error in validate(schema, parse(path.read_text(encoding="utf-8")))
    ]


def main() -> int:
    """Compares, says what is found, and answers with the exit code."""
    text = published_text()
    if "--write" in sys.argv:
        PUBLISHED.write_text(text, encoding="utf-8")
    if not PUBLISHED.exists() or PUBLISHED.read_text(encoding="utf-8") != text:
        print("gql/schema.graphql is not what the code makes: python -m gql.contract.check --write")  # noqa: T201  # it is a command
        return 1
    contract = build_schema((FOLDER / "contract.graphql").read_text(encoding="utf-8"))
    schema = build_schema(text)
    found = [*broken(contract, schema), *invalid(schema)]
    for each in found:
        print(f"contract: {each}")  # noqa: T201  # it is a command
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
