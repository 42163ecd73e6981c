"""Example operations for GraphiQL: those of the manual's screens that are valid for the schema."""

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

EXTRA_SCREENS: Final = Path(__file__).parent / "screens"
"""Operations for links in mails that no screen of the contract has."""
TABS: Final = (
    "StartScreenAnyRole",
    "StartScreen",
    "ContractList",
    "ContractGroups",
    "SetContractGroups",
    "DeliverDocument",
)
"""The operations that GraphiQL opens in tabs; the others are in its panel of examples."""


@dataclass(frozen=True)
class Example:
    """One operation of a screen.

    Attributes:
        name: The operation's name.
        screen: Its screen, such as `02 contract list`.
        document: The operation with the fragments that it uses.
        variables: The names of its variables.
    """

    name: str
    screen: str
    document: str
    variables: tuple[str, ...]


@lru_cache(maxsize=1)
def examples() -> tuple[Example, ...]:
    """The valid operations, in the order of the screens."""
    paths = (*sorted(SCREENS.glob("*.graphql")), *sorted(EXTRA_SCREENS.glob("*.graphql")))
    return tuple(
        _example(path, name, document)
        for path in paths
        for name, document in separate_operations(parse(path.read_text(encoding="utf-8"))).items()
        if not validate(core_schema(schema), document)
    )


def _example(path: Path, name: str, document: DocumentNode) -> Example:
    operation = get_operation_ast(document)
    declared = operation.variable_definitions if operation else ()
    variables = tuple(definition.variable.name.value for definition in declared or ())
    # The operation first, then its fragments.
    definitions = sorted(document.definitions, key=lambda definition: isinstance(definition, FragmentDefinitionNode))
    return Example(
        name, path.stem.replace("_", " "), print_ast(DocumentNode(definitions=tuple(definitions))), variables
    )
