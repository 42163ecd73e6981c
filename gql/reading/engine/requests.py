"""The engine's requests and results."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graphql import DocumentNode, FieldNode, FragmentDefinitionNode, Node

from domain.actor import Actor
from domain.standing import Standing
from gql.reading.engine.cache_entries import PlanEntry
from gql.reading.engine.fallback import Fallback

CacheKey = tuple[str, str | None, str]
"""The text of a document or of a selection, the operation's name if there are several, and the language."""


@dataclass(frozen=True)
class EngineRequest:
    """A request to execute an operation, with everything that the result depends on.

    Attributes:
        query: The document's text.
        document: The document, parsed and found valid.
        operation_name: Which operation to execute, where there are several.
        variables: The variables as the client sent them.
        actor: The viewer.
        standing: The facts about the actor.
        language: The language of texts.
    """

    query: str
    document: DocumentNode
    operation_name: str | None
    variables: Mapping[str, Any] | None
    actor: Actor
    standing: Standing
    language: str

    @property
    def cache_key(self) -> CacheKey:
        """The key of its plans in the cache."""
        return self.query, self.operation_name, self.language


@dataclass(frozen=True)
class RowRequest:
    """A request for a selection on one row inside an operation.

    Attributes:
        source: The name of the row's type.
        keys: The values of the row's key columns; for a row of a query, of all columns that its fields start from.
        nodes: The field nodes that select from the row.
        fragments: The document's fragments.
        language: The language of texts.
    """

    source: str
    keys: tuple[Any, ...]
    nodes: Sequence[FieldNode]
    fragments: Mapping[str, FragmentDefinitionNode]
    language: str

    @property
    def cache_key(self) -> CacheKey:
        """The key of its plans in the cache, the same for every row with the same selection in any document."""
        texts = [_source_text(node) for node in (*self.nodes, *self.fragments.values())]
        return "\n".join(texts), f"one {self.source}", self.language


@dataclass(frozen=True)
class EngineResult:
    """The engine's result for an operation, or why there is none.

    Attributes:
        data: The JSON of the response's `data`; None if the ordinary executor must execute the operation.
        fallback: Why it must.
    """

    data: bytes | None
    fallback: str | None


@dataclass(frozen=True)
class PreparedPlan:
    """A plan that is ready to be executed.

    Attributes:
        entry: The plan's cache entry.
        argument_values: The values of the operation's arguments.
        actor: The viewer.
        standing: The facts about the actor.
    """

    entry: PlanEntry
    argument_values: list[Any]
    actor: Actor
    standing: Standing


def _source_text(node: Node) -> str:
    """The text of a node as the client wrote it."""
    if node.loc is None:
        raise Fallback("no text")
    return node.loc.source.body[node.loc.start : node.loc.end]
