"""What tests of the domain ask for."""

from tests.domain.naive.fixtures import a_random_world
from tests.prepared import prepared

__all__ = ["a_random_world", "prepared"]
