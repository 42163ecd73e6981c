"""Measurement of the shape of a document, in time linear in its length: each fragment is measured once."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    SelectionNode,
    SelectionSetNode,
)

from gql.limits.faults import NestingTooDeep

UNBOUNDED: Final = 10**6
"""The depth of a fragment that spreads itself, which validation refuses; and where counting is cut off."""
MAX_NESTING: Final = 100
"""How many fields and fragments may be nested: visitors of a document recurse as deep, and Python limits recursion."""


@dataclass
class Counts:
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
class Size:
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
class Measurement:
    """Measures one document, each fragment once."""

    fragments: Mapping[str, FragmentDefinitionNode]
    _fragment_sizes: dict[str, Size] = field(default_factory=dict)

    def size(self, selections: SelectionSetNode | None, above: int = 0) -> Size:
        """The size of a selection set.

        Args:
            selections: The selection set.
            above: How many fields and fragments it is nested in.

        Raises:
            NestingTooDeep: Too many fields and fragments are nested.
        """
        _check_nesting(above)
        parts = [self._size_of(selection, above + 1) for selection in (selections.selections if selections else ())]
        return Size(
            nesting=max((part.nesting for part in parts), default=0),
            depth=max((part.depth for part in parts), default=0),
            fields=min(sum(part.fields for part in parts), UNBOUNDED),
        )

    def _size_of(self, selection: SelectionNode, above: int) -> Size:
        match selection:
            case FieldNode(selection_set=inner):
                below = self.size(inner, above)
                return Size(below.nesting + 1, below.depth + 1, below.fields + 1)
            case InlineFragmentNode(selection_set=inner):
                below = self.size(inner, above)
            case FragmentSpreadNode(name=name) if name.value in self.fragments:
                below = self._size_of_fragment(name.value, above)
            case _:
                below = Size()
        return replace(below, nesting=below.nesting + 1)

    def _size_of_fragment(self, name: str, above: int) -> Size:
        if name not in self._fragment_sizes:
            # Found by a fragment that spreads itself.
            self._fragment_sizes[name] = Size(depth=UNBOUNDED)
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


def _response_key(selection: FieldNode) -> str:
    return (selection.alias or selection.name).value
