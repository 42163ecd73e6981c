"""The shape of a document, measured before it is validated: each definition is walked once, so time is linear."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    InlineFragmentNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
)

from gql.limits.allowance import Allowance
from gql.limits.excess import too_expensive

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


@dataclass
class _Shape:
    """Walks one document; what is known of a fragment is kept, whether it is spread once or a thousand times."""

    fragments: Mapping[str, FragmentDefinitionNode]
    counts: _Counts = field(default_factory=_Counts)
    _steps: dict[str, int] = field(default_factory=dict)
    _depths: dict[str, int] = field(default_factory=dict)
    _keys: dict[str, frozenset[str]] = field(default_factory=dict)
    _fields: dict[str, int] = field(default_factory=dict)

    def count(self, selections: SelectionSetNode | None) -> None:
        """Adds what stands in a selection set and below to the counts."""
        seen: set[str] = set()
        for selection in selections.selections if selections else ():
            self.counts.directives += len(selection.directives or ())
            if isinstance(selection, FieldNode):
                key = _key(selection)
                self.counts.aliases += selection.alias is not None
                self.counts.repetitions += key in seen
                seen.add(key)
            if isinstance(selection, FieldNode | InlineFragmentNode):
                self.count(selection.selection_set)

    def steps(self, selections: SelectionSetNode | None, above: int = 0) -> int:
        """How many fields and fragments stand inside one another, fragments followed.

        Args:
            selections: Where to begin.
            above: How many there are above.

        Raises:
            GraphQLError: They are too many.
        """
        _require_few_steps(above)
        inner = selections.selections if selections else ()
        return max((1 + self._steps_of(selection, above + 1) for selection in inner), default=0)

    def _steps_of(self, selection: object, above: int) -> int:
        match selection:
            case FieldNode(selection_set=inner) | InlineFragmentNode(selection_set=inner):
                return self.steps(inner, above)
            case FragmentSpreadNode(name=name) if name.value in self.fragments:
                if name.value not in self._steps:
                    self._steps[name.value] = 0
                    self._steps[name.value] = self.steps(self.fragments[name.value].selection_set, above)
                known = self._steps[name.value]
                # One that has been followed before may stand deeper here.
                _require_few_steps(above + known)
                return known
        return 0

    def depth(self, selections: SelectionSetNode | None) -> int:
        """How many fields stand inside one another, fragments followed."""
        return max((self._depth(selection) for selection in selections.selections), default=0) if selections else 0

    def _depth(self, selection: object) -> int:
        match selection:
            case FieldNode(selection_set=inner):
                return 1 + self.depth(inner)
            case InlineFragmentNode(selection_set=inner):
                return self.depth(inner)
            case FragmentSpreadNode(name=name) if name.value in self.fragments:
                if name.value not in self._depths:
                    # A fragment that comes to itself again finds this.
                    self._depths[name.value] = ENDLESS
                    self._depths[name.value] = self.depth(self.fragments[name.value].selection_set)
                return self._depths[name.value]
        return 0

    def fields(self, selections: SelectionSetNode | None) -> int:
        """How many fields there are in all, those of a fragment as often as it is spread."""
        total = sum(self._inner(selection) for selection in selections.selections) if selections else 0
        return min(total, ENDLESS)

    def _inner(self, selection: object) -> int:
        match selection:
            case FieldNode(selection_set=inner):
                return 1 + self.fields(inner)
            case InlineFragmentNode(selection_set=inner):
                return self.fields(inner)
            case FragmentSpreadNode(name=name) if name.value in self.fragments:
                if name.value not in self._fields:
                    self._fields[name.value] = 0
                    self._fields[name.value] = self.fields(self.fragments[name.value].selection_set)
                return self._fields[name.value]
        return 0

    def keys(self, selections: SelectionSetNode | None) -> frozenset[str]:
        """The names that the answer has at this level, fragments followed: as many fields are answered."""
        return frozenset(self._all_keys(selections))

    def _all_keys(self, selections: SelectionSetNode | None) -> Iterator[str]:
        for selection in selections.selections if selections else ():
            match selection:
                case FieldNode():
                    yield _key(selection)
                case InlineFragmentNode(selection_set=inner):
                    yield from self._all_keys(inner)
                case FragmentSpreadNode(name=name) if name.value in self.fragments:
                    if name.value not in self._keys:
                        self._keys[name.value] = frozenset()
                        self._keys[name.value] = self.keys(self.fragments[name.value].selection_set)
                    yield from self._keys[name.value]


def _require_few_steps(steps: int) -> None:
    if steps > STEPS:
        raise too_expensive("fields and fragments inside one another", steps, STEPS, "Ask in several requests.")


def check_shape(document: DocumentNode, operation: OperationDefinitionNode, allowance: Allowance) -> None:
    """Lets a document pass whose shape one operation may have.

    Raises:
        GraphQLError: It has too much of something; `original_error` is a `TooExpensive` with both figures.
    """
    fragments = {node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)}
    shape = _Shape(fragments)
    for definition in document.definitions:
        if isinstance(definition, OperationDefinitionNode | FragmentDefinitionNode):
            shape.counts.directives += len(definition.directives or ())
            shape.steps(definition.selection_set)
            shape.count(definition.selection_set)
    for error in _excesses(shape, operation, allowance):
        raise error


def _excesses(shape: _Shape, operation: OperationDefinitionNode, allowance: Allowance) -> Iterator[GraphQLError]:
    acts = operation.operation is OperationType.MUTATION
    measured = (
        ("levels of fields inside fields", shape.depth(operation.selection_set), allowance.depth, "Ask in two steps."),
        ("fields", shape.fields(operation.selection_set), allowance.fields, "Ask in several requests."),
        ("aliases", shape.counts.aliases, allowance.aliases, "Ask in several requests."),
        (
            "mutations" if acts else "fields of Query",
            len(shape.keys(operation.selection_set)),
            allowance.mutations if acts else allowance.root_fields,
            "Put them into several requests.",
        ),
        ("directives", shape.counts.directives, allowance.directives, "Leave some out."),
        ("repeated fields", shape.counts.repetitions, allowance.repetitions, "Name each field once."),
    )
    if measured[0][1] >= ENDLESS:
        # What a fragment that spreads itself asks for can't be told; validation names the cycle.
        return
    for what, asked, allowed, advice in measured:
        if asked > allowed:
            yield too_expensive(what, asked, allowed, advice)


def _key(selection: FieldNode) -> str:
    return (selection.alias or selection.name).value
