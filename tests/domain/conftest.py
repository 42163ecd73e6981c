"""Fixtures of the tests of the domain."""

from tests.domain.naive.fixtures import a_random_world
from tests.prepared_databases import prepared_databases

__all__ = ["a_random_world", "prepared_databases"]
