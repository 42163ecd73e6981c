"""Ready-made operations for GraphiQL: the screens of the manual, filled in for the one who looks.

Only operations that the schema knows whole are offered.
"""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    get_operation_ast,
    parse,
    print_ast,
    separate_operations,
    validate,
)

from gql.contract import SCREENS
from gql.reading.core_schema import core_schema
from gql.schema import schema

OWN: Final = Path(__file__).parent / "screens"
"""Screens that the contract has no operation for, and links lead to."""
TABS: Final = (
    "StartScreenAnyRole",
    "StartScreen",
    "ContractList",
    "ContractGroups",
    "SetContractGroups",
    "DeliverDocument",
)
"""What GraphiQL opens with; the rest stands in its panel of examples."""


@dataclass(frozen=True)
class Example:
    """One operation of a screen.

    Attributes:
        name: The operation's name.
        screen: The screen that it is for, such as `02 contract list`.
        document: The operation with the fragments that it uses.
        variables: The names of its variables.
    """

    name: str
    screen: str
    document: str
    variables: tuple[str, ...]


@lru_cache(maxsize=1)
def examples() -> tuple[Example, ...]:
    """The operations that the schema knows, in the order of the screens."""
    found = []
    for path in (*sorted(SCREENS.glob("*.graphql")), *sorted(OWN.glob("*.graphql"))):
        for name, alone in separate_operations(parse(path.read_text(encoding="utf-8"))).items():
            if not validate(core_schema(schema), alone):
                found.append(_example(path, name, alone))
    return tuple(found)


def _example(path: Path, name: str, alone: DocumentNode) -> Example:
    operation = get_operation_ast(alone)
    declared = operation.variable_definitions if operation else ()
    variables = tuple(definition.variable.name.value for definition in declared or ())
    # Whoever opens one sees what it does first, and then the fragments.
    definitions = sorted(alone.definitions, key=lambda definition: isinstance(definition, FragmentDefinitionNode))
    return Example(
        name, path.stem.replace("_", " "), print_ast(DocumentNode(definitions=tuple(definitions))), variables
    )
