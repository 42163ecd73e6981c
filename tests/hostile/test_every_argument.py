"""Everything nasty wherever a query takes a text: it is refused, or nothing is found by it."""

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
SHORT = ("NUL", "half of a surrogate pair", "pattern", "other digits", "day out of reach", "first day", "id with zeros")
"""What is tried without `make fuzz`."""


@dataclass(frozen=True)
class Argument:
    """A place in the arguments of a field, as a document whose variable `$given` stands there.

    Attributes:
        owner: The type that has the field; a node of it is asked for, unless it is Query.
        document: The query.
    """

    owner: str
    document: str


def arguments() -> Iterator[Argument]:
    """Every one that takes a text, itself or in an input object."""
    for owner, kind in TYPES.items():
        if isinstance(kind, GraphQLObjectType) and (owner == "Query" or _is_node(owner)):
            for name, field in kind.fields.items():
                told = "" if is_leaf_type(get_named_type(field.type)) else "{ __typename }"
                for path, scalar in _texts(field.args):
                    asked = f"{name}({path}{_required(field.args, path)}) {told}"
                    yield Argument(owner, _query(owner, scalar, asked))


def _is_node(name: str) -> bool:
    return name in SOURCES and SOURCES[name].is_node and SOURCES[name].model is not None


def _texts(args: Any) -> Iterator[tuple[str, str]]:
    for name, argument in args.items():
        kind = get_named_type(argument.type)
        if kind.name in TEXTUAL:
            yield f"{name}: {'[$given]' if '[' in str(argument.type) else '$given'}", kind.name
        elif isinstance(kind, GraphQLInputObjectType):
            for inner, field in kind.fields.items():
                if get_named_type(field.type).name in TEXTUAL:
                    others = "".join(f', {each}: "1"' for each in LINK if each in kind.fields and each != inner)
                    yield f"{name}: {{{inner}: $given{others}}}", get_named_type(field.type).name


def _required(args: Any, path: str) -> str:
    """What must be given beside."""
    others = {
        name: next(iter(kind.values), "") if isinstance(kind, GraphQLEnumType) else '"1"'
        for name, argument in args.items()
        if is_required_argument(argument) and not path.startswith(f"{name}:")
        for kind in (get_named_type(argument.type),)
    }
    return "".join(f", {name}: {value}" for name, value in others.items())


def _query(owner: str, scalar: str, asked: str) -> str:
    if owner == "Query":
        return f"query($given: {scalar}!) {{ {asked} }}"
    return f"query($given: {scalar}!, $node: ID!) {{ node(id: $node) {{ ... on {owner} {{ {asked} }} }} }}"


def test_every_filter_is_among_them():
    documents = " ".join(argument.document for argument in arguments())
    for place in (
        "search: $given",
        "typeCode: $given",
        "groupId: $given",
        "after: $given",
        "oc: $given",
        "[$given]",
        "organisationId: $given",
    ):
        assert place in documents, place


async def test_what_is_nasty_is_refused_or_finds_nothing(target: Target):
    for argument in arguments():
        for name, text in TEXTS.items():
            if "FUZZ" not in os.environ and name not in SHORT:
                continue
            given = {"given": text}
            if argument.owner != "Query":
                model = SOURCES[argument.owner].model
                assert model is not None
                row = await model.all().order_by("id").first()
                given["node"] = global_id(argument.owner, row.pk if row else 1)
            payloads_of(await target.send("legal", argument.document, given), (argument.document, name))
