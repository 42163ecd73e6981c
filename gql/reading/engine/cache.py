"""The plans of the operations asked lately: bounded, and compiled when a document is seen for the second time."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from cachetools import LRUCache
from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLSchema,
    Node,
    OperationType,
    get_operation_ast,
)
from graphql.execution.values import VariableValues
from strawberry import Schema

from domain.standing import Standing
from gql.reading.core_schema import core_schema
from gql.reading.engine.arguments import ArgumentReader
from gql.reading.engine.compile import Compiler
from gql.reading.engine.fallback import NotCompiled
from gql.reading.engine.kept import KeptOperation, KeptPlan
from gql.reading.engine.planning import planned, planned_row
from gql.reading.engine.selection import Selection
from gql.reading.engine.variables import Variables
from gql.reading.sources import SOURCES

DOCUMENTS: Final = 256
"""How many operations have plans at most."""
SEEN: Final = 4_096
"""How many documents are known to have been seen once."""
LONGEST: Final = 20_000
"""How long a document is at most that is compiled, in characters."""

Key = tuple[str, str | None, str]
"""The document's text, the operation's name where there are several, and the language; or the same of a part of one."""


@dataclass(frozen=True)
class AskedRow:
    """What is asked of one row inside an operation.

    Attributes:
        source: The name of the row's type.
        keys: The values of the columns that name the row; of the rows of a query, all that their fields start from.
        nodes: Where the document asks for it.
        fragments: The document's fragments.
        language: The language of texts.
    """

    source: str
    keys: tuple[Any, ...]
    nodes: Sequence[FieldNode]
    fragments: Mapping[str, FragmentDefinitionNode]
    language: str

    @property
    def cached_as(self) -> Key:
        """The same for all rows of which the same is asked, wherever in a document that is."""
        parts = [_text(node) for node in (*self.nodes, *self.fragments.values())]
        return "\n".join(parts), f"one {self.source}", self.language


class Plans:
    """Finds the plan for an operation and its variables.

    Args:
        schema: The schema.

    Attributes:
        core: The schema, as graphql-core knows it.
    """

    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        self.core = core_schema(schema)
        self._reader = ArgumentReader(schema)
        self._operations: LRUCache[Key, KeptOperation] = LRUCache(DOCUMENTS)
        self._seen: LRUCache[int, None] = LRUCache(SEEN)

    def find(
        self, key: Key, document: DocumentNode, variables: Mapping[str, Any] | None, standing: Standing
    ) -> tuple[KeptPlan, list[Any]]:
        """The plan, and the values of the operation's arguments.

        Args:
            key: What it is kept by.
            document: The document, found valid.
            variables: As the client gave them.
            standing: The facts about the one who asks.

        Raises:
            NotCompiled: There is none.
            BadArgument: An argument is wrong; the ordinary executor says so.
        """
        operation = self._operation(key, lambda: _read(self.core, document, key[1]))
        return self._kept(operation, operation.variables.values(variables or {}), key[2], standing)

    def find_row(self, asked: AskedRow, variables: VariableValues, standing: Standing) -> tuple[KeptPlan, list[Any]]:
        """The plan for one row, and its values.

        Args:
            asked: What is asked of the row.
            variables: The operation's variables.
            standing: The facts about the one who asks.

        Raises:
            NotCompiled: There is none.
            BadArgument: An argument is wrong; the ordinary executor says so.
        """

        def read() -> KeptOperation:
            return KeptOperation(
                lambda compiler: planned_row(compiler, asked.source, asked.nodes),
                asked.fragments,
                Variables(self.core, ()),
                len(asked.keys),
            )

        # What a query's row holds may be thousands of rows: not worth waiting for a second time.
        operation = self._operation(asked.cached_as, read, at_once=SOURCES[asked.source].model is None)
        kept, values = self._kept(operation, variables, asked.language, standing)
        return kept, [*asked.keys, *values]

    def _kept(
        self, operation: KeptOperation, given: VariableValues, language: str, standing: Standing
    ) -> tuple[KeptPlan, list[Any]]:
        found = operation.found(self._reader, given, standing)
        return found or self._compiled(operation, given, language, standing)

    def _compiled(
        self, operation: KeptOperation, given: VariableValues, language: str, standing: Standing
    ) -> tuple[KeptPlan, list[Any]]:
        selection = Selection(self.core, operation.fragments, given)
        try:
            plan = operation.made(Compiler(self._schema, selection, language, standing, operation.first_slot))
        except NotCompiled as left:
            operation.refuse(selection.decided, left.reason)
            raise
        kept = operation.keep(plan)
        values = kept.plan.values(self._reader, given)
        if values is None:
            raise NotCompiled("values that change")
        return kept, values

    def _operation(self, key: Key, read: Callable[[], KeptOperation], *, at_once: bool = False) -> KeptOperation:
        known = self._operations.get(key)
        if known is not None:
            return known
        if len(key[0]) > LONGEST:
            raise NotCompiled("long document")
        if not at_once:
            self._second_sight(key)
        operation = self._operations[key] = read()
        return operation

    def _second_sight(self, key: Key) -> None:
        digest = hash(key)
        if digest not in self._seen:
            self._seen[digest] = None
            raise NotCompiled("first sight")


def _read(schema: GraphQLSchema, document: DocumentNode, name: str | None) -> KeptOperation:
    operation = get_operation_ast(document, name)
    if operation is None:
        raise NotCompiled("which operation")
    if operation.operation is not OperationType.QUERY:
        raise NotCompiled(operation.operation.value)
    if operation.directives or any(given.directives for given in operation.variable_definitions or ()):
        raise NotCompiled("directives")
    fragments = {each.name.value: each for each in document.definitions if isinstance(each, FragmentDefinitionNode)}
    variables = Variables(schema, operation.variable_definitions or ())
    return KeptOperation(lambda compiler: planned(compiler, operation), fragments, variables)


def _text(node: Node) -> str:
    """The text of a node as the client wrote it."""
    if node.loc is None:
        raise NotCompiled("no text")
    return node.loc.source.body[node.loc.start : node.loc.end]
