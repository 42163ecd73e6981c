"""What tests of reading ask for."""

from tests.gql.reading.engaging import engaged

__all__ = ["engaged"]
