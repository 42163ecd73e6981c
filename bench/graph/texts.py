"""The operations that a file holds."""

from pathlib import Path

from graphql import OperationDefinitionNode, parse


def texts(file: Path) -> dict[str, str]:
    """The text of each operation of a file by its name, as a client sends it."""
    found: dict[str, str] = {}
    for definition in parse(file.read_text(encoding="utf-8")).definitions:
        assert isinstance(definition, OperationDefinitionNode)
        assert definition.name
        assert definition.loc
        found[definition.name.value] = definition.loc.source.body[definition.loc.start : definition.loc.end]
    return found
