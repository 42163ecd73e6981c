"""For each type a document that selects all fields that the engine compiles, lists and single rows one level deep."""

from collections.abc import Iterator

from graphql import GraphQLObjectType, get_named_type, is_leaf_type, is_required_argument, parse

from domain.standing import Standing
from gql.reading.engine.fallback import Fallback
from gql.reading.engine.plan_cache import PlanCache
from gql.reading.ids import global_id
from gql.reading.sources import SOURCES
from gql.schema import schema
from tests.gql.selections import TYPES, connection_selection, is_connection, type_selection

PAGE = 3
EVERYTHING = Standing(1, 1, 1, *([1, 2] for _ in range(7)))
"""A standing with every fact, and several keys in each: a plan for it has every rule in full."""


def whole_documents() -> dict[str, str]:
    """The document for each entity, with the rows' global ids as `$ids`."""
    return {
        source.name: _document(source.name, " ".join(_compiled(source.name)))
        for source in SOURCES.values()
        if source.is_node and source.model is not None
    }


def _document(name: str, selection: str) -> str:
    return f"query Whole($ids: [ID!]!) {{ nodes(ids: $ids) {{ __typename ... on {name} {{ {selection} }} }} }}"


def _compiled(name: str) -> Iterator[str]:
    """The fields of a type that the engine compiles."""
    kind = TYPES[name]
    assert isinstance(kind, GraphQLObjectType)
    for field_name, field in kind.fields.items():
        if any(is_required_argument(argument) for argument in field.args.values()):
            continue
        target = get_named_type(field.type)
        if is_leaf_type(target):
            selection = field_name
        elif is_connection(field):
            selection = f"{field_name}(first: {PAGE}) {{ {connection_selection(target.name, 0, PAGE)} }}"
        else:
            selection = f"{field_name} {{ {type_selection(target.name, 0, PAGE)} }}"
        if is_compiled(_document(name, selection), global_id(name, 1)):
            yield selection


def is_compiled(document: str, row_id: str) -> bool:
    """Does the engine compile a document about the row?"""
    plans, parsed = PlanCache(schema), parse(document)
    for _ in range(2):
        try:
            plans.find((document, None, "nl"), parsed, {"ids": [row_id]}, EVERYTHING)
        except Fallback as fallback:
            if fallback.reason != "first sight":
                return False
        else:
            return True
    return False
