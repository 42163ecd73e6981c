"""A request for operations and its answer, as HTTP sees them: heads, bodies, media types, time, languages, the view.

What becomes of an operation between the two is not this room's: see `gql.operations`, `gql.schema`.
"""
