"""The reading engine: compiles a query to one SQL statement, and a function that builds the response from its row."""
