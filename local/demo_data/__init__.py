"""The data that a demo starts with: invented people, companies and contracts, as tables that people can read.

All days and moments are relative to the day of loading, so that a demo looks the same on any date. Columns of the
tables that give a day count the days before it: 700 is 700 days ago, -800 is in 800 days.
"""
