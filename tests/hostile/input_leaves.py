"""Every leaf of every mutation's input, read from the schema."""

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from graphql import (
    GraphQLInputObjectType,
    GraphQLObjectType,
    get_named_type,
    get_nullable_type,
    is_leaf_type,
    is_list_type,
)

from gql.reading.core_schema import core_schema
from gql.schema import schema

Path = tuple[str | int, ...]
TEXTUAL = frozenset({"String", "ID", "Date", "DateTime", "EmailAddress", "EnterpriseNumber", "NationalNumber"})
ERRORS = "errors { __typename code refusal message path }"


@dataclass(frozen=True)
class InputLeaf:
    """One leaf of one input.

    Attributes:
        mutation: The field of Mutation.
        path: Where in its input; a number is an index of a list.
        kind: The name of the leaf's type.
    """

    mutation: str
    path: Path
    kind: str

    def replace_in(self, valid_input: dict[str, Any], value: Any) -> dict[str, Any]:
        """A copy of an input with the value at this leaf; missing objects and lists on its path are created."""
        changed = copy.deepcopy(valid_input)
        holder: Any = changed
        for step, following in zip(self.path, self.path[1:], strict=False):
            if isinstance(step, int):
                holder[:] = holder[:1] or [{}]
                holder = holder[0]
            else:
                if not isinstance(holder.get(step), list if isinstance(following, int) else dict):
                    holder[step] = [] if isinstance(following, int) else {}
                holder = holder[step]
        last = self.path[-1]
        if isinstance(last, int):
            holder[:] = [value]
        else:
            holder[last] = value
        return changed

    def __str__(self) -> str:
        return ".".join(map(str, (self.mutation, *self.path)))


def input_leaves() -> Iterator[InputLeaf]:
    """All leaves, in the order of the schema."""
    mutation = core_schema(schema).mutation_type
    assert mutation is not None
    for name, field in mutation.fields.items():
        for path, kind in _leaves(field.args["input"].type):
            yield InputLeaf(name, path, kind)


def _leaves(kind: Any, path: Path = ()) -> Iterator[tuple[Path, str]]:
    kind = get_nullable_type(kind)
    if is_list_type(kind):
        yield from _leaves(kind.of_type, (*path, 0))
    elif isinstance(kind, GraphQLInputObjectType):
        for name, field in kind.fields.items():
            yield from _leaves(field.type, (*path, name))
    else:
        yield path, kind.name


def mutation_document(mutation: str) -> str:
    """A mutation with its input as a variable, which selects two levels of its payload."""
    root = core_schema(schema).mutation_type
    assert root is not None
    field = root.fields[mutation]
    payload = get_named_type(field.type)
    input_type = get_named_type(field.args["input"].type).name
    assert isinstance(payload, GraphQLObjectType)
    selection = " ".join(
        _selection(name, get_named_type(field.type)) for name, field in payload.fields.items() if name != "errors"
    )
    return f"mutation($input: {input_type}!) {{ {mutation}(input: $input) {{ {selection} {ERRORS} }} }}"


def _selection(name: str, kind: Any) -> str:
    if is_leaf_type(kind):
        return name
    leaves = [
        leaf for leaf, field in kind.fields.items() if is_leaf_type(get_named_type(field.type)) and not field.args
    ]
    return f"{name} {{ {' '.join(leaves) or '__typename'} }}"
