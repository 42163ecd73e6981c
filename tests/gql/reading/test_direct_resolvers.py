"""Declared fields without arguments have direct resolvers."""

from gql.reading.sources import SOURCES
from tests.gql.declared_fields import declared_fields, schema_field


def test_every_declared_field_without_arguments_has_a_direct_resolver():
    fields = [schema_field(source, field)[1] for source in SOURCES.values() for field in declared_fields(source)]

    direct = [field for field in fields if getattr(field.resolve, "__module__", "") == "gql.reading.direct_resolvers"]

    assert len(direct) > 150
    assert [field for field in fields if not field.args and field not in direct] == []
