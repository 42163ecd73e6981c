"""The audit log that the demo starts with: for each row, the entry of the operation that creates such a row.

Times and actors are those of the rows. The entries get their links in the organisations' hash chains like any other,
when they are committed.
"""
