"""Objects with a global id."""

import strawberry

from gql.reading.declare import identity


@strawberry.interface(description="An object with a global id.")
class Node:
    """An object with a global id."""

    id: strawberry.ID = identity("The object's global id.")
