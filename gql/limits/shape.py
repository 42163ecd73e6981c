"""Limits on the shape of a document, checked before it is validated."""

from graphql import DocumentNode, FragmentDefinitionNode, OperationDefinitionNode, OperationType

from gql.limits.allowance import Allowance
from gql.limits.faults import (
    TooDeep,
    TooExpensive,
    TooManyAliases,
    TooManyDirectives,
    TooManyDuplicateFields,
    TooManyFields,
    TooManyMutations,
    TooManyRootFields,
)
from gql.limits.measurement import UNBOUNDED, Counts, Measurement, Size


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
    measurement = Measurement(fragments)
    counts, size = Counts(), Size()
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


def _check(size: Size, counts: Counts, root_fields: int, kind: OperationType, allowance: Allowance) -> None:
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
