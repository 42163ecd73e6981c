"""The reading engine: a whole query as one SQL statement, and one function that builds the answer from its row."""
