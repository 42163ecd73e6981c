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
"""The document's text, the operation's name where there are several, and the language; or the same of a part of one."""


@dataclass(frozen=True)
class EngineRequest:
    """An operation to be read, with everything that the answer depends on.

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
        """What the plans of the operation are cached by."""
        return self.query, self.operation_name, self.language


@dataclass(frozen=True)
class RowRequest:
    """A selection on one row inside an operation.

    Attributes:
        source: The name of the row's type.
        keys: The values of the columns that identify the row; of the rows of a query, all that their fields start from.
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
        """The same for every row with the same selection, wherever in a document it stands."""
        texts = [_source_text(node) for node in (*self.nodes, *self.fragments.values())]
        return "\n".join(texts), f"one {self.source}", self.language


@dataclass(frozen=True)
class EngineResult:
    """The engine's answer to an operation, or why it has none.

    Attributes:
        data: The JSON of the answer's `data`; None when the ordinary executor must answer.
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
