"""How the tables came about, one change a file.

A database remembers by name which changes it has had, so a name is never given again. Numbers need not follow on one
another: one that is missing was given up before any database had it.
"""
