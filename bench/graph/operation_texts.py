"""Reads the operations in a file."""

from pathlib import Path

from graphql import OperationDefinitionNode, parse


def read_operations(file: Path) -> dict[str, str]:
    """The text of each operation in a file, by its name, as a client sends it."""
    operations: dict[str, str] = {}
    for definition in parse(file.read_text(encoding="utf-8")).definitions:
        assert isinstance(definition, OperationDefinitionNode)
        assert definition.name
        assert definition.loc
        operations[definition.name.value] = definition.loc.source.body[definition.loc.start : definition.loc.end]
    return operations
