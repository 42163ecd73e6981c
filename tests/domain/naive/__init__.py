"""A naive reading of the domain: plain Python over rows in memory, written from the domain and not from the SQL.

`World` contains the rows, `Viewer` the roles and mandates of an actor; `access`, `visibility`, `reads` and `abilities`
each decide one question about one row. Nothing here may import the SQL of a rule.
"""
