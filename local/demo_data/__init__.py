"""The data that a demo starts with: invented people, enterprises and contracts, in tables that one can read.

Every day and moment is counted from the day of loading, so that a demo of any date looks alike.
"""
