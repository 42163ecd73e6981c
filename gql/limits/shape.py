"""The shape of a document, measured before it is validated: each definition is walked once, so time is linear."""

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
    TooDeep,
    TooExpensive,
    TooManyAliases,
    TooManyDirectives,
    TooManyFields,
    TooManyMutations,
    TooManyRepetitions,
    TooManyRoots,
    TooManySteps,
)

ENDLESS: Final = 10**6
"""The depth of a fragment that spreads itself, which validation refuses by its right name; and where counting ends."""
STEPS: Final = 100
"""How many fields and fragments may stand inside one another, asked for or not: whatever walks a document goes down as
far, and Python only so far."""


@dataclass
class _Counts:
    """What stands in the text of a document, each occurrence once."""

    aliases: int = 0
    directives: int = 0
    repetitions: int = 0

    def add(self, selections: SelectionSetNode | None) -> None:
        """Adds what stands in a selection set and below."""
        seen: set[str] = set()
        for selection in selections.selections if selections else ():
            self.directives += len(selection.directives or ())
            if isinstance(selection, FieldNode):
                key = _key(selection)
                self.aliases += selection.alias is not None
                self.repetitions += key in seen
                seen.add(key)
            if isinstance(selection, FieldNode | InlineFragmentNode):
                self.add(selection.selection_set)


@dataclass(frozen=True)
class _Extent:
    """How much a selection set asks for, fragments followed.

    Attributes:
        steps: How many fields and fragments stand inside one another.
        depth: How many fields stand inside one another.
        fields: How many fields there are in all, those of a fragment as often as it is spread.
    """

    steps: int = 0
    depth: int = 0
    fields: int = 0


@dataclass
class _Walk:
    """Walks one document; what is known of a fragment is kept, whether it is spread once or a thousand times."""

    fragments: Mapping[str, FragmentDefinitionNode]
    _known: dict[str, _Extent] = field(default_factory=dict)

    def extent(self, selections: SelectionSetNode | None, above: int = 0) -> _Extent:
        """The extent of a selection set.

        Args:
            selections: Where to begin.
            above: How many fields and fragments it stands in.

        Raises:
            TooManySteps: Too many fields and fragments stand inside one another.
        """
        _require_few_steps(above)
        parts = [self._part(selection, above + 1) for selection in (selections.selections if selections else ())]
        return _Extent(
            steps=max((part.steps for part in parts), default=0),
            depth=max((part.depth for part in parts), default=0),
            fields=min(sum(part.fields for part in parts), ENDLESS),
        )

    def _part(self, selection: SelectionNode, above: int) -> _Extent:
        match selection:
            case FieldNode(selection_set=inner):
                below = self.extent(inner, above)
                return _Extent(below.steps + 1, below.depth + 1, below.fields + 1)
            case InlineFragmentNode(selection_set=inner):
                below = self.extent(inner, above)
            case FragmentSpreadNode(name=name) if name.value in self.fragments:
                below = self._of_fragment(name.value, above)
            case _:
                below = _Extent()
        return replace(below, steps=below.steps + 1)

    def _of_fragment(self, name: str, above: int) -> _Extent:
        if name not in self._known:
            # A fragment that comes to itself again finds this.
            self._known[name] = _Extent(depth=ENDLESS)
            self._known[name] = self.extent(self.fragments[name].selection_set, above)
        # One that has been followed before may stand deeper here.
        _require_few_steps(above + self._known[name].steps)
        return self._known[name]

    def keys(self, selections: SelectionSetNode) -> set[str]:
        """The names that the answer has at this level, fragments followed: as many fields are answered."""
        return set(self._keys(selections, set()))

    def _keys(self, selections: SelectionSetNode, followed: set[str]) -> Iterator[str]:
        for selection in selections.selections:
            match selection:
                case FieldNode():
                    yield _key(selection)
                case InlineFragmentNode(selection_set=inner):
                    yield from self._keys(inner, followed)
                case FragmentSpreadNode(name=name) if name.value in self.fragments and name.value not in followed:
                    followed.add(name.value)
                    yield from self._keys(self.fragments[name.value].selection_set, followed)


def _require_few_steps(steps: int) -> None:
    if steps > STEPS:
        raise TooManySteps(steps, STEPS)


def check_shape(document: DocumentNode, operation: OperationDefinitionNode, allowance: Allowance) -> None:
    """Lets a document pass whose shape one operation may have.

    Args:
        document: The document, parsed.
        operation: The operation meant, of those in the document.
        allowance: How much one may ask for.

    Raises:
        TooExpensive: It has too much of something.
    """
    walk = _Walk({node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)})
    counts, extent = _Counts(), _Extent()
    for definition in document.definitions:
        if isinstance(definition, OperationDefinitionNode | FragmentDefinitionNode):
            # Validation walks what nobody asks for, too; and nothing walks on what is too deep.
            measured = walk.extent(definition.selection_set)
            extent = measured if definition is operation else extent
            counts.directives += len(definition.directives or ())
            counts.add(definition.selection_set)
    # What a fragment that spreads itself asks for can't be told; validation names the cycle.
    if extent.depth < ENDLESS:
        _check(extent, counts, len(walk.keys(operation.selection_set)), operation.operation, allowance)


def _check(extent: _Extent, counts: _Counts, roots: int, kind: OperationType, allowance: Allowance) -> None:
    acts = kind is OperationType.MUTATION
    measures: tuple[tuple[type[TooExpensive], int, int], ...] = (
        (TooDeep, extent.depth, allowance.depth),
        (TooManyFields, extent.fields, allowance.fields),
        (TooManyAliases, counts.aliases, allowance.aliases),
        (TooManyMutations, roots, allowance.mutations) if acts else (TooManyRoots, roots, allowance.root_fields),
        (TooManyDirectives, counts.directives, allowance.directives),
        (TooManyRepetitions, counts.repetitions, allowance.repetitions),
    )
    for too_much, asked, allowed in measures:
        if asked > allowed:
            raise too_much(asked, allowed)


def _key(selection: FieldNode) -> str:
    return (selection.alias or selection.name).value
