"""Ready-made operations for GraphiQL: the screens of the manual, filled in for the one who looks.

Only operations that the schema knows whole are offered.
"""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from graphql import FragmentDefinitionNode, OperationDefinitionNode, parse, print_ast, validate
from graphql.language import DocumentNode, FragmentSpreadNode, Visitor, visit

from gql.schema import schema

SCREENS: Final = Path(__file__).parent / "contract" / "screens"
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
    for path in sorted(SCREENS.glob("*.graphql")):
        text = path.read_text(encoding="utf-8")
        document = parse(text)
        for operation in document.definitions:
            if isinstance(operation, OperationDefinitionNode) and operation.name:
                alone = _alone(document, operation)
                if not validate(schema._schema, alone):  # noqa: SLF001  # Strawberry has no other way to it
                    found.append(_example(path, operation, alone))
    return tuple(found)


def _example(path: Path, operation: OperationDefinitionNode, alone: DocumentNode) -> Example:
    variables = tuple(definition.variable.name.value for definition in operation.variable_definitions or ())
    name = operation.name.value if operation.name else ""
    return Example(name, path.stem.replace("_", " "), print_ast(alone), variables)


def _alone(document: DocumentNode, operation: OperationDefinitionNode) -> DocumentNode:
    """The operation with the fragments that it uses, and those that they use."""
    fragments = {
        definition.name.value: definition
        for definition in document.definitions
        if isinstance(definition, FragmentDefinitionNode)
    }
    used: dict[str, FragmentDefinitionNode] = {}
    waiting = _spreads(operation)
    while waiting:
        name = waiting.pop()
        if name in fragments and name not in used:
            used[name] = fragments[name]
            waiting += _spreads(fragments[name])
    return DocumentNode(definitions=(operation, *used.values()))


def _spreads(node: OperationDefinitionNode | FragmentDefinitionNode) -> list[str]:
    found: list[str] = []

    class Spreads(Visitor):
        def enter_fragment_spread(self, spread: FragmentSpreadNode, *_: Any) -> None:
            found.append(spread.name.value)

    visit(node, Spreads())
    return found
