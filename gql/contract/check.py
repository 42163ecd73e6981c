"""Holds the schema to what was published and promised: `python -m gql.contract.check [--write]`.

The published text `gql/schema.graphql` must be the one that the code makes (`--write` renews it), and nothing of the
contract that the schema has may have been renamed or made narrower. Ends with 1 where it doesn't hold.
"""

import sys
from pathlib import Path
from typing import Final

from graphql import GraphQLSchema, build_schema
from graphql.utilities import BreakingChange, find_breaking_changes

FOLDER: Final = Path(__file__).parent
PUBLISHED: Final = FOLDER.parent / "schema.graphql"
LACKING: Final = frozenset(
    {"TYPE_REMOVED", "FIELD_REMOVED", "ARG_REMOVED", "VALUE_REMOVED_FROM_ENUM", "TYPE_REMOVED_FROM_UNION"}
)


def published_text() -> str:
    """The schema's text, as the code makes it."""
    from gql.schema import schema  # noqa: PLC0415  # so that the comparison alone needs nothing of ours

    return f"{schema.as_str()}\n"


def compared(contract: GraphQLSchema, schema: GraphQLSchema) -> tuple[list[BreakingChange], list[BreakingChange]]:
    """What the schema lacks of the contract, and what of it differs."""
    changes = find_breaking_changes(contract, schema)
    lacking = [change for change in changes if change.type.name in LACKING]
    return lacking, [change for change in changes if change not in lacking]


def main() -> int:
    """Compares, says what is found, and answers with the exit code."""
    text = published_text()
    if "--write" in sys.argv:
        PUBLISHED.write_text(text, encoding="utf-8")
    if not PUBLISHED.exists() or PUBLISHED.read_text(encoding="utf-8") != text:
        print("gql/schema.graphql is not what the code makes: python -m gql.contract.check --write")  # noqa: T201  # it is a command
        return 1
    contract = build_schema((FOLDER / "contract.graphql").read_text(encoding="utf-8"))
    lacking, differing = compared(contract, build_schema(text))
    for change in differing:
        print(f"differs  {change.description}")  # noqa: T201  # it is a command
    print(f"contract: {len(lacking)} names still lacking, {len(differing)} differ")  # noqa: T201  # it is a command
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
