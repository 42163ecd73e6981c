"""Hostile texts in every argument of a query are refused, or match nothing."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLObjectType,
    get_named_type,
    is_leaf_type,
    is_required_argument,
)

from gql.reading.ids import global_id
from gql.reading.sources import SOURCES
from tests.gql.selections import TYPES
from tests.hostile.corpus import TEXTS
from tests.hostile.input_leaves import TEXTUAL
from tests.hostile.responses import payloads_of
from tests.hostile.target import Target

LINK = ("an", "dg", "ec", "ctx", "oc")
WITHOUT_FUZZ = (
    "NUL",
    "half of a surrogate pair",
    "pattern",
    "other digits",
    "day out of reach",
    "first day",
    "id with zeros",
)
"""The texts that are tried without `make fuzz`."""


@dataclass(frozen=True)
class Argument:
    """A place in the arguments of a field, as a document with the variable `$value` there.

    Attributes:
        owner: The type that has the field; a node of this type is queried, unless it is Query.
        document: The query.
    """

    owner: str
    document: str


def arguments() -> Iterator[Argument]:
    """Every argument that takes a text, directly or in an input object."""
    for owner, kind in TYPES.items():
        if isinstance(kind, GraphQLObjectType) and (owner == "Query" or _is_node(owner)):
            for name, field in kind.fields.items():
                subselection = "" if is_leaf_type(get_named_type(field.type)) else "{ __typename }"
                for path, scalar in _texts(field.args):
                    selection = f"{name}({path}{_required(field.args, path)}) {subselection}"
                    yield Argument(owner, _query(owner, scalar, selection))


def _is_node(name: str) -> bool:
    return name in SOURCES and SOURCES[name].is_node and SOURCES[name].model is not None


def _texts(args: Any) -> Iterator[tuple[str, str]]:
    for name, argument in args.items():
        kind = get_named_type(argument.type)
        if kind.name in TEXTUAL:
            yield f"{name}: {'[$value]' if '[' in str(argument.type) else '$value'}", kind.name
        elif isinstance(kind, GraphQLInputObjectType):
            for inner, field in kind.fields.items():
                if get_named_type(field.type).name in TEXTUAL:
                    rest = "".join(f', {part}: "1"' for part in LINK if part in kind.fields and part != inner)
                    yield f"{name}: {{{inner}: $value{rest}}}", get_named_type(field.type).name


def _required(args: Any, path: str) -> str:
    """The other required arguments."""
    values = {
        name: next(iter(kind.values), "") if isinstance(kind, GraphQLEnumType) else '"1"'
        for name, argument in args.items()
        if is_required_argument(argument) and not path.startswith(f"{name}:")
        for kind in (get_named_type(argument.type),)
    }
    return "".join(f", {name}: {value}" for name, value in values.items())


def _query(owner: str, scalar: str, selection: str) -> str:
    if owner == "Query":
        return f"query($value: {scalar}!) {{ {selection} }}"
    return f"query($value: {scalar}!, $node: ID!) {{ node(id: $node) {{ ... on {owner} {{ {selection} }} }} }}"


def test_arguments_of_every_kind_are_tested():
    documents = " ".join(argument.document for argument in arguments())
    for argument in (
        "search: $value",
        "typeCode: $value",
        "groupId: $value",
        "after: $value",
        "oc: $value",
        "[$value]",
        "organisationId: $value",
    ):
        assert argument in documents, argument


async def test_a_hostile_text_never_causes_an_internal_error(target: Target):
    for argument in arguments():
        for name, text in TEXTS.items():
            if "FUZZ" not in os.environ and name not in WITHOUT_FUZZ:
                continue
            variables = {"value": text}
            if argument.owner != "Query":
                model = SOURCES[argument.owner].model
                assert model is not None
                row = await model.all().order_by("id").first()
                variables["node"] = global_id(argument.owner, row.pk if row else 1)
            payloads_of(await target.send("legal", argument.document, variables), (argument.document, name))
