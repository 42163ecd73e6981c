"""A second, naive reading of the domain: plain Python over rows in memory, written from its words and not from the SQL.

`World` holds the rows, `Viewer` what one who asks is there; `access`, `visibility`, `reads` and `abilities` answer one
question about one row each. Nothing here may import a rule's SQL.
"""
