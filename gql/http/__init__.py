"""The HTTP layer of the GraphQL API: header and body limits, content negotiation, timeouts, errors and the view.

Parsing, validating and executing an operation belongs to `gql.operations` and `gql.schema`.
"""
