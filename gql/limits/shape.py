"""Limits on the shape of a document, checked before validation in time linear in its length."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    OperationType,
    SelectionNode,
    SelectionSetNode,
)

from gql.limits.allowance import Allowance
from gql.limits.faults import (
    NestingTooDeep,
    TooDeep,
    TooExpensive,
    TooManyAliases,
    TooManyDirectives,
    TooManyDuplicateFields,
    TooManyFields,
    TooManyMutations,
    TooManyRootFields,
)

UNBOUNDED: Final = 10**6
"""The depth of a fragment that spreads itself, which validation refuses; and where counting is cut off."""
MAX_NESTING: Final = 100
"""How many fields and fragments may be nested: visitors of a document recurse as deep, and Python limits recursion."""


@dataclass
class _Counts:
    """Counts of what a document contains, without following fragment spreads."""

    aliases: int = 0
    directives: int = 0
    duplicate_fields: int = 0

    def add(self, selections: SelectionSetNode | None) -> None:
        """Adds a selection set with all that is nested in it."""
        seen: set[str] = set()
        for selection in selections.selections if selections else ():
            self.directives += len(selection.directives or ())
            if isinstance(selection, FieldNode):
                key = _response_key(selection)
                self.aliases += selection.alias is not None
                self.duplicate_fields += key in seen
                seen.add(key)
            if isinstance(selection, FieldNode | InlineFragmentNode):
                self.add(selection.selection_set)


@dataclass(frozen=True)
class _Size:
    """The size of a selection set, following fragment spreads.

    Attributes:
        nesting: How many fields and fragments are nested.
        depth: How many fields are nested.
        fields: How many fields there are in total, those of a fragment as often as it is spread.
    """

    nesting: int = 0
    depth: int = 0
    fields: int = 0


@dataclass
class _Measurement:
    """Measures one document, each fragment once."""

    fragments: Mapping[str, FragmentDefinitionNode]
    _fragment_sizes: dict[str, _Size] = field(default_factory=dict)

    def size(self, selections: SelectionSetNode | None, above: int = 0) -> _Size:
        """The size of a selection set.

        Args:
            selections: The selection set.
            above: How many fields and fragments it is nested in.

        Raises:
            NestingTooDeep: Too many fields and fragments are nested.
        """
        _check_nesting(above)
        parts = [self._size_of(selection, above + 1) for selection in (selections.selections if selections else ())]
        return _Size(
            nesting=max((part.nesting for part in parts), default=0),
            depth=max((part.depth for part in parts), default=0),
            fields=min(sum(part.fields for part in parts), UNBOUNDED),
        )

    def _size_of(self, selection: SelectionNode, above: int) -> _Size:
        match selection:
            case FieldNode(selection_set=inner):
                below = self.size(inner, above)
                return _Size(below.nesting + 1, below.depth + 1, below.fields + 1)
            case InlineFragmentNode(selection_set=inner):
                below = self.size(inner, above)
            case FragmentSpreadNode(name=name) if name.value in self.fragments:
                below = self._size_of_fragment(name.value, above)
            case _:
                below = _Size()
        return replace(below, nesting=below.nesting + 1)

    def _size_of_fragment(self, name: str, above: int) -> _Size:
        if name not in self._fragment_sizes:
            # Found by a fragment that spreads itself.
            self._fragment_sizes[name] = _Size(depth=UNBOUNDED)
            self._fragment_sizes[name] = self.size(self.fragments[name].selection_set, above)
        # A fragment that was measured before may be nested deeper here.
        _check_nesting(above + self._fragment_sizes[name].nesting)
        return self._fragment_sizes[name]

    def response_keys(self, selections: SelectionSetNode) -> set[str]:
        """The response keys of a selection set, following fragment spreads: as many fields are resolved."""
        return set(self._response_keys(selections, set()))

    def _response_keys(self, selections: SelectionSetNode, visited: set[str]) -> Iterator[str]:
        for selection in selections.selections:
            match selection:
                case FieldNode():
                    yield _response_key(selection)
                case InlineFragmentNode(selection_set=inner):
                    yield from self._response_keys(inner, visited)
                case FragmentSpreadNode(name=name) if name.value in self.fragments and name.value not in visited:
                    visited.add(name.value)
                    yield from self._response_keys(self.fragments[name.value].selection_set, visited)


def _check_nesting(nesting: int) -> None:
    if nesting > MAX_NESTING:
        raise NestingTooDeep(nesting, MAX_NESTING)


def check_shape(document: DocumentNode, operation: OperationDefinitionNode, allowance: Allowance) -> None:
    """Refuses a document whose shape exceeds a limit.

    Args:
        document: The document.
        operation: The operation to be executed.
        allowance: The limits.

    Raises:
        TooExpensive: A limit is exceeded.
    """
    fragments = {node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)}
    measurement = _Measurement(fragments)
    counts, size = _Counts(), _Size()
    for definition in document.definitions:
        if isinstance(definition, OperationDefinitionNode | FragmentDefinitionNode):
            # All definitions: validation visits unused ones, too.
            measured = measurement.size(definition.selection_set)
            size = measured if definition is operation else size
            counts.directives += len(definition.directives or ())
            counts.add(definition.selection_set)
    # The size of a fragment that spreads itself is unbounded; validation reports the cycle.
    if size.depth < UNBOUNDED:
        _check(size, counts, len(measurement.response_keys(operation.selection_set)), operation.operation, allowance)


def _check(size: _Size, counts: _Counts, root_fields: int, kind: OperationType, allowance: Allowance) -> None:
    root_limit: tuple[type[TooExpensive], int, int] = (TooManyRootFields, root_fields, allowance.root_fields)
    if kind is OperationType.MUTATION:
        root_limit = (TooManyMutations, root_fields, allowance.mutations)
    limits: tuple[tuple[type[TooExpensive], int, int], ...] = (
        (TooDeep, size.depth, allowance.depth),
        (TooManyFields, size.fields, allowance.fields),
        (TooManyAliases, counts.aliases, allowance.aliases),
        root_limit,
        (TooManyDirectives, counts.directives, allowance.directives),
        (TooManyDuplicateFields, counts.duplicate_fields, allowance.duplicate_fields),
    )
    for fault_class, asked, allowed in limits:
        if asked > allowed:
            raise fault_class(asked, allowed)


def _response_key(selection: FieldNode) -> str:
    return (selection.alias or selection.name).value
